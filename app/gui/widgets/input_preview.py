"""What the network sees: its 28x28 input, every pixel enlarged to a square."""

from __future__ import annotations

import tkinter as tk

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.painted import Painted
from app.gui.widgets.picture import ppm
from app.gui.widgets.tooltip import attach
from app.language import _

SIDE = 28
MOST_OF_CAPTION = 0.45  # of the height


class InputPreview(Painted):
    """A framed picture of 28x28 grey values with a caption under it."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(156, 140))
        self.ink = bytes(SIDE * SIDE)
        self._zoom = 1
        # A small picture that gets the values, and the enlarged one that is shown.
        self._source = tk.PhotoImage(master=self, width=SIDE, height=SIDE)
        self._enlarged = tk.PhotoImage(master=self)
        self._picture = self.create_image(0, 0, image=self._enlarged, anchor="nw")
        self._frame = self.create_rectangle(0, 0, 0, 0)
        self._caption = self.create_text(0, 0, anchor="n", justify="center")
        attach(
            self,
            _(
                "The network is given your drawing in 28 by 28 pixels, "
                "made as large as all others and put in the middle."
            ),
        )
        self.frame_while_it_has_the_keys()
        self.paint()

    def show(self, ink: bytes) -> None:
        """Show 784 bytes, row by row from the top: 0 paper, 255 ink."""
        self.ink = ink
        self._source.configure(data=ppm(ink, SIDE, SIDE, self.palette.shades), format="ppm")
        self.tk.call(self._enlarged, "copy", self._source, "-zoom", self._zoom)

    def paint(self) -> None:
        super().paint()
        self.itemconfigure(self._frame, outline=self.palette.edge)
        self.itemconfigure(self._caption, fill=self.palette.muted)
        self.show(self.ink)

    def lay_out(self) -> None:
        width, height = self.winfo_width(), self.winfo_height()
        writing = font_of_size(self, max(pixels(self, 12), 0.07 * min(width, height)))
        self.itemconfigure(
            self._caption, text=_("What the network sees"), font=writing, width=width, state="normal"
        )
        _left, top, _right, bottom = self.bbox(self._caption)  # in some languages it has two lines
        below = bottom - top + pixels(self, 5)
        is_told = below <= MOST_OF_CAPTION * height  # in a small window the picture is worth more
        if not is_told:
            self.itemconfigure(self._caption, state="hidden")
        self._zoom = max(1, min(width - 2, height - 2 - (below if is_told else 0)) // SIDE)
        side = SIDE * self._zoom
        left = (width - side) // 2
        self.coords(self._picture, left, 1)
        self.coords(self._frame, left - 1, 0, left + side, side + 1)
        self.coords(self._caption, width / 2, side + pixels(self, 4))
        self._enlarged.configure(width=side, height=side)
        self.show(self.ink)
