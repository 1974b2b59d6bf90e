"""Neighbours: the nearest digits by the network's own features, and the file that keeps them."""

import numpy as np
import pytest

from engine import build_network
from engine.errors import SavedNetworkError
from engine.explaining.neighbours import DigitIndex, Prototypes, last_features
from engine.nn.architectures import ARCHITECTURES
from tests.digit_templates import digit_images


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng)


@pytest.fixture
def prototypes(rng):
    images, labels = digit_images(100, rng)
    sources = np.repeat([0, 1], 50).astype(np.uint8)
    return Prototypes(images, labels.astype(np.uint8), sources, ("one", "other"))


@pytest.fixture
def index(network, prototypes):
    return DigitIndex.build(network, prototypes)


def as_ink(image):
    return image.astype(np.float32) / 255


def test_three_of_each_digit_are_found_near_before_far(index, network, prototypes, rng):
    image = as_ink(digit_images(10, rng)[0][7])
    found = index.nearest(network, image, [7, 1])
    assert [neighbour.digit for neighbour in found] == [7, 7, 7, 1, 1, 1]
    for three in (found[:3], found[3:]):
        distances = [neighbour.distance for neighbour in three]
        assert distances == sorted(distances)


def test_a_digit_is_its_own_nearest_and_comes_from_its_data_set(index, network, prototypes):
    for number in (7, 57):
        (first, *_) = index.nearest(network, as_ink(prototypes.images[number]), [7])
        assert first.source == ("one" if number < 50 else "other")
        assert first.distance < 0.02  # what a byte leaves of it
        np.testing.assert_array_equal(first.image, as_ink(prototypes.images[number]))


def test_the_nearest_are_those_of_the_features_themselves(index, network, prototypes, rng):
    """32 bytes instead of 84 floats change hardly anything: the nearest is nearly as near as any."""
    images = as_ink(digit_images(20, rng)[0])
    own, others = last_features(network, images), last_features(network, as_ink(prototypes.images))
    exact = np.linalg.norm(own[:, None] - others, axis=2)
    for image, distances in zip(images, exact, strict=True):
        found = min(index.nearest(network, image, range(10), each=1), key=lambda each: each.distance)
        assert found.distance == pytest.approx(distances.min(), abs=0.05)


@pytest.mark.parametrize("count", [1, 4, 100])
def test_the_closest_are_those_of_the_least_distances(count, index, network, rng):
    for image in as_ink(digit_images(20, rng)[0]):
        distances = index.distances(network, image)
        found = distances[index.closest(network, image, count)]
        np.testing.assert_allclose(np.sort(found), np.sort(distances)[:count], atol=1e-5)


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if name != "cifar10"])
def test_features_have_length_one_in_every_architecture(name, rng):
    features = last_features(build_network(name, rng=rng), as_ink(digit_images(10, rng)[0]))
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, rtol=1e-5)


def test_features_are_what_the_output_layer_makes_its_logits_of(network, rng):
    images = as_ink(digit_images(10, rng)[0])
    output = network.layers["output"]
    raw = network.trace(images).outputs["relu6"]
    np.testing.assert_allclose(raw @ output.weight.value.T, network.logits(images), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        last_features(network, images), raw / np.linalg.norm(raw, axis=1)[:, None], rtol=1e-5
    )


def test_an_index_comes_back_from_its_file_as_it_was(index, network, prototypes):
    content = index.to_bytes()
    back = DigitIndex.from_bytes(content, network)
    assert back.to_bytes() == content
    image = as_ink(prototypes.images[3])
    pairs = zip(index.nearest(network, image, [3]), back.nearest(network, image, [3]), strict=True)
    assert all((a.digit, a.source, a.distance) == (b.digit, b.source, b.distance) for a, b in pairs)


def test_an_index_of_three_thousand_stays_below_four_megabytes(network, prototypes, rng):
    thirty = Prototypes(
        np.tile(prototypes.images, (30, 1, 1)),
        np.tile(prototypes.labels, 30),
        np.tile(prototypes.sources, 30),
        prototypes.names,
    )
    assert len(DigitIndex.build(network, thirty).to_bytes()) < 4_000_000


def test_damage_and_the_index_of_another_network_are_told(index, network, rng):
    content = index.to_bytes()
    for damaged in (b"", content[:500], content[:-30]):
        with pytest.raises(SavedNetworkError, match=r"^neighbours\.npz is no index of digits for this"):
            DigitIndex.from_bytes(damaged, network)
    with pytest.raises(SavedNetworkError, match="it holds"):
        DigitIndex.from_bytes(content, build_network("best", rng=rng))
