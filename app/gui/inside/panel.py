"""VIEW: the panel Inside, a notebook of ways to look into the network."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING, Any, Protocol

from app.gui.inside.compare_tab import CompareTab
from app.gui.inside.film_bar import FilmBar
from app.gui.inside.film_tab import FilmTab
from app.gui.inside.layers_tab import LayersTab
from app.gui.inside.map_tab import MapTab
from app.gui.inside.why_tab import WhyTab
from app.gui.theme import CAPTION_FONT, STRONG_FONT, Palette, pixels
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.tooltip import attach
from app.language import _
from app.page.inside.compare_presenter import Choice
from app.page.inside.off_cost import OffCosts
from app.page.inside.subject import Strokes, Subject
from app.page.tour import LAYERS, MAP, WHY
from app.store.networks import name_of
from engine.explaining.edits import Reader
from engine.explaining.neighbours import DigitIndex
from engine.ink.rasterize import Strokes as EditedStrokes

if TYPE_CHECKING:
    from app.jobs.job import Job
    from app.page.reader import Reader as PageReader
    from engine import Network
    from engine.explaining.digit_map import DigitMap
    from engine.explaining.film import Film
    from engine.ink.rasterize import Ink, Point

_TABS, _NO_TABS = "Inside.TNotebook", "Listed.TNotebook"
_NAMES = (LAYERS, WHY, MAP, "film", "compare")


@dataclass(frozen=True)
class Needs:
    """What the tabs ask of the window, as they take it."""

    index: Callable[[], DigitIndex | None]
    second: Callable[[], Reader | None]
    confirms: Callable[[EditedStrokes, int], bool]
    on_lines: Callable[[Sequence[Sequence[Point]]], None]
    on_switch: Callable[[Mapping[str, frozenset[int]]], None]
    on_take: Callable[[Strokes], None]
    load_map: Callable[[], DigitMap | None]
    make_map: Callable[[], Job]
    on_put: Callable[[Ink, str], None]
    load_film: Callable[[PageReader], Film | None]
    on_film: Callable[[Network | None], None]
    save_film: Callable[[], None]
    networks: Callable[[], Sequence[Choice]]
    load_network: Callable[[Path], PageReader]
    on_replay: Callable[[], None]
    on_watch: Callable[[bool], None]
    score_film: Callable[[], Job]
    find_film: Callable[[], Choice | None]
    open_network: Callable[[Path], object]


class Tab(Protocol):
    """What the panel asks of a tab."""

    def show(self, subject: Subject) -> None: ...
    def leave(self) -> None:
        """Another tab comes to the front, or the panel goes."""

    def restyle(self, palette: Palette) -> None: ...


class InsidePanel(ttk.Frame):
    """Only the tab that is in front works; another is shown the subject when it comes there.

    Where there is too little room for the names of all tabs, they are a list to choose from.

    Parameters
    ----------
    subject : callable
        What there is to look at now.
    is_apart : bool
        Whether it has a window of its own.
    on_apart, on_close : callable
        The person wants it the other way, or no longer; `on_apart` is None where there is no other way.
    needs : Needs
        What the tabs ask of the window.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        subject: Callable[[], Subject],
        is_apart: bool,
        on_apart: Callable[[], None] | None,
        on_close: Callable[[], None],
        needs: Needs,
    ) -> None:
        super().__init__(parent)
        self._subject = subject
        head = ButtonRows(self)
        self.apart_button = ttk.Button(
            head, text=_("Back into the window") if is_apart else _("Own window"), command=on_apart or ""
        )
        self._turns = on_apart is not None
        attach(self.apart_button, _("Have it in a window of its own, or beside the page"))
        self.replay_button = ttk.Button(head, text=_("Replay"), command=needs.on_replay)
        attach(self.replay_button, _("Draw it again point by point, and watch"))
        self._watches = tk.BooleanVar(self, False)
        self.watch_button = ttk.Checkbutton(
            head,
            text=_("Watch it learn"),
            style="Toggle.TButton",
            variable=self._watches,
            command=lambda: needs.on_watch(self._watches.get()),
        )
        self.close_button = ttk.Button(head, text=_("Close"), command=on_close)
        attach(self.watch_button, _("Let the network that is trained read the page while it learns"))
        self._head = head
        head.pack(side="top", fill="x", pady=(0, pixels(self, 8)))
        self.by_whom = ttk.Label(self, font=STRONG_FONT, justify="left")  # where it is not the network itself
        self.bind("<Configure>", lambda event: self._fit())
        self._style_tabs()
        self.notebook = ttk.Notebook(self, style=_TABS)
        self.notebook.pack(side="top", fill="both", expand=True)
        self.show_watch(can_be=False, is_on=False)
        self.layers = LayersTab(
            self.notebook,
            palette=palette,
            costs=OffCosts(lambda: None if (index := needs.index()) is None else index.prototypes),
            on_outline=lambda corners: needs.on_lines([corners] if corners else ()),
            on_switch=needs.on_switch,
        )
        self.why = WhyTab(
            self.notebook,
            palette=palette,
            index=needs.index,
            second=needs.second,
            confirms=needs.confirms,
            on_lines=needs.on_lines,
            on_take=needs.on_take,
        )
        self.map = MapTab(
            self.notebook, palette=palette, load=needs.load_map, make=needs.make_map, on_put=needs.on_put
        )
        self.compare = CompareTab(
            self.notebook,
            palette=palette,
            choices=needs.networks,
            load=needs.load_network,
            name_of=name_of,
        )
        self.learnt = FilmTab(
            self.notebook,
            palette=palette,
            load=needs.load_film,
            find=needs.find_film,
            on_open=needs.open_network,
            score=needs.score_film,
            on_put=needs.on_put,
        )
        self.tabs: list[LayersTab | WhyTab | MapTab | FilmTab | CompareTab]
        self.tabs = [self.layers, self.why, self.map, self.learnt, self.compare]
        titles = _("Layers"), _("Why"), _("Map"), _("Film"), _("Compare")
        self._as_tabs = ttk.Notebook(self, style=_TABS)  # never seen: it asks for the room of the names alone
        for tab, title in zip(self.tabs, titles, strict=True):
            self.notebook.add(tab, text=title)
            self._as_tabs.add(ttk.Frame(self._as_tabs), text=title)
        self.tab_list = ttk.Combobox(self, values=titles, state="readonly", font=CAPTION_FONT)
        self.tab_list.bind(
            "<<ComboboxSelected>>", lambda event: self.open_tab(_NAMES[self.tab_list.current()])
        )
        attach(self.tab_list, _("What to look at"))
        self.film = FilmBar(
            self,
            load=needs.load_film,
            on_read=needs.on_film,
            on_save=needs.save_film,
            on_place=self.learnt.presenter.go_to,
        )
        self._shown: Tab | None = None
        self.notebook.bind("<<NotebookTabChanged>>", lambda event: self.show())

    @property
    def front(self) -> Tab:
        return self.tabs[int(self.notebook.tk.call(self.notebook, "index", "current"))]

    @property
    def front_name(self) -> str:
        """Of the tab, the same in every language."""
        return _NAMES[self.tabs.index(self.front)]  # type: ignore[arg-type]

    def open_tab(self, name: str) -> None:
        self.notebook.tk.call(self.notebook, "select", self.tabs[_NAMES.index(name)])

    def show(self) -> None:
        """The page was read anew, or another tab is in front."""
        front = self.front
        if self._shown is not None and self._shown is not front:
            self._shown.leave()
        self._shown = front
        self.tab_list.current(_NAMES.index(self.front_name))
        subject = self._subject()
        self._tell(subject.by_whom)
        front.show(subject)
        self.film.show(subject)

    def take_keys(self) -> None:
        """Where one chooses a tab."""
        (self.tab_list if self.tab_list.winfo_manager() else self.notebook).focus_set()

    def show_watch(self, *, can_be: bool, is_on: bool) -> None:
        """Whether there is a training to watch, and whether it is watched."""
        self._watches.set(is_on)
        turn = [self.apart_button] if self._turns else []
        watch = [self.watch_button] if can_be or is_on else []
        self._head.fill([*turn, self.replay_button, *watch, self.close_button])

    def _tell(self, by_whom: str) -> None:
        self.by_whom.configure(text=by_whom)
        if not by_whom:
            self.by_whom.pack_forget()
        elif not self.by_whom.winfo_manager():
            self.by_whom.pack(side="top", fill="x", pady=(0, pixels(self, 6)), before=self.notebook)

    def _fit(self) -> None:
        width = self.winfo_width()
        self.by_whom.configure(wraplength=max(80, width))
        is_list = self._as_tabs.winfo_reqwidth() > width
        if is_list != bool(self.tab_list.winfo_manager()):
            self.notebook.configure(style=_NO_TABS if is_list else _TABS, takefocus=not is_list)
            if is_list:
                self.tab_list.pack(side="top", fill="x", pady=(0, pixels(self, 6)), before=self.notebook)
            else:
                self.tab_list.pack_forget()

    def destroy(self) -> None:
        super().destroy()
        del self._watches  # not left to the garbage collector, which would call Tk

    def compare_anew(self) -> None:
        """The digits to compare with are there now."""
        self.layers.presenter.measure_off()
        self.why.presenter.look_for_nearest()

    def choose_bar(self, digit: int) -> None:
        """A bar was clicked: ask about its digit."""
        if self.front is not self.why:
            self.notebook.tk.call(self.notebook, "select", self.why)
            self.why.show_at_once(self._subject())
        self.why.presenter.choose_bar(digit)

    def _style_tabs(self) -> None:
        """Narrower than in dialogs: all have room in a small window. Each theme has styles of its own."""
        style = ttk.Style(self)
        label: Any = ("Notebook.focus", {"sticky": "nswe", "children": [("Notebook.label", {"sticky": ""})]})
        room: Any = ("Notebook.padding", {"sticky": "nswe", "children": [label]})
        style.layout(f"{_TABS}.Tab", [("Notebook.tab", {"sticky": "nswe", "children": [room]})])
        # The tab's picture has room enough at its sides: it takes some of that back.
        style.configure(f"{_TABS}.Tab", font=CAPTION_FONT, padding=(-pixels(self, 7), 0))
        style.layout(f"{_NO_TABS}.Tab", [])

    def restyle(self, palette: Palette) -> None:
        self._style_tabs()
        for tab in self.tabs:
            tab.restyle(palette)
