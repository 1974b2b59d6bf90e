"""All that can be done in the window, in one table: what menus, buttons, keys and help are made from.

The table is made when it is asked for, in the language that is spoken then. `windowing_system` is what Tk
calls the desktop: "x11", "win32" or "aqua" (macOS).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.gui.shortcuts import Key, command, command_sign, named
from app.language import _, languages, pgettext
from app.page.controller import LESSONS
from engine.nn.losses import NO_CLASS

AS_THE_SYSTEM = "system"  # the value of a choice; Tk would take an empty one for none

# Under the right button, None for a line.
PAGE_MENU = (
    *("undo", "redo", None, "eraser", "select", "clear", None),
    *("join", "read apart", "read as two", None),
    *("teach", None),
    *("copy answer", "copy drawing", "paste", None, "open", "save"),
)
BUTTONS = ("undo", "redo", "eraser", "select", "clear")  # under the page, from left to right


@dataclass(frozen=True)
class Action:
    """What can be done: its label in the menu, the sentence that tells what it does, and its keys.

    The first of its keys is the usual one. One that `is_check` is on or off.
    """

    name: str
    label: str
    tip: str
    keys: tuple[Key, ...] = ()
    is_check: bool = False

    @property
    def keys_told(self) -> str:
        """All of its keys, for the help."""
        labels = [key.label for key in self.keys]
        return _("{key} or {other}").format(key=labels[0], other=labels[1]) if labels[1:] else labels[0]

    @property
    def hint(self) -> str:
        """The sentence with the usual key, for a tooltip."""
        return _("{tip} ({key})").format(tip=self.tip, key=self.keys[0].label) if self.keys else self.tip


@dataclass(frozen=True)
class Choices:
    """A menu of which one entry holds: pairs of a value and its label."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Menu:
    """A menu's entries from the top, None for a line between them; `name` is the same in every language."""

    name: str
    label: str
    entries: tuple[Action | Choices | Menu | None, ...] = ()


def menus(windowing_system: str) -> tuple[Menu, ...]:
    """The bar of menus, with the keys that a desktop's people expect."""
    aqua = windowing_system == "aqua"
    # Command+Y shows the history in a Mac's browser; nobody there expects it to redo.
    redo = (command("z", aqua, shift=True),) + (() if aqua else (command("y", aqua),))
    return (
        Menu(
            "file",
            _("File"),
            (
                Action(
                    "open",
                    _("Open image or drawing…"),
                    _("Open a picture or a drawing"),
                    (command("o", aqua),),
                ),
                Menu("recent", _("Open recent")),
                Action("save", _("Save drawing…"), _("Save the drawing"), (command("s", aqua),)),
                None,
                Action("quit", _("Quit"), _("Close the program"), (command("q", aqua),)),
            ),
        ),
        Menu(
            "edit",
            _("Edit"),
            (
                Action("undo", _("Undo"), _("Take the last change back"), (command("z", aqua),)),
                Action("redo", _("Redo"), _("Make the change again that was taken back"), redo),
                None,
                Action("clear", _("Clear"), _("Empty the page"), (named("Delete"), named("BackSpace"))),
                None,
                Action(
                    "copy answer",
                    _("Copy answer"),
                    _("Copy the answer as a text"),
                    (command("c", aqua),),
                ),
                Action(
                    "copy drawing",
                    _("Copy drawing"),
                    _("Copy the drawing as a picture"),
                    (command("c", aqua, shift=True),),
                ),
                Action(
                    "paste",
                    _("Paste"),
                    _("Put a picture, a file or a drawing from the clipboard on the page"),
                    (command("v", aqua),),
                ),
                None,
                Action(
                    "join",
                    _("Join with the next digit"),
                    _("Read this digit of a number and the next one as one"),
                ),
                Action(
                    "read apart",
                    _("Read its strokes apart"),
                    _("Read each stroke of this digit as a digit of its own"),
                ),
                Action(
                    "read as two",
                    _("Read as two digits"),
                    _("Cut this digit in two, where two digits are most likely"),
                ),
                None,
                Action("eraser", _("Eraser"), _("Erase the strokes that are touched"), is_check=True),
                Action(
                    "select",
                    _("Select"),
                    _("Drag a box around what is meant in a picture"),
                    (command("b", aqua),),
                    is_check=True,
                ),
                None,
                Action(
                    "right erases",
                    _("Erase by the right button"),
                    _("Have the right button erase, in place of its menu"),
                    is_check=True,
                ),
            ),
        ),
        Menu(
            "view",
            _("View"),
            (
                Action(
                    "larger",
                    _("Larger"),
                    _("Make letters and everything else larger"),
                    (command_sign(pgettext("key", "Plus"), aqua, "plus", "equal", "KP_Add"),),
                ),
                Action(
                    "smaller",
                    _("Smaller"),
                    _("Make letters and everything else smaller"),
                    (command_sign(pgettext("key", "Minus"), aqua, "minus", "KP_Subtract"),),
                ),
                Action(
                    "normal size",
                    _("Normal size"),
                    _("Make letters and everything else as large as they were at first"),
                    (command_sign("0", aqua, "0", "KP_0"),),
                ),
                Action(
                    "full screen",
                    _("Full screen"),
                    _("Fill the screen with the window"),
                    (named("F11"),),
                    is_check=True,
                ),
                None,
                Action(
                    "inside",
                    _("Inside"),
                    _("Look into the network while you draw"),
                    (named("F2"),),
                    is_check=True,
                ),
                Action(
                    "tint",
                    _("Show what is ink"),
                    _("Tint what was taken for ink in a picture"),
                    is_check=True,
                ),
                None,
                _themes(),
                _pens(),
                _pen_colours(),
                _languages(),
            ),
        ),
        Menu(
            "network",
            _("Network"),
            (
                Action(
                    "retrain",
                    _("Retrain…"),
                    _("Train a network of your own"),
                    (command("r", aqua),),
                ),
                Action(
                    "evaluate",
                    _("Evaluate…"),
                    _("Measure how well the network reads"),
                    (command("e", aqua),),
                ),
                None,
                Action(
                    "open network",
                    _("Open…"),
                    _("Let another network read"),
                    (command("o", aqua, shift=True),),
                ),
                Action(
                    "export network",
                    _("Export…"),
                    _("Save the network as one file, for other programs or people"),
                ),
                Action("go back", _("Go back"), _("Let the network before this one read again")),
                None,
                _lessons(),
                Action(
                    "forget", _("Forget the last lesson"), _("Forget what was taught last, and its sample")
                ),
                Action(
                    "my digits",
                    _("My digits…"),
                    _("Look through what was taught, to correct and delete it and to train with it"),
                    (command("m", aqua, shift=aqua),),  # Command+M puts a window away on a Mac
                ),
                Action(
                    "practise",
                    _("Practise…"),
                    _("Write the digits of which the network knows least in your hand"),
                ),
                Action(
                    "collect",
                    _("Collect drawings"),
                    _("Keep each drawing when it is cleared, on this computer alone, to be labelled later"),
                    is_check=True,
                ),
                _profiles(),
                None,
                Action("about network", _("About this network…"), _("Show what is known of the network")),
            ),
        ),
        Menu(
            "help",
            _("Help"),
            (
                Action("tour", _("Tour"), _("Show in two minutes what there is to see, on your own drawing")),
                Action("shortcuts", _("Keyboard shortcuts"), _("Show these keys"), (named("F1"),)),
                Action("about", _("About LeNet Canvas"), _("Show what the program is")),
            ),
        ),
    )


def actions(windowing_system: str) -> tuple[Action, ...]:
    """All actions, in the order of the menus; those that only keys reach come last."""
    # Escape never does what loses ink: it also closes menus.
    leave = Action(
        "leave",
        _("Leave"),
        _("Leave the full screen, put the eraser away, or take the box off a picture"),
        (named("Escape"),),
    )
    return (*_actions_in(menus(windowing_system)), leave)


def _actions_in(entries: tuple[Action | Choices | Menu | None, ...]) -> Iterator[Action]:
    for entry in entries:
        if isinstance(entry, Action):
            yield entry
        elif isinstance(entry, Menu):
            yield from _actions_in(entry.entries)


def _lessons() -> Menu:
    """What the digit that is shown may be said to be."""
    tip = _("Have the network remember what this is")
    digits = (Action(LESSONS[digit], str(digit), tip) for digit in range(10))
    return Menu("teach", _("This is a…"), (*digits, Action(LESSONS[NO_CLASS], _("No digit"), tip)))


def _profiles() -> Menu:
    """Names follow, of those who draw."""
    return Menu(
        "who draws",
        _("Who draws"),
        (
            Action("new profile", _("New…"), _("Draw under a name, with samples of one’s own")),
            Action("rename profile", _("Rename…"), _("Give whoever draws another name")),
            Action("delete profile", _("Delete…"), _("Delete whoever draws, with all samples")),
            None,
            Action(
                "export profile", _("Export…"), _("Save samples and network of whoever draws as one file")
            ),
            Action(
                "import profile", _("Import…"), _("Bring in somebody’s samples and network from such a file")
            ),
            None,
        ),
    )


def _themes() -> Choices:
    themes = ((AS_THE_SYSTEM, _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
    return Choices("theme", _("Theme"), themes)


def _pens() -> Choices:
    widths = (
        ("thin", pgettext("pen", "Thin")),
        ("medium", pgettext("pen", "Medium")),
        ("thick", pgettext("pen", "Thick")),
        ("very thick", pgettext("pen", "Very thick")),
    )
    return Choices("pen", _("Pen width"), widths)


def _pen_colours() -> Choices:
    colours = (
        ("ink", pgettext("pen", "Plain")),
        ("blue", pgettext("pen", "Blue")),
        ("red", pgettext("pen", "Red")),
        ("green", pgettext("pen", "Green")),
        ("violet", pgettext("pen", "Violet")),
    )
    return Choices("pen colour", _("Pen colour"), colours)


def _languages() -> Choices:
    """Each under its own name, so that it is found by whoever reads no other."""
    own_names = tuple((language.code, language.name) for language in languages())
    return Choices("language", _("Language"), ((AS_THE_SYSTEM, _("As the system")), *own_names))
