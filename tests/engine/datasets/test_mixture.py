"""Mixtures: each example as often as its weight says, the same from equal seeds, whoever renders it."""

import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import mixture
from engine.datasets.dataset import Dataset
from engine.datasets.mixture import Mixture, join
from engine.datasets.not_digits import NotDigits
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.datasets.synthetic import SyntheticDigits, synthetic_digits
from engine.errors import ConfigurationError, WorkerError
from engine.ink.rasterize import PEN
from engine.ink.stroke_augmentation import StrokeAugmentation
from engine.learning.training import StepRecord, TrainingRun
from engine.learning.training_config import TrainingConfig
from engine.machine.processes import Processes


def pictures(count):
    """Images that can be told apart by their first pixel."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(count)
    return Dataset(images, np.arange(count) % 10)


def written(count, writers):
    drawings = synthetic_digits(count, rng=np.random.default_rng(9)).drawings
    return StrokeDataset(
        [StrokeDrawing(d.strokes, d.label, f"w{i % writers}") for i, d in enumerate(drawings)]
    )


@pytest.fixture(scope="module")
def parts():
    return {"pictures": pictures(24), "pens": written(30, writers=6), "made": SyntheticDigits(20)}


def same(a, b):
    return np.array_equal(a.images, b.images) and np.array_equal(a.labels, b.labels)


def test_an_epoch_holds_every_part_as_often_as_it_weighs(parts):
    mixed = Mixture(parts, weights={"pens": 2, "made": 0.5})
    epoch = mixed.of_epoch(1, seed=0)
    assert epoch.counts == {"pictures": 24, "pens": 60, "made": 10}
    assert len(mixed) == len(epoch) == 94
    assert epoch.images.dtype == np.uint8
    assert same(epoch.parts["pictures"], parts["pictures"])
    assert epoch.parts["pens"].labels.tolist() == 2 * parts["pens"].labels.tolist()


@given(count=st.integers(1, 40), weight=st.floats(0.1, 3.5), epoch=st.integers(1, 9))
def test_a_weight_is_how_often_an_example_is_seen(count, weight, epoch):
    if round(weight * count) == 0:
        with pytest.raises(ConfigurationError, match="nothing is ever seen"):
            Mixture({"p": pictures(count)}, weights={"p": weight})
        return
    mixed = Mixture({"p": pictures(count)}, weights={"p": weight})
    seen = np.bincount(mixed.of_epoch(epoch, seed=0).images[:, 0, 0], minlength=count)
    assert seen.sum() == len(mixed) == round(weight * count)
    assert seen.max() - seen.min() <= 1


def test_another_epoch_shows_other_examples_of_a_half_and_other_renderings(parts):
    mixed = Mixture(parts, weights={"pictures": 0.5})
    first, second = (mixed.of_epoch(epoch, seed=0).parts for epoch in (1, 2))
    assert not np.array_equal(first["pictures"].images[:, 0, 0], second["pictures"].images[:, 0, 0])
    for name in ("pens", "made"):
        assert np.array_equal(first[name].labels, second[name].labels)
        assert not (first[name].images == second[name].images).all(axis=(1, 2)).any()


@pytest.mark.parametrize("chunk", [7, 30, 250])
def test_a_drawing_that_is_seen_twice_is_rendered_twice(parts, chunk, monkeypatch):
    monkeypatch.setattr(mixture, "CHUNK", chunk)
    images = Mixture(parts, weights={"pens": 2}).of_epoch(1, seed=0).parts["pens"].images
    assert not (images[:30] == images[30:]).all(axis=(1, 2)).any()


def only(**amounts):
    """A stroke augmentation of nothing else."""
    return StrokeAugmentation(**{**{field.name: 0.0 for field in fields(StrokeAugmentation)}, **amounts})


def upright_lines(augmentation):
    """(80, 28, 28) in 0…1: an epoch of drawings of the same upright line."""
    lines = StrokeDataset([StrokeDrawing([[(0, 0), (0, 50), (0, 100)]], 1)] * 80)
    return Mixture({"lines": lines}, augmentation=augmentation).of_epoch(1, seed=0).images / 255


def test_drawings_of_an_epoch_are_varied_as_the_augmentation_has_it():
    same, turned = upright_lines(only()), upright_lines(only(rotation=40))
    assert np.ptp(same, axis=0).max() == 0
    widths = [np.ptp(np.flatnonzero(image.max(axis=0) > 0.5)) + 1 for image in turned]
    # an upright line is a pen wide, one turned by 40 degrees tan 40° = 0.84 times as wide as it is high
    assert min(widths) <= 4
    assert 14 <= max(widths) <= 0.84 * 20 + 2


def test_the_pen_of_an_epochs_drawings_varies_as_the_augmentation_has_it():
    widths = upright_lines(only(pen=0.4))[:, 14].sum(axis=1)  # px across the line
    pen = 20 * PEN
    assert widths.min() == pytest.approx(0.6 * pen, abs=0.2)
    assert widths.max() == pytest.approx(1.4 * pen, abs=0.2)
    assert upright_lines(only())[:, 14].sum(axis=1) == pytest.approx(pen, abs=0.2)


def test_an_epoch_is_a_function_of_seed_and_epoch_alone(parts):
    epochs = [Mixture(parts).of_epoch(3, seed=1)]
    resumed = Mixture(parts)
    resumed.of_epoch(2, seed=1)
    epochs += [resumed.of_epoch(3, seed=1), resumed.of_epoch(3, seed=1)]
    assert all(same(epochs[0], epoch) for epoch in epochs)
    assert not same(epochs[0], Mixture(parts).of_epoch(3, seed=2))


def test_processes_change_nothing_of_the_images_and_are_gone_after_closing(parts, monkeypatch):
    monkeypatch.setattr(mixture, "FEW", 10)
    monkeypatch.setattr(mixture, "CHUNK", 20)
    alone = Mixture(parts)
    with Processes(2) as processes:
        helped = Mixture(parts, processes=processes)
        for epoch in (1, 1, 2, 3):
            assert same(helped.of_epoch(epoch, seed=5), alone.of_epoch(epoch, seed=5))
        executor = processes._executor
        workers = list(executor._processes.values())
        assert workers
    assert not any(worker.is_alive() for worker in workers)


def test_what_was_split_off_leaves_the_processes_to_their_owner(parts, monkeypatch):
    monkeypatch.setattr(mixture, "FEW", 10)
    with Processes(1) as processes:
        mixed = Mixture(parts, processes=processes)
        rest, _ = mixed.split(0.25, rng=np.random.default_rng(0))
        rest.of_epoch(1, seed=0)
        del rest
        assert mixed.of_epoch(1, seed=0).counts


def test_a_weight_for_no_part_is_told(parts):
    with pytest.raises(ConfigurationError, match="a weight for pencils, but no such part"):
        Mixture(parts, weights={"pencils": 2.0})


def test_few_drawings_start_no_process(parts):
    with Processes(2) as processes:
        Mixture(parts, processes=processes).of_epoch(1, seed=0)
        assert processes._executor is None


def test_a_process_that_was_killed_is_told(parts, monkeypatch):
    monkeypatch.setattr(mixture, "FEW", 10)
    with Processes(1) as processes:
        mixed = Mixture(parts, processes=processes)
        mixed.of_epoch(1, seed=0)
        for worker in processes._executor._processes.values():
            worker.kill()
        with pytest.raises(WorkerError, match="was ended from outside"):
            for epoch in range(2, 9):
                mixed.of_epoch(epoch, seed=0)


def test_a_process_that_was_killed_before_the_next_epoch_began_is_told(parts, monkeypatch):
    monkeypatch.setattr(mixture, "FEW", 10)
    with Processes(1) as processes:
        mixed = Mixture(parts, processes=processes)
        mixed.of_epoch(1, seed=0)
        endless = processes.submit(time.sleep, 600)
        for worker in processes._executor._processes.values():
            worker.kill()
        assert isinstance(endless.exception(timeout=60), BrokenProcessPool)  # now it is known
        with pytest.raises(WorkerError, match="was ended from outside"):
            mixed.of_epoch(2, seed=0)


def test_an_epoch_that_is_not_wanted_any_more_is_not_rendered(parts, monkeypatch):
    """As after going on with a training: the first epoch is read, and then a later one."""
    monkeypatch.setattr(mixture, "FEW", 10)
    processes = Processes(1)
    mixed = Mixture(parts, processes=processes)
    submitted = []

    def submit(function, drawings, augmentation, seed):
        _, _, epoch, *_ = seed
        future = Future()
        if epoch in (1, 5):
            future.set_result(function(drawings, augmentation, seed))
        submitted.append((epoch, future))
        return future

    monkeypatch.setattr(processes, "submit", submit)
    mixed.of_epoch(1, seed=0)
    mixed.of_epoch(5, seed=0)
    assert {epoch for epoch, future in submitted if future.cancelled()} == {2}
    assert {epoch for epoch, future in submitted if not future.done()} == {6}


def test_a_split_takes_images_writers_and_fresh_digits(parts):
    rest, validation = Mixture(parts).split(0.25, rng=np.random.default_rng(0))
    assert validation.counts == {"pictures": 6, "pens": 10, "made": 5}
    both = [*rest.of_epoch(1, seed=0).parts["pictures"].images, *validation.parts["pictures"].images]
    assert sorted(image[0, 0] for image in both) == list(range(24))
    assert len(rest.parts["pens"].writers) == 4
    aside = parts["pens"].of_writers(set(parts["pens"].writers) - set(rest.parts["pens"].writers))
    assert same(validation.parts["pens"], aside.rendered())  # as they are: nothing is varied
    assert rest.of_epoch(1, seed=0).counts["made"] == 20


def test_the_weights_and_augmentation_outlive_a_split(parts):
    mixed = Mixture(parts, weights={"pens": 3}, augmentation=None)
    rest, _ = mixed.split(0.25, rng=np.random.default_rng(0))
    pens = rest.of_epoch(1, seed=0).parts["pens"]
    assert len(pens) == 3 * 20
    assert same(pens.take(slice(20)), rest.parts["pens"].rendered())


def test_images_of_different_kinds_cannot_be_joined():
    photographs = Dataset(np.zeros((2, 3, 32, 32), np.uint8), np.zeros(2, np.int64))
    with pytest.raises(
        ConfigurationError, match=r"digits: uint8 of \(28, 28\), photos: uint8 of \(3, 32, 32\)"
    ):
        join({"digits": pictures(2), "photos": photographs})


def test_a_run_on_a_mixture_goes_on_in_another_process_to_the_same_bytes(rng):
    images = Dataset(rng.integers(0, 256, (30, 28, 28), np.uint8), rng.integers(0, 10, 30))
    parts = {"images": images, "synthetic": SyntheticDigits(40), "not-digits": NotDigits(20)}
    config = TrainingConfig(architecture="mlp-tanh", epochs=3, batch_size=16)

    whole = TrainingRun(Mixture(parts), config)
    for record in whole:
        if record.step == 7 and isinstance(record, StepRecord):  # amid the second epoch
            state = whole.state()
    again = TrainingRun.resume(Mixture(parts), state)
    records = list(again)
    assert records[0].step == 8
    ends = [run.network.state() for run in (whole, again)]
    assert all(np.array_equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_a_run_renders_as_many_epochs_as_it_has(parts, monkeypatch):
    monkeypatch.setattr(mixture, "FEW", 0)
    processes = Processes(1)
    rendered = []

    def submit(function, drawings, augmentation, seed):
        _, _, epoch, *_ = seed
        rendered.append(epoch)
        future = Future()
        future.set_result(function(drawings, augmentation, seed))
        return future

    monkeypatch.setattr(processes, "submit", submit)
    config = TrainingConfig(architecture="mlp-relu", epochs=2, validation_fraction=0.2, augmentation=None)
    list(TrainingRun(Mixture(parts, processes=processes), config))
    assert set(rendered) == {1, 2}
