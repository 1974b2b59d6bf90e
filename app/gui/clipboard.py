"""The system's clipboard: text by Tk, pictures by Tk, copykitten or Pillow, as each system has it.

On X11 Tk fetches pictures itself, and gives up on a program that does not answer. What it cannot do is offer
one: copykitten does, on all systems.
"""

from __future__ import annotations

import io
import tkinter as tk

# What programs offer pictures as on X11, the best first.
_KINDS = ("image/png", "image/bmp", "image/jpeg", "image/webp", "image/gif")


class ClipboardError(Exception):
    """The system's clipboard takes nothing."""


def copy_text(root: tk.Tk, text: str) -> None:
    root.clipboard_clear()
    root.clipboard_append(text)


def copy_picture(rgba: bytes, width: int, height: int) -> None:
    """Offer a picture, four bytes a pixel; ClipboardError where the system has no clipboard for it."""
    try:
        import copykitten  # here: only who copies a picture needs it

        copykitten.copy_image(rgba, width, height)
    except Exception as error:  # it raises what its own library does, and may be missing itself
        raise ClipboardError(str(error)) from error


def text(root: tk.Tk) -> str:
    """The text that there is, or none."""
    try:
        return str(root.clipboard_get())
    except tk.TclError:
        return ""


def picture(root: tk.Tk) -> bytes | None:
    """The picture that there is, as a file would hold it."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        return _by_tk(root)
    return _by_pillow()


def _by_tk(root: tk.Tk) -> bytes | None:
    try:
        offered = root.tk.splitlist(_selection(root, "TARGETS"))
        kind = next((kind for kind in _KINDS if kind in offered), None)
        if kind is None:
            return None
        told = _selection(root, kind)  # 0x89 0x50 …
        return bytes(int(byte, 16) & 0xFF for byte in told.split())
    except (tk.TclError, ValueError):
        return None


def _selection(root: tk.Tk, kind: str) -> str:
    return str(root.tk.call("selection", "get", "-selection", "CLIPBOARD", "-type", kind))


def _by_pillow() -> bytes | None:
    from PIL import Image, ImageGrab

    try:
        grabbed = ImageGrab.grabclipboard()
    except (OSError, NotImplementedError, ValueError):
        return None
    if not isinstance(grabbed, Image.Image):  # nothing, or names of files
        return None
    content = io.BytesIO()
    grabbed.save(content, "PNG")
    return content.getvalue()
