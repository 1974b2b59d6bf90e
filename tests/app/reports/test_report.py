"""The report: a page that needs nothing beside it says what was measured, and plain values say the same."""

import json
import math
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from app.reports.report import (
    GALLERY,
    MeasuredSet,
    measured_drawings,
    measured_not_digits,
    report_facts,
    report_page,
    write_report,
)
from engine import (
    Augmentation,
    Confidence,
    EpochRecord,
    Evaluation,
    SavedNetwork,
    TrainingConfig,
    build_network,
)
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.errors import SavedNetworkError
from engine.learning.training import TrainingFacts
from engine.nn.losses import NO_CLASS
from engine.reading.evaluation import Tally
from engine.reading.rejection import evidence
from engine.reading.robustness import RobustnessRecord
from engine.storage.network_facts import InputFacts, NetworkFacts
from tests.digit_templates import digit_strokes

HISTORY = """\
epoch,step,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds
1,10,0.001,0.5,0.8,0.6,0.75,1.5
2,20,0.001,0.2,0.9,0.3,0.85,3.0
"""
TRAINING = TrainingFacts(
    dataset="MNIST", train_count=55_000, validation_count=5_000, seconds=161.2,
    command="python main.py --mode train --path <mine>",
    chosen=EpochRecord(2, 20, 0.001, 0.2, 0.9, 0.3, 0.9912, 3.0),
    config=TrainingConfig(
        epochs=9, augmentation=Augmentation(shift=1.5, zoom=0.1), stroke_augmentation=None
    ),
)  # fmt: skip


VOID = ("meta", "img", "br")


class Page(HTMLParser):
    """What a browser would make of a page: its tags, in order, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(text)
        assert not self.open, "tags are left open"
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng)


def facts_of(network, training=None):
    return NetworkFacts(
        network.architecture, network.parameter_count, InputFacts.of(network), training=training
    )


def saved(network):
    return SavedNetwork(network, Confidence(), facts_of(network))


def evaluation_of(labels, answers, confidence=0.91):
    probabilities = np.full((len(labels), 10), (1 - confidence) / 9)
    probabilities[np.arange(len(labels)), answers] = confidence
    return Evaluation(probabilities, np.array(labels), loss=0.25)


def measured(labels, answers, **more):
    images = np.zeros((len(labels), 28, 28), np.uint8)
    examples = [f"no. {index}" for index in range(len(labels))]
    return MeasuredSet("Ten <digits>", evaluation_of(labels, answers), images, examples, **more)


def page_of(network, *sets, training=TRAINING, history=HISTORY, name="mine"):
    facts = report_facts(name, facts_of(network, training), history, sets)
    json.dumps(facts, allow_nan=False)  # plain values, all of them
    return Page(report_page(facts, network, sets))


# **** figures ****


def test_the_figures_are_those_of_the_evaluation(network):
    records = [RobustnessRecord("shift", 2, Tally(1, 4), Tally(3, 4))]
    one = measured([0, 1, 1, 7], [0, 1, 7, 7], robustness=records, groups={"writer": ["a", "a", "b", "b"]})
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [one])
    assert facts["network"]["parameters"] == 44_426
    assert facts["network"]["history"][1]["validation_accuracy"] == 0.85
    (figures,) = facts["measured"]
    assert (figures["right"], figures["count"], figures["accuracy"]) == (3, 4, 0.75)
    assert figures["misread"] == [{"label": "1", "answer": "7", "count": 1}]
    assert figures["mistakes"] == [
        {"example": "no. 2", "label": "1", "answer": "7", "confidence": pytest.approx(0.91)}
    ]
    assert figures["classes"][7]["precision"] == 0.5
    assert figures["classes"][1]["recall"] == 0.5
    assert figures["classes"][2]["f1"] is None
    assert figures["calibration_error"] == pytest.approx(0.91 - 0.75)
    assert [(group["writer"], group["accuracy"]) for group in figures["groups"]["writer"]] == [
        ("a", 1.0), ("b", 0.5)
    ]  # fmt: skip
    (record,) = figures["robustness"]
    assert (record["amount"], record["unframed"]["right"], record["framed"]["right"]) == (2, 1, 3)


def test_drawings_are_measured_with_their_sources_writers_and_styles(network):
    sources = {
        "a.jsonl": StrokeDataset(
            [StrokeDrawing(digit_strokes(3), 3, "ann", "open"), StrokeDrawing([[(0, 0)]], 1)]
        ),
        "b.jsonl": StrokeDataset([StrokeDrawing(digit_strokes(8), 8, "ann")]),
    }
    drawn = measured_drawings(saved(network), sources)
    assert drawn.name == "Drawings in 2 files"
    assert drawn.examples == ["a.jsonl:0", "a.jsonl:1", "b.jsonl:0"]
    assert drawn.groups == {
        "source": ["a.jsonl", "a.jsonl", "b.jsonl"],
        "writer": ["ann", "unknown", "ann"],
        "style": ["open", "unknown", "unknown"],
    }
    assert drawn.evaluation.labels.tolist() == [3, 1, 8]


def test_what_all_drawings_share_is_no_group(network):
    drawn = measured_drawings(
        saved(network), {"a.jsonl": StrokeDataset([StrokeDrawing(digit_strokes(3), 3, "ann")] * 2)}
    )
    assert drawn.name == "Drawings in a.jsonl"
    assert drawn.groups == {}


# **** what is no digit ****


def measured_others(network, rejected, kinds, beside=()):
    drawings = [
        StrokeDrawing([[(0, 0), (30 + index, 0)], [(15, 9)]], NO_CLASS, style=kind)
        for index, kind in enumerate(kinds)
    ]
    others = measured_not_digits(saved(network), {"signs.jsonl": StrokeDataset(drawings)}, beside=beside)
    if rejected is None:
        return others
    return replace(others, rejections=replace(others.rejections, rejected=np.array(rejected), can_tell=True))


def test_what_is_no_digit_is_counted_by_kind_and_what_is_accepted_is_shown(network):
    others = measured_others(network, [True, True, False, True], ["star", "tick", "tick", "star"])
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], others)
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


def test_digits_that_were_measured_beside_give_the_area_under_the_curve(network):
    one = measured([0, 1], [0, 1])  # blank, so all of one evidence
    others = measured_others(network, [True], ["star"], beside=[one])
    blank, drawn = (
        evidence(network.logits(images / np.float32(255))) for images in (one.images, others.images)
    )
    assert others.auc == (1.0 if blank[0] > drawn[0] else 0.0)


def test_a_network_that_was_not_taught_to_tell_takes_all_for_digits(network):
    others = measured_others(network, None, ["star", "star"])
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], others)
    assert facts["not_digits"]["right"] == 0
    assert len(facts["not_digits"]["accepted"]) == 2
    assert "never shown non-digits" in Page(report_page(facts, network, [], others)).text


# **** the page ****


def test_what_the_network_would_call_no_digit_is_counted(network):
    one = measured([0, 1, 2, 3], [0, 1, 2, 4])
    assert "it would call" not in page_of(network, one).text
    told = replace(one.evaluation, rejected=np.array([True, False, False, False]))
    page = page_of(network, replace(one, evaluation=told))
    assert "1 of them (25.0 %) it would call" in page.text


def test_the_page_needs_nothing_beside_it(network):
    page = page_of(network, measured([0, 1], [0, 2]))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object"}
    for _, attributes in page.tags:
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))


def test_every_link_within_the_page_leads_somewhere(network):
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


def test_charts_show_framing_and_the_history(network):
    records = [RobustnessRecord("shift", n, Tally(4 - n, 4), Tally(4, 4)) for n in range(3)]
    records += [RobustnessRecord("noise", n / 10, Tally(4, 4), Tally(4 - n, 4)) for n in range(3)]
    page = page_of(network, measured([0, 1], [0, 1], robustness=records))
    charts = [attributes["aria-label"] for attributes in page.all("svg")]
    assert charts == [
        "Accuracy over confidence, Ten <digits>",
        "Accuracy under shift, before and after framing",
        "Accuracy under noise, before and after framing",
        "accuracy, % over the epochs of the training",
        "loss over the epochs of the training",
    ]


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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.75,1.5", "0.75"),
        ("0.75,1.5", "0.75,1.5,7"),
        ("0.75", "nan"),
        ("0.75", "1e999"),
        ("0.75", "\x1b[2J"),
        ("train_loss", "loss"),
        ("0.75", '"' + "x" * 200_000),
        ("0.75", "\0"),
    ],
)
def test_a_history_that_is_damaged_is_told(network, old, new):
    with pytest.raises(SavedNetworkError, match=r"history\.csv is damaged: .*Restore it") as caught:
        report_facts("m", facts_of(network, TRAINING), HISTORY.replace(old, new), [])
    assert str(caught.value).isprintable()


def test_a_name_of_half_a_character_can_be_written(network, tmp_path):
    sets = [measured([3], [5])]
    facts = report_facts("half \ud800", facts_of(network, TRAINING), HISTORY, sets)
    page = report_page(facts, network, sets)
    write_report(tmp_path, facts, page)
    assert r"half \ud800" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_drawing_far_away_is_shown_in_its_box(network):
    far = StrokeDataset([StrokeDrawing([[(1.7e308, 0.0), (1.6e308, 1e307)]], 3)])
    page = page_of(network, measured_drawings(saved(network), {"far": far}))
    assert page.all("polyline")
    for line in page.all("polyline"):
        assert "nan" not in line["points"]


def test_equal_measurements_give_equal_pages(network):
    def page():
        sets = [measured([0, 1], [0, 2])]
        return report_page(report_facts("m", facts_of(network), HISTORY, sets), network, sets)

    assert page() == page()


# **** files ****


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
