"""Network > Open without a window: the networks that there are, and what can be done with each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from app.data.sources import NOT_DIGITS
from app.language import _, decimal, ngettext, pgettext
from app.messages import for_window
from app.page.scores import scores_of
from app.store.networks import (
    KeptNetwork,
    delete_network,
    keep_committee,
    list_networks,
    list_shipped,
    name_of,
    rename_network,
)
from engine.errors import EngineError

SETS = ("mnist", "pendigits", "synthetic", NOT_DIGITS)  # those that have a column


@dataclass(frozen=True)
class Column:
    """A column of the list, and what stands over it."""

    key: str
    heading: str


@dataclass(frozen=True)
class Row:
    """A network as the list shows it; a text for each of SETS."""

    name: str
    scores: tuple[str, ...]
    saved: str
    use: str
    reads: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """One for each column."""
        return (self.name, *self.scores, self.use, self.saved)


@dataclass(frozen=True)
class Sorting:
    """What the list is sorted by; without a column the networks that ship come first, then the newest."""

    column: str | None = None
    is_upward: bool = False


def columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Name")),
        Column("mnist", _("MNIST")),
        Column("pendigits", _("Pen digits")),
        Column("synthetic", _("Drawings")),
        Column(NOT_DIGITS, _("Non-digits")),
        Column("use", _("Reads")),
        Column("saved", _("Trained")),
    )


class OpenNetworkView(Protocol):
    def show_rows(self, rows: Sequence[Row], chosen: int, sorting: Sorting) -> None: ...
    def enable(self, *, can_be_changed: bool, can_be_opened: bool) -> None: ...
    def show_note(self, text: str, details: str) -> None:
        """What is known of the chosen network, and what the last columns of the list have of it."""

    def ask(self, title: str, text: str, *, yes: str) -> bool: ...
    def ask_name(self, title: str, text: str, name: str) -> str | None: ...
    def ask_folder(self, title: str) -> Path | None: ...
    def leave(self) -> None:
        """The dialog is of no more use."""


class OpenNetworkPresenter:
    """Keeps the list, and what is chosen in it: a network, or several that are to read as a committee.

    Parameters
    ----------
    shipped : Path
        The folder of the network that ships, with others in it; none of them is ever changed.
    place : Path
        Where the person's networks are kept.
    at_start : Path or None
        The one that opens at the start; None is the one that ships.
    reads : Path
        The one that reads now.
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
        reads: Path,
        on_open: Callable[[Path], object],
        on_start: Callable[[Path | None], bool],
        on_rename: Callable[[], None],
    ) -> None:
        self._view = view
        self._shipped, self._place, self._at_start = shipped, place, at_start
        self._reads = reads.resolve()
        self._on_open, self._on_start, self._on_rename = on_open, on_start, on_rename
        self._networks: list[KeptNetwork] = []
        self._ships: set[Path] = set()
        self._chosen: Sequence[int] = (0,)
        self._sorting = Sorting()

    @property
    def chosen(self) -> KeptNetwork:
        """The one that is chosen, of several the first."""
        return self._networks[self._chosen[0]]

    @property
    def can_be_changed(self) -> bool:
        """Whether one is chosen, and is the person's own."""
        return len(self._chosen) == 1 and self.chosen.folder.parent == self._place

    @property
    def can_be_opened(self) -> bool:
        return not self._problem

    @property
    def _problem(self) -> str:
        """Why what is chosen cannot be opened; empty if it can."""
        chosen = [self._networks[number] for number in self._chosen]
        if problem := next(filter(None, (network.problem for network in chosen)), ""):
            return problem
        nested = [network.name for network in chosen if network.facts and network.facts.members]
        if nested and len(chosen) > 1:
            return _("{name} is a committee itself. Mark its networks in its place.").format(name=nested[0])
        return ""

    def begin(self) -> None:
        self._list()

    def choose(self, *numbers: int) -> None:
        """The person has chosen this row, or these."""
        self._chosen = numbers
        self._view.enable(can_be_changed=self.can_be_changed, can_be_opened=self.can_be_opened)
        if len(numbers) == 1:
            self._view.show_note(self._problem or str(self.chosen.folder), self._details(self.chosen))
        else:
            self._view.show_note(self._problem or self._together, "")

    def sort_by(self, column: str) -> None:
        """Sort by a column, what is best or newest first; by the same one again: the other way round."""
        if column == self._sorting.column:
            self.turn_round()
        else:
            self._sort(Sorting(column, is_upward=column == "name"))

    def sort_beside(self, by: int) -> None:
        """Sort by the column to the right of the one that it is sorted by, 1, or to the left, -1."""
        keys = [column.key for column in columns()]
        if self._sorting.column is None:
            self.sort_by(keys[0])
            return
        place = keys.index(self._sorting.column) + by
        if 0 <= place < len(keys):
            self.sort_by(keys[place])

    def turn_round(self) -> None:
        """Sort the other way round."""
        if self._sorting.column is not None:
            self._sort(replace(self._sorting, is_upward=not self._sorting.is_upward))

    def open(self) -> None:
        if self.can_be_opened and (folder := self._folder_chosen()) is not None:
            self._leave_with(folder)

    def open_other(self) -> None:
        folder = self._view.ask_folder(_("Open a network folder"))
        if folder is not None:
            self._leave_with(folder)

    def choose_start(self) -> None:
        """Let the chosen one open at the start."""
        if not self.can_be_opened or (folder := self._folder_chosen()) is None:
            return
        start = None if folder == self._shipped else folder
        if self._on_start(start):
            self._at_start = start
        self._list(folder)

    def rename(self) -> None:
        if not self.can_be_changed:  # F2 works also where the button is grey
            return
        network = self.chosen
        name = self._view.ask_name(_("Rename"), _("The network's new name:"), network.name)
        if name is not None:
            rename_network(network.folder, name)
            self._list(network.folder)
            self._on_rename()

    def delete(self) -> None:
        if not self.can_be_changed:
            return
        network = self.chosen
        if self._view.ask(
            _("Delete {name}?").format(name=network.name),
            _("“{name}” would be deleted from this computer for good.").format(name=network.name),
            yes=pgettext("button", "Delete"),
        ):
            delete_network(network.folder, self._place)
            if network.folder == self._at_start:
                self._at_start = None
                self._on_start(None)
            self._list()

    @property
    def _together(self) -> str:
        """What several are, in a sentence."""
        names = [self._networks[number].name for number in self._chosen]
        return ngettext(
            "{count} network would read as a committee, by the mean of its answers: {names}.",
            "{count} networks would read as a committee, by the mean of their answers: {names}.",
            len(names),
        ).format(count=decimal(len(names)), names=", ".join(names))

    def _folder_chosen(self) -> Path | None:
        """That of the chosen one; several become a committee first. None if that fails, which is told."""
        if len(self._chosen) == 1:
            return self.chosen.folder
        try:
            return keep_committee([self._networks[number].folder for number in self._chosen], self._place)
        except (EngineError, OSError) as error:
            self._view.show_note(for_window(error), "")
            return None

    def _leave_with(self, folder: Path) -> None:
        self._view.leave()
        self._on_open(folder)

    def _sort(self, sorting: Sorting) -> None:
        self._sorting = sorting
        self._list(self.chosen.folder)

    def _list(self, chosen: Path | None = None) -> None:
        """List what there is, and choose one of them, the first that ships where none is named."""
        shipped = list_shipped(self._shipped)
        self._networks = _sorted([*shipped, *list_networks(self._place)], self._sorting, self._use)
        folders = [network.folder for network in self._networks]
        place = folders.index(chosen if chosen in folders else self._shipped)
        self._ships = {network.folder for network in shipped}
        rows = [self._row(network) for network in self._networks]
        self._view.show_rows(rows, place, self._sorting)
        self.choose(place)

    def _row(self, network: KeptNetwork) -> Row:
        scores = {} if network.facts is None else scores_of(network.facts)
        return Row(
            name=name_of(network.folder),
            scores=tuple(_percent(scores.get(name)) for name in SETS),
            saved=self._saved(network),
            use=self._use_in_words(network),
            reads=self._use(network)[0],
        )

    def _saved(self, network: KeptNetwork) -> str:
        if network.folder in self._ships:
            return _("ships with it")
        return network.saved.strftime("%Y-%m-%d %H:%M") if network.saved else ""

    def _details(self, network: KeptNetwork) -> str:
        saved, use = self._saved(network), "" if network.problem else self._use_in_words(network)
        told = (
            saved and _("Trained: {when}").format(when=saved),
            use and _("Reads: {when}").format(when=use),
        )
        return " · ".join(filter(None, told))

    def _use(self, network: KeptNetwork) -> tuple[bool, bool]:
        """Whether it reads now, and whether it will at the start."""
        begins = network.folder == (self._at_start or self._shipped)
        return network.folder.resolve() == self._reads, begins

    def _use_in_words(self, network: KeptNetwork) -> str:
        if network.problem:
            return _("damaged")
        match self._use(network):
            case True, True:
                return _("now, and at the start")
            case True, False:
                return _("now")
            case False, True:
                return _("at the start")
        return ""


def _sorted(
    networks: list[KeptNetwork], sorting: Sorting, use: Callable[[KeptNetwork], tuple[bool, bool]]
) -> list[KeptNetwork]:
    """In the order of a column; those that it tells nothing of come last, either way round."""

    def key(network: KeptNetwork) -> Any:
        match sorting.column:
            case "name":
                return network.name.casefold()
            case "saved":
                return network.saved
            case "use":
                return use(network)
        return None if network.facts is None else scores_of(network.facts).get(str(sorting.column))

    if sorting.column is None:
        return networks
    told = [network for network in networks if key(network) is not None]
    untold = [network for network in networks if key(network) is None]
    return sorted(told, key=key, reverse=not sorting.is_upward) + untold


def _percent(share: float | None) -> str:
    return "–" if share is None else _("{percent} %").format(percent=decimal(100 * share, 2))
