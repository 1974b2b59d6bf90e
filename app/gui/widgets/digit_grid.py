"""Small pictures of digits in rows, each with a caption; one can be chosen by mouse or keys."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from app.gui.theme import Palette, font_of_size, pixels, text_width
from app.gui.widgets.choosable import MARKED, Box, Choosable
from app.gui.widgets.picture import picture
from app.page.tile import Tile

_SMALL = 900, 600  # where more room than this is not only for more tiles, in pixels at 96 dots an inch
_PITCH, _WRITING = 100, 12  # how far apart tiles are at least, and how large their captions


class DigitGrid(Choosable):
    """As many tiles as there is room for; `capacity` says how many that is. In much room they grow.

    Parameters
    ----------
    on_choose : callable, optional
        Takes the place of the tile that was clicked, or chosen with the arrow keys and Return.
    on_resize : callable
        Called when the capacity may have changed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        on_resize: Callable[[], None],
        on_choose: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(
            parent, palette=palette, size=(400, 330), can_choose=on_choose is not None, mark_inset=1
        )
        self.tiles: Sequence[Tile] = ()
        self._on_choose, self._on_resize = on_choose, on_resize
        self._widest = 0  # of the captions so far, at the least scale
        self._images: list[tk.PhotoImage] = []  # Tk shows them only while they are referred to
        self.paint()

    @property
    def capacity(self) -> int:
        return self._columns * max(1, self.winfo_height() // self._pitch[1])

    def show(self, tiles: Sequence[Tile]) -> None:
        """Show these and no others; no more than `capacity` can be seen."""
        face = font_of_size(self, pixels(self, _WRITING))
        lines = (line for tile in tiles for line in tile.caption.splitlines())
        widest = max((text_width(self, face, line) for line in lines), default=0)
        if widest > self._widest:
            self._widest = widest
            if widest + pixels(self, 6) > pixels(self, _PITCH):  # fewer of them have room
                self._on_resize()
                return
        self.tiles = tiles
        # no keys where there is nothing to mark
        self.configure(takefocus=self._can_choose and bool(tiles))
        self.marked = min(self.marked, max(0, len(tiles) - 1))
        self._draw()
        self.event_generate(MARKED)

    def paint(self) -> None:
        super().paint()
        self._draw()

    def lay_out(self) -> None:
        self._on_resize()

    def destroy(self) -> None:
        super().destroy()
        self._images = []  # as the base does with single ones

    @property
    def _scale(self) -> float:
        """How much larger the tiles are than they have to be."""
        width, height = _SMALL
        return max(
            1.0, min(self.winfo_width() / pixels(self, width), self.winfo_height() / pixels(self, height))
        )

    @property
    def _zoom(self) -> int:
        return max(1, pixels(self, 2 * self._scale))

    @property
    def _pitch(self) -> tuple[int, int]:
        """From one tile to the next, in px."""
        column = max(pixels(self, _PITCH), self._widest + pixels(self, 6))
        return round(column * self._scale), 32 * self._zoom + pixels(self, 46 * self._scale)

    @property
    def _columns(self) -> int:
        return max(1, self.winfo_width() // self._pitch[0])

    def _corner(self, place: int) -> tuple[float, float]:
        row, column = divmod(place, self._columns)
        width = self.winfo_width() / self._columns  # the columns share what is left over
        return column * width + (width - self._pitch[0]) / 2, row * self._pitch[1]

    def _draw(self) -> None:
        self.delete("all")
        self._images = []
        caption_font = font_of_size(self, pixels(self, _WRITING * self._scale))
        for place, tile in enumerate(self.tiles):
            x, y = self._corner(place)
            middle, gap = x + self._pitch[0] / 2, pixels(self, 6)
            small = picture(self, tile.pixels, tile.width, tile.height, self.palette.shades)
            image = small.zoom(self._zoom)
            self._images.append(image)
            half = image.width() / 2
            self.create_image(middle, y + gap, image=image, anchor="n")
            self.create_rectangle(
                middle - half - 1,
                y + gap - 1,
                middle + half,
                y + gap + image.height(),
                outline=self.palette.edge,
            )
            self.create_text(
                middle,
                y + gap + image.height() + pixels(self, 3),
                text=tile.caption,
                anchor="n",
                justify="center",
                font=caption_font,
                fill=self.palette.muted if tile.is_right else self.palette.error,
            )
        self.show_mark()

    @property
    def place_count(self) -> int:
        return len(self.tiles)

    def box(self, place: int) -> Box:
        x, y = self._corner(place)
        return x, y, x + self._pitch[0], y + self._pitch[1]

    def neighbour(self, key: str) -> int | None:
        by = {"Left": -1, "Right": 1, "Up": -self._columns, "Down": self._columns}[key]
        place = self.marked + by
        return place if 0 <= place < len(self.tiles) else None

    def on_chosen(self, place: int) -> None:
        if self._on_choose is not None:
            self._on_choose(place)
