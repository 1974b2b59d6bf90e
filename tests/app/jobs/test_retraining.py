"""app/jobs/retraining.py: what is offered, and a training of a small data set to its end."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from app.data import sources
from app.data.selection import find_selection
from app.jobs import finishing
from app.jobs.records import Begin, End, Epoch, Step
from app.jobs.retraining import ARCHITECTURES, PRESETS, VARIATIONS, parameter_count, retrain
from app.store.networks import list_networks
from engine import SavedNetwork, build_network, evaluate, load_network, save_network
from engine.datasets.mnist import read_mnist
from engine.errors import DatasetError
from engine.ink.preprocessing import FRAME
from engine.learning.schedules import schedule
from engine.learning.training import EpochRecord, StepRecord, TrainingConfig, TrainingRun
from engine.learning.training_config import config_of_plain
from engine.storage.model_card import model_card
from engine.storage.saved_network import load_facts
from tests.digit_templates import write_mnist


@pytest.fixture(autouse=True)
def few_drawings_to_test_with(monkeypatch):
    for module in (sources, finishing):
        monkeypatch.setattr(module, "SYNTHETIC_TEST", 20)


@pytest.fixture
def arguments(tmp_path, rng):
    write_mnist(tmp_path / "data" / "mnist", train=240, test=50, rng=rng)
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "present")
    return {
        "source": "mnist",
        "folder": str(tmp_path / "data"),
        "architecture": "mlp-tanh",
        "epochs": 2,
        "variations": "gentle",
        "present": str(tmp_path / "present"),
        "place": str(tmp_path / "networks"),
        "name": "Mine / 🙂",
    }


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_what_is_offered_reads_drawings_and_is_told_with_its_size(name):
    network = build_network(name, rng=np.random.default_rng(0))
    assert network.input_shape == (1, FRAME, FRAME)
    assert parameter_count(name) == network.parameter_count


def test_the_presets_are_made_of_what_is_offered():
    for preset in PRESETS.values():
        assert preset.architecture in ARCHITECTURES
        TrainingConfig.for_architecture(
            preset.architecture, epochs=preset.epochs, augmentation=VARIATIONS[preset.variations][1]
        )


def test_the_best_preset_is_the_recipe_of_the_best_network():
    preset = PRESETS["best"]
    recipe = TrainingConfig.for_architecture("best")
    assert (preset.architecture, preset.epochs) == ("best", recipe.epochs)
    assert VARIATIONS[preset.variations][1] == recipe.augmentation


def test_a_training_is_told_saved_under_its_name_and_compared(arguments, tmp_path):
    records = [record for record in retrain(**arguments) if record is not None]
    begin, *_ = records
    assert begin == Begin(steps=14, steps_per_epoch=7)  # 220 images, 32 a step
    assert [record.epoch for record in records if isinstance(record, Epoch)] == [1, 2]
    end = records[-1]
    assert isinstance(end, End)
    mnist, drawings, not_digits = end.comparison.sets
    assert [each.pair.count for each in (mnist, drawings, not_digits)] == [50, 20, 20]
    old, images = SavedNetwork.load(arguments["present"]), read_mnist(tmp_path / "data", "test")
    assert mnist.pair.first == evaluate(old.network, images).tally
    (kept,) = list_networks(tmp_path / "networks")
    assert str(kept.folder) == end.folder
    assert (kept.name, kept.facts.test.accuracy) == ("Mine / 🙂", mnist.new.accuracy)
    assert mnist.pair.second == mnist.new == evaluate(load_network(kept.folder), images).tally
    facts = load_facts(kept.folder)
    assert facts.training.dataset == "MNIST"
    assert "--architecture mlp-tanh --epochs 2 " in facts.training.command
    assert json.loads((kept.folder / "training.json").read_text())["epochs"] == 2
    assert "MNIST's test set" in model_card(facts)
    assert (kept.folder / "history.csv").read_text().count("\n") == 3


def replayed(arguments):
    """The configuration of the network that was saved, and all that the engine says of the same run."""
    (kept,) = list_networks(Path(arguments["place"]))
    plain = json.loads((kept.folder / "training.json").read_text())
    config = config_of_plain(plain)
    with find_selection("mnist", Path(arguments["folder"])).training_data(
        Path(arguments["folder"]), config
    ) as data:
        return config, list(TrainingRun(data, config))


def test_the_weights_are_averaged(arguments):
    list(retrain(**arguments))
    config, _ = replayed(arguments)
    assert config.weight_average == 0.999


def test_the_steps_are_told_as_the_engine_has_them(arguments, monkeypatch):
    monkeypatch.setattr("app.jobs.retraining.TELL_EVERY", 0)
    steps = [record for record in retrain(**arguments) if isinstance(record, Step)]
    _, records = replayed(arguments)
    expected = [record for record in records if isinstance(record, StepRecord)]
    assert [(step.step, step.epoch, step.loss) for step in steps] == [
        (step.step, step.epoch, step.loss) for step in expected
    ]
    assert steps[-1].seconds_left == 0 < steps[0].seconds_left


def test_the_epochs_are_told_as_the_engine_has_them(arguments):
    epochs = [record for record in retrain(**arguments) if isinstance(record, Epoch)]
    config, records = replayed(arguments)
    expected = [record for record in records if isinstance(record, EpochRecord)]
    assert [{**asdict(epoch), "seconds": 0} for epoch in epochs] == [
        {**asdict(epoch), "seconds": 0} for epoch in expected
    ]
    assert [epoch.learning_rate for epoch in epochs] == pytest.approx(
        [config.learning_rate * schedule(config.schedule)(step - 1, 14, 7) for step in (7, 14)]
    )


@pytest.fixture
def tick(monkeypatch):
    """A clock by which everything takes a second each time that it is looked at, and which can be put on."""
    seconds = iter(np.arange(0, 1e6, 1.0))
    monkeypatch.setattr("app.jobs.retraining.time.perf_counter", lambda: float(next(seconds)))
    return lambda: next(seconds)


def test_the_loss_is_the_mean_since_it_was_told_last(arguments, tick, monkeypatch):
    monkeypatch.setattr("app.jobs.retraining.TELL_EVERY", 3)  # a step takes a second
    steps = [record for record in retrain(**{**arguments, "epochs": 1}) if isinstance(record, Step)]
    _, records = replayed(arguments)
    losses = [record.loss for record in records if isinstance(record, StepRecord)]
    assert [step.step for step in steps] == [3, 6]
    assert [step.loss for step in steps] == pytest.approx([np.mean(losses[:3]), np.mean(losses[3:6])])


def test_the_time_left_is_that_of_the_steps_so_far(arguments, tick, monkeypatch):
    monkeypatch.setattr("app.jobs.retraining.TELL_EVERY", 0)
    steps = [record for record in retrain(**arguments) if isinstance(record, Step)]
    first_epoch = [step.seconds_left for step in steps[:7]]  # a second a step, and of 14 steps these are left
    assert first_epoch == pytest.approx([13, 12, 11, 10, 9, 8, 7])


def test_a_pause_is_not_counted_as_work(arguments, tick, monkeypatch):
    monkeypatch.setattr("app.jobs.retraining.TELL_EVERY", 0)
    seen = []
    for record in retrain(**arguments):
        for _ in range(1000):  # a long time passes while the record is looked at
            tick()
        if isinstance(record, Step):
            seen.append(record.seconds_left)
        last = record
    assert max(seen) < 1000
    # 14 steps, and an epoch's end twice, in which the engine looks at the clock as well
    assert 16 <= load_facts(last.folder).training.seconds <= 20


def test_a_present_network_that_is_gone_is_no_hindrance(arguments):
    records = list(retrain(**{**arguments, "present": "/nowhere", "epochs": 1, "variations": "none"}))
    sets = records[-1].comparison.sets
    assert [(each.source, each.pair) for each in sets] == [
        ("mnist", None), ("synthetic", None), ("not-digits", None)
    ]  # fmt: skip
    assert sets[0].new.count == 50


def test_one_trained_on_drawings_is_measured_on_mnist_first_where_that_is_at_hand(arguments):
    chosen = {"source": "synthetic,not-digits", "epochs": 1, "drawings": 60}
    *_, end = retrain(**{**arguments, **chosen})
    facts = load_facts(end.folder)
    assert (facts.test.dataset, facts.test.count) == ("MNIST's test set", 50)
    assert [part.name for part in facts.test.drawings] == ["synthetic digits, test part"]


def test_the_network_of_1998_learns_from_what_is_no_digit_too(arguments):
    chosen = {"source": "synthetic,not-digits", "architecture": "lenet5-1998", "epochs": 1, "drawings": 60}
    *_, end = retrain(**{**arguments, **chosen, "variations": "none"})
    assert SavedNetwork.load(end.folder).confidence.rejection is not None
    assert "--loss cross-entropy" in load_facts(end.folder).training.command
    *_, end = retrain(**{**arguments, "architecture": "lenet5-1998", "epochs": 1, "variations": "none"})
    assert "--loss" not in load_facts(end.folder).training.command


def test_the_test_images_are_read_once_for_both_networks(arguments, monkeypatch):
    read = []
    test_images = sources.Source.test_images
    monkeypatch.setattr(
        sources.Source,
        "test_images",
        lambda self, folder: read.append(self.title) or test_images(self, folder),
    )
    list(retrain(**{**arguments, "epochs": 1}))
    assert read == ["MNIST", "synthetic digits", "drawings of no digit"]


def test_missing_digits_are_told_before_anything_is_trained(arguments, tmp_path):
    with pytest.raises(DatasetError):
        next(retrain(**{**arguments, "folder": str(tmp_path)}))


def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_trained(arguments, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        next(retrain(**{**arguments, "place": str(tmp_path / "file" / "networks")}))


def test_one_that_is_ended_early_leaves_nothing(arguments, tmp_path):
    records = retrain(**arguments)
    next(records)
    next(records)
    records.close()
    assert list_networks(tmp_path / "networks") == []
