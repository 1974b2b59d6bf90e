"""What all painted widgets share: a canvas in the palette's colours, fitted into the room that it has."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from app.gui.theme import Palette, pixels
from app.gui.widgets.focus import has_keys


class Painted(tk.Canvas):
    """A canvas without a border.

    A subclass makes its items, says in `paint` how they are coloured and in `lay_out` where they lie, and
    calls `paint` when they are made.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        size: tuple[int, int] | None = None,
        **options: Any,
    ) -> None:
        """`size` is what it asks for, in pixels at 96 dots an inch."""
        if size is not None:
            options["width"], options["height"] = (pixels(parent, side) for side in size)
        super().__init__(parent, **{"highlightthickness": 0, "borderwidth": 0, **options})
        self.palette = palette
        self.bind("<Configure>", lambda event: self.lay_out())

    def restyle(self, palette: Palette) -> None:
        """Follow the theme."""
        self.palette = palette
        self.paint()

    def frame_while_it_has_the_keys(self) -> None:
        """For one that Tab comes to only to have it explained."""
        for event in ("<FocusIn>", "<FocusOut>", "<Configure>"):
            self.bind(event, lambda event: self._show_keys(), add=True)

    def _show_keys(self) -> None:
        self.delete("keys")
        if has_keys(self):
            width, height = self.winfo_width(), self.winfo_height()
            self.create_rectangle(0, 0, width - 1, height - 1, outline=self.palette.accent, tags="keys")

    def paint(self) -> None:
        """Give everything the palette's colours."""
        self.configure(background=self.palette.window)

    def lay_out(self) -> None:
        """Fit everything into the size that there is now."""
        raise NotImplementedError

    def destroy(self) -> None:
        super().destroy()
        # Widgets refer to each other in circles, so they stay until the garbage collector comes by. What
        # would call Tk when it is freed is not left to it.
        for name, value in list(vars(self).items()):
            if isinstance(value, tk.Image):
                delattr(self, name)
