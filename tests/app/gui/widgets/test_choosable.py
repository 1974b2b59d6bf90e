"""app/gui/widgets/choosable.py: one of three places in a row, by click and by key."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.choosable import Choosable
from tests.app.hand import wait_until


class Row(Choosable):
    """Places of 20 pixels beside each other, from the left; the first 10 pixels are none."""

    def __init__(self, parent, count, **options):
        super().__init__(parent, palette=PALETTES["light"], size=(100, 20), **options)
        self.count = count
        self.chosen = []
        self.paint()

    @property
    def place_count(self):
        return self.count

    def box(self, place):
        return 10 + 20 * place, 0, 30 + 20 * place, 20

    def neighbour(self, key):
        place = self.marked + {"Left": -1, "Right": 1}.get(key, 100)
        return place if 0 <= place < self.count else None

    def on_chosen(self, place):
        self.chosen.append(place)

    def lay_out(self):
        self.show_mark()


@pytest.fixture
def row(root):
    row = Row(root, 3, mark_inset=1)
    row.pack()
    wait_until(root, row.winfo_ismapped)
    return row


def click(row, x):
    row.event_generate("<Button-1>", x=x, y=5)
    row.update()


def test_a_click_chooses_the_place_under_it(row, root):
    row.focus_force()
    wait_until(root, lambda: row.find_withtag("mark"))
    click(row, 35)
    assert row.chosen == [1]
    assert row.coords("mark") == [31, 1, 49, 19]
    click(row, 5)
    click(row, 75)
    assert row.chosen == [1]


def test_keys_go_from_place_to_place_and_stop_at_the_ends(row, root):
    row.focus_force()
    wait_until(root, lambda: row.find_withtag("mark"))
    for key in ("<Left>", "<Right>", "<Return>", "<Right>", "<Right>", "<Up>", "<space>"):
        row.event_generate(key)
    root.update()
    assert row.chosen == [1, 2]


def test_the_mark_is_there_while_the_keys_are(row, root):
    assert not row.find_withtag("mark")
    row.focus_force()
    wait_until(root, lambda: row.find_withtag("mark"))
    root.focus_force()
    wait_until(root, lambda: not row.find_withtag("mark"))


def test_where_there_is_nothing_nothing_is_chosen(row, root):
    row.count = 0
    click(row, 35)
    row.focus_force()
    root.update()
    row.event_generate("<Return>")
    root.update()
    assert row.chosen == []
    assert not row.find_withtag("mark")


def test_where_nothing_can_be_chosen_it_takes_neither_keys_nor_clicks(root):
    row = Row(root, 3, can_choose=False)
    row.pack()
    wait_until(root, row.winfo_ismapped)
    click(row, 35)
    assert row.chosen == []
    assert str(row["takefocus"]) == "0"
    row.focus_force()
    root.update()
    assert not row.find_withtag("mark")
