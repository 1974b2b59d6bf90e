"""How MNIST gets here: right files only, whatever the mirrors serve."""

import gzip
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app import cli
from app.commands import chosen_data
from app.data.download import download_mnist
from engine.datasets.mnist import read_mnist
from engine.errors import DatasetError


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def serve(tmp_path):
    """Serve a folder on this machine; gives its address."""
    servers = []

    def serve(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # between looks
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def copy_with(folder, target, change):
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(change(path.read_bytes()))
    return target


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
    monkeypatch.setattr(chosen_data, "download_mnist", partial(download_mnist, mirrors=[serve(origin)]))
    status = cli.main(
        ["--mode", "train", "--path", str(tmp_path / "n"), "--data", str(tmp_path / "data"), "--download",
         "--epochs", "1"]
    )  # fmt: skip
    assert status == 0
    assert "test accuracy" in capsys.readouterr().out
