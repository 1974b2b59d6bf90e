"""Snapshots: which steps they are of, what they hold, and that a run that was killed keeps them whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Dataset, TrainingConfig, TrainingRun, build_network
from engine.learning import snapshots
from engine.learning.checkpoint import load_checkpoint, save_checkpoint
from engine.learning.snapshots import MOST, Snapshots, snapshot_steps
from tests.digit_templates import digit_images


@pytest.fixture(scope="module")
def digits():
    return Dataset(*digit_images(100, np.random.default_rng(7)))


# 20 steps an epoch, 60 in all, with an average: what is filmed is what is kept
CONFIG = TrainingConfig(batch_size=4, validation_fraction=0.2, epochs=3, weight_average=0.9, keep="last")


@pytest.fixture(scope="module")
def whole(digits):
    run = TrainingRun(digits, CONFIG)
    list(run)
    return run


def test_the_steps_are_dense_at_first_and_end_with_the_last():
    assert snapshot_steps(1000, 8) == [0, 1, 3, 10, 32, 101, 318, 1000]  # 10^0.5 times the last
    assert snapshot_steps(5, 8) == [0, 1, 2, 3, 4, 5]


@given(st.integers(1, 10**7), st.integers(8, 64))
def test_there_are_as_many_as_are_asked_for_from_the_first_to_the_last(total, most):
    steps = snapshot_steps(total, most)
    assert len(steps) == min(total + 1, most)
    assert (steps[0], steps[-1]) == (0, total)
    assert steps == sorted(set(steps))


def test_a_run_keeps_them_from_the_random_network_to_the_chosen_one(whole, digits):
    assert whole.snapshots.steps.tolist() == snapshot_steps(60)
    assert len(whole.snapshots.weights) == MOST
    random = TrainingRun(digits, CONFIG).network
    for place, network in ((0, random), (-1, whole.network)):
        values = np.concatenate([array.value.ravel() for array in network.arrays])
        np.testing.assert_allclose(whole.snapshots.weights[place], values, rtol=1e-3, atol=1e-6)


def test_the_same_seed_gives_the_same_bytes(whole, digits):
    again = TrainingRun(digits, CONFIG)
    list(again)
    assert again.snapshots.weights.tobytes() == whole.snapshots.weights.tobytes()


@pytest.mark.parametrize("stop", [1, 7, 21, 60])
def test_a_run_that_was_killed_ends_with_the_same_film(whole, digits, tmp_path, stop):
    run = TrainingRun(digits, CONFIG)
    for record in run:
        if record.step == stop:
            break
    save_checkpoint(run.state(), tmp_path)
    resumed = TrainingRun.resume(digits, load_checkpoint(tmp_path)[0])
    list(resumed)
    assert resumed.snapshots.steps.tolist() == whole.snapshots.steps.tolist()
    assert resumed.snapshots.weights.tobytes() == whole.snapshots.weights.tobytes()


def test_a_checkpoint_that_knew_of_none_is_gone_on_with(whole, digits):
    run = TrainingRun(digits, CONFIG)
    next(iter(run))
    state = run.state()
    state = type(state)(**{**vars(state), "arrays": {k: v for k, v in state.arrays.items() if k != "film"}})
    resumed = TrainingRun.resume(digits, state)
    list(resumed)
    assert resumed.snapshots.steps.tolist() == whole.snapshots.steps.tolist()[1:]


def test_one_that_is_finished_early_ends_with_its_last_step(digits):
    last = 43
    assert last not in snapshot_steps(60)  # so that nothing but its end asks for it
    run = TrainingRun(digits, CONFIG)
    for record in run:
        if record.step == last:
            break
    run.finish()
    assert run.snapshots.steps.tolist() == [*(step for step in snapshot_steps(60) if step < last), last]


def test_all_of_them_stay_within_their_bytes(monkeypatch, rng):
    network = build_network("mlp-tanh", rng=rng)
    numbers = sum(array.value.size for array in network.arrays)
    monkeypatch.setattr(snapshots, "MOST_BYTES", 2 * numbers * 10)
    found = Snapshots(network, 1000)
    for step in range(1001):
        found.take(step, network)
    assert len(found.steps) == 10
    assert found.weights.nbytes <= snapshots.MOST_BYTES
    monkeypatch.setattr(snapshots, "MOST_BYTES", 2 * numbers * 7)
    none = Snapshots(network, 1000)
    none.take(0, network)
    none.take(1000, network, is_last=True)
    assert len(none.steps) == 0


def test_numbers_beyond_a_half_stay_finite(rng):
    network = build_network("mlp-tanh", rng=rng)
    network.parameters[0].value[...] = 1e6
    found = Snapshots(network, 100)
    found.take(0, network)
    assert np.isfinite(found.weights).all()
