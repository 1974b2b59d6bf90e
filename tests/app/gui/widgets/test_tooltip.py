"""app/gui/widgets/tooltip.py: a sentence for who waits, by pointer or by keys, gone by whatever is done."""

from tkinter import ttk

import pytest

from app.gui.widgets import tooltip
from tests.app.hand import wait_until


@pytest.fixture
def button(root, monkeypatch):
    monkeypatch.setattr(tooltip, "_POINTER_MS", 1)
    monkeypatch.setattr(tooltip, "_KEYS_MS", 1)
    button = ttk.Button(root, text="Undo")
    button.pack()
    wait_until(root, button.winfo_ismapped)
    return button


def words(shown):
    return [label["text"] for label in shown.winfo_children()]


@pytest.mark.parametrize(
    ("comes", "leaves"), [("<Enter>", "<Leave>"), ("<FocusIn>", "<FocusOut>"), ("<Enter>", "<ButtonPress-1>")]
)
def test_it_is_shown_after_a_while_and_put_away(button, comes, leaves):
    tip = tooltip.attach(button, "Take it back")
    button.event_generate(comes)
    if comes == "<Enter>":
        button.event_generate("<Motion>")
    assert tip.shown is None
    wait_until(button, lambda: tip.shown is not None and tip.shown.winfo_ismapped())
    assert words(tip.shown) == ["Take it back"]
    assert tip.shown.winfo_rooty() >= button.winfo_rooty() + button.winfo_height()
    button.event_generate(leaves)
    assert tip.shown is None


def test_who_passes_by_is_told_nothing(button, monkeypatch):
    monkeypatch.setattr(tooltip, "_POINTER_MS", 60_000)
    tip = tooltip.attach(button, "Take it back")
    button.event_generate("<Enter>")
    button.event_generate("<Motion>")
    button.event_generate("<Leave>")
    assert tip._due is None
    assert not button.tk.call("after", "info")


def test_a_pointer_that_lies_where_the_window_opens_is_told_nothing(button):
    tip = tooltip.attach(button, "Take it back")
    button.event_generate("<Enter>")
    assert tip._due is None
    button.event_generate("<Motion>")
    assert tip._due is not None


def test_who_has_pressed_it_is_not_told_again_by_the_next_motion(button):
    tip = tooltip.attach(button, "Take it back")
    button.event_generate("<Enter>")
    button.event_generate("<Motion>")
    button.event_generate("<ButtonPress-1>")
    button.event_generate("<Motion>")
    assert tip._due is None


def test_it_stays_on_the_screen(root, button):
    root.geometry(f"200x100+{root.winfo_screenwidth() - 60}+{root.winfo_screenheight() - 40}")
    wait_until(root, lambda: root.winfo_rootx() > 1000)
    tip = tooltip.attach(button, "A sentence that is longer than the button is wide")
    tip.show()
    wait_until(root, tip.shown.winfo_ismapped)
    assert tip.shown.winfo_rootx() + tip.shown.winfo_width() <= root.winfo_screenwidth()
    assert tip.shown.winfo_rooty() + tip.shown.winfo_height() <= root.winfo_screenheight()


def test_it_goes_with_its_widget(root, button):
    tip = tooltip.attach(button, "Take it back")
    tip.show()
    button.destroy()
    assert tip.shown is None


def test_what_only_shows_something_explains_itself_as_soon_as_it_has_the_keys(root, button, monkeypatch):
    """Nothing else would show that it has them."""
    monkeypatch.setattr(tooltip, "_KEYS_MS", 60_000)
    label = ttk.Label(root, text="Epochs")
    label.pack()
    tip, late = tooltip.attach(label, "How often"), tooltip.attach(button, "Take it back")
    for widget in (label, button):
        widget.event_generate("<FocusIn>")
    wait_until(root, lambda: tip.shown is not None)
    root.update()
    assert late.shown is None
    late.put_away()
