"""app/gui/network_import.py, in the real window and with real jobs."""

import pytest

from app.gui import network_import
from engine import build_network, save_network
from engine.storage.export import export_network
from tests.app.fakes import FakeJob
from tests.app.hand import wait_until

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def theirs(tmp_path, rng):
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "network")
    export_network([tmp_path / "network"], tmp_path / "theirs.npz")
    return tmp_path / "theirs.npz"


@pytest.fixture
def jobs(monkeypatch):
    """Those that the window has begun, in place of processes."""
    jobs = []

    def begin(work, **arguments):
        jobs.append(FakeJob(work, **arguments))
        return jobs[-1]

    monkeypatch.setattr(network_import, "Job", begin)
    monkeypatch.setattr(network_import, "JobWatch", lambda widget, job, **calls: job.follow(**calls))
    return jobs


def test_the_window_goes_on_while_a_network_is_read(window, hand, theirs):
    before = window._controller.reader
    window.exchange.open_path(theirs)
    assert window.status.message == "Reading the network theirs.npz. Esc gives it up."
    hand.draw((0.2, 0.3), (0.8, 0.3))
    assert window._controller.reader is before
    wait_until(window, lambda: window._controller.reader is not before, timeout=60)
    assert window._controller.reader.folder == theirs
    assert window.status.message == "theirs.npz reads now."
    assert [path for path in window._settings.recent] == [str(theirs)]


def test_a_file_that_is_none_is_told(window, tmp_path):
    (tmp_path / "bad.safetensors").write_text("no arrays")
    before = window._controller.reader
    window.exchange.paste_text(str(tmp_path / "bad.safetensors"))
    wait_until(window, lambda: "cannot be read as a file of arrays" in window.status.message, timeout=60)
    assert window._controller.reader is before
    assert not window._settings.recent


def test_escape_gives_it_up(window, hand, jobs, theirs):
    before = window._controller.reader
    window.exchange.open_path(theirs)
    hand.press_key("<Escape>")
    assert window.status.message == "The network is not opened."
    assert jobs[0].was_cancelled
    jobs[0].ends("done")  # all the same, a moment too late
    assert window._controller.reader is before
    assert window.status.message == "The network is not opened."
    assert not window.exchange.give_up()  # Escape means something else again


def test_the_file_that_was_chosen_last_is_opened(window, jobs, theirs, tmp_path):
    (tmp_path / "other.onnx").touch()
    for path in (theirs, tmp_path / "other.onnx"):
        window.exchange.open_path(path)
    assert [job.was_cancelled for job in jobs] == [True, False]
    assert jobs[1].arguments["path"] == str(tmp_path / "other.onnx")
    jobs[0].ends("cancelled")
    jobs[1].ends("done")
    assert window._controller.reader.folder == tmp_path / "other.onnx"
