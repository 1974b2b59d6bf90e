"""Colours, fonts and sizes: sv-ttk for the themed widgets, a Palette for all that is drawn.

sv-ttk styles ttk widgets and menus. What the program draws on canvases takes its colours from
a Palette, so that a widget can be restyled while it is shown.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from tkinter import font, ttk

from app.gui.file_dialogs import style_file_dialogs
from app.gui.scaled_theme import draw_menu_marks, use_theme
from app.gui.screen import follow_resolution


@dataclass(frozen=True)
class Palette:
    """The colours of one theme.

    On `window` and on `paper`, text has a contrast of 4.5 or more, and an edge one of 3, as WCAG 2.2 asks.
    """

    window: str
    menu: str  # what lies over all else
    text: str
    muted: str
    faint: str  # lines that only divide: nothing is lost where they are not seen
    edge: str  # where something ends: the page, a picture, a full bar
    accent: str
    error: str
    paper: str  # a grey, as the ink is
    ink: str
    minus: str  # numbers below zero and above it: told apart by every kind of eye, and from paper
    plus: str
    pens: Mapping[str, str]  # the colours that a person may draw with, by the names of the settings

    @cached_property
    def shades(self) -> bytes:
        """For bytes.translate: from amounts of ink, 0 to 255, to greys from paper to ink."""
        paper, ink = int(self.paper[-2:], 16), int(self.ink[-2:], 16)
        return bytes(round(paper + (ink - paper) * amount / 255) for amount in range(256))

    def tint(self, certainty: float) -> str:
        """The colour of what is so certain, from 0 to 1: from that of quiet text to the accent."""
        quiet, strong = (bytes.fromhex(colour[1:]) for colour in (self.muted, self.accent))
        parts = (round(a + (b - a) * certainty) for a, b in zip(quiet, strong, strict=True))
        return "#" + bytes(parts).hex()


PALETTES = {
    "light": Palette(
        window="#fafafa",
        menu="#ffffff",
        text="#1c1c1c",
        muted="#666666",
        faint="#e3e3e3",
        edge="#868686",
        accent="#005fb8",
        error="#b3261e",
        paper="#ffffff",
        ink="#1c1c1c",
        minus="#b35806",
        plus="#1f5fa8",
        pens={
            "ink": "#1c1c1c",
            "blue": "#005fb8",
            "red": "#b3261e",
            "green": "#1b6e3c",
            "violet": "#6b3fa0",
        },
    ),
    "dark": Palette(
        window="#1c1c1c",
        menu="#323232",
        text="#fafafa",
        muted="#a0a0a0",
        faint="#383838",
        edge="#767676",
        accent="#57c8ff",
        error="#ff8a80",
        paper="#262626",
        ink="#f2f2f2",
        minus="#ff9d4a",
        plus="#5cb8ff",
        pens={
            "ink": "#f2f2f2",
            "blue": "#57c8ff",
            "red": "#ff8a80",
            "green": "#6fd08c",
            "violet": "#c9a6ff",
        },
    ),
}

# sv-ttk's fonts, their sizes in pixels on a screen of 96 dots an inch, and whether they are bold.
_FONTS = {
    "SunValleyCaptionFont": (12, False),
    "SunValleyBodyFont": (14, False),
    "SunValleyBodyStrongFont": (14, True),
    "SunValleySubtitleFont": (20, True),
}
FontOfSize = tuple[str, int, str]  # family, size in pixels below zero, weight: what Tk takes for a font
# Those of Tk itself, which menus, fields and file dialogs have; on X11 they do not follow the screen.
_TK_FONTS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkIconFont", "TkFixedFont")
_TK_FONT_SIZE = 13

MENU_BAR = "menubar"  # the name of the widget
_ZOOM = "lenet_canvas_zoom"  # a variable of the interpreter, where every widget finds it

READ_LABEL = "Read.TLabel"  # the style of words that take the keys, so as to be read first
CAPTION_FONT, BODY_FONT, STRONG_FONT, SUBTITLE_FONT = _FONTS


def apply_theme(root: tk.Tk, name: str) -> Palette:
    """Style all themed widgets and menus; return the colours for what is drawn."""
    follow_resolution(root)
    scale = screen_scale(root)
    use_theme(root, name, scale)
    if root.tk.call("tk", "windowingsystem") == "x11":  # its file dialogs are Tk's own
        colours = PALETTES[name]
        _style_menus(root, colours)
        style_file_dialogs(root, ground=colours.window, writing=colours.text, scale=scale)
        for font_name in _TK_FONTS:
            font.nametofont(font_name, root).configure(size=-round(_TK_FONT_SIZE * scale))
    default = font.nametofont("TkDefaultFont", root)
    installed = font.families(root)
    for font_name, (size, bold) in _FONTS.items():
        named = font.nametofont(font_name, root)
        named.configure(size=-round(size * scale))  # negative: pixels
        # sv-ttk's family comes with Windows 11; elsewhere the system's own stands in for it.
        if str(named.cget("family")) not in installed:
            named.configure(family=default.actual("family"), weight="bold" if bold else "normal")
    _show_keys_at_words(root, PALETTES[name].accent)
    # sv-ttk has measured the rows of lists with its fonts as they were before.
    row = font.nametofont("SunValleyBodyFont", root).metrics("linespace") + round(6 * scale)
    ttk.Style(root).configure("Treeview", rowheight=row)
    _show_keys_in_lists(root, PALETTES[name])
    return PALETTES[name]


def font_of_size(widget: tk.Misc, size: float, *, bold: bool = False) -> FontOfSize:
    """The theme's font in a size of its own, in the screen's pixels, for what grows with its room.

    A named font would be measured anew by every widget there is when its size changes.
    """
    named = font.nametofont(STRONG_FONT if bold else BODY_FONT, widget)
    return str(named.cget("family")), -max(1, round(size)), "bold" if bold else "normal"


def line_height(widget: tk.Misc, face: FontOfSize) -> int:
    """From one line to the next, in the screen's pixels."""
    return int(widget.tk.call("font", "metrics", face, "-linespace"))


def text_width(widget: tk.Misc, face: FontOfSize, text: str) -> int:
    """In the screen's pixels; font.Font would round the size to whole points first."""
    return int(widget.tk.call("font", "measure", face, text))


def shortened(widget: tk.Misc, face: FontOfSize, text: str, room: int) -> str:
    """Return the text, or its beginning with an ellipsis, so that it takes no more than so many pixels."""
    if text_width(widget, face, text) <= room:
        return text
    kept = len(text)
    while kept and text_width(widget, face, f"{text[:kept].rstrip()}…") > room:
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def _style_menus(root: tk.Tk, palette: Palette) -> None:
    """Give the theme's colours to the menus that there are, and to those that are made later.

    sv-ttk's own binding ends in an error for every menu, and marks what is chosen in white on white.
    """
    ends = {"relief": "solid", "borderWidth": 1, "activeBorderWidth": 0}
    colours = {
        "background": palette.menu,
        "foreground": palette.text,
        "activeBackground": palette.accent,
        "activeForeground": palette.window,
        "disabledForeground": palette.edge,
        "selectColor": palette.text,
    }
    for option, value in (ends | colours).items():
        root.option_add(f"*Menu.{option}", value)
    for option, value in {"background": palette.window, "relief": "flat", "borderWidth": 0}.items():
        root.option_add(f"*{MENU_BAR}.{option}", value)
    # the copies that a bar shows, .#menubar and the like, follow what they are copies of
    root.tk.eval(
        "bind Menu <<ThemeChanged>> {if {![string match {*.#*} %W]} {foreach option {"
        + " ".join(colours)
        + "} {%W configure -[string tolower $option] [option get %W $option {}]}}}"
    )


def _show_keys_at_words(root: tk.Tk, colour: str) -> None:
    """Have a line drawn around words that have the keys.

    sv-ttk tells it hardly at a check or a choice, and no theme at a label.
    """
    style = ttk.Style(root)
    for kind in ("Checkbutton", "Radiobutton"):
        root.tk.eval(
            f"ttk::style layout T{kind} {{ {kind}.padding -sticky nswe -children {{"
            f" {kind}.indicator -side left"
            f" {kind}.focus -side left -children {{ {kind}.label -sticky nswe }} }} }}"
        )
        style.configure(f"T{kind}", focuscolor=colour)
    root.tk.eval(
        f"ttk::style layout {READ_LABEL}"
        " { Label.focus -sticky nswe -children { Label.label -sticky nswe } }"
    )
    style.configure(READ_LABEL, focuscolor=colour)


def _show_keys_in_lists(root: tk.Tk, palette: Palette) -> None:
    """Have the row that the keys are at stand out; sv-ttk paints it like one that is only chosen."""
    style = ttk.Style(root)
    style.map(
        "Treeview",
        background=[("selected", "focus", palette.accent), ("selected", palette.faint)],
        foreground=[("selected", "focus", palette.window), ("selected", palette.text)],
    )


def screen_scale(widget: tk.Misc) -> float:
    """Return how many pixels stand for one on a screen of 96 dots an inch: in quarters, times the zoom."""
    return max(1.0, round(4 * widget.winfo_fpixels("1i") / 96) / 4) * _zoom(widget) / 100


@dataclass(frozen=True)
class MenuMarks:
    """What stands at the entries of a menu that has choices: Tk's own mark never grows."""

    chosen: tk.PhotoImage
    not_chosen: tk.PhotoImage
    no_choice: tk.PhotoImage


def scaled_marks(root: tk.Tk, palette: Palette) -> MenuMarks | None:
    """What stands in menus at what is chosen; None where the system's own are as large as all else."""
    scale = screen_scale(root)
    is_drawn_by_tk = root.tk.call("tk", "windowingsystem") == "x11"
    return MenuMarks(*draw_menu_marks(root, scale, palette.text)) if is_drawn_by_tk and scale != 1 else None


def set_zoom(root: tk.Tk, percent: int) -> None:
    """Have all type and all sizes so much larger, from the next `apply_theme` on."""
    root.setvar(_ZOOM, str(percent))


def _zoom(widget: tk.Misc) -> int:
    try:
        return int(widget.getvar(_ZOOM))
    except tk.TclError:  # nobody has set it
        return 100


def pixels(widget: tk.Misc, size: float) -> int:
    """Scale a size in pixels at 96 dots an inch to this screen."""
    return round(size * screen_scale(widget))
