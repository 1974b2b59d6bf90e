"""Figures: pages of digits say answer, confidence and truth, and are written whole or not at all."""

from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from app import language
from app.reports.figures import (
    PAGE,
    RIGHT,
    TEXT,
    WRONG,
    digit_page,
    image_png,
    in_figures,
    line_chart,
    png,
    reliability_diagram,
    save_figure,
    svg,
    training_curves,
    variants_page,
)
from engine import Dataset, Evaluation
from engine.errors import ConfigurationError
from engine.learning.training import EpochRecord
from engine.reading.evaluation import ReliabilityBin, Tally
from tests.app.reports.marked import marked, outside_of_marks


@pytest.fixture(scope="module")
def figure():
    dataset = Dataset(np.zeros((60, 28, 28), np.uint8), np.arange(60) % 3)
    probabilities = np.tile(np.array([0.7, 0.2, 0.1], np.float32), (60, 1))
    return digit_page(dataset, Evaluation(probabilities, dataset.labels, 1.0), range(60), "Title")


def test_a_page_shows_answer_confidence_and_truth_of_each_digit(figure):
    assert len(figure.axes) == PAGE
    titles = [axes.get_title() for axes in figure.axes[:2]]
    assert titles == ["reads 0, 70 %\nis 0", "reads 0, 70 %\nis 1"]
    assert [axes.title.get_color() for axes in figure.axes[:2]] == [RIGHT, WRONG]


def test_what_was_called_no_digit_is_told_so_and_is_not_right():
    dataset = Dataset(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.int64))
    found = Evaluation(np.array([[0.7, 0.3]], np.float32), dataset.labels, 1.0, np.array([True]))
    (axes,) = digit_page(dataset, found, [0], "Title").axes
    assert axes.get_title() == "no digit (0, 70 %)\nis 0"
    assert axes.title.get_color() == WRONG


def test_a_figure_is_saved_as_the_kind_that_its_name_says(figure, tmp_path):
    save_figure(figure, tmp_path / "page.png")
    save_figure(figure, tmp_path / "page.PDF")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "page.PDF").read_bytes().startswith(b"%PDF")


def test_an_unknown_kind_is_refused(figure, tmp_path):
    with pytest.raises(ConfigurationError, match=r"page\.doc: a picture's name ends in one of"):
        save_figure(figure, tmp_path / "page.doc")


def test_a_failed_save_leaves_the_old_picture_and_no_litter(figure, tmp_path, monkeypatch):
    (tmp_path / "page.png").write_text("old")

    def fail(*arguments, **settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="No space left"):
        save_figure(figure, tmp_path / "page.png")
    assert [path.name for path in tmp_path.iterdir()] == ["page.png"]
    assert (tmp_path / "page.png").read_text() == "old"


def test_colour_images_have_a_page_too():
    dataset = Dataset(np.full((3, 3, 32, 32), 90, np.uint8), np.arange(3))
    evaluation = Evaluation(np.eye(3, dtype=np.float32), dataset.labels, 0.0)
    figure = digit_page(dataset, evaluation, range(3), "Photographs")
    assert figure.axes[0].images[0].get_array().shape == (32, 32, 3)


# **** charts ****


@pytest.fixture
def chart():
    lines = {"before": ([0, 1, 2], [99, 80, 60]), "after": ([0, 1, 2], [99, 98, 97])}
    return line_chart(lines, x_label="px", y_label="right, %", mark=1, percent_from=50)


def test_a_line_chart_shows_each_named_line_and_the_mark(chart):
    (axes,) = chart.axes
    mark, before, after = axes.lines
    assert list(mark.get_xdata()) == [1, 1]
    assert list(before.get_ydata()) == [99, 80, 60]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["before", "after"]
    assert after.get_label() == "after"
    assert axes.get_ylim()[0] == 50


def test_a_reliability_diagram_has_a_point_with_its_interval_for_each_bin():
    bins = [ReliabilityBin(0.5, 0.6, 0.55, Tally(2, 4)), ReliabilityBin(0.9, 1.0, 0.99, Tally(40, 40))]
    upper, lower = reliability_diagram(bins).axes
    (container,) = upper.containers
    points, _, (bars,) = container
    assert points.get_xydata() == pytest.approx(np.array([[55, 50], [99, 100]]))
    ends = [segment[:, 1] for segment in bars.get_segments()]
    assert ends == [pytest.approx(100 * np.array(part.tally.interval)) for part in bins]
    assert [bar.get_height() for bar in lower.patches] == [4, 40]


def test_a_chart_in_a_page_takes_the_text_colour_of_the_page_and_is_described(chart):
    text = svg(chart, 'shift < 3 & "more"')
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'shift < 3 & "more"'
    assert "currentColor" in text
    assert TEXT not in text
    assert "right, %" in "".join(root.itertext())  # words are words, not outlines
    assert "fill: #ffffff" not in text  # no ground


def test_a_png_holds_the_very_pixels():
    ink = np.array([[0, 255], [51, 0]], np.uint8)
    with Image.open(BytesIO(image_png(ink))) as image:
        assert image.size == (2, 2)
        grey = np.asarray(image.convert("L"))
    assert grey[0, 0] == grey[1, 1] == 255  # paper
    assert grey[0, 1] == 0  # ink
    assert 200 < grey[1, 0] < 255
    colours = np.zeros((3, 2, 2), np.uint8)
    colours[2] = 255
    with Image.open(BytesIO(image_png(colours))) as image:
        assert np.asarray(image.convert("RGB"))[0, 0].tolist() == [0, 0, 255]


def test_curves_show_loss_and_accuracy_of_both_parts_and_mark_the_epoch_that_was_kept():
    history = [
        EpochRecord(epoch, 10 * epoch, 0.1, 1 / epoch, 0.9, 2 / epoch, 0.5 + epoch / 10, 1.0)
        for epoch in (1, 2, 3)
    ]
    figure = training_curves(history, history[1])
    assert figure.get_suptitle() == "Epoch 2 was kept: validation accuracy 70.00 %"
    loss, accuracy = (
        {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines}
        for axes in figure.axes
    )
    assert loss["train"] == ([1, 2, 3], [1, 1 / 2, 1 / 3])
    assert loss["validation"] == ([1, 2, 3], [2, 1, 2 / 3])
    assert accuracy["train"] == ([1, 2, 3], [90, 90, 90])
    assert accuracy["validation"][1] == pytest.approx([60, 70, 80])
    assert loss["kept"] == ([2], [1])
    assert accuracy["kept"] == ([2], pytest.approx([70]))


def test_a_run_of_one_epoch_has_curves_too():
    history = [EpochRecord(1, 10, 0.1, 1.0, 0.9, 2.0, 0.8, 1.0)]
    assert png(training_curves(history, history[0])).startswith(b"\x89PNG")


@pytest.mark.parametrize("shape", [(5, 7), (3, 5, 7)])
def test_each_image_stands_before_its_variants(shape, rng):
    images, variants = rng.random((4, *shape), np.float32), rng.random((4, 2, *shape), np.float32)
    figure = variants_page(images, variants, "Title")
    shown = [axes.images[0].get_array() for axes in figure.axes]
    for number in range(4):
        rows = shown[number // 2][5 * (number % 2) :][:5]
        for place, image in ((0, images[number]), (-14, variants[number, 0]), (-7, variants[number, 1])):
            found = rows[:, place:][:, :7]
            assert np.array_equal(found if len(shape) == 2 else np.moveaxis(found, -1, 0), image)


def test_each_image_and_each_variant_has_a_frame_and_the_columns_are_named(rng):
    figure = variants_page(rng.random((4, 28, 28)), rng.random((4, 3, 28, 28)), "Title")
    for axes in figure.axes:
        frames = {(*patch.get_xy(), patch.get_width(), patch.get_height()) for patch in axes.patches}
        gap = 28 // 3
        lefts = [0, *(28 + gap + 28 * column for column in range(3))]
        assert frames == {(left - 0.5, top - 0.5, 28, 28) for left in lefts for top in (0, 28)}
        assert [text.get_text() for text in axes.texts] == ["original", "variants"]


def test_the_type_of_a_line_chart_is_11_pixels_high_where_a_page_gives_it_least(chart):
    (axes,) = chart.axes
    scale = 290 / (72 * chart.get_figwidth())
    sizes = [text.get_fontsize() for text in (*axes.get_xticklabels(), axes.xaxis.label, axes.yaxis.label)]
    assert min(sizes) * scale >= 10.9


# **** languages ****


def words_of(figure):
    """All that is written on a figure but the figures along its axes."""
    yield figure.get_suptitle()
    for axes in figure.axes:
        yield from (axes.get_title(), axes.get_xlabel(), axes.get_ylabel())
        yield from (text.get_text() for text in axes.texts)
        legend = axes.get_legend()
        yield from (text.get_text() for text in legend.get_texts()) if legend else ()


def test_every_word_on_a_figure_is_in_the_language_that_is_spoken(rng):
    dataset = Dataset(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.int64))
    history = [EpochRecord(1, 10, 0.1, 1.0, 0.9, 2.0, 0.8, 1.0)]
    with marked():
        figures = [
            digit_page(dataset, Evaluation(np.eye(1, dtype=np.float32), dataset.labels, 0.0), [0], ""),
            training_curves(history, history[0]),
            variants_page(rng.random((2, 28, 28)), rng.random((2, 3, 28, 28)), ""),
            reliability_diagram([ReliabilityBin(0.5, 0.6, 0.55, Tally(2, 4))]),
        ]
    for figure in figures:
        words = [text for text in words_of(figure) if text]
        assert words
        for text in words:
            assert not outside_of_marks(text).strip(), text


def test_figures_along_the_axes_are_written_as_the_language_writes_them():
    lines = {"loss": ([0.5, 1, 1.25], [0.1, 0.2, 0.3])}
    bins = [ReliabilityBin(0.9, 1.0, 0.99, Tally(9000, 10_000))]
    with language.speaking("it"):
        (axes,) = line_chart(lines, x_label="", y_label="").axes
        _upper, lower = reliability_diagram(bins).axes
        # when they are drawn
        assert [label.get_text() for label in axes.get_xticklabels()] == ["0,5", "1", "1,25"]
        assert "0,20" in [label.get_text() for label in axes.get_yticklabels()]
        assert "10.000" in [label.get_text() for label in lower.get_yticklabels()]
        assert in_figures(-0.75) == "-0,75"
    (axes,) = line_chart(lines, x_label="", y_label="").axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0.5", "1", "1.25"]
    assert "0.20" in [label.get_text() for label in axes.get_yticklabels()]
