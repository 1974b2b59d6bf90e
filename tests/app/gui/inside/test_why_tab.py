"""app/gui/inside/why_tab.py: in the real window, with a network that ships."""

import pytest

from app.gui.inside import desk as desk_module
from app.jobs import kept_beside
from app.page.drawing import Stroke
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.explaining.edits import Reader
from engine.explaining.neighbours import DigitIndex
from tests import digit_templates
from tests.app.fakes import FakeJob
from tests.app.hand import is_shown, wait_until

pytestmark = pytest.mark.usefixtures("window_of_its_own")


def digit_strokes(digit):
    """A digit in the middle of the page, with room around it."""
    drawn = digit_templates.digit_strokes(digit)
    return [[(0.3 + 0.4 * x, 0.3 + 0.4 * y) for x, y in stroke] for stroke in drawn]


@pytest.fixture
def reader():
    return Recognizer.load(SHIPPED / "lenet5")


@pytest.fixture
def why(window, monkeypatch):
    """The tab Why at a drawn 7, opened by a click on the bar of the 1."""
    other = Recognizer.load(SHIPPED)
    monkeypatch.setattr(type(window.inside), "_second", lambda self: Reader(other.network, other.confidence))
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(7)])
    window.update()
    window.menus.choose("inside")
    window.update()
    bars = window.bars
    left, top, right, bottom = bars._tracks[1]
    bars.event_generate("<Button-1>", x=round((left + right) / 2), y=round((top + bottom) / 2))
    window.update()
    return window.inside.panel.why


def test_a_click_on_a_bar_asks_why_not_that_digit(window, why):
    assert window.inside.panel.front is why
    assert str(why.question["text"]).endswith("Why 7 and not 1?")
    assert (why.digit.get(), why.versus.get()) == ("7", "1")
    wait_until(window, lambda: why.nearest.tiles)
    assert [tile.caption[0] for tile in why.nearest.tiles] == list("777111")
    assert is_shown(why.strokes)


def test_the_lists_ask_another_question(window, why):
    why.versus.set("2")
    why.versus.event_generate("<<ComboboxSelected>>")
    window.update()
    assert str(why.question["text"]).endswith("Why 7 and not 2?")


def test_a_list_on_an_empty_page_asks_nothing(window, why):
    window.menus.choose("clear")
    window.update()
    why.digit.set("3")
    why.digit.event_generate("<<ComboboxSelected>>")
    window.update()


def test_a_list_that_was_open_while_the_page_was_cleared_asks_nothing(window, why):
    window.menus.choose("clear")
    window.update()
    why.digit.set("3")
    why.digit.event_generate("<<ComboboxSelected>>")
    window.update()
    assert why.versus.get() == ""
    assert why.presenter.question is None


def test_pixels_come_on_demand(window, why):
    assert not is_shown(why.map)
    why.pixels_button.invoke()
    window.update()
    assert is_shown(why.map)
    assert "evidence" in str(why.map_told["text"])
    why.pixels_button.invoke()
    assert not is_shown(why.map)


def test_a_change_is_dotted_on_the_page_and_taken_over(window, why):
    for digit in "1239":
        why.become.set(digit)
        why.become.event_generate("<<ComboboxSelected>>")
        wait_until(window, lambda: not str(why.change["text"]).startswith("Looking"))
        if why.take_button.instate(["!disabled"]):
            break
    assert window.canvas.find_withtag("traced")
    why.take_button.invoke()
    window.update()
    assert not window.canvas.find_withtag("traced")
    assert window.answer.symbol == digit
    window._controller.undo()
    window.update()
    assert window.answer.symbol == "7"


def test_the_explanation_follows_the_drawing_once_the_pen_rests(window, why):
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(4)])
    wait_until(window, lambda: str(why.question["text"]).startswith("Read: 4"))
    window._controller.clear()
    wait_until(window, lambda: str(why.question["text"]).startswith("The page is empty."))
    assert why.become.instate(["disabled"])
    assert not is_shown(why.nearest)


def test_another_tab_takes_its_lines_off_the_page(window, why):
    why._on_lines([[(0.1, 0.1), (0.4, 0.4)]])
    assert window.canvas.find_withtag("traced")
    panel = window.inside.panel
    panel.notebook.select(panel.layers)
    window.update()
    assert not window.canvas.find_withtag("traced")


def test_digits_to_compare_with_that_are_not_there_are_gathered_by_one_job(window, monkeypatch):
    jobs = []

    def start(work, **arguments):
        jobs.append(FakeJob(work, **arguments))
        return jobs[-1]

    find = kept_beside.find_digit_index
    monkeypatch.setattr(desk_module, "Job", start)
    monkeypatch.setattr(desk_module, "JobWatch", lambda widget, job, **calls: job.follow(**calls))
    monkeypatch.setattr(kept_beside, "find_digit_index", lambda *arguments, tell: None)
    monkeypatch.setattr(DigitIndex, "build", None)  # not in this process
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(7)])
    window.menus.choose("inside")
    window.update()
    panel = window.inside.panel
    panel.layers.presenter.switch("c1", 0)
    window.update()
    panel.layers.presenter.switch("c1", 0)
    panel.notebook.select(panel.why)
    wait_until(window, lambda: "being gathered" in str(panel.why.nearest_told["text"]))
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(4)])
    wait_until(window, lambda: "Read: 4" in str(panel.why.question["text"]))
    (job,) = jobs
    monkeypatch.setattr(kept_beside, "find_digit_index", find)
    job.ends("done")
    window.update()
    assert [tile.caption[0] for tile in panel.why.nearest.tiles][:3] == list("444")


@pytest.mark.parametrize(("state", "error"), [("failed", "The disk is full."), ("done", "no place where")])
def test_digits_that_could_not_be_gathered_are_told_once(window, monkeypatch, state, error):
    jobs = []

    def start(work, **arguments):
        jobs.append(FakeJob(work, **arguments))
        return jobs[-1]

    monkeypatch.setattr(desk_module, "Job", start)
    monkeypatch.setattr(desk_module, "JobWatch", lambda widget, job, **calls: job.follow(**calls))
    monkeypatch.setattr(kept_beside, "find_digit_index", lambda *arguments, tell: None)
    window.menus.choose("inside")
    window.update()
    assert window.inside._index() is None
    jobs[0].ends(state, error)
    assert error in window.status.message
    assert window.inside._index() is None
    assert len(jobs) == 1
