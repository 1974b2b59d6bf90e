"""A test image, large, with all ten probabilities; the arrow keys go on to its neighbours."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.theme import STRONG_FONT, Palette, pixels
from app.gui.widgets.picture import picture
from app.gui.widgets.probability_bars import ProbabilityBars
from app.language import _
from app.page.browsing import LargeImage

_SIDE = 300  # of the picture


class ImageDialog(Dialog):
    """One of several images.

    Parameters
    ----------
    place, count : int
        Which of how many is shown first.
    image_at : callable
        Takes a place, gives its LargeImage.
    """

    def __init__(
        self,
        parent: tk.Tk,
        *,
        palette: Palette,
        place: int,
        count: int,
        image_at: Callable[[int], LargeImage],
    ) -> None:
        super().__init__(parent, "", palette=palette)
        self.place, self._count, self._image_at = place, count, image_at
        gap = pixels(self, 16)
        self.picture: tk.PhotoImage | None = None  # Tk shows it only while it is referred to
        self._edge = tk.Frame(self.body, background=palette.edge)  # seen as a line around the picture
        self._edge.grid(row=0, column=0, sticky="n", padx=(0, gap))
        self._shown = ttk.Label(self._edge)
        self._shown.pack(padx=1, pady=1)
        self.caption = ttk.Label(self.body, font=STRONG_FONT, justify="center", anchor="center")
        self.caption.grid(row=1, column=0, sticky="new", padx=(0, gap), pady=(gap // 2, 0))
        self.bars = ProbabilityBars(self.body, palette=palette)
        self.bars.configure(width=pixels(self, 320), height=pixels(self, 340))
        self.bars.grid(row=0, column=1, rowspan=2, sticky="nsew")
        self.body.columnconfigure(1, weight=1)
        self.body.rowconfigure(1, weight=1)
        self.on_button = self.add_button(_("Next"), lambda: self.turn(1))
        self.back_button = self.add_button(_("Previous"), lambda: self.turn(-1))
        self.scrolled.least = pixels(self, 510), pixels(self, 335)  # the bars can be smaller
        self.bind("<Left>", lambda event: self.turn(-1))
        self.bind("<Right>", lambda event: self.turn(1))
        self._show()

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self._edge.configure(background=palette.edge)
        self.bars.restyle(palette)
        self._show()

    def turn(self, by: int) -> None:
        """Show the image so many places further on, if there is one."""
        if 0 <= self.place + by < self._count:
            self.place += by
            self._show()

    def _show(self) -> None:
        image = self._image_at(self.place)
        self.title(_("Test image no. {number}").format(number=image.number))
        tile = image.tile
        small = picture(self, tile.pixels, tile.width, tile.height, self.palette.shades)
        self.picture = small.zoom(max(1, pixels(self, _SIDE) // max(tile.width, tile.height)))
        self._shown.configure(image=self.picture)
        self.caption.configure(
            text=tile.caption, foreground=self.palette.text if tile.is_right else self.palette.error
        )
        self.bars.show(image.probabilities, image.predicted)
        self.back_button.state(["disabled" if self.place == 0 else "!disabled"])
        self.on_button.state(["disabled" if self.place == self._count - 1 else "!disabled"])
