"""Network > Open: the networks that ship and the person's own, to open, rename, delete and begin with.

What can be done with each is the OpenNetworkPresenter's.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import filedialog, ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.question_dialog import ask, ask_name
from app.gui.theme import STRONG_FONT, Palette, font_of_size, pixels, text_width
from app.gui.widgets.scrolled import show_if
from app.gui.widgets.tooltip import attach
from app.language import _, pgettext
from app.page.open_network_presenter import Column, OpenNetworkPresenter, Row, Sorting, columns

_UP, _DOWN = "▲▼"

# How wide a column is, and how narrow it can become, in pixels at 96 dots an inch.
_WIDTHS = {"name": (280, 150), "saved": (135, 125), "use": (190, 90)}
_WIDTH_OF_SCORES = (95, 75)


class OpenNetworkDialog(Dialog):
    """A list with a line a network, and buttons.

    All it takes but the palette is the OpenNetworkPresenter's.
    """

    def __init__(
        self,
        parent: tk.Tk,
        *,
        palette: Palette,
        shipped: Path,
        place: Path,
        at_start: Path | None,
        reads: Path,
        on_open: Callable[[Path], object],
        on_start: Callable[[Path | None], bool],
        on_rename: Callable[[], None],
    ) -> None:
        super().__init__(parent, _("Open a network"), palette=palette)
        presenter = self.presenter = OpenNetworkPresenter(
            self,
            shipped=shipped,
            place=place,
            at_start=at_start,
            reads=reads,
            on_open=on_open,
            on_start=on_start,
            on_rename=on_rename,
        )
        gap = pixels(self, 8)
        self.list = ttk.Treeview(
            self.body,
            columns=[column.key for column in columns()],
            show="headings",
            height=8,
            selectmode="browse",
        )
        for column in columns():
            width, least = self._widths(column)
            self.list.heading(column.key, anchor="w", command=partial(presenter.sort_by, column.key))
            self.list.column(
                column.key,
                width=width,
                minwidth=least,
                stretch=column.key == "name",
                anchor="w",
            )
        self.list.tag_configure("reads", font=STRONG_FONT)
        attach(
            self.list,
            _(
                "How many of the test digits of each set a network reads right, and, under Non-digits, "
                "how many drawings of something else it calls no digit."
            ),
        )
        scrollbar = ttk.Scrollbar(self.body, command=self.list.yview)
        across = ttk.Scrollbar(self.body, command=self.list.xview, orient="horizontal")

        def show_across(first: float, last: float) -> None:
            across.set(first, last)
            show_if(across, float(first) > 0 or float(last) < 1)

        self.list.configure(yscrollcommand=scrollbar.set, xscrollcommand=show_across)
        self.list.grid(row=0, column=0, sticky="nsew")
        scrollbar.grid(row=0, column=1, sticky="ns")
        across.grid(row=1, column=0, sticky="ew")
        self.note = self.add_note(self.body)
        self.note.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        sorting = self.add_note(
            self.body,
            _("A click on a heading sorts, and so do the arrow keys; space turns the order round."),
        )
        sorting.grid(row=3, column=0, columnspan=2, sticky="w")
        for note in (self.note, sorting):  # no wider than the list, however wide that is
            note.configure(wraplength=pixels(self, 500))
            self.list.bind("<Configure>", partial(_wrap, note), add=True)
        tools = ttk.Frame(self.body)
        tools.grid(row=4, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.rename_button = ttk.Button(tools, text=_("Rename…"), command=presenter.rename)
        self.delete_button = ttk.Button(tools, text=_("Delete…"), command=presenter.delete)
        self.start_button = ttk.Button(tools, text=_("Use at the start"), command=presenter.choose_start)
        for button in (self.rename_button, self.delete_button, self.start_button):
            button.pack(side="left", padx=(0, gap))
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.other_button = self.add_button(_("Other folder…"), presenter.open_other)
        self.open_button = self.add_button(pgettext("button", "Open"), presenter.open, is_default=True)
        self.list.bind("<Configure>", lambda event: self._share_out(event.width), add=True)
        self.list.bind("<<TreeviewSelect>>", self._on_select)
        self.list.bind("<Double-1>", self._on_double_click)
        self.list.bind("<Delete>", lambda event: presenter.delete())
        self.list.bind("<F2>", lambda event: presenter.rename())
        self.list.bind("<Left>", lambda event: self._sort(lambda: presenter.sort_beside(-1)))
        self.list.bind("<Right>", lambda event: self._sort(lambda: presenter.sort_beside(1)))
        self.list.bind("<space>", lambda event: self._sort(presenter.turn_round))
        self.scrolled.least = pixels(self, 500), pixels(self, 220)  # the list scrolls itself
        self.minsize(pixels(self, 420), pixels(self, 300))

    def open(self) -> None:
        self.presenter.begin()
        self.present()
        self.list.focus_set()

    def leave(self) -> None:
        self.destroy()

    def show_rows(self, rows: Sequence[Row], chosen: int, sorting: Sorting) -> None:
        for column in columns():
            arrow = _UP if sorting.is_upward else _DOWN
            text = f"{column.heading} {arrow}" if column.key == sorting.column else column.heading
            self.list.heading(column.key, text=f" {text}")  # as far in as the writing below it
        self.list.delete(*self.list.get_children())
        for row in rows:
            self.list.insert("", "end", values=row.texts, tags=("reads",) if row.reads else ())
        item = self.list.get_children()[chosen]
        self.list.selection_set(item)
        self.list.focus(item)
        self.list.see(item)

    def enable(self, *, can_be_changed: bool, can_be_opened: bool) -> None:
        for button in (self.rename_button, self.delete_button):
            button.state(["!disabled" if can_be_changed else "disabled"])
        for button in (self.open_button, self.start_button):
            button.state(["!disabled" if can_be_opened else "disabled"])

    def show_note(self, text: str) -> None:
        self.note.configure(text=text)

    def ask(self, title: str, text: str, *, yes: str) -> bool:
        return ask(self, title, text, yes=yes, palette=self.palette)

    def ask_name(self, title: str, text: str, name: str) -> str | None:
        return ask_name(self, title, text, name, yes=_("Rename"), palette=self.palette)

    def ask_folder(self, title: str) -> Path | None:
        folder = filedialog.askdirectory(parent=self, title=title, mustexist=True)
        return Path(folder) if folder else None

    def _widths(self, column: Column) -> tuple[int, int]:
        """How wide a column is, and how narrow it can become; its heading and the arrow have room in both."""
        wide, narrow = (pixels(self, width) for width in _WIDTHS.get(column.key, _WIDTH_OF_SCORES))
        face = font_of_size(self, pixels(self, 12))
        heading = text_width(self, face, f"  {column.heading} {_DOWN} ")
        return max(wide, heading), max(narrow, heading)

    def _share_out(self, room: int) -> None:
        """Make the columns narrower where there is too little room: Tk would have them scrolled."""
        widths = [self._widths(column) for column in columns()]
        most, least = (sum(sizes) for sizes in zip(*widths, strict=True))
        share = max(0.0, min(1.0, (room - least) / (most - least)))
        for column, (wide, narrow) in zip(columns(), widths, strict=True):
            if column.key != "name" or share < 1:
                self.list.column(column.key, width=int(narrow + share * (wide - narrow)))

    def _sort(self, sort: Callable[[], None]) -> str:
        sort()
        return "break"  # the list does nothing else with these keys

    def _on_select(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.selection():
            self.presenter.choose(self.list.index(self.list.selection()[0]))

    def _on_double_click(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.identify_row(event.y):
            self.presenter.open()


def _wrap(note: ttk.Label, event: tk.Event[tk.Misc]) -> None:
    note.configure(wraplength=event.width)
