"""The report: a page that needs nothing beside it says what was measured, and plain values say the same."""

import json
import math
import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from app import language
from app.gui.theme import PALETTES
from app.gui.widgets.confusion_matrix import blend
from app.reports import page as page_module
from app.reports.facts import report_facts
from app.reports.measured import measured_drawings
from app.reports.page import GALLERY, report_page, write_report
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.explaining.faithfulness import Faithfulness
from engine.nn.inspection import layers_of
from engine.reading.evaluation import Tally
from engine.reading.robustness import RobustnessRecord
from tests.app.contrast import contrast
from tests.app.reports.marked import marked, outside_of_marks
from tests.app.reports.measurements import HISTORY, TRAINING, facts_of, measured, measured_others, saved

DAY = date(2026, 3, 7)
VOID = ("meta", "img", "br")


@pytest.fixture
def charts():
    """For tests that are about what is drawn: the charts as they are."""


@pytest.fixture(autouse=True)
def quick_charts(request, monkeypatch):
    """All others have the words of each chart: to lay out its axes takes longer than the rest of a page."""

    def words(figure, description):
        found = [text.get_text() for axes in figure.axes for text in (axes.xaxis.label, axes.yaxis.label)]
        return (
            f'<svg role="img" aria-label="{escape(description)}"><text>{escape(" ".join(found))}</text></svg>'
        )

    if "charts" not in request.fixturenames:
        monkeypatch.setattr(page_module, "svg", words)


class Page(HTMLParser):
    """What a browser would make of a page: its tags, in order, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words, self.sentences = [], [], [], []
        self.feed(text)
        assert not self.open, "tags are left open"
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.sentences += [value for name, value in attributes if name in ("alt", "aria-label")]
        if tag not in VOID:
            is_english = tag != "html" and dict(attributes).get("lang") == "en"
            self.open.append("english" if is_english else tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() in (tag, "english")

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)
            if not {"code", "english"} & set(self.open):
                self.sentences.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(network, *sets, training=TRAINING, history=HISTORY, name="mine"):
    facts = report_facts(name, facts_of(network, training), history, sets, day=DAY)
    json.dumps(facts, allow_nan=False)  # plain values, all of them
    return Page(report_page(facts, network, sets))


def test_what_is_no_digit_is_counted_by_kind_and_what_is_accepted_is_shown(network):
    others = measured_others(network, [True, True, False, True], ["star", "tick", "tick", "star"])
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], others, day=DAY)
    json.dumps(facts, allow_nan=False)
    found = facts["not_digits"]
    assert (found["right"], found["count"], found["auc"]) == (3, 4, None)
    assert [(g["kind"], g["right"], g["count"]) for g in found["groups"]["kind"]] == [
        ("star", 2, 2),
        ("tick", 1, 2),
    ]
    (accepted,) = found["accepted"]
    assert (accepted["example"], accepted["kind"]) == ("signs.jsonl:2", "tick")
    page = Page(report_page(facts, network, [], others))
    assert "it calls 3 “not a digit”" in page.text
    assert page.text.index("tick 2 50.0 %") < page.text.index("star 2 100.0 %"), "the hardest first"
    assert len(page.all("img")) == 1
    assert len(page.all("polyline")) == 2
    assert {link["href"] for link in page.all("a")} == {"#not-digits", "#network", "#words"}


def test_explanations_are_told_with_what_their_tests_gave(network):
    tested = [
        Faithfulness("integrated gradients", 0.12, [1.0] + 20 * [0.3], 21 * [0.5], 21 * [0.9]),
        Faithfulness("occlusion", 0.72, 21 * [0.4], 21 * [0.5], 21 * [0.6]),
    ]
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], explanations=tested, day=DAY)
    json.dumps(facts, allow_nan=False)
    assert [(each["method"], each["passes"]) for each in facts["explanations"]] == [
        ("integrated gradients", True),
        ("occlusion", False),
    ]
    page = Page(report_page(facts, network, []))
    assert "integrated gradients 0.12 0.33 0.50 0.90 yes" in page.text
    assert "covered patches 0.72 0.40 0.50 0.60 no" in page.text
    assert {"href": "#explanations"} in page.all("a")
    assert "Explanations" not in page_of(network).text


def test_a_network_that_was_not_taught_to_tell_takes_all_for_digits(network):
    others = measured_others(network, None, ["star", "star"])
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], others, day=DAY)
    assert facts["not_digits"]["right"] == 0
    assert len(facts["not_digits"]["accepted"]) == 2
    html = report_page(facts, network, [], others)
    assert "never shown non-digits" in Page(html).text
    assert "\xa0%" in html
    assert " %" not in html, "a line might end there"


def test_what_the_network_would_call_no_digit_is_counted(network):
    one = measured([0, 1, 2, 3], [0, 1, 2, 4])
    assert "it would call" not in page_of(network, one).text
    told = replace(one.evaluation, rejected=np.array([True, False, False, False]))
    page = page_of(network, replace(one, evaluation=told))
    assert "1 of them (25.0 %) it would call" in page.text


def test_the_page_needs_nothing_beside_it(network, charts):
    page = page_of(network, measured([0, 1], [0, 2]))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object"}
    for _, attributes in page.tags:
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))


def test_every_link_within_the_page_leads_somewhere(network, charts):
    page = page_of(network, measured([0, 1], [0, 2]), measured([0], [0]))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    for link in page.all("a"):
        assert ids.count(link["href"].removeprefix("#")) == 1


def test_the_page_says_accuracy_interval_and_mistakes(network):
    page = page_of(network, measured([3] * 49 + [4], [3] * 49 + [9]))
    assert "49 of 50 read right" in page.text
    assert "98.0 %" in page.text
    assert "89.5 % to 99.6 %" in page.text  # Wilson's interval of 49 of 50
    assert "4 read as 9, once" in page.text
    assert "read as 9 , 91.0 % it is 4 no. 49" in page.text
    assert "Every mistake" in page.text


def test_each_mistake_has_its_picture(network):
    page = page_of(network, measured([3] * 5, [3, 4, 4, 3, 9]))
    pictures = [attributes["src"] for attributes in page.all("img")]
    assert len(pictures) == 3
    for picture in pictures:
        kind, _, content = picture.partition(",")
        assert kind == "data:image/png;base64"
        assert b64decode(content).startswith(b"\x89PNG")


def test_of_very_many_mistakes_the_surest_are_shown(network):
    count = GALLERY + 7
    page = page_of(network, measured([3] * count, [4] * count))
    assert len(page.all("img")) == GALLERY
    assert f"The {GALLERY} of its {count} mistakes that it was surest of" in page.text


def test_a_misread_drawing_is_shown_as_it_was_drawn(network):
    strokes = [[(10, 10), (10, 50)], [(30, 30)]]
    page = page_of(network, measured([3], [4], strokes=[strokes]))
    line, dot = (attributes["points"] for attributes in page.all("polyline"))
    # 40 high, so 200 / 40 times as large; 20 wide, which lies in the middle
    assert line.split()[:2] == ["50,0", "50,200"]
    assert dot == "150,100 150,100"


def test_all_right_and_a_single_image_are_no_trouble(network):
    page = page_of(network, measured([3], [3]))
    assert "Nothing: every answer is right." in page.text
    assert "100.0 %" in page.text


def test_names_are_text_and_never_markup(network):
    page = page_of(network, measured([0], [1], groups={"writer": ["<b>eve</b>"]}), name="<script>x</script>")
    assert not page.all("script")
    assert "<b>eve</b>" in page.text
    assert "Ten <digits>" in page.text
    assert "--path <mine>" in page.text


def test_charts_show_framing_and_the_history(network, charts):
    records = [RobustnessRecord("shift", n, Tally(4 - n, 4), Tally(4, 4)) for n in range(3)]
    records += [RobustnessRecord("noise", n / 10, Tally(4, 4), Tally(4 - n, 4)) for n in range(3)]
    page = page_of(network, measured([0, 1], [0, 1], robustness=records))
    charts = [attributes["aria-label"] for attributes in page.all("svg")]
    assert charts == [
        "Accuracy over confidence, Ten <digits>",
        "Accuracy under shift, before and after framing",
        "Accuracy under noise, before and after framing",
        "Accuracy over the epochs of the training",
        "Loss over the epochs of the training",
    ]


def test_each_chart_of_distortions_has_the_scale_that_its_values_need(network, monkeypatch):
    floors = []
    real = page_module.line_chart

    def chart(lines, **options):
        floors.append(options.get("percent_from"))
        return real(lines, **options)

    monkeypatch.setattr(page_module, "line_chart", chart)
    records = [RobustnessRecord("shift", n, Tally(996 - n, 1000), Tally(999, 1000)) for n in range(3)]
    records += [RobustnessRecord("noise", n, Tally(999, 1000), Tally(999 - 210 * n, 1000)) for n in range(3)]
    page_of(network, measured([0, 1], [0, 1], robustness=records))
    assert [floor for floor in floors if floor is not None] == [90, 50]


def test_the_day_is_told_for_people_and_for_programs(network):
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], day=DAY)
    assert facts["date"] == "2026-03-07"
    assert "Measured on 7 March 2026." in page_of(network, measured([0], [0])).text


def test_the_axes_of_what_is_taken_for_what_are_named(network):
    page = page_of(network, measured([0, 1], [0, 2]))
    assert page.text.index("read as") < page.text.index("is really")
    spans = [attributes for attributes in page.all("th") if attributes.get("class") == "axis"]
    assert [(span.get("colspan"), span.get("rowspan")) for span in spans] == [("10", None), (None, "10")]


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_what_is_taken_for_what_can_be_read_on_its_colour(network, palette):
    page = page_of(network, measured([0, 1, 1, 1], [0, 2, 2, 3]))
    styles = " ".join(attributes.get("style", "") for attributes in page.all("td"))
    cells = re.findall(r"rgb\(var\(--(right|wrong)\) / ([\d.]+)\)", styles)
    assert {kind for kind, _share in cells} == {"right", "wrong"}
    for kind, share in cells:
        colour = palette.accent if kind == "right" else palette.error
        assert contrast(palette.text, blend(palette.window, colour, float(share))) >= 4.5


def test_the_page_has_the_colours_of_the_window():
    text = (Path(page_module.__file__).parent / "report.html").read_text(encoding="utf-8")
    light, dark = re.findall(r"--page: .*?;\n *}", text, re.DOTALL)
    for block, palette in ((light, PALETTES["light"]), (dark, PALETTES["dark"])):
        told = dict(re.findall(r"--(\w+): ([^;]+);", block))
        assert (told["page"], told["text"], told["accent"]) == (palette.window, palette.text, palette.accent)
        assert (told["faint"], told["line"]) == (palette.muted, palette.faint)
        for name, colour in (("right", palette.accent), ("wrong", palette.error)):
            assert "#" + "".join(f"{int(part):02x}" for part in told[name].split()) == colour


def test_how_it_was_trained_is_told_where_that_is_known(network):
    page = page_of(network, measured([0], [0]))
    for words in (
        "55,000 images of MNIST",
        "5,000 others",
        "2 of 9",
        "99.12 %",
        "161 s",
        "zoom 0.1",
    ):
        assert words in page.text
    page = page_of(network, measured([0], [0]), training=None, history=None)
    assert "not recorded" in page.text
    assert "How it learnt" not in page.text


def test_a_name_of_half_a_character_can_be_written(network, tmp_path):
    sets = [measured([3], [5])]
    facts = report_facts("half \ud800", facts_of(network, TRAINING), HISTORY, sets, day=DAY)
    page = report_page(facts, network, sets)
    write_report(tmp_path, facts, page)
    assert r"half \ud800" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_drawing_far_away_is_shown_in_its_box(network):
    far = StrokeDataset([StrokeDrawing([[(1.7e308, 0.0), (1.6e308, 1e307)]], 3)])
    page = page_of(network, measured_drawings(saved(network), {"far": far}))
    assert page.all("polyline")
    for line in page.all("polyline"):
        assert "nan" not in line["points"]


def test_equal_measurements_give_equal_pages(network, charts):
    def page():
        sets = [measured([0, 1], [0, 2])]
        return report_page(report_facts("m", facts_of(network), HISTORY, sets, day=DAY), network, sets)

    assert page() == page()


def test_both_files_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    write_report(tmp_path / "a" / "b", {"accuracy": 0.5}, "<p>old")
    assert json.loads((tmp_path / "a" / "b" / "report.json").read_text()) == {"accuracy": 0.5}

    def fail(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_report(tmp_path / "a" / "b", {"accuracy": 0.7}, "<p>new")
    assert (tmp_path / "a" / "b" / "report.html").read_text() == "<p>old"
    assert len(list((tmp_path / "a" / "b").iterdir())) == 2


def test_a_figure_that_is_no_number_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_report(tmp_path / "new", {"accuracy": math.nan}, "<p>")
    assert not list((tmp_path / "new").iterdir())


# **** languages ****


def everything(network):
    """Sets of every kind, with groups, distortions and mistakes; and non-digits."""
    records = [RobustnessRecord("shift", n, Tally(3, 4), Tally(4, 4)) for n in range(3)]
    records += [RobustnessRecord("noise", n / 10, Tally(4, 4), Tally(3, 4)) for n in range(3)]
    images = measured([0, 1, 1, 2], [0, 7, 7, 3], robustness=records)
    rejected = np.array([True, False, False, False])
    images = replace(images, evaluation=replace(images.evaluation, rejected=rejected))
    drawings = StrokeDataset(
        [
            StrokeDrawing([[(0, 0), (9, 9)]], 3, writer, style)
            for writer, style in (("Ann", "Open"), (None, None))
        ]
    )
    drawn = measured_drawings(saved(network), {"a.jsonl": drawings, "b.jsonl": drawings})
    return [images, drawn], measured_others(network, [False, True], ["house", "Star"], beside=[images])


def marked_page(network, sets, others, training=TRAINING, history=HISTORY):
    facts = report_facts("Mine", facts_of(network, training), history, sets, others, day=DAY)
    with marked():
        return Page(report_page(facts, network, sets, others))


def untranslated(network, page):
    """Words outside of all messages that are no names."""
    names = [
        "Mine",
        "MNIST",
        "Ten <digits>",
        "F1",
        "Ann",
        "Open",
        "Star",
        "a.jsonl",
        "b.jsonl",
        "signs.jsonl",
    ]
    names += [network.architecture, "March"]
    names += [name for layer in layers_of(network) for name in (layer.name, layer.kind)]
    text = outside_of_marks(" ".join(page.sentences))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.findall(r"[^\W\d_]{2,}", text)


def test_every_sentence_of_the_page_is_in_the_language_that_is_spoken(network, charts):
    sets, others = everything(network)
    page = marked_page(network, sets, others)
    assert not untranslated(network, page)
    for sentence in ("«How well Mine reads»", "«By writer»", "«unknown»", "«house»", "«right, %»"):
        assert sentence in page.text


def test_so_is_what_it_says_in_rarer_cases(network):
    drawn = measured([3], [3], strokes=[[[(0, 0), (5, 5)]]])
    page = marked_page(network, [drawn], measured_others(network, None, ["Star"] * 2), None, None)
    assert "never shown non-digits" in page.text
    assert not untranslated(network, page)
    many = measured([3] * (GALLERY + 1), [4] * (GALLERY + 1))
    assert not untranslated(network, marked_page(network, [many], None))
    keep = replace(TRAINING, dataset=None, config=replace(TRAINING.config, keep="last"))
    page = marked_page(network, [measured([0], [0])], None, training=keep)
    assert "which measured each epoch" in page.text
    assert not untranslated(network, page)
    colours = replace(measured([0], [1]), images=np.zeros((1, 3, 32, 32), np.uint8))
    page = marked_page(network, [colours], None)
    assert "Class by class" in page.text
    assert not untranslated(network, page)


def test_numbers_and_the_day_are_written_as_in_the_language_that_is_spoken(network, charts):
    sets, others = everything(network)
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, sets, others, day=DAY)
    with language.speaking("it"):
        page = Page(report_page(facts, network, sets, others))
    assert page.all("html")[0]["lang"] == "it"
    for figure in (
        "25,0 %",
        "7 marzo 2026",
        "55.000",
        "99,12 %",
        f"{network.parameter_count:,}".replace(",", "."),
    ):
        assert figure in page.text, figure
    figures = outside_of_marks(page.text.replace("1.35", "").replace("0.5 would", ""))
    assert not re.findall(r"\d\.\d %", figures)
    few = report_facts("mine", facts_of(network), None, [], day=DAY)
    assert Page(report_page(few, network, [])).all("html")[0]["lang"] == "en"


def test_what_is_counted_once_is_told_in_the_singular(network):
    page = page_of(network, measured([3], [3]))
    assert "Of 1 image it reads 1 right and 0 wrong" in page.text
    page = page_of(network, measured([3, 3, 3], [4, 4, 5]))
    assert "Of 3 images it reads 0 right and 3 wrong" in page.text
    assert "3 read as 4, 2 times" in page.text
    assert "3 read as 5, once" in page.text
