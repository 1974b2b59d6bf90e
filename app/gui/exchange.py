"""What goes between the window and files, other programs and the clipboard: open, save, copy and paste."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import filedialog

from app.gui import clipboard
from app.gui.network_import import NetworkImport
from app.gui.widgets.menu_bar import MenuBar
from app.language import _, pgettext
from app.messages import Tell
from app.page import page_picture, recent
from app.page.controller import Controller
from app.page.drawing_file import SUFFIX
from app.page.page_files import PageFiles
from app.page.reading import in_a_line
from app.store.settings import PEN_WIDTHS, Settings
from engine.datasets.strokes import SUFFIXES
from engine.storage.export import ENDINGS
from engine.storage.imported import ONNX, is_network_file
from engine.storage.lenet_file import SUFFIX as LENET
from engine.storage.tensor_files import NPZ, SAFETENSORS

_PICTURE_TYPES = "*.png *.jpg *.jpeg *.gif *.bmp *.webp *.tif *.tiff *.heic"

logger = logging.getLogger(__name__)


class Exchange:
    """The window's file dialogs, its list of recent files, and its clipboard.

    Parameters
    ----------
    window, controller, files
        The window, what it asks to let a network read, and to open, save and paste.
    menus : callable
        The menus as they are now: they are made anew with each language.
    settings : callable
        The settings as they are now.
    remember : callable
        Takes the files that were opened last.
    can : callable
        Whether an action, by its name, is possible: its key works even where its entry is grey.
    tell : callable
        Shows a sentence.
    """

    def __init__(
        self,
        window: tk.Tk,
        controller: Controller,
        files: PageFiles,
        *,
        menus: Callable[[], MenuBar],
        settings: Callable[[], Settings],
        remember: Callable[[Sequence[str]], None],
        can: Callable[[str], bool],
        tell: Tell,
    ) -> None:
        self._window, self._controller, self._files = window, controller, files
        self._menus, self._settings, self._remember = menus, settings, remember
        self._can, self._tell = can, tell
        self._import = NetworkImport(window, on_read=self._take_network, tell=tell)

    def open(self) -> None:
        """Let the person choose a file, and open it."""
        path = filedialog.askopenfilename(
            parent=self._window,
            title=_("Open a picture or a drawing"),
            filetypes=[
                (
                    _("Pictures and drawings"),
                    " ".join([_PICTURE_TYPES, *(f"*{suffix}" for suffix in SUFFIXES)]),
                ),
                (_("Networks"), " ".join(f"*{ending}" for ending in ENDINGS)),
                (_("All files"), "*"),
            ],
        )
        if path:
            self.open_path(Path(path))

    def open_path(self, path: Path) -> None:
        """Open a file, and keep it among those that were opened last."""
        if is_network_file(path):
            self._import.begin(path)
        elif self._files.open(path):
            self._remember_file(path)

    def _take_network(self, path: Path, kept: Path) -> None:
        if self._controller.open_network_file(path, kept=kept):
            self._remember_file(path)

    def give_up(self) -> bool:
        """Give up a network that is being read, if one is; tells whether."""
        return self._import.give_up()

    def _open_recent(self, path: str) -> None:
        if Path(path).exists():
            self.open_path(Path(path))
        else:
            self._remember(recent.without(self._settings().recent, path))
            self.show_recent()
            gone = _("{name} is no longer there, and has left the list.").format(name=Path(path).name)
            self._tell(gone, is_error=True)

    def _remember_file(self, path: Path) -> None:
        self._remember(recent.with_latest(self._settings().recent, path))
        self.show_recent()

    def show_recent(self) -> None:
        """Fill the menu of the files that were opened last."""
        paths = self._settings().recent
        entries = [
            (label, partial(self._open_recent, path))
            for label, path in zip(recent.labels(paths), paths, strict=True)
        ]
        self._menus().fill("recent", entries, nothing=_("Nothing yet"))

    def save(self) -> None:
        """Let the person choose a place and a kind of file, and save the drawing there."""
        if not self._can("save"):
            self._tell(_("There is no drawing to save yet."))
            return
        kinds = {
            SUFFIX: _("Drawings"),
            page_picture.PNG: _("Pictures (PNG)"),
            page_picture.SVG: _("Pictures that can be enlarged (SVG)"),
        }
        suffixes = self._files.kinds
        path = filedialog.asksaveasfilename(
            parent=self._window,
            title=_("Save the drawing"),
            initialfile=pgettext("name of a file", "drawing") + suffixes[0],
            defaultextension=suffixes[0],
            filetypes=[(kinds[suffix], f"*{suffix}") for suffix in suffixes],
        )
        is_saved = path and self._files.save(Path(path), PEN_WIDTHS[self._settings().pen])
        if is_saved and Path(path).suffix.lower() != page_picture.SVG:  # which is not opened here
            self._remember_file(Path(path))

    def export_network(self) -> None:
        """Let the person choose a place and a format, and save the network that reads there."""
        kinds = {
            LENET: _("Networks of LeNet Canvas"),
            ONNX: _("Models for other programs (ONNX)"),
            SAFETENSORS: _("Arrays (safetensors)"),
            NPZ: _("Arrays (NumPy)"),
        }
        path = filedialog.asksaveasfilename(
            parent=self._window,
            title=_("Export the network"),
            initialfile=self._controller.reader.folder.resolve().stem + LENET,
            defaultextension=LENET,
            filetypes=[(kind, f"*{ending}") for ending, kind in kinds.items()],
        )
        if path:
            self._controller.export_network(Path(path))

    def copy_answer(self) -> None:
        """As text."""
        answer = self._controller.answer
        if answer:
            clipboard.copy_text(self._window, answer)
            self._tell(_("Copied “{answer}”.").format(answer=in_a_line(answer)))
        else:
            self._tell(_("There is no answer to copy yet."))

    def copy_drawing(self) -> None:
        """As a picture."""
        if not self._can("copy drawing"):
            self._tell(_("There is no drawing to copy yet."))
            return
        try:
            rgba = self._files.rgba(PEN_WIDTHS[self._settings().pen])
            clipboard.copy_picture(rgba, page_picture.SIDE, page_picture.SIDE)
        except clipboard.ClipboardError as error:
            logger.warning("The drawing could not be copied: %s", error)
            self._tell(_("This system’s clipboard takes no pictures."), is_error=True)
        else:
            self._tell(_("Copied the drawing as a picture."))

    def paste(self) -> None:
        """A picture, or what a text names or tells."""
        picture = clipboard.picture(self._window)
        if picture is not None:
            self._files.paste_picture(picture)
        else:
            self.paste_text(clipboard.text(self._window))

    def paste_text(self, text: str) -> None:
        """The name of a file, or strokes; pasted or dropped."""
        path = self._files.paste_text(text)
        if path is not None:
            self.open_path(path)
