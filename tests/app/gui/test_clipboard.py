"""app/gui/clipboard.py: what is copied can be pasted, and a clipboard with nothing in it gives nothing."""

import sys
import tkinter as tk
from types import SimpleNamespace

import pytest
from PIL import Image

from app.gui import clipboard

RED = bytes([255, 0, 0, 255]) * 12


def test_a_text_is_copied_and_read(root):
    clipboard.copy_text(root, "7 · 98 %")
    assert clipboard.text(root) == "7 · 98 %"
    assert clipboard.picture(root) is None


def test_an_empty_clipboard_gives_nothing(root):
    root.clipboard_clear()
    assert (clipboard.text(root), clipboard.picture(root)) == ("", None)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the person's own clipboard is left alone")
def test_a_picture_is_copied_and_read(root, tmp_path):
    clipboard.copy_picture(RED, 4, 3)
    root.update()  # Tk hears that the clipboard is no longer its own
    path = tmp_path / "pasted"
    path.write_bytes(clipboard.picture(root))
    with Image.open(path) as image:
        assert (image.size, image.convert("RGB").getpixel((1, 1))) == ((4, 3), (255, 0, 0))
    assert clipboard.text(root) == ""


def test_a_clipboard_that_takes_no_picture_is_an_error_of_its_own(root, monkeypatch):
    def refuse(*picture):
        raise OSError("no clipboard")

    monkeypatch.setitem(sys.modules, "copykitten", SimpleNamespace(copy_image=refuse))
    with pytest.raises(clipboard.ClipboardError):
        clipboard.copy_picture(RED, 4, 3)


def test_without_the_library_it_is_that_error_too(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "copykitten", None)
    with pytest.raises(clipboard.ClipboardError):
        clipboard.copy_picture(RED, 4, 3)


def test_other_systems_are_asked_by_pillow(root, monkeypatch, tmp_path):
    from PIL import ImageGrab

    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: Image.new("RGB", (4, 3), "red"))
    content = clipboard._by_pillow()
    assert content.startswith(b"\x89PNG")
    for other in (None, ["a.png"]):
        monkeypatch.setattr(ImageGrab, "grabclipboard", lambda other=other: other)
        assert clipboard._by_pillow() is None


def test_a_program_that_offers_and_gives_nothing_is_no_picture(root, monkeypatch):
    def offer(root, kind):
        if kind == "TARGETS":
            return "TARGETS image/png"
        raise tk.TclError("selection owner didn't respond")

    monkeypatch.setattr(clipboard, "_selection", offer)
    assert clipboard._by_tk(root) is None
