"""A job that a widget shows: it is polled by Tk, and it ends with the widget."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.jobs.job import Job
from app.jobs.protocol import Record

POLL_MS = 100


class JobWatch:
    """Polls a job while its widget lives.

    Parameters
    ----------
    widget
        Whose end ends the job too.
    job : Job
    on_record : callable
        Takes each record as it comes.
    on_look : callable, optional
        Called after each look for records, whether any came or not.
    on_end : callable
        Called once, when the job has ended in whatever way: `job.state` and `job.error` say how.
    """

    def __init__(
        self,
        widget: tk.Misc,
        job: Job,
        *,
        on_record: Callable[[Record], None],
        on_end: Callable[[], None],
        on_look: Callable[[], None] | None = None,
    ) -> None:
        self.job = job
        self._widget = widget
        self._on_record = on_record
        self._on_end = on_end
        self._on_look = on_look
        self._next = widget.after(POLL_MS, self._poll)
        widget.bind("<Destroy>", self._on_destroy, add=True)

    def _poll(self) -> None:
        try:
            for record in self.job.poll():
                self._on_record(record)
            if self._on_look is not None and self.job.is_running:
                self._on_look()
        finally:  # whatever became of a record, the end is told
            if self.job.is_running:
                self._next = self._widget.after(POLL_MS, self._poll)
            else:
                self._on_end()

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._widget and self.job.is_running:
            self._widget.after_cancel(self._next)
            self.job.close()
