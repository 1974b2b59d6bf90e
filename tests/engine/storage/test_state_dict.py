"""Arrays named as PyTorch names them: how they are joined is found, or they are refused."""

import re
from pathlib import Path

import numpy as np
import pytest

from engine import load_network
from engine.errors import SavedNetworkError
from engine.nn.layers import MaxPool2D, MeanPool2D
from engine.nn.scaling import InputScaling
from engine.reading.scaling_fit import Found
from engine.storage import state_dict
from engine.storage.state_dict import network_of_arrays

ROOT = Path(__file__).resolve().parents[3]
PATH = Path("my.safetensors")


@pytest.fixture(scope="module")
def lenet5():
    """LeNet-5 that ships, which pools before it rectifies; for largest and ReLU that is the same."""
    return load_network(ROOT / "saved_network" / "lenet5")


def named(network, **names):
    """Its arrays by other names."""
    state = network.state()
    return {
        f"{there}.{kind}": state[f"{here}.{kind}"]
        for here, there in names.items()
        for kind in ("weight", "bias")
    }


def refused(arrays):
    with pytest.raises(SavedNetworkError) as caught:
        network_of_arrays(PATH, arrays)
    assert str(caught.value).startswith("my.safetensors ")
    return str(caught.value)


LAYERS = ("c1", "c3", "c5", "f6", "output")


@pytest.mark.parametrize(
    "names",
    [
        "conv1 conv2 fc1 fc2 fc3",
        "features.0 features.3 classifier.1 classifier.9 classifier.10",
        "module.c1 module.c2 module.f.1 module.f.2 module.f.10",
    ],
)
def test_a_network_is_joined_as_it_was(lenet5, names, rng):
    found = network_of_arrays(
        PATH, named(lenet5, **dict(reversed([*zip(LAYERS, names.split(), strict=True)])))
    )
    assert [type(layer).__name__ for layer in found.layers.values()] == [
        *("Conv2D", "ReLU", "MaxPool2D") * 2,
        *("Flatten", "Dense", "ReLU", "Dense", "ReLU", "Dense"),
    ]
    images = rng.uniform(0, 1, (4, 1, 28, 28)).astype(np.float32)
    assert found.logits(images) == pytest.approx(lenet5.logits(images), rel=1e-4, abs=1e-4)
    assert found.scaling == InputScaling()


def any_reads(monkeypatch):
    """Let the first way be taken that is tried; it reads nothing, of random numbers."""
    tried = []

    def likely(network):
        tried.append(network)
        return Found(InputScaling(), float(len(tried)), 1.0)

    monkeypatch.setattr(state_dict, "likely_scaling", likely)
    return tried


def conv(rng, into, out, k=3):
    return rng.normal(size=(out, into, k, k)).astype(np.float32)


def test_normalisations_stand_behind_their_convolutions(rng, monkeypatch):
    any_reads(monkeypatch)
    arrays = {"conv1.weight": conv(rng, 1, 2), "conv2.weight": conv(rng, 2, 3)}
    for number, channels in ((1, 2), (2, 3)):
        for kind in ("weight", "bias", "running_mean", "running_var"):
            arrays[f"bn{number}.{kind}"] = rng.uniform(0.5, 1, channels).astype(np.float32)
        arrays[f"bn{number}.num_batches_tracked"] = np.array(7)
    arrays |= {"fc.weight": rng.normal(size=(10, 3 * 24 * 24)), "fc.bias": rng.normal(size=10)}
    network = network_of_arrays(PATH, arrays)
    assert " ".join(network.layers) == "conv1 norm1 relu1 conv2 norm2 relu2 flatten dense1"
    assert np.array_equal(network.state()["norm2.variance"], arrays["bn2.running_var"])
    assert network.state()["dense1.weight"].dtype == np.float32


@pytest.mark.parametrize(
    ("features", "layers"),
    [
        (4 * 12 * 12, "conv1 relu1 conv2 relu2 pool2"),  # 28, 26, 24, pooled: 12; the other 12 pads one alone
        (4 * 7 * 7, "conv1 relu1 pool1 conv2 relu2 pool2"),  # both padded and pooled: 28, 14, 7
        (4 * 13 * 13, "conv1 relu1 conv2 relu2 pool2"),  # 28, padded once: 28, 26, pooled: 13
    ],
)
def test_where_it_pads_and_pools_is_what_fits_the_first_dense_layer(rng, monkeypatch, features, layers):
    any_reads(monkeypatch)
    arrays = {"conv1.weight": conv(rng, 1, 3), "conv2.weight": conv(rng, 3, 4)}
    network = network_of_arrays(PATH, {**arrays, "fc.weight": rng.normal(size=(10, features))})
    assert " ".join(network.layers) == f"{layers} flatten dense1"


def test_every_usual_activation_and_pool_is_tried(rng, monkeypatch):
    tried = any_reads(monkeypatch)
    network_of_arrays(PATH, {"c.weight": conv(rng, 1, 3), "f.weight": rng.normal(size=(10, 3 * 13 * 13))})
    ways = {tuple(type(layer).__name__ for layer in network.layers.values())[1:3] for network in tried}
    pools = ("MaxPool2D", "MeanPool2D")
    assert ways == {(activation, pool) for activation in ("ReLU", "Tanh", "Sigmoid") for pool in pools}


@pytest.mark.parametrize(("loss", "kind"), [(0.98, MaxPool2D), (0.9, MeanPool2D)])
def test_pools_take_means_where_that_is_clearly_better(rng, monkeypatch, loss, kind):
    """PyTorch's example takes the largest, and has 1 % less loss on drawn digits with means."""

    def likely(network):
        pool = network.layers["pool1"]
        return Found(InputScaling(), loss if isinstance(pool, MeanPool2D) else 1.0, 1.0)

    monkeypatch.setattr(state_dict, "likely_scaling", likely)
    arrays = {"c.weight": conv(rng, 1, 3), "f.weight": rng.normal(size=(10, 3 * 13 * 13))}
    assert isinstance(network_of_arrays(PATH, arrays).layers["pool1"], kind)


def test_what_does_not_read_digits_is_refused(rng):
    arrays = {"fc1.weight": rng.normal(size=(20, 784)), "fc2.weight": rng.normal(size=(10, 20))}
    assert "in none of the usual ways does it read digits. Export the network as ONNX" in refused(arrays)


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({}, "no plain chain"),
        ({"fc.weight": np.ones((7, 784))}, r"no plain chain .* fc \(7, 784\)"),
        ({"fc1.weight": np.ones((5, 784)), "fc2.weight": np.ones((10, 6))}, "no plain chain"),
        ({"conv.weight": np.ones((2, 3, 3, 3)), "fc.weight": np.ones((10, 1352))}, "no plain chain"),
        ({"conv.weight": np.ones((2, 1, 3, 5)), "fc.weight": np.ones((10, 1352))}, "no plain chain"),
        ({"rnn.weight_ih": np.ones((2, 2))}, "'rnn.weight_ih', whose place in a network is not known"),
        ({"fc.weight": np.ones((10, 784), int)}, "whose place"),
        ({"fc.weight": np.full((10, 784), np.nan)}, "not finite"),
        ({"fc.weight": np.full((10, 784), 1e300)}, "not finite"),
        ({"fc.weight": np.ones((10, 0))}, "no numbers"),
        ({"fc.weight": np.ones((10, 784)), "fc.bias": np.ones(9)}, "no plain chain"),
        ({"fc.weight": np.ones((10, 783))}, "does not tell how its layers are joined"),
    ],
    ids=range(12),
)
def test_arrays_of_no_such_network_are_refused(arrays, problem):
    assert re.search(problem, refused(arrays))
