"""sv-ttk at any size: its indicators, arrows, borders and paddings are made for a screen of 96 dots an inch.

Its widgets are pictures, cut from a sheet, with borders and paddings in pixels. For another scale the
pictures are resized, the numbers in its definition are multiplied, and a theme of its own is made of both.
"""

from __future__ import annotations

import io
import logging
import re
import tkinter as tk
from pathlib import Path
from tkinter import ttk

import sv_ttk
from PIL import Image, ImageDraw

# What it does when the theme changes asks for the theme's name, which is that before the scale.
_PROCEDURES = """
proc sun_valley_theme {} {lindex [split [ttk::style theme use] @] 0}
foreach name {config_entry_font config_menus configure_colors} {
    set body [string map {"[ttk::style theme use]" "[sun_valley_theme]"} [info body $name]]
    proc $name [info args $name] $body
}
"""
_SIZES = re.compile(r"-(border|padding|width|height) (\{[\d ]+\}|\d+)")
_OF_ONE_THEME = re.compile(r"^source .*$", re.MULTILINE)
_MARK, _MARK_ROOM = 14, 20  # px at 96 dots an inch, of a menu's mark
_FINER = 4  # times, as it is drawn
_OF_CHOICES = 3  # px that Tk puts before the words of a choice, and of nothing else

logger = logging.getLogger(__name__)


def use_theme(root: tk.Tk, name: str, scale: float) -> None:
    """Have all themed widgets look like sv-ttk's "light" or "dark", so many times as large as it is."""
    style = ttk.Style(root)
    theme = f"sun-valley-{name}"
    if theme not in style.theme_names():
        _load(root, name)
    if scale != 1:
        scaled = f"{theme}@{scale:g}"
        if scaled not in style.theme_names():
            try:
                _make(root, name, scale)
            except (OSError, ValueError, tk.TclError):  # another version of it may be made otherwise
                logger.exception("sv-ttk stays small")
                scaled = theme
        theme = scaled
    style.theme_use(theme)


def _load(root: tk.Tk, name: str) -> None:
    """Make sv-ttk's light or dark as it does itself, but not the other one, which may never be shown."""
    script = Path(sv_ttk.TCL_THEME_FILE_PATH)
    try:
        root.tk.call("source", str(script.with_name("theme") / f"{name}.tcl"))
        if not root.tk.call("info", "procs", "config_menus"):  # what both have in common
            root.tk.eval(_OF_ONE_THEME.sub("", script.read_text(encoding="utf-8")))
    except (OSError, tk.TclError):  # another version of it may be made otherwise
        logger.exception("sv-ttk makes both themes")
        sv_ttk.get_theme(root)


def _make(root: tk.Tk, name: str, scale: float) -> None:
    folder = Path(sv_ttk.TCL_THEME_FILE_PATH).with_name("theme")
    definition = (folder / f"{name}.tcl").read_text(encoding="utf-8")
    definition = definition[definition.index("ttk::style theme create") : definition.rindex("}")]
    definition = definition.replace(f"sun-valley-{name}", f"sun-valley-{name}@{scale:g}", 1)
    definition = _SIZES.sub(lambda found: f"-{found[1]} {_multiplied(found[2], scale)}", definition)
    space = f"ttk::theme::sv_{name}"
    for sprite, data in _sprites(root, folder, name, scale):
        root.tk.call("set", f"{space}::I({sprite})", root.tk.call("image", "create", "photo", "-data", data))
    root.tk.eval(_PROCEDURES)
    root.tk.eval(f"namespace eval {space} {{{definition}}}")


def _multiplied(sizes: str, scale: float) -> str:
    return re.sub(r"\d+", lambda size: str(round(int(size[0]) * scale)), sizes)


def _sprites(root: tk.Tk, folder: Path, name: str, scale: float) -> list[tuple[str, bytes]]:
    """Each picture's name, and its larger self as a PNG."""
    root.tk.call("source", str(folder / f"sprites_{name}.tcl"))
    told = root.tk.splitlist(root.tk.eval("set ::spriteinfo"))
    sprites = []
    with Image.open(folder / f"spritesheet_{name}.png") as opened:
        sheet = opened.convert("RGBA")
    for sprite, *place in zip(*(told[i::5] for i in range(5)), strict=True):
        x, y, width, height = map(int, place)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        part = sheet.crop((x, y, x + width, y + height))
        content = io.BytesIO()
        part.resize(size, Image.Resampling.LANCZOS).save(content, "PNG", compress_level=1)
        sprites.append((str(sprite), content.getvalue()))
    return sprites


def draw_menu_marks(
    root: tk.Misc, scale: float, colour: str
) -> tuple[tk.PhotoImage, tk.PhotoImage, tk.PhotoImage]:
    """What stands in a menu at what is chosen, what is not, and what is no choice; `colour` is #rrggbb."""
    side, room = round(_MARK * scale), round(_MARK_ROOM * scale)
    mark = Image.new("RGBA", (room * _FINER, side * _FINER), colour + "00")
    corners = [(x * side * _FINER, y * side * _FINER) for x, y in ((0.12, 0.52), (0.4, 0.8), (0.9, 0.22))]
    ImageDraw.Draw(mark).line(corners, fill=colour, width=round(0.13 * side * _FINER), joint="curve")
    content = io.BytesIO()
    mark.resize((room, side), Image.Resampling.BOX).save(content, "PNG")
    return (
        tk.PhotoImage(master=root, data=content.getvalue(), format="png"),
        tk.PhotoImage(master=root, width=room, height=side),
        tk.PhotoImage(master=root, width=room + _OF_CHOICES, height=side),
    )
