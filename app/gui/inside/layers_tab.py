"""VIEW: the tab Layers, in which every layer's maps follow the pen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from tkinter import font, ttk
from typing import TYPE_CHECKING

from app.gui.accessible import tell_value
from app.gui.shortcuts import right_button
from app.gui.theme import BODY_FONT, Palette, pixels, screen_scale
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.focus import has_keys
from app.gui.widgets.inside.arithmetic_side import ArithmeticSide
from app.gui.widgets.inside.layer_sheets import LayerSheets
from app.gui.widgets.inside.scrolled_column import ScrolledColumn
from app.gui.widgets.tooltip import attach
from app.language import _
from app.page.inside.arithmetic_told import ArithmeticTold
from app.page.inside.layers_presenter import LayersPresenter
from app.page.inside.map_picture import Colours
from app.page.inside.off_cost import OffCosts
from app.page.inside.sheet import LayerRow, Marks, Unit
from app.page.inside.subject import Subject

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

_PADDING = 6
_ROOMY = 400  # px at 96 dots an inch, from which two lines tell of a unit
_BROAD = 820  # px at 96 dots an inch, from which the arithmetic stands beside the layers
_LEAST_OF_LAYERS = 130  # px at 96 dots an inch, that they keep above it, or else half of the room
_LOW = 220  # px at 96 dots an inch: below that a chosen number has the room of the line that tells of it


def colours_of(palette: Palette) -> Colours:
    """For what is below zero, at zero, above it, between two maps, and beside them."""
    return Colours(palette.minus, palette.paper, palette.plus, palette.faint, palette.window)


class LayersTab(ttk.Frame):
    """The LayersPresenter's view.

    Parameters
    ----------
    costs : OffCosts
        Measure what it costs to switch maps off.
    on_outline : callable
        Takes the corners of what is to be framed on the page.
    on_switch : callable
        Takes the maps that are to be off, by their layers.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        costs: OffCosts,
        on_outline: Callable[[Sequence[Point]], None],
        on_switch: Callable[[Mapping[str, frozenset[int]]], None],
    ) -> None:
        super().__init__(parent, padding=pixels(parent, _PADDING))
        self._on_outline, self._on_switch = on_outline, on_switch
        self._due: str | None = None  # work that is left for later
        self.presenter = LayersPresenter(self, costs)
        self.presenter.set_colours(colours_of(palette))
        system = str(self.tk.call("tk", "windowingsystem"))
        self._bar = ButtonRows(self)
        self._kernels = tk.BooleanVar(self, False)
        self._by_layer = tk.BooleanVar(self, False)
        self.kernels_button = ttk.Checkbutton(
            self._bar,
            text=_("Kernels"),
            style="Toggle.TButton",
            variable=self._kernels,
            command=lambda: self.presenter.show_kernels(self._kernels.get()),
        )
        self.scope_button = ttk.Checkbutton(
            self._bar,
            text=_("One scale a layer"),
            style="Toggle.TButton",
            variable=self._by_layer,
            command=lambda: self.presenter.set_scope(by_map=not self._by_layer.get()),
        )
        self.all_on_button = ttk.Button(
            self._bar, text=_("All maps on"), command=self.presenter.switch_all_on
        )
        attach(
            self.kernels_button,
            _("Show what the layers have learnt, in place of what they make of the drawing"),
        )
        attach(
            self.scope_button,
            _("The strongest colour stands for the largest number of the whole layer, else of each map"),
        )
        self._bar.fill([self.kernels_button, self.scope_button])
        self.scrollbar = ttk.Scrollbar(self, command=lambda *args: self.sheets.yview(*args))
        self.sheets = LayerSheets(
            self,
            palette=palette,
            on_room=lambda width: self.presenter.set_room(width, screen_scale(self)),
            on_sight=self.presenter.set_in_sight,
            on_point=self.presenter.point_at,
            on_choose=self.presenter.choose,
            on_switch=lambda name, unit: self.presenter.switch(name, unit[0]),
            on_menu=self._pop_up,
            menu_buttons=right_button(system),
            on_scroll=self.scrollbar.set,
        )
        self._telling = ttk.Frame(self)  # as high, whatever it tells: what is above must not jump
        self._telling.pack_propagate(False)
        self.told = ttk.Label(self._telling, justify="left")
        self.told.pack(side="top", anchor="w", fill="x")
        self.off = ttk.Label(self, justify="left", foreground=palette.error)
        self._side_room = ScrolledColumn(self, palette=palette)
        self.side = ArithmeticSide(self._side_room.inside, palette=palette, on_close=self._close_side)
        self.side.grid(row=0, column=0, sticky="nsew")
        self._side_room.inside.columnconfigure(0, weight=1)
        self._side_room.inside.rowconfigure(0, weight=1)
        self._side_room.listen()
        self.popped_up: tk.Menu | None = None
        gap = pixels(self, 6)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._bar.grid(row=0, column=0, columnspan=3, sticky="ew", pady=(0, gap))
        self.sheets.grid(row=1, column=0, sticky="nsew")
        self.scrollbar.grid(row=1, column=1, sticky="ns")
        self._telling.grid(row=3, column=0, columnspan=3, sticky="ew", pady=(gap, 0))
        self.off.grid(row=4, column=0, columnspan=3, sticky="ew")
        self.off.grid_remove()
        self.bind("<Configure>", self._fit)
        for part in (self.sheets, *self._bar.winfo_children(), self.side.close_button, self.side.terms):
            part.bind("<Escape>", lambda event: self._on_escape())

    def show(self, subject: Subject) -> None:
        """Another reading of the page."""
        self.presenter.show(subject)

    def leave(self) -> None:
        """Another tab comes to the front: nothing of this one is marked on the page."""
        self.presenter.point_at(None)

    def restyle(self, palette: Palette) -> None:
        self.sheets.restyle(palette)
        self._side_room.restyle(palette)
        self.side.restyle(palette)
        self.off.configure(foreground=palette.error)
        self.presenter.set_colours(colours_of(palette))

    def destroy(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
        super().destroy()
        del self._kernels, self._by_layer  # not left to the garbage collector, which would call Tk

    # What the presenter shows

    def show_rows(self, rows: Sequence[LayerRow]) -> None:
        self.sheets.show_rows(rows)
        has_off = any(row.off for row in rows)
        buttons: list[ttk.Button | ttk.Checkbutton] = [self.kernels_button, self.scope_button]
        self._bar.fill([*buttons, self.all_on_button] if has_off else buttons)

    def show_pictures(self, pictures: Mapping[str, bytes]) -> None:
        self.sheets.show_pictures(pictures)

    def show_marks(self, marks: Marks) -> None:
        self.sheets.show_marks(marks)

    def show_told(self, text: str) -> None:
        if str(self.told["text"]) != text:
            self.told.configure(text=text)
            tell_value(self.sheets, text)

    def show_arithmetic(self, told: ArithmeticTold | None) -> None:
        if told is None:
            self._side_room.grid_remove()
            self._telling.grid()
            self.columnconfigure(2, weight=0, uniform="")
            return
        self.side.show(
            told.title,
            told.sentences,
            [(term.place, term.value, term.weight, term.product) for term in told.terms],
            [(patch.title, patch.sheet, patch.pixels) for patch in told.patches],
        )
        if not self._side_room.winfo_manager():
            self._place_side(self.winfo_width())

    def show_off(self, text: str) -> None:
        """What is switched off, and what that costs; empty for nothing."""
        self.off.configure(text=text)
        self.off.grid() if text else self.off.grid_remove()

    def later(self, work: Callable[[], None]) -> None:
        def do() -> None:
            self._due = None
            work()

        if self._due is not None:
            self.after_cancel(self._due)
        self._due = self.after(1, do)

    def show_on_page(self, outline: Sequence[Point]) -> None:
        self._on_outline(outline)

    def switch(self, off: Mapping[str, frozenset[int]]) -> None:
        self._on_switch(off)

    def _pop_up(self, name: str, unit: Unit, x: int, y: int) -> None:
        presenter = self.presenter
        if self.popped_up is not None:
            self.popped_up.destroy()
        menu = self.popped_up = tk.Menu(self, tearoff=False)
        if not presenter.shows_kernels:
            menu.add_command(
                label=_("Show how this number comes about"), command=lambda: presenter.choose(name, unit)
            )
        if presenter.can_switch(name):
            is_off = unit[0] in presenter.off.get(name, frozenset())
            menu.add_command(
                label=_("Switch this map on") if is_off else _("Switch this map off"),
                command=lambda: presenter.switch(name, unit[0]),
            )
        if presenter.off:
            menu.add_command(label=_("All maps on"), command=presenter.switch_all_on)
        if menu.index("end") is not None:
            menu.tk_popup(x, y)

    def _fit(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self:
            for label in (self.told, self.off):
                label.configure(wraplength=max(80, event.width - pixels(self, 16)))
            lines = 2 if event.width >= pixels(self, _ROOMY) else 3
            self._telling.configure(height=lines * font.nametofont(BODY_FONT, self).metrics("linespace"))
            if self._side_room.winfo_manager():
                self._place_side(event.width)

    def _place_side(self, width: int) -> None:
        """The arithmetic beside the layers, or below them, where they keep some of the room."""
        gap, side = pixels(self, 8), self._side_room
        is_beside = width >= pixels(self, _BROAD)
        self.columnconfigure(0, weight=1, uniform="tab" if is_beside else "")
        self.columnconfigure(2, weight=int(is_beside), uniform="tab" if is_beside else "")
        self._telling.grid()
        if is_beside:
            side.fill()
            side.grid(row=1, column=2, columnspan=1, sticky="nsew", padx=(gap, 0), pady=0)
            return
        around = self._bar.winfo_reqheight() + (self.off.winfo_reqheight() if self.off.winfo_manager() else 0)
        room = self.winfo_height() - around - 2 * gap - 2 * pixels(self, _PADDING)
        if room < pixels(self, _LOW):  # the arithmetic tells more than the line does
            self._telling.grid_remove()
        else:
            room -= int(self._telling["height"]) + gap
        side.limit(room - min(room // 2, pixels(self, _LEAST_OF_LAYERS)))
        side.grid(row=2, column=0, columnspan=3, sticky="ew", padx=0, pady=(gap, 0))

    def _on_escape(self) -> str | None:
        """The arithmetic first, then whatever else it would close."""
        if self.presenter.chosen is None:
            return None
        self._close_side()
        return "break"

    def _close_side(self) -> None:
        if has_keys(self.side.close_button) or has_keys(self.side.terms):
            self.sheets.focus_set()
        self.presenter.choose_none()
