"""What a text from the clipboard, or a drop on the window, stands for: a file, or a drawing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.page.drawing import Stroke
from app.page.drawing_file import drawing_of
from engine.errors import StrokesError

_LONGEST_NAME = 4096  # of a file; longer ones no system opens


def file_or_drawing(text: str) -> Path | tuple[Stroke, ...] | None:
    """Return the file that a text names, the drawing that it describes, or None where it does neither.

    A file is named by its path or by a file:// URI, a drawing is a line of a stroke file. Of several lines
    the first one counts.
    """
    line = text.lstrip().partition("\n")[0].strip()
    if line.startswith("{"):
        try:
            return drawing_of(line, "The clipboard")
        except StrokesError:
            return None
    if not line or len(line) > _LONGEST_NAME:
        return None
    try:
        path = _path(line)
        return path if path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name that no system takes, or the home of nobody
        return None


def _path(line: str) -> Path:
    uri = urlsplit(line)
    if uri.scheme == "file":
        from urllib.request import url2pathname  # late: it brings all of HTTP and TLS along

        return Path(url2pathname(unquote(uri.path)))
    return Path(line.strip("'\"")).expanduser()
