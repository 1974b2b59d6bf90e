"""Recognizer: one answer for each thing that can be drawn, from a network that must be there."""

import numpy as np
import pytest

import engine.recognizer as recognizer_module
from engine import Confidence, Prediction, Recognizer, build_network, save_network
from engine.errors import InferenceError, SavedNetworkError
from engine.ink.preprocessing import frame
from engine.ink.rasterize import PAGE, draw_over, stroke_ink
from engine.nn.architectures import ARCHITECTURES
from engine.reading.rejection import Rejection, evidence
from tests.digit_templates import digit_strokes


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
