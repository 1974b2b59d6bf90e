"""The root that single widgets are tested in is as new for each test, whatever the one before has done."""

import tkinter as tk
from tkinter import font, ttk

import pytest

from app.gui.theme import apply_theme, set_zoom
from tests.app.kept_root import KeptRoot


@pytest.fixture
def kept(display):
    kept = KeptRoot()
    scaling = kept.lend().tk.call("tk", "scaling")
    yield kept
    kept.lend().tk.call("tk", "scaling", scaling)  # Tk keeps it by screen, for every root of the process
    kept.close()


def test_it_is_empty_again_and_kept(kept):
    root = kept.lend()
    tk.Label(root, text="one").grid(row=1, column=2)
    root.columnconfigure(2, weight=1)
    root.rowconfigure(1, minsize=50)
    root.bind("<Key>", print)
    root.after(60_000, root.destroy)
    root.title("of the test before")
    root.geometry("700x300+50+60")
    kept.take_back()
    assert kept.lend() is root
    assert root.winfo_children() == []
    assert not root.bind() and not root.tk.call("after", "info")
    assert root.columnconfigure(2)["weight"] == root.rowconfigure(1)["minsize"] == 0
    assert root.title() == "tk"
    assert (root.winfo_width(), root.winfo_height()) == (400, 400)
    assert root.winfo_ismapped()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: apply_theme(root, "dark"),
        lambda root: set_zoom(root, 200),
        lambda root: root.tk.call("tk", "scaling", 3),
        lambda root: font.nametofont("SunValleyBodyFont", root).configure(size=-30),
        lambda root: root.bind_class("TButton", "<Button-1>", print, add=True),
        lambda root: root.bind_all("<F5>", print),
        lambda root: root.event_add("<<Mine>>", "<F6>"),
        lambda root: root.configure(background="red"),
        lambda root: root.minsize(10, 10),
        lambda root: root.protocol("WM_DELETE_WINDOW", print),
        lambda root: root.grid_propagate(False),
        lambda root: ttk.Style(root).configure("TButton", padding=30),
        lambda root: root.destroy(),
    ],
)
def test_another_takes_the_place_of_one_that_a_test_has_changed(kept, change):
    root = kept.lend()
    change(root)
    kept.take_back()
    assert kept.lend() is not root
