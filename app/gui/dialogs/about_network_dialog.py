"""Network > About this network: the figures of its network.json, and its model card."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from itertools import accumulate, zip_longest
from tkinter import font, ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.theme import BODY_FONT, STRONG_FONT, SUBTITLE_FONT, Palette, pixels
from app.language import _
from app.page.about_network import card_pieces, figure_name, readable


class AboutNetworkDialog(Dialog):
    """The facts as a tree of names and values; the card, where there is one, as text."""

    def __init__(
        self,
        parent: tk.Tk,
        name: str,
        facts: Mapping[str, object],
        card: str | None,
        *,
        palette: Palette,
    ) -> None:
        super().__init__(parent, _("About the network {name}").format(name=name), palette=palette)
        tabs = ttk.Notebook(self.body)
        tabs.grid(sticky="nsew")
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.card: tk.Text | None = None
        if card is not None:
            page, self.card = _card_page(tabs, card, palette)
            tabs.add(page, text=_("Model card"))
        page, self.figures = _figures_page(tabs, facts)
        tabs.add(page, text=_("Figures"))
        self.scrolled.least = pixels(self, 320), pixels(self, 200)  # its pages scroll themselves
        self.minsize(pixels(self, 360), pixels(self, 300))
        self.present()

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        if self.card is not None:
            self.card.configure(
                foreground=palette.text,
                background=palette.window,
                highlightcolor=palette.accent,
                highlightbackground=palette.window,
            )


def _card_page(parent: tk.Misc, text: str, palette: Palette) -> tuple[ttk.Frame, tk.Text]:
    page = ttk.Frame(parent, padding=pixels(parent, 8))
    view = tk.Text(
        page,
        width=72,
        height=18,
        wrap="word",
        font=BODY_FONT,
        cursor="",
        foreground=palette.text,
        background=palette.window,
        borderwidth=0,
        highlightthickness=1,  # seen while it has the keys
        highlightcolor=palette.accent,
        highlightbackground=palette.window,
        takefocus=True,  # for the keys that scroll it: Tk gives none to a text that cannot be changed
    )
    gap, pieces = pixels(parent, 4), list(card_pieces(text))
    body = font.nametofont(BODY_FONT, parent)
    rows = [piece.split("\t") for kind, piece in pieces if kind == "row"]
    names = [row[0] for row in rows if len(row) == 2]
    widest = pixels(parent, 240)  # of names, so that what is beside them has room on a small screen
    column = min(max(map(body.measure, names), default=0) + 4 * gap, widest)
    cells = zip_longest(*(row for row in rows if len(row) > 2), fillvalue="")  # of each column of figures
    stops = tuple(accumulate(min(max(map(body.measure, each)) + 4 * gap, widest) for each in cells))
    view.tag_configure("title", font=SUBTITLE_FONT, spacing3=2 * gap)
    view.tag_configure("heading", font=STRONG_FONT, spacing1=4 * gap, spacing3=gap)
    view.tag_configure("row", tabs=(column,), lmargin2=column, spacing1=gap)
    view.tag_configure("table", tabs=stops, spacing1=gap)
    view.tag_configure("item", lmargin1=2 * gap, lmargin2=4 * gap, spacing1=gap)
    view.tag_configure("text", spacing1=gap, spacing3=gap)
    for kind, piece in pieces:
        if piece.count("\t") > 1:
            name, _tab, figures = piece.partition("\t")
            line, *more = _wrapped(body, name, widest - 4 * gap)
            view.insert("end", f"{line}\t{figures}\n", "table")
            view.insert("end", "".join(f"{line}\n" for line in more))
        else:
            view.insert("end", piece + "\n", kind)
    view.configure(state="disabled")
    _with_scrollbar(page, view)
    return page, view


def _wrapped(face: font.Font, text: str, room: int) -> list[str]:
    """Return the lines of a text, each of as many words as there is room for, but one at least."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.measure(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _figures_page(parent: tk.Misc, facts: Mapping[str, object]) -> tuple[ttk.Frame, ttk.Treeview]:
    page = ttk.Frame(parent, padding=pixels(parent, 8))
    tree = ttk.Treeview(page, columns=("value",), show="tree", height=14)
    tree.column("#0", width=pixels(parent, 340), stretch=False)
    tree.column("value", width=pixels(parent, 260))
    _add_rows(tree, "", facts)
    _with_scrollbar(page, tree)
    return page, tree


def _add_rows(tree: ttk.Treeview, parent: str, facts: Mapping[str, object]) -> None:
    for key, value in facts.items():
        name = figure_name(key)
        if isinstance(value, Mapping):
            _add_rows(tree, tree.insert(parent, "end", text=name, open=True), value)
        else:
            tree.insert(parent, "end", text=name, values=(readable(key, value),))


def _with_scrollbar(page: ttk.Frame, view: tk.Text | ttk.Treeview) -> None:
    bar = ttk.Scrollbar(page, command=view.yview)
    view.configure(yscrollcommand=bar.set)
    view.grid(row=0, column=0, sticky="nsew")
    bar.grid(row=0, column=1, sticky="ns")
    page.columnconfigure(0, weight=1)
    page.rowconfigure(0, weight=1)
