"""Opens networks that other programs wrote: a job reads them, which takes seconds, and the window goes on."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from app.gui.dialogs.job_watch import JobWatch
from app.jobs.importing import import_network
from app.jobs.job import Job
from app.language import _
from app.messages import Tell


class NetworkImport:
    """One import at a time; another one takes its place.

    Parameters
    ----------
    window
        Whose end ends it too.
    on_read : callable
        Takes the file that was chosen, and a .lenet file of its network, which is there until this returns.
    tell : callable
        Shows a sentence.
    """

    def __init__(self, window: tk.Misc, *, on_read: Callable[[Path, Path], None], tell: Tell) -> None:
        self._window, self._on_read, self._tell = window, on_read, tell
        self._job: Job | None = None
        self._folder: TemporaryDirectory[str] | None = None  # for what was read, while the window lives
        window.bind("<Destroy>", self._on_destroy, add=True)

    def begin(self, path: Path) -> None:
        """Read a file; what was being read is given up."""
        self.give_up()
        if self._folder is None:
            self._folder = TemporaryDirectory(ignore_cleanup_errors=True)  # a job may still be writing
        kept = Path(self._folder.name) / f"{time.monotonic_ns()}.lenet"
        job = self._job = Job(import_network, path=str(path.resolve()), to=str(kept))
        self._tell(_("Reading the network {name}. Esc gives it up.").format(name=path.name))

        def on_end() -> None:
            if self._job is job:  # else it was given up
                self._job = None
                if job.state == "done":
                    self._on_read(path, kept)
                else:
                    self._tell(job.error, is_error=True)
            kept.unlink(missing_ok=True)

        JobWatch(self._window, job, on_record=lambda record: None, on_end=on_end)

    def give_up(self) -> bool:
        """End what is being read, if anything is; tells whether."""
        job, self._job = self._job, None
        if job is None:
            return False
        job.cancel()
        self._tell(_("The network is not opened."))
        return True

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._window and self._folder is not None:
            self._folder.cleanup()
            self._folder = None
