"""Training: runs learn, repeat bit for bit, and choose their epoch on validation images alone."""

import csv
from io import StringIO

import numpy as np
import pytest

from engine import Augmentation, Dataset, TrainingConfig, TrainingRun, evaluate
from engine.errors import ConfigurationError, TrainingError
from engine.training import EpochRecord, StepRecord, history_csv
from tests.digit_templates import digit_images


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
    assert record.train_loss == pytest.approx(evaluate(run.network, run.train.take(slice(40))).loss)
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
def test_a_loss_that_explodes_stops_the_run_and_keeps_the_last_good_weights(digits):
    config = TrainingConfig(**SMALL, optimizer="sgd", learning_rate=1e6, schedule="constant")
    run = TrainingRun(digits, config)
    with (
        np.errstate(all="ignore"),
        pytest.raises(TrainingError, match=r"at step \d+ of epoch 1.*1e\+06\. Lower the learning rate"),
    ):
        list(run)
    assert all(np.isfinite(parameter.value).all() for parameter in run.network.parameters)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"architecture": "resnet"}, "no architecture 'resnet'. Choose one of: lenet5"),
        ({"optimizer": "magic"}, "no optimizer 'magic'"),
        ({"schedule": "magic"}, "no schedule 'magic'"),
        ({"epochs": 0}, "epochs must be 1 or more, got 0"),
        ({"batch_size": 0}, "batch_size must be 1 or more"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be above 0"),
        ({"validation_fraction": 1.0}, "validation_fraction must lie between 0 and 1"),
        ({"seed": -1}, "seed must be 0 or more"),
    ],
)
def test_settings_that_no_run_could_work_with_are_refused(settings, problem):
    with pytest.raises(ConfigurationError, match=problem):
        TrainingConfig(**settings)


def test_history_is_a_csv_with_named_columns(digits):
    run = TrainingRun(digits, TrainingConfig(**SMALL))
    list(run)
    rows = list(csv.DictReader(StringIO(history_csv(run.history))))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert float(rows[1]["validation_loss"]) == pytest.approx(run.history[1].validation_loss, rel=1e-5)
