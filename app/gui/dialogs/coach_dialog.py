"""Network > Practise: a large digit to write, a page to write it on, and how many there are of each.

What is asked for is the CoachPresenter's.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.shortcuts import command
from app.gui.theme import BODY_FONT, CAPTION_FONT, STRONG_FONT, Palette, font_of_size, pixels
from app.gui.widgets.drawing_canvas import DrawingCanvas
from app.gui.widgets.tooltip import attach
from app.language import _, decimal, unbroken
from app.page.coach_presenter import DIGITS, CoachPresenter
from app.page.ink_surface import InkSurface
from app.page.reader import Reader
from app.page.teacher import Teacher
from app.store.samples import KeptSamples

PAGE = 240  # pixels at 96 dots an inch


class CoachDialog(Dialog):
    """The prompt and the message beside the page, the counts below; Return takes what is written.

    All it takes but looks is the CoachPresenter's.
    """

    def __init__(
        self,
        parent: tk.Tk,
        teacher: Teacher,
        kept: KeptSamples,
        *,
        palette: Palette,
        pen_width: float,
        pen_colour: str,
        reader: Callable[[], Reader],
        can_teach: Callable[[], bool],
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(parent, _("Practise"), palette=palette, floats=False)
        presenter = self.presenter = CoachPresenter(
            self, teacher, kept, reader=reader, can_teach=can_teach, on_change=on_change
        )
        self._is_error = False  # what is said
        gap = pixels(self, 12)
        side = ttk.Frame(self.body)
        self.heading = ttk.Label(side, text=_("Write this:"), font=STRONG_FONT)
        self.prompt = ttk.Label(side, font=font_of_size(self, pixels(self, 110), bold=True), anchor="center")
        self.message = ttk.Label(side, font=CAPTION_FONT, wraplength=pixels(self, 170))
        self.heading.pack(side="top", anchor="w")
        self.prompt.pack(side="top", fill="x")
        self.message.pack(side="top", anchor="nw", fill="both", expand=True)
        self.page = DrawingCanvas(
            self.body,
            presenter,
            InkSurface(),
            palette=palette,
            pen_width=pen_width,
            pen_colour=pen_colour,
            eraser_buttons=(),
        )
        self.page.configure(width=pixels(self, PAGE), height=pixels(self, PAGE))
        self.counts = self._make_counts()
        self.progress = ttk.Progressbar(self.body)
        self.done = self.add_note(self.body)
        side.grid(row=0, column=0, sticky="nsew", padx=(0, gap))
        self.page.grid(row=0, column=1, sticky="nsew")
        self._counts_row.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self.progress.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self.done.grid(row=3, column=0, columnspan=2, sticky="w")
        self.body.columnconfigure(0, minsize=pixels(self, 180))
        self.body.columnconfigure(1, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.next_button = self.add_button(_("Next"), self._next, is_default=True)
        self.skip_button = self.add_button(_("Skip"), self._skip)
        self.undo_button = self.add_button(_("Undo"), self._undo)
        attach(self.next_button, _("Keep what is written as this digit, and go on (Return)"))
        attach(self.undo_button, _("Take the last stroke back, or what was written before"))
        for sequence in command("z", self.tk.call("tk", "windowingsystem") == "aqua").sequences:
            self.bind(sequence, lambda event: presenter.undo())
        self.restyle(palette)

    def open(self) -> None:
        self.presenter.begin()
        self.present()
        self.page.focus_set()

    @property
    def is_busy(self) -> bool:
        return self.presenter.has_strokes

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self.prompt.configure(foreground=palette.accent)
        self.message.configure(foreground=palette.error if self._is_error else palette.text)
        self.page.restyle(palette)

    # What the presenter shows

    def ask_for(self, digit: int | None) -> None:
        self.heading.configure(text="" if digit is None else _("Write this:"))
        self.prompt.configure(text="" if digit is None else str(digit))
        self.next_button.configure(text=_("Another round") if digit is None else _("Next"))
        for each, (name, _count) in zip(DIGITS, self.counts, strict=True):
            name.configure(font=STRONG_FONT if each == digit else BODY_FONT)

    def show_strokes(self, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
        self.page.show_strokes(strokes)

    def begin_stroke(self, point: tuple[float, float]) -> None:
        self.page.begin_stroke(point)

    def extend_stroke(self, point: tuple[float, float]) -> None:
        self.page.extend_stroke(point)

    def show_progress(self, counts: Sequence[int], written: int, of: int) -> None:
        for count, (_name, label) in zip(counts, self.counts, strict=True):
            label.configure(text=decimal(count))
        self.progress.configure(maximum=of, value=written)
        self.done.configure(text=_("{written} of {of} written").format(written=written, of=of))

    def enable(self, *, can_skip: bool, can_undo: bool) -> None:
        for button, is_enabled in ((self.skip_button, can_skip), (self.undo_button, can_undo)):
            button.state(["!disabled" if is_enabled else "disabled"])

    def say(self, text: str, *, is_error: bool = False) -> None:
        self._is_error = is_error
        colour = self.palette.error if is_error else self.palette.text
        self.message.configure(text=unbroken(text), foreground=colour)

    # How it is built, and what its buttons do

    def _make_counts(self) -> list[tuple[ttk.Label, ttk.Label]]:
        """Of each digit its name and, below, how many samples there are."""
        self._counts_row = row = ttk.Frame(self.body)
        self.add_note(row, _("Samples:")).grid(row=1, column=0, padx=(0, pixels(self, 8)))
        made = []
        for digit in DIGITS:
            name, count = ttk.Label(row, text=str(digit)), self.add_note(row)
            name.grid(row=0, column=digit + 1)
            count.grid(row=1, column=digit + 1)
            row.columnconfigure(digit + 1, weight=1, uniform="digits")
            made.append((name, count))
        attach(row, _("How many samples of each digit there are; the one that is asked for is bold."))
        return made

    def _next(self) -> None:
        self.presenter.next()
        self.page.focus_set()

    def _skip(self) -> None:
        self.presenter.skip()
        self.page.focus_set()

    def _undo(self) -> None:
        self.presenter.undo()
        self.page.focus_set()
