"""Help > About LeNet Canvas: what the program is."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app import VERSION
from app.gui.dialogs.dialog import Dialog
from app.gui.theme import SUBTITLE_FONT, Palette, pixels
from app.language import _


class AboutDialog(Dialog):
    """The program's icon, name and purpose."""

    def __init__(self, parent: tk.Tk, icon: tk.PhotoImage, *, palette: Palette) -> None:
        super().__init__(parent, _("About LeNet Canvas"), palette=palette)
        self._icon = icon.subsample(max(1, icon.width() // pixels(self, 64)))
        ttk.Label(self.body, image=self._icon).grid(
            row=0, column=0, rowspan=2, sticky="n", padx=(0, pixels(self, 16))
        )
        ttk.Label(self.body, text="LeNet Canvas", font=SUBTITLE_FONT).grid(row=0, column=1, sticky="w")
        ttk.Label(self.body, text=_text(), wraplength=pixels(self, 380)).grid(
            row=1, column=1, sticky="w", pady=(pixels(self, 8), 0)
        )
        ttk.Label(
            self.body, text=_("Version {version}").format(version=VERSION), foreground=palette.muted
        ).grid(row=2, column=1, sticky="w", pady=(pixels(self, 8), 0))
        self.resizable(False, False)
        self.present()


def _text() -> str:
    return _(
        "Draw a digit and see, while the pen still moves, which one a descendant of LeNet-5 reads and "
        "how sure it is. The network and everything that trains it are written in NumPy.\n\n"
        "LeNet-5 is the network of Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, “Gradient-Based "
        "Learning Applied to Document Recognition”, 1998. The one that ships has two smaller kernels "
        "in place of each of its large ones.\n\n"
        "Free software under the MIT licence."
    )
