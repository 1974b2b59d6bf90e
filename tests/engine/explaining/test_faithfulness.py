"""The tests that maps are put to: they pass what is true, and fail what is not."""

import numpy as np
import pytest
import scipy

from engine import build_network
from engine.explaining.attribution import contributions
from engine.explaining.faithfulness import ERASED, Faithfulness, faithfulness, rank_correlation
from engine.nn.layer_plans import LayerPlan, planned_network
from tests.digit_templates import digit_images


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng)


@pytest.fixture
def images(rng):
    return [image.astype(np.float32) / 255 for image in digit_images(6, rng)[0]]


def test_a_method_that_does_not_look_at_the_weights_fails(network, images, rng):
    methods = {"the ink itself": lambda network, image, question: image.astype(np.float64)}
    (found,) = faithfulness(network, images, rng=rng, methods=methods)
    assert found.alike == pytest.approx(1)
    assert not found.passes


def test_a_method_that_takes_for_for_against_fails(network, images, rng):
    methods = {
        "right": lambda *asked: contributions(*asked).pixels,
        "reversed": lambda *asked: -contributions(*asked).pixels,
    }
    right, reversed_ = faithfulness(network, images, rng=rng, methods=methods)
    assert right.alike == pytest.approx(reversed_.alike)
    np.testing.assert_allclose(right.supporting_first, reversed_.opposing_first, atol=0.05)
    assert np.mean(right.supporting_first) < np.mean(right.random_order) < np.mean(right.opposing_first)
    assert not reversed_.passes


def test_curves_begin_with_all_of_the_evidence(network, images, rng):
    for found in faithfulness(network, images[:2], rng=rng):
        for curve in (found.supporting_first, found.random_order, found.opposing_first):
            assert len(curve) == len(ERASED)
            assert curve[0] == pytest.approx(1)
        # with no ink left it is the same paper, in whatever order it went
        assert found.supporting_first[-1] == found.random_order[-1] == found.opposing_first[-1]


def test_equal_seeds_give_equal_figures(network, images):
    first, second = (faithfulness(network, images[:2], rng=np.random.default_rng(3)) for _ in range(2))
    assert first == second


def test_a_network_that_came_from_elsewhere_is_drawn_anew_too(images, rng):
    plans = [LayerPlan("f", "Flatten"), LayerPlan("d", "Dense", {"in_features": 784, "out_features": 10})]
    network = planned_network(plans, (1, 28, 28), rng=rng)
    for found in faithfulness(network, images, rng=rng):
        assert 0 < found.alike < 0.5


def test_the_correlation_is_spearmans_where_there_is_something(rng):
    one, other = np.zeros((28, 28)), np.zeros((28, 28))
    one[:5], other[:5] = rng.standard_normal((2, 5, 28)).round(1)
    inked = (one != 0) | (other != 0)
    assert rank_correlation(one, other) == pytest.approx(
        abs(scipy.stats.spearmanr(one[inked], other[inked]).statistic)
    )
    assert rank_correlation(one, -one) == pytest.approx(1)
    assert rank_correlation(np.zeros((28, 28)), one) == 0
    assert rank_correlation(np.zeros((28, 28)), np.zeros((28, 28))) == 0


def test_it_passes_by_both_tests():
    good = {"supporting_first": [1, 0.1], "random_order": [1, 0.5], "opposing_first": [1, 0.9]}
    assert Faithfulness("m", 0.3, **good).passes
    assert not Faithfulness("m", 0.31, **good).passes
    assert not Faithfulness("m", 0.1, **{**good, "random_order": [1, 0.05]}).passes
    assert not Faithfulness("m", 0.1, **{**good, "opposing_first": [1, 0.4]}).passes
