"""Network > Open: the networks that ship and the person's own, to open, rename, delete and begin with."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, ttk

from app.dialogs.dialog import Dialog
from app.dialogs.question_dialog import ask, ask_name
from app.networks import KeptNetwork, delete_network, list_networks, list_shipped, rename_network
from app.theme import Palette, pixels

SHIPS = "Ships with LeNet Canvas"


class OpenNetworkDialog(Dialog):
    """A list with a line a network, and what can be done with the one that is chosen.

    Parameters
    ----------
    shipped : Path
        The folder of the network that ships, with others in it; none of them is ever changed.
    place : Path
        Where the person's networks are kept.
    at_start : Path or None
        The one that opens at the start; None is the one that ships.
    on_open : callable
        Takes the folder of the network that is to read.
    on_start : callable
        Takes the folder of the one that is to open at the start, or None.
    on_rename : callable
        Called when a network has another name.
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
        self._shipped, self._place, self._at_start = shipped, place, at_start
        self._on_open, self._on_start, self._on_rename = on_open, on_start, on_rename
        self._networks: dict[str, KeptNetwork] = {}
        gap = pixels(self, 8)
        self.list = ttk.Treeview(
            self.body,
            columns=("name", "accuracy", "saved", "start"),
            show="headings",
            height=8,
            selectmode="browse",
        )
        for column, title, width in (
            ("name", "Name", 230),
            ("accuracy", "Test accuracy", 110),
            ("saved", "Trained", 160),
            ("start", "Opens", 110),
        ):
            self.list.heading(column, text=f" {title}", anchor="w")
            self.list.column(column, width=pixels(self, width), stretch=column == "name", anchor="w")
        scrollbar = ttk.Scrollbar(self.body, command=self.list.yview)
        self.list.configure(yscrollcommand=scrollbar.set)
        self.list.grid(row=0, column=0, sticky="nsew")
        scrollbar.grid(row=0, column=1, sticky="ns")
        self.note = self.add_note(self.body, wraplength=pixels(self, 600))
        self.note.grid(row=1, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        tools = ttk.Frame(self.body)
        tools.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.rename_button = ttk.Button(tools, text="Rename…", command=self._rename)
        self.delete_button = ttk.Button(tools, text="Delete…", command=self._delete)
        self.start_button = ttk.Button(tools, text="Use at the start", command=self._choose_start)
        for button in (self.rename_button, self.delete_button, self.start_button):
            button.pack(side="left", padx=(0, gap))
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.other_button = self.add_button("Other folder…", self._open_other)
        self.open_button = self.add_button("Open", self._open, is_default=True)
        self.list.bind("<<TreeviewSelect>>", lambda event: self._show_what_can_be_done())
        self.list.bind("<Double-1>", self._on_double_click)
        self.list.bind("<Delete>", lambda event: self._delete())
        self.list.bind("<F2>", lambda event: self._rename())
        self._fill()
        self.minsize(pixels(self, 420), pixels(self, 300))
        self.present()
        self.list.focus_set()

    def restyle(self, palette: Palette) -> None:
        self.recolour(palette)

    @property
    def chosen(self) -> KeptNetwork:
        return self._networks[self.list.selection()[0]]

    def _fill(self, chosen: Path | None = None) -> None:
        """List what there is, and choose one of them, the first where none is named."""
        self.list.delete(*self.list.get_children())
        self._networks = {}
        first, *others = list_shipped(self._shipped)
        for network in (first, *others, *list_networks(self._place)):
            is_shipped = network is first or network in others
            name = SHIPS if network is first else network.name
            if network in others:
                name += " (ships, too)"
            accuracy = "–" if network.accuracy is None else f"{100 * network.accuracy:.2f} %"
            day = network.saved.strftime("%Y-%m-%d %H:%M") if network.saved and not is_shipped else ""
            begins = network.folder == self._at_start or (network is first and self._at_start is None)
            item = self.list.insert(
                "",
                "end",
                values=(
                    name,
                    "damaged" if network.problem else accuracy,
                    day,
                    "at the start" if begins else "",
                ),
            )
            self._networks[item] = network
            if network.folder == chosen:
                self.list.selection_set(item)
        if not self.list.selection():
            self.list.selection_set(self.list.get_children()[0])
        (item,) = self.list.selection()
        self.list.focus(item)
        self.list.see(item)
        self._show_what_can_be_done()

    @property
    def _is_own(self) -> bool:
        """Whether the person may change the one that is chosen."""
        return self.chosen.folder.parent == self._place

    def _show_what_can_be_done(self) -> None:
        network = self.chosen
        for button in (self.rename_button, self.delete_button):
            button.state(["!disabled" if self._is_own else "disabled"])
        for button in (self.open_button, self.start_button):
            button.state(["disabled" if network.problem else "!disabled"])
        self.note.configure(text=network.problem or str(network.folder))

    def _open(self) -> None:
        if not self.chosen.problem:
            folder = self.chosen.folder
            self.destroy()
            self._on_open(folder)

    def _on_double_click(self, event: tk.Event[tk.Misc]) -> None:
        if self.list.identify_row(event.y):
            self._open()

    def _open_other(self) -> None:
        folder = filedialog.askdirectory(parent=self, title="Open a network folder", mustexist=True)
        if folder:
            self.destroy()
            self._on_open(Path(folder))

    def _choose_start(self) -> None:
        folder = self.chosen.folder
        start = None if folder == self._shipped else folder
        if self._on_start(start):
            self._at_start = start
        self._fill(folder)

    def _rename(self) -> None:
        network = self.chosen
        if not self._is_own:
            return
        name = ask_name(self, "Rename", "The network's new name:", network.name, palette=self.palette)
        if name is not None:
            rename_network(network.folder, name)
            self._fill(network.folder)
            self._on_rename()

    def _delete(self) -> None:
        network = self.chosen
        if not self._is_own:
            return
        if ask(
            self,
            f"Delete {network.name}?",
            f"“{network.name}” would be deleted from this computer for good.",
            yes="Delete",
            palette=self.palette,
        ):
            delete_network(network.folder, self._place)
            if network.folder == self._at_start:
                self._at_start = None
                self._on_start(None)
            self._fill()
