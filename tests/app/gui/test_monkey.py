"""Whatever keys and clicks come in whatever order: no error, and nothing is left behind."""

import gc
import re

import pytest

from app.gui.dialogs.question_dialog import ask
from app.gui.theme import PALETTES
from tests.app.monkey import Monkey


def counted(window, what):
    """So many of it are there, but for the pictures of the theme, which come with each size that is shown."""
    names = window.tk.splitlist(window.tk.call(*what.split()))
    return sum(not re.fullmatch(r"image\d+", name) for name in names)


@pytest.mark.parametrize("seed", range(3))
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
    monkey = Monkey(window, seed=4)
    counts = []
    for events in (200, 700):
        monkey.play(lambda done, events=events: done < events)
        gc.collect()
        window.update()
        counts.append([counted(window, what) for what in ("info commands", "image names", "font names")])
    first, second = counts
    assert all(later <= earlier + 10 for earlier, later in zip(first, second, strict=True)), counts
