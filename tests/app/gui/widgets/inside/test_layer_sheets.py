"""app/gui/widgets/inside/layer_sheets.py: what is pointed at, marked and chosen, by mouse and by keys."""

import tkinter as tk

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.layer_sheets import LayerSheets
from app.page.inside.sheet import LayerRow, Marks, Sheet
from tests.app.hand import colour_at, wait_until

FIRST, SECOND = Sheet(4, 3, 3, 6, 4), Sheet(2, 1, 1, 20, 2)
ROWS = [
    LayerRow("c1", "c1: convolution", FIRST),
    LayerRow("flatten", "flatten: the same"),
    LayerRow("output", "output: two numbers", SECOND, labels=("0", "1")),
]

HEARD = ("room", "sight", "point", "choose", "switch", "menu", "scroll")


@pytest.fixture
def heard():
    return []


@pytest.fixture
def sheets(root, heard):
    def hear(name):
        return lambda *args: heard.append((name, *args))

    sheets = LayerSheets(
        root,
        palette=PALETTES["light"],
        menu_buttons=["<ButtonPress-3>"],
        **{
            f"on_{name}": hear(name)
            for name in ["room", "sight", "point", "choose", "switch", "menu", "scroll"]
        },
    )
    sheets.pack(fill="both", expand=True)
    sheets.show_rows(ROWS)
    wait_until(root, lambda: sheets.winfo_width() > 100)
    root.update()
    sheets.focus_force()
    wait_until(root, lambda: root.focus_get() is sheets)
    heard.clear()
    return sheets


def last(heard, name):
    return next(call[1:] for call in reversed(heard) if call[0] == name)


def corner(sheets, name):
    """Where the picture of a row begins."""
    return sheets.bbox(next(i for i in sheets.find_all() if sheets.type(i) == "image"))[0], sheets._tops[name]


def test_pictures_are_shown_where_their_rows_are(sheets):
    pixels = bytes([200, 10, 30]) * (FIRST.width * FIRST.height)
    sheets.show_pictures({"c1": pixels})
    x, y = corner(sheets, "c1")
    assert colour_at(sheets, x + 3, y + 3) == "#c80a1e"


def test_the_pointer_tells_unit_and_row(sheets, heard):
    x, y = corner(sheets, "c1")
    left, top, _right, _bottom = FIRST.box(2, 1, 2, 2, 3)
    sheets.event_generate("<Motion>", x=x + left + 1, y=y + top + 1)
    assert last(heard, "point") == ("c1", (2, 1, 2))
    sheets.event_generate("<Motion>", x=x + FIRST.width + 40, y=y)
    assert last(heard, "point") == (None, None)


def test_a_click_chooses_and_the_right_button_opens_a_menu(sheets, heard):
    x, y = corner(sheets, "c1")
    sheets.event_generate("<ButtonPress-1>", x=x + 1, y=y + 1)
    assert last(heard, "choose") == ("c1", (0, 0, 0))
    sheets.event_generate("<ButtonPress-3>", x=x + 1, y=y + 1, rootx=70, rooty=80)
    assert last(heard, "menu") == ("c1", (0, 0, 0), 70, 80)


def test_keys_go_from_map_to_map_within_one_and_from_layer_to_layer(sheets, heard):
    for key, expected in (
        ("<Right>", ("c1", (0, 0, 0))),  # first they show where they are
        ("<Right>", ("c1", (1, 0, 0))),
        ("<Shift-Right>", ("c1", (1, 0, 1))),
        ("<Shift-Down>", ("c1", (1, 1, 1))),
        ("<Down>", ("output", (1, 0, 0))),  # past the one without a picture
        ("<Right>", None),
        ("<Left>", ("output", (0, 0, 0))),
        ("<Up>", ("c1", (0, 0, 0))),
    ):
        heard.clear()
        sheets.event_generate(key)
        if expected is None:
            assert not [call for call in heard if call[0] == "point" and call[2] == (2, 0, 0)]
        else:
            assert last(heard, "point") == expected
    sheets.event_generate("<Return>")
    assert last(heard, "choose") == ("c1", (0, 0, 0))
    sheets.event_generate("<space>")
    assert last(heard, "switch") == ("c1", (0, 0, 0))
    sheets.event_generate("<Menu>")
    assert last(heard, "menu")[:2] == ("c1", (0, 0, 0))


def test_frames_lie_on_the_pictures_and_only_there(sheets):
    sheets.show_marks(
        Marks({"c1": (FIRST.box(1, 0, 0, 2, 2),), "gone": ((0, 0, 1, 1),)}, "c1", FIRST.whole(0))
    )
    assert len(sheets.find_withtag("mark")) == 2
    sheets.show_marks(Marks())
    assert not sheets.find_withtag("mark")


def test_a_map_that_is_off_is_crossed_out(sheets):
    lines = [i for i in sheets.find_all() if sheets.type(i) == "line"]
    sheets.show_rows([LayerRow("c1", "c1", FIRST, frozenset({1, 3}))])
    assert len([i for i in sheets.find_all() if sheets.type(i) == "line"]) - len(lines) == 4


def test_it_tells_which_rows_can_be_seen(sheets, heard, root):
    many = [LayerRow(f"c{number}", f"c{number}", Sheet(1, 20, 20, 8, 1)) for number in range(12)]
    sheets.show_rows(many)
    root.update()
    assert last(heard, "sight")[0][0] == "c0"
    assert "c11" not in last(heard, "sight")[0]
    sheets.yview_moveto(1.0)
    root.update()
    assert "c11" in last(heard, "sight")[0]
    assert "c0" not in last(heard, "sight")[0]


def test_the_mark_goes_where_there_are_no_more_maps_and_comes_into_sight(sheets, root):
    many = [LayerRow(f"c{number}", f"c{number}", Sheet(1, 20, 20, 8, 1)) for number in range(12)]
    sheets.show_rows(many)
    for _step in range(12):
        sheets.event_generate("<Down>")
    root.update()
    assert sheets.marked == (11, (0, 0, 0))
    assert sheets.canvasy(0) > 0
    sheets.show_rows(ROWS)
    assert sheets.marked is None


def test_the_mark_stays_in_sight_where_its_arithmetic_takes_room_and_out_of_it_where_it_was(sheets, root):
    sheets.show_rows([LayerRow(f"r{n}", f"r{n}", Sheet(1, 1, 1, 40, 1)) for n in range(12)])
    for _ in range(4):
        sheets.event_generate("<Down>")
    root.update()
    _left, _top, _right, bottom = sheets.bbox("keys")
    assert bottom <= sheets.canvasy(0) + sheets.winfo_height()
    taking = tk.Frame(root, height=sheets.winfo_height() - bottom // 2)
    taking.pack(side="bottom", before=sheets)
    wait_until(root, lambda: sheets.winfo_height() < bottom)
    root.update()
    assert sheets.canvasy(0) < bottom <= sheets.canvasy(0) + sheets.winfo_height()
    sheets.event_generate("<Down>")
    for down in (1.0, 0.0):  # below the mark, and above it
        sheets.yview_moveto(down)
        away, height = sheets.canvasy(0), sheets.winfo_height()
        taking.configure(height=taking.winfo_height() + 20)
        wait_until(root, lambda before=height: sheets.winfo_height() < before)
        root.update()
        assert sheets.canvasy(0) == away


def test_the_theme_is_followed(sheets):
    sheets.restyle(PALETTES["dark"])
    assert str(sheets["background"]) == PALETTES["dark"].window
