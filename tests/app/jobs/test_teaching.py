"""Teaching: a new folder with a network that reads what it was taught, and names where it comes from."""

import hashlib
import multiprocessing
import os
import signal

import numpy as np
import pytest

from app.jobs import references, teaching
from app.jobs.teaching import SAMPLES, Teaching, check_target
from engine import Dataset, Recognizer, SavedNetwork, build_network, save_network
from engine.datasets.samples import Sample, append_samples, read_samples
from engine.errors import DatasetError, SavedNetworkError
from engine.nn.losses import NO_CLASS
from engine.reading.evaluation import PairedTally
from engine.reading.memory import Doubt
from engine.storage.saved_network import load_facts
from tests.digit_templates import digit_strokes
from tests.engine.system_calls import SystemCalls, killed_at

CROSSES = [[(0, 0), (1, 3)], [(1, 0), (0, 3)], [(0, 1), (1, 1)]]
NET = [[(0, 0), (3, 3)], [(3, 0), (0, 3)], [(0, 1), (3, 1)], [(0, 2), (3, 2)]]


def leaning(strokes, by):
    return [[(x + by * y, y) for x, y in stroke] for stroke in strokes]


@pytest.fixture(autouse=True)
def little_data(monkeypatch):
    """Nothing to measure on: these tests are not about it."""
    monkeypatch.setattr(teaching, "SetsAtHand", lambda folder: iter(()))


@pytest.fixture
def parent(tmp_path):
    folder = tmp_path / "parent"
    save_network(
        build_network("lenet5", rng=np.random.default_rng(3)), folder, attachments={"history.csv": b"h"}
    )
    return folder


@pytest.fixture
def label(parent):
    """What an untrained network does not take the crosses for."""
    return (Recognizer.load(parent).recognize(CROSSES).digit + 1) % 10


def taught(parent, samples, tmp_path, name="child", *, keeps_doubtful=True):
    made = Teaching(parent, samples, data=tmp_path / "nothing", keeps_doubtful=keeps_doubtful)
    made.save(tmp_path / name, overwrite=False)
    return made


def test_a_taught_network_reads_what_it_was_taught_and_says_that_it_remembers(parent, label, tmp_path):
    taught(parent, [Sample(label, CROSSES), Sample(NO_CLASS, NET)], tmp_path)
    before, after = Recognizer.load(parent), Recognizer.load(tmp_path / "child")
    answer = after.recognize(leaning(CROSSES, 0.02))
    assert (answer.digit, answer.is_digit, answer.from_memory) == (label, True, True)
    (part,) = after.recognize_page(CROSSES).parts
    assert (part.prediction.digit, part.prediction.from_memory) == (label, True)
    refused = after.recognize(NET)
    assert (refused.is_digit, refused.from_memory) == (False, True)
    other = digit_strokes(4)
    assert not after.recognize(other).from_memory
    assert np.allclose(after.recognize(other).probabilities, before.recognize(other).probabilities, atol=1e-6)


def test_it_names_its_parent_and_its_samples(parent, label, tmp_path):
    made = taught(parent, [Sample(label, CROSSES, author="Ada")], tmp_path)
    facts = load_facts(tmp_path / "child").taught
    content = (tmp_path / "child" / "samples.jsonl").read_bytes()
    assert (facts.count, facts.samples) == (1, hashlib.sha256(content).hexdigest())
    assert facts.parent == load_facts(parent).identity
    assert made.taught.count == 1
    assert facts.parent in (tmp_path / "child" / "README.md").read_text()
    assert (tmp_path / "child" / "history.csv").read_bytes() == b"h"
    assert [s.author for s in read_samples(tmp_path / "child" / "samples.jsonl").samples] == ["Ada"]


def test_the_same_samples_and_parent_give_the_same_bytes(parent, label, tmp_path):
    samples = [Sample(label, CROSSES), Sample(NO_CLASS, NET)]
    for name in ("one", "two"):
        references._none.cache_clear()
        taught(parent, samples, tmp_path, name)
    files = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")
    ]
    assert files[0] == files[1]


def test_a_taught_network_is_taught_more_and_keeps_its_reference(parent, label, tmp_path):
    taught(parent, [Sample(label, CROSSES)], tmp_path)
    made = taught(tmp_path / "child", [Sample(label, CROSSES), Sample(3, NET)], tmp_path, "grandchild")
    assert (made.taught.count, made.taught.duplicates) == (2, 1)
    assert len(SavedNetwork.load(tmp_path / "grandchild").memory) == 2
    first, second = (tmp_path / name / "reference.npz" for name in ("child", "grandchild"))
    assert first.read_bytes() == second.read_bytes()


def test_doubtful_lessons_are_left_out_unless_they_are_to_be_kept(parent, label, tmp_path):
    samples = [Sample(label, CROSSES), Sample((label + 1) % 10, leaning(CROSSES, 0.01))]
    asked = Teaching(parent, samples, data=tmp_path, keeps_doubtful=False)
    ((doubtful),) = asked.taught.doubtful
    assert (doubtful.doubt, doubtful.other) == (Doubt.CONTRADICTS, label)
    assert doubtful.sample is samples[1]
    assert (asked.taught.count, len(asked.memory)) == (1, 1)
    kept = Teaching(parent, samples, data=tmp_path, keeps_doubtful=True)
    assert (kept.taught.count, len(kept.taught.doubtful)) == (2, 1)


def test_samples_are_measured_by_what_the_others_teach(parent, label, tmp_path):
    alike = [Sample(label, CROSSES), Sample(label, leaning(CROSSES, 0.02))]
    made = Teaching(parent, [*alike, Sample(label, NET)], data=tmp_path, keeps_doubtful=True)
    made.measure()
    pair = made.taught.results[SAMPLES]
    before = [
        Recognizer.load(parent).recognize(s.strokes).digit == label for s in (*alike, Sample(label, NET))
    ]
    assert pair.first.right == sum(before)
    assert pair.second.right >= 2  # the two teach each other
    alone = Teaching(parent, alike[:1], data=tmp_path, keeps_doubtful=True)
    alone.measure()
    assert alone.taught.results[SAMPLES].second.right == alone.taught.results[SAMPLES].first.right == 0


def test_every_set_at_hand_is_measured_before_and_after(parent, label, tmp_path, monkeypatch):
    images = teaching.as_dataset([Sample(label, CROSSES)] * 20)
    monkeypatch.setattr(
        teaching,
        "SetsAtHand",
        lambda folder: iter([("mnist", Dataset(images.images, (images.labels + 1) % 10))]),
    )
    made = Teaching(parent, [Sample(label, CROSSES)], data=tmp_path, keeps_doubtful=True)
    made.measure()
    pair = made.taught.results["mnist"]
    assert pair.second.right == 0
    assert made.taught.worse == (["mnist"] if pair.first.right else [])


@pytest.mark.parametrize(
    ("pair", "is_worse"),
    [((100, 80, 6, 0), True), ((100, 80, 5, 0), False), ((100, 80, 0, 9), False), ((100, 80, 9, 9), False)],
)
def test_worse_is_what_chance_does_not_explain(pair, is_worse, parent, label, tmp_path):
    made = Teaching(parent, [Sample(label, CROSSES)], data=tmp_path, keeps_doubtful=True)
    results = {"mnist": PairedTally(*pair), SAMPLES: PairedTally(100, 0, 100, 0)}
    assert teaching.replace(made.taught, results=results).worse == (["mnist"] if is_worse else [])


# **** what cannot be taught ****


def test_a_network_for_other_images_cannot_be_taught(tmp_path):
    save_network(build_network("cifar10", rng=np.random.default_rng(0)), tmp_path / "photos")
    with pytest.raises(SavedNetworkError, match="does not read drawn digits"):
        Teaching(tmp_path / "photos", [Sample(1, CROSSES)], data=tmp_path, keeps_doubtful=True)


def test_nothing_to_teach_is_told(parent, tmp_path):
    with pytest.raises(DatasetError, match="None of the samples"):
        Teaching(parent, [], data=tmp_path, keeps_doubtful=True)


def test_the_parent_is_never_written_to(parent):
    with pytest.raises(SavedNetworkError, match="is the network to be taught"):
        check_target(parent, parent, overwrite=True)
    with pytest.raises(SavedNetworkError, match="holds a network already"):
        check_target(parent, parent, overwrite=False)


@pytest.mark.parametrize("name", ["memory.npz", "reference.npz", "samples.jsonl"])
def test_a_damaged_file_of_a_taught_network_is_told(parent, label, tmp_path, name):
    taught(parent, [Sample(label, CROSSES)], tmp_path)
    path = tmp_path / "child" / name
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(SavedNetworkError, match=rf"{name} is not the file that was saved"):
        SavedNetwork.load(tmp_path / "child")


def test_a_memory_without_a_reference_is_told(parent, label, tmp_path):
    made = Teaching(parent, [Sample(label, CROSSES)], data=tmp_path, keeps_doubtful=True)
    network = SavedNetwork.load(parent).network
    save_network(network, tmp_path / "torn", attachments={"memory.npz": made.memory.to_bytes()})
    with pytest.raises(SavedNetworkError, match=r"lists no reference.npz. Teach it again"):
        SavedNetwork.load(tmp_path / "torn")


def teach_and_be_killed(parent, path, child, number):
    with pytest.MonkeyPatch.context() as patch:
        calls = SystemCalls(patch, killed_at(number))
        made = Teaching(parent, read_samples(path).samples, data=parent / "none", keeps_doubtful=True)
        made.save(child, overwrite=True)
    return calls.count


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by SIGKILL")
def test_a_kill_while_it_learns_loses_no_sample_and_no_network(parent, label, tmp_path):
    """At the first call of the system, at the last, and at some between."""
    taught(parent, [Sample(label, CROSSES)], tmp_path)
    path, child = tmp_path / "samples.jsonl", tmp_path / "child"
    append_samples(path, [Sample(label, CROSSES), Sample(NO_CLASS, NET)])
    content = path.read_bytes()
    taught(parent, [Sample(label, CROSSES)], tmp_path, "other")
    count = teach_and_be_killed(parent, path, tmp_path / "other", 0)
    known = []
    for number in np.linspace(1, count, 7).astype(int).tolist():
        learning = multiprocessing.get_context("fork").Process(
            target=teach_and_be_killed, args=(parent, path, child, number)
        )
        learning.start()
        learning.join()
        assert learning.exitcode == -signal.SIGKILL
        assert path.read_bytes() == content
        known.append(len(Recognizer.load(child).memory))
    assert known[0] == 1  # as it was
    assert known == sorted(known)
    assert known[-1] == 2
    taught_again = Teaching(parent, read_samples(path).samples, data=tmp_path, keeps_doubtful=True)
    taught_again.save(child, overwrite=True)  # nothing that was left is in its way
    assert len(Recognizer.load(child).memory) == 2
