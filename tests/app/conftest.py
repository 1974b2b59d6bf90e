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


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test reads in the window is English, on whatever system, and whatever the test before spoke."""
    monkeypatch.setenv("LANGUAGE", "en")
    language.speak("en")
    yield
    language.speak("en")


@pytest.fixture(autouse=True)
def light_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window looks the same in a test, on whatever system, which is not asked."""
    for module in (appearance, browser):
        monkeypatch.setattr(module, "SystemTheme", FakeSystemTheme)


@pytest.fixture(scope="session")
def explanations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the part of the user's cache where what explains networks is kept."""
    return tmp_path_factory.mktemp("explanations")


@pytest.fixture(autouse=True)
def no_real_cache(explanations: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_beside, "explanations_folder", lambda: explanations)


@pytest.fixture(autouse=True)
def no_real_data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is at hand is what the test says, wherever it runs: to read real pen strokes takes a second."""
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path_factory.getbasetemp() / "no data"))


@pytest.fixture(autouse=True)
def few_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digits, and drawings of no digit that a memory answers beside; thousands of them take seconds."""
    monkeypatch.setattr(prototypes, "OF_A_DIGIT", 10)
    monkeypatch.setattr(references, "NONE", 30)


@pytest.fixture(autouse=True)
def few_to_test_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings of each kind, which are drawn before a network is measured by them."""
    for module in (sources, finishing, retraining):
        monkeypatch.setattr(module, "SYNTHETIC_TEST", 100)


@pytest.fixture(autouse=True)
def short_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each training tries for 0.4 s how quick the machine is; one small try tells a test as much."""
    monkeypatch.setattr(forecast, "PROBE_SECONDS", 1e-9)
    monkeypatch.setattr(retraining, "PROBE", 4)


@pytest.fixture(autouse=True)
def jobs_as_urgent_as_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job goes last on a busy machine; a test that waits for it would wait for all the others."""
    urgent = job._START.replace("from app.jobs.job import serve; serve()", "from app.jobs import job; ")
    monkeypatch.setattr(job, "_START", urgent + "job.NICENESS = 0; job.serve()")


draw_curves = finishing.curves_png


@pytest.fixture(autouse=True)
def no_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside each network that is trained; matplotlib would take longer to draw them than it to learn."""
    monkeypatch.setattr(finishing, "curves_png", lambda run: b"")


@pytest.fixture
def real_curves(no_curves: None, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def settings_path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "settings.json"


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
def open_fake_window(
    display: None,
    reader: FakeReader,
    settings_path: Path,
    networks_place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Window]]:
    """Open a window that reads by the rule of FakeReader; an unexpected error fails the test."""
    errors: list[BaseException] = []
    windows: list[Window] = []
    report = Window.report_callback_exception

    def reporting(self: Window, kind: Any, error: BaseException, trace: Any, expected: bool = False) -> None:
        report(self, kind, error, trace)
        if not expected and not isinstance(error, KeyboardInterrupt):
            errors.append(error)

    monkeypatch.setattr(Window, "report_callback_exception", reporting)

    def open_it(*, is_default: bool = False) -> Window:
        window = Window(
            prepare_start(
                reader, settings_path=settings_path, load_reader=load_fake_reader, is_default=is_default
            ),
            load_reader=load_fake_reader,
            read_image=read_fake_image,
            settings_path=settings_path,
            networks_place=networks_place,
        )
        windows.append(window)
        wait_until(window, lambda: window.canvas.winfo_ismapped() and window.canvas.width > 1)
        window.update()
        return window

    yield open_it
    for window in windows:
        if not is_closed(window):
            window.update()
            window.destroy()
    assert not errors, errors


@pytest.fixture
def quiet_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test shows in the strip stays: to look for a training would take it away, early or late."""
    monkeypatch.setattr(training_desk, "LOOK_AFTER_MS", 3_600_000)


@pytest.fixture
def window(open_fake_window: Callable[[], Window]) -> Window:
    return open_fake_window()


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
