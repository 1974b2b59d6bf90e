"""Which digits to train or measure on: found on this computer, downloaded, or in a folder that is shown."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog, ttk

from app.gui.dialogs.job_watch import JobWatch
from app.gui.theme import Palette, pixels
from app.jobs.downloading import DOWNLOAD_BYTES
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.language import _, decimal
from app.page.digit_sources import DigitSource
from app.page.source_presenter import SourcePresenter, SourceState

# Characters that the list asks for: a small screen has no room for more, a larger one gives it.
MOST_WIDTH = 24


class SourceChooser(ttk.Frame):
    """A list of sources, and for the chosen one whether it is here and how it could be got.

    All it takes but the palette is the SourcePresenter's.
    """

    def __init__(
        self,
        parent: tk.Misc,
        sources: Sequence[DigitSource],
        folder: Path,
        *,
        palette: Palette,
        on_folder: Callable[[Path], None],
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self.presenter = SourcePresenter(self, sources, folder, on_folder=on_folder, on_change=on_change)
        self._palette, self._sources = palette, list(sources)
        gap = pixels(self, 8)
        titles = [_(source.title) for source in sources]
        width = min(MOST_WIDTH, max(map(len, titles)) + 1)
        self.list = ttk.Combobox(self, state="readonly", values=titles, width=width)
        self.list.current(0)
        self.list.bind("<<ComboboxSelected>>", lambda event: self.presenter.choose(self.list.current()))
        self.download_button = ttk.Button(
            self,
            text=_("Download ({size} MB)").format(size=decimal(DOWNLOAD_BYTES / 1e6)),
            command=self._download,
        )
        self.folder_button = ttk.Button(self, text=_("Choose folder…"), command=self.presenter.choose_folder)
        self.cancel_button = ttk.Button(self, text=_("Cancel download"), command=self.presenter.cancel)
        self.progress = ttk.Progressbar(self, maximum=1.0)
        self.note = ttk.Label(self, justify="left")
        self.wrap_at(pixels(self, 440))
        self.list.grid(row=0, column=0, sticky="ew")
        self.folder_button.grid(row=0, column=1, padx=(gap, 0))
        self.note.grid(row=1, column=0, columnspan=2, sticky="w", pady=(gap / 2, 0))
        # Below the others, for a small screen has no room for all of them in a row.
        self.download_button.grid(row=2, column=0, sticky="w", pady=(gap, 0))
        self.progress.grid(row=2, column=0, sticky="ew", pady=(gap, 0))
        self.cancel_button.grid(row=2, column=1, sticky="e", padx=(gap, 0), pady=(gap, 0))
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", self._wrap_note)
        self.show(self.presenter.state)

    def choose(self, source: DigitSource) -> None:
        """Choose one of the sources, as the person could; nothing where its digits are gone."""
        if source not in self._sources:
            return
        place = self._sources.index(source)
        self.list.current(place)
        self.presenter.choose(place)

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self.show(self.presenter.state)

    def show(self, state: SourceState) -> None:
        _show_if(self.download_button, state.can_be_downloaded)
        _show_if(self.folder_button, state.needs_folder)
        _show_if(self.cancel_button, state.is_coming)
        _show_if(self.progress, state.is_coming)
        for widget in (self.list, self.folder_button):
            widget.state(["disabled" if state.is_coming else "!disabled"])
        self.note.configure(
            text=state.text, foreground=self._palette.error if state.is_error else self._palette.muted
        )

    def wrap_at(self, width: int) -> None:
        """Break the note at this width, or at the chooser's where its dialog has made it broader."""
        self._narrowest = width
        self.note.configure(wraplength=width)

    def _wrap_note(self, event: tk.Event[tk.Misc]) -> None:
        self.note.configure(wraplength=max(self._narrowest, event.width))

    def show_progress(self, share: float) -> None:
        self.progress.configure(value=share)

    def ask_folder(self, title: str) -> Path | None:
        chosen = filedialog.askdirectory(parent=self, title=title, mustexist=True)
        return Path(chosen) if chosen else None

    def watch(self, job: Job, *, on_record: Callable[[Record], None], on_end: Callable[[], None]) -> None:
        JobWatch(self, job, on_record=on_record, on_end=on_end)

    def _download(self) -> None:
        self.presenter.download()
        self.cancel_button.focus_set()


def _show_if(widget: tk.Widget, is_shown: bool) -> None:
    if is_shown:
        widget.grid()
    else:
        widget.grid_remove()
