"""What the window begins with: the person's settings, and the network that reads first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app import language
from app.language import _
from app.page.reader import Reader
from app.store.networks import name_of
from app.store.settings import Settings, load_settings
from engine.errors import EngineError


@dataclass(frozen=True)
class Start:
    """`message` is what the person should know of it, if anything."""

    reader: Reader
    settings: Settings
    message: str | None = None


def prepare_start(
    reader: Reader,
    *,
    settings_path: Path,
    load_reader: Callable[[Path], Reader],
    is_default: bool = False,
    own: Path | None = None,
) -> Start:
    """Read the settings, speak the person's language, and choose the network.

    Parameters
    ----------
    reader : Reader
        The network that reads, unless another is chosen.
    settings_path : Path
        Where the settings are kept.
    load_reader : callable
        Network folder -> Reader; raises EngineError or OSError.
    is_default : bool
        Let the network read instead that the person has chosen for the start, if there is one; where it
        cannot be opened, the message says so.
    own : Path, optional
        The network of whoever draws, before the one for the start.
    """
    settings, message = load_settings(settings_path)
    language.speak(settings.language)  # before a word is shown
    if is_default and (own or settings.network):
        folder = own or Path(settings.network or "")
        try:
            reader = load_reader(folder)
        except (EngineError, OSError):
            message = _(
                "{name}, chosen for the start, cannot be opened. The network that ships reads instead."
            ).format(name=name_of(folder))
    return Start(reader, settings, message)
