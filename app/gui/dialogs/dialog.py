"""What all dialogs share: they look like the window, stand over it, and close by Escape."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from tkinter import ttk
from typing import Any

from app.gui.dialogs.job_watch import JobWatch
from app.gui.screen import place_of, room
from app.gui.theme import Palette, pixels
from app.gui.widgets.mnemonics import free_letter
from app.gui.widgets.scrolled import SCROLL_KEYS, Scrolled
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.language import _, unbroken
from engine.machine.memory import give_back_freed_memory

DEFAULT_STYLE = "Accent.TButton"
Pressed = ttk.Button | ttk.Checkbutton | ttk.Radiobutton


class Dialog(tk.Toplevel):
    """A window with a body to fill and a row of buttons, of which Close is the first.

    A subclass puts its widgets into `body` and then calls `present`. On a small screen the body is scrolled,
    also by the arrow keys at a button of the row, and the buttons stay in sight. Return presses the button
    that has the keys, else the default one, and Alt with the letter that is underlined in a button that one.
    """

    def __init__(self, parent: tk.Tk, title: str, *, palette: Palette, floats: bool = True) -> None:
        """`floats` keeps it over the window; without that the window can be raised over it."""
        super().__init__(parent, background=palette.window)
        self.withdraw()  # until it is filled and placed
        self.title(title)
        self._floats = floats
        self._has_frame = False
        if floats:
            self.transient(parent)
        self.palette = palette
        self.over: tk.Wm = parent  # the window that it is placed over
        self._notes: list[ttk.Label] = []
        margin = pixels(self, 16)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.scrolled = Scrolled(self, palette=palette)
        self.scrolled.grid(row=0, column=0, sticky="nsew", padx=margin, pady=margin)
        self.body = self.scrolled.inside
        self.bar = ttk.Frame(self)
        self.bar.grid(row=1, column=0, sticky="e", padx=margin, pady=(0, margin))
        self.close_button = self.add_button(_("Close"), self.close)
        self.default_button = self.close_button
        self.bind("<Escape>", lambda event: self.close())
        self.bind("<Return>", self._on_return)
        self.bind("<KP_Enter>", self._on_return)
        self.bind("<Alt-KeyPress>", self._on_alt)
        self.bind("<Map>", lambda event: self._underline(), add=True)  # also when another page is turned to
        self.protocol("WM_DELETE_WINDOW", self.close)

    @property
    def is_busy(self) -> bool:
        """Whether work would be lost with the dialog."""
        return False

    def close(self) -> None:
        """What Escape, the Close button and the window's cross do."""
        self.destroy()

    def finish(self) -> None:
        """The program ends: what the person has typed and not yet confirmed is kept."""

    def destroy(self) -> None:
        for other in self.nametowidget(".").winfo_children():
            if (
                isinstance(other, Dialog) and other.over is self
            ):  # what is asked here has nobody to ask for it
                other.destroy()
        super().destroy()
        # A dialog and its widgets refer to each other, so they stay until the garbage collector comes by.
        # What would call Tk when it is freed is not left to it.
        for name, value in list(vars(self).items()):
            if isinstance(value, (tk.Variable, tk.Image)):
                delattr(self, name)
        # What pictures, tables and networks took for a while; a day at the window would gather it.
        give_back_freed_memory()

    def watch(self, job: Job, *, on_record: Callable[[Record], None], on_end: Callable[[], None]) -> None:
        """Follow a job, and end it with the dialog."""
        JobWatch(self, job, on_record=on_record, on_end=on_end)

    def add_button(self, text: str, command: Callable[[], object], *, is_default: bool = False) -> ttk.Button:
        """Add a button to the left of those that are there."""
        button = ttk.Button(self.bar, text=text, command=command)
        button.pack(side="right", padx=(pixels(self, 8), 0))
        button.lower()  # Tab goes from left to right
        button.bind("<Configure>", lambda event: self._underline(), add=True)  # also when its text changes
        for key in SCROLL_KEYS:
            button.bind(f"<{key}>", lambda event, key=key: self._scroll(key))  # type: ignore[misc]
        if is_default:
            self.make_default(button)
        return button

    def make_default(self, button: ttk.Button) -> None:
        """Have Return press this button, and mark it."""
        self.default_button.configure(style="TButton")
        self.default_button = button
        button.configure(style=DEFAULT_STYLE)

    def add_note(self, parent: tk.Misc, text: str = "", **options: Any) -> ttk.Label:
        """A quiet line of text, to be placed by the caller."""
        note = ttk.Label(parent, text=unbroken(text), foreground=self.palette.muted, **options)
        self._notes.append(note)
        note.bind("<Destroy>", lambda event: self._notes.remove(note))
        return note

    def restyle(self, palette: Palette) -> None:
        """Follow the theme, which has changed; themed widgets without a colour of their own do so anyway."""
        self.palette = palette
        self.configure(background=palette.window)
        self.scrolled.restyle(palette)
        for note in self._notes:
            note.configure(foreground=palette.muted)

    def present(self) -> None:
        """Show the dialog, and give it the keys."""
        self._fit()
        self.place_in_sight()
        self.bind("<Configure>", self._on_configure, add=True)
        self.deiconify()
        self.default_button.focus_set()

    def place_in_sight(self, width: int = 0, height: int = 0) -> None:
        """Put the dialog over its parent's middle, or beside it if it does not float, in sight as a whole."""
        parent, size = self.over, f"{width}x{height}" if width else ""
        assert isinstance(parent, tk.Tk | tk.Toplevel)
        width, height = width or self.winfo_reqwidth(), height or self.winfo_reqheight()
        left, top = place_of(parent)
        x = left + (parent.winfo_width() - width) // 2
        if not self._floats:
            x = parent.winfo_rootx() + parent.winfo_width() + pixels(self, 8)
        y = top + (parent.winfo_height() - height) // 2
        self.geometry(f"{size}{self._in_sight(x, y, width, height)}")

    def keep_in_sight(self) -> None:
        """Move a dialog that has grown, if it now leaves the screen."""
        self._fit()
        x, y = place_of(self)
        there = self._in_sight(x, y, self.winfo_reqwidth(), self.winfo_reqheight())
        if there != f"+{x}+{y}":
            self.geometry(there)

    def _fit(self) -> None:
        self.update_idletasks()
        margins = pixels(self, 16)
        width, height = room(self)
        self.scrolled.largest = width - 2 * margins, height - 3 * margins - self.bar.winfo_reqheight()
        self.scrolled.fit()
        self.update_idletasks()

    def _on_configure(self, event: tk.Event[tk.Misc]) -> None:
        """The frame that the system draws around it is known only some time after it is shown."""
        if event.widget is self and not self._has_frame and self.winfo_rooty() > place_of(self)[1]:
            self._has_frame = True
            self.keep_in_sight()

    def _in_sight(self, x: int, y: int, width: int, height: int) -> str:
        """Where the frame's corner goes, so that all of the frame is on the screen."""
        left, top = place_of(self)
        side, title = self.winfo_rootx() - left, self.winfo_rooty() - top
        x = max(0, min(x, self.winfo_screenwidth() - width - 2 * side))
        y = max(0, min(y, self.winfo_screenheight() - height - title - side))
        return f"+{x}+{y}"

    @property
    def _buttons(self) -> list[Pressed]:
        """What can be pressed, the row from left to right and then the body, as far as it is shown."""
        row = [button for button in reversed(self.bar.pack_slaves()) if isinstance(button, ttk.Button)]
        return [*row, *(each for each in _inside(self.body) if isinstance(each, Pressed))]

    def _underline(self) -> None:
        """Mark in each button the letter that presses it together with Alt."""
        given: list[tuple[str, int]] = []
        for button in self._buttons:
            label = str(button["text"])
            given.append((label, free_letter(label, given)))
            button.configure(underline=given[-1][1])

    def _scroll(self, key: str) -> str | None:
        return "break" if self.scrolled.scroll(key) else None

    def _on_alt(self, event: tk.Event[tk.Misc]) -> str | None:
        if self.tk.call("tk", "windowingsystem") == "aqua":  # Option types letters there
            return None
        letters = {event.char.lower(), event.keysym.lower()}
        self._underline()  # pages may have been turned
        for button in self._buttons:
            place = int(button["underline"])
            if place >= 0 and str(button["text"])[place].lower() in letters:
                button.invoke()
                return "break"
        return None

    def _on_return(self, event: tk.Event[tk.Misc]) -> None:
        chosen = event.widget if isinstance(event.widget, ttk.Button) else self.default_button
        chosen.invoke()


def _inside(widget: tk.Misc) -> Iterator[tk.Misc]:
    """All that is shown in a widget."""
    for child in widget.winfo_children():
        if child.winfo_ismapped():
            yield child
            yield from _inside(child)
