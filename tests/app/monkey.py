"""A monkey at the window: random clicks, drags, keys and menus, the same ones for the same seed."""

from __future__ import annotations

import random
import tkinter as tk
import webbrowser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from tkinter import filedialog
from unittest import mock
from weakref import WeakSet

from app.gui.dialogs.dialog import Dialog
from app.language import _, languages, speaking

KEYS = [
    "<Return>", "<space>", "<Tab>", "<Shift-Tab>", "<Up>", "<Down>", "<Left>", "<Right>", "<Prior>", "<Next>",
    "<Home>", "<End>", "<Delete>", "<BackSpace>", "<Escape>", "<F1>", "<F11>", "<Control-z>", "<Control-a>",
    "<Control-c>", "<Control-v>", "<Control-plus>", "<Control-minus>", "<Control-0>", "<Control-Shift-z>",
]  # fmt: skip


class Monkey:
    """Plays on a window by its timer, so that it goes on where the window waits for an answer.

    Parameters
    ----------
    window
        The main window.
    seed
        Of what it does.
    files
        What it chooses in file dialogs; "" is Cancel.
    """

    def __init__(self, window: tk.Tk, *, seed: int, files: Sequence[str] = ("",)) -> None:
        self.window = window
        self.events = 0
        self.opened: Counter[str] = Counter()  # windows, by what they are
        self._met: WeakSet[tk.Toplevel] = WeakSet()
        self._random = random.Random(seed)
        self._files = list(files)
        self._quit = set()  # in any language: the menus change a moment after that
        for known in languages():
            with speaking(known.code):
                self._quit.add(_("Quit"))
        self._names = ("askopenfilename", "asksaveasfilename", "askdirectory")

    def play(self, goes_on: Callable[[int], bool]) -> None:
        """Do one thing after the other while `goes_on` says so of their number; then close what is open."""
        with ExitStack() as stack:
            for name in self._names:
                stack.enter_context(
                    mock.patch.object(filedialog, name, lambda **options: self._random.choice(self._files))
                )
            stack.enter_context(mock.patch.object(filedialog, "askopenfilenames", self._several))
            stack.enter_context(
                mock.patch.object(webbrowser, "open", lambda address: self._random.random() < 0.5)
            )
            over = tk.BooleanVar(self.window, False)
            self._next_step = self.window.after(1, self._step, goes_on, over)
            self.window.wait_variable(over)
            self.window.after_cancel(self._next_step)
            self._close_dialogs()
            self.window.update()

    def _several(self, **options: object) -> tuple[str, ...]:
        chosen = self._random.choice(self._files)
        return (chosen,) if chosen else ()

    def _step(self, goes_on: Callable[[int], bool], over: tk.BooleanVar) -> None:
        # Before it acts: what it does may open a question, which waits in here for the next steps.
        self._next_step = self.window.after(1, self._step, goes_on, over)
        if not goes_on(self.events):
            over.set(True)
            self._close_dialogs()  # a question of the last step, or what it leads to, still waits
            return
        self.events += 1
        for dialog in _dialogs(self.window):
            if dialog not in self._met:
                self._met.add(dialog)
                self.opened[type(dialog).__name__] += 1
        deeds = [self._click] * 6 + [self._press] * 5 + [self._drag] * 4 + [self._choose_entry] * 3
        self._random.choice([*deeds, self._scroll, self._resize, self._leave])()

    def _places(self) -> list[tk.Misc]:
        """The widgets that can be reached: all, or those of the window that has taken the mouse."""
        holder = str(self.window.tk.call("grab", "current", self.window))
        if not holder:
            return list(_shown(self.window))
        try:
            widget = self.window.nametowidget(holder)
        except KeyError:  # the list of a combobox, which is Tk's own
            widget = None
        if widget is None:
            self.window.tk.call("event", "generate", holder, self._random.choice(["<Escape>", "<Return>"]))
            return []
        if isinstance(widget, tk.Menu):  # one that popped up; without a window manager no key reaches it
            self.window.tk.call("tk::MenuUnpost", widget)
            return []
        return list(_shown(widget))

    def _place(self) -> tk.Misc | None:
        places = self._places()
        dialogs = _dialogs(self.window)
        if dialogs and self._random.random() < 0.7:  # else it would hardly come to what a dialog leads to
            places = [place for place in places if place.winfo_toplevel() is dialogs[-1]] or places
        return self._random.choice(places) if places else None

    def _point(self, widget: tk.Misc) -> tuple[int, int]:
        return self._random.randrange(max(widget.winfo_width(), 1)), self._random.randrange(
            max(widget.winfo_height(), 1)
        )

    def _click(self) -> None:
        widget, button = self._place(), self._random.choice([1, 1, 1, 3])
        if widget is not None:
            x, y = self._point(widget)
            widget.event_generate("<Motion>", x=x, y=y)
            widget.event_generate(f"<ButtonPress-{button}>", x=x, y=y)
            if widget.winfo_exists():
                widget.event_generate(f"<ButtonRelease-{button}>", x=x, y=y)

    def _drag(self) -> None:
        canvases = [place for place in self._places() if isinstance(place, tk.Canvas)]
        if canvases:
            canvas, button = self._random.choice(canvases), self._random.choice([1, 1, 1, 3])
            canvas.event_generate(f"<ButtonPress-{button}>", **_at(self._point(canvas)))
            for _ in range(self._random.randrange(12)):
                if canvas.winfo_exists():
                    canvas.event_generate(f"<B{button}-Motion>", **_at(self._point(canvas)))
            if canvas.winfo_exists():
                canvas.event_generate(f"<ButtonRelease-{button}>", **_at(self._point(canvas)))

    def _press(self) -> None:
        widget = self._place()
        if widget is not None:
            if self._random.random() < 0.3:
                widget.focus_set()
            widget.event_generate(self._random.choice(KEYS))

    def _scroll(self) -> None:
        widget = self._place()
        if widget is not None:
            widget.event_generate(
                self._random.choice(["<Button-4>", "<Button-5>"]), **_at(self._point(widget))
            )

    def _choose_entry(self) -> None:
        if self.window.tk.call("grab", "current", self.window):
            return  # a question is open: the menus cannot be reached
        menus = [widget for widget in _all(self.window) if isinstance(widget, tk.Menu)]
        if not menus:
            return
        menu = self._random.choice(menus)
        last = menu.index("end")
        index = self._random.randrange(last + 1) if last is not None else 0
        is_command = last is not None and menu.type(index) not in ("separator", "cascade", "tearoff")
        if is_command and str(menu.entrycget(index, "label")) not in self._quit:
            menu.invoke(index)

    def _resize(self) -> None:
        size = self._random.choice(["640x480", "800x600", "1280x800", "700x900"])
        self.window.geometry(f"{size}+0+0")

    def _leave(self) -> None:
        """Close a dialog by its cross."""
        self._close(self._random.choice([*_dialogs(self.window), None]))

    def _close(self, dialog: tk.Toplevel | None) -> None:
        if dialog is not None and dialog.winfo_exists():
            holder = str(self.window.tk.call("grab", "current", self.window))
            if not holder or holder == str(dialog):
                command = dialog.protocol("WM_DELETE_WINDOW")
                self.window.tk.call(command) if command else dialog.destroy()

    def _close_dialogs(self) -> None:
        for dialog in reversed(_dialogs(self.window)):
            if isinstance(dialog, Dialog) and dialog.winfo_exists():
                dialog.destroy()  # by its cross it may ask, and wait for an answer
            else:
                self._close(dialog)  # whoever opened it knows then that it is gone


def _at(point: tuple[int, int]) -> dict[str, int]:
    return {"x": point[0], "y": point[1]}


def _dialogs(window: tk.Misc) -> list[tk.Toplevel]:
    return [widget for widget in _all(window) if isinstance(widget, tk.Toplevel)]


def _all(widget: tk.Misc) -> Iterator[tk.Misc]:
    yield widget
    for child in widget.winfo_children():
        yield from _all(child)


def _shown(widget: tk.Misc) -> Iterator[tk.Misc]:
    return (each for each in _all(widget) if each.winfo_ismapped() and not isinstance(each, tk.Menu))
