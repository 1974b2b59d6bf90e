"""Networks told as lists of layers: they are built as told, and what asks for too much is refused."""

import numpy as np
import pytest

from engine.errors import ConfigurationError, ShapeError
from engine.nn.layer_plans import IMPORTED, KINDS, LayerPlan, planned_network, plans_of

CONV = {"in_channels": 1, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1, "bias": 0}
PLANS = (
    LayerPlan("conv1", "Conv2D", CONV),  # 4x4x4
    LayerPlan("norm1", "BatchNorm", {"channels": 4}),
    LayerPlan("relu1", "ReLU"),
    LayerPlan("pool1", "MaxPool2D", {"kernel_size": 2, "stride": 1, "padding": 1}),  # 4x5x5
    LayerPlan("mean1", "MeanPool2D", {"kernel_size": 2, "stride": 1}),  # 4x4x4
    LayerPlan("tanh1", "Tanh"),
    LayerPlan("flatten", "Flatten"),
    LayerPlan("sigmoid1", "Sigmoid"),
    LayerPlan("dense", "Dense", {"in_features": 64, "out_features": 10}),
)


def test_a_network_is_built_as_its_plans_say_and_tells_them():
    network = planned_network(PLANS, (1, 8, 8))
    assert network.architecture == IMPORTED
    assert {plan.kind for plan in PLANS} == set(KINDS)
    assert network.shapes["conv1"] == (4, 4, 4)
    assert network.shapes["pool1"] == (4, 5, 5)
    assert network.logits(np.zeros((2, 1, 8, 8), np.float32)).shape == (2, 10)
    assert "conv1.bias" not in network.state()
    assert plans_of(network) == PLANS


@pytest.mark.parametrize(
    ("kind", "sizes", "problem"),
    [
        ("Linear", {}, "'Linear' is no layer that is known"),
        ("Dense", {"in_features": 3}, "is made with in_features, out_features"),
        ("ReLU", {"slope": 1}, "no sizes"),
        ("BatchNorm", {"channels": -1}, "too large"),
        ("BatchNorm", {"channels": 2**30}, "too large"),
    ],
)
def test_a_plan_that_is_none_is_refused(kind, sizes, problem):
    with pytest.raises(ConfigurationError, match=problem):
        LayerPlan("x", kind, sizes)


def test_a_network_that_would_be_too_large_is_refused_before_it_is_made():
    large = LayerPlan("x", "Dense", {"in_features": 2**24, "out_features": 2**24})
    with pytest.raises(ConfigurationError, match="more than the 16,777,216"):
        planned_network([large], (1, 8, 8))
    wide = {**CONV, "out_channels": 200_000, "kernel_size": 1, "padding": 0}
    with pytest.raises(ConfigurationError, match=r"output of 'x', \(200000, 28, 28\), is too large"):
        planned_network([LayerPlan("x", "Conv2D", {**wide, "stride": 1})], (1, 28, 28))
    with pytest.raises(ConfigurationError, match="1 to 200"):
        planned_network([LayerPlan(f"r{number}", "ReLU") for number in range(201)], (1, 8, 8))
    with pytest.raises(ConfigurationError, match="1 to 200"):
        planned_network([], (1, 8, 8))


def test_layers_that_do_not_fit_each_other_are_refused_by_name():
    with pytest.raises(ShapeError, match="dense"):
        planned_network([PLANS[-1]], (1, 8, 8))
