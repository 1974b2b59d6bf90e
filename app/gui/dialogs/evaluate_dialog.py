"""Network > Evaluate: how well the network reads the test images, what it mixes up, and which it misreads.

What happens when is the EvaluatePresenter's.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.source_chooser import SourceChooser
from app.gui.gallery import Gallery
from app.gui.screen import room
from app.gui.theme import READ_LABEL, SUBTITLE_FONT, Palette, pixels
from app.gui.widgets.confusion_matrix import ConfusionMatrix
from app.gui.widgets.tooltip import attach
from app.language import _, pgettext, unbroken
from app.page.digit_sources import TEST_SOURCES
from app.page.evaluate_presenter import EvaluatePresenter, Findings
from engine.ink.rasterize import Ink


class EvaluateDialog(Dialog):
    """The test images to choose, and below them a page to wait on, or one with the findings.

    Parameters
    ----------
    network, name, on_choose
        As the EvaluatePresenter takes them.
    folder, on_folder
        As the SourcePresenter takes them.
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
        super().__init__(parent, _("Evaluate {name}").format(name=name), palette=palette, floats=False)
        self.parent = parent
        self._is_error = self._is_large = False
        self.confusion: ConfusionMatrix | None = None
        self.gallery: Gallery | None = None
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(1, weight=1)
        self.sources = SourceChooser(
            self.body,
            TEST_SOURCES,
            folder,
            palette=palette,
            on_folder=on_folder,
            on_change=lambda: self.presenter.look_at_source(),
        )
        self.sources.grid(row=0, column=0, sticky="ew", pady=(0, pixels(self, 8)))
        self.findings: ttk.Frame | None = None
        self.waiting = ttk.Frame(self.body)
        self.waiting.columnconfigure(0, weight=1, minsize=pixels(self, 480))
        self.status = ttk.Label(self.waiting, wraplength=pixels(self, 480))
        self.status.grid(sticky="w", pady=(0, pixels(self, 8)))
        self.progress = ttk.Progressbar(self.waiting, maximum=1.0)
        self.presenter = EvaluatePresenter(
            self, self.sources.presenter, network=network, name=name, on_choose=on_choose
        )
        self.mistakes_button = self.add_button(_("All mistakes"), self._show_mistakes)
        self.start_button = self.add_button(
            pgettext("button", "Evaluate"), self.presenter.start, is_default=True
        )

    def open(self) -> None:
        self.presenter.begin()
        self.present()

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self.sources.restyle(palette)
        self._colour_status()
        for part in (self.confusion, self.gallery):
            if part is not None:
                part.restyle(palette)

    # Before there is a result

    def show_waiting(self, text: str, *, is_error: bool) -> None:
        self._forget_findings()
        self._show_status(text, is_error=is_error)
        self.waiting.grid(row=1, column=0, sticky="new")
        self.progress.grid_remove()
        self.mistakes_button.pack_forget()
        self._show_button(self.start_button)
        self.close_button.configure(text=_("Close"))
        self.make_default(self.start_button)

    def enable_start(self, is_enabled: bool) -> None:
        self.start_button.state(["!disabled" if is_enabled else "disabled"])

    def show_measuring(self, text: str) -> None:
        self._show_status(text)
        self.progress.configure(value=0)
        self.progress.grid(sticky="ew")
        self.close_button.configure(text=_("Cancel"))
        self.make_default(self.close_button)

    def show_progress(self, share: float) -> None:
        self.progress.configure(value=share)

    def _show_status(self, text: str, *, is_error: bool = False) -> None:
        self._is_error = is_error
        self.status.configure(text=text)
        self._colour_status()

    def _colour_status(self) -> None:
        self.status.configure(foreground=self.palette.error if self._is_error else self.palette.text)

    # The result

    def show_findings(self, findings: Findings) -> None:
        gap = pixels(self, 8)
        self._forget_findings()
        self.waiting.grid_remove()
        self.start_button.pack_forget()
        self.close_button.configure(text=_("Close"))
        page = self.findings = ttk.Frame(self.body)
        page.grid(row=1, column=0, sticky="nsew")
        self.headline = ttk.Label(
            page, text=unbroken(findings.headline), font=SUBTITLE_FONT, style=READ_LABEL, takefocus=True
        )
        self.headline.grid(row=0, column=0, columnspan=2, sticky="w")
        note = self.add_note(page, findings.note)
        note.grid(row=1, column=0, columnspan=2, sticky="w", pady=(0, 2 * gap))
        attach(
            note,
            _(
                "An interval of 95 % holds the true share in 95 of 100 such measurements. "
                "Confidence is off by as much as what it promises and what comes true lie apart."
            ),
        )
        confusion = self.confusion = ConfusionMatrix(
            page, findings.counts, palette=self.palette, on_choose=self.presenter.show_cell
        )
        confusion.grid(row=2, column=0, sticky="nsew", padx=(0, 2 * gap))
        self.gallery = Gallery(
            page, self.presenter.tile, palette=self.palette, on_choose=self.presenter.put_on_page
        )
        self.gallery.grid(row=2, column=1, rowspan=2, sticky="nsew")
        help_note = self.add_note(
            page, _("Click a number to see its digits, and a digit to put it on the page.")
        )
        help_note.grid(row=3, column=0, sticky="w", pady=(gap, 0))
        confusion.bind("<Configure>", lambda event: help_note.configure(wraplength=event.width), add=True)
        for text in (self.headline, note):
            page.bind("<Configure>", partial(_wrap, text), add=True)
        page.rowconfigure(2, weight=1)
        page.columnconfigure(0, weight=5, uniform="share")
        page.columnconfigure(1, weight=4, uniform="share")
        self._show_button(self.mistakes_button)
        largest = room(self.parent)
        width, height = min(pixels(self, 900), largest[0]), min(pixels(self, 660), largest[1])
        self.minsize(min(pixels(self, 620), width), min(pixels(self, 440), height))
        # Narrower than any screen, so that it is scrolled one way at most, unless a language needs more.
        self.scrolled.least = max(pixels(self, 500), self.sources.winfo_reqwidth()), pixels(self, 560)
        if not self._is_large:  # later ones find it where the person has put it
            self.place_in_sight(width, height)
            self._is_large = True
        self.headline.focus_set()  # it is read first, and stays in sight where the page is scrolled

    def _forget_findings(self) -> None:
        """Those of other test images."""
        if self.findings is not None:
            self.findings.destroy()
        self.findings = self.confusion = self.gallery = None

    def _show_button(self, button: ttk.Button) -> None:
        button.pack(side="right", padx=(pixels(self, 8), 0))

    def show_images(self, indices: Sequence[int], title: str) -> None:
        assert self.gallery is not None
        self.gallery.show(indices, title)

    def _show_mistakes(self) -> None:
        assert self.confusion is not None
        self.confusion.forget_choice()
        self.presenter.show_mistakes()


def _wrap(text: ttk.Label, event: tk.Event[tk.Misc]) -> None:
    text.configure(wraplength=event.width)
