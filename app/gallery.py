"""VIEW: a window that shows test images page by page, as one matplotlib figure a page."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure

from app.figures import PAGE, digit_page
from app.screen import room, run_until_closed, screen_needed
from app.settings import default_path, load_settings
from app.theme import apply_theme
from engine import Dataset, Evaluation


class Gallery(ttk.Frame):
    """Pages with a button back, a button on, and the arrow keys.

    Parameters
    ----------
    draw_page : callable
        Page number, from 0, to the page's figure.
    page_count : int
    """

    def __init__(self, parent: tk.Misc, draw_page: Callable[[int], Figure], page_count: int) -> None:
        super().__init__(parent, padding=8)
        self._draw_page = draw_page
        self._page_count = page_count
        self.page = 0
        self.picture: tk.Widget | None = None
        bar = ttk.Frame(self)
        self.back = ttk.Button(bar, text="Previous", command=lambda: self.show(self.page - 1))
        self.on = ttk.Button(bar, text="Next", command=lambda: self.show(self.page + 1))
        self.label = ttk.Label(bar, anchor="center")
        self.back.pack(side="left")
        self.on.pack(side="right")
        self.label.pack(fill="x", expand=True)
        bar.pack(side="bottom", fill="x", pady=(8, 0))
        top = self.winfo_toplevel()
        top.bind("<Left>", lambda _event: self.show(self.page - 1))
        top.bind("<Right>", lambda _event: self.show(self.page + 1))
        self.show(0)

    def show(self, page: int) -> None:
        """Turn to a page; one that does not exist changes nothing."""
        if not 0 <= page < self._page_count:
            return
        self.page = page
        if self.picture is not None:
            self.picture.destroy()
        figure = self._draw_page(page)
        width, height = figure.get_size_inches()

        def fit(event: tk.Event[tk.Misc]) -> None:
            """In a small window all of the page is small, its writing too."""
            dpi = min(event.width / width, event.height / height)
            figure.set_dpi(dpi)
            figure.set_size_inches(event.width / dpi, event.height / dpi)

        canvas = FigureCanvasTkAgg(figure, self)  # type: ignore[no-untyped-call]
        self.picture = canvas.get_tk_widget()  # type: ignore[no-untyped-call]
        self.picture.bind("<Configure>", fit, add=True)  # after matplotlib's own, before it draws
        self.picture.pack(fill="both", expand=True)
        self.label.configure(text=f"Page {page + 1} of {self._page_count}")
        self.back.state(["disabled" if page == 0 else "!disabled"])
        self.on.state(["disabled" if page == self._page_count - 1 else "!disabled"])


def open_gallery(dataset: Dataset, evaluation: Evaluation, indices: Sequence[int], title: str) -> None:
    """Show these test images until the window is closed; NoDisplayError without a screen."""
    settings, _ = load_settings(default_path())
    with screen_needed():
        root = tk.Tk(className="LeNet Canvas")
    apply_theme(root, settings.theme)
    root.title("Test images — LeNet Canvas")
    page_count = max(1, math.ceil(len(indices) / PAGE))

    def draw_page(page: int) -> Figure:
        return digit_page(dataset, evaluation, indices[page * PAGE : (page + 1) * PAGE], title)

    Gallery(root, draw_page, page_count).pack(fill="both", expand=True)
    root.update_idletasks()
    largest = room(root)
    root.geometry(f"{min(root.winfo_reqwidth(), largest[0])}x{min(root.winfo_reqheight(), largest[1])}")
    run_until_closed(root)
