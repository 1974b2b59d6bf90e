"""One window for the tests that ask nothing of how it opens: to open another takes longer than they do."""

from __future__ import annotations

import re
import shutil
import tkinter as tk
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import numpy as np

from app.gui.window import Window
from app.store.settings import Settings
from tests.app.fakes import FakeReader
from tests.app.hand import is_closed, wait_until

# All of its interpreter that its objects do not tell: a line for each widget, each entry of a menu and each
# item of a canvas. What is hidden is laid out when it is shown, and what is shown has the size it was given.
_DRAWN = """apply {{} {
    proc values {options} {
        lmap option $options {if {[lindex $option 0] in {-width -height}} {continue} {lindex $option end}}
    }
    set told [list "timers [llength [after info]]" "grab [grab current]" "keys [focus -lastfor .]" \
        "title [wm title .]" "least [wm minsize .]" "theme [ttk::style theme use]" "shown [wm state .]" \
        "attributes [wm attributes .]" "sequences [bind .]"]
    foreach name [lsort [font names]] {lappend told "$name [font configure $name]"}
    set left .
    while {[llength $left]} {
        set left [lassign $left widget]
        set place [expr {[winfo ismapped $widget] ? [winfo geometry $widget] : "hidden"}]
        lappend told "$widget $place [winfo manager $widget] [values [$widget configure]]"
        if {[winfo class $widget] eq "Canvas"} {
            foreach item [$widget find all] {
                if {[$widget itemcget $item -state] ne "hidden"} {
                    lappend told "$widget [$widget type $item] [$widget coords $item] [$widget gettags $item]\
                        [values [$widget itemconfigure $item]]"
                }
            }
        }
        if {[winfo class $widget] eq "Menu" && [$widget index end] ne "none"} {
            for {set index 0} {$index <= [$widget index end]} {incr index} {
                lappend told "$widget $index [values [$widget entryconfigure $index]]"
            }
        }
        lappend left {*}[winfo children $widget]
    }
    join $told \\n
}}
"""
# names of widgets, images, timers and commands, which are counted on with each that is made
_COUNTED = re.compile(r"(?:(?<=!)[a-z_]+|pyimage|after#)\d+|(?<![\d.])\d{7,}\w*")
_OF_TK = {"tk", "master", "children", "_w", "_name", "_tclCommands", "_last_child_ids", "widgetName"}
_OF_TK |= {"_windowingsystem_cached"}
_OF_A_DRAG = {"_path"}  # begins anew with each
_FOUND_INSIDE = ("_base", "_compared", "_gathering", "_mapped", "_mapping", "_other")  # of the last network


class KeptWindow:
    """A window that goes from test to test, each time as it opened.

    Parameters
    ----------
    open_window : callable
        (reader, settings_path) -> Window.
    folder : Path
        For what it keeps; made anew for each test.
    """

    def __init__(self, open_window: Callable[[FakeReader, Path], Window], folder: Path) -> None:
        self._open, self._folder = open_window, folder
        self.settings_path = folder / "settings" / "settings.json"
        self.reader = FakeReader()
        self._window: Window | None = None

    def renew(self) -> None:
        """An empty folder, and a reader that has read nothing."""
        shutil.rmtree(self._folder, ignore_errors=True)
        vars(self.reader).clear()
        vars(self.reader).update(vars(FakeReader()))

    @property
    def is_as_new(self) -> bool:
        """Whether folder and reader are as the window found them when it was opened."""
        return not self._folder.exists() and self.reader == FakeReader()

    def lend(self) -> Window:
        window = self._window
        if window is None:
            window = self._window = self._open(self.reader, self.settings_path)
            self._geometry = window.geometry()
            self._inside = {name: getattr(window.inside, name) for name in _FOUND_INSIDE}
            self._models = [(model, _content(model)) for model in _models(window)]
            self._first = _state(window)
        window.lift()
        return window

    def take_back(self) -> list[str]:
        """Bring it to where it began; return what is not as it was, of a window that is kept no longer."""
        window, self._window = self._window, None
        assert window is not None
        if is_closed(window):
            self.renew()
            return []
        try:
            self._reset(window)
            state = _state(window)
        except BaseException:
            window.destroy()
            raise
        if state == self._first:
            self._window = window
            return []
        window.destroy()
        lines = list(unified_diff(self._first, state, n=0, lineterm=""))[2:]
        return [line for line in lines if not line.startswith("@@")]

    def close(self) -> None:
        if self._window is not None and not is_closed(self._window):
            self._window.destroy()
        self._window = None

    def _reset(self, window: Window) -> None:
        """Close and choose what a person would; what the program remembers of it is put back."""
        window.update()
        window.canvas.lift_pen()
        window.tk.call("tk::MenuUnpost", "")
        window.canvas.focus_force()  # Tk may crash where what has the keys goes
        window.update()
        for dialog in window.dialogs.opened:
            dialog.destroy()
        window.menus._take_away()
        if window.inside.is_open.get():
            window.menus.choose("inside")
        window.update()
        looks = {"theme": window.appearance.theme, "pen": window._pen, "pen colour": window._pen_colour}
        for name, variable in looks.items():
            usual = getattr(Settings, name.replace(" ", "_"))
            if variable.get() != usual:
                window.menus.pick(name, usual)
        vars(window.inside).update(self._inside)
        for model, content in self._models:
            _put_back(model, content)
        self.renew()
        window.geometry(self._geometry)
        window._controller.start()
        window.exchange.show_recent()
        window.show_message("")
        wait_until(window, lambda: window.geometry() == self._geometry)
        window.canvas.focus_set()
        window.update()
        window.lower()  # it covers no other test's


def _models(window: Window) -> list[Any]:
    """What the window and its desks hold that is no widget's: presenters, the drawing, what is kept."""
    found: dict[int, Any] = {}

    def look(each: Any, *, in_model: bool) -> None:
        if isinstance(each, (tk.Misc, tk.Variable, tk.Image)) or id(each) in found:
            return
        module = type(each).__module__
        is_model = module.startswith(("app.", "tests.")) and not module.startswith("app.gui.")
        if is_model or (in_model and isinstance(each, (dict, list, set))):
            found[id(each)] = each
        if in_model and isinstance(each, (list, set, tuple, dict)):
            for value in each.values() if isinstance(each, dict) else each:
                look(value, in_model=True)
        elif module.startswith("app.") and hasattr(each, "__dict__"):
            for value in vars(each).values():
                look(value, in_model=is_model)

    for value in vars(window).values():
        look(value, in_model=False)
    return list(found.values())


def _content(model: Any) -> Any:
    return model.copy() if isinstance(model, (dict, list, set)) else dict(vars(model))


def _put_back(model: Any, content: Any) -> None:
    if isinstance(model, list):
        model[:] = content
    else:
        changing = model if isinstance(model, (dict, set)) else vars(model)
        changing.clear()
        changing.update(content)


def _state(window: Window) -> list[str]:
    """All that the window and the objects of the program in it are, a line for each value."""
    told = "\n".join([*_told(window, "window", set()), str(window.tk.eval(_DRAWN))])
    return _COUNTED.sub("N", told).splitlines()


def _told(value: Any, path: str, seen: set[int]) -> Iterator[str]:
    if isinstance(value, tk.Variable):
        yield f"{path} {value.get()!r}"
    elif isinstance(value, np.ndarray):
        yield f"{path} {value.shape} {hash(value.tobytes()):x}"
    elif value is None or isinstance(value, (str, bytes, int, float, Path)):
        yield f"{path} {value!r}"
    elif id(value) not in seen:
        seen.add(id(value))
        if isinstance(value, dict):
            for key, each in value.items():
                yield from _told(each, f"{path}[{key!r}]", seen)
        elif isinstance(value, (list, tuple, set, frozenset)):
            yield f"{path} {len(value)}"
            for number, each in enumerate(value):
                yield from _told(each, f"{path}[{number}]", seen)
        elif type(value).__module__.startswith(("app.", "tests.")) and hasattr(value, "__dict__"):
            for name, each in vars(value).items():
                if name not in _OF_TK | _OF_A_DRAG:
                    yield from _told(each, f"{path}.{name}", seen)
        else:
            yield f"{path} {type(value).__name__}"
