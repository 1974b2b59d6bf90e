"""app/networks.py: the person's own networks, under any name, and folders that are not as they should be."""

import json
import os
from datetime import datetime

import numpy as np
import pytest

from app.networks import (
    LONGEST_NAME,
    NAME_FILE,
    SHIPPED,
    clean_name,
    delete_network,
    describe,
    free_folder,
    list_networks,
    list_shipped,
    name_of,
    rename_network,
)
from engine import build_network, load_network, save_network
from engine.errors import SavedNetworkError

TEST_FACTS = {
    "dataset": "some digits",
    "count": 100,
    "accuracy": 0.93,
    "interval": [0.9, 0.95],
    "accuracy_first_half": 0.9,
    "accuracy_second_half": 0.96,
    "loss": 0.2,
}


def keep(place, name, *, test=None, day=1):
    folder = free_folder(place, name)
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), folder, test=test)
    rename_network(folder, name)
    when = datetime(2026, 5, day, 12).timestamp()
    os.utime(folder / "network.json", (when, when))
    return folder


def test_networks_are_listed_the_newest_first_with_accuracy_and_date(tmp_path):
    keep(tmp_path, "old", day=1)
    keep(tmp_path, "new", day=3, test=TEST_FACTS)
    keep(tmp_path, "middle", day=2)
    assert [network.name for network in list_networks(tmp_path)] == ["new", "middle", "old"]
    new, _, old = list_networks(tmp_path)
    assert (new.accuracy, new.saved, new.problem) == (0.93, datetime(2026, 5, 3, 12), "")
    assert old.accuracy is None


def test_there_are_none_where_nothing_was_kept(tmp_path):
    assert list_networks(tmp_path / "not yet") == []


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("My first", "my-first"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c", "a-b-c"),
        ("Prüfung Nº 5", "prufung-no-5"),
        ("数字 🙂", "network"),
        ("...", "network"),
        ("CON", "network-con"),
        ("nul.txt", "network-nul-txt"),
        ("lenet5, 8 epochs", "lenet5-8-epochs"),
        ("x" * 300, "x" * 40),
    ],
)
def test_any_name_is_kept_as_it_is_in_a_folder_that_every_system_takes(tmp_path, name, folder):
    kept = keep(tmp_path, name)
    assert kept == tmp_path / folder
    assert name_of(kept) == name[:LONGEST_NAME]
    load_network(kept)  # name.txt is no part of it, and no hindrance


def test_two_networks_of_one_name_have_two_folders(tmp_path):
    assert keep(tmp_path, "Twice") == tmp_path / "twice"
    assert keep(tmp_path, "Twice") == tmp_path / "twice-2"
    assert [network.name for network in list_networks(tmp_path)] == ["Twice", "Twice"]


def test_a_name_is_one_line_without_what_cannot_be_shown():
    assert clean_name("  two\nlines\t and\x00 \u2028more ") == "two lines and more"
    assert clean_name(" \n\x07") == ""


def test_renaming_changes_the_name_alone(tmp_path):
    folder = keep(tmp_path, "before", day=2)
    rename_network(folder, "after / 🙂")
    (network,) = list_networks(tmp_path)
    assert (network.name, network.folder, network.saved) == ("after / 🙂", folder, datetime(2026, 5, 2, 12))


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_without_a_name_that_can_be_read_the_folder_gives_it(tmp_path, content):
    folder = keep(tmp_path, "some")
    (folder / NAME_FILE).unlink()
    if content is not None:
        (folder / NAME_FILE).write_bytes(content)
    assert name_of(folder) in ("some", "\ufffd\ufffd")


def test_the_name_of_the_current_folder_is_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(keep(tmp_path, "here") / "..")
    assert name_of(tmp_path / "here" / "..") == tmp_path.name


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "network.json").unlink(),
        lambda folder: (folder / "network.json").write_text("{"),
        lambda folder: (folder / "network.json").write_bytes(b"\xff"),
        lambda folder: (folder / "network.json").write_text('{"format": 99}'),
    ],
)
def test_a_damaged_network_is_listed_with_what_is_wrong_and_can_be_deleted(tmp_path, damage):
    folder = keep(tmp_path, "broken")
    damage(folder)
    (network,) = list_networks(tmp_path)
    assert network.name == "broken"
    assert network.problem
    delete_network(folder, tmp_path)
    assert list_networks(tmp_path) == []


@pytest.mark.parametrize(
    "test", [None, [], {"accuracy": "high"}, {"accuracy": 2.0}, {"accuracy": float("nan")}]
)
def test_an_accuracy_that_makes_no_sense_is_none(tmp_path, test):
    folder = keep(tmp_path, "odd")
    facts = json.loads((folder / "network.json").read_text())
    (folder / "network.json").write_text(json.dumps({**facts, "test": test}))
    assert describe(folder).accuracy is None
    assert not describe(folder).problem


def test_files_and_hidden_folders_are_no_networks(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".staging").mkdir()
    assert list_networks(tmp_path) == []


def test_only_the_persons_networks_are_deleted(tmp_path):
    elsewhere = keep(tmp_path / "elsewhere", "other")
    with pytest.raises(SavedNetworkError, match="none of the networks"):
        delete_network(elsewhere, tmp_path / "networks")
    with pytest.raises(SavedNetworkError):
        delete_network(SHIPPED, tmp_path)
    assert elsewhere.is_dir()


def test_deleting_a_link_leaves_what_it_points_to(tmp_path):
    elsewhere = keep(tmp_path / "elsewhere", "other")
    place = tmp_path / "networks"
    place.mkdir()
    (place / "link").symlink_to(elsewhere, target_is_directory=True)
    delete_network(place / "link", place)
    assert list_networks(place) == []
    load_network(elsewhere)


def test_the_network_that_ships_is_described_with_its_accuracy():
    assert 0.99 < describe(SHIPPED).accuracy < 1


def test_networks_that_ship_may_lie_inside_the_first_and_survive_its_replacement(tmp_path):
    shipped = tmp_path / "saved_network"
    keep(tmp_path, "saved_network")
    (tmp_path / "saved-network").rename(shipped)
    keep(shipped, "larger", test=TEST_FACTS)
    (shipped / "notes").mkdir()
    save_network(build_network("mlp-relu", rng=np.random.default_rng(0)), shipped, overwrite=True)
    first, larger = list_shipped(shipped)
    assert (first.folder, larger.folder, larger.accuracy) == (shipped, shipped / "larger", 0.93)
    assert load_network(larger.folder).architecture == "mlp-tanh"
