"""app/gui/inside/map_tab.py: in the real window, with a map that ships, and one that has to be made."""

import pytest

from app.gui.inside import desk as desk_module
from app.jobs import kept_beside
from app.page.drawing import Stroke
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.explaining.digit_map import DigitMap
from tests.app.fakes import FakeJob
from tests.app.hand import wait_until
from tests.digit_templates import digit_strokes

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def reader():
    return Recognizer.load(SHIPPED / "lenet5")


def open_map(window):
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(7)])
    window.menus.choose("inside")
    window.update()
    window.inside.panel.notebook.select(window.inside.panel.map)
    window.update()
    return window.inside.panel.map


def test_the_drawing_moves_on_the_map_as_it_changes(window):
    tab = open_map(window)
    assert "On the map it lies among 7, 7, 7, 7, 7." in str(tab.told["text"])
    before = tab.plane.coords("place")
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(4)])
    wait_until(window, lambda: "Read: 4" in str(tab.told["text"]))
    assert tab.plane.coords("place") != before


def test_a_digit_of_the_map_is_put_on_the_page_and_undo_brings_the_drawing_back(window):
    tab = open_map(window)
    tab.plane.event_generate("<Up>", when="now")
    tab.presenter.mark_beside(1, 0)
    tab.presenter.choose()
    window.update()
    assert window._controller._drawing.picture is not None
    assert window.status.message
    window._controller.undo()
    assert window._controller._drawing.picture is None


def test_a_map_that_is_not_there_is_made_by_a_job_and_a_failure_is_told_once(window, monkeypatch):
    jobs = []

    def start(work, **arguments):
        jobs.append(FakeJob(work, **arguments))
        return jobs[-1]

    monkeypatch.setattr(desk_module, "Job", start)
    monkeypatch.setattr("app.gui.inside.map_tab.JobWatch", lambda widget, job, **calls: job.follow(**calls))
    find = kept_beside.find_digit_map
    monkeypatch.setattr(kept_beside, "find_digit_map", lambda *arguments, tell: None)
    monkeypatch.setattr(DigitMap, "build", None)  # not in this process
    tab = open_map(window)
    assert "is being made" in str(tab.told["text"])
    (job,) = jobs
    job.ends("failed", "The disk is full.")
    assert str(tab.told["text"]) == "The disk is full."
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(4)])
    window.update()
    assert jobs == [job]
    job.ends("done")
    assert "no place where it could be kept" in str(tab.told["text"])
    monkeypatch.setattr(kept_beside, "find_digit_map", find)
    window.inside._mapped = None
    job.ends("done")
    assert "On the map it lies among" in str(tab.told["text"])
