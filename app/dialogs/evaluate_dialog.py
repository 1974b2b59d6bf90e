"""Network > Evaluate: how well the network reads the test images, what it mixes up, and which it misreads."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

import numpy as np

from app.dialogs.dialog import Dialog
from app.dialogs.job_watch import JobWatch
from app.dialogs.source_chooser import SourceChooser
from app.digit_sources import TEST_SOURCES
from app.evaluating import measure, measured_from
from app.gallery import Gallery, digit_tile
from app.job_protocol import Record
from app.job_records import Measured, Progress
from app.jobs import Job
from app.screen import room
from app.theme import SUBTITLE_FONT, Palette, pixels
from app.widgets.confusion_matrix import ConfusionMatrix
from engine import Dataset, Evaluation
from engine.datasets import as_ink
from engine.rasterize import Ink


class EvaluateDialog(Dialog):
    """Measures at once where the test images are at hand, and offers to fetch them where they are not.

    Parameters
    ----------
    network : Path
        The folder of the network to measure.
    name : str
        What the person calls it.
    folder, on_folder
        The data folder, and who hears of another one.
    on_choose : callable
        Takes the ink of a test image that was clicked, and a sentence on it.
    """

    def __init__(
        self,
        parent: tk.Tk,
        *,
        palette: Palette,
        network: Path,
        name: str,
        folder: Path,
        on_folder: Callable[[Path], None],
        on_choose: Callable[[Ink, str], None],
    ) -> None:
        super().__init__(parent, f"Evaluate {name}", palette=palette, floats=False)
        self.parent = parent
        self._network, self._name = network, name
        self._on_choose = on_choose
        self._watch: JobWatch | None = None
        self._images: Dataset | None = None
        self._record: Measured | None = None
        self.evaluation: Evaluation | None = None
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.waiting = ttk.Frame(self.body)
        self.waiting.columnconfigure(0, weight=1, minsize=pixels(self, 480))
        self.status = ttk.Label(self.waiting, wraplength=pixels(self, 480))
        self.status.grid(sticky="w", pady=(0, pixels(self, 8)))
        self.progress = ttk.Progressbar(self.waiting, maximum=1.0)
        self.sources = SourceChooser(
            self.waiting,
            TEST_SOURCES,
            folder,
            palette=palette,
            on_folder=on_folder,
            on_change=self._on_sources,
        )
        self.start_button = self.add_button("Evaluate", self._start, is_default=True)
        self._ask_for_sources()
        if self.sources.is_ready:
            self._start()
        self.present()

    def restyle(self, palette: Palette) -> None:
        self.recolour(palette)
        self.sources.restyle(palette)
        if self.evaluation is not None:
            self.confusion.restyle(palette)
            self.gallery.restyle(palette)
        elif self._watch is None:
            self.status.configure(foreground=palette.error if self._has_failed else palette.text)

    # Before there is a result

    def _ask_for_sources(self, error: str = "") -> None:
        self._has_failed = bool(error)
        self.status.configure(
            text=error or f"{self._name} is measured on test images that it has never seen.",
            foreground=self.palette.error if error else self.palette.text,
        )
        self.waiting.grid(row=0, column=0, sticky="new")
        self.progress.grid_remove()
        self.sources.grid(sticky="ew")
        self._on_sources()

    def _on_sources(self) -> None:
        self.start_button.state(["!disabled" if self.sources.is_ready else "disabled"])

    def _start(self) -> None:
        if not self.sources.is_ready or self._watch is not None:
            return
        source = self.sources.source
        job = Job(
            measure,
            network=str(self._network.resolve()),
            source=source.dataset,
            folder=str(self.sources.folder),
        )
        self._watch = JobWatch(self, job, on_record=self._on_record, on_end=self._on_end)
        self.status.configure(
            text=f"{self._name} reads {source.title}'s test images…", foreground=self.palette.text
        )
        self.sources.grid_remove()
        self.progress.grid(sticky="ew")
        self.start_button.state(["disabled"])
        self.close_button.configure(text="Cancel")
        self.make_default(self.close_button)

    def _on_record(self, record: Record) -> None:
        if isinstance(record, Progress):
            self.progress.configure(value=record.share)
        elif isinstance(record, Measured):
            self._record = record

    def _on_end(self) -> None:
        assert self._watch is not None
        job, self._watch = self._watch.job, None
        self.close_button.configure(text="Close")
        if job.state == "done":
            assert self._record is not None
            self._images, self.evaluation = measured_from(self._record)
            self._record = None
            self._show_result(self._images, self.evaluation)
        else:
            self._ask_for_sources(job.error)
            self.make_default(self.start_button)

    # The result

    def _show_result(self, images: Dataset, evaluation: Evaluation) -> None:
        gap = pixels(self, 8)
        self.waiting.grid_remove()
        self.start_button.pack_forget()
        low, high = (100 * share for share in evaluation.interval)
        page = ttk.Frame(self.body)
        page.grid(row=0, column=0, sticky="nsew")
        self.headline = ttk.Label(
            page, text=f"{100 * evaluation.accuracy:.2f} % are read right", font=SUBTITLE_FONT
        )
        self.headline.grid(row=0, column=0, columnspan=2, sticky="w")
        note = self.add_note(
            page,
            f"{len(evaluation.mistakes):,} of {len(images):,} test images are misread. "
            f"The true share of right answers lies between {low:.2f} % and {high:.2f} % (95 % interval).\n"
            f"The hardest digit is the {_hardest(evaluation)}. Its confidence is off by "
            f"{100 * evaluation.calibration_error:.2f} points on average.",
        )
        note.grid(row=1, column=0, columnspan=2, sticky="w", pady=(0, 2 * gap))
        self.confusion = ConfusionMatrix(
            page, evaluation.confusion.tolist(), palette=self.palette, on_choose=self._show_cell
        )
        self.confusion.grid(row=2, column=0, sticky="nsew", padx=(0, 2 * gap))
        self.gallery = Gallery(
            page,
            lambda index: digit_tile(images, evaluation, index),
            palette=self.palette,
            on_choose=self._put_on_page,
        )
        self.gallery.grid(row=2, column=1, rowspan=2, sticky="nsew")
        help_note = self.add_note(
            page, "Click a number to see its digits, and a digit to put it on the page."
        )
        help_note.grid(row=3, column=0, sticky="w", pady=(gap, 0))
        self.confusion.bind(
            "<Configure>", lambda event: help_note.configure(wraplength=event.width), add=True
        )
        page.bind("<Configure>", lambda event: note.configure(wraplength=event.width))
        page.rowconfigure(2, weight=1)
        page.columnconfigure((0, 1), weight=1, uniform="half")
        self.mistakes_button = self.add_button("All mistakes", self._show_mistakes)
        largest = room(self.parent)
        width, height = min(pixels(self, 900), largest[0]), min(pixels(self, 620), largest[1])
        self.minsize(min(pixels(self, 620), width), min(pixels(self, 440), height))
        self.place_in_sight(width, height)
        self._show_mistakes()
        self.confusion.focus_set()

    def _show_mistakes(self) -> None:
        assert self.evaluation is not None
        mistakes = self.evaluation.mistakes.tolist()
        self.confusion.forget_choice()
        title = f"All {len(mistakes):,} mistakes, the surest first" if mistakes else "There is no mistake"
        self.gallery.show(mistakes, title)

    def _show_cell(self, truth: int, answer: int) -> None:
        assert self.evaluation is not None
        evaluation = self.evaluation
        indices = np.flatnonzero((evaluation.labels == truth) & (evaluation.predictions == answer))
        if truth == answer:
            title = f"{len(indices):,} images of a {truth}, read right"
        else:
            title = f"{len(indices):,} images of a {truth}, read as {answer}"
        self.gallery.show(indices.tolist(), title)

    def _put_on_page(self, index: int) -> None:
        assert self._images is not None
        assert self.evaluation is not None
        answer, truth = self.evaluation.predictions[index], self._images.labels[index]
        link = "and" if answer == truth else "but"
        text = f"Test image no. {index}: it is a {truth}, {link} {self._name} reads {answer}."
        self._on_choose(as_ink(self._images.images[index]), text)


def _hardest(evaluation: Evaluation) -> str:
    """As in: 9, of which 98.91 % are read."""
    shown = [(score.recall, digit) for digit, score in enumerate(evaluation.classes)]
    recall, digit = min((recall, digit) for recall, digit in shown if recall is not None)
    return f"{digit}, of which {100 * recall:.2f} % are read"
