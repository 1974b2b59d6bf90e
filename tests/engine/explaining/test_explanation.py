"""An explanation is of one question throughout, and a picture's leaves out what only strokes have."""

import numpy as np
import pytest

from engine import Confidence, build_network
from engine.explaining.edits import Reader
from engine.explaining.explanation import explain
from engine.explaining.neighbours import DigitIndex, Prototypes
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from tests.digit_templates import TEMPLATES, digit_images


@pytest.fixture
def reader(rng):
    return Reader(build_network("lenet5", rng=rng), Confidence())


@pytest.fixture
def index(reader, rng):
    images, labels = digit_images(60, rng)
    sources = np.zeros(60, np.uint8)
    return DigitIndex.build(
        reader.network, Prototypes(images, labels.astype(np.uint8), sources, ("templates",))
    )


@pytest.fixture
def image():
    return frame(stroke_ink(TEMPLATES[4]))


def test_it_is_the_answer_against_the_second_in_order(reader, index, image):
    logits = reader.network.logits(image[None])[0]
    found = explain(reader, index, image, TEMPLATES[4])
    assert [found.digit, found.versus] == np.argsort(-logits)[:2].tolist()
    assert found.contributions.evidence == pytest.approx(np.sort(logits)[-1] - np.sort(logits)[-2], abs=1e-5)
    assert [each.digit for each in found.nearest] == 3 * [found.digit] + 3 * [found.versus]
    assert len(found.strokes) == len(TEMPLATES[4])


def test_against_another_digit_all_of_it_is(reader, index, image):
    logits = reader.network.logits(image[None])[0]
    last = int(logits.argmin())
    found = explain(reader, index, image, TEMPLATES[4], to=last)
    assert found.versus == last
    assert found.contributions.evidence == pytest.approx(logits.max() - logits.min(), abs=1e-5)
    assert {each.digit for each in found.nearest} == {found.digit, last}


def test_a_picture_has_neither_strokes_nor_a_change(reader, index, image):
    found = explain(reader, index, image)
    assert (list(found.strokes), found.change) == ([], None)
    assert found.contributions.total == pytest.approx(found.contributions.difference, rel=0.01)
