"""VIEW: the window of --mode viewtest: test images, what is looked for among them, and each of them large.

Which images are shown is told by app.page.browsing.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app import language
from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.image_dialog import ImageDialog
from app.gui.gallery import Gallery
from app.gui.icon import show_icon
from app.gui.screen import room, run_until_closed, screen_needed
from app.gui.system_theme import SystemTheme
from app.gui.theme import Palette, apply_theme, pixels
from app.language import _
from app.page.browsing import (
    SURENESS,
    Filter,
    first_of_page,
    heading,
    large_image,
    matching,
    place_of_image,
    sureness_label,
)
from app.page.predicted import digit_tile
from app.store.settings import load_settings
from app.user_folders import settings_file
from engine import Dataset, Evaluation


class Browser(ttk.Frame):
    """Two rows to say what is looked for and where to go, over a Gallery.

    Control+G leads to the page's number, Home and End to the first and the last page, and Return, or a click,
    to the large image.
    """

    def __init__(
        self,
        root: tk.Tk,
        dataset: Dataset,
        evaluation: Evaluation,
        *,
        source: str,
        palette: Palette,
        only_mistakes: bool = False,
    ) -> None:
        super().__init__(root)
        self._window, self._palette = root, palette
        self._dataset, self._evaluation, self._source = dataset, evaluation, source
        self._numbers: list[int] = []
        self._build_filter(only_mistakes)
        self._build_ways()
        self.gallery = Gallery(
            self,
            lambda number: digit_tile(dataset, evaluation, number),
            palette=palette,
            on_choose=self._show_large,
        )
        self.gallery.pack(fill="both", expand=True)
        for key, go in (("<Home>", self.gallery.turn_to_begin), ("<End>", self.gallery.turn_to_end)):
            self.gallery.grid_of_digits.bind(key, lambda event, go=go: go())  # type: ignore[misc]
        root.bind("<Control-g>", lambda event: self.page.focus_set())
        self.look()
        self.gallery.grid_of_digits.focus_set()

    def _build_filter(self, only_mistakes: bool) -> None:
        row = ttk.Frame(self)
        row.pack(side="top", fill="x", pady=(0, pixels(self, 8)))
        digits = sorted(set(self._evaluation.labels.tolist()))
        self._digits: list[int | None] = [None, *digits]
        self.digit = self._choice(row, [_("all digits"), *map(str, digits)])
        self.sureness = self._choice(row, [sureness_label(sureness) for sureness in SURENESS])
        self._only_mistakes = tk.BooleanVar(self, only_mistakes)
        self.mistakes = ttk.Checkbutton(
            row, text=_("Mistakes only"), variable=self._only_mistakes, command=self.look
        )
        self.mistakes.pack(side="left")

    def _choice(self, row: ttk.Frame, labels: list[str]) -> ttk.Combobox:
        choice = ttk.Combobox(row, values=labels, state="readonly", width=max(map(len, labels)) + 1)
        choice.current(0)
        choice.bind("<<ComboboxSelected>>", lambda event: self.look())
        choice.pack(side="left", padx=(0, pixels(self, 8)))
        return choice

    def _build_ways(self) -> None:
        row = ttk.Frame(self)
        row.pack(side="top", fill="x", pady=(0, pixels(self, 8)))
        self.page = self._way(row, _("Go to page"))
        self.number = self._way(row, _("Go to image no."))
        self.trouble = ttk.Label(row, foreground=self._palette.error)
        self.trouble.pack(side="left")
        self.page.bind("<Return>", lambda event: self.go_to_page())
        self.number.bind("<Return>", lambda event: self.go_to_image())

    def _way(self, row: ttk.Frame, label: str) -> ttk.Entry:
        gap = pixels(self, 8)
        ttk.Label(row, text=label).pack(side="left", padx=(0, gap))
        entry = ttk.Entry(row, width=7)
        entry.pack(side="left", padx=(0, 2 * gap))
        return entry

    @property
    def wanted(self) -> Filter:
        """What is looked for now."""
        return Filter(
            digit=self._digits[self.digit.current()],
            sureness=list(SURENESS)[self.sureness.current()],
            only_mistakes=self._only_mistakes.get(),
        )

    def look(self) -> None:
        """Show what is looked for, from the first page on."""
        self.trouble.configure(text="")
        self._numbers = matching(self._evaluation, self.wanted)
        self.gallery.show(self._numbers, heading(self._evaluation, self._source, self.wanted))

    def go_to_page(self) -> None:
        first = first_of_page(self.page.get(), len(self._numbers), self.gallery.grid_of_digits.capacity)
        self._go(first, _("This is no page."))

    def go_to_image(self) -> None:
        self._go(place_of_image(self.number.get(), self._numbers), _("This image is not among them."))

    def _go(self, place: int | None, trouble: str) -> None:
        self.trouble.configure(text=trouble if place is None else "")
        if place is not None:
            self.gallery.turn_to_place(place)
            self.gallery.grid_of_digits.focus_set()

    def _show_large(self, number: int) -> None:
        for child in self._window.winfo_children():
            if isinstance(child, Dialog):  # one at a time
                child.destroy()
        numbers = self._numbers  # its neighbours stay, also where something else is looked for meanwhile
        ImageDialog(
            self._window,
            palette=self._palette,
            place=numbers.index(number),
            count=len(numbers),
            image_at=lambda place: large_image(self._dataset, self._evaluation, numbers[place]),
        ).present()


def open_browser(
    dataset: Dataset, evaluation: Evaluation, *, source: str, only_mistakes: bool = False
) -> None:
    """Show test images until the window is closed, also by Escape; NoDisplayError without a screen."""
    settings, _trouble = load_settings(settings_file())
    language.speak(settings.language)
    with screen_needed():
        root = tk.Tk(className="Lenetcanvas")
    theme = SystemTheme().wait(0.5) if settings.theme == "system" else settings.theme
    palette = apply_theme(root, theme)
    root.title(_("Test images — LeNet Canvas"))
    root.configure(background=palette.window)
    _icon = show_icon(root)  # referred to until the window is closed
    root.bind("<Escape>", lambda event: root.destroy())
    browser = Browser(root, dataset, evaluation, source=source, palette=palette, only_mistakes=only_mistakes)
    gap = pixels(root, 16)
    browser.pack(fill="both", expand=True, padx=gap, pady=gap)
    largest = room(root)
    root.geometry(f"{min(pixels(root, 940), largest[0])}x{min(pixels(root, 700), largest[1])}")
    run_until_closed(root)
