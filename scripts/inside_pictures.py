"""Makes the pictures of the README's section "Look inside": the real window, a seven drawn with the mouse.

    python -m scripts.inside_pictures [FOLDER]

Whoever ships another network, or changes how the panel looks, runs this. FOLDER is `assets`. It takes the
digits that ship to compare with, and a screen in memory.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import tkinter as tk
from pathlib import Path

from PIL import Image, ImageGrab

from app import language
from app.gui.window import Window
from benchmarks.window import draw, opened_window, wait_until
from engine.datasets.strokes import parse_drawings

ROOT = Path(__file__).resolve().parents[1]
SIZE = 1260, 780
REST_S = 1.0  # until nothing moves any more
BECOME = 2  # which the seven is changed to


def main(folder: Path) -> None:
    from pyvirtualdisplay import Display

    language.speak("en")
    with tempfile.TemporaryDirectory() as nothing, Display(visible=False, size=(1400, 900), color_depth=24):
        os.environ["DIGITS_DATA"] = os.environ["XDG_CACHE_HOME"] = nothing
        for name, theme, work in (("layers", "light", _a_number), ("why", "dark", _a_change)):
            with opened_window() as window:
                window.appearance.theme.set(theme)
                window.appearance.choose_theme()
                window.menus.choose("inside")
                _rest(window)  # the panel widens the window
                window.tk.call("wm", "geometry", ".", f"{SIZE[0]}x{SIZE[1]}+0+0")
                wait_until(window, lambda window=window: window.winfo_height() == SIZE[1])
                _draw_seven(window)
                work(window)
                _rest(window)
                _save(window, folder / f"inside-{name}.png")


def _draw_seven(window: Window) -> None:
    with open(ROOT / "assets" / "examples" / "seven.jsonl", encoding="utf-8") as lines:
        ((_, drawing),) = parse_drawings(lines)
    assert not isinstance(drawing, Exception)
    for stroke in drawing.strokes:
        for _ in draw(window, [(float(x), float(y)) for x, y in stroke]):
            pass


def _a_number(window: Window) -> None:
    """Its arithmetic, reached by the keys: a number of the second convolution."""
    assert window.inside.panel is not None
    sheets = window.inside.panel.layers.sheets
    _press(window, sheets, "<Down>", times=5)
    _press(window, sheets, "<Right>", times=3)
    _press(window, sheets, "<Shift-Down>", times=9)
    _press(window, sheets, "<Shift-Right>", times=13)
    _press(window, sheets, "<Return>")


def _a_change(window: Window) -> None:
    assert window.inside.panel is not None
    why = window.inside.panel.why
    window.inside.panel.notebook.select(why)
    wait_until(window, lambda: why.nearest.tiles)
    why.become.set(str(BECOME))
    why.become.event_generate("<<ComboboxSelected>>")
    wait_until(window, lambda: why.take_button.instate(["!disabled"]))


def _press(window: Window, widget: tk.Misc, key: str, *, times: int = 1) -> None:
    widget.focus_force()
    for _ in range(times):
        window.update()
        widget.event_generate(key)
    window.update()


def _rest(window: Window) -> None:
    end = time.monotonic() + REST_S
    while time.monotonic() < end:
        window.update()
        time.sleep(0.01)


def _save(window: Window, path: Path) -> None:
    """What the window shows, without its menus, in as few colours as it has."""
    left, top = window.winfo_rootx(), window.winfo_rooty()
    box = left, top, left + window.winfo_width(), top + window.winfo_height()
    shown = ImageGrab.grab(box, xdisplay=os.environ["DISPLAY"])
    shown.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "assets")
