"""What explains a network, or lets it be taught: made once, and kept in its folder, else in the cache.

A network that ships, one of another project and one in a closed folder keep theirs in the cache. What is
damaged there or here is told, and made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.data.folder import explanations_folder
from app.jobs.prototypes import DRAWN, prototypes_at_hand, sources_at_hand
from app.jobs.references import reference_at_hand
from app.language import N_
from app.store.networks import is_shipped
from engine import Network
from engine.errors import SavedNetworkError
from engine.explaining.neighbours import INDEX_FILE, DigitIndex
from engine.files.bounded_files import read_bytes
from engine.files.whole_file import replacing
from engine.reading.memory import REFERENCE_FILE, Reference
from engine.storage.saved_network import attach, load_attachment

if TYPE_CHECKING:
    from engine.explaining.digit_map import DigitMap

MADE_ANEW = N_("{damage} It is made anew.")
MOST_BYTES = 2**23  # of a file in the cache: twice what an index has


class Kept(Protocol):
    """What can be kept."""

    def to_bytes(self) -> bytes: ...


Item = TypeVar("Item", bound=Kept)
Tell = Callable[[SavedNetworkError], None]


def _told_to_nobody(damage: SavedNetworkError) -> None:
    pass


def digit_index(network: Network, saved: Path, data: Path, *, tell: Tell = _told_to_nobody) -> DigitIndex:
    """The index of the digits that a network's drawings are compared with, of what people wrote if possible.

    Parameters
    ----------
    saved : Path
        The network's folder.
    data : Path
        Where the data sets are. An index of digits that the program drew gives way to one of theirs.
    tell : callable, optional
        Is told what is damaged of what was kept, which is made anew.
    """
    at_hand = sources_at_hand(data)
    return _kept(
        network,
        saved,
        INDEX_FILE,
        f"{at_hand} {data.resolve()}",
        parse=lambda content: DigitIndex.from_bytes(content, network),
        suits=lambda index: index.prototypes.names != (DRAWN,) or at_hand == (DRAWN,),
        make=lambda: DigitIndex.build(network, prototypes_at_hand(data)),
        tell=tell,
    )


def digit_map(network: Network, saved: Path, data: Path, *, tell: Tell = _told_to_nobody) -> DigitMap:
    """The map of the digits that the network's own folder keeps an index of; to make it takes half a minute.

    The arguments are those of `digit_index`, which is the one that is mapped where the folder keeps none.
    """
    from engine.explaining.digit_map import MAP_FILE, DigitMap  # SciPy is not loaded before it is needed

    index = _index_in(network, saved) or digit_index(network, saved, data, tell=tell)
    return _kept(
        network,
        saved,
        MAP_FILE,
        index.sha256.hex(),
        parse=lambda content: DigitMap.from_bytes(content, index),
        suits=lambda found: True,
        make=lambda: DigitMap.build(index),
        tell=tell,
    )


def reference(
    network: Network, saved: Path, data: Path, *, seed: int = 0, tell: Tell = _told_to_nobody
) -> Reference:
    """What the network's taught drawings are measured against; the arguments are those of `digit_index`.

    `seed` is that of the drawings of no digit, where it is made now.
    """
    return _kept(
        network,
        saved,
        REFERENCE_FILE,
        f"reference {seed} {sources_at_hand(data)} {data.resolve()}",
        parse=lambda content: Reference.from_bytes(content, network),
        suits=lambda found: True,
        make=lambda: reference_at_hand(network, data, seed=seed),
        tell=tell,
    )


def _index_in(network: Network, saved: Path) -> DigitIndex | None:
    try:
        content = load_attachment(saved, INDEX_FILE)
        return None if content is None else DigitIndex.from_bytes(content, network)
    except SavedNetworkError:  # which is told when it is made anew
        return None


def _kept(
    network: Network,
    saved: Path,
    name: str,
    key: str,
    *,
    parse: Callable[[bytes], Item],
    suits: Callable[[Item], bool],
    make: Callable[[], Item],
    tell: Tell,
) -> Item:
    """What is kept in the network's folder under a name, or in the cache by its key; else made, and kept."""
    cached = explanations_folder() / f"{_fingerprint(network, key)}-{name}"
    for read in (partial(load_attachment, saved, name), partial(_read, cached)):
        try:
            content = read()
            if content is not None and suits(item := parse(content)):
                return item
        except SavedNetworkError as error:
            tell(SavedNetworkError(MADE_ANEW, damage=error))
    item = make()
    content = item.to_bytes()
    if not is_shipped(saved):
        with suppress(SavedNetworkError):
            attach(network, saved, name, content)
            return item
    with suppress(OSError):  # then it is made again the next time
        cached.parent.mkdir(parents=True, exist_ok=True)
        with replacing(cached) as part:
            part.write_bytes(content)
    return item


def _read(cached: Path) -> bytes | None:
    try:
        return read_bytes(cached, MOST_BYTES)
    except OSError:
        return None


def _fingerprint(network: Network, key: str) -> str:
    """What tells a network and what was asked of it from all others."""
    digest = hashlib.sha256(f"{network.architecture} {key}".encode())
    for name, value in sorted(network.state().items()):
        digest.update(name.encode())
        digest.update(value.tobytes())
    return digest.hexdigest()[:32]
