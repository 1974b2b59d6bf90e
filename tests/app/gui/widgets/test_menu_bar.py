"""app/gui/widgets/menu_bar.py: entries that act, show their keys and can be greyed."""

import tkinter as tk

import pytest

from app.gui.actions import Action, Choices, Menu
from app.gui.shortcuts import command
from app.gui.theme import PALETTES, scaled_marks, set_zoom
from app.gui.widgets.menu_bar import MenuBar
from tests.app.hand import wait_until

UNDO = Action("undo", "Undo", "Take it back", (command("z", aqua=False),))
ABOUT = Action("about", "About", "Show it")
ERASER = Action("eraser", "Eraser", "Erase", is_check=True)
PENS = Choices("pen", "Pen", (("thin", "Thin"), ("thick", "Thick"), ("tick", "Tick")))


def bar_of(root, entries, done, variables=None):
    """A bar with one menu, in which everything notes its name."""
    names = [entry.name for entry in entries if entry is not None]
    commands = {name: lambda name=name: done.append(name) for name in names}
    return MenuBar(root, [Menu("edit", "Edit", tuple(entries))], commands=commands, variables=variables or {})


def test_an_entry_acts_shows_its_key_and_can_be_greyed(root):
    done = []
    bar = bar_of(root, [UNDO, None, ABOUT], done)
    menu = bar.menus["edit"]
    assert bar.entrycget("end", "label").strip() == "Edit"
    assert [menu.type(i) for i in range(3)] == ["command", "separator", "command"]
    assert menu.entrycget(0, "accelerator").strip() == "Ctrl+Z"
    assert menu.entrycget(2, "accelerator").strip() == ""
    bar.choose("undo")
    bar.enable("undo", False)
    bar.choose("undo")
    assert done == ["undo"]
    assert not bar.is_enabled("undo")
    assert bar.is_enabled("about")


def test_an_entry_can_be_on_or_off(root):
    done = []
    is_on = tk.BooleanVar(root, False)
    bar = bar_of(root, [ERASER], done, {"eraser": is_on})
    bar.choose("eraser")
    assert (is_on.get(), done) == (True, ["eraser"])
    bar.enable("eraser", False)
    bar.choose("eraser")
    assert (is_on.get(), done) == (True, ["eraser"])


def test_a_choice_is_told_and_kept(root):
    done = []
    chosen = tk.StringVar(root, "thin")
    bar = bar_of(root, [PENS], done, {"pen": chosen})
    assert bar.menus["edit"].entrycget(0, "label") == "Pen"
    bar.pick("pen", "thick")
    assert (chosen.get(), done) == ("thick", ["pen"])


def test_no_two_entries_of_a_menu_have_the_same_letter(root):
    bar = bar_of(root, [Action("a", "Pens", "Choose one"), PENS], [], {"pen": tk.StringVar(root)})

    def letters(menu):
        rows = [(menu.entrycget(i, "label"), int(menu.entrycget(i, "underline"))) for i in (0, 1)]
        return [label[place] for label, place in rows]

    assert letters(bar.menus["edit"]) == ["P", "e"]
    assert letters(bar.menus["pen"]) == ["T", "h"]


def test_choices_that_are_others_by_now_take_the_place_of_those_before(root):
    who = Menu("who draws", "Who draws", (UNDO, None))
    variable = tk.StringVar(root, "Ada")
    commands = dict.fromkeys(("undo", "who draws"), lambda: None)
    bar = MenuBar(root, [who], commands=commands, variables={"who draws": variable})
    for names in (["Ada", "Ben"], ["Ben"], []):
        bar.fill_choices("who draws", [(name, name) for name in names])
        menu = bar.menus["who draws"]
        kinds = [menu.type(index) for index in range(menu.index("end") + 1)]
        assert kinds == ["command", "separator", *(["radiobutton"] * len(names))]
        assert [menu.entrycget(2 + place, "label") for place in range(len(names))] == names


def test_escape_closes_a_menu_that_popped_up(root):
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("menus are the system's own here")
    bar = bar_of(root, [UNDO, ABOUT], [])
    for pop_up in (
        lambda: bar.pop_up(["undo", None, "about"], 10, 10),
        lambda: bar.offer([("One", lambda: None)], 10, 10),
    ):
        pop_up()
        menu = bar.popped_up
        wait_until(root, menu.winfo_ismapped)
        menu.focus_force()  # as one has that is posted by a press
        wait_until(root, lambda menu=menu: root.focus_get() is menu)
        menu.event_generate("<Escape>")
        wait_until(root, lambda menu=menu: not menu.winfo_ismapped())
        assert not root.grab_current()


def test_where_all_is_larger_the_marks_of_choices_are_too_and_words_begin_where_they_began(root):
    set_zoom(root, 200)
    done, chosen = [], tk.StringVar(root, "thin")
    bar = bar_of(
        root, [ABOUT, None, ERASER, PENS], done, {"pen": chosen, "eraser": tk.BooleanVar(root, False)}
    )
    bar.mark_by(scaled_marks(root, PALETTES["light"]))
    menu, pens = bar.menus["edit"], bar.menus["pen"]
    for index in range(3):
        assert pens.entrycget(index, "selectimage") and not int(pens.entrycget(index, "indicatoron"))
    mark = pens.entrycget(0, "selectimage")
    assert int(root.tk.call("image", "height", mark)) == 28  # as high as a line of such letters, or so
    inked = [root.tk.call(mark, "get", x, y) for x in range(28) for y in range(28)]
    assert (28, 28, 28) in inked  # the colour of writing
    assert menu.entrycget(0, "image") and menu.entrycget(2, "image")  # the same room before the words
    bar.pick("pen", "thick")
    assert chosen.get() == "thick"


def test_tk_marks_what_is_chosen_where_nothing_is_larger(root):
    assert scaled_marks(root, PALETTES["light"]) is None
    bar = bar_of(root, [PENS], [], {"pen": tk.StringVar(root, "thin")})
    bar.mark_by(None)
    assert int(bar.menus["pen"].entrycget(0, "indicatoron"))


def test_tk_marks_again_what_is_chosen_where_all_is_smaller_again(root):
    set_zoom(root, 200)
    bar = bar_of(root, [ABOUT, PENS], [], {"pen": tk.StringVar(root, "thin")})
    bar.mark_by(scaled_marks(root, PALETTES["light"]))
    set_zoom(root, 100)
    bar.mark_by(scaled_marks(root, PALETTES["light"]))
    assert int(bar.menus["pen"].entrycget(0, "indicatoron")) and not bar.menus["pen"].entrycget(0, "image")


@pytest.mark.parametrize("zoom", [100, 200])
def test_what_stands_in_a_menu_that_lost_its_choices_can_still_be_greyed(root, zoom):
    set_zoom(root, 200)
    bar = MenuBar(
        root,
        [Menu("who", "Who", (UNDO,))],
        commands={"undo": lambda: None, "who": lambda: None},
        variables={"who": tk.StringVar(root, "Ada")},
    )
    bar.mark_by(scaled_marks(root, PALETTES["light"]))
    bar.fill_choices("who", [("Ada", "Ada")])
    bar.fill_choices("who", [])
    set_zoom(root, zoom)
    bar.mark_by(scaled_marks(root, PALETTES["dark"]))
    bar.enable("undo", False)
    assert not bar.is_enabled("undo")


def test_a_menu_without_choices_needs_no_marks(root):
    set_zoom(root, 200)
    bar = bar_of(root, [ABOUT, UNDO], [])
    bar.mark_by(scaled_marks(root, PALETTES["light"]))
    assert not bar.menus["edit"].entrycget(0, "image")
