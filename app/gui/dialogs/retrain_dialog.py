"""Network > Retrain: choose, watch it learn, and decide whether the new network is to read.

The training runs in a process of its own, and outlives the dialog: closed, it is folded into the strip at the
foot of the window. What can be chosen is the RetrainPresenter's, what happens then the TrainingPresenter's.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from tkinter import ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.source_chooser import SourceChooser
from app.gui.screen import room
from app.gui.theme import STRONG_FONT, SUBTITLE_FONT, Palette, pixels
from app.gui.widgets.progress_bar import ProgressBar
from app.gui.widgets.tooltip import attach
from app.gui.widgets.training_curves import TrainingCurves
from app.jobs.retraining import ARCHITECTURES, PRESETS, VARIATIONS
from app.language import _, pgettext, unbroken
from app.page.digit_sources import DigitSource, training_sources
from app.page.retrain_presenter import GO_ON, MOST_EPOCHS, Details, Present, RetrainPresenter
from app.page.terms import Term, explanation
from app.page.training_presenter import Training, TrainingPresenter, leave_label, pause_label
from app.page.training_result import Result, ResultRow

DRAW_EVERY_MS = 1000  # the curves; nothing is drawn while the pen is down


class RetrainDialog(Dialog):
    """Three pages, one after the other: the choice, the training, the result.

    Parameters
    ----------
    training : TrainingPresenter
        The window's, which this dialog shows.
    folder, on_folder
        As the SourcePresenter takes them.
    is_drawing : callable
        Whether the pen is down in the window: then nothing may hold it up.
    present
        As the RetrainPresenter takes it.
    """

    def __init__(
        self,
        parent: tk.Tk,
        *,
        palette: Palette,
        training: TrainingPresenter,
        folder: Path,
        on_folder: Callable[[Path], None],
        is_drawing: Callable[[], bool],
        present: Present | None,
    ) -> None:
        super().__init__(parent, _("Retrain"), palette=palette, floats=False)
        self._training = training
        self._is_drawing = is_drawing
        self._next_draw: str | None = None
        self._epochs_shown = 0
        self._width = min(pixels(self, 600), room(self)[0] - pixels(self, 60))
        self.choice = ttk.Frame(self.body)
        self.training = ttk.Frame(self.body)
        self.result = ttk.Frame(self.body)
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.sources: SourceChooser
        self._build_choice(folder, on_folder, present)
        self.presenter: RetrainPresenter = RetrainPresenter(self, self.sources.presenter, training, present)
        self._build_training()
        self._build_result()
        self.start_button = self.add_button(_("Start training"), self._start, is_default=True)
        self.pause_button = self.add_button(_("Pause"), training.pause_or_resume)
        self.finish_button = self.add_button(_("Finish now and keep"), training.finish)
        self.stop_button = self.add_button(_("Stop"), training.stop)
        self.discard_button = self.add_button(_("Discard"), training.discard)
        self.use_button = self.add_button(_("Use it"), self._use)
        self.keep_button = self.add_button(_("Keep for later"), self._keep)

    @property
    def is_choosing(self) -> bool:
        """Whether it is there, and shows its first page."""
        return bool(self.winfo_exists()) and bool(self.choice.winfo_manager())

    def open(self, source: DigitSource | None = None) -> None:
        """Show the first page, as wide as the widest, with a source chosen."""
        self.presenter.begin(with_my_digits=source is not None)
        if source is not None:
            self.sources.choose(source)
        self._training.attach(self)
        self.update_idletasks()
        pages = (self.choice, self.training, self.result)
        self.body.columnconfigure(0, minsize=max(page.winfo_reqwidth() for page in pages))
        self.resizable(False, False)
        self.present()

    def close(self) -> None:
        """Decide on a new network as the button says; a training goes on without the dialog."""
        self._training.leave(self.name.get())
        self.leave()

    def finish(self) -> None:
        self._training.take_name(self.name.get())

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self.sources.restyle(palette)
        self.curves.restyle(palette)
        for label in (self.error, self.warnings):
            label.configure(foreground=palette.error)

    def destroy(self) -> None:
        if self._next_draw is not None:
            self.after_cancel(self._next_draw)
        self._training.detach()
        super().destroy()

    def leave(self) -> None:
        if self.winfo_exists():
            self.destroy()

    # The choice

    def _build_choice(self, folder: Path, on_folder: Callable[[Path], None], present: Present | None) -> None:
        page, gap = self.choice, pixels(self, 8)
        ttk.Label(
            page,
            text=_(
                "Train a new network. The one that reads now stays until you decide, and you can draw "
                "with it meanwhile."
            ),
            wraplength=self._width,
        ).grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, 2 * gap))
        self.preset = tk.StringVar(self)
        presets = ttk.Frame(page)
        offered = [(name, _(preset.title), _(preset.about)) for name, preset in PRESETS.items()]
        if present is not None:
            about = _("from {name}, by small steps; best with your own digits")
            offered.append((GO_ON, _("Go on"), about.format(name=present.name)))
        for row, (name, title, about) in enumerate(offered):
            ttk.Radiobutton(
                presets,
                text=title,
                value=name,
                variable=self.preset,
                command=lambda name=name: self.presenter.choose_preset(name),  # type: ignore[misc]
            ).grid(row=row, column=0, sticky="nw")
            note = self.add_note(presets, about, wraplength=self._width - pixels(self, 250))
            note.grid(row=row, column=1, sticky="w", padx=(gap, 0))
        self.sources = SourceChooser(
            page,
            training_sources(),
            folder,
            palette=self.palette,
            on_folder=on_folder,
            on_change=lambda: self.presenter.look_at_source(),
        )
        self.sources.wrap_at(self._width - pixels(self, 130))
        self.architecture = ttk.Combobox(page, state="readonly", values=list(ARCHITECTURES))
        self.epochs = ttk.Spinbox(page, from_=1, to=MOST_EPOCHS, width=8, command=self._choose_details)
        variations = [_variation(name) for name in VARIATIONS]
        self.variations = ttk.Combobox(
            page, state="readonly", values=variations, width=max(20, *map(len, variations))
        )
        self._about_architecture = self.add_note(page, wraplength=self._width - pixels(self, 130))
        self._about_variations = self.add_note(page, wraplength=self._width - pixels(self, 130))
        about_epochs = self.add_note(
            page,
            _("How often all digits are gone through. More is better, and slower."),
            wraplength=self._width - pixels(self, 130),
        )
        self.error = ttk.Label(page, foreground=self.palette.error, wraplength=self._width)
        rows: list[tuple[str, tk.Widget, tk.Widget | None]] = [
            (_("Quality"), presets, None),
            (_("Digits"), self.sources, None),
            (_("Network"), self.architecture, self._about_architecture),
            (_("Epochs"), self.epochs, about_epochs),
            (_("Variations"), self.variations, self._about_variations),
        ]
        explained = {
            self.architecture: explanation(Term.LENET5),
            self.epochs: explanation(Term.EPOCH),
            self.variations: explanation(Term.VARIATIONS),
        }
        for number, (label, widget, beneath) in enumerate(rows):
            row = 1 + 2 * number
            heading = ttk.Label(page, text=label, font=STRONG_FONT)
            heading.grid(row=row, column=0, sticky="nw", pady=(gap, 0), padx=(0, 2 * gap))
            if widget in explained:
                attach(heading, explained[widget])
                attach(widget, explained[widget])
            is_wide = beneath is None
            widget.grid(row=row, column=1, sticky="ew" if is_wide else "w", pady=(gap, 0))
            if beneath is not None:
                beneath.grid(row=row + 1, column=1, sticky="w")
        self.error.grid(row=20, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        page.columnconfigure(1, weight=1, minsize=self._width - pixels(self, 110))
        for box in (self.architecture, self.variations):
            box.bind("<<ComboboxSelected>>", lambda event: self._choose_details())
        self.epochs.bind("<KeyRelease>", lambda event: self._choose_details())

    @property
    def details(self) -> Details:
        variations = list(VARIATIONS)[self.variations.current()]
        goes_on = self.preset.get() == GO_ON
        return Details(self.architecture.get(), self.epochs.get(), variations, goes_on)

    def _choose_details(self) -> None:
        self.presenter.choose_details(self.details)

    def _start(self) -> None:
        self.presenter.start(self.details)

    def show_preset(self, preset: str) -> None:
        self.preset.set(preset)

    def show_details(self, details: Details) -> None:
        self.architecture.set(details.architecture)
        self.architecture.state(["disabled" if details.goes_on else "!disabled"])
        self.epochs.set(details.epochs)
        self.variations.current(list(VARIATIONS).index(details.variations))

    def describe(self, architecture: str, variations: str) -> None:
        self._about_architecture.configure(text=architecture)
        self._about_variations.configure(text=variations)

    def enable_start(self, is_enabled: bool) -> None:
        self.start_button.state(["!disabled" if is_enabled else "disabled"])

    def show_choice(self, error: str) -> None:
        self.error.configure(text=error)
        self._turn_to(self.choice)
        self._set_buttons(self.start_button, close=_("Close"))
        self.start_button.focus_set()

    def refuse_epochs(self, error: str) -> None:
        self.error.configure(text=error)
        self.epochs.focus_set()

    # The training

    def _build_training(self) -> None:
        page, gap = self.training, pixels(self, 8)
        self.heading = ttk.Label(page, font=SUBTITLE_FONT)
        self.summary = self.add_note(page)
        self.curves = TrainingCurves(page, palette=self.palette)
        self.curves.configure(width=self._width)
        self.progress = ProgressBar(page)
        self.status = ttk.Label(page, wraplength=self._width)
        self.shows_rate = tk.BooleanVar(self, False)
        self.rate_check = ttk.Checkbutton(
            page,
            text=_("Learning rate"),
            variable=self.shows_rate,
            command=lambda: self.curves.show_learning_rate(self.shows_rate.get()),
        )
        self.summary.configure(wraplength=self._width - self.rate_check.winfo_reqwidth())
        attach(self.rate_check, explanation(Term.LEARNING_RATE))
        attach(self.curves.picture, f"{explanation(Term.LOSS)} {explanation(Term.VALIDATION)}")
        self.heading.grid(row=0, column=0, sticky="w")
        self.summary.grid(row=1, column=0, sticky="w")
        self.rate_check.grid(row=1, column=1, sticky="e")
        self.curves.grid(row=2, column=0, columnspan=2, sticky="nsew", pady=(gap, 0))  # lower with a result
        self.progress.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self.status.grid(row=4, column=0, columnspan=2, sticky="w", pady=(gap / 2, 0))
        page.columnconfigure(0, weight=1)
        page.rowconfigure(2, weight=1)

    def show_training(self, training: Training) -> None:
        if not self.training.winfo_manager() or self.result.winfo_manager():
            self._turn_to_training(training)
        for epoch in training.history[self._epochs_shown :]:
            self.curves.add_epoch(
                epoch.epoch, epoch.validation_loss, epoch.validation_accuracy, epoch.learning_rate
            )
        self._epochs_shown = len(training.history)
        self.progress.show(training.share, is_unknown=training.is_running_unmeasured)
        self.status.configure(text=training.status)
        self.pause_button.configure(text=pause_label(training))
        for button, is_enabled in (
            (self.pause_button, training.can_be_paused),
            (self.finish_button, training.can_be_finished),
            (self.stop_button, training.can_be_stopped),
        ):
            button.state(["!disabled" if is_enabled else "disabled"])

    def _turn_to_training(self, training: Training) -> None:
        self.heading.configure(text=_("Training"))
        self.summary.configure(text=training.summary)
        self.curves.clear(training.epochs)
        self._epochs_shown = 0
        self._turn_to(self.training)
        self._set_buttons(self.pause_button, self.finish_button, self.stop_button, close=_("Hide"))
        self.keep_in_sight()
        self.pause_button.focus_set()
        self._draw_curves()

    def _draw_curves(self) -> None:
        self._next_draw = None
        if self.progress.winfo_manager() and self.training.winfo_manager():
            if not self._is_drawing():
                self.curves.draw()
            self._next_draw = self.after(DRAW_EVERY_MS, self._draw_curves)

    # The result

    def _build_result(self) -> None:
        page, gap = self.result, pixels(self, 8)
        self.verdict = ttk.Label(page, font=STRONG_FONT, wraplength=self._width)
        self.warnings = ttk.Label(page, foreground=self.palette.error, wraplength=self._width)
        self.table = ttk.Frame(page)
        ttk.Label(page, text=_("Name"), font=STRONG_FONT).grid(
            row=3, column=0, sticky="w", padx=(0, 2 * gap), pady=(2 * gap, 0)
        )
        self.name = ttk.Entry(page)
        self.opens_at_start = tk.BooleanVar(self, False)
        self.start_check = ttk.Checkbutton(
            page, text=_("Use it at the next start, too"), variable=self.opens_at_start
        )
        self.verdict.grid(row=0, column=0, columnspan=2, sticky="w")
        self.warnings.grid(row=1, column=0, columnspan=2, sticky="w")
        self.table.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.name.grid(row=3, column=1, sticky="ew", pady=(2 * gap, 0))
        self.start_check.grid(row=4, column=1, sticky="w", pady=(gap / 2, 0))
        page.columnconfigure(1, weight=1)

    def show_result(self, result: Result) -> None:
        self.curves.draw()
        heads = ResultRow(
            _("Test set"),
            _("Images"),
            pgettext("network", "Present"),
            pgettext("network", "New"),
            _("Difference"),
        )
        gap = pixels(self, 20)
        for number, row in enumerate((heads, *result.rows)):
            font = STRONG_FONT if number == 0 else None
            for column, text in enumerate(astuple(row)):
                cell = ttk.Label(self.table, text=text)
                if font:
                    cell.configure(font=font)
                is_name, is_judgement = column == 0, column == 4
                if is_name:
                    cell.configure(wraplength=self._width // 5)
                cell.grid(
                    row=number,
                    column=column,
                    sticky="w" if is_name or is_judgement else "e",
                    padx=(0, 0 if is_judgement else gap),
                    pady=pixels(self, 2),  # a row of two lines keeps apart from the next
                )
        *others, judgements = (self.table.grid_slaves(column=column) for column in range(5))
        taken = sum(max(cell.winfo_reqwidth() for cell in column) + gap for column in others)
        for judgement in judgements:  # which have what is left
            judgement["wraplength"] = self._width - taken
        self.verdict.configure(text=unbroken(result.verdict))
        self.warnings.configure(text=unbroken(result.warnings))
        if not result.warnings:
            self.warnings.grid_remove()
        self.heading.configure(text=_("The new network is ready"))
        self.progress.grid_remove()
        self.status.grid_remove()
        self.name.delete(0, "end")
        self.name.insert(0, result.name)
        self.rate_check.grid_remove()
        # Over the curves: a small screen has no room for both, and this is what is to be known.
        self.result.grid(in_=self.training, row=2, column=0, columnspan=2, sticky="ew", pady=pixels(self, 12))
        self.curves.grid(row=3)
        other = self.discard_button if result.is_kept else self.keep_button
        self._set_buttons(self.use_button, other, close=leave_label(result))
        if result.warnings:  # a careless Return keeps the network that reads better
            self.make_default(self.close_button)
        self.keep_in_sight()
        self.default_button.focus_set()
        self.lift()

    def _keep(self) -> None:
        self._training.keep(self.name.get())

    def _use(self) -> None:
        self._training.use(self.name.get(), self.opens_at_start.get())

    # All three

    def _turn_to(self, page: ttk.Frame) -> None:
        for other in (self.choice, self.training, self.result):
            other.grid_remove()
        for part in (self.progress, self.status, self.rate_check):
            part.grid()
        page.grid(row=0, column=0, sticky="nsew")

    def _set_buttons(self, *shown: ttk.Button, close: str) -> None:
        """Show these, the default one first, to the left of the one that closes."""
        for button in self.bar.winfo_children():
            if button is not self.close_button and isinstance(button, ttk.Button):
                button.pack_forget()
        self.close_button.configure(text=close)
        for button in reversed(shown):
            button.pack(side="right", padx=(pixels(self, 8), 0))
        self.make_default(shown[0])


def _variation(name: str) -> str:
    """What the list calls a choice of VARIATIONS."""
    return {
        "none": pgettext("variations", "none"),
        "gentle": pgettext("variations", "gentle"),
        "strong": pgettext("variations", "strong"),
    }[name]
