"""What the network sees: its 28x28 input, every pixel enlarged to a square."""

from __future__ import annotations

import tkinter as tk

from app.gui.theme import CAPTION_FONT, Palette, pixels
from app.gui.widgets.painted import Painted
from app.gui.widgets.picture import ppm

SIDE = 28


class InputPreview(Painted):
    """A framed picture of 28x28 grey values with a caption under it."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(156, 140))
        self.ink = bytes(SIDE * SIDE)
        # A small picture that gets the values, and the enlarged one that is shown.
        self._source = tk.PhotoImage(master=self, width=SIDE, height=SIDE)
        self._enlarged = tk.PhotoImage(master=self)
        self._picture = self.create_image(0, 0, image=self._enlarged, anchor="nw")
        self._frame = self.create_rectangle(0, 0, 0, 0)
        self._caption = self.create_text(0, 0, text="What the network sees", font=CAPTION_FONT)
        self.paint()

    def show(self, ink: bytes) -> None:
        """Show 784 bytes, row by row from the top: 0 paper, 255 ink."""
        self.ink = ink
        self._source.configure(data=ppm(ink, SIDE, SIDE, self.palette.shades), format="ppm")
        self.tk.call(self._enlarged, "copy", self._source, "-zoom", self._zoom())

    def paint(self) -> None:
        super().paint()
        self.itemconfigure(self._frame, outline=self.palette.faint)
        self.itemconfigure(self._caption, fill=self.palette.muted)
        self.show(self.ink)

    def _zoom(self) -> int:
        room = min(self.winfo_width() - 2, self.winfo_height() - pixels(self, 24))
        return max(1, room // SIDE)

    def lay_out(self) -> None:
        side = SIDE * self._zoom()
        left = (self.winfo_width() - side) // 2
        self.coords(self._picture, left, 1)
        self.coords(self._frame, left - 1, 0, left + side, side + 1)
        self.coords(self._caption, left + side / 2, side + pixels(self, 12))
        self._enlarged.configure(width=side, height=side)
        self.show(self.ink)
