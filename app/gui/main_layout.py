"""How the page, what is read in it and the strips below share the window; and what gives way in a small one.

The page keeps a third of the window's height, whatever is open. Where that is more than is left to it, this
gives way, one after the other: the tools that keys and menus have as well, the bars where they lie below the
page, the line that only names the network; and what the strips say is scrolled.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.gui.theme import Palette, pixels
from app.gui.widgets.answer import Answer
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.drawing_canvas import DrawingCanvas
from app.gui.widgets.input_preview import InputPreview
from app.gui.widgets.inside.scrolled_column import ScrolledColumn
from app.gui.widgets.probability_bars import ProbabilityBars
from app.gui.widgets.scrolled import show_if
from app.gui.widgets.status_bar import StatusBar

LEAST_OF_PAGE = 1 / 3  # of the window's height
GIVE_WAY = ("redo", "eraser", "undo")  # of the tools, in this order: keys and menus have them, too
NARROW = 0.89  # of the least width: with less, page and results do not lie side by side
LEAST_BARS, LEAST_ANSWER, LEAST_FOOT = 100, 44, 60  # px at 96 dots an inch, in height
PAGE_SHARE = 0.6  # of the room above the strips, where the results lie below the page


class MainLayout:
    """Places the parts of a window, which it is told; `lay_out` is called when there may be other room.

    Parameters
    ----------
    main : frame
        Where `page` and `result` are.
    page : frame
        Where `canvas` and `tools` are.
    result : frame
        Where `answer`, `preview` and `bars` are.
    foot : ScrolledColumn
        The strips, below `main` and above `status`.
    least_width : int
        Of a window, in pixels.
    """

    def __init__(
        self,
        window: tk.Tk,
        *,
        main: ttk.Frame,
        page: ttk.Frame,
        canvas: DrawingCanvas,
        tools: ButtonRows,
        result: ttk.Frame,
        answer: Answer,
        preview: InputPreview,
        bars: ProbabilityBars,
        foot: ScrolledColumn,
        status: StatusBar,
        least_width: int,
    ) -> None:
        self._window, self._main, self._page, self._tools, self._result = window, main, page, tools, result
        self._answer, self._preview, self._bars = answer, preview, bars
        self._foot, self._status, self._least_width = foot, status, least_width
        self._gap = pixels(window, 12)
        self._buttons: dict[str, tk.Widget] = {}
        self._arranged: tuple[object, ...] = ()
        self._is_narrow = False
        canvas.pack(side="top", fill="both", expand=True)
        tools.pack(side="bottom", fill="x", pady=(self._gap, 0), before=canvas)
        page.grid(row=0, column=0, sticky="nsew")
        answer.grid(row=0, column=0, sticky="nsew")
        for part in (main, page, tools, foot.inside, status):
            part.bind("<Configure>", lambda event: self.lay_out(), add=True)
        for strip in foot.inside.winfo_children():  # what goes last of all leaves its room as it was
            for event in ("<Map>", "<Unmap>"):
                strip.bind(event, lambda event: self.lay_out(), add=True)

    def restyle(self, palette: Palette) -> None:
        self._foot.restyle(palette)

    def show_tools(self, buttons: dict[str, tk.Widget]) -> None:
        """Have these among the tools, by the names of their actions; the last one at the right edge."""
        self._buttons = buttons
        self.lay_out()

    def lay_out(self) -> None:
        """Share out the room that there is."""
        width, height = self._main.winfo_width(), self._main.winfo_height()
        least = round(LEAST_OF_PAGE * self._window.winfo_height())
        self._fit_foot(least)
        if height <= 1 or not self._buttons:
            return
        is_narrow = width < round(NARROW * self._least_width)
        tools = self._fitting_tools(least, PAGE_SHARE * height if is_narrow else height)
        below = self._gap + self._tools.height_of(tools)
        page = max(round(PAGE_SHARE * height), min(least + below, height)) if is_narrow else 0
        has_bars = not is_narrow or height - page - self._gap >= pixels(self._window, LEAST_BARS)
        arranged = is_narrow, tuple(tools), page, has_bars
        if arranged != self._arranged:
            self._arranged, self._is_narrow = arranged, is_narrow
            self._tools.fill(tools)
            self._arrange(page, has_bars=has_bars)

    def _fitting_tools(self, least: int, room: float) -> Sequence[tk.Widget]:
        """As many as leave the page what it needs, or else as many as leave it the most."""
        left = [
            [button for name, button in self._buttons.items() if name not in GIVE_WAY[:count]]
            for count in range(len(GIVE_WAY) + 1)
        ]
        most = max(room - self._gap - least, min(map(self._tools.height_of, left)))
        return next(tools for tools in left if self._tools.height_of(tools) <= most)

    def _fit_foot(self, least: int) -> None:
        """The strips take what the page leaves. The line below them goes first, where it says nothing new;
        where it does, and leaves them next to nothing, they wait until it is gone.
        """
        gap, status = self._gap, self._status
        above = least + gap + self._tools.height_of(list(self._buttons.values())[-1:]) + 2 * gap
        if self._is_narrow:
            above += gap + pixels(self._window, LEAST_ANSWER)
        line = status.winfo_reqheight() + pixels(self._window, 16)
        room = self._window.winfo_height() - above
        has_line = bool(status.message) or self._foot.needed + line <= room
        show_if(status, has_line)
        room -= line * has_line
        least_foot = pixels(self._window, LEAST_FOOT)
        show_if(self._foot, self._foot.needed <= room or room >= least_foot or not status.message)
        self._foot.limit(max(least_foot, room))

    def _arrange(self, page: int, *, has_bars: bool) -> None:
        """The results beside the page, or below it; there what the network sees is in the panel."""
        main, gap, width, result = self._main, self._gap, self._least_width, self._result
        is_narrow = self._is_narrow
        # below each other they take what they are given, whatever they would like
        self._page.pack_propagate(not is_narrow)
        result.grid_propagate(not is_narrow)
        if is_narrow:
            for frame in (self._page, result):
                frame.configure(width=1, height=1)
            result.grid(row=1, column=0, sticky="nsew", padx=0, pady=(gap, 0))
            self._preview.grid_remove()
            self._bars.grid(row=0, column=1, columnspan=1, sticky="nsew", pady=0)
            show_if(self._bars, has_bars)
            result.columnconfigure(0, weight=1, uniform="result")
            result.columnconfigure(1, weight=2 if has_bars else 0, uniform="result" if has_bars else "")
        else:
            result.grid(row=0, column=1, sticky="nsew", padx=(gap, 0), pady=0)
            self._preview.grid(row=0, column=1, sticky="nsew")
            self._bars.grid(row=1, column=0, columnspan=2, sticky="nsew", pady=(gap, 0))
            result.columnconfigure((0, 1), weight=1, uniform="")
        result.rowconfigure(0, weight=1, uniform="result")
        result.rowconfigure(1, weight=0 if is_narrow else 2, uniform="" if is_narrow else "result")
        main.rowconfigure(0, weight=0 if is_narrow else 1, minsize=page)
        main.rowconfigure(1, weight=1 if is_narrow else 0)
        # the page takes most of what there is to share out, the results some of it
        main.columnconfigure(0, weight=2, minsize=0 if is_narrow else round(0.47 * width))
        main.columnconfigure(1, weight=0 if is_narrow else 1, minsize=0 if is_narrow else round(0.42 * width))
