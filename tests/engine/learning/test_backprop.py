"""Parts of a batch add up to the batch, whoever learns them, and a death loses nothing but the run."""

import os
import signal

import numpy as np
import pytest

from engine import Confidence, Dataset, TrainingConfig, TrainingRun, build_network
from engine.errors import WorkerError
from engine.learning import backprop
from engine.learning.backprop import LocalBackprop, SharedBackprop, backprop_for, parts_of
from engine.learning.checkpoint import checkpointed, load_checkpoint
from engine.learning.training_config import TeacherFacts
from engine.machine import workers
from engine.nn.flat import FlatNetwork
from engine.nn.layers import Dropout
from engine.reading.committee import Committee
from tests.digit_templates import digit_images

SMALL = {"epochs": 2, "batch_size": 16, "validation_fraction": 0.2}


def flat_network(name, dtype=np.float32):
    return FlatNetwork(build_network(name, rng=np.random.default_rng(0)).astype(dtype))


def sure(name):
    """The same, in float64 and with no dropout, which draws for each part."""
    flat = flat_network(name, np.float64)
    for layer in flat.network.layers.values():
        if isinstance(layer, Dropout):
            layer.rate = 0.0
    return flat


def take_part_surely(config, teacher, seat):
    """What another process does with such a network."""
    flat = sure(config.architecture)
    flat.lie_in(seat.arrays["values"], flat.gradients, seat.arrays["part_buffers"][seat.index])
    return backprop._Part(flat, config, teacher, seat)


def batch(count):
    images, labels = digit_images(count, np.random.default_rng(1))
    return (images / np.float32(255)).astype(np.float32), labels


@pytest.fixture(scope="module")
def digits():
    return Dataset(*digit_images(75, np.random.default_rng(7)))


@pytest.fixture
def shared():
    """Makes what learns in several processes, and ends it."""
    made = []

    def make(flat, config, teacher=None):
        made.append(SharedBackprop(flat, config, (28, 28), teacher))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("processes", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [1, 4, 13, 14, 64])
def test_parts_are_all_of_the_batch_in_order_and_nearly_equal(count, processes):
    parts = parts_of(count, processes)
    assert [i for part in parts for i in range(count)[part]] == list(range(count))
    sizes = [part.stop - part.start for part in parts]
    assert len(parts) == (processes if count >= 2 * processes else 1)
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("name", ["lenet5", "best"])  # best normalises by the statistics of the batch
def test_the_parts_give_the_gradient_of_the_whole_batch(name, shared, monkeypatch):
    monkeypatch.setattr(backprop, "_take_part", take_part_surely)
    images, labels = batch(16)
    labels[3] = -1  # what is no digit
    results = []
    for processes in (1, 2):
        config = TrainingConfig(augmentation=None, batch_size=16, architecture=name, processes=processes)
        flat = sure(name)
        learner = shared(flat, config) if processes == 2 else LocalBackprop(flat, config)
        found = []
        for count in (16, 13):  # parts of 8 and 8, of 6 and 7
            loss = learner.loss_and_gradients(images[:count], labels[:count], 0)
            found += [loss, flat.gradients.copy(), flat.buffers.copy()]
        results.append(found)
    for whole, parts in zip(*results, strict=True):
        np.testing.assert_allclose(parts, whole, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["lenet5", "best"])
def test_the_parts_give_the_gradient_of_the_whole_batch_also_of_what_is_distilled(name, shared, monkeypatch):
    monkeypatch.setattr(backprop, "_take_part", take_part_surely)
    images, labels = batch(13)
    teacher = build_network(name, rng=np.random.default_rng(5))
    teacher.parameters[-2].value *= 100  # now it is sure of what it says, and of every other image right
    labels[::2] = teacher.logits(images)[::2].argmax(axis=1)
    gradients = []
    for processes, distil in ((1, 0.5), (2, 0.5), (1, 0.0)):
        config = TrainingConfig(
            augmentation=None, batch_size=16, architecture=name, processes=processes, start="it",
            distil=distil,
        )  # fmt: skip
        flat, taught_by = sure(name), teacher if distil else None
        learner = (
            shared(flat, config, taught_by) if processes == 2 else LocalBackprop(flat, config, taught_by)
        )
        gradients.append([learner.loss_and_gradients(images, labels, 0), *flat.gradients])
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-6, atol=1e-9)
    assert not np.allclose(gradients[2], gradients[0], rtol=1e-2)


def test_a_teacher_of_another_architecture_teaches_the_same_in_every_process(shared, monkeypatch):
    monkeypatch.setattr(backprop, "_take_part", take_part_surely)
    images, labels = batch(16)
    members = [
        (build_network(name, rng=np.random.default_rng(5)), Confidence()) for name in ("best", "cnn-2")
    ]
    for member, _ in members:
        member.parameters[-2].value *= 100
    teacher = Committee(members)
    labels[:] = teacher.logits(images).argmax(axis=1)
    gradients = []
    for processes in (1, 2):
        config = TrainingConfig(
            augmentation=None, batch_size=16, processes=processes, distil=0.5,
            teachers=(TeacherFacts("one", "ab"), TeacherFacts("two", "cd")),
        )  # fmt: skip
        flat = sure("lenet5")
        learner = shared(flat, config, teacher) if processes == 2 else LocalBackprop(flat, config, teacher)
        gradients.append([learner.loss_and_gradients(images, labels, 0), *flat.gradients])
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-6, atol=1e-9)
    alone = sure("lenet5")
    loss = LocalBackprop(alone, TrainingConfig(augmentation=None)).loss_and_gradients(images, labels, 0)
    assert loss != pytest.approx(gradients[0][0], rel=1e-2)


def test_by_share_each_part_is_normalised_by_itself(shared, monkeypatch):
    monkeypatch.setattr(backprop, "_take_part", take_part_surely)
    images, labels = batch(16)
    config = TrainingConfig(
        augmentation=None, batch_size=16, architecture="best", processes=2, statistics="share"
    )
    flat = sure("best")
    shared(flat, config).loss_and_gradients(images, labels, 0)
    halves = []
    for half in (slice(8), slice(8, None)):
        alone = sure("best")
        LocalBackprop(alone, TrainingConfig(augmentation=None)).loss_and_gradients(
            images[half], labels[half], 0
        )
        halves.append(alone)
    np.testing.assert_allclose(
        flat.gradients, (halves[0].gradients + halves[1].gradients) / 2, rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(flat.buffers, (halves[0].buffers + halves[1].buffers) / 2, rtol=1e-12)


def test_a_batch_too_small_for_all_is_learnt_here(shared):
    images, labels = batch(3)
    flat = flat_network("best")
    learner = shared(flat, TrainingConfig(architecture="best", augmentation=None, processes=2))
    learner.loss_and_gradients(images, labels, 0)
    alone = flat_network("best")
    LocalBackprop(alone, TrainingConfig(augmentation=None)).loss_and_gradients(images, labels, 0)
    assert flat.gradients.tobytes() == alone.gradients.tobytes()
    assert learner._team.arrays["buffers"].tobytes() == alone.buffers.tobytes()


@pytest.mark.parametrize("architecture", ["mlp-relu", "best", "lenet5-1998"])
def test_the_same_processes_give_the_same_bytes_also_on_one_core(architecture, digits, monkeypatch):
    config = TrainingConfig.for_architecture(architecture, **SMALL, processes=2, statistics="share")
    states = []
    for available in (2, 1):
        monkeypatch.setattr(backprop, "cores", lambda available=available: available)
        run = TrainingRun(digits, config)
        records = list(run)
        states.append([records[-2].loss, *(value.tobytes() for value in run.network.state().values())])
    assert states[0] == states[1]


def test_one_process_and_two_learn_alike_but_not_the_same_bytes(digits):
    runs = [TrainingRun(digits, TrainingConfig(**SMALL, augmentation=None, processes=n)) for n in (1, 2)]
    losses = [[record.loss for record in run if hasattr(record, "loss")] for run in runs]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-3)
    assert losses[0] != losses[1]


def test_a_run_that_goes_on_ends_in_the_same_bytes(digits):
    config = TrainingConfig(architecture="mlp-relu", **SMALL, processes=2)
    whole, first = TrainingRun(digits, config), TrainingRun(digits, config)
    list(whole)
    records = iter(first)
    for _ in range(3):
        next(records)
    state = first.state()
    records.close()
    second = TrainingRun.resume(digits, state)
    list(second)
    for name, value in whole.network.state().items():
        assert second.network.state()[name].tobytes() == value.tobytes(), name


def test_after_a_run_nothing_lies_in_shared_memory_and_nobody_works(digits, monkeypatch):
    teams = []
    monkeypatch.setattr(
        backprop,
        "Team",
        lambda *arguments, **options: teams.append(workers.Team(*arguments, **options)) or teams[-1],
    )
    run = TrainingRun(digits, TrainingConfig(**SMALL, processes=2))
    records = iter(run)
    next(records)
    pids = [process.pid for process in teams[0]._processes]
    learnt = run.network.state()
    assert any(np.shares_memory(p.value, teams[0].arrays["values"]) for p in run.network.parameters)
    records.close()
    assert not any(np.shares_memory(p.value, teams[0].arrays["values"]) for p in run.network.parameters)
    assert all(run.network.state()[name].tobytes() == value.tobytes() for name, value in learnt.items())
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_worker_that_is_killed_ends_the_run_and_the_checkpoint_is_whole(digits, tmp_path, monkeypatch):
    teams = []
    monkeypatch.setattr(
        backprop,
        "Team",
        lambda *arguments, **options: teams.append(workers.Team(*arguments, **options)) or teams[-1],
    )
    config = TrainingConfig(**SMALL, processes=2)
    run = TrainingRun(digits, config)
    with pytest.raises(WorkerError, match=r"A process that learns was ended .* fewer processes"):
        for record in checkpointed(run, tmp_path, every=0):
            if record.step == 2:
                os.kill(teams[0]._processes[0].pid, signal.SIGKILL)
    state, damage = load_checkpoint(tmp_path)
    assert (state.step, damage) == (2, "")
    assert state.config.processes == 2
    assert list(TrainingRun.resume(digits, state))[-1].epoch == 2


def test_without_memory_to_share_this_process_learns_alone(monkeypatch):
    def none_left(*arguments, **options):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(backprop, "Team", none_left)
    learner = backprop_for(flat_network("lenet5"), TrainingConfig(processes=2), (28, 28))
    assert isinstance(learner, LocalBackprop)
