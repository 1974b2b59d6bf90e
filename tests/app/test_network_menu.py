"""The Network menu: real windows, real processes, small networks and small data."""

import os
import signal
import sys
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest

from app.dialogs import source_chooser
from app.dialogs.dialog import Dialog
from app.dialogs.open_network_dialog import SHIPS
from app.dialogs.question_dialog import NameDialog, QuestionDialog
from app.dialogs.retrain_dialog import time_left, verdict
from app.networks import SHIPPED, free_folder, list_networks, name_of, rename_network
from app.retraining import PRESETS
from app.settings import Settings, load_settings, save_settings
from app.theme import PALETTES
from engine import Recognizer, build_network, evaluate, save_network
from engine.datasets.mnist import read_mnist
from engine.saved_network import load_facts
from tests.app.hand import is_closed, wait_until
from tests.digit_templates import write_mnist

LINE = ((0.2, 0.3), (0.8, 0.3))


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A data folder with a little MNIST."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder / "mnist", train=240, test=60, rng=np.random.default_rng(0))
    return folder


@pytest.fixture(autouse=True)
def no_other_data(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "no data"))


@pytest.fixture
def data(digits, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(digits))
    return digits


@pytest.fixture
def present(reader, tmp_path):
    """A real network for the window's reader to have come from."""
    reader.folder = tmp_path / "present"
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(1)), reader.folder)
    return reader.folder


@pytest.fixture
def place(settings_path):
    return settings_path.parent / "networks"


def keep(place, name, architecture="mlp-tanh"):
    folder = free_folder(place, name)
    save_network(build_network(architecture, rng=np.random.default_rng(0)), folder)
    rename_network(folder, name)
    return folder


def open_dialog(window, action):
    window.menus.choose(action)
    (dialog,) = shown(window, Dialog)
    wait_until(window, lambda: dialog.focus_lastfor() is not dialog)  # Tk gives out the keys once it is seen
    return dialog


def shown(window, kind):
    return [child for child in window.winfo_children() if isinstance(child, kind)]


def answer(window, press, kind=QuestionDialog):
    """Have this done with the next question as soon as it is asked."""
    asked = []

    def look():
        if shown(window, kind):
            (dialog,) = shown(window, kind)
            asked.append(dialog)
            press(dialog)
        else:
            window.after(20, look)

    window.after(20, look)
    return asked


def press(dialog, key):
    """Press a key in the part of a dialog that has the keys."""
    widget = dialog.focus_lastfor()
    widget.focus_force()
    wait_until(dialog, lambda: dialog.focus_get() is widget)
    widget.event_generate(key)
    dialog.master.update()


def texts(widget):
    found = [str(widget["text"])] if isinstance(widget, ttk.Label) else []
    return found + [text for child in widget.winfo_children() for text in texts(child)]


def is_shown(widget):
    return bool(widget.winfo_manager())


def start_training(window, epochs, architecture="mlp-tanh"):
    dialog = open_dialog(window, "retrain")
    dialog.architecture.set(architecture)
    dialog.epochs.set(epochs)
    dialog._leave_preset()
    dialog.start_button.invoke()
    return dialog


def until_it_learns(window, dialog):
    wait_until(window, lambda: dialog.progress["value"] > 0, timeout=60)
    return dialog._watch.job._process.pid


def has_ended(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


# Retrain


def test_a_network_is_trained_named_and_used_and_the_one_before_comes_back(
    window, hand, present, data, place, settings_path
):
    hand.draw(*LINE)
    dialog = start_training(window, 2)
    pid = until_it_learns(window, dialog)
    hand.draw((0.2, 0.7), (0.8, 0.7))  # with the old network, while the new one learns
    assert window.title() == "2 · 90 % — LeNet Canvas"
    wait_until(window, lambda: is_shown(dialog.result), timeout=60)
    assert len(dialog.curves.accuracy_axes.lines[0].get_xydata()) == 2
    told = " ".join(texts(dialog.table))
    (kept,) = list_networks(place)
    assert f"New network {100 * kept.accuracy:.2f} % right" in told
    before = evaluate(Recognizer.load(present).network, read_mnist(data, "test"))
    assert f"Present network {100 * before.accuracy:.2f} % right {60 - before.correct.sum()} of 60" in told
    dialog.name.delete(0, "end")
    dialog.name.insert(0, "Mine / 🙂")
    press(dialog, "<Return>")
    assert not shown(window, Dialog)
    assert window.status.message == "The network Mine / 🙂 reads now."
    assert load_settings(settings_path)[0].network == str(kept.folder)
    assert name_of(kept.folder) == "Mine / 🙂"
    Recognizer.load(kept.folder)
    window.menus.choose("go back")
    assert window.status.message == "The network present reads now."
    assert has_ended(pid)


def test_a_new_network_can_be_kept_for_later_without_being_used(window, present, data, place, settings_path):
    dialog = start_training(window, 1)
    wait_until(window, lambda: is_shown(dialog.result), timeout=60)
    dialog.name.delete(0, "end")
    dialog.name.insert(0, "For later")
    press(dialog, "<Escape>")
    assert not shown(window, Dialog)
    (kept,) = list_networks(place)
    assert kept.name == "For later"
    assert window.status.message == ""
    assert load_settings(settings_path)[0].network is None


def test_a_new_network_is_discarded_after_a_question(window, present, data, place):
    dialog = start_training(window, 1)
    wait_until(window, lambda: is_shown(dialog.result), timeout=60)
    answer(window, lambda question: press(question, "<Return>"))  # the careful answer
    dialog.discard_button.invoke()
    assert len(list_networks(place)) == 1
    answer(window, lambda question: question.yes_button.invoke())
    dialog.discard_button.invoke()
    assert list_networks(place) == []
    assert not shown(window, Dialog)


def test_a_training_is_paused_resumed_and_cancelled_after_a_question(window, present, data, place):
    dialog = start_training(window, 400)
    pid = until_it_learns(window, dialog)
    dialog.pause_button.invoke()
    assert dialog.status["text"] == "Paused."
    assert dialog.pause_button["text"] == "Resume"
    dialog.pause_button.invoke()
    at_pause = dialog.progress["value"]
    wait_until(window, lambda: "left" in dialog.status["text"], timeout=10)
    assert dialog.progress["value"] > at_pause
    asked = answer(window, lambda question: press(question, "<Escape>"))
    dialog.close_button.invoke()
    assert asked
    assert dialog.is_busy
    answer(window, lambda question: question.yes_button.invoke())
    press(dialog, "<Escape>")
    wait_until(window, lambda: is_shown(dialog.choice))
    assert has_ended(pid)
    assert list_networks(place) == []
    assert dialog.start_button.instate(["!disabled"])  # it can be begun again


def test_the_curves_wait_while_the_pen_is_down(window, hand, present, data, monkeypatch):
    monkeypatch.setattr("app.dialogs.retrain_dialog.DRAW_EVERY_MS", 200)
    dialog = start_training(window, 400)
    until_it_learns(window, dialog)
    drawn = []
    draw = dialog.curves.draw
    monkeypatch.setattr(dialog.curves, "draw", lambda: (drawn.append(1), draw()))
    wait_until(window, lambda: drawn)
    hand.event("<ButtonPress-1>", LINE[0])
    window.update()
    drawn.clear()
    at_press = dialog.progress["value"]
    wait_until(window, lambda: dialog.progress["value"] > at_press)
    assert not drawn
    hand.event("<ButtonRelease-1>", LINE[1])
    wait_until(window, lambda: drawn)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_crash_of_the_training_is_told_and_the_window_goes_on(window, hand, present, data):
    dialog = start_training(window, 400)
    os.kill(until_it_learns(window, dialog), signal.SIGKILL)
    wait_until(window, lambda: is_shown(dialog.choice))
    assert "ended early" in dialog._error["text"]
    assert "SIGKILL" in dialog._error["text"]
    hand.draw(*LINE)
    assert window.title() == "1 · 90 % — LeNet Canvas"


def test_a_network_folder_that_cannot_be_written_to_is_told(window, present, data, place):
    place.parent.mkdir(parents=True)
    place.write_text("a file")
    dialog = start_training(window, 1)
    wait_until(window, lambda: "ended early" in dialog._error["text"], timeout=60)
    assert "networks" in dialog._error["text"]


def test_closing_the_window_while_it_trains_asks_and_leaves_nothing_running(open_fake_window, present, data):
    window = open_fake_window()
    dialog = start_training(window, 400)
    pid = until_it_learns(window, dialog)
    answer(window, lambda question: question.close_button.invoke())
    window.close()
    assert not is_closed(window)
    assert not has_ended(pid)
    answer(window, lambda question: question.yes_button.invoke())
    window.close()
    assert is_closed(window)
    assert has_ended(pid)


def test_control_c_ends_the_training_without_a_question(open_fake_window, present, data):
    window = open_fake_window()
    pid = until_it_learns(window, start_training(window, 400))
    window.after(50, signal.raise_signal, signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        window.run()
    assert is_closed(window)
    assert has_ended(pid)


def test_the_theme_changes_while_it_trains(window, present, data):
    dialog = start_training(window, 400)
    until_it_learns(window, dialog)
    window.view_menu.invoke("Dark")
    window.update()
    assert dialog["background"] == PALETTES["dark"].window
    assert dialog.curves.picture["background"] == PALETTES["dark"].window
    assert dialog.is_busy


def test_a_preset_sets_the_details_and_a_changed_detail_leaves_it(window, data):
    dialog = open_dialog(window, "retrain")
    assert (dialog.preset.get(), dialog.architecture.get(), dialog.epochs.get()) == ("quick", "lenet5", "8")
    dialog.preset.set("best")
    dialog._choose_preset()
    assert (dialog.architecture.get(), dialog.variations.get()) == ("best", "strong")
    assert "82,306 parameters" in " ".join(texts(dialog.choice))
    dialog.epochs.focus_set()
    dialog.epochs.delete(0, "end")
    dialog.epochs.insert(0, "7")
    press(dialog, "<KeyRelease-7>")
    assert dialog.preset.get() == ""
    dialog.epochs.set(PRESETS["best"].epochs)
    dialog._leave_preset()
    assert dialog.preset.get() == "best"


@pytest.mark.parametrize("epochs", ["", "0", "-1", "many", "1.5", "501", "²"])
def test_a_number_of_epochs_that_makes_no_sense_is_refused(window, data, epochs):
    dialog = open_dialog(window, "retrain")
    dialog.epochs.set(epochs)
    dialog.start_button.invoke()
    assert "whole number from 1 to 500" in dialog._error["text"]
    assert not dialog.is_busy


def test_the_menu_raises_a_dialog_that_is_open_already(window, data):
    dialog = open_dialog(window, "retrain")
    window.menus.choose("retrain")
    assert shown(window, Dialog) == [dialog]


def test_times_are_told_as_roughly_as_they_are_known():
    assert time_left(4) == "a few seconds left"
    assert time_left(38.2) == "40 seconds left"
    assert time_left(61) == "1 minute left"
    assert time_left(150.1) == "3 minutes left"


def test_the_verdict_counts_images_and_warns_of_chance():
    def facts(right):
        return {"count": 1000, "accuracy": right / 1000, "interval": [0.98, 0.992]}

    assert verdict(facts(985), facts(995)) == (
        "The new network misreads 10 test images fewer than the present one."
    )
    assert "5 test images more" in verdict(facts(985), facts(980))
    assert "may be chance" in verdict(facts(985), facts(987))
    assert "equally many" in verdict(facts(985), facts(985))
    assert "1,000 test images" in verdict(None, facts(985))


# No data


@pytest.fixture
def no_connection(monkeypatch):
    """Every address is refused at once, in the other process too."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


def test_without_a_connection_it_is_said_what_to_do(window, no_connection):
    dialog = open_dialog(window, "retrain")
    dialog.sources.download_button.invoke()
    assert is_shown(dialog.sources.cancel_button)
    wait_until(window, lambda: "could not be downloaded" in dialog.sources.note["text"], timeout=60)
    assert "choose a folder" in dialog.sources.note["text"]
    assert is_shown(dialog.sources.download_button)
    assert dialog.start_button.instate(["disabled"])


def test_a_download_is_cancelled(window, no_connection):
    dialog = open_dialog(window, "retrain")
    dialog.sources.download_button.invoke()
    dialog.sources.cancel_button.invoke()
    wait_until(window, lambda: not is_shown(dialog.sources.cancel_button), timeout=60)
    assert "not on this computer yet" in dialog.sources.note["text"]


@pytest.mark.parametrize("action", ["retrain", "evaluate"])
def test_without_data_a_folder_can_be_shown_and_is_remembered(
    window, present, digits, monkeypatch, settings_path, action
):
    dialog = open_dialog(window, action)
    assert "not on this computer yet" in dialog.sources.note["text"]
    assert dialog.start_button.instate(["disabled"])
    press(dialog, "<Return>")  # does nothing yet
    for chosen, is_found in (("", False), (present, False), (digits, True)):
        monkeypatch.setattr(
            source_chooser.filedialog, "askdirectory", lambda chosen=chosen, **options: str(chosen)
        )
        dialog.sources.folder_button.invoke()
        assert dialog.start_button.instate(["!disabled" if is_found else "disabled"])
    assert load_settings(settings_path)[0].data == str(digits)
    dialog.close()
    assert open_dialog(window, "retrain").sources.is_ready


def test_a_folder_without_the_files_is_refused(window, present, monkeypatch):
    dialog = open_dialog(window, "retrain")
    monkeypatch.setattr(source_chooser.filedialog, "askdirectory", lambda **options: str(present))
    dialog.sources.folder_button.invoke()
    assert dialog.sources.note["text"] == "present does not hold MNIST's files, or not all of them."


# Evaluate


@pytest.fixture
def evaluated(window, present, data):
    dialog = open_dialog(window, "evaluate")
    wait_until(window, lambda: dialog.evaluation is not None, timeout=60)
    window.update()
    return dialog


def test_a_network_is_measured_with_interval_and_mistakes(evaluated, present, data):
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


def test_the_window_reads_no_test_images_itself(window, present, data, monkeypatch):
    dialog = open_dialog(window, "evaluate")

    def never(*arguments):
        raise AssertionError("the window has stood still for it")

    monkeypatch.setattr("app.data_folder.Source.test_images", never)
    wait_until(window, lambda: dialog.evaluation is not None, timeout=60)
    assert len(dialog.evaluation.labels) == 60


def test_a_cell_shows_its_digits_and_a_digit_comes_onto_the_page(window, reader, evaluated, data):
    evaluation = evaluated.evaluation
    truth, read = np.argwhere(evaluation.confusion > 0)[-1].tolist()
    left, top, right, bottom = evaluated.confusion.cell(truth, read)
    evaluated.confusion.event_generate("<Button-1>", x=int(left + right) // 2, y=int(top + bottom) // 2)
    window.update()
    assert f"of a {truth}, read" in evaluated.gallery.title["text"]
    tile = evaluated.gallery.grid_of_digits.tiles[0]
    number = int(tile.caption.rpartition(" ")[2])
    assert (evaluation.labels[number], evaluation.answers[number]) == (truth, read)
    x, y = evaluated.gallery.grid_of_digits._corner(0)
    evaluated.gallery.grid_of_digits.event_generate("<Button-1>", x=int(x) + 40, y=int(y) + 30)
    window.update()
    assert f"Test image no. {number}: it is a {truth}" in window.status.message
    seen = np.round(255 * reader.seen[-1]).astype(np.uint8)
    assert np.array_equal(seen, read_mnist(data, "test").images[number])
    assert [window.canvas.type(item) for item in window.canvas.find_all()] == ["image"]
    evaluated.mistakes_button.invoke()
    assert "mistakes" in evaluated.gallery.title["text"]


def test_the_result_follows_the_theme(window, evaluated):
    window.view_menu.invoke("Dark")
    window.update()
    dark = PALETTES["dark"].window
    assert evaluated["background"] == dark
    assert evaluated.confusion["background"] == evaluated.gallery.grid_of_digits["background"] == dark


def test_a_damaged_network_is_told(window, present, data):
    (present / "network.json").write_text("{")
    dialog = open_dialog(window, "evaluate")
    wait_until(window, lambda: "damaged" in dialog.status["text"], timeout=60)
    dialog.close()
    assert not shown(window, Dialog)


def test_a_measurement_is_ended_with_its_dialog(window, present, data):
    dialog = open_dialog(window, "evaluate")
    pid = dialog._watch.job._process.pid
    press(dialog, "<Escape>")
    assert not shown(window, Dialog)
    assert has_ended(pid)


# Open


def rows(dialog):
    return [tuple(map(str, dialog.list.item(item, "values"))) for item in dialog.list.get_children()]


def choose(dialog, name):
    (item,) = (item for item in dialog.list.get_children() if dialog.list.item(item, "values")[0] == name)
    dialog.list.selection_set(item)
    dialog.update()


def test_networks_are_listed_and_opened_by_keys(window, place):
    keep(place, "Über / 🙂")
    dialog = open_dialog(window, "open network")
    (ships, accuracy, _, start), *_, (own, *_) = rows(dialog)
    assert (ships, start) == ("Ships with LeNet Canvas", "at the start")
    assert accuracy == f"{100 * load_facts(SHIPPED)['test']['accuracy']:.2f} %"
    assert own == "Über / 🙂"
    for _ in rows(dialog)[1:]:
        press(dialog, "<Down>")
    press(dialog, "<Return>")
    assert not shown(window, Dialog)
    assert window.status.message == "The network Über / 🙂 reads now."
    assert "Über / 🙂" in str(window.status._right["text"])


def test_control_shift_o_lists_them(window, hand):
    hand.press_key("<Control-Shift-O>")
    assert len(shown(window, Dialog)) == 1


def test_the_network_that_ships_is_neither_renamed_nor_deleted(window, place):
    dialog = open_dialog(window, "open network")
    assert dialog.rename_button.instate(["disabled"])
    assert dialog.delete_button.instate(["disabled"])
    press(dialog, "<F2>")
    press(dialog, "<Delete>")
    assert shown(window, Dialog) == [dialog]


def test_those_that_ship_stand_first_and_stay_as_they_are(window, place):
    keep(place, "mine")
    dialog = open_dialog(window, "open network")
    assert [name for name, *_ in rows(dialog)] == [SHIPS, "lenet5 (ships, too)", "mine"]
    choose(dialog, "lenet5 (ships, too)")
    assert dialog.open_button.instate(["!disabled"])
    assert dialog.delete_button.instate(["disabled"])
    assert dialog.rename_button.instate(["disabled"])


def test_one_is_renamed_and_an_empty_name_is_not_taken(window, reader, place):
    reader.folder = folder = keep(place, "before")
    dialog = open_dialog(window, "open network")
    choose(dialog, "before")

    def type_names(question):
        question.entry.delete(0, "end")
        question.ok_button.invoke()
        assert question.winfo_exists()
        question.entry.insert(0, "after ✓")
        press(question, "<Return>")

    answer(window, type_names, NameDialog)
    dialog.rename_button.invoke()
    assert name_of(folder) == "after ✓"
    names = [name for name, *_ in rows(dialog)]
    assert "after ✓" in names
    assert "before" not in names
    assert "after ✓" in str(window.status._right["text"])
    answer(window, lambda question: press(question, "<Escape>"), NameDialog)
    dialog.rename_button.invoke()
    assert name_of(folder) == "after ✓"


def test_one_is_deleted_after_a_question_and_no_longer_opens_at_the_start(window, place, settings_path):
    folder = keep(place, "gone soon")
    dialog = open_dialog(window, "open network")
    choose(dialog, "gone soon")
    dialog.start_button.invoke()
    assert [row[0] for row in rows(dialog) if row[3]] == ["gone soon"]
    assert load_settings(settings_path)[0].network == str(folder)
    answer(window, lambda question: press(question, "<Return>"))
    dialog.delete_button.invoke()
    assert folder.is_dir()
    answer(window, lambda question: question.yes_button.invoke())
    dialog.delete_button.invoke()
    assert not folder.exists()
    assert [row[0] for row in rows(dialog) if row[3]] == [SHIPS]
    assert load_settings(settings_path)[0].network is None


def test_a_damaged_one_is_shown_as_such_and_not_opened(window, place):
    (keep(place, "broken") / "network.json").write_text("{")
    dialog = open_dialog(window, "open network")
    choose(dialog, "broken")
    assert [row[1] for row in rows(dialog) if row[0] == "broken"] == ["damaged"]
    assert dialog.open_button.instate(["disabled"])
    press(dialog, "<Return>")
    assert shown(window, Dialog) == [dialog]
    assert "network.json" in dialog.note["text"]


# The start


def test_the_network_that_was_chosen_opens_at_the_start(open_fake_window, place, settings_path):
    folder = keep(place, "Mine")
    save_settings(Settings(network=str(folder)), settings_path)
    window = open_fake_window(is_default=True)
    assert str(window.status._right["text"]) == "Network: Mine"
    assert (
        window.menus._places["go back"][0].entrycget(window.menus._places["go back"][1], "state")
        == "disabled"
    )


def test_a_worse_network_is_not_ticked_for_the_next_start(window, present, data):
    dialog = open_dialog(window, "retrain")
    facts = {"count": 100, "interval": [0.8, 1.0]}
    for before, after, is_ticked in ((0.95, 0.93, False), (0.93, 0.95, True), (None, 0.5, True)):
        dialog._fill_result(before and {**facts, "accuracy": before}, {**facts, "accuracy": after})
        assert dialog.opens_at_start.get() is is_ticked
