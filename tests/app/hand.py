"""Uses a window as a person does: moves the mouse, presses keys, waits to see what happens."""

from __future__ import annotations

import os
import time
import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk
from typing import Any
from unittest.mock import patch

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.question_dialog import QuestionDialog
from app.gui.widgets import tooltip
from app.gui.window import Window
from engine.ink.rasterize import Point


def wait_until(root: tk.Misc, condition: Callable[[], object], timeout: float = 60.0) -> None:
    """Serve the window's events until a condition holds; fail if it never does, however busy the machine is.

    Without the pauses, this process and the X server would take the core that what is waited for needs; what
    takes long is looked at more seldom.
    """
    pause = 0.002
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        root.update()
        time.sleep(pause)
        pause = min(1.05 * pause, 0.02)


def is_closed(window: tk.Tk) -> bool:
    try:
        return not window.winfo_exists()
    except tk.TclError:
        return True


def open_dialog(window: Window, action: str) -> Any:
    """Choose an action in the menu, and wait until its dialog has the keys."""
    window.menus.choose(action)
    (dialog,) = shown(window, Dialog)
    wait_until(window, lambda: dialog.focus_lastfor() is not dialog)  # Tk gives out the keys once it is seen
    return dialog


def shown(window: tk.Misc, kind: type[tk.Misc]) -> list[Any]:
    """The window's children of this kind."""
    return [child for child in window.winfo_children() if isinstance(child, kind)]


def by_button(window: Window, hand: Hand, action: str) -> None:
    window.buttons[action].invoke()
    window.update()


def by_menu(window: Window, hand: Hand, action: str) -> None:
    window.menus.choose(action)
    window.update()


@contextmanager
def rebuilt(window: Window) -> Iterator[None]:
    """What is done in here has the window built anew."""
    before = window.menus
    yield
    wait_until(window, lambda: window.menus is not before)
    window.update()


def answer(window: Window, reply: Callable[[Any], object], kind: type[Dialog] = QuestionDialog) -> list[Any]:
    """Have this done with the next question as soon as it is asked."""
    asked = []

    def look() -> None:
        if shown(window, kind):
            (dialog,) = shown(window, kind)
            asked.append(dialog)
            reply(dialog)
        else:
            window.after(20, look)

    window.after(20, look)
    return asked


def press(dialog: Dialog, key: str) -> None:
    """Press a key in the part of a dialog that has the keys."""
    widget = dialog.focus_lastfor()
    assert widget is not None
    widget.focus_force()
    wait_until(dialog, lambda: dialog.focus_get() is widget)
    widget.event_generate(key)
    dialog.master.update()


def tip_of(widget: tk.Misc) -> str:
    """What a widget explains to who rests on it."""
    with patch.object(tooltip, "_POINTER_MS", 1):
        widget.event_generate("<Enter>")
        widget.event_generate("<Motion>")
    wait_until(widget, lambda: shown(widget, tk.Toplevel))
    (tip,) = shown(widget, tk.Toplevel)
    (text,) = texts(tip)
    widget.event_generate("<Leave>")
    return text


def texts(widget: tk.Misc) -> list[str]:
    """Of all labels in it, with plain spaces."""
    found = [str(widget["text"]).replace("\N{NO-BREAK SPACE}", " ")] if isinstance(widget, ttk.Label) else []
    return found + [text for child in widget.winfo_children() for text in texts(child)]


def is_shown(widget: tk.Widget) -> bool:
    return bool(widget.winfo_manager())


def has_ended(pid: int) -> bool:
    """Whether a process is over, also if nobody has waited for it yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def colour_at(canvas: tk.Canvas, x: float, y: float) -> str:
    """The colour of a canvas's pixel, "#rrggbb", by the images that lie there; else its background."""
    for item in reversed(canvas.find_overlapping(x, y, x, y)):
        if canvas.type(item) == "image":
            image = canvas.itemcget(item, "image")
            left, top, *_ = canvas.bbox(item)
            place = int(x) - left, int(y) - top
            if not canvas.tk.getboolean(canvas.tk.call(image, "transparency", "get", *place)):
                red, green, blue = (
                    int(part) for part in canvas.tk.splitlist(canvas.tk.call(image, "get", *place))
                )
                return f"#{red:02x}{green:02x}{blue:02x}"
    return str(canvas["background"])


@dataclass
class Hand:
    """Moves the mouse over a window's canvas; points are fractions of the canvas."""

    window: Window

    def draw(self, *points: Point) -> None:
        self._drag(1, points)

    def erase(self, *points: Point) -> None:
        self._drag(3, points)

    def press_key(self, sequence: str) -> None:
        self.window.canvas.focus_force()
        wait_until(self.window, lambda: self.window.focus_get() is self.window.canvas)
        self.window.canvas.event_generate(sequence)
        self.window.update()

    def colour_at(self, point: Point) -> str:
        """What is seen there."""
        canvas = self.window.canvas
        return colour_at(canvas, point[0] * canvas.width, point[1] * canvas.height)

    def event(self, name: str, point: Point) -> None:
        canvas = self.window.canvas
        x, y = round(point[0] * canvas.width), round(point[1] * canvas.height)
        canvas.event_generate(name, x=x, y=y)

    def _drag(self, button: int, points: Sequence[Point]) -> None:
        self.event(f"<ButtonPress-{button}>", points[0])
        for point in points:
            self.event(f"<B{button}-Motion>", point)
        self.event(f"<ButtonRelease-{button}>", points[-1])
        self.window.update()
