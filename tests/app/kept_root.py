"""One themed root for the tests of single widgets: to make another takes longer than most of them."""

from __future__ import annotations

import tkinter as tk

from app.gui.theme import apply_theme
from tests.app.hand import is_closed, wait_until

# All of an interpreter that outlives its widgets and could reach the next test's.
_STATE = """apply {{} {list [winfo children .] [focus -lastfor .] [grab current] [after info] [tk scaling] \
    [ttk::style theme use] [lsort [ttk::style theme names]] \
    [lsort [lsearch -all -inline -not -regexp [info globals] {^(PY_VAR|error|auto_|__tk)}]] \
    [. configure] [bindtags .] [event info] [pack slaves .] [grid slaves .] [place slaves .] [grid size .] \
    [grid propagate .] [pack propagate .] [grid columnconfigure . 0] [grid rowconfigure . 0] \
    [wm attributes .] [wm minsize .] [wm maxsize .] [wm resizable .] [wm overrideredirect .] \
    [lmap protocol [wm protocol .] {list $protocol [wm protocol . $protocol]}] \
    [lmap style {. TButton TCheckbutton TCombobox TEntry TFrame TLabel TScale Treeview} {
        list [ttk::style configure $style] [ttk::style map $style]}] \
    [lmap name [lsort [font names]] {list $name [font configure $name]}] \
    [lmap tag {. all Menu Button Canvas Entry Text Listbox Tk Toplevel TButton TCheckbutton TCombobox TEntry
        TFrame TLabel TRadiobutton TScale TSpinbox TNotebook Treeview TScrollbar TPanedwindow} {
        list $tag [lmap sequence [lsort [bind $tag]] {list $sequence [bind $tag $sequence]}]}]}}
"""


class KeptRoot:
    """A root that goes from test to test, as new; another one takes its place where a test has changed it."""

    def __init__(self) -> None:
        self._root: tk.Tk | None = None
        self._untouched = ""

    def lend(self) -> tk.Tk:
        """A root of 400x400 pixels that is shown, in the light theme."""
        if self._root is None:
            self._root = tk.Tk()
            apply_theme(self._root, "light")
            self._size()
            self._untouched = self._state()
        else:
            self._root.update()  # what came in the meantime
        return self._root

    def take_back(self) -> None:
        """Empty the root; one that is gone, or not as it was, is kept no longer."""
        root = self._root
        assert root is not None
        if is_closed(root):
            self._root = None
            return
        root.update()
        for child in root.winfo_children():
            child.destroy()
        root.update()
        for sequence in root.bind():
            root.unbind(sequence)
        for pending in root.tk.splitlist(root.tk.call("after", "info")):
            root.after_cancel(pending)
        columns, rows = root.grid_size()
        for column in range(columns):
            root.columnconfigure(column, weight=0, minsize=0, pad=0, uniform="")
        for row in range(rows):
            root.rowconfigure(row, weight=0, minsize=0, pad=0, uniform="")
        root.title("tk")
        if self._state() == self._untouched and root.winfo_ismapped():
            self._size()
        else:
            self.close()

    def close(self) -> None:
        if self._root is not None and not is_closed(self._root):
            self._root.destroy()
        self._root = None

    def _size(self) -> None:
        """It stays on the screen between two tests, for what is shown anew takes its size when it likes."""
        root = self._root
        assert root is not None
        root.geometry("400x400+0+0")
        wait_until(
            root, lambda: root.winfo_ismapped() and (root.winfo_width(), root.winfo_height()) == (400, 400)
        )
        root.update()

    def _state(self) -> str:
        assert self._root is not None
        return str(self._root.tk.eval(_STATE))
