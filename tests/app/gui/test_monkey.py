"""Whatever keys and clicks come in whatever order: no error, and nothing is left behind."""

import gc
import re

import pytest

from app.gui.dialogs.question_dialog import ask
from app.gui.theme import PALETTES
from tests.app.hand import open_dialog
from tests.app.monkey import Monkey

pytestmark = pytest.mark.usefixtures("window_of_its_own")

DIALOGS = ("retrain", "evaluate", "open network", "my digits", "about network", "shortcuts", "about")


def counted(window, what, pattern):
    """So many of it has Python made; Tk loads its commands, and the theme its pictures, when first needed."""
    names = window.tk.splitlist(window.tk.call(*what.split()))
    return sum(bool(re.fullmatch(pattern, name)) for name in names)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.thorough)])
def test_random_events_end_in_no_error(window, tmp_path, seed):
    for name in ("picture.png", "drawing.jsonl"):
        (tmp_path / name).touch()
    Monkey(window, seed=seed, files=["", *map(str, tmp_path.iterdir())]).play(lambda events: events < 300)
    assert window.winfo_exists()  # an error fails the fixture


def test_a_question_that_the_last_event_opens_holds_nobody_up(window, monkeypatch):
    monkey, answers = Monkey(window, seed=0), []

    def ask_twice():
        for _ in range(2):
            answers.append(ask(window, "Quit?", "It would be lost.", yes="Quit", palette=PALETTES["light"]))

    for deed in ("_click", "_press", "_drag", "_choose_entry", "_scroll", "_resize", "_leave"):
        monkeypatch.setattr(monkey, deed, ask_twice)
    monkey.play(lambda events: events < 1)
    assert answers == [False, False]


def test_what_is_closed_leaves_nothing_in_tk(window):
    """Callbacks of closed dialogs, images and fonts would pile up in the interpreter."""
    counts = []
    for _ in range(3):
        for action in DIALOGS:
            open_dialog(window, action).destroy()
        for _ in range(2):  # into the panel, and out of it
            window.menus.choose("inside")
            window.update()
        window.report_callback_exception(ValueError, ValueError(), None, expected=True)
        window._rebuild()
        gc.collect()
        window.update()
        counts.append(
            (
                counted(window, "info commands", r"\d+\w+"),
                counted(window, "image names", r"pyimage\d+"),
                counted(window, "font names", ".*"),
            )
        )
    assert counts[1] == counts[2]  # the first round makes what is kept
