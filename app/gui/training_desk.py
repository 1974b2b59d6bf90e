"""Network > Retrain in the window: the strip at its foot, the dialog, and the presenter that outlives it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.gui.dialogs.job_watch import JobWatch
from app.gui.dialogs.question_dialog import ask
from app.gui.theme import Palette
from app.gui.widgets.training_strip import TrainingStrip
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.page.digit_sources import DigitSource
from app.page.half_trained import HalfTrained
from app.page.retrain_presenter import present_network
from app.page.strip import Strip
from app.page.training_presenter import TrainingPresenter

if TYPE_CHECKING:
    from app.gui.dialogs.retrain_dialog import RetrainDialog

LOOK_AFTER_MS = 300  # for one that was interrupted: first the window is there


class TrainingDesk:
    """The TrainingPresenter's view: a strip, which is the window's to place, and the dialog.

    Parameters
    ----------
    present, place, on_use, tell, author
        As the TrainingPresenter takes them.
    say : callable
        Takes a sentence on what was done.
    folder : callable
        The data folder to look in first.
    on_folder : callable
        As the SourcePresenter takes it.
    on_half, on_watch
        As the TrainingPresenter takes them.
    is_drawing : callable
        Whether the pen is down in the window: then nothing may hold it up.
    """

    def __init__(
        self,
        window: tk.Tk,
        *,
        palette: Palette,
        present: Callable[[], Path],
        place: Path,
        folder: Callable[[], Path],
        on_folder: Callable[[Path], None],
        on_use: Callable[[Path, bool], None],
        tell: Callable[[str], None],
        say: Callable[[str], None],
        is_drawing: Callable[[], bool],
        author: Callable[[], str],
        on_half: Callable[[HalfTrained | None], None],
        on_watch: Callable[[bool, bool], None],
    ) -> None:
        self._window, self._palette = window, palette
        self._present = present
        self._folder, self._on_folder, self._is_drawing = folder, on_folder, is_drawing
        self._say = say
        self._dialog: RetrainDialog | None = None
        self.presenter = TrainingPresenter(
            self,
            present=present,
            place=place,
            on_use=on_use,
            tell=tell,
            author=author,
            on_half=on_half,
            on_watch=on_watch,
        )
        look = window.after(LOOK_AFTER_MS, self.presenter.look_for_interrupted)
        self._forget(look)

    def _forget(self, timer: str) -> None:
        """Have nothing of it left to do when the window is closed before."""

        def cancel(event: tk.Event[tk.Misc]) -> None:
            if event.widget is self._window:
                self._window.after_cancel(timer)

        self._window.bind("<Destroy>", cancel, add=True)

    def make_strip(self, parent: tk.Misc) -> TrainingStrip:
        """A strip in the language that is spoken, in the place of the one before."""
        self.strip = TrainingStrip(parent, palette=self._palette)
        return self.strip

    def open_page(self, source: DigitSource | None = None) -> None:
        """Show the dialog; while nothing is trained, with this source chosen."""
        # here: matplotlib takes a third of a second
        from app.gui.dialogs.retrain_dialog import RetrainDialog

        if source is not None and self._dialog is not None and self._dialog.is_choosing:
            self._dialog.destroy()  # its list may have been made before the source could be chosen
        if self._dialog is not None and self._dialog.winfo_exists():
            self._dialog.lift()
            self._dialog.focus_set()
            return
        self._dialog = RetrainDialog(
            self._window,
            palette=self._palette,
            training=self.presenter,
            folder=self._folder(),
            on_folder=self._on_folder,
            is_drawing=self._is_drawing,
            present=present_network(self._present()),
        )
        self._dialog.open(source)

    def show_strip(self, strip: Strip | None) -> None:
        self.strip.show(strip)

    def say(self, text: str) -> None:
        self._say(text)

    def watch(
        self,
        job: Job,
        *,
        on_record: Callable[[Record], None],
        on_end: Callable[[], None],
        on_look: Callable[[], None] | None = None,
    ) -> None:
        """Follow a job, and end it with the window."""
        JobWatch(self._window, job, on_record=on_record, on_end=on_end, on_look=on_look)

    def ask(self, title: str, text: str, *, yes: str, no: str) -> bool:
        is_open = self._dialog is not None and self._dialog.winfo_exists()
        over = self._dialog if is_open and self._dialog is not None else self._window
        return ask(over, title, text, yes=yes, no=no, palette=self._palette)

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self.strip.restyle(palette)
