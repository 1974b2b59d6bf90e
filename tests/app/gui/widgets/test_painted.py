"""app/gui/widgets/painted.py: what all painted widgets do alike."""

import tkinter as tk
import weakref
from tkinter import ttk

import pytest

from app.gui.theme import PALETTES, pixels
from app.gui.widgets.painted import Painted
from tests.app.hand import wait_until


class Stripe(Painted):
    """A line from end to end."""

    def __init__(self, parent):
        super().__init__(parent, palette=PALETTES["light"], size=(50, 20))
        self.line = self.create_line(0, 0, 1, 1)
        self.image = tk.PhotoImage(master=self, width=1, height=1)
        self.paint()

    def paint(self):
        super().paint()
        self.itemconfigure(self.line, fill=self.palette.text)

    def lay_out(self):
        self.coords(self.line, 0, 0, self.winfo_width(), self.winfo_height())


@pytest.fixture
def stripe(root):
    stripe = Stripe(root)
    stripe.pack(fill="both", expand=True)
    wait_until(root, lambda: stripe.winfo_width() > 1)
    root.update()
    return stripe


def test_it_can_be_framed_while_it_has_the_keys(root, stripe):
    other = ttk.Entry(root)
    other.pack()
    stripe.frame_while_it_has_the_keys()
    stripe.configure(takefocus=True)
    stripe.focus_force()
    wait_until(root, lambda: stripe.find_withtag("keys"))
    root.geometry("300x200")
    wait_until(root, lambda: stripe.coords("keys")[2] == stripe.winfo_width() - 1 != 399)
    assert stripe.itemcget("keys", "outline") == PALETTES["light"].accent
    other.focus_force()
    wait_until(root, lambda: not stripe.find_withtag("keys"))


def test_it_asks_for_its_size_and_has_no_border(root, stripe):
    assert (stripe.winfo_reqwidth(), stripe.winfo_reqheight()) == (pixels(root, 50), pixels(root, 20))


def test_it_follows_the_theme(stripe):
    assert stripe["background"] == PALETTES["light"].window
    stripe.restyle(PALETTES["dark"])
    assert stripe["background"] == PALETTES["dark"].window
    assert stripe.itemcget(stripe.line, "fill") == PALETTES["dark"].text


def test_it_follows_the_size(root, stripe):
    root.geometry("300x200")
    wait_until(root, lambda: stripe.coords(stripe.line) == [0, 0, 300, 200])


def test_its_images_go_with_it(stripe):
    image = weakref.ref(stripe.image)
    stripe.destroy()
    assert image() is None
