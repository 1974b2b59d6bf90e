"""app/gui/system_theme.py: what the system says, and a system that says nothing."""

import os
import signal
import sys
import time

import pytest

from app.gui import system_theme
from app.gui.system_theme import SystemTheme

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these are asked at once")


@pytest.mark.parametrize(
    ("told", "theme"), [("Dark", "dark"), ("Light", "light"), ("None", "light"), ("", "light")]
)
def test_the_systems_word_is_taken_and_nothing_is_light(monkeypatch, told, theme):
    monkeypatch.setattr(system_theme, "_ASK", f"print({told!r})")
    asked = SystemTheme()
    assert asked.wait(60) == theme
    assert asked.theme == theme


def test_a_change_is_told(monkeypatch):
    wait = "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])"
    change = "print('Light', flush=True); signal.sigwait([signal.SIGUSR1]); print('Light\\nDark')"
    monkeypatch.setattr(system_theme, "_ASK", f"import signal; {wait}; {change}")
    asked = SystemTheme()
    heard = []

    def hear(theme):
        deadline = time.monotonic() + 60
        while asked.theme != theme:
            assert time.monotonic() < deadline
        heard.append(theme)

    hear("light")
    os.kill(asked._asked.pid, signal.SIGUSR1)
    hear("dark")
    asked.close()
    assert heard == ["light", "dark"]


def test_it_is_asked_again_and_again_until_it_is_closed(monkeypatch):
    monkeypatch.setattr(system_theme, "_ASK", system_theme._ASK.replace("sleep(3)", "sleep(0.001)"))
    asked = SystemTheme()
    process = asked._asked
    os.set_blocking(process.stdout.fileno(), True)
    assert {process.stdout.readline() for _ in range(3)} <= {b"Light\n", b"Dark\n"}
    asked.close()
    assert process.returncode is not None


def test_a_failing_library_is_a_light_system(monkeypatch):
    monkeypatch.setattr(system_theme, "_ASK", "raise SystemExit(3)")
    assert SystemTheme().wait(60) == "light"


def test_a_system_that_hangs_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(system_theme, "_ASK", "import signal; signal.pause()")
    asked = SystemTheme()
    process = asked._asked
    assert asked.theme is None
    assert asked.wait(0.01) == "light"
    assert process.returncode is not None


def test_this_system_gives_an_answer():
    assert SystemTheme().wait(60) in ("light", "dark")
