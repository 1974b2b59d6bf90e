"""app/jobs/glimpses.py: the network as it is by now, for a window that watches it learn."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.jobs import glimpses as module
from app.jobs.glimpses import Glimpses, glimpsed
from app.jobs.records import Glimpse
from app.store.trainings import GLIMPSE
from engine import Dataset, TrainingConfig, TrainingRun, build_network, evaluate
from engine.errors import InferenceError
from engine.nn.losses import NO_CLASS
from tests.digit_templates import digit_images

CONFIG = TrainingConfig(
    architecture="mlp-tanh", epochs=1, batch_size=32, validation_fraction=1 / 4, weight_average=0.9
)


@pytest.fixture
def run():
    images, labels = digit_images(240, np.random.default_rng(7))
    labels[::5] = NO_CLASS  # drawings of no digit are no digits to read
    run = TrainingRun(Dataset(images, labels), CONFIG)
    steps = iter(run)
    for _step in range(3):
        next(steps)
    yield run
    steps.close()


@pytest.fixture
def clock(monkeypatch):
    """Stands still until it is put on."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(module.time, "monotonic", lambda: clock.now)
    return clock


def other_network():
    return build_network("mlp-tanh", rng=np.random.default_rng(99))


def test_it_is_the_network_that_would_be_kept_and_what_it_reads_of_the_validation_digits(run, tmp_path):
    glimpse = Glimpses(run, tmp_path).take()
    digits = run.validation.take(np.flatnonzero(run.validation.labels >= 0))
    assert glimpse == Glimpse(3, evaluate(run.kept, digits).tally.right, len(digits))
    network = other_network()
    assert glimpsed(glimpse, tmp_path, network)
    for name, value in run.kept.state().items():
        np.testing.assert_allclose(network.state()[name], value, rtol=1e-3, atol=1e-6)
    assert not np.allclose(next(iter(run.network.state().values())), next(iter(network.state().values())))


def test_of_many_validation_digits_some_are_read_from_all_over_them(run, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST", 20)
    assert 10 < Glimpses(run, tmp_path).take().count <= 20


def test_a_later_one_takes_the_place_of_an_earlier_one(run, tmp_path):
    glimpses = Glimpses(run, tmp_path)
    first = glimpses.take()
    run.step = 4
    second = glimpses.take()
    assert [path.name for path in tmp_path.iterdir()] == [GLIMPSE]
    assert not glimpsed(first, tmp_path, other_network())
    assert glimpsed(second, tmp_path, other_network())


def test_they_are_a_second_apart_or_more_where_they_take_long(run, tmp_path, clock, monkeypatch):
    glimpses = Glimpses(run, tmp_path)
    assert glimpses.are_due
    glimpses.take()
    clock.now += 0.9
    assert not glimpses.are_due
    clock.now += 0.2
    assert glimpses.are_due

    def slow(network, images):
        clock.now += 0.5
        return evaluate(network, images)

    monkeypatch.setattr(module, "evaluate", slow)
    glimpses.take()
    clock.now += 4.9
    assert not glimpses.are_due
    clock.now += 0.2
    assert glimpses.are_due


def test_what_fails_is_no_hindrance_to_the_training(run, tmp_path, monkeypatch):
    assert Glimpses(run, tmp_path / "gone").take() is None

    def astray(network, images):
        raise InferenceError("It is no number.")

    monkeypatch.setattr(module, "evaluate", astray)
    assert Glimpses(run, tmp_path).take() is None


def test_one_that_is_gone_damaged_or_of_another_network_is_none(run, tmp_path):
    glimpse = Glimpses(run, tmp_path).take()
    content = (tmp_path / GLIMPSE).read_bytes()
    network = other_network()
    before = {name: value.copy() for name, value in network.state().items()}
    assert not glimpsed(glimpse, tmp_path / "gone", network)
    assert not glimpsed(glimpse, tmp_path, build_network("lenet5", rng=np.random.default_rng(0)))
    (tmp_path / GLIMPSE).write_bytes(content[:1000])
    assert not glimpsed(glimpse, tmp_path, network)
    assert all(np.array_equal(before[name], value) for name, value in network.state().items())
