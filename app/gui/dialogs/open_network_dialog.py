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
from app.gui.theme import STRONG_FONT, FontOfSize, Palette, font_of_size, pixels, shortened, text_width
from app.gui.widgets.scrolled import show_if
from app.gui.widgets.tooltip import attach
from app.language import _, pgettext
from app.page.open_network_presenter import OpenNetworkPresenter, Row, Sorting, columns

_UP, _DOWN = "▲▼"

# In pixels at 96 dots an inch: the names' column, at first and at least, and what is around a text in others.
_NAMES, _FEWEST_OF_NAMES, _AROUND = 280, 110, 20
_LEFT_OUT = ("saved", "use")  # where there is no room for all columns, one after the other


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
            selectmode="extended",
        )
        for column in columns():
            self.list.heading(column.key, anchor="w", command=partial(presenter.sort_by, column.key))
            self.list.column(column.key, stretch=column.key == "name", anchor="w")
        self._names: list[str] = []  # as they are: where there is little room, the list has them shortened
        self._note = self._details = ""
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
            _(
                "A click on a heading sorts, and so do the arrow keys; space turns the order round. Several "
                "that are marked, with Control or Shift held, read as one, by the mean of their answers."
            ),
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
        self.list.bind("<<TreeviewSelect>>", self._on_select)
        self.list.bind("<Double-1>", self._on_double_click)
        self.list.bind("<ButtonRelease-1>", lambda event: self._show_names())  # a column may be wider
        self.list.bind("<Delete>", lambda event: presenter.delete())
        self.list.bind("<F2>", lambda event: presenter.rename())
        self.list.bind("<Shift-Up>", lambda event: self._mark_beside(-1))
        self.list.bind("<Shift-Down>", lambda event: self._mark_beside(1))
        self.list.bind("<Left>", lambda event: self._sort(lambda: presenter.sort_beside(-1)))
        self.list.bind("<Right>", lambda event: self._sort(lambda: presenter.sort_beside(1)))
        self.list.bind("<space>", lambda event: self._sort(presenter.turn_round))
        self.scrolled.least = pixels(self, 500), pixels(self, 220)  # the list scrolls itself
        self.minsize(pixels(self, 420), pixels(self, 300))

    def open(self) -> None:
        self.presenter.begin()
        for key, width in self._widths.items():
            self.list.column(key, width=width)
        self.present()
        # It stays as wide as all columns are, or the screen, whichever of them the list shows.
        self.place_in_sight(self.winfo_reqwidth(), self.winfo_reqheight())
        self.list.bind("<Configure>", lambda event: self._share_out(event.width), add=True)
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
        self._names = [row.name for row in rows]
        self._show_names()
        item = self.list.get_children()[chosen]
        self.list.selection_set(item)
        self.list.focus(item)
        self.list.see(item)

    def enable(self, *, can_be_changed: bool, can_be_opened: bool) -> None:
        for button in (self.rename_button, self.delete_button):
            button.state(["!disabled" if can_be_changed else "disabled"])
        for button in (self.open_button, self.start_button):
            button.state(["!disabled" if can_be_opened else "disabled"])

    def show_note(self, text: str, details: str) -> None:
        """The details are told where the columns that have them are left out."""
        self._note, self._details = text, details
        self._tell()

    def ask(self, title: str, text: str, *, yes: str) -> bool:
        return ask(self, title, text, yes=yes, palette=self.palette)

    def ask_name(self, title: str, text: str, name: str) -> str | None:
        return ask_name(self, title, text, name, yes=_("Rename"), palette=self.palette)

    def ask_folder(self, title: str) -> Path | None:
        folder = filedialog.askdirectory(parent=self, title=title, mustexist=True)
        return Path(folder) if folder else None

    @property
    def _writing(self) -> FontOfSize:
        """The rows' widest."""
        return font_of_size(self, pixels(self, 14), bold=True)

    @property
    def _widths(self) -> dict[str, int]:
        """How wide each column is to be: the heading with its arrow, and all that stands below, have room."""
        heading = font_of_size(self, pixels(self, 12))
        rows = [self.list.item(row, "values") for row in self.list.get_children()]
        widths = {"name": pixels(self, _NAMES)}
        for place, column in enumerate(columns()[1:], start=1):
            texts = (text_width(self, self._writing, str(row[place])) for row in rows)
            longest = max(text_width(self, heading, f" {column.heading} {_DOWN}"), *texts)
            widths[column.key] = longest + pixels(self, _AROUND)
        return widths

    def _share_out(self, room: int) -> None:
        """Leave out what has no room: Tk would have all columns scrolled. The names take what is left."""
        widths = self._widths
        del widths["name"]
        fewest = pixels(self, _FEWEST_OF_NAMES)
        for key in _LEFT_OUT:
            if sum(widths.values()) + fewest > room:
                del widths[key]
        self.list.configure(displaycolumns=["name", *widths])
        for key, width in {"name": max(fewest, room - sum(widths.values())), **widths}.items():
            self.list.column(key, width=width, minwidth=fewest if key == "name" else width)
        self._show_names()
        self._tell()

    def _show_names(self) -> None:
        room = self.list.column("name", "width") - pixels(self, _AROUND)
        for row, name in zip(self.list.get_children(), self._names, strict=True):
            self.list.set(row, "name", shortened(self, self._writing, name, room))

    def _tell(self) -> None:
        is_all_shown = len(self.list["displaycolumns"]) == len(columns())
        self.note.configure(text="\n".join(filter(None, (self._note, "" if is_all_shown else self._details))))

    def _sort(self, sort: Callable[[], None]) -> str:
        sort()
        return "break"  # the list does nothing else with these keys

    def _mark_beside(self, by: int) -> str:
        """Mark the row above or below as well; back again, the last one is left out."""
        rows = self.list.get_children()
        here = rows.index(self.list.focus())
        if 0 <= here + by < len(rows):
            row = rows[here + by]
            if row in self.list.selection():
                self.list.selection_remove(rows[here])
            else:
                self.list.selection_add(row)
            self.list.focus(row)
            self.list.see(row)
        return "break"

    def _on_select(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.selection():
            self.presenter.choose(*map(self.list.index, self.list.selection()))

    def _on_double_click(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.identify_row(event.y):
            self.presenter.open()


def _wrap(note: ttk.Label, event: tk.Event[tk.Misc]) -> None:
    note.configure(wraplength=event.width)
