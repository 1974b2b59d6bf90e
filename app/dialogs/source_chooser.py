"""Which digits to train or measure on: found on this computer, downloaded, or in a folder that is shown."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog, ttk

from app.dialogs.job_watch import JobWatch
from app.digit_sources import DOWNLOAD_BYTES, DigitSource, download
from app.job_protocol import Record
from app.job_records import Progress
from app.jobs import Job
from app.theme import Palette, pixels


class SourceChooser(ttk.Frame):
    """A list of sources, and for the chosen one whether it is here and how it could be got.

    Parameters
    ----------
    folder : Path
        The data folder to look in first.
    on_folder : callable
        Called with another data folder that the person has chosen.
    on_change : callable
        Called when `is_ready` may have changed.
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
        self.folder = folder
        self.source = sources[0]
        self._sources = sources
        self._palette = palette
        self._on_folder = on_folder
        self._on_change = on_change
        self._watch: JobWatch | None = None
        self._error = ""
        gap = pixels(self, 8)
        self.list = ttk.Combobox(self, state="readonly", values=[source.title for source in sources])
        self.list.current(0)
        self.list.bind("<<ComboboxSelected>>", lambda event: self._choose())
        self.download_button = ttk.Button(
            self, text=f"Download ({DOWNLOAD_BYTES / 1e6:.0f} MB)", command=self._download
        )
        self.folder_button = ttk.Button(self, text="Choose folder…", command=self._choose_folder)
        self.cancel_button = ttk.Button(self, text="Cancel download", command=self._cancel)
        self.progress = ttk.Progressbar(self, maximum=1.0)
        self.note = ttk.Label(self, wraplength=pixels(self, 440), justify="left")
        self.list.grid(row=0, column=0, sticky="ew")
        self.download_button.grid(row=0, column=1, padx=(gap, 0))
        self.cancel_button.grid(row=0, column=1, padx=(gap, 0))
        self.folder_button.grid(row=0, column=2, padx=(gap, 0))
        self.note.grid(row=1, column=0, columnspan=3, sticky="w", pady=(gap / 2, 0))
        self.progress.grid(row=2, column=0, columnspan=3, sticky="ew", pady=(gap, 0))
        self.columnconfigure(0, weight=1)
        self._show()

    @property
    def is_ready(self) -> bool:
        """Whether the chosen digits are in the folder, all of them."""
        return self._watch is None and self.source.is_in(self.folder)

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self._show()

    def _choose(self) -> None:
        self.source = self._sources[self.list.current()]
        self._error = ""
        self._show()
        self._on_change()

    def _choose_folder(self) -> None:
        chosen = filedialog.askdirectory(
            parent=self, title=f"The folder of {self.source.title}'s files", mustexist=True
        )
        if not chosen:
            return
        if self.source.is_in(Path(chosen)):
            self.folder, self._error = Path(chosen), ""
            self._on_folder(self.folder)
        else:
            self._error = (
                f"{Path(chosen).name} does not hold {self.source.title}'s files, or not all of them."
            )
        self._show()
        self._on_change()

    def _download(self) -> None:
        self._error = ""
        job = Job(download, folder=str(self.folder))
        self._watch = JobWatch(self, job, on_record=self._on_record, on_end=self._on_end)
        self.progress.configure(value=0)
        self._show()
        self.cancel_button.focus_set()
        self._on_change()

    def _cancel(self) -> None:
        if self._watch is not None:
            self._watch.job.cancel()

    def _on_record(self, record: Record) -> None:
        assert isinstance(record, Progress)
        self.progress.configure(value=record.share)

    def _on_end(self) -> None:
        assert self._watch is not None
        self._error = self._watch.job.error
        self._watch = None
        self._show()
        self._on_change()

    def _show(self) -> None:
        source, is_here, is_coming = self.source, self.is_ready, self._watch is not None
        _show_if(self.download_button, source.can_be_downloaded(self.folder) and not is_coming)
        _show_if(self.folder_button, source.needs_files)
        _show_if(self.cancel_button, is_coming)
        _show_if(self.progress, is_coming)
        for widget in (self.list, self.folder_button):
            widget.state(["disabled" if is_coming else "!disabled"])
        if is_coming:
            text = f"Downloading {source.title} into {self.folder}"
        elif self._error:
            text = self._error
        elif is_here:
            place = f" Found in {self.folder}." if source.needs_files else ""
            text = f"{source.about[:1].upper()}{source.about[1:]}.{place}"
        else:
            how = "Download it, or choose" if source.can_be_downloaded(self.folder) else "Choose"
            text = (
                f"{source.title} ({source.about}) is not on this computer yet. "
                f"{how} the folder that holds its files."
            )
        self.note.configure(text=text, foreground=self._palette.error if self._error else self._palette.muted)


def _show_if(widget: tk.Widget, is_shown: bool) -> None:
    if is_shown:
        widget.grid()
    else:
        widget.grid_remove()
