"""Help > About LeNet Canvas: what the program is, and where more is written."""

from __future__ import annotations

import tkinter as tk
import webbrowser
from functools import partial
from pathlib import Path
from tkinter import ttk

from app import VERSION
from app.gui.dialogs.dialog import Dialog
from app.gui.theme import SUBTITLE_FONT, Palette, pixels
from app.gui.widgets.link import Link
from app.language import _

README = Path(__file__).resolve().parents[3] / "README.md"
PAPER = "https://doi.org/10.1109/5.726791"


class AboutDialog(Dialog):
    """The program's icon, name and purpose, and links to its manual and to the paper."""

    def __init__(self, parent: tk.Tk, icon: tk.PhotoImage, *, palette: Palette) -> None:
        super().__init__(parent, _("About LeNet Canvas"), palette=palette)
        self._icon = icon.subsample(max(1, icon.width() // pixels(self, 64)))
        gap = pixels(self, 8)
        ttk.Label(self.body, image=self._icon).grid(row=0, column=0, rowspan=2, sticky="n", padx=(0, 2 * gap))
        ttk.Label(self.body, text="LeNet Canvas", font=SUBTITLE_FONT).grid(row=0, column=1, sticky="w")
        ttk.Label(self.body, text=_text(), wraplength=pixels(self, 380)).grid(
            row=1, column=1, sticky="w", pady=(gap, 0)
        )
        self.links: list[Link] = []
        for text, address in (
            (_("How it is used (README)"), README.as_uri()),
            (_("The paper on LeNet-5"), PAPER),
        ):
            link = Link(self.body, text, palette=palette, on_open=partial(self._open, address))
            link.grid(row=2 + len(self.links), column=1, sticky="w", pady=(gap, 0))
            self.links.append(link)
        self.add_note(self.body, _("Version {version}").format(version=VERSION)).grid(
            row=4, column=1, sticky="w", pady=(gap, 0)
        )
        self.trouble = ttk.Label(self.body, foreground=palette.error, wraplength=pixels(self, 380))
        self.resizable(False, False)
        self.present()

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self.trouble.configure(foreground=palette.error)
        for link in self.links:
            link.restyle(palette)

    def _open(self, address: str) -> None:
        try:
            is_open = webbrowser.open(address)
        except webbrowser.Error:
            is_open = False
        if not is_open:
            self.trouble.configure(
                text=_("No browser was found to open {address} with.").format(address=address)
            )
            self.trouble.grid(row=5, column=1, sticky="w", pady=(pixels(self, 8), 0))
            self.keep_in_sight()


def _text() -> str:
    return _(
        "Draw a digit and see, while the pen still moves, which one a descendant of LeNet-5 reads and "
        "how sure it is. The network and everything that trains it are written in NumPy.\n\n"
        "LeNet-5 is the network of Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, “Gradient-Based "
        "Learning Applied to Document Recognition”, 1998. The one that ships has two smaller kernels "
        "in place of each of its large ones.\n\n"
        "Free software under the MIT licence."
    )
