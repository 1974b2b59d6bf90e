"""A sweep learns each epoch once, wherever it does, and goes on from whatever was written."""

import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from types import SimpleNamespace

import numpy as np
import pytest

from app.data.selection import parse_selection
from app.jobs import sweeping
from app.jobs.sweeping import LocalPool, begun, best_of, learn_epoch, swept
from engine import TrainingRun
from engine.errors import CheckpointError, DatasetError, TrainingError, WorkerError
from engine.learning.checkpoint import unpacked
from engine.learning.sweep import Halving, SweepPlan
from engine.learning.training import EpochRecord
from engine.learning.training_config import TrainingConfig
from tests.digit_templates import write_mnist

BASE = {
    "dataset": "synthetic", "drawings": 30, "epochs": 3, "batch_size": 10,
    "validation_fraction": 0.2, "augmentation": "none", "architecture": "cnn-2",
}  # fmt: skip
PLAN = SweepPlan(base=BASE, grid={"learning_rate": [0.001, 0.005, 0.02], "seed": [0]})


class Here:
    """A pool that learns here, and counts; some pieces it loses."""

    losses = (BrokenProcessPool,)
    send = None

    def __init__(self, lose=()):
        self.learnt, self.renewed, self._lose = [], 0, list(lose)

    def submit(self, function, settings, content, data, *files):
        coming: Future[bytes] = Future()
        epoch = 1 if content is None else len(unpacked(content, "sent").history) + 1
        piece = settings["learning_rate"], epoch
        if piece in self._lose:
            self._lose.remove(piece)
            coming.set_exception(BrokenProcessPool("gone"))
            return coming
        self.learnt.append(piece)
        try:
            coming.set_result(function(settings, content, data, *files))
        except (TrainingError, DatasetError) as error:
            coming.set_exception(error)
        return coming

    def renew(self):
        self.renewed += 1


def weights(training):
    return {name: array.tobytes() for name, array in training.state.arrays["chosen"].items()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The sweep that was left alone, once for all: (trainings, what was told, the pool, the folder)."""
    folder = tmp_path_factory.mktemp("whole")
    trainings, pool = begun(PLAN, folder), Here()
    told = [(training.trial.number, training.epoch) for training in swept(PLAN, trainings, pool, data=None)]
    return trainings, told, pool, folder


def test_all_are_learnt_to_their_end_each_epoch_once(whole):
    trainings, told, pool, _ = whole
    assert sorted(told) == [(number, epoch) for number in (1, 2, 3) for epoch in (1, 2, 3)]
    assert sorted(pool.learnt) == sorted(set(pool.learnt))
    assert all(training.state.has_ended for training in trainings)
    best = best_of(trainings)
    accuracies = [training.best().validation_accuracy for training in trainings]
    assert best.best().validation_accuracy == max(accuracies)


def test_in_pieces_a_training_ends_in_the_bytes_of_one_that_is_whole(whole, tmp_path):
    in_pieces, *_ = whole[0][1:]
    config = in_pieces.trial.config
    with sweeping.find_selection("synthetic", tmp_path).training_data(tmp_path, config, workers=0) as data:
        run = TrainingRun(data, config)
        list(run)
    assert {name: array.tobytes() for name, array in run.network.state().items()} == weights(in_pieces)


def test_a_sweep_that_was_killed_goes_on_and_repeats_nothing(whole, tmp_path):
    first, folder = Here(), tmp_path / "killed"
    coming = swept(PLAN, begun(PLAN, folder), first, data=None)
    for _ in range(4):
        next(coming)
    coming.close()
    second, trainings = Here(), begun(PLAN, folder)
    assert sum(training.epoch for training in trainings) == 4
    list(swept(PLAN, trainings, second, data=None))
    assert len(second.learnt) == 9 - 4
    assert [weights(training) for training in trainings] == [weights(training) for training in whole[0]]


def test_by_halving_those_that_read_worse_end_early_also_after_a_kill(tmp_path):
    plan = SweepPlan(base=BASE, grid={"learning_rate": [1e-6, 0.005, 0.004, 1e-5]}, halving=Halving(2, 1))
    for stop in (None, 5):
        folder, pool = tmp_path / str(stop), Here()
        trainings = begun(plan, folder)
        coming = swept(plan, trainings, pool, data=None)
        if stop is not None:
            for _ in range(stop):
                next(coming)
            coming.close()
            trainings, pool = begun(plan, folder), Here()
            coming = swept(plan, trainings, pool, data=None)
        list(coming)
        assert sorted(training.epoch for training in trainings) == [1, 1, 2, 3]
        assert [training.is_out for training in trainings].count(True) == 3
        assert trainings[0].is_out
        assert trainings[3].is_out
        assert sorted(pool.learnt) == sorted(set(pool.learnt))
        assert best_of(trainings).trial.number in (2, 3)


def test_those_that_go_on_are_chosen_by_what_they_read_at_the_rung(tmp_path):
    """After a kill some have learnt on: what they read now is not what they are compared by."""
    plan = SweepPlan(base=BASE, grid={"learning_rate": [0.001, 0.002]}, halving=Halving(2, 1))
    trainings = begun(plan, tmp_path)
    for training, accuracies in zip(trainings, ([0.8], [0.5, 0.9]), strict=True):
        history = [
            EpochRecord(epoch, epoch, 0.1, 1.0, accuracy, 1.0, accuracy, 1.0)
            for epoch, accuracy in enumerate(accuracies, start=1)
        ]
        training.state = SimpleNamespace(history=history, has_ended=False)

    class Nobody(Here):
        def submit(self, *arguments):
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt, AttributeError):  # such a state cannot be sent
        list(swept(plan, trainings, Nobody(), data=None))
    assert [training.is_out for training in trainings] == [False, True]


def test_what_goes_astray_is_told_and_holds_nobody_up(tmp_path, monkeypatch):
    def astray(settings, content, data):
        if settings["learning_rate"] == 0.005:
            raise TrainingError("The loss is 1e+09.")
        return learn_epoch(settings, content, data)

    monkeypatch.setattr(sweeping, "learn_epoch", astray)
    trainings = begun(PLAN, tmp_path)
    list(swept(PLAN, trainings, Here(), data=None))
    assert [training.failure for training in trainings] == ["", "The loss is 1e+09.", ""]
    assert best_of(trainings).trial.number != 2


def test_a_piece_that_is_lost_is_learnt_again_twice_then_told(tmp_path):
    pool = Here(lose=[(0.005, 2)] * 2)
    trainings = begun(PLAN, tmp_path / "twice")
    list(swept(PLAN, trainings, pool, data=None))
    assert pool.renewed == 2
    assert all(training.state.has_ended for training in trainings)
    with pytest.raises(WorkerError, match="training 2 was ended from outside 3 times"):
        list(swept(PLAN, begun(PLAN, tmp_path / "thrice"), Here(lose=[(0.005, 2)] * 3), data=None))


def test_a_folder_of_another_sweep_is_refused(whole):
    other = SweepPlan(base={**BASE, "epochs": 4}, grid=PLAN.grid)
    with pytest.raises(CheckpointError, match="with other settings than number 1 of this sweep"):
        begun(other, whole[3])


def test_processes_that_are_killed_cost_an_epoch_at_most(whole, tmp_path):
    """Real processes: one is killed amid the sweep, which ends in the bytes of one that was left alone."""
    pool, trainings = LocalPool(2), begun(PLAN, tmp_path / "killed")
    try:
        for count, _ in enumerate(swept(PLAN, trainings, pool, data=None)):
            if count == 2:
                os.kill(pool.submit(os.getpid).result(), signal.SIGKILL)
    finally:
        pool.close()
    assert [weights(training) for training in trainings] == [weights(training) for training in whole[0]]


def test_examples_are_those_of_the_configuration_and_kept(tmp_path):
    config = TrainingConfig(**{**BASE, "augmentation": None})
    examples = sweeping._Examples()
    first = examples.of(tmp_path, config)
    assert examples.of(tmp_path, TrainingConfig(**{**BASE, "augmentation": None, "seed": 5})) is first
    other = examples.of(tmp_path, TrainingConfig(**{**BASE, "augmentation": None, "drawings": 70}))
    assert len(other) != len(first)


class Elsewhere(Here):
    """A pool whose processes have no data of their own; the second tells so when the first was sent it."""

    def __init__(self, monkeypatch, folder, **more):
        super().__init__(**more)
        self.sent, self._monkeypatch, self._folder = [], monkeypatch, folder
        self._late = Future()

    def send(self, key, make):
        if key not in self.sent:
            self.sent.append(key)
            self._made = make()
        return self._made

    def submit(self, function, settings, content, data, *files):
        with self._monkeypatch.context() as patch:
            patch.setenv("DIGITS_DATA", str(self._folder / "nothing"))
            coming = super().submit(function, settings, content, None, *files)
        if files and not self._late.done():
            self._late.set_exception(DatasetError("There is none here either."))
        is_second = settings["learning_rate"] == 0.02 and isinstance(coming.exception(), DatasetError)
        return self._late if is_second and not files else coming


MNIST = SweepPlan(
    base={**BASE, "dataset": "mnist,synthetic:0.5", "epochs": 2}, grid={"learning_rate": [0.001, 0.02]}
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    write_mnist(tmp_path / "data", train=60, test=5, rng=np.random.default_rng(1))
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize("lose", [[], [(0.02, 1)]])
def test_who_has_no_data_is_sent_it_once_and_learns_the_same(tmp_path, monkeypatch, data, lose):
    here = begun(MNIST, tmp_path / "here")
    list(swept(MNIST, here, LocalPool(0), data=None))
    pool, there = Elsewhere(monkeypatch, tmp_path, lose=lose), begun(MNIST, tmp_path / "there")
    assert len(list(swept(MNIST, there, pool, data=None))) == 4
    assert pool.sent == ["mnist,synthetic:0.5"]
    assert [weights(training) for training in there] == [weights(training) for training in here]


def test_what_was_sent_is_kept_until_something_else_is(tmp_path, data):
    config = TrainingConfig(**{**BASE, "dataset": "mnist", "augmentation": None})
    selection, examples = parse_selection("mnist"), sweeping._Examples()
    sent, other = (
        selection.read_files(data),
        {"mnist": selection.read_files(data)["mnist"].take(slice(0, 30))},
    )
    nowhere = tmp_path / "nowhere"
    first = examples.of(nowhere, config, sent)
    assert len(first) == 60
    assert examples.of(nowhere, config, sent) is first
    assert len(examples.of(nowhere, config, other)) == 30
    with pytest.raises(DatasetError):
        examples.of(nowhere, config)


def test_data_that_nobody_has_is_told_as_that(tmp_path, monkeypatch, data):
    pool = Elsewhere(monkeypatch, tmp_path)
    with pytest.raises(DatasetError, match=r"nothing-here"):
        list(swept(MNIST, begun(MNIST, tmp_path / "there"), pool, data=tmp_path / "nothing-here"))


def test_data_that_is_no_use_where_it_was_sent_is_told_and_not_sent_for_ever(tmp_path, monkeypatch, data):
    pool = Elsewhere(monkeypatch, tmp_path)
    pool.send = lambda key, make: {}  # not what was asked for
    with pytest.raises(DatasetError):
        list(swept(MNIST, begun(MNIST, tmp_path / "there"), pool, data=None))
