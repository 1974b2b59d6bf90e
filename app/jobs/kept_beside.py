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
    index = find_digit_index(network, saved, data, tell=tell)
    if index is None:
        index = DigitIndex.build(network, prototypes_at_hand(data))
        _keep(network, saved, INDEX_FILE, _index_key(data), index)
    return index


def find_digit_index(
    network: Network, saved: Path, data: Path, *, tell: Tell = _told_to_nobody
) -> DigitIndex | None:
    """The same where it is kept; None where `digit_index` would have to make it, for seconds."""
    at_hand = sources_at_hand(data)
    return _found(
        network,
        saved,
        INDEX_FILE,
        _index_key(data),
        parse=lambda content: DigitIndex.from_bytes(content, network),
        suits=lambda index: index.prototypes.names != (DRAWN,) or at_hand == (DRAWN,),
        tell=tell,
    )


def digit_map(network: Network, saved: Path, data: Path, *, tell: Tell = _told_to_nobody) -> DigitMap:
    """The map of the digits that the network's own folder keeps an index of; to make it takes half a minute.

    The arguments are those of `digit_index`, which is the one that is mapped where the folder keeps none.
    """
    from engine.explaining.digit_map import MAP_FILE, DigitMap  # SciPy is not loaded before it is needed

    index = _index_in(network, saved) or digit_index(network, saved, data, tell=tell)
    found = _map_of(index, network, saved, tell)
    if found is None:
        found = DigitMap.build(index)
        _keep(network, saved, MAP_FILE, index.sha256.hex(), found)
    return found


def find_digit_map(
    network: Network, saved: Path, data: Path, *, tell: Tell = _told_to_nobody
) -> DigitMap | None:
    """The same where it is kept, and its index; None where `digit_map` would have to make them."""
    index = _index_in(network, saved) or find_digit_index(network, saved, data, tell=tell)
    return None if index is None else _map_of(index, network, saved, tell)


def _map_of(index: DigitIndex, network: Network, saved: Path, tell: Tell) -> DigitMap | None:
    from engine.explaining.digit_map import MAP_FILE, DigitMap

    return _found(
        network,
        saved,
        MAP_FILE,
        index.sha256.hex(),
        parse=lambda content: DigitMap.from_bytes(content, index),
        suits=lambda found: True,
        tell=tell,
    )


def reference(
    network: Network, saved: Path, data: Path, *, seed: int = 0, tell: Tell = _told_to_nobody
) -> Reference:
    """What the network's taught drawings are measured against; the arguments are those of `digit_index`.

    `seed` is that of the drawings of no digit, where it is made now.
    """
    key = f"reference {seed} {sources_at_hand(data)} {data.resolve()}"
    found = _found(
        network,
        saved,
        REFERENCE_FILE,
        key,
        parse=lambda content: Reference.from_bytes(content, network),
        suits=lambda found: True,
        tell=tell,
    )
    if found is None:
        found = reference_at_hand(network, data, seed=seed)
        _keep(network, saved, REFERENCE_FILE, key, found)
    return found


def _index_in(network: Network, saved: Path) -> DigitIndex | None:
    try:
        content = load_attachment(saved, INDEX_FILE)
        return None if content is None else DigitIndex.from_bytes(content, network)
    except SavedNetworkError:  # which is told when it is made anew
        return None


def _index_key(data: Path) -> str:
    return f"{sources_at_hand(data)} {data.resolve()}"


def _found(
    network: Network,
    saved: Path,
    name: str,
    key: str,
    *,
    parse: Callable[[bytes], Item],
    suits: Callable[[Item], bool],
    tell: Tell,
) -> Item | None:
    """What is kept in the network's folder under a name, or in the cache by its key."""
    for read in (partial(load_attachment, saved, name), partial(_read, _cached(network, key, name))):
        try:
            content = read()
            if content is not None and suits(item := parse(content)):
                return item
        except SavedNetworkError as error:
            tell(SavedNetworkError(MADE_ANEW, damage=error))
    return None


def _keep(network: Network, saved: Path, name: str, key: str, item: Kept) -> None:
    """Keep it where `_found` looks, as far as that can be written to."""
    content = item.to_bytes()
    if not is_shipped(saved):
        with suppress(SavedNetworkError):
            attach(network, saved, name, content)
            return
    cached = _cached(network, key, name)
    with suppress(OSError):  # then it is made again the next time
        cached.parent.mkdir(parents=True, exist_ok=True)
        with replacing(cached) as part:
            part.write_bytes(content)


def _cached(network: Network, key: str, name: str) -> Path:
    return explanations_folder() / f"{_fingerprint(network, key)}-{name}"


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
