"""app/jobs/retraining.py: what is offered, and a training of a small data set to its end."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from app import user_folders
from app.data import sources
from app.data.my_digits import read_samples_of
from app.data.selection import find_selection
from app.jobs import finishing, retraining
from app.jobs.protocol import Wish
from app.jobs.records import Begin, End, Epoch, Measuring, Preparing
from app.jobs.retraining import (
    ARCHITECTURES,
    PRESETS,
    VARIATIONS,
    _drawing_seconds,
    parameter_count,
    retrain,
)
from app.jobs.teaching import Teaching
from app.store.networks import list_networks
from app.store.profiles import Profiles
from app.store.trainings import find_interrupted
from engine import (
    Confidence,
    Dataset,
    Recognizer,
    SavedNetwork,
    build_network,
    evaluate,
    load_network,
    save_network,
)
from engine.datasets.mixture import join
from engine.datasets.mnist import read_mnist
from engine.datasets.samples import Sample, append_samples
from engine.errors import CheckpointError, DatasetError
from engine.ink.preprocessing import FRAME
from engine.learning.schedules import schedule
from engine.learning.training import EpochRecord, TrainingConfig, TrainingRun
from engine.learning.training_config import config_of_plain
from engine.reading.rejection import Rejection
from engine.storage.model_card import model_card
from engine.storage.saved_network import load_attachment, load_facts
from tests.digit_templates import digit_strokes, write_mnist


@pytest.fixture(autouse=True)
def few_drawings_to_test_with(monkeypatch):
    for module in (sources, finishing):
        monkeypatch.setattr(module, "SYNTHETIC_TEST", 20)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A little MNIST in a folder, which is only read."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder / "mnist", train=240, test=50, rng=np.random.default_rng(0))
    return folder


@pytest.fixture
def arguments(data, tmp_path, rng):
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "present")
    return {
        "source": "mnist",
        "folder": str(data),
        "architecture": "mlp-tanh",
        "epochs": 2,
        "variations": "gentle",
        "present": str(tmp_path / "present"),
        "place": str(tmp_path / "networks"),
        "name": "Mine / 🙂",
        "checkpoint": str(tmp_path / "networks" / ".trainings" / "1"),
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
    begin, preparing, *_ = records
    assert begin == Begin(steps=14, steps_per_epoch=7, step=0)  # 220 images, 32 a step
    assert isinstance(preparing, Preparing)
    assert [record.epoch for record in records if isinstance(record, Epoch)] == [1, 2]
    end = records[-1]
    assert isinstance(end, End)
    assert not Path(arguments["checkpoint"]).exists()
    mnist, drawings, not_digits = end.comparison.sets
    assert [each.pair.count for each in (mnist, drawings, not_digits)] == [50, 20, 20]
    old, images = SavedNetwork.load(arguments["present"]), read_mnist(Path(arguments["folder"]), "test")
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


def test_the_epochs_are_told_as_the_engine_has_them_and_the_weights_averaged(arguments):
    epochs = [record for record in retrain(**arguments) if isinstance(record, Epoch)]
    config, records = replayed(arguments)
    assert config.weight_average == 0.999
    expected = [record for record in records if isinstance(record, EpochRecord)]
    assert [{**asdict(epoch), "seconds": 0} for epoch in epochs] == [
        {**asdict(epoch), "seconds": 0} for epoch in expected
    ]
    assert [epoch.learning_rate for epoch in epochs] == pytest.approx(
        [config.learning_rate * schedule(config.schedule)(step - 1, 14, 7) for step in (7, 14)]
    )


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


# One that is interrupted, and one that is finished early


def interrupted(arguments, *, after):
    """Close a training after so many of its records, as the end of the window does."""
    records = retrain(**arguments)
    told = [next(records) for _ in range(after)]
    records.close()
    return told


def weights(arguments):
    (kept,) = list_networks(Path(arguments["place"]))
    return {name: array.tobytes() for name, array in load_network(kept.folder).state().items()}


@pytest.mark.parametrize("after", [pytest.param(5, marks=pytest.mark.thorough), 13])  # of 7 steps an epoch
def test_one_that_was_closed_goes_on_where_it_was_to_the_same_bytes(arguments, tmp_path, after):
    other = {**arguments, "place": str(tmp_path / "other")}
    list(retrain(**other))
    interrupted(arguments, after=after)
    found, told = find_interrupted(tmp_path / "networks")
    assert (str(found.folder), told) == (arguments["checkpoint"], "")
    assert asdict(found.plan) == {name: arguments.get(name, "") for name in asdict(found.plan)}
    begin, *rest = [record for record in retrain(**arguments) if record is not None]
    assert begin == Begin(steps=14, steps_per_epoch=7, step=steps_of(after))
    assert [record.epoch for record in rest if isinstance(record, Epoch)] == [1, 2]  # the curves are whole
    assert weights(arguments) == weights(other)
    assert find_interrupted(tmp_path / "networks") == (None, "")


def steps_of(after):
    """The records are the begin, the preparing, 7 steps, the first epoch, and steps again."""
    return after - 2 if after < 10 else after - 3


def test_one_that_was_killed_while_it_measured_measures_again(arguments, tmp_path):
    records = retrain(**arguments)
    next(record for record in records if isinstance(record, Measuring))
    records.close()
    assert list_networks(tmp_path / "networks") == []
    begin, *rest = retrain(**arguments)
    assert begin.step == begin.steps
    assert isinstance(rest[-1], End)


def test_a_training_that_is_under_way_is_not_begun_again(arguments):
    first = retrain(**arguments)
    next(first)
    with pytest.raises(CheckpointError, match="Another training is under way"):
        next(retrain(**arguments))
    first.close()


def test_one_that_is_told_to_finish_is_measured_and_saved_with_what_it_has(arguments):
    records = retrain(**{**arguments, "epochs": 400})
    for _ in range(5):  # the begin, the preparing, and three steps
        next(records)
    *_, end = [records.send(Wish(is_enough=True)), *records]
    assert isinstance(end, End)
    facts = load_facts(end.folder).training
    assert (facts.ended_after, facts.chosen.step, facts.command) == (3, 3, "")
    assert not Path(arguments["checkpoint"]).exists()


def test_the_pace_of_drawing_is_that_of_what_was_drawn_to_validate_with():
    images, labels = np.zeros((100, 28, 28), np.uint8), np.zeros(100, np.int64)
    part = Dataset(images, labels)
    assert _drawing_seconds(join({"mnist": part, "synthetic": part}), 0.5) == pytest.approx(
        0.5 / 100 * retraining.SYNTHETIC_TEST
    )
    assert _drawing_seconds(join({"mnist": part, "synthetic": part}), 0.001) == 0  # it was there already
    assert _drawing_seconds(part, 0.5) == 0  # nothing was drawn


# The person's own digits, and a network that goes on


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Twenty digits of nobody by name, beside the networks."""
    monkeypatch.setattr(user_folders, "networks_folder", lambda: tmp_path / "networks")
    file = user_folders.samples_file("")
    append_samples(file, [Sample(number % 10, digit_strokes(number % 10)) for number in range(20)])
    return file


def test_one_that_goes_on_after_another_one_draws_learns_of_the_same_digits(arguments, own, tmp_path):
    arguments |= {"source": "my-digits", "author": ""}
    interrupted(arguments, after=4)
    profiles = Profiles(tmp_path)
    ada = profiles.create("Ada")
    profiles.choose(ada)
    append_samples(ada.samples, [Sample(7, digit_strokes(7))] * 30)
    append_samples(own, [Sample(3, digit_strokes(3))])  # and one was taught meanwhile
    assert find_interrupted(tmp_path / "networks", ada.author) == (None, "")
    assert find_interrupted(tmp_path / "networks", "")[0].plan.source == "my-digits"
    *_, end = retrain(**{**arguments, "author": ada.author})
    samples = load_facts(end.folder).training.config.samples
    assert (samples.author, samples.count) == ("", 20)
    own_results = {each.source: each.new.count for each in end.comparison.sets[-2:]}
    assert own_results == {"my-digits": 4, "my-digits-learnt": 16}
    measured = [part.name for part in load_facts(end.folder).test.drawings]
    assert measured == ["synthetic digits, test part", "digits of your own, test part"]


def test_what_the_present_network_learnt_of_earlier_lessons_is_measured_apart(arguments, own):
    arguments |= {"source": "mnist,my-digits:2", "epochs": 1}
    *_, first = retrain(**arguments)
    assert "my-digits-earlier" not in [each.source for each in first.comparison.sets]  # there were none
    append_samples(own, [Sample(number, digit_strokes(number)) for number in range(10)])
    *_, second = retrain(**{**arguments, "present": first.folder, "start": first.folder, "name": "on"})
    *_, untaught, learnt, earlier = second.comparison.sets
    assert [each.source for each in (untaught, learnt, earlier)] == [
        "my-digits", "my-digits-learnt", "my-digits-earlier"
    ]  # fmt: skip
    assert [each.pair.count for each in (untaught, learnt, earlier)] == [6, 24, 20]
    images = read_samples_of(load_facts(first.folder).training.config.samples).rendered()
    assert earlier.pair.first == evaluate(load_network(first.folder), images).tally
    assert earlier.pair.second == evaluate(load_network(second.folder), images).tally
    names = [part.name for part in load_facts(second.folder).test.drawings]
    assert names == ["synthetic digits, test part", "digits of your own, test part"]  # the earlier are none
    *_, without = retrain(**{**arguments, "source": "mnist", "present": second.folder, "name": "without"})
    assert without.comparison.sets[-1].pair.count == 30  # nor may another training forget them


def test_earlier_digits_that_are_there_no_more_are_left_out(arguments, own):
    arguments |= {"source": "mnist,my-digits:2", "epochs": 1}
    *_, first = retrain(**arguments)
    own.write_text("".join(own.read_text().splitlines(keepends=True)[1:]))
    *_, second = retrain(**{**arguments, "present": first.folder, "name": "on"})
    assert [each.source for each in second.comparison.sets[-2:]] == ["my-digits", "my-digits-learnt"]


def test_one_that_goes_on_from_the_present_network_begins_with_its_weights(arguments, own, tmp_path):
    arguments |= {"source": "mnist,my-digits:2", "start": arguments["present"]}
    *_, end = retrain(**arguments)
    config = load_facts(end.folder).training.config
    assert (config.start, config.parent) == ("present", load_facts(arguments["present"]).identity)
    assert config.samples.count == 20
    *_, anew = retrain(**{**arguments, "start": "", "name": "anew"})
    before, on, fresh = (
        load_network(folder).state()["output.weight"]
        for folder in (arguments["present"], end.folder, anew.folder)
    )
    assert np.abs(on - before).max() < 0.25 * np.abs(fresh - before).max()
    *_, again = retrain(**{**arguments, "name": "again"})
    assert load_network(again.folder).state()["output.weight"].tobytes() == on.tobytes()


def test_one_that_went_on_and_was_interrupted_needs_the_network_before_no_more(arguments, tmp_path):
    arguments |= {"start": arguments["present"]}
    other = {**arguments, "place": str(tmp_path / "other")}
    list(retrain(**other))
    interrupted(arguments, after=5)
    list(retrain(**{**arguments, "start": "/nowhere"}))
    assert weights(arguments) == weights(other)


def test_one_that_goes_on_keeps_the_threshold_of_the_network_before_also_when_that_is_gone(
    arguments, tmp_path
):
    confidence = Confidence(1.0, Rejection(3.25, 0, 0, 1))
    network = build_network("mlp-tanh", rng=np.random.default_rng(2))
    save_network(network, tmp_path / "before", confidence=confidence)
    more = {"source": "mnist,not-digits", "drawings": 60, "epochs": 1, "start": str(tmp_path / "before")}
    arguments |= more
    interrupted(arguments, after=4)
    shutil.rmtree(tmp_path / "before")
    *_, end = retrain(**arguments)
    assert SavedNetwork.load(end.folder).confidence.rejection.least_evidence == 3.25
    *_, anew = retrain(**{**arguments, "start": ""})
    assert SavedNetwork.load(anew.folder).confidence.rejection.least_evidence != 3.25


def test_what_the_network_before_was_taught_goes_along_and_is_measured(arguments, data, tmp_path):
    crosses = [[(0, 0), (1, 3)], [(1, 0), (0, 3)], [(0, 1), (1, 1)]]
    teaching = Teaching(Path(arguments["present"]), [Sample(6, crosses)], data=data, keeps_doubtful=True)
    teaching.save(tmp_path / "taught", overwrite=False)
    arguments |= {"present": str(tmp_path / "taught"), "start": str(tmp_path / "taught")}
    interrupted(arguments, after=5)
    *_, end = retrain(**arguments)
    saved = SavedNetwork.load(end.folder)
    assert (saved.memory.labels.tolist(), saved.facts.taught.count) == ([6], 1)
    assert load_attachment(Path(end.folder), "samples.jsonl") == Sample(6, crosses).to_line().encode()
    assert Recognizer.load(end.folder).recognize(crosses).digit == 6
    images = read_mnist(data / "mnist", "test")
    mnist = end.comparison.sets[0]
    assert mnist.pair.second == evaluate(saved.classifier, images, confidence=saved.confidence).tally
    assert not Path(arguments["checkpoint"]).exists()
