"""app/gui/training_desk.py: the strip of a real window, and one dialog at a time."""

import pytest

from app.gui.dialogs.retrain_dialog import RetrainDialog
from app.gui.theme import PALETTES
from app.jobs.job import Job
from app.page.digit_sources import MY_SOURCES
from app.page.strip import Strip, StripButton
from tests.app import work
from tests.app.hand import answer, has_ended, is_shown, shown, wait_until

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def desk(window):
    return window.training


def test_without_a_training_the_strip_takes_no_room(desk):
    assert not is_shown(desk.strip)


@pytest.mark.usefixtures("quiet_strip")
def test_the_strip_stands_between_the_page_and_the_status_bar(window, desk):
    desk.show_strip(Strip("Training.", (StripButton("Stop", lambda: None),), 0.5))
    window.update()
    foot = desk.strip.winfo_rooty() + desk.strip.winfo_height()
    assert window.canvas.winfo_rooty() + window.canvas.winfo_height() <= desk.strip.winfo_rooty()
    assert foot <= window.status.winfo_rooty()


@pytest.mark.usefixtures("quiet_strip")
def test_the_strip_has_room_in_the_smallest_window(window, desk):
    window.geometry("640x480")
    wait_until(window, lambda: window.winfo_width() == 640)
    labels = ("Further details", "Go on with it", "Finish now and keep it all", "Stop it now")  # 40 % longer
    desk.show_strip(
        Strip("Training a network, " * 6, tuple(StripButton(label, lambda: None) for label in labels), 0.5)
    )
    parts = (window.canvas, desk.strip, *desk.strip.buttons, window.status)

    def lies_within(part):
        left, top = part.winfo_rootx() - window.winfo_rootx(), part.winfo_rooty() - window.winfo_rooty()
        return (
            left >= 0 and left + part.winfo_width() <= 640 and top >= 0 and top + part.winfo_height() <= 480
        )

    wait_until(window, lambda: desk.strip.progress.winfo_width() > 20 and all(map(lies_within, parts)))
    assert window.canvas.winfo_height() > 150  # there is still something to draw on


def test_the_dialog_is_opened_once_and_then_brought_to_the_front(window, desk):
    desk.open_page()
    desk.open_page()
    (dialog,) = shown(window, RetrainDialog)
    dialog.close()
    desk.open_page()
    assert len(shown(window, RetrainDialog)) == 1


def test_a_source_whose_digits_are_gone_leaves_the_first_one_chosen(window, desk, monkeypatch):
    monkeypatch.setattr("app.page.digit_sources.has_my_digits", lambda folder: False)
    desk.open_page(MY_SOURCES[0])
    (dialog,) = shown(window, RetrainDialog)
    assert dialog.sources.list.current() == 0


def test_a_question_stands_over_the_dialog_if_there_is_one(window, desk):
    answer(window, lambda question: question.yes_button.invoke())
    assert desk.ask("Stop?", "It would be lost.", yes="Stop", no="Go on")
    desk.open_page()
    (dialog,) = shown(window, RetrainDialog)
    over = []
    answer(window, lambda question: (over.append(question.over), question.close_button.invoke()))
    assert not desk.ask("Stop?", "It would be lost.", yes="Stop", no="Go on")
    assert over == [dialog]


@pytest.mark.usefixtures("little_grace")
def test_a_job_is_followed_and_ends_with_the_window(window, desk):
    told = []
    desk.watch(Job(work.hang), on_record=told.append, on_end=lambda: told.append("end"))
    wait_until(window, lambda: told)
    window.destroy()
    assert has_ended(told[0].pid)
    assert told[1:] == []


def test_it_follows_the_theme(window, desk):
    desk.restyle(PALETTES["dark"])
    assert str(desk.strip.text["foreground"]) == PALETTES["dark"].text
    desk.open_page()
    (dialog,) = shown(window, RetrainDialog)
    assert dialog.palette == PALETTES["dark"]
