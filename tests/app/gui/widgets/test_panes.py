"""Panes that go while they wait to be arranged take nobody with them."""

import os
import subprocess
import sys

SCRIPT = """
import _tkinter
import tkinter as tk
from tkinter import ttk
from app.gui.widgets.panes import Panes

root = tk.Tk()
for turn in range(40):
    panes = Panes(root)
    panes.pack(fill="both", expand=True)
    first, second = (ttk.Frame(panes, width=100, height=50) for _ in range(2))
    panes.add(first)
    panes.add(second)
    root.update()
    root.after_idle(lambda: first.configure(width=120))  # it asks for another size ...
    panes.paneconfigure(second, minsize=30)
    root.tk.dooneevent(_tkinter.DONT_WAIT | 1 << 5)  # ... and before it has it, the panes are drawn ...
    panes.destroy()  # ... and gone
    others = [tk.Label(root, text=str(place)) for place in range(20)]  # in the memory that they had
    root.update()
    for other in others:
        other.destroy()
print("alive")
"""


def test_panes_that_wait_to_be_arranged_can_go(display):
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": "."}
    )
    assert (run.returncode, run.stdout) == (0, "alive\n"), run.stderr
