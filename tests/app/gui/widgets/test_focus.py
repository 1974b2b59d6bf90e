"""app/gui/widgets/focus.py: which widget has the keys, also where it is one of Tk's own."""

from tkinter import ttk

from app.gui.widgets.focus import has_keys
from tests.app.hand import wait_until


def test_it_is_told_of_a_widget_and_of_the_open_list_of_a_combobox(root):
    box, entry = ttk.Combobox(root, values=["one", "two"]), ttk.Entry(root)
    for widget in (box, entry):
        widget.pack()
    root.update()
    entry.focus_force()
    wait_until(root, lambda: has_keys(entry))
    assert not has_keys(box)
    popdown = root.tk.call("ttk::combobox::PopdownWindow", box)
    root.tk.call("ttk::combobox::Post", box)
    root.tk.call("focus", "-force", f"{popdown}.f.l")
    wait_until(root, lambda: not has_keys(entry))
    assert not has_keys(box)
    root.tk.call("ttk::combobox::Unpost", box)
