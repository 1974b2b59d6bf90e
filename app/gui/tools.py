"""What the pointer does on the page: it draws, or it erases or selects while that tool is taken."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.gui.widgets.drawing_canvas import DrawingCanvas
from app.gui.widgets.status_bar import StatusBar
from app.language import _
from app.store.settings import Settings


class Tools:
    """The eraser and Select, at most one of which is taken, and what the status bar says of them.

    Parameters
    ----------
    canvas, status : callable
        The window's, which are made anew.
    tell : callable
        Shows a message.
    """

    def __init__(
        self,
        window: tk.Tk,
        *,
        canvas: Callable[[], DrawingCanvas],
        status: Callable[[], StatusBar],
        settings: Callable[[], Settings],
        tell: Callable[[str], None],
    ) -> None:
        self._canvas, self._status, self._settings, self._tell = canvas, status, settings, tell
        self.is_erasing = tk.BooleanVar(window, False)
        self.is_selecting = tk.BooleanVar(window, False)

    def choose_eraser(self) -> None:
        """The variable of the eraser was turned on or off."""
        self.is_selecting.set(False)
        self._take(self.is_erasing, self._eraser_help)

    def choose_select(self) -> None:
        """The variable of Select was turned on or off."""
        self.is_erasing.set(False)
        self._take(self.is_selecting, self._select_help)

    def put_eraser_away(self) -> None:
        self._put_away(self.is_erasing, self._eraser_help)

    def put_select_away(self) -> None:
        self._put_away(self.is_selecting, self._select_help)

    def show(self) -> None:
        """Have the page follow what is taken."""
        self._canvas().set_tool(
            "erase" if self.is_erasing.get() else "select" if self.is_selecting.get() else "draw"
        )

    def _take(self, is_taken: tk.BooleanVar, help_text: str) -> None:
        self.show()
        self._tell(help_text if is_taken.get() else "")

    def _put_away(self, is_taken: tk.BooleanVar, help_text: str) -> None:
        if is_taken.get():
            is_taken.set(False)
            self.show()
            if self._status().message == help_text:  # another one stays
                self._tell("")

    @property
    def _eraser_help(self) -> str:
        if self._settings().right_erases:
            return _("Touch a stroke to erase it. The right button always erases.")
        return _("Touch a stroke to erase it.")

    @property
    def _select_help(self) -> str:
        return _("Drag a box around what is meant. A click outside, or Esc, takes it off.")
