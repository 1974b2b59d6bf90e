"""The grid of digits: pictures as they are, and one chosen by mouse or keys."""

from dataclasses import replace

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.digit_grid import DigitGrid
from app.page.tile import Tile
from tests.app.hand import wait_until

GREY = Tile(bytes([0, 128, 255, 255]), 2, 2, "grey", is_right=True)
COLOUR = Tile(bytes([255, 0, 0, 0, 0, 255]), 2, 1, "colour", is_right=False)


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def grid(root, chosen):
    grid = DigitGrid(root, palette=PALETTES["light"], on_resize=lambda: None, on_choose=chosen.append)
    grid.pack(fill="both", expand=True)
    root.geometry("420x330")
    wait_until(root, lambda: grid.capacity == 12)
    return grid


def items(grid, kind):
    return [item for item in grid.find_all() if grid.type(item) == kind]


def test_ink_is_shown_in_the_palettes_greys_and_colours_as_they_are(grid):
    grid.show([GREY, COLOUR])
    grey, colour = grid._images
    assert grey.get(0, 0) == (255, 255, 255)  # paper
    assert grey.get(3, 3) == (0x1C, 0x1C, 0x1C)  # ink, each pixel enlarged
    assert colour.get(0, 0) == (255, 0, 0)
    grid.restyle(PALETTES["dark"])
    assert grid._images[0].get(0, 0) == (0x26, 0x26, 0x26)
    assert grid._images[1].get(0, 0) == (255, 0, 0)


def test_columns_share_the_room_that_is_left_over(grid, root):
    grid.show([GREY] * 6)
    middles = [grid.coords(item)[0] for item in items(grid, "text")]
    assert middles[:4] == pytest.approx(
        [grid.winfo_width() * (column + 0.5) / 4 for column in range(4)], abs=1
    )
    assert middles[4:] == middles[:2]


def test_captions_of_wrong_answers_stand_out(grid):
    grid.show([GREY, COLOUR])
    right, wrong = items(grid, "text")
    assert (grid.itemcget(right, "text"), grid.itemcget(wrong, "text")) == ("grey", "colour")
    assert grid.itemcget(wrong, "fill") == PALETTES["light"].error != grid.itemcget(right, "fill")


def test_tiles_stand_further_apart_where_captions_are_long(root):
    def show_again():
        resized.append(grid.capacity)
        grid.show([long] * grid.capacity)

    resized = []
    long = replace(GREY, caption="a caption of four or five words\nand a line")
    grid = DigitGrid(root, palette=PALETTES["light"], on_resize=show_again)
    grid.pack(fill="both", expand=True)
    root.geometry("420x330")
    wait_until(root, lambda: resized and resized[-1] == 6)
    lefts_and_rights = [grid.bbox(item)[::2] for item in items(grid, "text")[:2]]
    (_, right), (left, _) = lefts_and_rights
    assert right < left


def test_a_click_chooses_and_a_click_beside_does_not(grid, root, chosen):
    grid.show([GREY] * 6)
    grid.event_generate("<Button-1>", x=150, y=160)
    root.update()
    assert chosen == [5]
    grid.event_generate("<Button-1>", x=350, y=160)
    root.update()
    assert chosen == [5]


def test_arrows_and_return_choose(grid, root, chosen):
    grid.show([GREY] * 6)
    grid.focus_force()
    wait_until(root, lambda: grid.find_withtag("mark"))
    for key in ("<Left>", "<Right>", "<Down>", "<Down>", "<Return>", "<Left>", "<Up>", "<space>"):
        grid.event_generate(key)
    root.update()
    assert chosen == [5, 0]


def test_it_takes_the_keys_only_while_there_is_something_to_mark(grid, root):
    assert grid.tk.getboolean(grid["takefocus"])
    grid.show([])
    assert not grid.tk.getboolean(grid["takefocus"])


def test_with_nothing_to_show_nothing_is_chosen(grid, root, chosen):
    grid.focus_force()
    grid.event_generate("<Return>")
    root.update()
    assert chosen == []
    assert not grid.find_all()


def test_where_nothing_can_be_chosen_it_does_not_take_the_keys(root):
    grid = DigitGrid(root, palette=PALETTES["light"], on_resize=lambda: None)
    assert str(grid["takefocus"]) == "0"
    assert not grid.bind("<Button-1>")
