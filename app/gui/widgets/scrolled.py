"""A frame for what may be larger than the screen: it is scrolled where there is too little room for it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.gui.theme import Palette, pixels

WHEEL = ("<MouseWheel>", "<Button-4>", "<Button-5>")  # Windows and macOS; up and down on X11
SCROLL_KEYS: dict[str, tuple[str | float, ...]] = {
    "Up": ("scroll", -1, "units"),
    "Down": ("scroll", 1, "units"),
    "Prior": ("scroll", -1, "pages"),
    "Next": ("scroll", 1, "pages"),
    "Home": ("moveto", 0.0),
    "End": ("moveto", 1.0),
}


class Scrolled(ttk.Frame):
    """Put widgets into `inside`: it fills the frame, and has scrollbars where it needs more than that.

    The frame asks for what `inside` needs, but for no more than `largest`. The wheel scrolls, and a widget
    that gets the keys comes into sight.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent)
        self.grid_propagate(False)
        self.largest = self.winfo_screenwidth(), self.winfo_screenheight()
        self.least: tuple[int, int] | None = None  # what `inside` can be shrunk to, if it can be
        self._next_fit: str | None = None
        self._view = tk.Canvas(self, borderwidth=0, highlightthickness=0)
        self.inside = ttk.Frame(self._view)
        self._item = self._view.create_window(0, 0, anchor="nw", window=self.inside)
        self.down = ttk.Scrollbar(self, command=self._view.yview)
        self.across = ttk.Scrollbar(self, command=self._view.xview, orient="horizontal")
        self._view.configure(yscrollcommand=self.down.set, xscrollcommand=self.across.set)
        self._view.grid(row=0, column=0, sticky="nsew")
        self._gap = pixels(self, 6)  # between what is scrolled and its bars
        self.down.grid(row=0, column=1, sticky="ns", padx=(self._gap, 0))
        self.across.grid(row=1, column=0, sticky="ew", pady=(self._gap, 0))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.restyle(palette)
        # The top level hears of whatever changes in it; `inside` hears of its own size alone.
        top = self.winfo_toplevel()
        top.bind("<Configure>", lambda event: self._fit_soon(), add=True)
        top.bind("<FocusIn>", lambda event: self._show(event.widget), add=True)
        for wheel in WHEEL:
            top.bind(wheel, self._on_wheel, add=True)

    def restyle(self, palette: Palette) -> None:
        self._view.configure(background=palette.window)

    def destroy(self) -> None:
        if self._next_fit is not None:
            self.after_cancel(self._next_fit)
            self._next_fit = None
        super().destroy()

    def fit(self) -> None:
        """Ask for what is needed now, and share out what there is."""
        needed = self.inside.winfo_reqwidth(), self.inside.winfo_reqheight()
        bar = self.down.winfo_reqwidth() + self._gap
        self.configure(
            width=min(needed[0] + bar * (needed[1] > self.largest[1]), self.largest[0]),
            height=min(needed[1] + bar * (needed[0] > self.largest[0]), self.largest[1]),
        )
        width, height = self.least or needed
        down = height > self.winfo_height()
        across = width > self.winfo_width() - bar * down
        down = height > self.winfo_height() - bar * across
        show_if(self.down, down)
        show_if(self.across, across)
        width = max(width, self.winfo_width() - bar * down)
        height = max(height, self.winfo_height() - bar * across)
        # 0: the size that it asks for; only so it is heard of when that changes
        self._view.itemconfigure(
            self._item,
            width=width if width != needed[0] else 0,
            height=height if height != needed[1] else 0,
        )
        self._view.configure(scrollregion=(0, 0, width, height))

    def scroll(self, key: str) -> bool:
        """Do what a key of SCROLL_KEYS asks for; return whether there is anything to scroll."""
        if not self.down.winfo_manager():
            return False
        self._view.yview(*SCROLL_KEYS[key])
        return True

    def _fit_soon(self) -> None:
        if self._next_fit is None:
            self._next_fit = self.after_idle(self._fit_now)

    def _fit_now(self) -> None:
        self._next_fit = None
        self.fit()

    def _show(self, widget: object) -> None:
        """Scroll until a widget in here can be seen; one that is larger than the view stays where it is."""
        if not isinstance(widget, tk.Misc) or not str(widget).startswith(f"{self.inside}."):
            return
        view, inside = self._view, self.inside
        left, top = widget.winfo_rootx() - inside.winfo_rootx(), widget.winfo_rooty() - inside.winfo_rooty()
        x = _first(left, widget.winfo_width(), round(view.canvasx(0)), view.winfo_width())
        y = _first(top, widget.winfo_height(), round(view.canvasy(0)), view.winfo_height())
        view.xview_moveto(x / inside.winfo_width())
        view.yview_moveto(y / inside.winfo_height())

    def _on_wheel(self, event: tk.Event[tk.Misc]) -> None:
        widget = event.widget
        has_its_own = any(widget.bind_class(widget.winfo_class(), wheel) for wheel in WHEEL)
        if self.down.winfo_manager() and not has_its_own:  # a list or a text scrolls itself
            is_up = event.num == 4 or event.delta > 0
            self._view.yview_scroll(-1 if is_up else 1, "units")


def _first(start: int, length: int, first: int, size: int) -> int:
    """Where a view of this size begins, moved as little as shows what begins at `start`."""
    if length > size:
        return first
    return min(start, max(first, start + length - size))


def show_if(widget: tk.Widget, is_shown: bool) -> None:
    """Leave a widget its place in the grid, or take it out for a while."""
    if is_shown:
        widget.grid()
    else:
        widget.grid_remove()
