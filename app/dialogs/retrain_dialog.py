"""Network > Retrain: choose, watch it learn, and decide whether the new network is to read.

The training runs in a process of its own, and the dialog lets the window be used meanwhile.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from pathlib import Path
from tkinter import ttk
from typing import Any

import numpy as np

from app.dialogs.dialog import Dialog
from app.dialogs.job_watch import JobWatch
from app.dialogs.question_dialog import ask
from app.dialogs.source_chooser import SourceChooser
from app.digit_sources import TRAINING_SOURCES
from app.job_protocol import Record
from app.job_records import Begin, Comparing, End, Epoch, Step
from app.jobs import Job
from app.networks import clean_name, delete_network, rename_network
from app.retraining import ARCHITECTURES, PRESETS, VARIATIONS, retrain
from app.theme import STRONG_FONT, SUBTITLE_FONT, Palette, pixels
from app.widgets.training_curves import TrainingCurves
from engine import build_network

MOST_EPOCHS = 500
DRAW_EVERY_MS = 1000  # the curves; nothing is drawn while the pen is down


class RetrainDialog(Dialog):
    """Three pages, one after the other: the choice, the training, the result.

    Parameters
    ----------
    present : Path
        The folder of the network that reads now.
    place : Path
        Where the person's networks are kept.
    folder : Path
        The data folder.
    on_folder : callable
        Called with another data folder that the person has chosen.
    on_use : callable
        Called with the new network's folder, and whether it is to open at the next start.
    is_drawing : callable
        Whether the pen is down in the window: then nothing may hold it up.
    """

    def __init__(
        self,
        parent: tk.Tk,
        *,
        palette: Palette,
        present: Path,
        place: Path,
        folder: Path,
        on_folder: Callable[[Path], None],
        on_use: Callable[[Path, bool], None],
        is_drawing: Callable[[], bool],
    ) -> None:
        super().__init__(parent, "Retrain", palette=palette, floats=False)
        self.parent = parent
        self._present, self._place = present, place
        self._on_use, self._is_drawing = on_use, is_drawing
        self._watch: JobWatch | None = None
        self._next_draw: str | None = None
        self._new: Path | None = None  # where the new network was saved
        self._steps_per_epoch = 1
        self._width = pixels(self, 600)
        self.choice = ttk.Frame(self.body)
        self.training = ttk.Frame(self.body)
        self.result = ttk.Frame(self.body)
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self._build_choice(folder, on_folder)
        self._build_training()
        self._build_result()
        self.start_button = self.add_button("Start training", self._start, is_default=True)
        self.pause_button = self.add_button("Pause", self._pause_or_resume)
        self.discard_button = self.add_button("Discard", self._discard)
        self.use_button = self.add_button("Use it", self._use)
        self._choose_preset()
        self.update_idletasks()
        pages = (self.choice, self.training, self.result)
        self.body.columnconfigure(0, minsize=max(page.winfo_reqwidth() for page in pages))
        self._show_choice()
        self.resizable(False, False)
        self.present()

    @property
    def is_busy(self) -> bool:
        return self._watch is not None and self._watch.job.is_running

    def close(self) -> None:
        """Close, but ask first while it trains; a network that was not decided on is kept."""
        if self.is_busy:
            if self._may_stop() and self._watch is not None:
                self._watch.job.cancel()
        else:
            self.destroy()

    def restyle(self, palette: Palette) -> None:
        self.recolour(palette)
        self.sources.restyle(palette)
        self.curves.restyle(palette)
        self._error.configure(foreground=palette.error)

    # The choice

    def _build_choice(self, folder: Path, on_folder: Callable[[Path], None]) -> None:
        page, gap = self.choice, pixels(self, 8)
        ttk.Label(
            page,
            text="Train a new network. The one that reads now stays until you decide, and you can draw "
            "with it meanwhile.",
            wraplength=self._width,
        ).grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, 2 * gap))
        self.preset = tk.StringVar(self, "quick")
        presets = ttk.Frame(page)
        for row, (name, preset) in enumerate(PRESETS.items()):
            ttk.Radiobutton(
                presets, text=preset.title, value=name, variable=self.preset, command=self._choose_preset
            ).grid(row=row, column=0, sticky="w")
            self.add_note(presets, preset.about).grid(row=row, column=1, sticky="w", padx=(gap, 0))
        self.sources = SourceChooser(
            page,
            TRAINING_SOURCES,
            folder,
            palette=self.palette,
            on_folder=on_folder,
            on_change=self._on_sources,
        )
        self.architecture = ttk.Combobox(page, state="readonly", values=list(ARCHITECTURES))
        self.epochs = ttk.Spinbox(page, from_=1, to=MOST_EPOCHS, width=8, command=self._leave_preset)
        self.variations = ttk.Combobox(page, state="readonly", values=list(VARIATIONS))
        self._about_architecture = self.add_note(page, wraplength=self._width - pixels(self, 130))
        self._about_variations = self.add_note(page, wraplength=self._width - pixels(self, 130))
        about_epochs = self.add_note(
            page, "How often all digits are gone through. More is better, and slower."
        )
        self._error = ttk.Label(page, foreground=self.palette.error, wraplength=self._width)
        rows: list[tuple[str, tk.Widget, tk.Widget | None]] = [
            ("Quality", presets, None),
            ("Digits", self.sources, None),
            ("Network", self.architecture, self._about_architecture),
            ("Epochs", self.epochs, about_epochs),
            ("Variations", self.variations, self._about_variations),
        ]
        for number, (label, widget, note) in enumerate(rows):
            row = 1 + 2 * number
            ttk.Label(page, text=label, font=STRONG_FONT).grid(
                row=row, column=0, sticky="nw", pady=(gap, 0), padx=(0, 2 * gap)
            )
            is_wide = note is None
            widget.grid(row=row, column=1, sticky="ew" if is_wide else "w", pady=(gap, 0))
            if note is not None:
                note.grid(row=row + 1, column=1, sticky="w")
        self._error.grid(row=20, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        page.columnconfigure(1, weight=1, minsize=self._width - pixels(self, 110))
        for box in (self.architecture, self.variations):
            box.bind("<<ComboboxSelected>>", lambda event: self._leave_preset())
        self.epochs.bind("<KeyRelease>", lambda event: self._leave_preset())

    def _choose_preset(self) -> None:
        preset = PRESETS[self.preset.get()]
        self.architecture.set(preset.architecture)
        self.epochs.set(preset.epochs)
        self.variations.set(preset.variations)
        self._describe()

    def _leave_preset(self) -> None:
        """Show the preset that the details make, or none."""
        details = (self.architecture.get(), self.epochs.get(), self.variations.get())
        made = (
            name
            for name, preset in PRESETS.items()
            if details == (preset.architecture, str(preset.epochs), preset.variations)
        )
        self.preset.set(next(made, ""))
        self._describe()

    def _describe(self) -> None:
        name = self.architecture.get()
        count = build_network(name, rng=np.random.default_rng(0)).parameter_count
        self._about_architecture.configure(text=f"{ARCHITECTURES[name]} {count:,} parameters.")
        self._about_variations.configure(text=VARIATIONS[self.variations.get()][0])

    def _on_sources(self) -> None:
        self.start_button.state(["!disabled" if self.sources.is_ready else "disabled"])

    def _show_choice(self, error: str = "") -> None:
        self._error.configure(text=error)
        self._turn_to(self.choice)
        self._set_buttons(self.start_button, close="Close")
        self._on_sources()
        self.start_button.focus_set()

    # The training

    def _build_training(self) -> None:
        page, gap = self.training, pixels(self, 8)
        self.heading = ttk.Label(page, font=SUBTITLE_FONT)
        self.summary = self.add_note(page)
        self.curves = TrainingCurves(page, palette=self.palette)
        self.progress = ttk.Progressbar(page)
        self.status = ttk.Label(page)
        self.heading.grid(sticky="w")
        self.summary.grid(sticky="w")
        self.curves.grid(sticky="nsew", pady=(gap, 0))
        self.progress.grid(sticky="ew", pady=(gap, 0))
        self.status.grid(sticky="w", pady=(gap / 2, 0))
        page.columnconfigure(0, weight=1)
        page.rowconfigure(2, weight=1)

    def _start(self) -> None:
        if not self.sources.is_ready:  # Return works even where the button is grey
            return
        epochs = self.epochs.get().strip()
        if not (epochs.isdecimal() and 1 <= int(epochs) <= MOST_EPOCHS):
            self._error.configure(text=f"Epochs must be a whole number from 1 to {MOST_EPOCHS}.")
            self.epochs.focus_set()
            return
        name, variations = self.architecture.get(), self.variations.get()
        job = Job(
            retrain,
            source=self.sources.source.dataset,
            folder=str(self.sources.folder),
            architecture=name,
            epochs=int(epochs),
            variations=variations,
            present=str(self._present.resolve()),
            place=str(self._place),
            name=f"{name}, {epochs} epochs",
        )
        self._watch = JobWatch(self, job, on_record=self._on_record, on_end=self._on_end)
        self.heading.configure(text="Training")
        plural = "s" if int(epochs) > 1 else ""
        self.summary.configure(
            text=f"{name} · {epochs} epoch{plural} · {variations} variations · {self.sources.source.title}"
        )
        self.status.configure(text="Reading the digits…")
        self.progress.configure(value=0, maximum=1)
        self.pause_button.configure(text="Pause")
        self.curves.clear(int(epochs))
        self._turn_to(self.training)
        self._set_buttons(self.pause_button, close="Cancel")
        self.keep_in_sight()
        self.pause_button.focus_set()
        self._draw_curves()

    def _on_record(self, record: Record) -> None:
        match record:
            case Begin():
                self._steps_per_epoch = record.steps_per_epoch
                self.progress.configure(maximum=record.steps)
            case Step():
                self.progress.configure(value=record.step)
                self.curves.add_step(record.step / self._steps_per_epoch, record.loss)
                if not self.is_paused:
                    left = time_left(record.seconds_left)
                    self.status.configure(text=f"Epoch {record.epoch} of {self.epochs.get()} · {left}")
            case Epoch():
                self.progress.configure(value=record.step)
                self.curves.add_epoch(record.epoch, record.validation_loss, record.validation_accuracy)
            case Comparing():
                self.status.configure(text="Measuring the new network and the present one…")
                self.pause_button.state(["disabled"])
            case End():
                self._new = Path(record.folder)
                self._fill_result(record.before, record.after)

    @property
    def is_paused(self) -> bool:
        return self._watch is not None and self._watch.job.state == "paused"

    def _pause_or_resume(self) -> None:
        assert self._watch is not None
        if self.is_paused:
            self._watch.job.resume()
            self.status.configure(text="Going on…")
        else:
            self._watch.job.pause()
            self.status.configure(text="Paused.")
        self.pause_button.configure(text="Resume" if self.is_paused else "Pause")

    def _on_end(self) -> None:
        assert self._watch is not None
        job, self._watch = self._watch.job, None
        self.pause_button.state(["!disabled"])
        if job.state == "done":
            self.curves.draw()
            self._show_result()
        elif job.state == "cancelled":
            self._show_choice()
        else:
            self._show_choice(f"The training has ended early. {job.error}")

    def _may_stop(self) -> bool:
        return ask(
            self,
            "Stop the training?",
            "The network is still learning. What it has learnt so far would be lost.",
            yes="Stop training",
            no="Go on",
            palette=self.palette,
        )

    def _draw_curves(self) -> None:
        self._next_draw = None
        if self._watch is None:
            return
        if not self._is_drawing():
            self.curves.draw()
        self._next_draw = self.after(DRAW_EVERY_MS, self._draw_curves)

    # The result

    def _build_result(self) -> None:
        page, gap = self.result, pixels(self, 8)
        self.verdict = ttk.Label(page, wraplength=self._width)
        self.table = ttk.Frame(page)
        ttk.Label(page, text="Name", font=STRONG_FONT).grid(
            row=2, column=0, sticky="w", padx=(0, 2 * gap), pady=(2 * gap, 0)
        )
        self.name = ttk.Entry(page)
        self.opens_at_start = tk.BooleanVar(self, True)
        self.start_check = ttk.Checkbutton(
            page, text="Use it at the next start, too", variable=self.opens_at_start
        )
        self.verdict.grid(row=0, column=0, columnspan=2, sticky="w")
        self.table.grid(row=1, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.name.grid(row=2, column=1, sticky="ew", pady=(2 * gap, 0))
        self.start_check.grid(row=3, column=1, sticky="w", pady=(gap / 2, 0))
        page.columnconfigure(1, weight=1)

    def _fill_result(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
        for child in self.table.winfo_children():
            child.destroy()
        rows = [("Present network", before), ("New network", after)]
        for row, (label, facts) in enumerate(rows):
            accuracy, wrong = ("–", "its folder is gone") if facts is None else _told(facts)
            for column, (text, font) in enumerate(((label, None), (accuracy, STRONG_FONT), (wrong, None))):
                cell = ttk.Label(self.table, text=text)
                if font:
                    cell.configure(font=font)
                cell.grid(row=row, column=column, sticky="w", padx=(0, pixels(self, 24)))
        self.verdict.configure(text=verdict(before, after))
        # a worse one may still be worth a try, but hardly every day
        self.opens_at_start.set(before is None or after["accuracy"] >= before["accuracy"])

    def _show_result(self) -> None:
        assert self._new is not None
        self.heading.configure(text="The new network is ready")
        self.progress.grid_remove()
        self.status.grid_remove()
        self.name.delete(0, "end")
        self.name.insert(0, f"{self.architecture.get()}, {self.epochs.get()} epochs")
        self.result.grid(row=1, column=0, sticky="ew", pady=(pixels(self, 12), 0))
        self._set_buttons(self.use_button, self.discard_button, close="Keep for later")
        self.keep_in_sight()
        self.name.focus_set()
        self.name.select_range(0, "end")
        self.lift()

    def _use(self) -> None:
        assert self._new is not None
        self._rename()
        self._on_use(self._new, self.opens_at_start.get())
        self.destroy()

    def _discard(self) -> None:
        assert self._new is not None
        if ask(
            self,
            "Discard the new network?",
            "The new network would be deleted. Its training would have to be done again.",
            yes="Discard it",
            no="Keep it",
            palette=self.palette,
        ):
            delete_network(self._new, self._place)
            self._new = None
            self.destroy()

    def destroy(self) -> None:
        if self._next_draw is not None:
            self.after_cancel(self._next_draw)
        if self._new is not None and self._new.is_dir():
            self._rename()
        super().destroy()

    def _rename(self) -> None:
        name = clean_name(self.name.get())
        if self._new is not None and name:
            rename_network(self._new, name)

    # All three

    def _turn_to(self, page: ttk.Frame) -> None:
        for other in (self.choice, self.training, self.result):
            other.grid_remove()
        self.progress.grid()
        self.status.grid()
        page.grid(row=0, column=0, sticky="nsew")

    def _set_buttons(self, *shown: ttk.Button, close: str) -> None:
        """Show these, the default one first, to the left of the one that closes."""
        for button in (self.start_button, self.pause_button, self.discard_button, self.use_button):
            button.pack_forget()
        self.close_button.configure(text=close)
        for button in reversed(shown):
            button.pack(side="right", padx=(pixels(self, 8), 0))
        self.make_default(shown[0])


def time_left(seconds: float) -> str:
    """A time to wait, as roughly as it is known."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 60:
        return f"{10 * round(seconds / 10)} seconds left"
    minutes = round(seconds / 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''} left"


def verdict(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """The comparison in a sentence, with a word on what is chance."""
    if before is None:
        return f"It was measured on {after['count']:,} test images that it has never seen."
    more = _wrong(after) - _wrong(before)
    low, high = before["interval"]
    if more == 0:
        text = "Both networks misread equally many of the test images."
    else:
        how = "more" if more > 0 else "fewer"
        text = f"The new network misreads {abs(more):,} test images {how} than the present one."
    if low <= after["accuracy"] <= high:
        text += " So small a difference may be chance."
    return text


def _wrong(facts: Mapping[str, Any]) -> int:
    return round(float((1 - facts["accuracy"]) * facts["count"]))


def _told(facts: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"{100 * facts['accuracy']:.2f} % right",
        f"{_wrong(facts):,} of {facts['count']:,} test images wrong",
    )
