"""Training: runs learn, repeat bit for bit, and choose their epoch on validation images alone.

Then every option: it runs, and it changes what it should.
"""

import csv
import time
from dataclasses import replace
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest

from engine import (
    Augmentation,
    Confidence,
    Dataset,
    TrainingConfig,
    TrainingRun,
    build_network,
    evaluate,
)
from engine.errors import ConfigurationError, ShapeError, TrainingError
from engine.ink.augmentation import FlipAndShift
from engine.learning.optimizers import OPTIMIZERS
from engine.learning.schedules import SCHEDULE_NAMES
from engine.learning.training import EpochRecord, StepRecord, history_csv
from engine.learning.training_config import MOST, TeacherFacts
from engine.nn.architectures import ARCHITECTURES
from engine.nn.curvature import curvatures
from engine.nn.losses import LOSSES, SOFTENING
from engine.nn.network import Network
from tests.digit_templates import digit_images
from tests.engine.blas import blas_threads


@pytest.fixture(scope="module")
def digits():
    return Dataset(*digit_images(200, np.random.default_rng(7)))


SMALL = {"batch_size": 16, "validation_fraction": 0.2, "epochs": 3}


def test_a_short_run_learns_the_digits(digits):
    run = TrainingRun(digits, TrainingConfig(**{**SMALL, "epochs": 8}))
    epochs = [record for record in run if isinstance(record, EpochRecord)]
    assert epochs[-1].validation_accuracy > 0.95
    assert epochs[-1].train_loss < epochs[0].train_loss


def test_every_step_and_every_epoch_gives_a_record(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL))
    records = list(run)
    steps = [record for record in records if isinstance(record, StepRecord)]
    assert [record.step for record in steps] == list(range(1, 31))
    assert sum(record.examples for record in steps if record.epoch == 2) == 160
    assert [r.epoch for r in records if isinstance(r, EpochRecord)] == [1, 2, 3]
    assert run.history == [r for r in records if isinstance(r, EpochRecord)]


def test_validation_images_are_never_trained_on(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL))
    train = {image.tobytes() for image in run.train.images}
    assert len(run.train) == 160
    assert len(run.validation) == 40
    assert not any(image.tobytes() in train for image in run.validation.images)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(digits):
    def train(seed):
        run = TrainingRun(digits, TrainingConfig(**{**SMALL, "seed": seed}))
        list(run)
        return b"".join(parameter.value.tobytes() for parameter in run.network.parameters)

    assert train(1) == train(1)
    assert train(1) != train(2)


def test_the_network_ends_with_the_chosen_epochs_weights(digits):
    # a learning rate this high makes epochs go up and down
    run = TrainingRun(digits, TrainingConfig(**{**SMALL, "epochs": 6, "learning_rate": 0.03}))
    list(run)
    best = max(run.history, key=lambda r: (r.validation_accuracy, -r.validation_loss))
    assert run.best == best
    validation = evaluate(run.network, run.validation)
    assert validation.accuracy == best.validation_accuracy
    assert validation.loss == pytest.approx(best.validation_loss)


def test_train_and_validation_figures_are_measured_after_the_epoch(digits):
    run = TrainingRun(digits, TrainingConfig(**{**SMALL, "epochs": 1}))
    list(run)
    record = run.history[0]
    assert record.train_loss == pytest.approx(
        evaluate(run.network, run.train.take(slice(None, None, 4))).loss
    )
    assert record.validation_loss == pytest.approx(evaluate(run.network, run.validation).loss)


def test_augmentation_is_fresh_at_every_epoch(digits):
    seen = []

    class Spy(Augmentation):
        def __call__(self, images, *, rng):
            varied = super().__call__(images, rng=rng)
            seen.extend(image.tobytes() for image in varied)
            return varied

    list(TrainingRun(digits, TrainingConfig(**SMALL, augmentation=Spy())))
    assert len(seen) == 3 * 160
    assert len(set(seen)) == len(seen)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_loss_that_explodes_stops_the_run_and_keeps_the_last_good_weights(digits, monkeypatch):
    monkeypatch.setitem(MOST, "learning_rate", np.inf)
    config = TrainingConfig(**SMALL, optimizer="sgd", learning_rate=1e6, schedule="constant")
    run = TrainingRun(digits, config)
    with (
        np.errstate(all="ignore"),
        pytest.raises(TrainingError, match=r"at step \d+ of epoch 1.*1e\+06\. Lower the learning rate"),
    ):
        list(run)
    assert all(np.isfinite(parameter.value).all() for parameter in run.network.parameters)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_last_step_that_explodes_stops_the_run_and_keeps_the_last_good_weights(digits, monkeypatch):
    """Its own loss is that before it: only the measuring after the epoch tells."""
    monkeypatch.setitem(MOST, "learning_rate", np.inf)
    config = TrainingConfig(
        epochs=1, batch_size=1000, optimizer="sgd", learning_rate=1e30, schedule="constant"
    )
    run = TrainingRun(digits, config)
    start = run.network.state()
    with (
        np.errstate(all="ignore"),
        pytest.raises(
            TrainingError, match=r"The loss is nan at step \d+ of epoch 1, .*1e\+30\. Lower the learning rate"
        ),
    ):
        list(run)
    assert run.history == []
    assert all(np.array_equal(start[name], value) for name, value in run.network.state().items())


def test_history_is_a_csv_with_named_columns(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL))
    list(run)
    rows = list(csv.DictReader(StringIO(history_csv(run.history))))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert float(rows[1]["validation_loss"]) == pytest.approx(run.history[1].validation_loss, rel=1e-5)


def test_history_gives_counts_in_full_and_measures_in_six_digits():
    record = EpochRecord(859, 1475123, 0.00123456789, 1 / 3, 0.5, 2 / 3, 0.25, 86412.57)
    assert history_csv([record]).splitlines()[1] == (
        "859,1475123,0.00123457,0.333333,0.5,0.666667,0.25,86412.6"
    )


# **** randomness: a function of the seed, of what it is for, and of the epoch or the step ****


def test_a_run_that_was_left_goes_on_where_it_was(digits):
    whole, left = (TrainingRun(digits, TrainingConfig(**SMALL)) for _ in range(2))
    list(whole)
    for _record in left:
        if left.step == 15:
            break
    rest = [record.step for record in left if isinstance(record, StepRecord)]
    assert rest == list(range(16, 31))
    assert weights(left) == weights(whole)


def test_a_run_may_be_finished_amid_an_epoch_with_what_it_has_learnt(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL, keep="last"))
    for record in run:
        if record.step == 13:  # of 10 an epoch
            break
    learnt = run.network.state()
    last = run.finish()
    assert (last.epoch, last.step) == (2, 13)
    assert run.history[1:] == [last] == [run.best]
    assert all(np.array_equal(run.network.state()[name], learnt[name]) for name in learnt)
    assert last.validation_accuracy == evaluate(run.network, run.validation).accuracy
    assert run.facts().ended_after == 13
    assert list(run) == []  # it is over


def test_a_run_that_is_finished_early_keeps_the_epoch_that_it_would_have_chosen(digits, monkeypatch):
    run = TrainingRun(digits, TrainingConfig(**SMALL, keep="best"))
    for record in run:
        if isinstance(record, EpochRecord):
            chosen = run.network.state()
            run.history[0] = replace(record, validation_accuracy=1.1)  # no later one is as good
        if record.step == 13:
            break
    run.finish()
    assert run.best.epoch == 1
    assert all(np.array_equal(run.network.state()[name], chosen[name]) for name in chosen)


def test_a_run_that_is_finished_between_two_epochs_measures_nothing_anew(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL))
    next(record for record in run if isinstance(record, EpochRecord))
    assert run.finish() is None
    assert len(run.history) == 1
    assert run.facts().ended_after == 10


def test_before_its_first_step_there_is_nothing_to_finish(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL))
    with pytest.raises(TrainingError, match="no step"):
        run.finish()
    list(run)
    assert run.facts().ended_after is None


def test_order_and_augmentation_of_an_epoch_do_not_depend_on_the_epochs_before(digits, monkeypatch):
    """The second epoch of a run shows the same images whatever came in the first."""
    seen = {}

    def learn(network, images, labels, **settings):
        seen[-1].append(images.tobytes())
        return 1.0

    monkeypatch.setattr(Network, "loss_and_gradients", learn)
    for start in (1, 2):
        seen[-1] = seen[start] = []
        run = TrainingRun(digits, TrainingConfig(**SMALL))
        if start == 2:
            first = EpochRecord(1, 10, 0.1, 1.0, 0.5, 1.0, 0.5, 1.0)
            run = TrainingRun.resume(digits, replace(run.state(), step=10, history=[first]))
        list(run)
    assert seen[2] == seen[1][10:]
    assert len(set(seen[1])) == 30


@pytest.mark.parametrize("keep", ["best", "last"])
def test_network_ends_with_the_epoch_that_is_to_be_kept(keep, few, monkeypatch):
    scripted(monkeypatch, [1.0, 0.5, 0.8])
    run = TrainingRun(few, TrainingConfig(**{**QUICK, "epochs": 3}, keep=keep))
    after = [weights(run) for record in run if isinstance(record, EpochRecord)]
    epoch = {"best": 2, "last": 3}[keep]
    assert run.best == run.history[epoch - 1]
    assert run.facts().chosen.epoch == epoch
    assert weights(run) == after[epoch - 1]


@pytest.mark.parametrize(
    ("epochs", "best"),  # (validation accuracy, validation loss) of each
    [
        ([(0.9, 0.5), (0.8, 0.1), (0.7, 0.2)], 1),  # the least loss is not asked for
        ([(0.8, 0.1), (0.9, 0.3), (0.9, 0.2), (0.9, 0.4)], 3),  # only among equals
        ([(0.9, 0.2), (0.9, 0.2)], 1),  # of equals in both the first
    ],
)
def test_the_epoch_to_keep_is_the_most_accurate_and_of_equals_that_of_the_lowest_loss(epochs, best, few):
    run = TrainingRun(few, TrainingConfig(**{**QUICK, "epochs": len(epochs)}))
    history = [
        EpochRecord(number, 3 * number, 0.1, 1.0, 0.5, loss, accuracy, 1.0)
        for number, (accuracy, loss) in enumerate(epochs, start=1)
    ]
    run = TrainingRun.resume(few, replace(run.state(), step=3 * len(epochs), history=history))
    assert run.best.epoch == best
    assert run.facts().chosen.epoch == best


def test_seconds_count_from_the_beginning_and_leave_out_the_time_between_two_processes(few, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    config = TrainingConfig(**{**QUICK, "epochs": 3})
    run = TrainingRun(few, config)
    for record in run:
        if isinstance(record, StepRecord):
            now += 2.5  # each takes as long
        if record.step == 4:
            break
    assert [record.seconds for record in run.history] == [7.5]  # three steps
    state = run.state()
    assert state.seconds == 10
    now += 5000  # while nothing runs
    run = TrainingRun.resume(few, state)
    for record in run:
        if isinstance(record, StepRecord):
            now += 2.5
    assert [record.seconds for record in run.history] == [7.5, 15, 22.5]
    assert run.facts().seconds == 22.5


# **** what it learns from ****


class Growing:
    """Ten thousand digits, of which each epoch shows thirty others, and three things that are no digits."""

    def __init__(self, digits):
        self.digits, self.asked = digits, []

    def __len__(self):
        return 33

    def split(self, fraction, *, rng):
        train, validation = self.digits.split(fraction, rng=rng)
        return Growing(train), validation

    def of_epoch(self, epoch, *, seed, is_last=False):
        self.asked.append((epoch, seed))
        shown = self.digits.take(slice(30 * epoch - 30, 30 * epoch))
        labels = np.concatenate([shown.labels, [-1, -1, -1]])
        return Dataset(np.concatenate([shown.images, shown.images[:3]]), labels)


def test_a_data_set_may_show_other_examples_at_each_epoch(digits, monkeypatch):
    seen = []

    def learn(network, images, labels, **settings):
        seen.append(labels)
        return 1.0

    monkeypatch.setattr(Network, "loss_and_gradients", learn)
    config = TrainingConfig(**SMALL, augmentation=None, seed=5)
    run = TrainingRun(Growing(digits), config)
    records = list(run)
    assert run.train.asked == [(1, 5), (1, 5), (2, 5), (3, 5)]
    assert run.steps_per_epoch == 3
    assert [r.step for r in records if isinstance(r, EpochRecord)] == [3, 6, 9]
    for epoch in (1, 2, 3):
        shown = run.train.digits.labels[30 * epoch - 30 : 30 * epoch]
        assert sorted(np.concatenate(seen[3 * epoch - 3 : 3 * epoch])) == sorted([*shown, -1, -1, -1])


def test_what_is_no_digit_is_not_in_the_figures_of_the_training_images(digits):
    run = TrainingRun(Growing(digits), TrainingConfig(**SMALL))
    assert len(run._probe) == 30
    assert run._probe.labels.min() >= 0


# **** options: each runs, and changes what it should ****

QUICK = {
    "architecture": "mlp-tanh",
    "batch_size": 16,
    "validation_fraction": 0.2,
    "epochs": 1,
    "augmentation": None,
}
SCHEDULES = ["constant", "step-decay", "halving:1", "exponential:0.5", "cosine", "one-cycle", "lecun-1998"]


def trained(dataset, **settings):
    """A finished run."""
    run = TrainingRun(dataset, TrainingConfig(**{**QUICK, **settings}))
    list(run)
    return run


def records_of(run):
    """Iterate a run to its end: (the records of its steps, those of its epochs)."""
    records = list(run)
    steps = [record for record in records if isinstance(record, StepRecord)]
    return steps, [record for record in records if isinstance(record, EpochRecord)]


def weights(run):
    return [value.tobytes() for value in run.network.state().values()]


@pytest.fixture(scope="module")
def few(digits):
    return digits.take(slice(60))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_trains(optimizer, few):
    rate = {"levenberg-marquardt": 0.0005, "sgd": 0.02}.get(optimizer, 0.002)
    run = trained(few, optimizer=optimizer, learning_rate=rate, epochs=5, schedule="constant")
    untrained = TrainingRun(few, run.config)
    assert evaluate(run.network, run.train).loss < 0.95 * evaluate(untrained.network, run.train).loss


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_sets_the_learning_rate_of_every_step(schedule, few):
    assert {name.partition(":")[0] for name in SCHEDULES} == set(SCHEDULE_NAMES)
    run = TrainingRun(few, TrainingConfig(**{**QUICK, "epochs": 2, "schedule": schedule}))
    rates = [record.learning_rate for record in run if isinstance(record, StepRecord)]
    assert len(rates) == 2 * run.steps_per_epoch
    assert all(0 < rate <= run.config.learning_rate for rate in rates)
    assert (len(set(rates)) > 1) == (schedule not in ("constant", "lecun-1998"))  # whose first 2 are equal


# six steps, three an epoch: cosine is (1 + cos 30° k) / 2; one-cycle rises in 2, then is a cosine of 4
HAND_WORKED = {
    "cosine": [1, (2 + 3**0.5) / 4, 3 / 4, 1 / 2, 1 / 4, (2 - 3**0.5) / 4],
    "one-cycle:0.333": [1 / 3, 2 / 3, 1, (2 + 2**0.5) / 4, 1 / 2, (2 - 2**0.5) / 4],
    "halving:1": [1, 1, 1, 1 / 2, 1 / 2, 1 / 2],
}


@pytest.mark.parametrize("schedule", HAND_WORKED)
def test_every_step_is_as_long_as_its_schedule_has_it_and_records_tell_so(schedule, few):
    settings = {"epochs": 2, "optimizer": "sgd", "learning_rate": 0.02, "schedule": schedule}
    run = TrainingRun(few, TrainingConfig(**{**QUICK, **settings}))
    assert run.steps_per_epoch == 3
    expected = [0.02 * factor for factor in HAND_WORKED[schedule]]
    before = run.network.state()
    for record in run:
        assert record.learning_rate == pytest.approx(expected[record.step - 1])
        if isinstance(record, EpochRecord):  # it tells its last step's
            assert record.step == 3 * record.epoch
            continue
        for parameter in run.network.parameters:
            moved = before[parameter.name] - expected[record.step - 1] * parameter.grad
            np.testing.assert_allclose(parameter.value, moved, rtol=1e-5, atol=1e-7)
        before = run.network.state()


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains_and_is_the_one_that_records_tell(loss, few):
    run = TrainingRun(few, TrainingConfig(**{**QUICK, "loss": loss, "epochs": 4}))
    records = [record for record in run if isinstance(record, StepRecord)]
    assert np.mean([r.loss for r in records[-3:]]) < records[0].loss
    # the losses of an epoch are cross-entropies whatever was learnt, so that runs can be compared
    assert run.best.validation_loss == pytest.approx(evaluate(run.network, run.validation).loss)


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if name != "cifar10"])
def test_every_architecture_trains_as_it_is_recommended(name, few):
    config = TrainingConfig.for_architecture(name, epochs=1, validation_fraction=0.5)
    assert config.architecture == name
    run = TrainingRun(few, config)
    list(run)
    assert np.isfinite(run.best.validation_loss)


def test_photographs_train_the_cifar10_network(rng):
    photos = Dataset(rng.integers(0, 256, (24, 3, 32, 32), np.uint8), np.arange(24) % 10)
    config = TrainingConfig.for_architecture("cifar10", epochs=1, batch_size=8, validation_fraction=0.25)
    run = TrainingRun(photos, config)
    list(run)
    assert isinstance(config.augmentation, FlipAndShift)
    assert np.isfinite(run.best.train_loss)


def test_label_smoothing_is_in_the_loss_that_is_learnt_and_not_in_the_one_measured(few):
    fours = Dataset(few.images, np.full(len(few), 4))
    # steps too short to change a weight
    config = TrainingConfig(**QUICK, label_smoothing=0.3, learning_rate=1e-30)
    run = TrainingRun(fours, config)
    state = {name: np.zeros_like(value) for name, value in run.network.state().items()}
    *_, last_bias = state
    state[last_bias][4] = np.log(11)  # logits (0, 0, 0, 0, ln 11, 0 …): probabilities 11/20 and 9 times 1/20
    run.network.load_state(state)
    steps, (epoch,) = records_of(run)
    # the target has 0.7 + 0.03 for 4 and 0.03 for each of the others
    smoothed = 0.73 * np.log(20 / 11) + 9 * 0.03 * np.log(20)
    assert [step.loss for step in steps] == pytest.approx([smoothed] * 3, rel=1e-6)
    assert epoch.train_loss == pytest.approx(np.log(20 / 11), rel=1e-6)
    assert epoch.validation_loss == pytest.approx(np.log(20 / 11), rel=1e-6)


@pytest.mark.parametrize(
    "option",
    [{"label_smoothing": 0.2}, {"weight_decay": 0.5}, {"weight_average": 0.9}, {"loss": "map"}],
    ids=str,
)
def test_option_changes_the_network_and_repeats_bit_for_bit(option, few):
    assert weights(trained(few, **option)) == weights(trained(few, **option))
    assert weights(trained(few, **option)) != weights(trained(few))


def test_weight_decay_makes_weights_smaller(few):
    def size(run):
        return sum(np.square(value).sum() for name, value in run.network.state().items() if "weight" in name)

    assert size(trained(few, weight_decay=1.0, epochs=3)) < 0.99 * size(trained(few, epochs=3))


@pytest.mark.parametrize(
    ("decay", "shares"),
    [
        # of the weights at the start and after 1, 2 and 3 steps; early on the decay is 1/11, 2/12, 3/13:
        # (1/11, 10/11), of which 2/12 stay beside 10/12, of which 3/13 stay beside 10/13
        (0.9, [1 / 286, 10 / 286, 55 / 286, 220 / 286]),
        # 1/11 is less than 0.1, 2/12 and 3/13 are more
        (0.1, [0.01 / 11, 0.1 / 11, 0.09, 0.9]),
    ],
)
def test_network_of_a_weight_average_is_the_running_average_of_its_steps(decay, shares, few):
    run = TrainingRun(few, TrainingConfig(**QUICK, weight_average=decay))
    states = [run.network.state()]
    states += [run.network.state() for record in run if isinstance(record, StepRecord)]
    assert len(states) == 4
    for name, value in run.network.state().items():
        average = sum(share * state[name] for share, state in zip(shares, states, strict=True))
        np.testing.assert_allclose(value, average, rtol=1e-4, atol=1e-6)
        assert value.tobytes() != states[-1][name].tobytes()
    assert run.best.validation_loss == pytest.approx(evaluate(run.network, run.validation).loss)


def test_average_does_not_disturb_the_steps_that_it_averages(few):
    def losses(**option):
        run = TrainingRun(few, TrainingConfig(**{**QUICK, "epochs": 2}, **option))
        return [record.loss for record in run if isinstance(record, StepRecord)]

    assert losses(weight_average=0.99) == losses()


# **** early stopping ****


def scripted(monkeypatch, losses):
    """Let the epochs of a run come out with these validation losses, the lower the more accurate."""
    coming = iter(losses)

    def evaluate_by_script(network, dataset):
        scripted.calls += 1
        if scripted.calls % 2:  # the training images are measured first
            return SimpleNamespace(loss=0.0, accuracy=1.0)
        loss = next(coming)
        return SimpleNamespace(loss=loss, accuracy=1 - loss / 10)

    scripted.calls = 0
    monkeypatch.setattr("engine.learning.training.evaluate", evaluate_by_script)


@pytest.mark.parametrize(
    "losses, patience, least, epochs, best",
    [
        ([1.0, 0.8, 0.9, 0.85, 0.7, 0.6], 2, 0.0, 4, 2),  # two in vain
        ([1.0, 0.8, 0.9, 0.79, 0.85, 0.8], 2, 0.0, 6, 4),  # the second one helped
        ([1.0, 0.8, 0.9, 0.7, 0.9, 0.9], 1, 0.0, 3, 2),
        ([1.0, 0.9, 0.8, 0.7, 0.6, 0.5], 1, 0.0, 6, 6),  # all better
        ([1.0, 0.95, 0.92, 0.5, 0.4, 0.3], 2, 0.1, 3, 3),  # better, but by less than a tenth
        ([1.0, 0.95, 0.85, 0.8, 0.79, 0.3], 2, 0.1, 5, 5),
        ([1.0, 1.1, 1.2, 1.3, 1.4, 1.5], 0, 0.0, 6, 1),  # no patience asked, none lost
        ([1.0, 0.8, 0.8, 0.8, 0.8, 0.8], 2, 0.0, 4, 2),  # as good is not better
    ],
)
def test_run_stops_after_its_patience_and_restores_the_best_weights(
    losses, patience, least, epochs, best, few, monkeypatch
):
    scripted(monkeypatch, losses)
    config = TrainingConfig(**{**QUICK, "epochs": 6}, patience=patience, least_improvement=least)
    run = TrainingRun(few, config)
    after = []
    for record in run:
        if isinstance(record, EpochRecord):
            after.append(weights(run))
    assert len(run.history) == epochs
    assert run.best.epoch == best
    assert weights(run) == after[best - 1]


# **** what training has that answering has not ****


@pytest.mark.parametrize("architecture", ["best", "mlp-relu", "cnn-2"])
def test_runs_with_dropout_and_batch_normalisation_repeat_bit_for_bit(architecture, few):
    first, second = (trained(few, architecture=architecture, epochs=2) for _ in range(2))
    assert weights(first) == weights(second)
    assert [r.validation_loss for r in first.history] == [r.validation_loss for r in second.history]


def test_network_of_batch_normalisation_learns_digits_and_answers_by_what_it_saw(digits):
    run = trained(digits, architecture="best", epochs=4, learning_rate=0.01)
    assert run.best.validation_accuracy > 0.9
    state = run.network.state()
    assert np.abs(state["n1.mean"]).max() > 0.01
    assert np.abs(state["n1.variance"] - 1).max() > 0.01


def test_layers_draw_from_a_stream_of_their_own(few):
    """Dropout changes neither the split nor the order: those of a network without it are the same."""
    with_dropout, without = (
        TrainingRun(few, TrainingConfig(**{**QUICK, "architecture": name}))
        for name in ("mlp-relu", "mlp-tanh")
    )
    assert with_dropout.train.images.tobytes() == without.train.images.tobytes()
    seen = []
    for run in (with_dropout, without):
        labels = []
        original = run.network.loss_and_gradients

        def spy(images, given, *, original=original, labels=labels, **options):
            labels.append(given.tobytes())
            return original(images, given, **options)

        run.network.loss_and_gradients = spy
        list(run)
        seen.append(labels)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(("architecture", "has_dropout"), [("mlp-relu", True), ("mlp-tanh", False)])
def test_every_step_drops_other_units(architecture, has_dropout, few):
    """One image again and again, and weights that stand still: nothing else makes the losses differ."""
    same = Dataset(few.images[:1].repeat(60, axis=0), few.labels[:1].repeat(60))
    settings = {"architecture": architecture, "learning_rate": 1e-30, "epochs": 2}
    steps, _ = records_of(TrainingRun(same, TrainingConfig(**{**QUICK, **settings})))
    losses = [step.loss for step in steps]
    assert len(losses) == 6
    assert len({round(loss, 6) for loss in losses}) == (6 if has_dropout else 1)


def test_levenberg_marquardt_trains_the_network_of_1998(digits):
    """One image a step, as the paper's stochastic version has it; the figure is for a few hundred digits."""
    config = TrainingConfig.for_architecture(
        "lenet5-1998",
        optimizer="levenberg-marquardt",
        loss="map",
        learning_rate=0.0001,
        schedule="constant",
        batch_size=1,
        epochs=5,
        validation_fraction=0.2,
    )
    run = TrainingRun(digits, config)
    steps = [record for record in run if isinstance(record, StepRecord)]
    per_epoch = run.steps_per_epoch
    assert np.mean([s.loss for s in steps[-per_epoch:]]) < 0.5 * np.mean([s.loss for s in steps[:5]])
    assert run.best.validation_accuracy > 0.6


def test_curvatures_are_estimated_anew_at_each_epoch(few, monkeypatch):
    sizes = []

    def counting(network, images):
        sizes.append(len(images))
        return curvatures(network, images)

    monkeypatch.setattr("engine.learning.training.curvatures", counting)
    trained(few, optimizer="adam")
    assert sizes == []
    trained(few, optimizer="levenberg-marquardt", learning_rate=0.0005, epochs=3)
    assert len(sizes) >= 3
    assert set(sizes) == {48}  # all there are, being fewer than 500


def test_levenberg_marquardt_refuses_batch_normalisation(few):
    with pytest.raises(ConfigurationError, match="cannot train a network with batch normalisation"):
        TrainingRun(few, TrainingConfig(architecture="best", optimizer="levenberg-marquardt"))


def test_a_data_set_that_the_network_cannot_read_is_told_at_once(digits):
    with pytest.raises(ShapeError, match="cifar10 expects images"):
        TrainingRun(digits, TrainingConfig.for_architecture("cifar10"))


def test_an_augmentation_of_another_kind_of_image_is_told_at_once(digits):
    with pytest.raises(ConfigurationError, match="FlipAndShift is not made for images of shape"):
        TrainingRun(digits, TrainingConfig(augmentation=FlipAndShift()))


# **** what a run is to its caller ****


def test_between_two_records_the_process_is_the_callers(few, two_blas_threads):
    iterator = iter(TrainingRun(few, TrainingConfig(**QUICK)))
    for _ in range(2):
        next(iterator)
        assert blas_threads() == {2}
    iterator.close()


def test_a_run_may_go_on_from_given_weights(few):
    first = trained(few, epochs=2)
    start = first.network.state()
    run = TrainingRun(few, TrainingConfig(**QUICK, seed=3), start=start)
    assert all(np.array_equal(start[name], value) for name, value in run.network.state().items())
    list(run)
    assert weights(run) != [value.tobytes() for value in start.values()]
    assert weights(first) == [value.tobytes() for value in start.values()]  # which were lent
    with pytest.raises(ShapeError, match="mlp-relu has the arrays"):
        TrainingRun(few, TrainingConfig(**{**QUICK, "architecture": "mlp-relu"}), start=start)


def test_the_average_of_a_run_from_given_weights_begins_there_too(few):
    start = trained(few, epochs=2).network.state()
    run = TrainingRun(few, TrainingConfig(**{**QUICK, "weight_average": 0.999}), start=start)
    next(iter(run))
    arrays = run.state().arrays
    for name, value in start.items():  # of the first step's average 1/11 is what it began with
        expected = value + 10 / 11 * (arrays["network"][name] - value)
        np.testing.assert_allclose(arrays["average"][name], expected, rtol=1e-4, atol=1e-6)


class Untouched:
    """A data set that may be looked at by nobody."""

    def __len__(self):
        raise AssertionError("asked for its length")

    def split(self, fraction, *, rng):
        raise AssertionError("asked for its parts")

    def of_epoch(self, epoch, *, seed, is_last=False):
        raise AssertionError("asked for an epoch")


def test_a_new_run_has_not_looked_at_its_data():
    run = TrainingRun(Untouched(), TrainingConfig())
    with pytest.raises(AssertionError, match="asked for its parts"):
        next(iter(run))


def test_a_loss_beyond_all_sense_is_no_network_to_keep(few, monkeypatch):
    """Finite it may be: with this rate the weights end at 1e8 and the loss at some 1e12."""
    monkeypatch.setitem(MOST, "learning_rate", np.inf)
    config = TrainingConfig(**{**QUICK, "optimizer": "adam", "learning_rate": 1e8, "schedule": "constant"})
    with pytest.raises(TrainingError, match=r"The loss is .*e\+\d+ .*Lower the learning rate"):
        list(TrainingRun(few, config))


# **** going on from a network ****


def test_a_run_that_goes_on_from_a_network_is_given_its_weights(few):
    config = TrainingConfig(**QUICK, start="mine")
    with pytest.raises(ConfigurationError, match=r"goes on from the network mine\. Give its weights"):
        TrainingRun(few, config)
    assert TrainingRun(few, config, start=trained(few, epochs=1).network.state()).config.start == "mine"


def test_distillation_keeps_a_network_near_what_it_was(digits):
    first = TrainingRun(digits, TrainingConfig(**{**SMALL, "epochs": 6}))
    list(first)
    start, images = first.network.state(), digits.images / np.float32(255)
    before = first.network.logits(images)
    changes = []
    for distil in (0.0, 0.9):
        config = TrainingConfig(**{**SMALL, "epochs": 1}, start="it", distil=distil, keep="last")
        run = TrainingRun(digits, config, start=start)
        list(run)
        changes.append(np.abs(run.network.logits(images) - before).mean())
    assert changes[1] < 0.8 * changes[0]


@pytest.mark.parametrize("processes", [1, 2])
def test_distillation_by_the_same_seed_gives_the_same_bytes(few, processes):
    start = trained(few, epochs=2).network.state()
    config = TrainingConfig(**QUICK, start="it", distil=0.5, processes=processes)
    runs = [TrainingRun(few, config, start=start) for _ in range(2)]
    for run in runs:
        list(run)
    assert weights(runs[0]) == weights(runs[1])


def test_a_student_of_another_architecture_comes_to_agree_with_its_teacher(digits):
    """Which wrong digits the teacher finds less wrong than others the labels do not tell."""
    teacher = TrainingRun(digits, TrainingConfig(**{**SMALL, "epochs": 8}))
    list(teacher)
    images, soft = digits.images / np.float32(255), Confidence(SOFTENING)
    taught_by = soft.probabilities(teacher.network.logits(images))
    apart = []
    for share in (0.0, 0.9):
        taught = {"distil": share, "teachers": (TeacherFacts("it", "ab"),)} if share else {}
        settings = {**SMALL, "epochs": 8, "architecture": "cnn-2", "keep": "last", **taught}
        run = TrainingRun(digits, TrainingConfig(**settings), teacher=teacher.network)
        list(run)
        apart.append(np.abs(soft.probabilities(run.network.logits(images)) - taught_by).sum(axis=1).mean())
    assert apart[1] < 0.7 * apart[0], apart


def test_who_is_to_be_taught_is_given_its_teacher_and_one_that_fits(few):
    config = TrainingConfig(**QUICK, distil=0.5, teachers=(TeacherFacts("it", "ab"),))
    with pytest.raises(ConfigurationError, match=r"is taught by it\. Give what they are as teacher"):
        TrainingRun(few, config)
    colours = build_network("cifar10", rng=np.random.default_rng(0))
    with pytest.raises(
        ConfigurationError, match=r"it tells 10 classes of images of shape \(3, 32, 32\); mlp"
    ):
        TrainingRun(few, config, teacher=colours)
