"""Windows on a virtual display, where an error in a callback fails the test; and commands that are typed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli, language
from app.data import sources
from app.gui import appearance, browser, training_desk
from app.gui.window import Window
from app.jobs import finishing, forecast, job, kept_beside, prototypes, references, retraining
from app.page.start import prepare_start
from app.store.networks import free_folder, rename_network
from engine import build_network, save_network
from engine.explaining.neighbours import DigitIndex, Prototypes
from tests.app.fakes import FakeReader, FakeSystemTheme, load_fake_reader, read_fake_image
from tests.app.hand import Hand, is_closed, wait_until
from tests.app.kept_root import KeptRoot
from tests.app.kept_window import KeptWindow


@pytest.fixture(scope="session")
def explanations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the part of the user's cache where what explains networks is kept."""
    return tmp_path_factory.mktemp("explanations")


draw_curves = finishing.curves_png
# a job goes last on a busy machine; a test that waits for it would wait for all the others
_URGENT_JOB = (
    job._START.replace("from app.jobs.job import serve; serve()", "from app.jobs import job; ")
    + "job.NICENESS = 0; job.serve()"
)


@pytest.fixture(autouse=True)
def same_for_all(explanations: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What holds for each test, whatever it patches itself. One fixture: each takes its time in thousands."""
    language.speak("en")  # whatever the test before spoke
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "en")
        # what is at hand is what the test says: to read real pen strokes takes a second
        patch.setenv("DIGITS_DATA", str(tmp_path_factory.getbasetemp() / "no data"))
        patch.setattr(kept_beside, "explanations_folder", lambda: explanations)
        for module in (appearance, browser):  # the system is not asked how windows look
            patch.setattr(module, "SystemTheme", FakeSystemTheme)
        # digits, and drawings of no digit that a memory answers beside; thousands of them take seconds
        patch.setattr(prototypes, "OF_A_DIGIT", 10)
        patch.setattr(references, "NONE", 30)
        for module in (sources, finishing, retraining):  # drawn before a network is measured by them
            patch.setattr(module, "SYNTHETIC_TEST", 100)
        # each training tries for 0.4 s how quick the machine is; one small try tells a test as much
        patch.setattr(forecast, "PROBE_SECONDS", 1e-9)
        patch.setattr(retraining, "PROBE", 4)
        patch.setattr(job, "_START", _URGENT_JOB)
        # beside each network that is trained; matplotlib would take longer to draw them than it to learn
        patch.setattr(finishing, "curves_png", lambda run: b"")
        yield
    language.speak("en")


@pytest.fixture
def real_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "curves_png", draw_curves)


@pytest.fixture(scope="session")
def kept_root(display: None) -> Iterator[KeptRoot]:
    kept = KeptRoot()
    yield kept
    kept.close()


@pytest.fixture
def root(kept_root: KeptRoot, monkeypatch: pytest.MonkeyPatch) -> Iterator[tk.Tk]:
    """A themed root for a single widget; an error in one of its callbacks fails the test."""
    errors: list[BaseException] = []
    monkeypatch.setattr(tk.Tk, "report_callback_exception", lambda *args: errors.append(args[2]))
    yield kept_root.lend()
    kept_root.take_back()
    assert not errors, errors


def open_window(
    reader: FakeReader, settings_path: Path, networks_place: Path | None = None, *, is_default: bool = False
) -> Window:
    """Open a window that reads by the rule of FakeReader, and wait until it is shown."""
    window = Window(
        prepare_start(
            reader, settings_path=settings_path, load_reader=load_fake_reader, is_default=is_default
        ),
        load_reader=load_fake_reader,
        read_image=read_fake_image,
        settings_path=settings_path,
        networks_place=networks_place or settings_path.parent / "networks",
    )
    wait_until(window, lambda: window.canvas.winfo_ismapped() and window.canvas.width > 1)
    window.update()
    return window


def open_quiet_window(reader: FakeReader, settings_path: Path) -> Window:
    """One that never looks for a training that was interrupted: that would be early or late in a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_desk, "LOOK_AFTER_MS", 10**9)
        return open_window(reader, settings_path)


@pytest.fixture(scope="session")
def kept_window(display: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptWindow]:
    kept = KeptWindow(open_quiet_window, tmp_path_factory.getbasetemp() / "person")
    yield kept
    kept.close()


def takes_kept_window(request: pytest.FixtureRequest) -> bool:
    names = request.fixturenames
    return "window" in names and "window_of_its_own" not in names


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> FakeReader:
    if not takes_kept_window(request):
        return FakeReader()
    kept: KeptWindow = request.getfixturevalue("kept_window")
    return kept.reader


@pytest.fixture
def settings_path(request: pytest.FixtureRequest) -> Path:
    if not takes_kept_window(request):
        folder: Path = request.getfixturevalue("tmp_path")
        return folder / "settings" / "settings.json"
    kept: KeptWindow = request.getfixturevalue("kept_window")
    return kept.settings_path


@pytest.fixture
def networks_place(settings_path: Path) -> Path:
    """Where the person's networks are kept."""
    return settings_path.parent / "networks"


@pytest.fixture
def keep(networks_place: Path) -> Callable[[str], Path]:
    """Keep a network of the person's by a name; it has learnt nothing."""

    def keep(name: str) -> Path:
        folder = free_folder(networks_place, name)
        save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), folder)
        rename_network(folder, name)
        return folder

    return keep


@pytest.fixture
def window_errors(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """The errors in a window that nobody expected."""
    errors: list[BaseException] = []
    report = Window.report_callback_exception

    def reporting(self: Window, kind: Any, error: BaseException, trace: Any, expected: bool = False) -> None:
        report(self, kind, error, trace)
        if not expected and not isinstance(error, KeyboardInterrupt):
            errors.append(error)

    monkeypatch.setattr(Window, "report_callback_exception", reporting)
    return errors


@pytest.fixture
def open_fake_window(
    display: None,
    reader: FakeReader,
    settings_path: Path,
    networks_place: Path,
    window_errors: list[BaseException],
) -> Iterator[Callable[..., Window]]:
    """Open a window that reads by the rule of FakeReader; an unexpected error fails the test."""
    windows: list[Window] = []

    def open_it(*, is_default: bool = False) -> Window:
        window = open_window(reader, settings_path, networks_place, is_default=is_default)
        windows.append(window)
        return window

    yield open_it
    for window in windows:
        if not is_closed(window):
            window.update()
            window.destroy()
    assert not window_errors, window_errors


@pytest.fixture
def quiet_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test shows in the strip stays: to look for a training would take it away, early or late."""
    monkeypatch.setattr(training_desk, "LOOK_AFTER_MS", 3_600_000)


@pytest.fixture
def window_of_its_own() -> None:
    """For a test of how a window opens, of what it begins with, or of what cannot be taken back in one."""


@pytest.fixture
def window(
    request: pytest.FixtureRequest,
    reader: FakeReader,
    monkeypatch: pytest.MonkeyPatch,
    window_errors: list[BaseException],
) -> Iterator[Window]:
    """The kept window, as it opens: what a test leaves in it fails it."""
    if not takes_kept_window(request):
        yield request.getfixturevalue("open_fake_window")()
        return
    kept: KeptWindow = request.getfixturevalue("kept_window")
    if reader is not kept.reader or not kept.is_as_new:
        kept.renew()
        pytest.fail(
            "a test that prepares what a window begins with asks for window_of_its_own", pytrace=False
        )
    yield kept.lend()
    monkeypatch.undo()
    left = kept.take_back()
    assert not window_errors, window_errors
    assert not left, "left in the window:\n" + "\n".join(left)


@pytest.fixture
def hand(window: Window) -> Hand:
    return Hand(window)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line here: (status, stdout, stderr)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit:  # argparse
            status = exit.code
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """That drawings are compared with, and by which it is measured what it costs to switch a map off."""
    labels = (np.arange(20) % 10).astype(np.uint8)
    digits = Prototypes(np.zeros((20, 28, 28), np.uint8), labels, np.zeros(20, np.uint8), ("mnist",))
    monkeypatch.setattr(
        "app.jobs.kept_beside.find_digit_index",
        lambda network, saved, data, tell: DigitIndex.build(network, digits),
    )
