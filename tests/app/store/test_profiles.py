"""app/store/profiles.py: each has samples of their own; what comes in a file is believed in nothing."""

import json
import zipfile

import numpy as np
import pytest

from app.store.networks import SHIPPED
from app.store.profiles import FACTS, NETWORK, Profiles
from app.user_folders import drawing_folder
from engine import build_network, load_network, save_network
from engine.datasets.samples import UNLABELLED, Sample, append_samples, read_samples
from engine.errors import DatasetError
from engine.files.plain_zip import pack_files
from tests.digit_templates import digit_strokes

SEVEN = Sample(7, digit_strokes(7), author="Ada")


@pytest.fixture
def place(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def profiles(place):
    return Profiles(place)


@pytest.fixture
def network(tmp_path):
    folder = tmp_path / "network"
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), folder)
    return folder


def names(profiles):
    return [profile.name for profile in profiles.named()]


def test_who_has_not_said_who_draws_has_the_samples_beside_the_networks(profiles, place):
    assert profiles.current == profiles.nameless
    assert profiles.current.samples == place / "samples.jsonl"
    assert names(profiles) == []


def test_each_has_a_folder_and_who_draws_is_remembered(profiles, place):
    bea, ada = profiles.create("Bea"), profiles.create("  Ada\n Lovelace ")
    assert names(profiles) == ["Ada Lovelace", "Bea"]
    assert ada.samples != bea.samples
    profiles.choose(ada)
    assert Profiles(place).current == ada
    assert drawing_folder(place) == ada.folder
    profiles.choose(profiles.nameless)
    assert Profiles(place).current == profiles.nameless


@pytest.mark.parametrize("name", ["", " \n", "ADA"])
def test_a_name_is_one_that_nobody_has(profiles, name):
    profiles.create("Ada")
    with pytest.raises(DatasetError, match=r"at least one letter|already"):
        profiles.create(name)
    assert names(profiles) == ["Ada"]


def test_another_name_and_network_stay_and_samples_too(profiles, network):
    ada = profiles.create("Ada")
    append_samples(ada.samples, [SEVEN])
    renamed = profiles.rename(profiles.choose_network(ada, network), "ada")
    assert profiles.named() == [renamed]
    assert (renamed.name, renamed.network) == ("ada", network)
    assert len(read_samples(renamed.samples).samples) == 1


def test_one_is_deleted_with_its_samples_and_nothing_else(profiles, place):
    append_samples(profiles.nameless.samples, [SEVEN])
    ada, bea = profiles.create("Ada"), profiles.create("Bea")
    profiles.choose(ada)
    profiles.delete(ada)
    assert names(profiles) == ["Bea"]
    assert profiles.current == profiles.nameless
    with pytest.raises(DatasetError, match="no profile"):
        profiles.delete(profiles.nameless)
    assert profiles.nameless.samples.exists()
    assert bea.folder.exists()


@pytest.mark.parametrize("content", [b"../../elsewhere", b"", b"gone", b"\xff", b"a/b"])
def test_what_names_no_folder_there_names_nobody(profiles, place, content):
    profiles.create("Ada")
    (place / "profiles" / "current.txt").write_bytes(content)
    assert profiles.current == profiles.nameless
    assert drawing_folder(place) == place


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b'{"name": ""}', b'{"name": 3}', b'{"name": "A", "format": 2}']
)
def test_a_damaged_one_is_left_out_and_left_there(profiles, content):
    ada, bea = profiles.create("Ada"), profiles.create("Bea")
    (ada.folder / FACTS).write_bytes(content)
    assert profiles.named() == [bea]
    assert ada.folder.exists()


def test_a_file_of_one_brings_samples_and_network_to_another_computer(profiles, network, tmp_path):
    ada = profiles.choose_network(profiles.create("Ada"), network)
    append_samples(ada.samples, [SEVEN])
    append_samples(ada.collected, [Sample(UNLABELLED, digit_strokes(4))])
    profiles.export(ada, tmp_path / "ada.zip")
    other = Profiles(tmp_path / "other")
    came = other.bring_in(tmp_path / "ada.zip")
    assert other.named() == [came]
    assert came.name == "Ada"
    assert read_samples(came.samples).samples[0].to_line() == SEVEN.to_line()
    assert len(read_samples(came.collected, are_labelled=False).samples) == 1
    assert came.network == came.folder / NETWORK
    weights = [each.value for each in load_network(network).parameters]
    loaded = [each.value for each in load_network(came.network).parameters]
    assert all(np.array_equal(one, two) for one, two in zip(weights, loaded, strict=True))
    assert other.bring_in(tmp_path / "ada.zip").name == "Ada (2)"
    assert str(network) not in (tmp_path / "ada.zip").read_bytes().decode("latin-1")


@pytest.mark.parametrize("shipped", [SHIPPED, SHIPPED / "lenet5"])
def test_a_network_that_ships_is_chosen_by_its_name_on_another_computer(profiles, tmp_path, shipped):
    ada = profiles.choose_network(profiles.create("Ada"), shipped)
    profiles.export(ada, tmp_path / "ada.zip")
    assert (tmp_path / "ada.zip").stat().st_size < 1000  # it is there already
    came = Profiles(tmp_path / "other").bring_in(tmp_path / "ada.zip")
    assert came.network == shipped
    assert Profiles(tmp_path / "other").named() == [came]


def test_without_a_network_of_that_name_the_usual_one_reads(profiles, tmp_path):
    (tmp_path / "came.zip").write_bytes(pack_files({FACTS: facts(shipped="LeNet-9")}))
    assert profiles.bring_in(tmp_path / "came.zip").network is None


def facts(**changes):
    return json.dumps({"name": "Ada", **changes}).encode()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({FACTS: facts(), "strange.txt": b""}, "which is of no profile"),
        ({FACTS: facts(), "memory.pickle": b"\x80\x04."}, "which is of no profile"),
        ({"samples.jsonl": b""}, "It holds no profile.json"),
        ({FACTS: b" " * 2**15}, "too long"),
        ({FACTS: b"[" * 9000}, "holds no facts"),
        ({FACTS: facts(format=9)}, "has the format 9"),
        ({FACTS: facts(), "samples.jsonl": b"nonsense\n"}, "samples.jsonl, line 1"),
        ({FACTS: facts(), "collected.jsonl": SEVEN.to_line().encode()}, "what has none yet"),
        ({FACTS: facts(), NETWORK: b"no zip"}, "is no network in one file"),
    ],
)
def test_what_is_no_profile_in_all_its_parts_is_refused_whole(profiles, place, tmp_path, files, told):
    path = tmp_path / "came.zip"
    path.write_bytes(pack_files(files))
    with pytest.raises(DatasetError, match=r"came\.zip is no profile") as caught:
        profiles.bring_in(path)
    assert told in str(caught.value)
    assert not list(place.glob("profiles/*"))
    assert not list(place.glob("profiles/.*"))


@pytest.mark.parametrize("name", ["../samples.jsonl", "/tmp/samples.jsonl", "a/profile.json", "..\\x"])
def test_no_name_leads_out_of_it(profiles, place, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "came.zip", "w") as archive:
        archive.writestr(FACTS, facts())
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(DatasetError, match="no name of a file"):
        profiles.bring_in(tmp_path / "came.zip")
    assert not (place / "profiles").exists()


@pytest.mark.parametrize("content", [b"", b"PK", bytes(1000)])
def test_what_is_no_zip_is_told(profiles, tmp_path, content):
    (tmp_path / "came.zip").write_bytes(content)
    with pytest.raises(DatasetError, match="is no profile"):
        profiles.bring_in(tmp_path / "came.zip")


def test_what_a_file_says_of_a_network_elsewhere_is_not_followed(profiles, tmp_path):
    (tmp_path / "came.zip").write_bytes(pack_files({FACTS: facts(network="/etc")}))
    assert profiles.bring_in(tmp_path / "came.zip").network is None


def test_one_that_no_program_would_read_again_is_not_written(profiles, tmp_path, monkeypatch):
    ada = profiles.create("Ada")
    append_samples(ada.samples, [SEVEN] * 50)
    monkeypatch.setattr("app.store.profiles.MOST_BYTES", 2000)
    with pytest.raises(DatasetError, match="more than the 2,000 bytes"):
        profiles.export(ada, tmp_path / "ada.zip")
    assert not (tmp_path / "ada.zip").exists()
