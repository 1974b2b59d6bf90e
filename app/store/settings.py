"""What the window remembers from one start to the next: its size, looks, language, network and data.

A settings file can cost nobody the program: a damaged one is set aside, a single value that
makes no sense falls back to its default, and both end in a sentence for the person.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from app.language import _
from engine.files.bounded_files import open_file, read_at_most
from engine.files.whole_file import write_text

ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200, 250, 300)  # percent
THEMES = ("system", "light", "dark")

# Width of the pen on the canvas, as a fraction of the page.
PEN_WIDTHS: Mapping[str, float] = {"thin": 0.03, "medium": 0.05, "thick": 0.08, "very thick": 0.12}
PEN_COLOURS = ("ink", "blue", "red", "green", "violet")  # "ink": as light or dark as writing is

MOST_RECENT = 8  # files

_MAX_PIXELS = 20_000  # wider than any desktop; more is a mistake in the file
_MAX_PATH = 4_096  # bytes; longer ones are no path that a system opens
_MAX_FILE = 2**20  # bytes; the program writes some hundred


@dataclass(frozen=True)
class Settings:
    """The remembered values; `width` and `height` are None until a window was closed.

    They are those of a window that does not fill the screen.
    """

    width: int | None = None
    height: int | None = None
    is_maximised: bool = False
    theme: str = "system"
    pen: str = "medium"
    pen_colour: str = "ink"
    zoom: int = 100  # percent; one of ZOOMS
    right_erases: bool = False  # the right button; without that it opens a menu
    collects: bool = False  # keeps each drawing when it is cleared
    language: str | None = None  # its code; None: as the system has it
    network: str | None = None  # the folder of the one that opens at the start; None: the one that ships
    data: str | None = None  # the folder of the data sets; None: the one that the command line looks in
    recent: tuple[str, ...] = ()  # files, the latest first
    is_inside_open: bool = False  # the panel that looks into the network
    is_inside_apart: bool = False  # in a window of its own
    inside_width: int | None = None


def load_settings(path: Path) -> tuple[Settings, str | None]:
    """Read the settings.

    Returns
    -------
    settings, message
        The defaults where there is no file. The message says what was wrong, or is None.
    """
    try:
        with open_file(path) as file:
            content = read_at_most(file, _MAX_FILE + 1)
        if len(content) > _MAX_FILE:
            raise ValueError("too large for settings")
        values = json.loads(content.decode())
        if not isinstance(values, dict):
            raise ValueError("not a JSON object")
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), _("The settings could not be read: {reason}. Using the defaults.").format(
            reason=error.strerror
        )
    except (ValueError, RecursionError):
        return Settings(), _set_aside(path)
    return _checked(values), None


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings, making the folder where it is missing; OSError where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(asdict(settings), indent=2) + "\n")


def _checked(values: dict[str, object]) -> Settings:
    default = Settings()
    theme, pen, zoom = values.get("theme"), values.get("pen"), values.get("zoom")
    colour = values.get("pen_colour")
    return Settings(
        width=_pixels(values.get("width")),
        height=_pixels(values.get("height")),
        is_maximised=values.get("is_maximised") is True,
        theme=theme if isinstance(theme, str) and theme in THEMES else default.theme,
        pen=pen if isinstance(pen, str) and pen in PEN_WIDTHS else default.pen,
        pen_colour=colour if isinstance(colour, str) and colour in PEN_COLOURS else default.pen_colour,
        right_erases=values.get("right_erases") is True,
        collects=values.get("collects") is True,
        zoom=zoom if type(zoom) is int and zoom in ZOOMS else default.zoom,
        language=_language(values.get("language")),
        network=_path(values.get("network")),
        data=_path(values.get("data")),
        recent=_paths(values.get("recent")),
        is_inside_open=values.get("is_inside_open") is True,
        is_inside_apart=values.get("is_inside_apart") is True,
        inside_width=_pixels(values.get("inside_width")),
    )


def _pixels(value: object) -> int | None:
    # type() and not isinstance(): true is an int to Python.
    return value if type(value) is int and 0 < value <= _MAX_PIXELS else None


def _language(value: object) -> str | None:
    """A code, "it"; whether there is a translation is seen when it is to be spoken."""
    return value if isinstance(value, str) and 0 < len(value) < 20 and value.isidentifier() else None


def _path(value: object) -> str | None:
    """What some system might open; whether it is there is seen when it is opened."""
    if not isinstance(value, str):
        return None
    try:
        encoded = os.fsencode(value)
    except UnicodeEncodeError:  # half of a surrogate pair
        return None
    return value if 0 < len(encoded) <= _MAX_PATH and b"\0" not in encoded else None


def _paths(values: object) -> tuple[str, ...]:
    paths = map(_path, values) if isinstance(values, list) else ()
    return tuple(path for path in paths if path is not None)[:MOST_RECENT]


def _set_aside(path: Path) -> str:
    aside = path.with_name("settings.damaged.json")
    try:
        path.replace(aside)
    except OSError:
        return _("The settings file is damaged. Using the defaults.")
    return _("The settings file was damaged. It is kept as {name}; using the defaults.").format(
        name=aside.name
    )
