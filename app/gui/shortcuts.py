"""Keys, as Tk binds them and as people read them; and what the pointer does.

`windowing_system` is what Tk calls the desktop: "x11", "win32" or "aqua" (macOS).
"""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass

from app.language import _, pgettext
from engine.nn.losses import NO_CLASS


@dataclass(frozen=True)
class Key:
    """A key with those held beside it: as people read it, and as Tk binds it."""

    label: str
    sequences: tuple[str, ...]


def command(letter: str, aqua: bool, *, shift: bool = False) -> Key:
    """A letter with Control, or with Command on a Mac."""
    # Both cases, because Caps Lock turns them round. With Shift held Tk prefers the pattern
    # that names it, so Ctrl+Shift+Z reaches redo and not undo.
    modifiers = _modifiers(aqua) + ("Shift-" if shift else "")
    held = (_command(aqua), pgettext("key", "Shift")) if shift else (_command(aqua),)
    return Key(
        "+".join((*held, letter.upper())),
        (f"<{modifiers}{letter}>", f"<{modifiers}{letter.upper()}>"),
    )


def command_sign(label: str, aqua: bool, *names: str) -> Key:
    """A sign with Control, or with Command on a Mac; by the names of all keys that stand for it."""
    return Key(
        f"{_command(aqua)}+{label}",
        tuple(f"<{_modifiers(aqua)}Key-{name}>" for name in names),
    )


def _command(aqua: bool) -> str:
    return pgettext("key", "Command") if aqua else pgettext("key", "Ctrl")


def _modifiers(aqua: bool) -> str:
    return "Command-" if aqua else "Control-"


def named(name: str) -> Key:
    """A key that Tk knows by a name."""
    labels = {
        "Escape": pgettext("key", "Esc"),
        "BackSpace": pgettext("key", "Backspace"),
        "Delete": pgettext("key", "Delete"),
    }
    return Key(labels.get(name, name), (f"<{name}>",))


def pointer_help(windowing_system: str, *, right_erases: bool) -> tuple[tuple[str, str], ...]:
    """Return what the mouse or pen does, and the keyboard's pen, as pairs of gesture and effect."""
    right = _("Right button or Control+click") if windowing_system == "aqua" else _("Right button")
    return (
        (_("Left button, pen or finger"), _("Draw")),
        (_("Click a digit of a number"), _("Show how sure the network is of it")),
        (_("Click a bar"), _("Have it remembered that it is this digit; while Inside is open, ask why")),
        (_("Left or right arrow, at the answer"), _("Show the digit beside it")),
        (_("Shift and left button"), _("Read the strokes that are touched as one digit")),
        (_("The same, across one from above to below"), _("Cut there: read two digits")),
        (_("Left button, with Eraser"), _("Erase the strokes that are touched")),
        (_("Left button, with Select"), _("Drag a box around what is meant in a picture")),
        (right, _("Erase the stroke it touches") if right_erases else _("Open a menu")),
        (_("Arrow keys"), _("Move a pen over the page; with Shift in larger steps")),
        (_("0 to 9, or –"), _("Have the network remember that it is this digit, or none")),
        (_("Space bar"), _("Put this pen down, or lift it; Return and Esc lift it, too")),
    )


def lesson_keys(label: int) -> tuple[str, ...]:
    """The keys that say what digit a drawing is, or, for NO_CLASS, that it is none, as Tk event patterns."""
    if label == NO_CLASS:
        return ("<Key-minus>", "<Key-KP_Subtract>")
    return (f"<Key-{label}>", f"<Key-KP_{label}>")


def has_modifier(event: tk.Event[tk.Misc], windowing_system: str) -> bool:
    """Whether Control, Alt or Command is held beside a key."""
    alt = 0x20000 if windowing_system == "win32" else 0x8  # which on Windows is Num Lock
    return bool(int(event.state) & (0x4 | alt))


def right_button(windowing_system: str) -> tuple[str, ...]:
    """Return the presses of the right button, as Tk event patterns."""
    if windowing_system == "aqua":  # Tk 8.6 calls a Mac's right button 2, later versions 3
        return ("<ButtonPress-2>", "<ButtonPress-3>", "<Control-ButtonPress-1>")
    return ("<ButtonPress-3>",)


def select_all_by_control_a(root: tk.Misc) -> None:
    """Have Ctrl+A select all of a text field, where Tk goes to the start of the line by it, as Emacs does."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        keys = ("<Control-a>", "<Control-Lock-A>")
        root.event_delete("<<LineStart>>", *keys)
        root.event_add("<<SelectAll>>", *keys)
