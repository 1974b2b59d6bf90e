"""engine/storage/committee_files.py: several networks in one folder, which opens as the committee of them."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from engine import Confidence, Recognizer, SavedNetwork, build_network, load_network, save_network
from engine.datasets.dataset import as_ink
from engine.errors import ConfigurationError, SavedNetworkError
from engine.explaining.film import FILM_FILE
from engine.files.plain_zip import pack_files, unpack_files
from engine.reading.memory import Memory, Reference
from engine.reading.rejection import Rejection
from engine.storage.committee_files import committee_files
from engine.storage.export import export_network, files_of
from engine.storage.model_card import model_card
from engine.storage.network_facts import NetworkFacts
from engine.storage.saved_network import (
    attach,
    load_attachment,
    load_facts,
    load_files,
    save_files,
)
from tests.digit_templates import digit_images, digit_strokes

IMAGES = as_ink(digit_images(6, np.random.default_rng(3))[0])
NAMES = ["1-first.lenet", "2-second.lenet"]


def random_network(seed, architecture="lenet5"):
    return build_network(architecture, rng=np.random.default_rng(seed))


@pytest.fixture
def pair(tmp_path):
    """Two networks in folders, of which one keeps a film."""
    first, second = tmp_path / "first", tmp_path / "second"
    rejection = Rejection(2.0, 0.01, 0.9, 0.99)
    save_network(
        random_network(1), first, confidence=Confidence(1.5, rejection), attachments={FILM_FILE: b"f"}
    )
    save_network(random_network(2), second, confidence=Confidence(0.7, rejection))
    return first, second


@pytest.fixture
def folder(pair, tmp_path):
    folder = tmp_path / "both"
    save_files(files_of(pair), folder)
    return folder


def probabilities(saved):
    return saved.confidence.probabilities(saved.classifier.logits(IMAGES))


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def rewritten(folder, change):
    """The network.json of a folder, changed as one would who also mends its checksum."""
    facts = json.loads((folder / "network.json").read_bytes())
    del facts["sha256"]
    change(facts)
    (folder / "network.json").write_text(json.dumps(facts))


def test_a_committee_answers_from_its_folder_as_its_networks_do_together(pair, folder):
    assert sorted(path.name for path in folder.iterdir()) == [*NAMES, "README.md", "network.json"]
    saved, asked = SavedNetwork.load(folder), SavedNetwork.load_all(pair)
    assert np.array_equal(probabilities(saved), probabilities(asked))
    assert saved.confidence == asked.confidence
    alone = [np.log(probabilities(SavedNetwork.load(path))) for path in pair]
    expected = np.exp(np.mean(alone, axis=0))
    np.testing.assert_allclose(
        probabilities(saved), expected / expected.sum(axis=1, keepdims=True), rtol=2e-5
    )


def test_its_facts_and_its_card_tell_what_it_is_made_of(folder):
    facts = load_facts(folder)
    assert facts.members == ("first", "second")
    assert list(facts.files) == NAMES
    assert facts.parameters == 2 * 44_426
    assert facts.training is facts.test is None
    card = (folder / "README.md").read_text()
    assert card == model_card(facts)
    assert "2 networks are asked together" in card
    assert f"| second | `{facts.files['2-second.lenet']}` |" in card
    assert "validation digits" not in card  # nobody has measured it


def test_a_member_opens_by_itself_and_is_the_whole_network(pair, folder):
    for path, name in zip(pair, NAMES, strict=True):
        assert load_files(folder / name) == load_files(path)


def test_what_explains_it_is_what_explains_its_first(folder):
    assert load_attachment(folder, FILM_FILE) == b"f"
    assert load_attachment(folder, "neighbours.npz") is None
    with pytest.raises(SavedNetworkError):
        attach(random_network(1), folder, "neighbours.npz", b"n")
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".npz") == []


def test_it_is_one_file_too(pair, folder, tmp_path):
    export_network([folder], tmp_path / "both.lenet")
    export_network(pair, tmp_path / "at-once.lenet")
    assert (tmp_path / "both.lenet").read_bytes() == (tmp_path / "at-once.lenet").read_bytes()
    saved = SavedNetwork.load(tmp_path / "both.lenet")
    assert np.array_equal(probabilities(saved), probabilities(SavedNetwork.load(folder)))
    assert load_attachment(tmp_path / "both.lenet", FILM_FILE) == b"f"


def test_it_is_replaced_whole_and_only_where_that_is_asked_for(pair, folder):
    other = random_network(4)
    with pytest.raises(SavedNetworkError, match="holds a network already"):
        save_files(files_of(pair), folder)
    (folder / "notes.txt").write_text("mine")
    save_network(other, folder, overwrite=True)
    assert not [name for name in NAMES if (folder / name).exists()]
    save_files(files_of(pair), folder, overwrite=True)
    assert not list(folder.glob("*.npy"))
    assert (folder / "notes.txt").read_text() == "mine"
    assert SavedNetwork.load(folder).facts.members == ("first", "second")


def test_names_become_names_of_files_that_any_system_takes(pair):
    names = ["con", "con", "\u00dcber / \U0001f642", "../x\0", "", "n" * 300]
    files = committee_files([(name, load_files(pair[0])) for name in names])
    plain = ["1-con", "2-con", "3-ber", "4-x", "5-network", f"6-{'n' * 40}"]
    assert list(files) == [*(f"{name}.lenet" for name in plain), "README.md", "network.json"]


def test_what_was_taught_to_a_member_is_asked_and_can_be_left_out(pair, tmp_path):
    taught = tmp_path / "taught"
    network, labels = random_network(1), np.array([3, 3, 3, 3, 3, 3])
    memory = Memory(Reference.build(network, np.zeros((4, 28, 28), np.float32), np.array([0, 1, 2, 3])))
    memory = memory.taught(network, IMAGES, labels)
    files = {"reference.npz": memory.reference.to_bytes(), "memory.npz": memory.to_bytes()}
    save_network(network, taught, attachments=files)
    save_files(files_of([taught, pair[1]]), tmp_path / "both")
    saved = SavedNetwork.load(tmp_path / "both")
    asked = SavedNetwork.load_all([taught, pair[1]])
    assert np.array_equal(probabilities(saved), probabilities(asked))
    save_files(files_of([tmp_path / "both"], with_memory=False), tmp_path / "bare")
    bare = SavedNetwork.load(tmp_path / "bare")
    assert bare.facts.members == ("taught", "second")
    assert [member.memory for member in bare.members] == [None, None]
    assert not np.allclose(probabilities(bare), probabilities(saved))
    assert np.array_equal(probabilities(bare), probabilities(saved.without_memory))


def test_a_recognizer_reads_with_all_and_looks_into_the_first(folder, pair):
    together, first = Recognizer.load(folder), Recognizer.load(pair[0])
    strokes = digit_strokes(7)
    expected = SavedNetwork.load_all(pair)
    seen = together.recognize(strokes)
    read = expected.confidence.probabilities(expected.classifier.logits(seen.image[None]))[0]
    assert np.array_equal(seen.probabilities, read)
    assert not np.allclose(first.recognize(strokes).probabilities, read)
    for alone in (together.first, together.with_network(together.network), together.silenced({})):
        assert np.array_equal(alone.recognize(strokes).probabilities, first.recognize(strokes).probabilities)
    assert first.first is first
    assert np.array_equal(together.named(Path("x")).recognize(strokes).probabilities, read)


def test_a_committee_is_taught_before_all_of_it_answers(folder, pair):
    reader = Recognizer.load(folder)
    strokes, others = digit_strokes(7), digit_strokes(1)
    before, of_others = reader.recognize(strokes), reader.recognize(others)
    label = (before.digit + 1) % 10
    memory = Memory(Reference.build(reader.network, np.stack([of_others.image] * 4), np.array([0, 1, 2, 3])))
    reader.teach(memory.taught(reader.network, before.image[None], np.array([label])))
    after = reader.recognize(strokes)
    assert (after.digit, after.from_memory) == (label, True)
    assert np.array_equal(reader.recognize(others).probabilities, of_others.probabilities)
    assert reader.named(Path("x")).recognize(strokes).digit == label


def test_networks_that_do_not_go_together_make_none(pair, folder, tmp_path):
    save_network(random_network(0, "cifar10"), tmp_path / "colours")
    with pytest.raises(ConfigurationError, match="Member 2 of the committee tells 10 classes of images"):
        files_of([pair[0], tmp_path / "colours"])
    for paths in ([pair[0], folder], [folder, pair[0]]):
        with pytest.raises(SavedNetworkError, match=r"is a committee itself.*Name its members"):
            files_of(paths)
        with pytest.raises(SavedNetworkError, match=r"is a committee itself.*Name its members"):
            SavedNetwork.load_all(paths)


def test_one_network_that_is_asked_for_is_not_the_first_of_several(folder):
    with pytest.raises(SavedNetworkError, match=r"committee of 1-first\.lenet, 2-second\.lenet"):
        load_network(folder)


# **** damages: each changes a folder, and tells what is said then ****


def missing(folder):
    (folder / NAMES[1]).unlink()
    return "2-second.lenet cannot be read|2-second.lenet is missing|No such file"


def changed(folder):
    content = bytearray((folder / NAMES[1]).read_bytes())
    content[100] ^= 1
    (folder / NAMES[1]).write_bytes(content)
    return "2-second.lenet is not the file that was saved"


def replaced(folder):
    files = load_files(folder / NAMES[0])
    (folder / NAMES[1]).write_bytes(pack_files(files))
    return "2-second.lenet is not the file that was saved"


def cut_off(folder):
    path = folder / NAMES[0]
    path.write_bytes(path.read_bytes()[:2000])
    return "1-first.lenet is not the file that was saved"


def of_nothing(folder):
    rewritten(folder, lambda facts: facts.update(files={}))
    return "network.json lists less than two members"


def of_one(folder):
    rewritten(folder, lambda facts: facts["files"].pop(NAMES[1]))
    return "network.json lists less than two members"


def with_a_stranger(folder):
    (folder / "x.npy").write_bytes(b"x")
    rewritten(folder, lambda facts: facts["files"].update({"x.npy": sha256(b"x")}))
    return "network.json lists x.npy, which is no member"


def nested(folder):
    content = pack_files(load_files(folder))
    (folder / NAMES[1]).write_bytes(content)
    rewritten(folder, lambda facts: facts["files"].update({NAMES[1]: sha256(content)}))
    return "2-second.lenet is a committee itself"


def with_no_zip(folder):
    (folder / NAMES[1]).write_bytes(b"no zip")
    rewritten(folder, lambda facts: facts["files"].update({NAMES[1]: sha256(b"no zip")}))
    return "2-second.lenet is no network in one file"


def with_a_damaged_member(folder):
    files = unpack_files((folder / NAMES[1]).read_bytes())
    files["c1.weight.npy"] = files["c1.weight.npy"][:-1] + b"\0"
    content = pack_files(files)
    (folder / NAMES[1]).write_bytes(content)
    rewritten(folder, lambda facts: facts["files"].update({NAMES[1]: sha256(content)}))
    return "c1.weight.npy is not the file that was saved"


def of_other_images(folder):
    save_network(random_network(0, "cifar10"), folder.parent / "colours")
    content = pack_files(load_files(folder.parent / "colours"))
    (folder / NAMES[1]).write_bytes(content)
    rewritten(folder, lambda facts: facts["files"].update({NAMES[1]: sha256(content)}))
    return "network.json: Member 2 of the committee tells"


@pytest.mark.parametrize(
    "damage",
    [
        missing, changed, replaced, cut_off, of_nothing, of_one, with_a_stranger, nested, with_no_zip,
        with_a_damaged_member, of_other_images,
    ],
)  # fmt: skip
def test_a_damaged_committee_is_refused_by_the_name_of_what_is_wrong(folder, damage):
    expected = damage(folder)
    with pytest.raises(SavedNetworkError, match=expected):
        SavedNetwork.load(folder)
    with pytest.raises(SavedNetworkError, match=expected):
        load_files(folder)


def test_a_damaged_member_makes_no_committee(pair):
    files = load_files(pair[1])
    files["c1.weight.npy"] = b"no array"
    with pytest.raises(SavedNetworkError, match=r"second/c1\.weight\.npy"):
        committee_files([("first", load_files(pair[0])), ("second", files)])


def test_the_identity_is_that_of_the_members(pair, folder, tmp_path):
    own = load_facts(folder).identity
    facts = NetworkFacts.from_json((folder / "network.json").read_bytes())
    assert own == facts.identity
    save_files(files_of([pair[1], pair[0]]), tmp_path / "other")
    assert load_facts(tmp_path / "other").identity != own
