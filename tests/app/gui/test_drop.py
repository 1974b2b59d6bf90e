"""app/gui/drop.py: a file that is dropped is taken, and a system that cannot drop costs nothing."""

import sys

from app.gui.drop import _take, take_drops


def test_a_drop_is_awaited_where_it_can_be_loaded(root):
    taken = []
    assert take_drops(root, taken.append)
    bound = str(root.tk.call("bind", ".", "<<Drop>>"))
    assert root.tk.eval(bound.replace("%D", "{{/mine/a seven.png}}")) == "copy"  # as the library does it
    assert taken == ["/mine/a seven.png"]


def test_without_the_library_nothing_happens(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    assert not take_drops(root, print)


def test_the_first_name_of_several_is_taken_whatever_is_in_it(root):
    taken = []
    _take(root, "{/mine/a seven.png} /mine/b.png", taken.append)
    _take(root, "", taken.append)
    assert taken == ["/mine/a seven.png"]
