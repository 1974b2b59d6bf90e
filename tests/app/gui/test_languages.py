"""Every sentence of the window can be translated; none is cut if it is 40 % longer, nor in any language."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from app import language
from app.gui.browser import Browser
from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.image_dialog import ImageDialog
from app.gui.dialogs.question_dialog import NameDialog, QuestionDialog
from app.gui.theme import PALETTES
from app.gui.widgets.tooltip import Tooltip
from app.jobs.records import Begin, Comparison, End, Epoch, Measuring, SetResult, Step
from app.page import training_presenter
from app.page.drawing import Stroke
from app.page.evaluate_presenter import findings
from app.page.hints import hint
from app.store.trainings import InterruptedTraining, TrainingPlan
from engine import Dataset, Evaluation
from engine.reading.evaluation import PairedTally
from tests.app.fakes import FakeJobs
from tests.app.hand import answer, is_shown, open_dialog, shown, wait_until
from tests.app.pseudo import Pseudo, cut, untranslated

pytestmark = pytest.mark.usefixtures("window_of_its_own")

DIALOGS = (
    "retrain",
    "evaluate",
    "open network",
    "my digits",
    "practise",
    "about network",
    "shortcuts",
    "about",
)
LANGUAGES = [known.code for known in language.languages() if known.code != language.SOURCE]
PLAN = TrainingPlan("synthetic,not-digits", "/data", "lenet5", 8, "gentle", "Mine")
WORSE = PairedTally(10_000, both=9000, only_first=600, only_second=100)
LOST = PairedTally(2000, both=0, only_first=1900, only_second=0)
END = End(
    "/nowhere",
    Comparison((SetResult("mnist", WORSE.second, WORSE), SetResult("not-digits", LOST.second, LOST))),
)


# What has room where all is longer, and in the smaller window, hardly lacks it in the larger one.
SETTINGS = [
    pytest.param((spoken, size), id=f"{spoken}-{size}", marks=[pytest.mark.thorough] if is_rare else [])
    for spoken in ("longer", *LANGUAGES)
    for size, is_rare in (("640x480", False), ("860x620", spoken != "longer"))
]


@pytest.fixture(params=SETTINGS)
def setting(request):
    return request.param


@pytest.fixture
def spoken(setting, monkeypatch):
    """A made-up language, and each that there is."""
    spoken, _ = setting
    if spoken == "longer":
        language.speak_by(Pseudo())
    else:
        language.speak(spoken)
    monkeypatch.setattr(language, "speak", lambda code: None)  # as the start does by the settings
    return spoken


@pytest.fixture
def size(setting, monkeypatch):
    """Of the window; the smaller one has no larger screen."""
    _, size = setting
    if size == "640x480":
        monkeypatch.setattr("tkinter.Misc.winfo_screenwidth", lambda self: 640)
        monkeypatch.setattr("tkinter.Misc.winfo_screenheight", lambda self: 480)
    return size


@pytest.fixture
def tips(monkeypatch):
    """All tooltips that are made."""
    made = []
    make = Tooltip.__init__

    def keep(self, widget, text):
        make(self, widget, text)
        made.append(self)

    monkeypatch.setattr(Tooltip, "__init__", keep)
    return made


@pytest.fixture
def window(spoken, size, tips, open_fake_window):
    window = open_fake_window()
    window.geometry(f"{size}+0+0")
    wait_until(window, lambda: f"{window.winfo_width()}x{window.winfo_height()}" == size)
    window.update()
    return window


@pytest.fixture
def faults(spoken):
    """What is not translated, cut or too wide, by where that is: a test calls it, and wants it empty."""
    found = {}

    def look(widget, where):
        widget.update()
        widget.update()  # what is wrapped grows only then
        missed = untranslated(widget) if spoken == "longer" else []
        is_wide = spoken != "longer" and isinstance(widget, Dialog) and is_shown(widget.scrolled.across)
        if missed or cut(widget) or is_wide:
            found[where] = missed, cut(widget), "scrolled sideways" if is_wide else ""
        return found

    look.found = found
    return look


@pytest.fixture
def results():
    """The digits from 0 to 9, again and again; some are read as the next one, some as no digit."""
    labels = np.arange(2000) % 10
    wrong = np.arange(2000) % 7 == 0
    probabilities = np.full((2000, 10), 0.001, np.float32)
    probabilities[np.arange(2000), (labels + wrong) % 10] = 0.991
    images = Dataset(np.zeros((2000, 28, 28), np.uint8), labels)
    return images, Evaluation(probabilities, labels, 1.0, rejected=np.arange(2000) % 100 == 0)


def test_the_window_with_its_menus_hints_answers_and_offers(window, faults, monkeypatch):
    for turn in range(7):
        window.show_hint(hint(turn))
        faults(window, f"hint {turn}")
    window._controller.put_on_page((Stroke(((0.5, 0.5),)),))
    faults(window, "no digit")
    window._choose_pen()
    window.report_callback_exception(ValueError, ValueError(), None, expected=True)
    faults(window, "a fault")
    offer = InterruptedTraining(Path("/kept/1"), PLAN, 7, datetime(2026, 5, 4, 12, 30))
    monkeypatch.setattr(training_presenter, "find_interrupted", lambda place, author: (offer, ""))
    window.training.presenter.look_for_interrupted()
    assert faults(window, "the offer of a training that was interrupted") == {}


@pytest.mark.usefixtures("few_digits", "idle_jobs_inside")
def test_the_panel_inside(window, faults):
    window._controller.put_on_page((Stroke(((0.2, 0.3), (0.8, 0.3))),))
    window.menus.choose("inside")
    wait_until(window, lambda: window.inside.panel.layers.sheets.rows)
    layers = window.inside.panel.layers
    window.update()
    layers.presenter.point_at("c3", (1, 2, 3))
    faults(layers, "a unit that is pointed at")
    layers.presenter.switch("c1", 0)
    faults(layers, "a map that is off")
    layers.presenter.show_kernels(True)
    faults(layers, "kernels")
    faults(window.inside.panel.winfo_children()[0], "the buttons over the tabs")
    layers.presenter.switch_all_on()
    window.inside.choose_bar(7)
    window.inside.panel.why.presenter.become(7)
    window.inside.panel.why.presenter.show_pixels(True)
    faults(window.inside.panel.why, "why")
    window.inside.panel.notebook.select(window.inside.panel.map)
    faults(window.inside.panel.map, "map")
    window.inside.panel.notebook.select(window.inside.panel.compare)
    assert faults(window.inside.panel.compare, "compare") == {}


def test_each_dialog_and_its_tooltips(window, faults, tips):
    for action in DIALOGS:
        tips.clear()
        dialog = open_dialog(window, action)
        faults(dialog, action)
        for tip in tips:
            tip.show()
            faults(tip.shown, tip.text)
            tip.put_away()
        dialog.destroy()
    assert faults.found == {}


@pytest.mark.usefixtures("no_diagrams")  # `faults` lays them out itself
def test_a_training_in_the_strip_and_in_its_dialog(window, faults, monkeypatch):
    desk, presenter = window.training, window.training.presenter
    jobs = FakeJobs(desk)
    monkeypatch.setattr(presenter, "_start_job", jobs)
    presenter.start(PLAN)
    faults(window, "strip at the start")
    desk.open_page()
    (dialog,) = shown(window, Dialog)

    def look(where):
        faults(window, f"strip {where}")
        faults(dialog, f"dialog {where}")

    look("at the start")
    jobs.last.says(Begin(80, 10, 0), Epoch(1, 10, 0.1, 0.5, 0.9, 0.6, 0.8, 3.0), Step(12, 2, 300.0))
    look("in the second epoch")
    dialog.rate_check.invoke()
    presenter.pause_or_resume()
    look("in a pause")
    presenter.pause_or_resume()
    answer(window, lambda question: (faults(question, "stop?"), question.close_button.invoke()))
    presenter.stop()
    presenter.finish()
    look("that ends")
    jobs.last.says(Measuring(0.5, 40.0))
    look("that is measured")
    jobs.last.says(END)
    jobs.last.ends("done")
    look("with its result")
    answer(window, lambda question: (faults(question, "use?"), question.close_button.invoke()))
    presenter.use("Mine", opens_at_start=False)
    assert faults.found == {}


def test_the_findings_of_evaluate(window, faults, results):
    dialog = open_dialog(window, "evaluate")
    dialog.presenter.images, dialog.presenter.evaluation = results
    dialog.show_measuring("")
    faults(dialog, "measuring")
    dialog.show_findings(findings(results[1]))
    dialog.presenter.show_mistakes()
    faults(dialog, "mistakes")
    dialog.presenter.show_cell(1, 2)
    dialog.presenter.put_on_page(100)
    faults(window, "a digit on the page")
    assert faults(dialog, "a cell") == {}


def test_the_questions_on_a_network(window, faults, keep):
    keep("Mine")
    dialog = open_dialog(window, "open network")
    dialog.list.selection_set(dialog.list.get_children()[-1])
    window.update()
    faults(dialog, "the list")
    for button, kind in ((dialog.delete_button, QuestionDialog), (dialog.rename_button, NameDialog)):
        asked = answer(
            window, lambda question: (faults(question, "question"), question.close_button.invoke()), kind
        )
        button.invoke()
        assert asked
    assert faults.found == {}


def test_the_window_of_viewtest(root, spoken, size, faults, results):
    root.title("")
    root.geometry(size)
    browser = Browser(root, *results, source="MNIST", palette=PALETTES["light"])
    browser.pack(fill="both", expand=True)
    faults(root, "all")
    browser.mistakes.invoke()
    browser.page.insert(0, "x")
    browser.go_to_page()
    faults(root, "mistakes")
    browser.gallery.grid_of_digits.on_chosen(0)
    (dialog,) = shown(root, ImageDialog)
    assert faults(dialog, "one image") == {}
