"""Every reader, of the engine and of the app, knows what it takes: files as they should be, and all others.

A pipe and a device that never ends are refused at once. Of thousands of damaged files each is read, or told
in one of the kinds of error that its reader names; never anything else, and never slowly.
"""

import gzip
import hashlib
import json
import os
import shutil
import struct
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.options import read_config_file
from app.page.drawing_file import read_drawing
from app.reports.facts import report_facts
from app.store.networks import describe, name_of
from engine import Dataset, TrainingConfig, TrainingRun, build_network, load_network, save_network
from engine.datasets.cifar10 import read_cifar10
from engine.datasets.mnist import read_mnist
from engine.datasets.mnist_copies import read_csv, read_npz
from engine.datasets.strokes import LONGEST_LINE, parse_drawings, read_stroke_file
from engine.datasets.unipen import read_unipen
from engine.errors import EngineError, Remedy
from engine.files.array_files import parse_npy
from engine.files.bounded_files import open_text, read_lines
from engine.ink.picture import read_image
from engine.learning.checkpoint import FORMAT, LAST, load_checkpoint, save_checkpoint
from engine.storage.foreign import read_foreign
from engine.storage.network_facts import InputFacts, NetworkFacts
from engine.storage.saved_network import EXPLAINS, load_facts
from tests.digit_templates import digit_images, digit_strokes, write_mnist

ROOT = Path(__file__).resolve().parents[1]
SLOW = 5.0  # seconds for one file


@dataclass(frozen=True)
class Reader:
    """How a file is read, what makes a good one, and how many damaged ones are tried."""

    read: Callable[[Path], object]
    file: str  # its name within `folder`
    write: Callable[[Path], object]  # into a folder
    tries: int
    told: tuple[type[Exception], ...] = (EngineError,)
    # the bytes that are damaged, of the file's, and back; so that a hash or a packing hides nothing
    inner: Callable[[bytes], bytes] = bytes
    outer: Callable[[bytes], bytes] = bytes


# **** good files ****


def npy(array):
    content = BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def write_network(folder):
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), folder / "n")
    facts = json.loads((folder / "n" / "network.json").read_text())
    del facts["sha256"]  # as in a network of old: else all damage is told before anything is looked at
    (folder / "n" / "network.json").write_text(json.dumps(facts))


def write_checkpoint(folder):
    digits = Dataset(*digit_images(20, np.random.default_rng(7)))
    config = TrainingConfig(architecture="mlp-tanh", epochs=1, batch_size=16, validation_fraction=0.2)
    run = TrainingRun(digits, config)
    list(run)
    save_checkpoint(run.state(), folder / "c")


def archive_of(content):
    return content.partition(b"\n")[2]


def with_hash(archive):
    return b"%s %s\n%s" % (FORMAT, hashlib.sha256(archive).hexdigest().encode(), archive)


def write_npy_network(folder):
    network = build_network("lenet5-sigmoid", rng=np.random.default_rng(0)).state()
    for ours, theirs in (("c1", "conv_kernels1"), ("c3", "conv_kernels2")):
        np.save(folder / f"{theirs}.npy", network[f"{ours}.weight"].astype(float))
    for number, layer in enumerate(("c5", "f6", "output"), start=1):
        np.save(folder / f"ff_weights{number}.npy", network[f"{layer}.weight"].T.astype(float))
        np.save(folder / f"ff_biases{number}.npy", network[f"{layer}.bias"].astype(float))


def write_csv_network(folder):
    network = build_network("lenet5-tanh", rng=np.random.default_rng(0)).state()
    places = {"c1": "kernels_biases/layer_0", "c3": "kernels_biases/layer_3", "c5": "kernels_biases/layer_6",
              "f6": "weights_biases/layer_9", "output": "weights_biases/layer_11"}  # fmt: skip
    for layer, place in places.items():
        (folder / place).mkdir(parents=True)
        weight, bias = network[f"{layer}.weight"], network[f"{layer}.bias"]
        tables = {"weights": weight, "biases": bias[:, None]}
        if weight.ndim == 4:
            tables = {f"kernel_{k}_{c}": weight[k, c] for k, c in np.ndindex(weight.shape[:2])}
            tables |= {f"bias_{k}": value for k, value in enumerate(bias)}
        for name, table in tables.items():
            lines = [",".join(map(repr, row.tolist())) for row in table]
            (folder / place / f"{name}.csv").write_text("\n".join(lines))


def write_strokes(folder):
    lines = [json.dumps({"label": d, "writer": "w", "strokes": digit_strokes(d)}) for d in range(3)]
    (folder / "d.jsonl").write_text("\n".join(lines))


UNIPEN = """\
.SEGMENT DIGIT    0 ? "7"
.COMMENT 7 12  224
.PEN_DOWN
 10  90
 60  90
.PEN_UP
.DT 100
.COMMENT 1 3 225
.PEN_DOWN
 5 9
.PEN_UP
"""
TOML = (
    'architecture = "best"\nepochs = 3\nlearning_rate = 1e-3\n[augmentation]\nelastic = 0.6\nshift = 1\n'
    "probability = {elastic = 0.5}\n"
)
HISTORY = (
    "epoch,step,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds\n"
    "1,10,0.001,0.5,0.8,0.6,0.75,1.5\n2,20,0.001,0.2,0.9,0.3,0.85,3.0\n"
)


def write_picture(name, **more):
    def write(folder):
        image = Image.fromarray(255 - digit_images(1, np.random.default_rng(0))[0][0])
        image.save(folder / name, **more)

    return write


def text(name, content):
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


def read_drawings(path):
    """As predict does: what is wrong with a line is handed over."""
    with open_text(path) as file:
        for _, drawing in parse_drawings(read_lines(file, LONGEST_LINE)):
            assert not isinstance(drawing, Exception) or isinstance(drawing, EngineError)


def read_history(path):
    history = path.read_bytes().decode(errors="replace")
    network = build_network("mlp-tanh", rng=np.random.default_rng(0))
    facts = NetworkFacts(network.architecture, network.parameter_count, InputFacts.of(network))
    return report_facts("m", facts, history, [], day=date(2026, 3, 7))


def idx(kind):
    """A file of MNIST's training part, as it is: packed."""
    return Reader(
        lambda path: read_mnist(path.parent, "train"),
        f"train-{kind}-ubyte.gz",
        lambda folder: write_mnist(folder, train=3, test=1, rng=np.random.default_rng(0)),
        120,
    )


def write_npz(folder):
    images, labels = digit_images(2, np.random.default_rng(0))
    np.savez_compressed(folder / "d.npz", x_test=images, y_test=labels)


def unpacked(reader):
    """The same, damaged under the packing."""
    return replace(reader, inner=gzip.decompress, outer=lambda content: gzip.compress(content, 1))


READERS = {
    "array": Reader(
        lambda path: parse_npy(path, path.read_bytes(), remedy=Remedy.RESTORE),
        "a.npy",
        lambda folder: (folder / "a.npy").write_bytes(npy(np.ones((3, 4), np.float32))),
        300,
    ),
    "network's array": Reader(lambda path: load_network(path.parent), "n/output.bias.npy", write_network, 30),
    "network.json": Reader(lambda path: load_facts(path.parent), "n/network.json", write_network, 250),
    "network.json, and what it is of": Reader(
        lambda path: load_network(path.parent), "n/network.json", write_network, 120
    ),
    "network in a list": Reader(lambda path: describe(path.parent), "n/network.json", write_network, 100),
    "name of a network": Reader(
        lambda path: name_of(path.parent), "name.txt", text("name.txt", "Mine – ours\n"), 200
    ),
    "checkpoint": Reader(lambda path: load_checkpoint(path.parent), f"c/{LAST}", write_checkpoint, 50),
    "checkpoint, hash and all": Reader(
        lambda path: load_checkpoint(path.parent),
        f"c/{LAST}",
        write_checkpoint,
        80,
        inner=archive_of,
        outer=with_hash,
    ),
    "foreign npy": Reader(lambda path: read_foreign(path.parent), "ff_biases2.npy", write_npy_network, 60),
    "foreign csv": Reader(
        lambda path: read_foreign(path.parents[2]),
        "weights_biases/layer_11/biases.csv",
        write_csv_network,
        8,
    ),
    "stroke lines": Reader(read_drawings, "d.jsonl", write_strokes, 300),
    "stroke file": Reader(read_stroke_file, "d.jsonl", write_strokes, 200),
    "drawing": Reader(read_drawing, "d.jsonl", write_strokes, 200),
    "UNIPEN": Reader(read_unipen, "u.tra", text("u.tra", UNIPEN), 300),
    "IDX": idx("images-idx3"),
    "IDX, unpacked": unpacked(idx("images-idx3")),
    "IDX labels": unpacked(idx("labels-idx1")),
    "table of digits": Reader(read_csv, "t.csv", text("t.csv", f"label\n7{',0' * 784}\n3{',9' * 784}"), 120),
    "npz of digits": Reader(lambda path: read_npz(path, "test"), "d.npz", write_npz, 120),
    "CIFAR-10": Reader(
        lambda path: read_cifar10(path.parent, "test"),
        "test_batch.bin",
        lambda folder: (folder / "test_batch.bin").write_bytes(bytes(2 * 3073)),
        120,
    ),
    "TOML": Reader(read_config_file, "c.toml", text("c.toml", TOML), 300),
    "JSON": Reader(
        read_config_file, "c.json", text("c.json", json.dumps(TrainingConfig().as_dict(), indent=1)), 300
    ),
    "history": Reader(read_history, "history.csv", text("history.csv", HISTORY), 150),
    **{
        kind: Reader(read_image, f"i.{kind.lower()}", write_picture(f"i.{kind.lower()}"), 100)
        for kind in ("PNG", "JPEG", "GIF", "BMP", "WebP", "TIFF")
    },
}
# these take their bytes from somebody who has opened the file
OPENED = {"array", "history"}
# the name is then that of the folder
FORGIVING = {"name of a network", "network in a list"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Writes a reader's good file, once for all tests: some come with two thousand others."""

    @cache
    def write(name):
        folder = tmp_path_factory.mktemp("reader")
        READERS[name].write(folder)
        return folder / READERS[name].file

    return write


@pytest.fixture
def place(written):
    """Where a reader's good file lies; afterwards it is as it was."""
    kept = {}

    def find(name):
        path = written(name)
        kept[path] = path.read_bytes()
        return path

    yield find
    for path, content in kept.items():
        path.unlink(missing_ok=True)
        path.write_bytes(content)


# **** what they take ****


@pytest.mark.parametrize("name", READERS)
def test_good_files_are_read(name, place):
    READERS[name].read(place(name))


@pytest.mark.parametrize("name", [name for name in READERS if name not in OPENED])
def test_pipes_and_endless_devices_are_refused_at_once(name, place):
    reader = READERS[name]
    path = place(name)
    device = Path("/dev/zero")
    if not hasattr(os, "mkfifo") or not device.exists():
        pytest.skip("needs a system with pipes and devices in folders")
    for make in (lambda: os.mkfifo(path), lambda: path.symlink_to(device)):
        path.unlink()
        make()
        start = time.process_time()  # what waits for ever is ended by pytest
        if name in FORGIVING:
            reader.read(path)
        else:
            with pytest.raises((*reader.told, OSError)):
                reader.read(path)
        assert time.process_time() - start < SLOW


# **** what else may come ****

HUGE = [
    b"1e999", b"-1e999", b"NaN", b"nan", b"Infinity", b"-1", b"1e308", b"5e-324", b"0", b"true", b"null",
    b'""', b"9" * 25, b"9" * 400, b"9" * 5000, b"-" + b"9" * 400,
]  # fmt: skip
EVIL = [
    b"[" * 3000, b"{" * 500, b'{"a":' * 2000, b"[[1]]", b"." * 2000, b"-" * 2000, b"1+" * 2000,
    b"\\ud800", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b[2J", "\u202e\u2028".encode(), b"\r", b"\n\n",
    b"'", b'"', b"#",
    b"PK\x03\x04", struct.pack("<q", -1), struct.pack("<i", 2**31 - 1), b"\x80\x00\x00\x00",
]  # fmt: skip
DIGITS = b"0123456789"


def numbers(content):
    """Where each number in a text begins and ends."""
    spans, start = [], None
    for index, byte in enumerate(content[:20_000] + b" "):
        if byte in DIGITS or (start is not None and byte in b".e"):
            start = index if start is None else start
        elif start is not None:
            spans.append((start, index))
            start = None
    return spans


def damaged(content, spans, rng):
    """The bytes after one to three mishaps."""
    for _ in range(rng.integers(1, 4)):
        # headers are short and decide most: half of all mishaps are there
        end = min(len(content), 200) if rng.random() < 0.5 else len(content)
        at, other = sorted(rng.integers(0, end + 1, 2).tolist())
        match rng.integers(0, 7):
            case 0 if content:
                flipped = bytearray(content)
                for index in rng.integers(0, max(end, 1), rng.integers(1, 9)):
                    flipped[index] ^= 1 << int(rng.integers(0, 8))
                content = bytes(flipped)
            case 1:
                content = content[:at]
            case 2:
                content = content[:at] + content[at:other] * int(rng.integers(2, 5)) + content[other:]
            case 3:
                content = content[:at] + rng.bytes(int(rng.integers(1, 20))) + content[at:]
            case 4:
                content = content[:at] + content[other:]
            case 5:
                content = content[:at] + EVIL[rng.integers(len(EVIL))] + content[at:]
            case _ if spans:
                first, last = spans[rng.integers(len(spans))]
                content = content[:first] + HUGE[rng.integers(len(HUGE))] + content[last:]
    return content


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_told_in_words(name, place, thorough):
    reader = READERS[name]
    path = place(name)
    good = reader.inner(path.read_bytes())
    spans = numbers(good)
    rng = np.random.default_rng(list(name.encode()))
    told = 0
    tries = reader.tries if thorough else reader.tries // 5
    for number in range(tries):
        bad = damaged(good, spans, rng)
        path.write_bytes(reader.outer(bad))
        start = time.process_time()  # how busy the machine is makes no difference
        try:
            reader.read(path)
        except reader.told as error:
            told += 1
            assert str(error).isprintable(), (number, str(error))
            assert len(str(error)) < 1500, (number, str(error))
        except Exception as error:
            raise AssertionError(f"try {number}, of {bad[:300]!r}…") from error
        assert time.process_time() - start < SLOW, (number, bad[:300])
    if name not in FORGIVING | {"stroke lines"}:
        assert told > tries / 20


def test_a_network_with_one_damaged_file_is_told(tmp_path):
    source = ROOT / "saved_network" / "lenet5"
    rng = np.random.default_rng(0)
    for file in sorted(json.loads((source / "network.json").read_text())["files"]):
        folder = tmp_path / "n"
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("README.md"))
        content = damaged((folder / file).read_bytes(), [], rng)
        (folder / file).write_bytes(content)
        if file in EXPLAINS:
            load_network(folder)  # whoever reads it checks it
        elif content != (source / file).read_bytes():
            with pytest.raises(EngineError):
                load_network(folder)
        shutil.rmtree(folder)


def test_nothing_is_warned_of(place):
    """On a terminal a warning would be lines of program text between the answers."""
    path = place("PNG")
    good = path.read_bytes()
    rng = np.random.default_rng(1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(30):
            path.write_bytes(damaged(good, [], rng))
            with suppress(EngineError):
                read_image(path)
