"""Colours, fonts and sizes: sv-ttk for the themed widgets, a Palette for all that is drawn.

sv-ttk styles ttk widgets and menus. What the program draws on canvases takes its colours from
a Palette, so that a widget can be restyled while it is shown.
"""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import font, ttk

import sv_ttk


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; text on `window` and `paper` has a contrast of 4.5 or more."""

    window: str
    text: str
    muted: str
    faint: str  # tracks and borders: seen, not read
    accent: str
    error: str
    paper: str  # a grey, as the ink is
    ink: str

    @property
    def shades(self) -> bytes:
        """For bytes.translate: from amounts of ink, 0 to 255, to greys from paper to ink."""
        paper, ink = int(self.paper[-2:], 16), int(self.ink[-2:], 16)
        return bytes(round(paper + (ink - paper) * amount / 255) for amount in range(256))


PALETTES = {
    "light": Palette(
        window="#fafafa",
        text="#1c1c1c",
        muted="#666666",
        faint="#e3e3e3",
        accent="#005fb8",
        error="#b3261e",
        paper="#ffffff",
        ink="#1c1c1c",
    ),
    "dark": Palette(
        window="#1c1c1c",
        text="#fafafa",
        muted="#a0a0a0",
        faint="#383838",
        accent="#57c8ff",
        error="#ff8a80",
        paper="#262626",
        ink="#f2f2f2",
    ),
}

# sv-ttk's fonts, their sizes in pixels on a screen of 96 dots an inch, and whether they are bold.
_FONTS = {
    "SunValleyCaptionFont": (12, False),
    "SunValleyBodyFont": (14, False),
    "SunValleyBodyStrongFont": (14, True),
    "SunValleySubtitleFont": (20, True),
}
CAPTION_FONT, BODY_FONT, STRONG_FONT, SUBTITLE_FONT = _FONTS


def apply_theme(root: tk.Tk, name: str) -> Palette:
    """Style all themed widgets and menus; return the colours for what is drawn."""
    sv_ttk.set_theme(name, root)
    # sv-ttk's own binding ends in an error for every menu, and marks what is chosen in white, on
    # light menus too.
    root.tk.eval(
        "bind Menu <<ThemeChanged>> "
        "{catch {config_menus %W}; %W configure -selectcolor [%W cget -foreground]}"
    )
    if root.tk.call("tk", "windowingsystem") == "x11":  # its file dialogs are Tk's own
        _hide_hidden_files(root)
    # They have a white list, whatever the theme.
    for dialog in ("TkFDialog", "TkChooseDir"):
        root.option_add(f"*{dialog}*Canvas.foreground", "black")
    scale = screen_scale(root)
    default = font.nametofont("TkDefaultFont", root)
    installed = font.families(root)
    for font_name, (size, bold) in _FONTS.items():
        named = font.nametofont(font_name, root)
        named.configure(size=-round(size * scale))  # negative: pixels
        # sv-ttk's family comes with Windows 11; elsewhere the system's own stands in for it.
        if str(named.cget("family")) not in installed:
            named.configure(family=default.actual("family"), weight="bold" if bold else "normal")
    # sv-ttk has measured the rows of lists with its fonts as they were before.
    row = font.nametofont("SunValleyBodyFont", root).metrics("linespace") + round(6 * scale)
    ttk.Style(root).configure("Treeview", rowheight=row)
    return PALETTES[name]


def _hide_hidden_files(root: tk.Tk) -> None:
    """Have Tk's file dialogs leave out .names until asked for them, as all others do."""
    # The dialogs are loaded by their first call; one with a wrong option opens nothing.
    root.tk.eval("catch {tk_getOpenFile -load}")
    root.tk.eval("set ::tk::dialog::file::showHiddenBtn 1; set ::tk::dialog::file::showHiddenVar 0")


def screen_scale(widget: tk.Misc) -> float:
    """Return how many pixels stand for one on a screen of 96 dots an inch, in quarters."""
    return max(1.0, round(4 * widget.winfo_fpixels("1i") / 96) / 4)


def pixels(widget: tk.Misc, size: float) -> int:
    """Scale a size in pixels at 96 dots an inch to this screen."""
    return round(size * screen_scale(widget))
