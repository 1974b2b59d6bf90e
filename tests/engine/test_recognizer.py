"""Recognizer: one answer for each thing that can be drawn, from a network that must be there."""

import numpy as np
import pytest

from engine import Recognizer, build_network, save_network
from engine.architectures import ARCHITECTURES
from engine.errors import SavedNetworkError
from engine.preprocessing import frame
from engine.rasterize import stroke_ink
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


@pytest.mark.parametrize("nothing", [[], [[]], [[], []]])
def test_an_empty_drawing_is_no_digit(recognizer, nothing):
    prediction = recognizer.recognize(nothing)
    assert (prediction.digit, prediction.confidence, prediction.is_digit) == (None, 0.0, False)
    assert prediction.probabilities.tolist() == pytest.approx([0.1] * 10)
    assert not prediction.image.any()


def test_an_empty_image_is_no_digit(recognizer):
    assert recognizer.recognize_image(np.zeros((50, 50), np.float32)).digit is None


@pytest.mark.parametrize("dot", [[[(3, 3)]], [[(3, 3), (3, 3)]], [[(3, 3)], [(3, 3)]]])
def test_a_single_dot_is_no_digit(recognizer, dot):
    prediction = recognizer.recognize(dot)
    assert not prediction.is_digit
    assert prediction.digit is not None  # the nearest guess


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
