"""What explains a network is made once and kept; what is damaged is told, and made anew."""

import shutil

import numpy as np
import pytest

from app.jobs import kept_beside
from app.jobs.kept_beside import digit_index, digit_map, find_digit_index, find_digit_map
from app.jobs.prototypes import prototypes_at_hand
from engine import build_network, load_network, save_network
from engine.explaining import digit_map as digit_map_module
from engine.explaining.digit_map import MAP_FILE
from engine.explaining.neighbours import INDEX_FILE, DigitIndex, Prototypes
from engine.storage.saved_network import load_attachment, load_facts
from tests.digit_templates import write_mnist


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_beside, "explanations_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def data(tmp_path, rng):
    (tmp_path / "data").mkdir()
    write_mnist(tmp_path / "data", 50, 20, rng)
    return tmp_path / "data"


@pytest.fixture
def network(rng):
    return build_network("mlp-tanh", rng=rng)


@pytest.fixture
def saved(network, tmp_path):
    save_network(network, tmp_path / "net")
    return tmp_path / "net"


@pytest.fixture
def told():
    return []


@pytest.fixture
def few_steps(monkeypatch):
    monkeypatch.setattr(digit_map_module, "STEPS", 3)


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def thirty(network, data):
    every = prototypes_at_hand(data)
    return DigitIndex.build(
        network, Prototypes(every.images[:30], every.labels[:30], every.sources[:30], every.names)
    )


def test_an_index_is_made_from_the_data_and_kept_in_the_folder(network, saved, data, cache, told):
    found = digit_index(network, saved, data, tell=told.append)
    assert found.to_bytes() == DigitIndex.build(network, prototypes_at_hand(data)).to_bytes()
    assert load_attachment(saved, INDEX_FILE) == found.to_bytes()
    assert (names(cache), told) == ([], [])
    again = digit_index(network, saved, data.parent / "nowhere", tell=told.append)
    assert again.to_bytes() == found.to_bytes()


def test_one_of_drawn_digits_gives_way_to_one_of_written_digits(network, saved, data, tmp_path):
    first = digit_index(network, saved, tmp_path / "nowhere")
    second = digit_index(network, saved, data)
    assert (first.prototypes.names, second.prototypes.names) == (("synthetic",), ("mnist",))
    assert load_attachment(saved, INDEX_FILE) == second.to_bytes()


@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_a_damaged_one_is_told_and_made_anew(network, saved, data, told, damage):
    found = digit_index(network, saved, data)
    path = saved / INDEX_FILE
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    load_network(saved)  # which opens without it
    assert digit_index(network, saved, data, tell=told.append).to_bytes() == found.to_bytes()
    assert path.read_bytes() == found.to_bytes()
    (message,) = map(str, told)
    assert INDEX_FILE in message
    assert message.endswith("It is made anew.")


def test_one_of_another_network_is_told_and_made_anew(network, saved, data, told, rng):
    other = build_network("lenet5", rng=rng)
    save_network(
        network,
        saved,
        attachments={INDEX_FILE: DigitIndex.build(other, prototypes_at_hand(data)).to_bytes()},
        overwrite=True,
    )
    found = digit_index(network, saved, data, tell=told.append)
    assert load_attachment(saved, INDEX_FILE) == found.to_bytes()
    assert len(told) == 1


def test_what_ships_is_not_written_to(network, saved, data, cache, monkeypatch):
    monkeypatch.setattr(kept_beside, "is_shipped", lambda folder: True)
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    first = digit_index(network, saved, data)
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
    (kept,) = names(cache)
    assert (cache / kept).read_bytes() == first.to_bytes()
    monkeypatch.setattr(DigitIndex, "build", None)  # not made twice
    assert digit_index(network, saved, data).to_bytes() == first.to_bytes()


def test_a_damaged_one_in_the_cache_is_made_anew(network, saved, data, cache, told, monkeypatch):
    monkeypatch.setattr(kept_beside, "is_shipped", lambda folder: True)
    first = digit_index(network, saved, data)
    (kept,) = names(cache)
    (cache / kept).write_bytes(first.to_bytes()[:-30])
    assert digit_index(network, saved, data, tell=told.append).to_bytes() == first.to_bytes()
    assert len(told) == 1
    assert (cache / kept).read_bytes() == first.to_bytes()


def test_a_persons_file_of_that_name_stays(network, saved, data, cache):
    (saved / INDEX_FILE).write_text("mine")
    digit_index(network, saved, data)
    assert (saved / INDEX_FILE).read_text() == "mine"
    assert len(names(cache)) == 1


def test_where_nothing_can_be_kept_it_is_made_all_the_same(network, saved, data, cache):
    shutil.rmtree(saved)
    cache.write_text("a file")
    assert len(digit_index(network, saved, data).prototypes) == 50


def test_two_networks_do_not_share_what_is_in_the_cache(saved, data, monkeypatch, rng):
    monkeypatch.setattr(kept_beside, "is_shipped", lambda folder: True)
    networks = [build_network("mlp-tanh", rng=rng) for _ in range(2)]
    first, second = (digit_index(network, saved, data) for network in networks)
    assert first.to_bytes() != second.to_bytes()


def test_a_map_is_of_the_index_in_the_folder_and_kept_with_it(network, saved, data, few_steps):
    index = digit_index(network, saved, data)
    found = digit_map(network, saved, data.parent / "nowhere")
    assert found.index.to_bytes() == index.to_bytes()
    assert load_attachment(saved, MAP_FILE) == found.to_bytes()
    assert set(load_facts(saved).files) >= {INDEX_FILE, MAP_FILE}
    np.testing.assert_array_equal(digit_map(network, saved, data).points, found.points)


def test_a_map_of_an_older_index_is_made_anew(network, saved, data, tmp_path, few_steps, told):
    save_network(
        network,
        saved,
        attachments={INDEX_FILE: thirty(network, data).to_bytes()},
        overwrite=True,
    )
    digit_map(network, saved, data)
    (saved / INDEX_FILE).write_bytes(b"")
    found = digit_map(network, saved, data, tell=told.append)
    assert len(found.points) == 50
    assert [name in str(message) for name, message in zip((INDEX_FILE, MAP_FILE), told, strict=True)] == [
        True
    ] * 2


def test_to_find_makes_nothing_and_finds_what_was_made(network, saved, data, few_steps, told):
    for find in (find_digit_index, find_digit_map):
        assert find(network, saved, data) is None
    made = digit_map(network, saved, data)
    assert find_digit_index(network, saved, data).to_bytes() == made.index.to_bytes()
    assert find_digit_map(network, saved, data).to_bytes() == made.to_bytes()
    (saved / MAP_FILE).write_bytes(b"")
    assert find_digit_map(network, saved, data, tell=told.append) is None
    assert len(told) == 1
    assert MAP_FILE in str(told[0])
