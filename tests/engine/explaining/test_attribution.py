"""Attribution: contributions add up to the network's own numbers, and what is left out is read anew."""

import numpy as np
import pytest

from app.store.networks import SHIPPED
from engine import Confidence, SavedNetwork, build_network
from engine.explaining.attribution import Question, contributions, occlusion, strokes_left_out
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.nn.layers import Dense, Flatten
from engine.nn.network import Network
from tests.digit_templates import TEMPLATES
from tests.handwriting import WAYS, write


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng)


@pytest.fixture
def seven():
    return frame(stroke_ink(TEMPLATES[7]))


def linear(rng):
    """A network of one sum, whose every pixel adds its weight times its ink."""
    layers = [("flatten", Flatten()), ("output", Dense(784, 10, rng=rng))]
    return Network(layers, input_shape=(1, 28, 28), architecture="linear")


# **** the question ****


def test_the_evidence_is_the_logit_of_the_digit_less_that_of_the_other():
    logits = np.array([[5, 1, 2], [0, 4, 9]], np.float32)
    np.testing.assert_array_equal(Question(0).evidence(logits), [5, 0])
    np.testing.assert_array_equal(Question(0, 2).evidence(logits), [3, -9])
    np.testing.assert_array_equal(Question(1, 1).evidence(logits), [0, 0])


# **** integrated gradients ****


@pytest.mark.parametrize("question", [Question(7), Question(7, 1), Question(3)])
@pytest.mark.parametrize("name", ["lenet5", "lenet5-1998", "cnn-2", "best"])
def test_the_contributions_add_up_to_what_the_ink_changes(name, question, seven, rng):
    network = build_network(name, rng=rng)
    found = contributions(network, seven, question)
    drawn, blank = question.evidence(network.logits(np.stack([seven, np.zeros_like(seven)])))
    assert found.evidence == pytest.approx(drawn, rel=1e-4, abs=1e-4)
    assert found.difference == pytest.approx(drawn - blank, rel=1e-4, abs=1e-4)
    assert found.total == pytest.approx(drawn - blank, rel=0.01, abs=1e-4)  # float32 of logits near -84


def test_they_do_so_where_little_is_between_the_two(rng):
    """The way from paper to a drawing is cut the finer, the less is left of what its steps add and take."""
    network = SavedNetwork.load(SHIPPED / "lenet5").network
    for way in list(WAYS)[::4]:
        image = frame(stroke_ink(write(way, rng=rng)))
        order = np.argsort(-network.logits(image[None])[0])
        for first, second in ((order[0], order[1]), (order[1], order[2])):
            found = contributions(network, image, Question(int(first), int(second)))
            assert found.total == pytest.approx(found.difference, rel=0.01), (way, first, second)


def test_of_a_linear_network_each_pixel_adds_its_weight_times_its_ink(seven, rng):
    network = linear(rng)
    weight = network.parameters[0].value.reshape(10, 28, 28)
    found = contributions(network, seven, Question(7, 1)).pixels
    np.testing.assert_allclose(found, (weight[7] - weight[1]) * seven, rtol=1e-4, atol=1e-6)


def test_paper_adds_nothing(network, seven):
    pixels = contributions(network, seven, Question(7)).pixels
    assert not pixels[seven == 0].any()
    assert pixels[seven > 0].any()


def test_a_blank_page_has_nothing_to_explain(network):
    found = contributions(network, np.zeros((28, 28), np.float32), Question(7))
    assert (found.total, found.difference) == (0, 0)


# **** occlusion ****


def test_of_a_linear_network_a_covered_patch_takes_what_its_pixels_add(seven, rng):
    network = linear(rng)
    weight = network.parameters[0].value.reshape(10, 28, 28)[7]
    found = occlusion(network, seven, Question(7), patch=4)
    for y, x in [(4, 8), (12, 12), (0, 0)]:
        patch = np.s_[y : y + 4, x : x + 4]
        np.testing.assert_allclose(found[patch], (weight * seven)[patch].sum(), rtol=1e-3, atol=1e-5)


def test_to_cover_paper_changes_nothing(network, seven):
    assert not occlusion(network, seven, Question(7))[:4].any()


# **** strokes ****


def test_without_a_stroke_the_drawing_is_read_as_one_that_never_had_it(network):
    strokes = TEMPLATES[4]
    assert len(strokes) > 1
    confidence, question = Confidence(temperature=0.5), Question(4, 9)
    found = strokes_left_out(network, confidence, strokes, question)
    assert [each.stroke for each in found] == list(range(len(strokes)))
    (whole,) = question.evidence(network.logits(frame(stroke_ink(strokes))[None]))
    for each in found:
        rest = [stroke for index, stroke in enumerate(strokes) if index != each.stroke]
        logits = network.logits(frame(stroke_ink(rest))[None])
        (probabilities,) = confidence.probabilities(logits)
        assert each.digit == probabilities.argmax()
        assert each.confidence == pytest.approx(probabilities.max(), rel=1e-5)
        assert each.worth == pytest.approx(whole - question.evidence(logits)[0], rel=1e-3, abs=1e-4)


def test_without_its_only_stroke_nothing_is_read(network):
    (found,) = strokes_left_out(network, Confidence(), TEMPLATES[0][:1], Question(0))
    assert (found.digit, found.confidence) == (None, 0.0)
