"""app/gui/widgets/menu_bar.py: entries that act, show their keys and can be greyed."""

import tkinter as tk

from app.gui.shortcuts import shortcuts
from app.gui.widgets.menu_bar import MenuBar


def test_an_entry_acts_shows_its_key_and_can_be_greyed(root):
    done = []
    bar = MenuBar(root, {"undo": lambda: done.append("undo"), "about": lambda: None}, shortcuts("x11"))
    menu = bar.add_menu("Edit", [("undo", "Undo"), None, ("about", "About")])
    assert bar.entrycget("end", "label") == "Edit"
    assert [menu.type(i) for i in range(3)] == ["command", "separator", "command"]
    assert menu.entrycget(0, "accelerator") == "Ctrl+Z"
    assert menu.entrycget(2, "accelerator") == ""
    bar.choose("undo")
    bar.enable("undo", False)
    bar.choose("undo")
    assert done == ["undo"]
    assert menu.entrycget(0, "state") == "disabled"


def test_an_entry_can_be_on_or_off(root):
    done = []
    is_on = tk.BooleanVar(root, False)
    bar = MenuBar(root, {"eraser": lambda: done.append(is_on.get())}, shortcuts("x11"))
    bar.add_check(bar.add_menu("Edit", []), "eraser", "Eraser", is_on)
    bar.choose("eraser")
    bar.choose("eraser")
    assert done == [True, False]
    bar.enable("eraser", False)
    bar.choose("eraser")
    assert done == [True, False]


def letters(menu):
    """What each entry of a menu underlines."""
    entries = [index for index in range(menu.index("end") + 1) if menu.type(index) != "separator"]
    places = [(menu.entrycget(index, "label"), int(menu.entrycget(index, "underline"))) for index in entries]
    return [label[place] if place >= 0 else None for label, place in places]


def test_no_two_entries_of_a_menu_have_the_same_letter(root):
    bar = MenuBar(root, {"a": lambda: None, "b": lambda: None}, ())
    menu = bar.add_menu("Tools", [("a", "Thin"), None, ("b", "Thick")])
    chosen = tk.StringVar(root)
    bar.add_choices(menu, ["tick", "it"], chosen, lambda: None)
    bar.add_submenu(menu, "Kit", tk.Menu(menu))
    assert letters(menu) == ["T", "h", "i", None, "K"]
    bar.add_menu("Test", [])
    assert letters(bar) == ["T", "e"]


def test_a_choice_is_told_and_kept(root):
    bar = MenuBar(root, {}, ())
    told = []
    chosen = tk.StringVar(root, "thin")
    menu = bar.add_menu("Pen", [])
    bar.add_choices(menu, ["thin", "thick"], chosen, lambda: told.append(chosen.get()))
    menu.invoke("Thick")
    assert told == ["thick"]
