"""Network > Open: the networks that ship and the person's own, to open, rename, delete and begin with.

What can be done with each is the OpenNetworkPresenter's.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog, ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.question_dialog import ask, ask_name
from app.gui.theme import Palette, pixels
from app.page.open_network_presenter import OpenNetworkPresenter, Row


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
        on_open: Callable[[Path], object],
        on_start: Callable[[Path | None], bool],
        on_rename: Callable[[], None],
    ) -> None:
        super().__init__(parent, "Open a network", palette=palette)
        presenter = self.presenter = OpenNetworkPresenter(
            self,
            shipped=shipped,
            place=place,
            at_start=at_start,
            on_open=on_open,
            on_start=on_start,
            on_rename=on_rename,
        )
        gap = pixels(self, 8)
        self.list = ttk.Treeview(
            self.body,
            columns=("name", "accuracy", "saved", "start"),
            show="headings",
            height=8,
            selectmode="browse",
        )
        for column, title, width in (
            ("name", "Name", 260),
            ("accuracy", "Test accuracy", 100),
            ("saved", "Trained", 130),
            ("start", "Opens", 95),
        ):
            self.list.heading(column, text=f" {title}", anchor="w")
            self.list.column(column, width=pixels(self, width), stretch=column == "name", anchor="w")
        scrollbar = ttk.Scrollbar(self.body, command=self.list.yview)
        self.list.configure(yscrollcommand=scrollbar.set)
        self.list.grid(row=0, column=0, sticky="nsew")
        scrollbar.grid(row=0, column=1, sticky="ns")
        self.note = self.add_note(self.body, wraplength=pixels(self, 500))
        self.note.grid(row=1, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        tools = ttk.Frame(self.body)
        tools.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.rename_button = ttk.Button(tools, text="Rename…", command=presenter.rename)
        self.delete_button = ttk.Button(tools, text="Delete…", command=presenter.delete)
        self.start_button = ttk.Button(tools, text="Use at the start", command=presenter.choose_start)
        for button in (self.rename_button, self.delete_button, self.start_button):
            button.pack(side="left", padx=(0, gap))
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.other_button = self.add_button("Other folder…", presenter.open_other)
        self.open_button = self.add_button("Open", presenter.open, is_default=True)
        self.list.bind("<<TreeviewSelect>>", self._on_select)
        self.list.bind("<Double-1>", self._on_double_click)
        self.list.bind("<Delete>", lambda event: presenter.delete())
        self.list.bind("<F2>", lambda event: presenter.rename())
        self.scrolled.least = pixels(self, 500), pixels(self, 220)  # the list scrolls itself
        self.minsize(pixels(self, 420), pixels(self, 300))

    def open(self) -> None:
        self.presenter.begin()
        self.present()
        self.list.focus_set()

    def restyle(self, palette: Palette) -> None:
        self.recolour(palette)

    def leave(self) -> None:
        self.destroy()

    def show_rows(self, rows: Sequence[Row], chosen: int) -> None:
        self.list.delete(*self.list.get_children())
        for row in rows:
            self.list.insert("", "end", values=(row.name, row.accuracy, row.saved, row.start))
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
        return ask_name(self, title, text, name, palette=self.palette)

    def ask_folder(self, title: str) -> Path | None:
        folder = filedialog.askdirectory(parent=self, title=title, mustexist=True)
        return Path(folder) if folder else None

    def _on_select(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.selection():
            self.presenter.choose(self.list.index(self.list.selection()[0]))

    def _on_double_click(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.identify_row(event.y):
            self.presenter.open()
