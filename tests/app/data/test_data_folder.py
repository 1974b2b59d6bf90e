"""Where data lies, and how MNIST gets there: right files only, whatever the mirrors serve."""

import gzip
import hashlib
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from app import cli
from app.commands import data
from app.data import data_folder
from app.data.data_folder import SOURCES, Choice, download_mnist, find_source, parse_choice
from engine.datasets.mixture import Mixture
from engine.datasets.mnist import read_mnist
from engine.datasets.not_digits import TAUGHT, UNSEEN
from engine.errors import ConfigurationError, DatasetError
from engine.learning.training_config import TrainingConfig
from tests.digit_templates import write_mnist

CONFIG = TrainingConfig()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def serve(tmp_path):
    """Serve a folder on this machine; gives its address."""
    servers = []

    def serve(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def origin(tmp_path, monkeypatch):
    """A folder of four small files, taken for MNIST's."""
    folder = tmp_path / "origin"
    write_mnist(folder, train=10, test=10, rng=np.random.default_rng(0))
    hashes = {
        path.name.removesuffix(".gz"): hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
        for path in folder.iterdir()
    }
    monkeypatch.setattr(data_folder, "SHA256", hashes)
    return folder


def copy_with(folder, target, change):
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(change(path.read_bytes()))
    return target


def test_the_option_comes_before_the_variable_and_the_variable_before_the_cache(monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", "/from/variable")
    assert data_folder.data_folder(Path("/from/option")) == Path("/from/option")
    assert data_folder.data_folder(None) == Path("/from/variable")
    monkeypatch.delenv("DIGITS_DATA")
    assert "LeNet Canvas" in str(data_folder.data_folder(None))


# **** choosing data sets ****


@pytest.mark.parametrize(
    ("text", "weights", "title"),
    [
        ("mnist", {"mnist": 1}, "MNIST"),
        (
            "mnist, pendigits:3,synthetic:0.5",
            {"mnist": 1, "pendigits": 3, "synthetic": 0.5},
            "MNIST + pen digits (3 times) + synthetic digits (0.5 times)",
        ),
    ],
)
def test_a_choice_names_data_sets_and_how_often_they_are_seen(text, weights, title):
    assert parse_choice(text) == Choice(weights)
    assert parse_choice(text).title == title


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There is no data set ''. Choose among mnist, pendigits, synthetic, not-digits, cifar10"),
        ("mnist,", "no data set ''"),
        ("letters", "no data set 'letters'"),
        ("mnist,mnist:2", "mnist is named twice"),
        ("mnist:", "mnist's examples are seen must be a number above 0 and at most 1,000, got ''"),
        *(
            (f"mnist:{weight}", f"above 0 and at most 1,000, got '{weight}'")
            for weight in ("0", "-1", "nan", "inf", "many", "1001", "1e300")
        ),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(text, problem):
    with pytest.raises(ConfigurationError, match=problem):
        parse_choice(text)


def test_the_first_missing_file_of_a_choice_is_told(origin):
    with pytest.raises(DatasetError, match=r"pendigits-orig\.tra is neither in"):
        find_source("mnist,pendigits", origin)


def test_one_set_of_images_is_trained_on_as_it_is_and_others_as_a_mixture(origin):
    with find_source("mnist", origin).training_data(origin, CONFIG) as dataset:
        assert len(dataset) == 10
    with find_source("mnist:2,synthetic:0.001", origin).training_data(
        origin, replace(CONFIG, stroke_augmentation=None)
    ) as mixed:
        assert isinstance(mixed, Mixture)
        assert mixed.augmentation is None
        assert mixed.of_epoch(1, seed=0).counts == {"mnist": 20, "synthetic": 10}


def test_the_test_images_of_a_choice_are_the_same_whatever_the_weights(origin, monkeypatch):
    monkeypatch.setattr(data_folder, "SYNTHETIC_TEST", 30)
    parts = find_source("mnist,synthetic:0.5", origin).test_parts(origin)
    assert {name: len(part) for name, part in parts.items()} == {"mnist": 10, "synthetic": 30}
    again = find_source("synthetic", origin).test_parts(origin)
    assert np.array_equal(parts["synthetic"].images, again["synthetic"].images)


def test_no_training_is_shown_the_kinds_that_are_tested_with(origin, monkeypatch, rng):
    monkeypatch.setattr(data_folder, "SYNTHETIC_TEST", 100)
    choice = find_source("mnist,not-digits", origin)
    with choice.training_data(origin, replace(CONFIG, drawings=300)) as mixed:
        shown = {drawing.style for drawing in mixed.parts["not-digits"].drawn(rng=rng).drawings}
    tested = {drawing.style for drawing in SOURCES["not-digits"].test_part(origin).drawings}
    assert shown <= set(TAUGHT)
    assert tested <= set(UNSEEN)
    assert len(shown) > 20
    assert len(tested) > 5


# **** the download ****


def test_a_download_fetches_all_four_files(origin, serve, tmp_path):
    download_mnist(tmp_path / "data", mirrors=[serve(origin)])
    assert sorted(p.name for p in (tmp_path / "data" / "mnist").iterdir()) == sorted(
        p.name for p in origin.iterdir()
    )
    assert len(read_mnist(tmp_path / "data", "train")) == 10


def test_mirrors_that_fail_or_serve_something_else_are_passed_over(origin, serve, tmp_path):
    (tmp_path / "nothing").mkdir()
    missing = serve(tmp_path / "nothing")
    html = serve(copy_with(origin, tmp_path / "html", lambda content: b"<html>moved</html>"))
    cut = serve(copy_with(origin, tmp_path / "cut", lambda content: content[:-20]))
    other = serve(copy_with(origin, tmp_path / "other", lambda content: gzip.compress(b"other")))
    download_mnist(tmp_path / "data", mirrors=[missing, html, cut, other, serve(origin)])
    assert len(read_mnist(tmp_path / "data", "test")) == 10


def test_files_packed_differently_are_accepted(origin, serve, tmp_path):
    packed = copy_with(origin, tmp_path / "packed", lambda c: gzip.compress(gzip.decompress(c), 9, mtime=7))
    download_mnist(tmp_path / "data", mirrors=[serve(packed)])
    assert len(read_mnist(tmp_path / "data", "test")) == 10


def test_when_no_mirror_helps_the_error_says_what_to_do_and_leaves_no_litter(origin, serve, tmp_path):
    other = serve(copy_with(origin, tmp_path / "other", lambda content: gzip.compress(b"other")))
    with pytest.raises(
        DatasetError,
        match=r"could not be downloaded: 127.* could not be reached; 127.*its SHA-256 is.*--data DIR",
    ) as error:
        download_mnist(tmp_path / "data", mirrors=["http://127.0.0.1:9/", other])
    assert "\n" not in str(error.value)
    assert list((tmp_path / "data" / "mnist").iterdir()) == []


def test_only_what_is_missing_is_fetched(origin, serve, tmp_path):
    address = serve(origin)
    download_mnist(tmp_path / "data", mirrors=[address])
    kept = tmp_path / "data" / "mnist" / "t10k-labels-idx1-ubyte.gz"
    stamp = kept.stat().st_mtime_ns
    (tmp_path / "data" / "mnist" / "train-images-idx3-ubyte.gz").unlink()
    download_mnist(tmp_path / "data", mirrors=[address])
    assert kept.stat().st_mtime_ns == stamp
    download_mnist(tmp_path / "data", mirrors=[])  # complete: no mirror is asked


def test_the_command_line_downloads_when_asked(origin, serve, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(data, "download_mnist", partial(download_mnist, mirrors=[serve(origin)]))
    status = cli.main(
        ["--mode", "train", "--path", str(tmp_path / "n"), "--data", str(tmp_path / "data"), "--download",
         "--epochs", "1"]
    )  # fmt: skip
    assert status == 0
    assert "test accuracy" in capsys.readouterr().out
