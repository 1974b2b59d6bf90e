"""How the number of a unit comes about: sentences, small pictures, and the products in a list."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, STRONG_FONT, Palette, pixels
from app.gui.widgets.picture import picture
from app.language import _
from app.page.inside.sheet import Sheet

_COLUMNS = ("place", "value", "weight", "product")


class ArithmeticSide(ttk.Frame):
    """Shown while a unit is chosen; all of it follows the pen.

    Parameters
    ----------
    on_close : callable
        The person wants to see it no longer.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette, on_close: Callable[[], None]) -> None:
        super().__init__(parent)
        self.palette = palette
        gap = pixels(self, 6)
        self.title = ttk.Label(self, font=STRONG_FONT)
        self.close_button = ttk.Button(self, text=_("Close"), command=on_close)
        self.sentences = ttk.Label(self, justify="left")
        self._pictures = ttk.Frame(self)
        self._images: list[tk.PhotoImage] = []
        self.terms = ttk.Treeview(self, columns=_COLUMNS, show="headings", height=4, selectmode="browse")
        for column, heading, width in (
            ("place", _("Where"), 150),
            ("value", _("Input"), 62),
            ("weight", _("Weight"), 62),
            ("product", _("Product"), 70),
        ):
            self.terms.heading(column, text=heading, anchor="w")
            self.terms.column(column, width=pixels(self, width), stretch=column == "place", anchor="w")
        self.terms.bind("<FocusIn>", lambda event: self._mark_a_row())
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        self.title.grid(row=0, column=0, sticky="ew")
        self.close_button.grid(row=0, column=1, sticky="ne")
        self.sentences.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self._pictures.grid(row=2, column=0, columnspan=2, sticky="w")
        self.terms.grid(row=3, column=0, columnspan=2, sticky="nsew", pady=(gap, 0))
        self.bind("<Configure>", self._wrap)

    def show(
        self,
        title: str,
        sentences: Sequence[str],
        terms: Sequence[tuple[str, str, str, str]],
        pictures: Sequence[tuple[str, Sheet, bytes]],
    ) -> None:
        """Show one unit's: terms as place, input, weight and product; pictures with their titles."""
        self.title.configure(text=title)
        self.sentences.configure(text="\n".join(sentences))
        self._show_terms(terms)
        self._show_pictures(pictures)

    def restyle(self, palette: Palette) -> None:
        self.palette = palette

    def destroy(self) -> None:
        super().destroy()
        self._images = []

    def _show_terms(self, terms: Sequence[tuple[str, str, str, str]]) -> None:
        rows = self.terms.get_children()
        for row, term in zip(rows, terms, strict=False):
            self.terms.item(row, values=term)
        for term in terms[len(rows) :]:
            self.terms.insert("", "end", values=term)
        if rows[len(terms) :]:
            self.terms.delete(*rows[len(terms) :])
        if bool(terms) != bool(self.terms.winfo_manager()):
            self.terms.grid() if terms else self.terms.grid_remove()

    def _mark_a_row(self) -> None:
        """Which the arrow keys then move; without one nothing shows that the list has the keys."""
        rows = self.terms.get_children()
        if rows and not self.terms.selection():
            self.terms.focus(rows[0])
            self.terms.selection_set(rows[0])

    def _show_pictures(self, pictures: Sequence[tuple[str, Sheet, bytes]]) -> None:
        while len(self._pictures.winfo_children()) > len(pictures):
            self._pictures.winfo_children()[-1].destroy()
        labels = [label for label in self._pictures.winfo_children() if isinstance(label, ttk.Label)]
        images = []
        for place, (title, sheet, data) in enumerate(pictures):
            image = picture(self, data, sheet.width, sheet.height, self.palette.shades)
            images.append(image)
            if place < len(labels):
                labels[place].configure(text=title, image=image)
            else:
                label = ttk.Label(
                    self._pictures, text=title, image=image, compound="bottom", font=CAPTION_FONT
                )
                label.pack(side="left", anchor="n", padx=(0, pixels(self, 8)))
        self._images = images

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        for label in (self.sentences, self.title):
            label.configure(
                wraplength=max(80, event.width - (label is self.title) * self.close_button.winfo_width())
            )
