"""Small pictures of digits in rows, each with a caption; one can be chosen by mouse or keys."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.theme import CAPTION_FONT, Palette, pixels


@dataclass(frozen=True)
class Tile:
    """A picture and what stands under it.

    `pixels` holds its rows from the top: a byte a pixel, 0 paper and 255 ink, or three for red, green, blue.
    """

    pixels: bytes
    width: int
    height: int
    caption: str
    is_right: bool


class DigitGrid(tk.Canvas):
    """As many tiles as there is room for; `capacity` says how many that is.

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
            parent,
            width=pixels(parent, 400),
            height=pixels(parent, 330),
            highlightthickness=0,
            borderwidth=0,
            takefocus=on_choose is not None,
            cursor="hand2" if on_choose else "",
        )
        self.tiles: Sequence[Tile] = ()
        self.marked = 0  # the tile that the keys are at
        self._on_choose = on_choose
        self._palette = palette
        self._images: list[tk.PhotoImage] = []  # Tk shows them only while they are referred to
        self.bind("<Configure>", lambda event: on_resize())
        if on_choose is not None:
            self.bind("<Button-1>", self._on_click)
            self.bind("<Return>", lambda event: self._choose())
            self.bind("<space>", lambda event: self._choose())
            for key, move in (("Left", -1), ("Right", 1), ("Up", None), ("Down", None)):
                self.bind(f"<{key}>", lambda event, key=key, move=move: self._move(key, move))  # type: ignore[misc]
            self.bind("<FocusIn>", lambda event: self._show_mark())
            self.bind("<FocusOut>", lambda event: self._show_mark())
        self.restyle(palette)

    @property
    def capacity(self) -> int:
        return self._columns * max(1, self.winfo_height() // self._pitch[1])

    def show(self, tiles: Sequence[Tile]) -> None:
        """Show these and no others; no more than `capacity` can be seen."""
        self.tiles = tiles
        self.marked = min(self.marked, max(0, len(tiles) - 1))
        self._draw()

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self.configure(background=palette.window)
        self._draw()

    @property
    def _zoom(self) -> int:
        return max(1, round(pixels(self, 2)))

    @property
    def _pitch(self) -> tuple[int, int]:
        """From one tile to the next, in px."""
        return pixels(self, 100), 32 * self._zoom + pixels(self, 46)

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
        for place, tile in enumerate(self.tiles):
            x, y = self._corner(place)
            middle, gap = x + self._pitch[0] / 2, pixels(self, 6)
            image = self._picture(tile)
            self._images.append(image)
            half = image.width() / 2
            self.create_image(middle, y + gap, image=image, anchor="n")
            self.create_rectangle(
                middle - half - 1,
                y + gap - 1,
                middle + half,
                y + gap + image.height(),
                outline=self._palette.faint,
            )
            self.create_text(
                middle,
                y + gap + image.height() + pixels(self, 3),
                text=tile.caption,
                anchor="n",
                justify="center",
                font=CAPTION_FONT,
                fill=self._palette.muted if tile.is_right else self._palette.error,
            )
        self._show_mark()

    def _picture(self, tile: Tile) -> tk.PhotoImage:
        grey = len(tile.pixels) == tile.width * tile.height
        data = tile.pixels.translate(self._palette.shades) if grey else tile.pixels
        header = b"P%d %d %d 255\n" % (5 if grey else 6, tile.width, tile.height)
        small = tk.PhotoImage(master=self, data=header + data, format="ppm")
        return small.zoom(self._zoom)

    def _show_mark(self) -> None:
        self.delete("mark")
        if self.tiles and self._on_choose is not None and self.focus_get() is self:
            x, y = self._corner(self.marked)
            self.create_rectangle(
                x + 1,
                y + 1,
                x + self._pitch[0] - 1,
                y + self._pitch[1] - 1,
                outline=self._palette.accent,
                tags="mark",
            )

    def _move(self, key: str, by: int | None) -> str:
        if by is None:
            by = -self._columns if key == "Up" else self._columns
        if 0 <= self.marked + by < len(self.tiles):
            self.marked += by
            self._show_mark()
        return "break"

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        for place in range(len(self.tiles)):
            x, y = self._corner(place)
            if x <= event.x < x + self._pitch[0] and y <= event.y < y + self._pitch[1]:
                self.marked = place
                self._choose()
                return

    def _choose(self) -> str:
        if self.tiles and self._on_choose is not None:
            self._show_mark()
            self._on_choose(self.marked)
        return "break"
