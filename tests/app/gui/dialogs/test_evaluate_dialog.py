"""Network > Evaluate: a real window, a real process, a small network and small data."""

from dataclasses import replace

import numpy as np
import pytest

from app.data import sources
from app.data.sources import SOURCES
from app.gui.dialogs.dialog import Dialog
from app.gui.theme import PALETTES, READ_LABEL
from app.page.evaluate_presenter import findings
from engine import Recognizer, evaluate
from engine.datasets.mnist import read_mnist
from tests.app.hand import has_ended, is_shown, open_dialog, press, shown, texts, tip_of, wait_until
from tests.app.work import FEW, measure_few_drawings


@pytest.fixture
def evaluated(window, present, data, measured_here):
    """The dialog with its findings."""
    return evaluate_in(window)


def evaluate_in(window):
    dialog = open_dialog(window, "evaluate")
    wait_until(window, lambda: dialog.presenter.evaluation is not None)
    window.update()
    return dialog


def test_a_network_is_measured_with_interval_and_mistakes(window, present, data):
    evaluated = evaluate_in(window)
    expected = evaluate(Recognizer.load(present).network, read_mnist(data, "test"))
    assert f"{100 * expected.accuracy:.2f} % are read right" in texts(evaluated)
    low, high = expected.interval
    assert any(f"{100 * low:.2f} % and {100 * high:.2f} %" in text for text in texts(evaluated))
    recalls = [score.recall for score in expected.classes]
    hardest = int(np.argmin(recalls))
    assert any(f"hardest digit is the {hardest}, of which {100 * recalls[hardest]:.2f} %" in text
               for text in texts(evaluated))  # fmt: skip
    assert any(f"{100 * expected.calibration_error:.2f} points" in text for text in texts(evaluated))
    shown_numbers = [int(t.caption.rpartition(" ")[2]) for t in evaluated.gallery.grid_of_digits.tiles]
    assert shown_numbers == expected.mistakes.tolist()[: len(shown_numbers)]


def test_the_terms_of_the_note_are_explained(evaluated):
    (note,) = (
        label for label in evaluated.findings.winfo_children() if "95 % interval" in "".join(texts(label))
    )
    assert "95 of 100 such measurements" in tip_of(note)


def test_the_window_reads_no_test_images_itself(window, present, data, monkeypatch):
    dialog = open_dialog(window, "evaluate")

    def never(*arguments):
        raise AssertionError("the window has stood still for it")

    monkeypatch.setattr("app.data.sources.Source.test_images", never)
    wait_until(window, lambda: dialog.presenter.evaluation is not None)
    assert len(dialog.presenter.evaluation.labels) == 60


def test_a_cell_shows_its_digits_and_a_digit_comes_onto_the_page(window, reader, evaluated, data):
    evaluation = evaluated.presenter.evaluation
    truth, read = np.argwhere(evaluation.confusion > 0)[-1].tolist()
    left, top, right, bottom = evaluated.confusion.cell(truth, read)
    evaluated.confusion.event_generate("<Button-1>", x=int(left + right) // 2, y=int(top + bottom) // 2)
    window.update()
    assert f"of a {truth}, read" in evaluated.gallery.title["text"]
    tile = evaluated.gallery.grid_of_digits.tiles[0]
    number = int(tile.caption.rpartition(" ")[2])
    assert (evaluation.labels[number], evaluation.predictions[number]) == (truth, read)
    x, y = evaluated.gallery.grid_of_digits._corner(0)
    evaluated.gallery.grid_of_digits.event_generate("<Button-1>", x=int(x) + 40, y=int(y) + 30)
    window.update()
    assert f"Test image no. {number}: it is a {truth}" in window.status.message
    seen = np.round(255 * reader.seen[-1]).astype(np.uint8)
    assert np.array_equal(seen, read_mnist(data, "test").images[number])
    assert {window.canvas.type(item) for item in window.canvas.find_all()} == {"image"}
    evaluated.mistakes_button.invoke()
    assert "mistakes" in evaluated.gallery.title["text"]


def test_what_was_called_no_digit_is_told(window, evaluated):
    """The presenter's texts reach the screen."""
    found = evaluated.presenter.evaluation
    evaluated.presenter.evaluation = replace(found, rejected=np.ones(60, bool))
    evaluated.show_findings(findings(evaluated.presenter.evaluation))
    evaluated.presenter.show_mistakes()
    assert evaluated.headline["text"].endswith("; 60 are called no digit")
    window.update()
    tiles = evaluated.gallery.grid_of_digits.tiles
    assert tiles
    assert all(tile.caption.startswith("no digit (") for tile in tiles)


def test_other_test_images_can_be_chosen_when_some_were_measured(window, present, data, monkeypatch):
    evaluated = evaluate_in(window)
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", FEW)
    monkeypatch.setattr("app.page.evaluate_presenter.measure", measure_few_drawings)
    before = evaluated.presenter.evaluation
    evaluated.sources.list.set("Drawings")
    evaluated.sources.list.event_generate("<<ComboboxSelected>>")
    window.update()
    assert not is_shown(evaluated.mistakes_button)
    wait_until(window, lambda: evaluated.presenter.evaluation is not before)
    images = SOURCES["synthetic"].test_images(present)
    expected = evaluate(Recognizer.load(present).network, images)
    assert f"{100 * expected.accuracy:.2f} % are read right" in texts(evaluated)
    assert sum(text.endswith("are read right") for text in texts(evaluated)) == 1
    assert (is_shown(evaluated.mistakes_button), is_shown(evaluated.start_button)) == (True, False)
    window.menus.pick("theme", "dark")  # of what was shown before, nothing is left to be recoloured
    window.update()
    assert evaluated["background"] == PALETTES["dark"].window


def test_the_result_follows_the_theme(window, evaluated):
    window.menus.pick("theme", "dark")
    window.update()
    dark = PALETTES["dark"].window
    assert evaluated["background"] == dark
    assert evaluated.confusion["background"] == evaluated.gallery.grid_of_digits["background"] == dark


def test_a_damaged_network_is_told(window, present, data):
    (present / "network.json").write_text("{")
    dialog = open_dialog(window, "evaluate")
    wait_until(window, lambda: "damaged" in dialog.status["text"])
    dialog.close()
    assert not shown(window, Dialog)


def test_a_measurement_is_ended_with_its_dialog(window, present, data):
    dialog = open_dialog(window, "evaluate")
    pid = dialog.presenter._job._process.pid
    press(dialog, "<Escape>")
    assert not shown(window, Dialog)
    assert has_ended(pid)


def test_on_a_small_screen_it_opens_at_its_headline_and_is_scrolled_one_way(
    window, present, data, monkeypatch
):
    monkeypatch.setattr(type(window), "winfo_screenwidth", lambda window: 640)
    monkeypatch.setattr(type(window), "winfo_screenheight", lambda window: 480)
    dialog = open_dialog(window, "evaluate")
    wait_until(window, lambda: dialog.presenter.evaluation is not None)
    wait_until(window, lambda: is_shown(dialog.scrolled.down))
    window.update()
    assert dialog.winfo_width() <= 576
    assert not is_shown(dialog.scrolled.across)
    assert dialog.focus_lastfor() is dialog.headline
    assert dialog.headline["style"] == READ_LABEL  # which shows that it has the keys
    assert dialog.headline.winfo_rooty() >= dialog.scrolled.winfo_rooty()
    right, bottom = dialog.confusion.cell(9, 9)[2:]
    assert right < dialog.confusion.winfo_width()
    assert bottom < dialog.confusion.winfo_height()
