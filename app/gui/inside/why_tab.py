"""VIEW: the tab Why, in which the answer is explained by digits, strokes, pixels, and a change."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from app.gui.accessible import tell_value
from app.gui.inside.layers_tab import colours_of
from app.gui.theme import BODY_FONT, CAPTION_FONT, STRONG_FONT, Palette, pixels
from app.gui.widgets.inside.nearest_digits import NearestDigits
from app.gui.widgets.inside.scrolled_column import ScrolledColumn
from app.gui.widgets.inside.tinted_strokes import TintedStrokes
from app.gui.widgets.picture import picture
from app.gui.widgets.scrolled import show_if
from app.language import _
from app.page.inside.subject import Strokes, Subject
from app.page.inside.why_presenter import TintedStroke, WhyPresenter
from app.page.tile import Tile
from engine.explaining.edits import Reader
from engine.explaining.neighbours import DigitIndex
from engine.ink.rasterize import Strokes as EditedStrokes

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

REST_MS = 150  # without a motion: the pen rests
SIDE = 28
DIGITS = [str(digit) for digit in range(10)]


class WhyTab(ttk.Frame):
    """The WhyPresenter's view.

    Parameters
    ----------
    index, second, confirms
        As the WhyPresenter takes them.
    on_lines : callable
        Takes the lines that are to be dotted on the page.
    on_take : callable
        Takes the strokes that are to be put in place of those that are explained.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        index: Callable[[], DigitIndex | None],
        second: Callable[[], Reader | None],
        confirms: Callable[[EditedStrokes, int], bool],
        on_lines: Callable[[Sequence[Sequence[Point]]], None],
        on_take: Callable[[Strokes], None],
    ) -> None:
        super().__init__(parent, padding=pixels(parent, 6))
        self.palette = palette
        self._on_lines, self._on_take = on_lines, on_take
        self._timers: set[str] = set()
        self._resting: str | None = None  # the timer that waits for the pen to rest
        self._map_image: tk.PhotoImage | None = None
        self.presenter = WhyPresenter(self, index=index, second=second, confirms=confirms)
        self.presenter.set_colours(colours_of(palette))
        self._scrolled = ScrolledColumn(self, palette=palette)
        self._scrolled.pack(fill="both", expand=True)
        column, gap = self._scrolled.inside, pixels(self, 8)
        self.question = self._label(column, STRONG_FONT)
        asking = ttk.Frame(column)
        self.digit, self.versus = self._choice(asking), self._choice(asking)
        for place, (text, choice) in enumerate(((_("Why"), self.digit), (_("and not"), self.versus))):
            ttk.Label(asking, text=text).grid(row=0, column=2 * place, padx=(0, gap // 2))
            choice.grid(row=0, column=2 * place + 1, padx=(0, gap))
            choice.bind("<<ComboboxSelected>>", lambda event: self._ask())
        self.evidence = self._label(column, BODY_FONT)
        self.nearest_told = self._label(column, CAPTION_FONT)
        self.nearest = NearestDigits(column, palette=palette)
        self.strokes = TintedStrokes(column, palette=palette)
        self.strokes_told = self._label(column, BODY_FONT)
        changing = ttk.Frame(column)
        ttk.Label(changing, text=_("Make it a")).grid(row=0, column=0, padx=(0, gap // 2))
        self.become = self._choice(changing)
        self.become.grid(row=0, column=1, padx=(0, gap))
        self.become.bind("<<ComboboxSelected>>", lambda event: self._become())
        self.take_button = ttk.Button(column, text=_("Take over"), command=self.presenter.take)
        self.change = self._label(column, BODY_FONT)
        self._pixels_on = tk.BooleanVar(self, False)
        self.pixels_button = ttk.Checkbutton(
            column, text=_("Pixels"), style="Toggle.TButton", variable=self._pixels_on,
            command=lambda: self.presenter.show_pixels(self._pixels_on.get()),
        )  # fmt: skip
        self.map = ttk.Label(column)
        self.map_told = self._label(column, BODY_FONT)
        for row, widget in enumerate(
            (
                *(self.question, asking, self.evidence, self.nearest, self.nearest_told),
                *(self.strokes, self.strokes_told, changing, self.change, self.take_button),
                *(self.pixels_button, self.map, self.map_told),
            )
        ):
            is_text = isinstance(widget, ttk.Label) and widget is not self.map
            widget.grid(
                row=row, column=0, sticky="ew" if is_text or widget is self.nearest else "w", pady=(0, gap)
            )
        column.columnconfigure(0, weight=1)
        column.bind("<Configure>", lambda event: self._wrap(event.width), add=True)
        self._scrolled.listen()

    def show(self, subject: Subject) -> None:
        """Another reading of the page."""
        self.presenter.show(subject)

    def show_at_once(self, subject: Subject) -> None:
        """The same, without waiting for the pen to rest."""
        self.presenter.show(subject)
        self._forget(*self._timers)
        self.presenter.look()

    def leave(self) -> None:
        """Another tab comes to the front."""
        self._forget(*self._timers)
        self.presenter.leave()

    def restyle(self, palette: Palette) -> None:
        self.palette = palette
        for part in (self._scrolled, self.nearest, self.strokes):
            part.restyle(palette)
        self.presenter.set_colours(colours_of(palette))

    def destroy(self) -> None:
        self._forget(*self._timers)
        super().destroy()
        del self._pixels_on
        self._map_image = None

    # What the presenter shows

    def show_question(self, told: str, digit: int | None, versus: int | None) -> None:
        self.question.configure(text=told)
        tell_value(self.question, told)
        for choice, value in ((self.digit, digit), (self.versus, versus)):
            choice.set("" if value is None else str(value))
            choice.state(["disabled" if value is None else "!disabled"])
        for widget in (self.become, self.pixels_button):
            widget.state(["disabled" if digit is None else "!disabled"])

    def show_evidence(self, text: str) -> None:
        self._tell(self.evidence, text)

    def show_nearest(self, tiles: Sequence[Tile], told: str) -> None:
        self.nearest.show(tiles)
        show_if(self.nearest, bool(tiles))
        self._tell(self.nearest_told, told)
        self._scrolled.listen(self.nearest)

    def show_strokes(self, strokes: Sequence[TintedStroke], told: Sequence[str]) -> None:
        self.strokes.show([(stroke.points, stroke.worth) for stroke in strokes])
        show_if(self.strokes, bool(strokes))
        self._tell(self.strokes_told, "\n".join(told))

    def show_pixels(self, pixels: bytes | None, told: str) -> None:
        if pixels is None:
            self._map_image = None
            self.map.configure(image="")
        else:
            zoom = max(1, round(_zoom(self) * 5))
            self._map_image = picture(self, pixels, SIDE, SIDE, b"").zoom(zoom)
            self.map.configure(image=self._map_image)
        show_if(self.map, pixels is not None)
        self._tell(self.map_told, told)

    def show_change(self, told: str, *, can_take: bool) -> None:
        self._tell(self.change, told)
        self.take_button.state(["!disabled" if can_take else "disabled"])
        if not told:
            self.become.set("")

    def show_on_page(self, lines: Sequence[Sequence[Point]]) -> None:
        self._on_lines(lines)

    def put_in_place(self, strokes: Strokes) -> None:
        self._on_take(strokes)

    def rest(self, work: Callable[[], None]) -> None:
        if self._resting is not None:
            self._forget(self._resting)
        self._resting = self._after(REST_MS, work)

    def later(self, work: Callable[[], None]) -> None:
        self._after(1, work)

    def _after(self, patience: int, work: Callable[[], None]) -> str:
        def do() -> None:
            self._timers.discard(timer)
            work()

        timer = self.after(patience, do)
        self._timers.add(timer)
        return timer

    def _forget(self, *timers: str) -> None:
        for timer in timers:
            if timer in self._timers:
                self._timers.remove(timer)
                self.after_cancel(timer)

    def _ask(self) -> None:
        if not (self.digit.get() and self.versus.get()):
            return  # nothing is read, and so there is nothing to ask about
        digit, versus = self.digit.get(), self.versus.get()
        if digit and versus:  # an open list outlives the drawing that it was opened for
            self.presenter.ask(int(digit), int(versus))

    def _become(self) -> None:
        digit = self.become.get()
        self.presenter.become(int(digit))
        self.become.set(digit)

    def _tell(self, label: ttk.Label, text: str) -> None:
        label.configure(text=text)
        show_if(label, bool(text))

    def _label(self, parent: tk.Misc, face: str) -> ttk.Label:
        return ttk.Label(parent, font=face, justify="left")

    def _choice(self, parent: tk.Misc) -> ttk.Combobox:
        return ttk.Combobox(parent, values=DIGITS, state="readonly", width=3)

    def _wrap(self, width: int) -> None:
        for label in (
            self.question, self.evidence, self.nearest_told, self.strokes_told, self.change, self.map_told
        ):  # fmt: skip
            label.configure(wraplength=max(80, width - pixels(self, 4)))


def _zoom(widget: tk.Misc) -> float:
    return pixels(widget, 100) / 100
