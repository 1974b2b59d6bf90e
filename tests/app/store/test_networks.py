"""app/store/networks.py: the person's own networks, under any name, and folders that are damaged."""

import json
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from app.store.networks import (
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
    title_of,
)
from engine import build_network, load_network, save_network
from engine.errors import SavedNetworkError
from engine.reading.evaluation import TestFacts
from tests.app.reports.marked import marked

TEST_FACTS = TestFacts(
    dataset="some digits",
    count=100,
    accuracy=0.93,
    interval=(0.9, 0.95),
    accuracy_first_half=0.9,
    accuracy_second_half=0.96,
    loss=0.2,
)


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
    assert (new.facts.test.accuracy, new.saved, new.problem) == (0.93, datetime(2026, 5, 3, 12), "")
    assert old.facts.test is None


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
    assert clean_name(" \n\x07\ud800") == ""


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


def test_what_is_wrong_with_a_network_is_told_in_another_language(tmp_path):
    folder = keep(tmp_path, "broken")
    (folder / "network.json").write_text('{"format": 99}')
    with marked():
        problem = describe(folder).problem
    assert " «is format 99; this version reads format 1. Update LeNet Canvas, or train again.»»" in problem


@pytest.mark.parametrize("accuracy", ["high", 2.0, float("nan"), None])
def test_an_accuracy_that_makes_no_sense_is_damage(tmp_path, accuracy):
    folder = keep(tmp_path, "odd", test=TEST_FACTS)
    facts = json.loads((folder / "network.json").read_text())
    del facts["sha256"]  # as a network of old
    assert describe(folder).facts.test.accuracy == TEST_FACTS.accuracy
    facts["test"]["accuracy"] = accuracy
    (folder / "network.json").write_text(json.dumps(facts))
    assert "accuracy must be" in describe(folder).problem


def test_a_network_that_was_never_tested_is_described_without_a_test(tmp_path):
    assert describe(keep(tmp_path, "untested")).facts.test is None


def test_files_and_hidden_folders_are_no_networks(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".staging").mkdir()
    assert list_networks(tmp_path) == []


def killed_save(folder, *, valid):
    """What a save leaves that was killed before, or after, its network was valid."""
    folder.mkdir()
    (folder / ".lock").touch()
    (folder / ".saving").mkdir()
    if valid:
        save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), folder.with_name("whole"))
        (folder.with_name("whole")).rename(folder / ".saved")


def test_a_save_that_was_killed_leaves_no_network_but_a_free_folder(tmp_path):
    killed_save(tmp_path / "new", valid=False)
    assert list_networks(tmp_path) == []
    assert free_folder(tmp_path, "New") == tmp_path / "new"
    assert keep(tmp_path, "New") == tmp_path / "new"
    assert [network.name for network in list_networks(tmp_path)] == ["New"]


def test_a_network_that_is_valid_but_not_yet_in_place_is_one_network(tmp_path):
    killed_save(tmp_path / "new", valid=True)
    (network,) = list_networks(tmp_path)
    assert (network.folder, network.problem) == (tmp_path / "new", "")
    assert network.saved is not None
    assert [shipped.folder for shipped in list_shipped(tmp_path / "new")] == [tmp_path / "new"]
    assert free_folder(tmp_path, "new") == tmp_path / "new-2"


def test_only_a_folder_that_holds_nothing_is_free(tmp_path):
    (tmp_path / "a-file").touch()
    (tmp_path / "a-link").symlink_to("nowhere")
    assert free_folder(tmp_path, "a file") == tmp_path / "a-file-2"
    assert free_folder(tmp_path, "a link") == tmp_path / "a-link-2"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_place_of_the_name_is_not_waited_for(tmp_path):
    folder = keep(tmp_path, "some")
    (folder / NAME_FILE).unlink()
    os.mkfifo(folder / NAME_FILE)
    assert name_of(folder) == "some"


def test_only_the_persons_networks_are_deleted(tmp_path):
    elsewhere = keep(tmp_path / "elsewhere", "other")
    with pytest.raises(SavedNetworkError, match="none of the networks"):
        delete_network(elsewhere, tmp_path / "networks")
    with pytest.raises(SavedNetworkError):
        delete_network(SHIPPED, tmp_path)
    assert elsewhere.is_dir()


@pytest.mark.parametrize(
    "way", ["networks/..", "networks/.", "networks", "", "networks/a/..", "networks/../b", "/"]
)
def test_no_way_of_writing_a_folder_deletes_what_lies_outside_of_the_place(tmp_path, monkeypatch, way):
    monkeypatch.chdir(tmp_path)
    kept = [keep(tmp_path / "networks", "a"), keep(tmp_path, "b")]
    for place in (Path("networks"), tmp_path / "networks"):
        for folder in (Path(way), tmp_path / way):
            with pytest.raises(SavedNetworkError, match="none of the networks"):
                delete_network(folder, place)
    for folder in kept:
        load_network(folder)


def test_a_network_is_deleted_however_its_place_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("networks", target_is_directory=True)
    for way in (Path("networks/a"), Path("networks/../networks/a"), tmp_path / "link" / "a", Path("link/a")):
        keep(tmp_path / "networks", "a")
        delete_network(way, tmp_path / "networks")
        assert list_networks(tmp_path / "networks") == []


def test_only_folders_are_deleted(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SavedNetworkError, match="is a file"):
        delete_network(tmp_path / "notes.txt", tmp_path)
    with pytest.raises(FileNotFoundError):
        delete_network(tmp_path / "gone", tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_deleting_a_link_leaves_what_it_points_to(tmp_path):
    elsewhere = keep(tmp_path / "elsewhere", "other")
    place = tmp_path / "networks"
    place.mkdir()
    (place / "link").symlink_to(elsewhere, target_is_directory=True)
    delete_network(place / "link", place)
    assert list_networks(place) == []
    load_network(elsewhere)


def test_the_network_that_ships_is_described_with_its_accuracy():
    assert 0.99 < describe(SHIPPED).facts.test.accuracy < 1


def test_networks_that_ship_may_lie_inside_the_first_and_survive_its_replacement(tmp_path):
    shipped = tmp_path / "saved_network"
    keep(tmp_path, "saved_network")
    (tmp_path / "saved-network").rename(shipped)
    keep(shipped, "larger", test=TEST_FACTS)
    (shipped / "notes").mkdir()
    save_network(build_network("mlp-relu", rng=np.random.default_rng(0)), shipped, overwrite=True)
    first, larger = list_shipped(shipped)
    assert (first.folder, larger.folder, larger.facts.test.accuracy) == (shipped, shipped / "larger", 0.93)
    assert load_network(larger.folder).architecture == "mlp-tanh"


def test_those_that_ship_have_names_and_say_that_they_ship(tmp_path):
    titles = [title_of(network.folder) for network in list_shipped(SHIPPED)]
    assert titles == ["Best, ships with LeNet Canvas", "LeNet-5, ships with LeNet Canvas"]
    assert name_of(SHIPPED / "lenet5") == "LeNet-5"
    assert title_of(tmp_path / "saved_network") == "saved_network"
