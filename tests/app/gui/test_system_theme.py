"""app/gui/system_theme.py: what the system says, and a system that says nothing."""

import sys

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
