"""A made-up language, 40 % longer than English, and what is wrong with a window that speaks it or another.

`untranslated` finds words that no message has, also where they are glued to one; `cut` what lacks room.
"""

from __future__ import annotations

import math
import re
import tkinter as tk
from collections.abc import Iterator
from gettext import NullTranslations
from itertools import combinations
from tkinter import font, ttk

from app.gui.widgets.training_curves import TrainingCurves

LONGER = 0.4
Box = tuple[float, float, float, float]  # left, top, right, bottom
# What has the same name in every language, and what a person or a file has named.
NAMES = (
    r"LeNet[- ]Canvas|LeNet-5|MNIST|CIFAR-10|English|italiano|F\d+|"
    r"lenet5(-1998)?|cnn-\d|best|fake(_network)?|present|Mine|/\S+"
)


class Pseudo(NullTranslations):
    """Every message within marks, and longer by its own beginning; the marks count."""

    def gettext(self, message: str) -> str:
        if not message.strip():
            return message
        words = re.sub(r"\{.*?\}|\s+", " ", message).strip()
        longer = max(0, math.ceil(LONGER * len(words)) - len("«»"))
        return f"«{message}{words[:longer].rstrip()}»"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


def untranslated(widget: tk.Misc) -> list[str]:
    """Texts that are shown and have words outside of every translated message."""
    return sorted({text for text in _texts(widget) if _has_words(_unmarked(text))})


def cut(widget: tk.Misc) -> list[str]:
    """Texts that have less room than they need, or have something drawn over them."""
    return sorted({text for each in _managed(widget) for text in _cut(each) if text.strip()})


def _unmarked(text: str) -> str:
    while (shorter := re.sub("«[^«»]*»", "", text)) != text:  # one message may stand in another
        text = shorter
    return text


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2,}", re.sub(NAMES, "", text)))


def _managed(widget: tk.Misc) -> Iterator[tk.Misc]:
    """All widgets in it that are meant to be seen; windows of their own are for themselves."""
    for child in widget.winfo_children():
        if not isinstance(child, (tk.Menu, tk.Toplevel)) and child.winfo_manager():
            yield child
            yield from _managed(child)


# What is shown


def _texts(widget: tk.Misc) -> Iterator[str]:
    if isinstance(widget, (tk.Tk, tk.Toplevel)):
        yield widget.title()
    for child in widget.winfo_children():
        if isinstance(child, tk.Menu):
            yield from _entries(child)
    for each in _managed(widget):
        if isinstance(each, TrainingCurves):
            yield from (text for text, _box in _titles(each))
        elif isinstance(each, tk.Canvas):
            yield from (text for text, _box in _canvas_texts(each))
        elif isinstance(each, ttk.Treeview):
            yield from (each.heading(column, "text") for column in each["columns"])
            yield from _rows(each)
        elif isinstance(each, ttk.Notebook):
            yield from (each.tab(tab, "text") for tab in each.tabs())
        elif isinstance(each, ttk.Combobox):
            yield from map(str, each["values"])
        elif "text" in each.keys():  # noqa: SIM118 - a widget's method
            yield str(each.cget("text"))


def _entries(menu: tk.Menu) -> Iterator[str]:
    last = menu.index("end")
    for index in range(0 if last is None else last + 1):
        if menu.type(index) not in ("separator", "tearoff"):
            yield str(menu.entrycget(index, "label"))
            yield str(menu.entrycget(index, "accelerator") if menu.type(index) != "cascade" else "")
    for child in menu.winfo_children():
        if isinstance(child, tk.Menu):
            yield from _entries(child)


def _rows(tree: ttk.Treeview, parent: str = "") -> Iterator[str]:
    for row in tree.get_children(parent):
        yield str(tree.item(row, "text"))
        yield from map(str, tree.item(row, "values"))
        yield from _rows(tree, row)


def _canvas_texts(canvas: tk.Canvas) -> list[tuple[str, Box]]:
    return [
        (str(canvas.itemcget(item, "text")), canvas.bbox(item))
        for item in canvas.find_all()
        if canvas.type(item) == "text"
        and canvas.itemcget(item, "state") != "hidden"
        and _has_words(canvas.itemcget(item, "text"))  # the box of a large digit is larger than the digit
    ]


def _titles(curves: TrainingCurves) -> list[tuple[str, Box]]:
    """Over the diagrams that are shown, in pixels of the picture, whose y grows upward."""
    curves.draw()
    curves.figure.draw_without_rendering()
    found = []
    for axes in curves.figure.axes:
        if axes.get_visible():
            for text in (axes.title, axes.xaxis.label):
                found.append((text.get_text(), text.get_window_extent().extents))
    return found


# What is cut


def _cut(widget: tk.Misc) -> Iterator[str]:
    if isinstance(widget, TrainingCurves):
        yield from _crowded(_titles(widget), widget.figure.bbox.width, widget.figure.bbox.height)
    elif isinstance(widget, tk.Canvas):
        yield from _crowded(_canvas_texts(widget), *_extent(widget))
        yield from _covered(widget)
    elif isinstance(widget, ttk.Treeview):
        heading = font.nametofont(str(ttk.Style(widget).lookup("Treeview.Heading", "font")), widget)
        for column in widget["columns"]:
            text = str(widget.heading(column, "text"))
            if heading.measure(text) > int(widget.column(column, "width")):
                yield text
    elif isinstance(widget, ttk.Combobox):
        writing = font.nametofont(str(widget.cget("font")), widget)
        around = widget.winfo_reqwidth() - int(widget.cget("width")) * writing.measure("0")
        for text in map(str, widget["values"]):
            if writing.measure(text) + around > widget.winfo_width() + 1:
                yield text
    elif "text" in widget.keys() and str(widget.cget("text")):  # noqa: SIM118 - a widget's method
        is_narrow = widget.winfo_reqwidth() > widget.winfo_width() + 1
        is_low = widget.winfo_reqheight() > widget.winfo_height() + 1
        if is_narrow or is_low or not widget.winfo_ismapped() or not _is_in_sight(widget):
            yield str(widget.cget("text"))


def _extent(canvas: tk.Canvas) -> tuple[float, float]:
    """Its width and height, with what can be scrolled into sight."""
    region = [float(side) for side in str(canvas["scrollregion"]).split()] or [0.0] * 4
    return max(canvas.winfo_width(), region[2]), max(canvas.winfo_height(), region[3])


def _crowded(texts: list[tuple[str, Box]], width: float, height: float) -> Iterator[str]:
    """Those that leave their picture, or touch another."""
    for text, (left, top, right, bottom) in texts:
        if left < -1 or top < -1 or right > width + 1 or bottom > height + 1:
            yield text
    for (text, box), (_other, other) in combinations(texts, 2):
        if _overlap(box, other):
            yield text


def _covered(canvas: tk.Canvas) -> Iterator[str]:
    """Those that a widget lies over."""
    for child in canvas.winfo_children():
        if child.winfo_ismapped():
            left, top = child.winfo_x(), child.winfo_y()
            box = left, top, left + child.winfo_width(), top + child.winfo_height()
            yield from (text for text, there in _canvas_texts(canvas) if _overlap(box, there))


def _overlap(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 2 and down > 2  # Tk's boxes are a little large


def _is_in_sight(widget: tk.Misc) -> bool:
    """Whether all of it lies in all that is around it, up to what can be scrolled, or to its window."""
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    right, bottom = left + widget.winfo_width(), top + widget.winfo_height()
    around = widget.master
    while around is not None and not isinstance(around, tk.Canvas):
        x, y = around.winfo_rootx(), around.winfo_rooty()
        is_inside = x - 1 <= left and right <= x + around.winfo_width() + 1
        if not is_inside or not (y - 1 <= top and bottom <= y + around.winfo_height() + 1):
            return False
        around = None if isinstance(around, (tk.Tk, tk.Toplevel)) else around.master
    return True
