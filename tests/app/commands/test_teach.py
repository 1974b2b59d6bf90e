"""Teaching at the command line: what it tells, and what it writes."""

import json

import numpy as np
import onnxruntime
import pytest

from app.jobs import teaching
from engine import Recognizer, build_network, save_network
from engine.datasets.samples import Sample, append_samples
from engine.reading.evaluation import PairedTally

CROSSES = [[(0, 0), (1, 3)], [(1, 0), (0, 3)], [(0, 1), (1, 1)]]


@pytest.fixture(autouse=True)
def little_data(monkeypatch):
    monkeypatch.setattr(teaching, "SetsAtHand", lambda folder: iter(()))


@pytest.fixture
def parent(tmp_path):
    save_network(build_network("lenet5", rng=np.random.default_rng(3)), tmp_path / "parent")
    return tmp_path / "parent"


@pytest.fixture
def label(parent):
    return (Recognizer.load(parent).recognize(CROSSES).digit + 1) % 10


@pytest.fixture
def file(tmp_path, label):
    append_samples(
        tmp_path / "mine.jsonl", [Sample(label, CROSSES, when="2026-01-02T03:04:05Z", author="Ada")]
    )
    return tmp_path / "mine.jsonl"


def test_teach_tells_one_line_and_predict_reads_what_was_taught(run, parent, file, label, tmp_path):
    arguments = ("--mode", "teach", "--path", parent, "--samples", file, "--to", tmp_path / "child")
    status, out, err = run(*arguments, "--seed", 1, "--format", "json")
    assert (status, err) == (0, "")
    record = json.loads(out)
    assert list(record)[:5] == ["samples", "seconds", "before", "after", "kept"]
    assert (record["samples"], record["kept"], record["before"]) == (1, True, {"samples": 0.0})
    _, out, _ = run("--mode", "predict", "--path", tmp_path / "child", file, "--format", "json")
    answer = json.loads(out)
    assert (answer["digit"], answer["memory"], answer["parts"][0]["memory"]) == (label, True, True)
    _, out, _ = run("--mode", "predict", "--path", tmp_path / "child", file)
    assert out.startswith(f"{file}:0  {label}  99.")
    assert ", from memory" in out
    _, out, _ = run("--mode", "predict", "--path", parent, file, "--format", "json")
    assert "memory" not in json.loads(out)
    assert "memory" not in json.loads(out)["parts"][0]


def test_explain_tells_of_the_network_itself_whatever_it_was_taught(run, parent, file, label, data, tmp_path):
    child = tmp_path / "child"
    run("--mode", "teach", "--path", parent, "--samples", file, "--to", child, "--seed", 1)
    own = Recognizer.load(parent).recognize_page(CROSSES).parts[0].prediction.digit
    assert own != label
    explain = ("--mode", "explain", "--path", child, file, "--data", data, "--format", "json")
    status, out, _ = run(*explain, "--to", label)
    record = json.loads(out)
    assert (status, record["digit"], record["versus"]) == (0, own, label)
    status, out, err = run(*explain, "--to", own)
    assert (status, out) == (1, "")
    assert f"is read as {own} already" in err


def test_a_doubtful_sample_is_told_and_left_or_kept(run, parent, file, label, tmp_path):
    again = [[(x + 0.01 * y, y) for x, y in stroke] for stroke in CROSSES]
    append_samples(file, [Sample((label + 1) % 10, again)])
    arguments = ("--mode", "teach", "--path", parent, "--samples", file)
    status, out, err = run(*arguments, "--to", tmp_path / "left")
    assert status == 0
    assert f"says {(label + 1) % 10}, but an earlier sample much like it is {label}: left out" in err
    assert out.startswith("taught 1 samples")
    status, out, err = run(*arguments, "--to", tmp_path / "kept", "--doubtful", "keep")
    assert status == 0
    assert "taught all the same" in err
    assert out.startswith("taught 2 samples")


def test_what_would_read_something_worse_is_not_saved(run, parent, file, tmp_path, monkeypatch):
    monkeypatch.setattr(
        teaching.Teaching,
        "measure",
        lambda self: setattr(
            self, "taught", teaching.replace(self.taught, results={"mnist": PairedTally(100, 80, 9, 0)})
        ),
    )
    arguments = ("--mode", "teach", "--path", parent, "--samples", file, "--to", tmp_path / "child")
    status, out, err = run(*arguments, "--format", "json")
    assert (status, json.loads(out)["kept"]) == (1, False)
    assert "Nothing was saved: MNIST would be read worse" in err
    assert not (tmp_path / "child").exists()
    status, out, _ = run(*arguments, "--doubtful", "keep", "--format", "json")
    assert (status, json.loads(out)["kept"]) == (0, True)
    assert (tmp_path / "child").exists()


def test_a_bad_line_is_told_and_the_others_are_taught(run, parent, file, tmp_path):
    with file.open("a") as lines:
        lines.write('{"label": 3, "strokes": [[[0')
    status, out, err = run("--mode", "teach", "--path", parent, "--samples", file, "--to", tmp_path / "child")
    assert status == 1
    assert "mine.jsonl, line 2 is no JSON" in err
    assert out.startswith("taught 1 samples")
    assert (tmp_path / "child" / "memory.npz").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("teach", "--to", "x"), "needs --samples FILE and --to FOLDER"),
        (("samples",), "needs at least one FILE"),
        (("samples", "a.jsonl", "--as", "idx"), "--as needs --export DIR"),
        (("predict", "a.jsonl", "--doubtful", "keep"), "takes no --doubtful"),
    ],
)
def test_wrong_usage_is_told(run, arguments, told):
    status, _, err = run("--mode", *arguments)
    assert status == 2
    assert told in err


def test_the_parent_stays_as_it_is(run, parent, file):
    status, _, err = run(
        "--mode", "teach", "--path", parent, "--samples", file, "--to", parent, "--overwrite"
    )
    assert status == 1
    assert "is the network to be taught" in err


def test_what_was_taught_leaves_with_its_memory_or_without_where_that_is_asked_for(
    run, parent, file, label, tmp_path
):
    child = tmp_path / "child"
    assert run("--mode", "teach", "--path", parent, "--samples", file, "--to", child)[0] == 0

    def export(ending, *more):
        return run("--mode", "export", "--path", child, "--save", tmp_path / f"child{ending}", *more)

    assert export(".lenet")[::2] == (0, "")
    assert Recognizer.load(tmp_path / "child.lenet").recognize(CROSSES).digit == label
    assert export(".onnx")[::2] == (0, "")
    taught = Recognizer.load(child).recognize(CROSSES)
    session = onnxruntime.InferenceSession(tmp_path / "child.onnx", providers=["CPUExecutionProvider"])
    (answered,) = session.run(["probabilities"], {"ink": taught.image[None, None]})[0]
    assert answered == pytest.approx(taught.probabilities, abs=1e-5)
    assert answered.argmax() == label
    for ending in (".safetensors", ".npz"):
        status, _, err = export(ending)
        assert status == 1
        assert f"what it was taught, which a {ending} file does not hold. Save it as .lenet" in err
        assert "--without-memory" in err
        assert not (tmp_path / f"child{ending}").exists()
    own = Recognizer.load(parent).recognize(CROSSES).probabilities
    for ending in (".lenet", ".onnx", ".safetensors", ".npz"):
        assert export(ending, "--without-memory", "--overwrite")[::2] == (0, "")
        without = Recognizer.load(tmp_path / f"child{ending}")
        assert (without.memory, without.facts.taught) == (None, None)
        assert without.recognize(CROSSES).probabilities == pytest.approx(own, abs=1e-5)
