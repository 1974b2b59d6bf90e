"""Recognizer: one answer for each thing that can be drawn, from a network that must be there."""

from pathlib import Path

import numpy as np
import pytest

import engine.recognizer as recognizer_module
from app.store.networks import SHIPPED
from engine import Confidence, PagePrediction, Prediction, Recognizer, build_network, save_network
from engine.datasets.numbers import Hand, write_lines, write_number
from engine.datasets.strokes import StrokeDrawing
from engine.errors import InferenceError, SavedNetworkError, StrokesError
from engine.ink.preprocessing import frame
from engine.ink.rasterize import PAGE, draw_over, stroke_ink
from engine.nn.architectures import ARCHITECTURES
from engine.reading.memory import Memory, Reference
from engine.reading.rejection import Rejection, evidence
from tests.digit_templates import digit_strokes
from tests.pictures import digit_mask


@pytest.fixture
def recognizer(tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "network")
    return Recognizer.load(tmp_path / "network")


def test_a_prediction_is_the_softmax_of_the_networks_logits(recognizer):
    strokes = digit_strokes(5)
    prediction = recognizer.recognize(strokes)
    image = frame(stroke_ink(strokes))
    logits = recognizer.network.logits(image[None])[0].astype(np.float64)
    expected = np.exp(logits) / np.exp(logits).sum()
    assert np.allclose(prediction.probabilities, expected, atol=1e-6)
    assert prediction.digit == expected.argmax()
    assert prediction.confidence == pytest.approx(expected.max(), abs=1e-6)
    assert prediction.is_digit
    assert np.array_equal(prediction.image, image)


def test_an_image_of_the_strokes_is_read_as_the_strokes_are(recognizer):
    strokes = digit_strokes(8)
    drawn, seen = recognizer.recognize(strokes), recognizer.recognize_image(stroke_ink(strokes))
    assert np.allclose(drawn.image, seen.image)
    assert np.allclose(drawn.probabilities, seen.probabilities, atol=1e-6)


@pytest.mark.parametrize("digit", [0, 2, 4, 8])
def test_a_picture_by_a_hairline_is_read_about_as_one_by_a_brush(recognizer, digit):
    hairline, brush = (stroke_ink(digit_strokes(digit), pen=pen) for pen in (0.01, 0.22))
    seen = [recognizer.recognize_image(ink).image for ink in (hairline, brush)]
    assert np.abs(seen[0] - seen[1]).mean() < 0.09
    assert np.abs(frame(hairline) - frame(brush)).mean() > 0.18  # with its pens as they were


def on_page(strokes):
    """Strokes fitted into the middle of a page of 1.0 by 1.0."""
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    middle, size = (points.max(axis=0) + points.min(axis=0)) / 2, np.ptp(points, axis=0).max()
    return [(np.asarray(stroke, float) - middle) / size * 0.7 + 0.5 for stroke in strokes]


def pictured(strokes, *, side, width):
    """A picture of a page with strokes, by a pen of this width in pixels."""
    page = draw_over(np.zeros((PAGE, PAGE), np.float32), strokes, width=width * PAGE / side)
    rows = np.arange(side) * PAGE // side
    return page[np.ix_(rows, rows)]


@pytest.mark.parametrize(("side", "width"), [(28, 2.5), (100, 3), (300, 3), (300, 40), (1000, 30)])
@pytest.mark.parametrize("digit", [4, 5])
def test_strokes_over_a_picture_are_read_as_if_one_pen_had_drawn_it_all(recognizer, digit, side, width):
    strokes = on_page(digit_strokes(digit))
    whole = recognizer.recognize(strokes).image
    middle = len(strokes[-1]) // 2
    before, after = [*strokes[:-1], strokes[-1][: middle + 1]], [strokes[-1][middle:]]
    together = recognizer.recognize_over_image(pictured(before, side=side, width=width), after)
    assert np.abs(together.image - whole).mean() < 0.06
    assert np.abs(recognizer.recognize(after).image - whole).mean() > 0.08  # neither part is it alone
    assert np.abs(recognizer.recognize(before).image - whole).mean() > 0.08
    assert together.is_digit


def test_strokes_over_a_picture_without_ink_are_read_alone(recognizer):
    strokes = on_page(digit_strokes(3))
    drawn, over = (
        recognizer.recognize(strokes),
        recognizer.recognize_over_image(np.zeros((9, 7), np.float32), strokes),
    )
    assert np.array_equal(drawn.image, over.image)


@pytest.mark.parametrize("nothing", [[], [[]], [[], []]])
def test_an_empty_drawing_is_no_digit(recognizer, nothing):
    prediction = recognizer.recognize(nothing)
    assert (prediction.digit, prediction.confidence, prediction.is_digit) == (None, 0.0, False)
    assert prediction.probabilities.tolist() == pytest.approx([0.1] * 10)
    assert not prediction.image.any()


def test_an_empty_image_is_no_digit(recognizer):
    assert recognizer.recognize_image(np.zeros((50, 50), np.float32)).digit is None


def test_an_image_of_two_digits_is_no_digit(recognizer):
    one = np.pad(stroke_ink(digit_strokes(4)), 30)
    assert recognizer.recognize_image(one).is_digit
    assert not recognizer.recognize_image(np.hstack([one, one])).is_digit


@pytest.mark.parametrize("dot", [[[(3, 3)]], [[(3, 3), (3, 3)]], [[(3, 3)], [(3, 3)]]])
def test_a_single_dot_is_no_digit(recognizer, dot):
    prediction = recognizer.recognize(dot)
    assert not prediction.is_digit
    assert prediction.digit is not None  # the nearest guess


def test_the_temperature_makes_confidence_less_and_changes_no_answer(recognizer):
    strokes = digit_strokes(5)
    before = recognizer.recognize(strokes)
    recognizer.confidence = Confidence(4.0)
    after = recognizer.recognize(strokes)
    assert np.allclose(after.probabilities, before.probabilities**0.25 / (before.probabilities**0.25).sum())
    assert after.digit == before.digit
    assert after.confidence < before.confidence


@pytest.mark.parametrize(("margin", "is_digit"), [(1e-3, True), (-1e-3, False)])
def test_a_drawing_of_too_little_evidence_is_no_digit_and_keeps_its_nearest(recognizer, margin, is_digit):
    strokes = digit_strokes(5)
    before = recognizer.recognize(strokes)
    shown = evidence(recognizer.network.logits(before.image[None]))[0]
    recognizer.confidence = Confidence(1.0, Rejection(shown - margin, 0.01, 0.9, 0.99))
    for prediction in (recognizer.recognize(strokes), recognizer.recognize_image(stroke_ink(strokes))):
        assert prediction.is_digit == is_digit
        assert prediction.digit == before.digit
        assert np.allclose(prediction.probabilities, before.probabilities)


def test_weights_beyond_all_sense_end_in_a_sentence_and_not_in_nan(recognizer):
    recognizer.network.parameters[-2].value[...] = 3e38  # finite, but no sum of them is
    with pytest.raises(InferenceError, match="numbers that are not finite"):
        recognizer.recognize(digit_strokes(5))


def test_a_dot_is_no_digit_however_much_evidence_it_shows(recognizer):
    recognizer.confidence = Confidence(1.0, Rejection(0.0, 0, 0, 1))
    assert not recognizer.recognize([[(3, 3)]]).is_digit


@pytest.mark.parametrize(
    ("probabilities", "runner_up"),
    [({1: 0.6, 7: 0.4}, 7), ({1: 0.5, 7: 0.25}, 7), ({1: 0.5, 7: 0.2}, None), ({1: 0.4, 4: 0.3, 7: 0.25}, 4)],
)
def test_the_runner_up_is_at_least_half_as_probable(probabilities, runner_up):
    values = np.zeros(10, np.float32)
    values[list(probabilities)] = list(probabilities.values())
    assert Prediction(values, 1, float(values[1]), True, np.zeros((28, 28))).runner_up == runner_up


def test_an_empty_page_has_no_runner_up(recognizer):
    assert recognizer.recognize([]).runner_up is None


# **** pages ****


@pytest.fixture(scope="module")
def shipped():
    return Recognizer.load(SHIPPED)


def number(text, hand, rng):
    """A number in the plainest digits."""
    return write_number([StrokeDrawing(digit_strokes(int(d)), int(d)) for d in text], hand, rng=rng)


APART, CLOSE = Hand(gap=(0.2, 0.4)), Hand(gap=(-0.05, 0.05))


@pytest.mark.parametrize(
    ("hand", "text"),
    [
        *((APART, text) for text in ("42", "2026", "11", "100", "7", "95", "1234567890")),
        *((CLOSE, text) for text in ("42", "2026", "100", "95", "1234567890")),
    ],
)
def test_a_number_is_read(shipped, hand, text, rng):
    page = shipped.recognize_page(number(text, hand, rng).strokes)
    assert page.text == text
    assert page.is_number
    assert page.confidence > 0.5
    assert [part.text for part in page.parts] == list(text)


def test_parts_tell_where_they_are_and_which_strokes_they_have(shipped, rng):
    strokes = number("457", APART, rng).strokes
    shuffled = [1, *range(2, len(strokes)), 0]  # the first one comes last
    page = shipped.recognize_page([400 * strokes[index] + 30 for index in shuffled])
    assert page.text == "457"
    assert sorted(index for part in page.parts for index in part.strokes) == list(range(len(strokes)))
    for part in page.parts:
        points = np.concatenate([400 * strokes[shuffled[index]] + 30 for index in part.strokes])
        assert part.box == (*points.min(axis=0), *points.max(axis=0))
        drawn = [strokes[shuffled[index]] for index in part.strokes]
        assert np.allclose(part.prediction.image, shipped.recognize(drawn).image, atol=1e-5)


def test_a_bar_that_is_written_last_belongs_to_its_seven(shipped, rng):
    seven = [[(0, 0), (0.6, 0), (0.25, 1)], [(0.15, 0.5), (0.6, 0.5)]]
    digits = [StrokeDrawing(seven, 7), *(StrokeDrawing(digit_strokes(d), d) for d in (1, 2))]
    late = write_number(digits, Hand(gap=(0.2, 0.4), late=True), rng=rng)
    page = shipped.recognize_page(late.strokes)
    assert page.text == "712"
    assert page.parts[0].strokes == (0, 3)


@pytest.mark.parametrize("text", ["03", "60", "74"])
def test_digits_that_the_pen_joins_are_two(shipped, text):
    first, second = (digit_strokes(int(digit)) for digit in text)
    shift = max(x for x, _ in first[0]) + 0.25
    joined = first[0] + [(x + shift, y) for x, y in second[0]]
    moving = shipped.recognize_page([joined], underway=True)
    assert (len(moving.parts), moving.is_provisional) == (1, True)
    page = shipped.recognize_page([joined, *([(x + shift, y) for x, y in stroke] for stroke in second[1:])])
    assert (page.text, page.is_provisional) == (text, False)
    assert [part.strokes[0] for part in page.parts] == [0, 0]


def test_a_caret_is_not_cut_into_two_ones(shipped):
    assert len(shipped.recognize_page([[(0, 1), (0.5, 0), (1, 1)]]).parts) == 1


def test_lines_are_read_from_the_top(shipped, rng):
    lines = write_lines([number("12", APART, rng), number("306", APART, rng)], rng=rng)
    assert shipped.recognize_page(lines.strokes).text == "12\n306"


@pytest.mark.parametrize("digit", range(10))
def test_a_page_of_one_digit_is_read_as_the_drawing_is(shipped, digit):
    strokes = digit_strokes(digit)
    page, alone = shipped.recognize_page(strokes), shipped.recognize(strokes)
    (part,) = page.parts
    assert page.text == str(digit)
    assert page.confidence == pytest.approx(
        alone.confidence, abs=1e-5
    )  # rounding is that of a batch or of one
    assert np.array_equal(part.prediction.image, alone.image)
    assert part.prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-5)
    assert part.strokes == tuple(range(len(strokes)))


SIGNS = {
    "equals": [[(0, 0), (1, 0)], [(0, 0.5), (1, 0.5)]],
    "plus": [[(0.5, 0), (0.5, 1)], [(0, 0.5), (1, 0.5)]],
    "cross": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "star": [[(0.1, 1), (0.5, 0), (0.9, 1), (0, 0.35), (1, 0.35), (0.1, 1)]],
    "dash": [[(0, 0), (1, 0)]],
    "A": [[(0, 1), (0.4, 0), (0.8, 1)], [(0.2, 0.6), (0.6, 0.6)]],
    "dot": [[(0.5, 0.5)]],
    "two dots": [[(0.5, 0.5)], [(0.5, 0.9)]],
}


@pytest.mark.parametrize("name", SIGNS)
def test_signs_are_no_numbers(shipped, name):
    page = shipped.recognize_page(SIGNS[name])
    assert not page.is_number
    assert "?" in page.text


def test_a_sign_among_digits_is_none_and_leaves_them(shipped, rng):
    one, other = (number("2", APART, rng).strokes for _ in range(2))
    plus = [[(1.3, 0.6), (1.9, 0.6)], [(1.6, 0.3), (1.6, 0.9)]]
    page = shipped.recognize_page([*one, *plus, *(stroke + np.array([2.4, 0]) for stroke in other)])
    assert page.text == "2?2"
    assert not page.is_number


def test_an_empty_page_has_no_part(shipped):
    for strokes in ([], [[]], [[], []]):
        assert shipped.recognize_page(strokes) == PagePrediction("", (), 0.0)


def test_hundreds_of_strokes_are_read_as_one(shipped, rng):
    page = shipped.recognize_page([rng.random((3, 2)) for _ in range(300)])
    assert len(page.parts) == 1


def test_a_page_that_cannot_be_drawn_is_an_error(shipped):
    with pytest.raises(StrokesError):
        shipped.recognize_page([[(1e308, 0), (-1e308, 1)]])
    with pytest.raises(StrokesError):
        shipped.recognize_page([[(np.nan, 0)], [(1, 1)]])


@pytest.mark.parametrize("scale", [1e-320, 1e-9, 1e150, 5e307])
def test_the_size_of_a_page_makes_no_difference(shipped, scale, rng):
    strokes = [stroke / 8 for stroke in number("42", APART, rng).strokes]
    assert shipped.recognize_page([scale * stroke for stroke in strokes]).text == (
        "42" if scale > 1e-300 else "?"
    )


def test_while_the_pen_moves_only_what_it_changes_is_looked_at(shipped, rng, monkeypatch):
    strokes = number("2468", APART, rng).strokes
    looked = []
    real = recognizer_module.stroke_ink
    monkeypatch.setattr(recognizer_module, "stroke_ink", lambda drawn: looked.append(drawn) or real(drawn))
    shipped.recognize_page([*strokes[:-1], strokes[-1][:-1]])
    first = len(looked)
    moved = shipped.recognize_page(strokes)
    assert len(looked) - first < first / 2
    assert all(np.array_equal(drawn[-1][-1], strokes[-1][-1]) for drawn in looked[first:])
    shipped.recognize_page([])
    again = Recognizer.load(SHIPPED).recognize_page(strokes)
    assert (again.text, again.confidence) == (moved.text, pytest.approx(moved.confidence, abs=1e-5))


def test_a_page_that_grew_is_read_to_the_bit_as_one_that_is_new(recognizer, rng, monkeypatch, thorough):
    answers = recognizer_module._answers  # rounding depends on how many images a product takes at a time
    monkeypatch.setattr(
        recognizer_module,
        "_answers",
        lambda network, images: tuple(
            map(np.concatenate, zip(*(answers(network, image[None]) for image in images), strict=True))
        ),
    )

    def read(reader, page):
        found = reader.recognize_page(page)
        parts = [
            (part.prediction.probabilities.tobytes(), part.prediction.image.tobytes(), part.box, part.strokes)
            for part in found.parts
        ]
        return found.text, found.confidence, found.alternatives, parts

    strokes = [np.cumsum(rng.uniform(-0.1, 0.15, (points, 2)), axis=0) for points in (40, 1, 12, 20)]
    strokes += number("24", APART, rng).strokes
    growing = [
        [*strokes[:stroke], strokes[stroke][:points]]
        for stroke in range(len(strokes))
        for points in range(1, len(strokes[stroke]) + 1, 10 if thorough else 60)
    ]
    undone = [strokes[:count] for count in (3, 2, 3, 5)]
    for page in (*growing, strokes, *undone, strokes[1:], strokes):
        assert read(recognizer, page) == read(Recognizer.load(recognizer.folder), page)


def test_an_image_is_a_page_of_one(shipped):
    picture = np.zeros((200, 300), np.float32)
    ink = stroke_ink(digit_strokes(3))
    picture[20 : 20 + ink.shape[0], 100 : 100 + ink.shape[1]] = ink
    page = shipped.recognize_image_page(picture)
    (part,) = page.parts
    assert (page.text, part.strokes) == ("3", ())
    assert part.box == pytest.approx((100, 20, 100 + ink.shape[1], 20 + ink.shape[0]), abs=2)
    assert np.array_equal(part.prediction.image, shipped.recognize_image(picture).image)
    (placed,) = shipped.recognize_image_page(picture, box=(10, 20, 10 + 600, 20 + 800)).parts
    assert placed.box == pytest.approx(np.array(part.box) * (2, 4, 2, 4) + (10, 20, 10, 20))
    assert shipped.recognize_image_page(np.zeros((9, 9), np.float32)) == PagePrediction("", (), 0.0)


def picture_of(*rows, gap=0.3, pen=0.12):
    """The ink of rows of digits, each 80 px high, gaps in shares of that."""
    made = []
    for row in rows:
        inks = [np.pad(digit_mask(int(digit), side=120, height=0.66, pen=pen), 0) for digit in row]
        cut = [ink[20:100, np.flatnonzero(ink.any(axis=0))] for ink in inks]
        space = np.zeros((80, max(round(80 * gap), 0)), np.float32)
        made.append(np.hstack([part for ink in cut for part in (space, ink)] + [space]))
    width = max(row.shape[1] for row in made)
    return np.pad(np.vstack([np.pad(row, ((20, 20), (0, width - row.shape[1]))) for row in made]), 10)


def test_numbers_in_a_picture_are_read(shipped):
    for text in ("42", "2026", "11", "100", "35890", "67"):
        page = shipped.recognize_image_page(picture_of(text))
        assert page.text == text
        assert all(part.strokes == () for part in page.parts)
        lefts = [part.box[0] for part in page.parts]
        assert lefts == sorted(lefts)


def test_lines_and_columns_of_digits_in_a_picture_are_read(shipped):
    assert shipped.recognize_image_page(picture_of("42", "17")).text == "42\n17"
    assert shipped.recognize_image_page(picture_of("3", "7", "2")).text == "3\n7\n2"


def test_boxes_of_a_pictures_digits_are_in_the_place_that_it_takes(shipped):
    picture = picture_of("42")
    height, width = picture.shape
    first, second = shipped.recognize_image_page(picture).parts
    assert 0 < first.box[0] < first.box[2] < second.box[0] < second.box[2] < width
    assert picture[:, : int(first.box[2])].sum() == pytest.approx(
        picture[:, : int(second.box[0])].sum(), rel=0.01
    )
    larger = shipped.recognize_image_page(picture, box=(5, 7, 5 + 2 * width, 7 + 3 * height)).parts
    assert larger[1].box == pytest.approx(np.array(second.box) * (2, 3, 2, 3) + (5, 7, 5, 7))


def test_digits_that_touch_in_a_picture_are_read(shipped):
    picture = picture_of("31", gap=0)
    assert shipped.recognize_image_page(picture).text == "31"


def test_a_missing_network_is_an_error_and_no_random_network(tmp_path):
    with pytest.raises(SavedNetworkError, match="There is no network folder"):
        Recognizer.load(tmp_path / "nowhere")


def test_a_network_for_photographs_cannot_read_drawings(tmp_path, rng):
    save_network(build_network("cifar10", rng=rng), tmp_path / "photographs")
    with pytest.raises(SavedNetworkError, match=r"images of shape \(3, 32, 32\), which cannot read drawings"):
        Recognizer.load(tmp_path / "photographs")


@pytest.mark.parametrize("architecture", [name for name in ARCHITECTURES if name != "cifar10"])
def test_every_network_for_digits_can_be_drawn_with(tmp_path, rng, architecture):
    save_network(build_network(architecture, rng=rng), tmp_path / "network")
    prediction = Recognizer.load(tmp_path / "network").recognize(digit_strokes(2))
    assert prediction.is_digit
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_an_image_is_laid_out_once_however_often_it_is_drawn_over(recognizer, monkeypatch):
    laid = []
    real = recognizer_module.page_ink
    monkeypatch.setattr(recognizer_module, "page_ink", lambda ink: laid.append(ink) or real(ink))
    three, bar = stroke_ink(digit_strokes(3)), np.zeros((40, 40), np.float32)
    bar[5:35, 18:22] = 1
    strokes = [(0.2, 0.2), (0.3, 0.2), (0.3, 0.5)]
    first = [recognizer.recognize_over_image(three, [strokes[:count]]) for count in (1, 2, 3)]
    other = recognizer.recognize_over_image(bar, [strokes])
    again = recognizer.recognize_over_image(three, [strokes])
    assert [ink is three for ink in laid] == [True, False, True]
    assert np.array_equal(first[-1].image, again.image)
    assert not np.array_equal(other.image, again.image)


def test_without_some_maps_it_reads_by_the_others(recognizer):
    strokes = digit_strokes(5)
    other = recognizer.silenced({"c1": [0, 1]})
    image = frame(stroke_ink(strokes))
    expected = recognizer.confidence.probabilities(other.network.logits(image[None]))[0]
    assert np.allclose(other.recognize_page(strokes).parts[0].prediction.probabilities, expected, atol=1e-6)
    assert not np.allclose(recognizer.recognize(strokes).probabilities, expected, atol=1e-3)
    assert other.folder == recognizer.folder


def test_under_another_name_it_reads_and_remembers_as_before(recognizer):
    strokes = digit_strokes(4)
    image = frame(stroke_ink(strokes))[None]
    reference = Reference.build(recognizer.network, 1 - image, np.array([1]))
    label = (recognizer.recognize(strokes).digit + 1) % 10
    recognizer.teach(Memory(reference).taught(recognizer.network, image, np.array([label])))
    named = recognizer.named(Path("theirs.onnx"))
    assert (named.folder, named.facts) == (Path("theirs.onnx"), recognizer.facts)
    read = named.recognize(strokes)
    assert (read.digit, read.from_memory) == (label, True)


def test_what_was_cut_before_a_lesson_is_cut_anew(recognizer, monkeypatch):
    befores = []
    real = recognizer_module.StrokePieces
    monkeypatch.setattr(
        recognizer_module,
        "StrokePieces",
        lambda *given, before, **how: befores.append(before) or real(*given, before=before, **how),
    )
    strokes = digit_strokes(4)
    recognizer.recognize_page(strokes)
    recognizer.recognize_page(strokes)
    image = frame(stroke_ink(strokes))[None]
    reference = Reference.build(recognizer.network, 1 - image, np.array([1]))
    recognizer.teach(Memory(reference).taught(recognizer.network, image, np.array([7])))
    recognizer.recognize_page(strokes)
    assert [before is None for before in befores] == [True, False, True]
