"""Tk's own dialogs for files: in the colours of the theme, in the language of the window."""

import pytest

from app import language
from app.gui.theme import PALETTES, apply_theme, set_zoom
from app.gui.tk_language import follow_language
from tests.app.contrast import contrast


@pytest.fixture
def icons(root):
    """A list of files as the dialogs have it, with one in it."""
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("this system has file dialogs of its own")

    def make(name):
        root.tk.eval(f"::tk::IconList .{name}; pack .{name}")
        fill(name)

    def fill(name):
        image = root.tk.eval("image create photo -width 16 -height 16")
        root.tk.eval(f".{name} deleteall; .{name} add {image} {{one two}}")
        root.tk.eval(f".{name} selection set 0; .{name} selection clear 0 end")  # it is coloured anew
        root.update()

    def colours(name):
        """Of its ground and of its writing."""
        canvas = (
            f".{name}.canvas"
            if root.tk.eval(f"winfo exists .{name}.canvas") == "1"
            else f".{name}.cHull.canvas"
        )
        texts = [
            item
            for item in root.tk.splitlist(root.tk.call(canvas, "find", "all"))
            if root.tk.call(canvas, "type", item) == "text"
        ]
        assert len(texts) == 2
        written = {str(root.tk.call(canvas, "itemcget", item, "-fill")) for item in texts}
        return str(root.tk.call(canvas, "cget", "-background")), written

    make.fill, make.colours = fill, colours
    return make


def test_hidden_files_are_left_out(icons, root):
    assert root.tk.eval("set ::tk::dialog::file::showHiddenVar") == "0"


def test_the_list_of_files_has_the_colours_of_the_theme_also_when_that_changes(icons, root):
    icons("files")
    for theme in ("dark", "light", "dark"):
        apply_theme(root, theme)
        icons.fill("files")
        ground, (writing,) = icons.colours("files")
        assert ground == PALETTES[theme].window
        assert contrast(writing, ground) > 4.5


def test_the_list_of_files_is_as_large_as_all_else(icons, root):
    set_zoom(root, 200)
    apply_theme(root, "light")
    icons("large")
    assert int(root.tk.eval("winfo reqwidth .large")) >= 800


def test_what_tk_has_not_translated_is(icons, root):
    language.speak("it")
    follow_language(root)
    assert (
        root.tk.eval("namespace eval ::tk {::msgcat::mc {Show &Hidden Directories}}")
        == "Mostra cartelle &nascoste"
    )
    language.speak("en")
    follow_language(root)
    assert (
        root.tk.eval("namespace eval ::tk {::msgcat::mc {Show &Hidden Directories}}")
        == "Show &Hidden Directories"
    )
