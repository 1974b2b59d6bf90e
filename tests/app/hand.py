"""Uses a window as a person does: moves the mouse, presses keys, waits to see what happens."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.drawing import Point
from app.window import Window


def wait_until(root: tk.Misc, condition: Callable[[], object], timeout: float = 5.0) -> None:
    """Serve the window's events until a condition holds; fail if it never does."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        root.update()


def is_closed(window: tk.Tk) -> bool:
    try:
        return not window.winfo_exists()
    except tk.TclError:
        return True


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
