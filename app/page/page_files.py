"""The page and files: opened, pasted, and saved as strokes or as a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from app.language import _
from app.messages import Tell, errors_told
from app.page import drawing_file, page_picture
from app.page.clipboard import file_or_drawing
from app.page.controller import Controller
from app.page.drawing import Picture
from app.store.settings import PEN_WIDTHS
from engine.datasets.strokes import SUFFIXES
from engine.files.whole_file import replacing, write_text
from engine.storage.saved_network import is_in_one_file


class PageFiles:
    """Puts on the page what files hold, and into files what is on the page.

    Parameters
    ----------
    controller : Controller
        Has the page, and opens networks.
    read_image : callable
        Image file -> picture; raises EngineError or OSError.
    tell : callable
        Shows what was done, and what went wrong.
    """

    def __init__(self, controller: Controller, *, read_image: Callable[[Path], Picture], tell: Tell) -> None:
        self._controller, self._read_image, self._tell = controller, read_image, tell

    def open(self, path: Path) -> bool:
        """Put a stroke file's first drawing, or a picture, on the page; let a network read. Tells whether."""
        with errors_told(self._tell):
            if is_in_one_file(path):
                return self._controller.open_network_file(path)
            if path.suffix.lower() in SUFFIXES:
                self._controller.put_on_page(drawing_file.read_drawing(path))
            else:
                self._controller.put_picture(self._read_image(path))
            self._tell(_("Opened {name}.").format(name=path.name))
            return True
        return False

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the names of files end in that the page can be saved as, the usual one first."""
        pictures = page_picture.PNG, page_picture.SVG
        return (drawing_file.SUFFIX, *pictures) if self._controller.drawing.strokes else pictures

    def save(self, path: Path, pen_width: float = PEN_WIDTHS["medium"]) -> bool:
        """Write the page as what the file's name ends in: strokes, a PNG or an SVG. Tells if it could."""
        strokes, picture = self._controller.drawing.strokes, self._controller.drawing.picture
        with errors_told(self._tell):
            saved = _("Saved {name}.")
            if path.suffix.lower() == page_picture.PNG:
                with replacing(path) as part:
                    part.write_bytes(page_picture.png_of(strokes, picture, pen_width))
            elif path.suffix.lower() == page_picture.SVG:
                write_text(path, page_picture.svg_of(strokes, picture, pen_width))
            elif not strokes:
                no_strokes = _("There are no strokes to save. A picture is saved as a PNG or an SVG.")
                self._tell(no_strokes, is_error=True)
                return False
            else:
                drawing_file.write_drawing(path, strokes)
                if picture:
                    saved = _("Saved {name}, without the picture under it.")
            self._tell(saved.format(name=path.name))
            return True
        return False

    def rgba(self, pen_width: float) -> bytes:
        """The page as pixels, to copy."""
        drawing = self._controller.drawing
        return page_picture.rgba_of(drawing.strokes, drawing.picture, pen_width)

    def paste_text(self, text: str) -> Path | None:
        """Put on the page what a text stands for; a file that it names is returned, not opened."""
        pasted = file_or_drawing(text)
        if isinstance(pasted, Path):
            return pasted
        if pasted is None:
            self._tell(_("There is no picture, no file and no drawing to paste."))
        else:
            self._controller.put_on_page(pasted)
            self._tell(_("Pasted the drawing."))
        return None

    def paste_picture(self, content: bytes) -> None:
        """Put a picture on the page, given as a file would hold it."""
        with errors_told(self._tell), TemporaryDirectory() as folder:
            path = Path(folder) / "clipboard.png"  # by whatever name, it is told apart by what is in it
            path.write_bytes(content)
            self._controller.put_picture(self._read_image(path))
            self._tell(_("Pasted the picture."))
