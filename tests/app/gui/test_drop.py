"""app/gui/drop.py: a file that is dropped is taken, and a system that cannot drop costs nothing."""

import subprocess
import sys
from pathlib import Path

from app.gui.drop import _take, take_drops

ROOT = Path(__file__).resolve().parents[3]

DROP = """
import tkinter
from app.gui.drop import take_drops
root = tkinter.Tk()
assert take_drops(root, print)
bound = str(root.tk.call("bind", ".", "<<Drop>>"))
print(root.tk.eval(bound.replace("%D", "{{/mine/a seven.png}}")))  # as the library does it
"""


def test_a_drop_is_awaited_where_it_can_be_loaded(display):
    """In a process of its own: what takes drops outlives its window, and would meet the next one."""
    told = subprocess.run(
        [sys.executable, "-c", DROP], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert told.splitlines() == ["/mine/a seven.png", "copy"]


def test_without_the_library_nothing_happens(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    assert not take_drops(root, print)


def test_the_first_name_of_several_is_taken_whatever_is_in_it(root):
    taken = []
    _take(root, "{/mine/a seven.png} /mine/b.png", taken.append)
    _take(root, "", taken.append)
    assert taken == ["/mine/a seven.png"]
