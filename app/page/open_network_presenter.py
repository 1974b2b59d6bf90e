"""Network > Open without a window: the networks that there are, and what can be done with each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.store.networks import (
    KeptNetwork,
    delete_network,
    list_networks,
    list_shipped,
    rename_network,
    title_of,
)


@dataclass(frozen=True)
class Row:
    """A network as the list shows it."""

    name: str
    accuracy: str
    saved: str
    start: str


class OpenNetworkView(Protocol):
    def show_rows(self, rows: Sequence[Row], chosen: int) -> None: ...
    def enable(self, *, can_be_changed: bool, can_be_opened: bool) -> None: ...
    def show_note(self, text: str) -> None: ...
    def ask(self, title: str, text: str, *, yes: str) -> bool: ...
    def ask_name(self, title: str, text: str, name: str) -> str | None: ...
    def ask_folder(self, title: str) -> Path | None: ...
    def leave(self) -> None:
        """The dialog is of no more use."""


class OpenNetworkPresenter:
    """Keeps the list, and the one that is chosen in it.

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
        Takes the folder of the one that is to open at the start, or None; tells whether it will.
    on_rename : callable
        Called when a network has another name.
    """

    def __init__(
        self,
        view: OpenNetworkView,
        *,
        shipped: Path,
        place: Path,
        at_start: Path | None,
        on_open: Callable[[Path], object],
        on_start: Callable[[Path | None], bool],
        on_rename: Callable[[], None],
    ) -> None:
        self._view = view
        self._shipped, self._place, self._at_start = shipped, place, at_start
        self._on_open, self._on_start, self._on_rename = on_open, on_start, on_rename
        self._networks: list[KeptNetwork] = []
        self._chosen = 0

    @property
    def chosen(self) -> KeptNetwork:
        return self._networks[self._chosen]

    @property
    def can_be_changed(self) -> bool:
        """Whether the one that is chosen is the person's own."""
        return self.chosen.folder.parent == self._place

    @property
    def can_be_opened(self) -> bool:
        return not self.chosen.problem

    def begin(self) -> None:
        self._list()

    def choose(self, number: int) -> None:
        """The person has chosen this row."""
        self._chosen = number
        self._view.enable(can_be_changed=self.can_be_changed, can_be_opened=self.can_be_opened)
        self._view.show_note(self.chosen.problem or str(self.chosen.folder))

    def open(self) -> None:
        if self.can_be_opened:
            self._leave_with(self.chosen.folder)

    def open_other(self) -> None:
        folder = self._view.ask_folder("Open a network folder")
        if folder is not None:
            self._leave_with(folder)

    def choose_start(self) -> None:
        """Let the chosen one open at the start."""
        if not self.can_be_opened:
            return
        folder = self.chosen.folder
        start = None if folder == self._shipped else folder
        if self._on_start(start):
            self._at_start = start
        self._list(folder)

    def rename(self) -> None:
        if not self.can_be_changed:  # F2 works also where the button is grey
            return
        network = self.chosen
        name = self._view.ask_name("Rename", "The network's new name:", network.name)
        if name is not None:
            rename_network(network.folder, name)
            self._list(network.folder)
            self._on_rename()

    def delete(self) -> None:
        if not self.can_be_changed:
            return
        network = self.chosen
        if self._view.ask(
            f"Delete {network.name}?",
            f"“{network.name}” would be deleted from this computer for good.",
            yes="Delete",
        ):
            delete_network(network.folder, self._place)
            if network.folder == self._at_start:
                self._at_start = None
                self._on_start(None)
            self._list()

    def _leave_with(self, folder: Path) -> None:
        self._view.leave()
        self._on_open(folder)

    def _list(self, chosen: Path | None = None) -> None:
        """List what there is, and choose one of them, the first where none is named."""
        shipped = list_shipped(self._shipped)
        self._networks = [*shipped, *list_networks(self._place)]
        folders = [network.folder for network in self._networks]
        place = folders.index(chosen) if chosen in folders else 0
        rows = [
            self._row(network, is_first=number == 0, is_shipped=number < len(shipped))
            for number, network in enumerate(self._networks)
        ]
        self._view.show_rows(rows, place)
        self.choose(place)

    def _row(self, network: KeptNetwork, *, is_first: bool, is_shipped: bool) -> Row:
        accuracy = "–" if network.accuracy is None else f"{100 * network.accuracy:.2f} %"
        begins = network.folder == self._at_start or (is_first and self._at_start is None)
        return Row(
            name=title_of(network.folder),
            accuracy="damaged" if network.problem else accuracy,
            saved=network.saved.strftime("%Y-%m-%d %H:%M") if network.saved and not is_shipped else "",
            start="at the start" if begins else "",
        )
