"""The catalogue: networks of others, each of its authors' size, built by name as all are."""

import numpy as np
import pytest

from engine.nn.architectures import ARCHITECTURES, build_network
from engine.nn.catalogue import CATALOGUE, SIGMOID_TABLE
from engine.storage.foreign import CSV_FOLDERS, NPY_FILES


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("lenet5-sigmoid", 42_404),
        ("lenet5-tanh", 67_988),
        ("cnn-3x3", 148_646),
        ("mlp-tanh", 101_770),
        ("mlp-relu", 107_440),
        ("cnn-2", 9_098),
    ],
)
def test_each_has_its_authors_size_and_a_source_or_a_reason(name, parameters):
    assert name in CATALOGUE
    assert ARCHITECTURES[name] is CATALOGUE[name]
    network = build_network(name, rng=np.random.default_rng(0))
    assert network.architecture == name
    assert network.parameter_count == parameters
    assert CATALOGUE[name].__doc__


def test_the_files_that_can_be_read_are_of_networks_in_the_catalogue():
    sigmoid = build_network("lenet5-sigmoid", rng=np.random.default_rng(0))
    assert set(NPY_FILES) == set(sigmoid.state())
    assert set(CSV_FOLDERS) == {name.split(".")[0] for name in build_network(
        "lenet5-tanh", rng=np.random.default_rng(0)
    ).state()}  # fmt: skip


def test_the_table_of_the_sigmoids_connects_as_many_maps_as_the_papers():
    assert SIGMOID_TABLE.shape == (16, 6)
    assert SIGMOID_TABLE.sum() == 60
