"""The keys, in one table: menus, bindings and the help are all made from it.

`windowing_system` is what Tk calls the desktop: "x11", "win32" or "aqua" (macOS).
"""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcut:
    """The keys of one action: as Tk binds them, and as people read them, the usual one first."""

    action: str
    description: str
    labels: tuple[str, ...]
    sequences: tuple[str, ...]


def shortcuts(windowing_system: str) -> tuple[Shortcut, ...]:
    """Return the shortcuts that a desktop's people expect."""
    aqua = windowing_system == "aqua"
    # Command+Y shows the history in a Mac's browser; nobody there expects it to redo.
    redo = (_Key("z", shift=True),) if aqua else (_Key("z", shift=True), _Key("y"))
    table = (
        ("open", "Open a picture or a drawing", (_Key("o"),), ()),
        ("save", "Save the drawing", (_Key("s"),), ()),
        ("undo", "Undo", (_Key("z"),), ()),
        ("redo", "Redo", redo, ()),
        ("clear", "Clear the page", (), ("Delete", "BackSpace")),
        ("draw", "Put the eraser away", (), ("Escape",)),  # never what loses ink: it also closes menus
        ("retrain", "Train a new network", (_Key("r"),), ()),
        ("evaluate", "Measure the network", (_Key("e"),), ()),
        ("open network", "Open another network", (_Key("o", shift=True),), ()),
        ("shortcuts", "Show these keys", (), ("F1",)),
        ("quit", "Quit", (_Key("q"),), ()),
    )
    return tuple(
        Shortcut(
            action,
            description,
            labels=(*(key.label(aqua) for key in letters), *(_NAMES.get(k, k) for k in named)),
            sequences=(
                *(sequence for key in letters for sequence in key.sequences(aqua)),
                *(f"<{name}>" for name in named),
            ),
        )
        for action, description, letters, named in table
    )


def pointer_help(windowing_system: str) -> tuple[tuple[str, str], ...]:
    """Return what the mouse or pen does, as pairs of gesture and effect."""
    eraser = "Right button"
    if windowing_system == "aqua":
        eraser += " or Control+click"
    return (("Left button, pen or finger", "Draw"), (eraser, "Erase the stroke it touches"))


def eraser_buttons(windowing_system: str) -> tuple[str, ...]:
    """Return the presses that erase, as Tk event patterns."""
    if windowing_system == "aqua":  # Tk 8.6 calls a Mac's right button 2, later versions 3
        return ("<ButtonPress-2>", "<ButtonPress-3>", "<Control-ButtonPress-1>")
    return ("<ButtonPress-3>",)


def select_all_by_control_a(root: tk.Misc) -> None:
    """Have Ctrl+A select all of a text field, where Tk goes to the start of the line by it, as Emacs does."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        keys = ("<Control-a>", "<Control-Lock-A>")
        root.event_delete("<<LineStart>>", *keys)
        root.event_add("<<SelectAll>>", *keys)


_NAMES = {"Escape": "Esc", "BackSpace": "Backspace"}


@dataclass(frozen=True)
class _Key:
    """A letter with Control, or with Command on a Mac."""

    letter: str
    shift: bool = False

    def label(self, aqua: bool) -> str:
        shift = "Shift+" if self.shift else ""
        return f"{'Command' if aqua else 'Ctrl'}+{shift}{self.letter.upper()}"

    def sequences(self, aqua: bool) -> tuple[str, str]:
        # Both cases, because Caps Lock turns them round. With Shift held Tk prefers the pattern
        # that names it, so Ctrl+Shift+Z reaches redo and not undo.
        modifiers = ("Command-" if aqua else "Control-") + ("Shift-" if self.shift else "")
        return f"<{modifiers}{self.letter}>", f"<{modifiers}{self.letter.upper()}>"
