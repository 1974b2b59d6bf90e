"""app/store/trainings.py: what was interrupted is found, and nothing of it can cost anybody the start."""

import json
import os
import time
from dataclasses import replace

import numpy as np
import pytest

from app.store.profiles import Profiles
from app.store.trainings import (
    ASIDE,
    PLAN,
    TrainingPlan,
    discard_training,
    find_interrupted,
    finish_training,
    new_training,
    write_plan,
)
from engine import Dataset, TrainingConfig, TrainingRun
from engine.errors import CheckpointError
from engine.learning.checkpoint import LAST, PREVIOUS, claimed, save_checkpoint
from engine.learning.training import EpochRecord
from engine.learning.training_config import SamplesFacts
from tests.digit_templates import digit_images

MINE = TrainingPlan("mnist", "/data", "mlp-tanh", 3, "gentle", "Mine / 🙂")


@pytest.fixture(scope="module")
def state():
    """Of a run that is in its second epoch."""
    digits = Dataset(*digit_images(60, np.random.default_rng(7)))
    run = TrainingRun(digits, TrainingConfig(architecture="mlp-tanh", epochs=3, validation_fraction=0.2))
    records = iter(run)
    next(record for record in records if isinstance(record, EpochRecord))
    next(records)
    return run.state()


@pytest.fixture
def interrupt(tmp_path, state):
    def interrupt(plan=MINE):
        folder = new_training(tmp_path)
        save_checkpoint(state, folder)
        write_plan(plan, folder)
        return folder

    return interrupt


def test_without_any_there_is_nothing_to_tell(tmp_path):
    assert find_interrupted(tmp_path / "nowhere") == (None, "")
    assert not (tmp_path / "nowhere").exists()


def test_one_is_found_with_its_plan_its_epoch_and_its_time(tmp_path, interrupt):
    folder = interrupt()
    os.utime(folder / LAST, (1e9, 1e9))
    found, told = find_interrupted(tmp_path)
    assert (found.folder, found.plan, found.epoch, told) == (folder, MINE, 2, "")
    assert found.when.timestamp() == 1e9
    assert find_interrupted(tmp_path)[0] == found  # to look changes nothing


def test_of_several_it_is_the_one_that_was_begun_last(tmp_path, interrupt):
    interrupt()
    interrupt(replace(MINE, name="later"))
    assert find_interrupted(tmp_path)[0].plan.name == "later"


def test_one_that_is_under_way_is_none_that_was_interrupted(tmp_path, interrupt):
    folder = interrupt()
    with claimed(folder):
        assert find_interrupted(tmp_path) == (None, "")
        with pytest.raises(CheckpointError, match="Another training is under way"):
            discard_training(folder)
    assert find_interrupted(tmp_path)[0].folder == folder


def test_what_never_had_a_checkpoint_is_removed(tmp_path):
    folder = new_training(tmp_path)
    folder.mkdir(parents=True)
    write_plan(MINE, folder)
    assert find_interrupted(tmp_path) == (None, "")
    assert not folder.exists()


def test_where_the_last_checkpoint_was_being_replaced_the_one_before_counts(tmp_path, interrupt):
    folder = interrupt()
    (folder / LAST).rename(folder / PREVIOUS)
    assert find_interrupted(tmp_path)[0].epoch == 2


def damage(folder):
    (folder / LAST).write_bytes(b"damaged")


def another_version(folder):
    path = folder / LAST
    path.write_bytes(path.read_bytes().replace(b"checkpoint 1 ", b"checkpoint 9 ", 1))


def no_plan(folder):
    (folder / PLAN).unlink()


def no_json(folder):
    (folder / PLAN).write_text("{")


def another_plan(folder):
    (folder / PLAN).write_text('{"source": "mnist", "epochs": "many"}')


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (damage, "is damaged"),
        (another_version, "of another version"),
        (no_plan, "There is no plan.json"),
        (no_json, "holds no plan"),
        (another_plan, "holds no plan"),
    ],
)
def test_one_that_cannot_be_read_is_set_aside_with_a_sentence(tmp_path, interrupt, harm, problem):
    older = interrupt(replace(MINE, name="older"))
    folder = interrupt()
    harm(folder)
    found, told = find_interrupted(tmp_path)
    assert found.folder == older
    assert problem in told
    aside = folder.with_name(ASIDE + folder.name)
    assert told.endswith(f"Its files are kept in {aside}.")
    assert aside.is_dir()
    assert not folder.exists()
    assert find_interrupted(tmp_path)[1] == ""  # it is told once


@pytest.mark.parametrize("remove", [discard_training, finish_training])
def test_nothing_is_left_of_one_that_is_over(tmp_path, interrupt, remove):
    folder = interrupt()
    save_checkpoint(find_state(folder), folder)  # a second one, beside the first
    remove(folder)
    assert not folder.exists()
    assert find_interrupted(tmp_path) == (None, "")


def find_state(folder):
    from engine.learning.checkpoint import load_checkpoint

    return load_checkpoint(folder)[0]


def test_each_training_has_a_folder_of_its_own(tmp_path):
    first = new_training(tmp_path)
    before = time.time_ns()
    while time.time_ns() - before < 2000:  # two microseconds, which nobody clicks in
        pass
    assert new_training(tmp_path) != first


def test_one_that_learns_of_somebodys_digits_is_found_for_that_one_alone(tmp_path, state):
    place = tmp_path / "networks"
    ada = Profiles(tmp_path).create("Ada")
    folders = {}
    for author in ("", ada.author):
        folders[author] = new_training(place)
        own = replace(state.config, samples=SamplesFacts(author, 20, "ab"))
        save_checkpoint(replace(state, config=own), folders[author])
        write_plan(MINE, folders[author])
    assert find_interrupted(place, "")[0].folder == folders[""]
    assert find_interrupted(place, ada.author)[0].folder == folders[ada.author]
    Profiles(tmp_path).delete(ada)
    assert find_interrupted(place, "")[0].folder == folders[""]
    assert not folders[ada.author].exists()  # nobody could go on with it


def test_a_plan_of_old_begins_anew(tmp_path, interrupt):
    folder = interrupt()
    plain = json.loads((folder / PLAN).read_text())
    del plain["start"]
    (folder / PLAN).write_text(json.dumps(plain))
    assert find_interrupted(tmp_path)[0].plan == MINE
