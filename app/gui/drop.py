"""Files that are dropped on the window, by tkinterdnd2, where that can be loaded."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable

logger = logging.getLogger(__name__)


def take_drops(root: tk.Tk, taken: Callable[[str], object]) -> bool:
    """Have the name of a file that is dropped on the window taken; tell whether that can be loaded."""
    try:
        from tkinterdnd2 import DND_FILES, TkinterDnD

        TkinterDnD._require(root)
        # as its own wrapper does, which is there for widgets and for a root of its own alone
        root.tk.call("tkdnd::drop_target", "register", root, DND_FILES)
        take = root.register(lambda names: _take(root, names, taken))
        root.tk.call("bind", root, "<<Drop>>", f"{take} %D")
    except (ImportError, RuntimeError, AttributeError, tk.TclError) as error:
        logger.info("Files cannot be dropped here: %s", error)
        return False
    return True


def _take(root: tk.Tk, names: str, taken: Callable[[str], object]) -> str:
    """The first of several; tells the program that they come from what was done with them."""
    dropped = root.tk.splitlist(names)
    if dropped:
        taken(str(dropped[0]))
    return "copy"
