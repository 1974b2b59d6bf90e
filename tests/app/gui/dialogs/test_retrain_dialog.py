"""Network > Retrain: a real window, a real process, a small network and small data."""

import os
import signal
import sys
from dataclasses import replace

import pytest

from app.gui.dialogs.dialog import Dialog
from app.gui.theme import PALETTES
from app.gui.widgets.training_curves import TrainingCurves
from app.jobs.records import Begin, Comparison, End, Epoch, SetResult, Step
from app.jobs.retraining import PRESETS
from app.page.training_result import ResultRow
from app.store.networks import list_networks, name_of
from app.store.settings import load_settings
from app.store.trainings import find_interrupted
from engine import Recognizer, evaluate
from engine.datasets.mnist import read_mnist
from engine.learning.checkpoint import LAST
from engine.reading.evaluation import PairedTally
from engine.storage.saved_network import load_facts
from tests.app.fakes import FakeJob
from tests.app.hand import (
    answer,
    has_ended,
    is_closed,
    is_shown,
    open_dialog,
    press,
    shown,
    texts,
    wait_until,
)
from tests.app.work import FEW, retrain_with_few_drawings

pytestmark = pytest.mark.usefixtures("no_diagrams", "window_of_its_own")
LINE = ((0.2, 0.3), (0.8, 0.3))


@pytest.fixture(autouse=True)
def few_drawings(monkeypatch):
    """Thousands take seconds at the end of each training."""
    monkeypatch.setattr("app.page.training_presenter.retrain", retrain_with_few_drawings)


def start_training(window, epochs, architecture="lenet5"):
    dialog = open_dialog(window, "retrain")
    dialog.sources.list.set("MNIST alone")  # no time for drawings
    dialog.sources.list.event_generate("<<ComboboxSelected>>")
    window.update()
    dialog.architecture.set(architecture)
    dialog.epochs.set(epochs)
    dialog._choose_details()
    dialog.start_button.invoke()
    return dialog


def descendants(widget):
    for child in widget.winfo_children():
        yield child
        yield from descendants(child)


def until_it_learns(window, dialog):
    wait_until(window, lambda: not dialog.progress.is_unknown and dialog.progress["value"] > 0)
    return window.training.presenter._job._process.pid


def test_a_network_is_trained_named_and_used_and_the_one_before_comes_back(
    window, hand, present, data, networks_place, settings_path
):
    hand.draw(*LINE)
    dialog = start_training(window, 2)
    pid = until_it_learns(window, dialog)
    hand.draw((0.2, 0.7), (0.8, 0.7))  # with the old network, while the new one learns
    assert window.title() == "2 · 90 % — LeNet Canvas"
    wait_until(window, lambda: is_shown(dialog.result))
    assert len(dialog.curves.accuracy_axes.lines[0].get_xydata()) == 2
    told = " ".join(texts(dialog.table))
    (kept,) = list_networks(networks_place)
    before = evaluate(Recognizer.load(present).network, read_mnist(data, "test"))
    assert (
        f"MNIST 60 {100 * before.accuracy:.2f} % {100 * load_facts(kept.folder).test.accuracy:.2f} %" in told
    )
    assert f"Synthetic digits {FEW} " in told
    assert f"Drawings of no digit {FEW} " in told
    dialog.name.delete(0, "end")
    dialog.name.insert(0, "Mine / 🙂")
    assert dialog.opens_at_start.get() is False
    dialog.start_check.invoke()
    if dialog.warnings["text"]:  # after two epochs of a few images it may be worse anywhere
        answer(window, lambda question: question.yes_button.invoke())
    press(dialog, "<Return>")
    assert not shown(window, Dialog)
    assert window.status.message == "The network Mine / 🙂 reads now."
    assert load_settings(settings_path)[0].network == str(kept.folder)
    assert name_of(kept.folder) == "Mine / 🙂"
    Recognizer.load(kept.folder)
    window.menus.choose("go back")
    assert window.status.message == "The network present reads now."
    assert has_ended(pid)


def test_while_it_learns_it_reads_the_page_if_it_is_watched(window, hand, reader, data, few_digits):
    hand.draw(*LINE)
    window.menus.choose("inside")
    window.update()
    panel, controller = window.inside.panel, window._controller
    assert not is_shown(panel.watch_button)
    dialog = start_training(window, 400)
    until_it_learns(window, dialog)
    dialog.close()
    wait_until(window, lambda: is_shown(panel.watch_button))
    panel.watch_button.invoke()
    wait_until(window, lambda: controller.subject.half is not None)
    window.update()
    assert "half-trained" in window.title() and "half-trained" in window.answer.caption
    assert str(panel.by_whom["text"]).startswith("A half-trained network reads: after ")
    assert is_shown(panel.by_whom)
    first = controller.subject.half
    assert controller.reader.network is first.network
    panel.layers.presenter.switch("c1", 0)
    wait_until(window, lambda: controller.subject.half.step > first.step)
    assert panel.layers.presenter.off == {"c1": {0}}  # what was switched off stays so
    window.menus.choose("inside")  # closed, it goes on
    assert controller.subject.half is not None
    (button,) = [button for button in window.training.strip.buttons if button["text"] == "Watch"]
    assert button.instate(["selected"])
    button.invoke()
    assert controller.reader is reader
    window.update()
    assert window.title() == "1 · 90 % — LeNet Canvas"
    button.invoke()
    wait_until(window, lambda: controller.subject.half is not None)
    answer(window, lambda question: question.yes_button.invoke())
    window.training.presenter.stop()
    assert controller.reader is reader
    wait_until(window, lambda: not window.training.presenter.is_busy)
    assert not is_shown(window.training.strip)


@pytest.fixture
def begun(window, present, data):
    """The dialog while a training runs that is none: (dialog, job)."""
    dialog = open_dialog(window, "retrain")
    presenter = window.training.presenter
    presenter._start_job = FakeJob
    window.training.watch = lambda job, **callbacks: job.follow(**callbacks)
    dialog.start_button.invoke()
    return dialog, presenter._job


@pytest.fixture
def trained(window, begun, keep):
    """The dialog with a new network that was trained elsewhere; it is its folder that can be decided on."""
    dialog, job = begun
    pair = PairedTally(1000, both=890, only_first=30, only_second=10)
    job.says(Epoch(1, 10, 0.1, 0.5, 0.9, 0.6, 0.8, 3.0))
    job.says(End(str(keep("new")), Comparison((SetResult("mnist", pair.second, pair),))))
    job.ends("done")
    window.update()
    return dialog


def test_both_networks_are_compared_and_nothing_is_ticked(trained):
    told = " ".join(texts(trained.result))
    assert "MNIST 1,000 92.00 % 90.00 % −2.00 points" in told
    assert told.startswith("The new network does worst on MNIST")
    assert is_shown(trained.warnings)
    assert trained.table.winfo_rooty() < trained.curves.winfo_rooty()
    assert "worse on MNIST, by more than chance" in trained.warnings["text"]
    assert trained.opens_at_start.get() is False
    assert trained.name.get() == "lenet5, 8 epochs"
    assert [is_shown(button) for button in (trained.use_button, trained.discard_button)] == [True, True]


def test_a_long_judgement_makes_the_table_no_wider_than_the_sentences(window, trained):
    result = window.training.presenter._result
    row = ResultRow(
        "Disegni che non sono cifre",
        "10.000",
        "100,00 %",
        "100,00 %",
        "+0,40 punti, può essere un caso e anche no",
    )
    trained.show_result(replace(result, rows=(row,)))
    window.update()
    assert trained.table.winfo_reqwidth() <= trained._width
    judgement = trained.table.grid_slaves(row=1, column=4)[0]
    assert judgement["text"] == row.difference
    assert judgement.winfo_reqwidth() > trained._width // 5  # and leaves nothing unused


def test_the_present_network_goes_on_in_its_own_architecture(window, present, data):
    dialog = open_dialog(window, "retrain")
    window.training.presenter._start_job = FakeJob
    window.training.watch = lambda job, **callbacks: job.follow(**callbacks)
    assert not dialog.architecture.instate(["disabled"])
    radios = {
        each["text"]: each for each in descendants(dialog.choice) if each.winfo_class() == "TRadiobutton"
    }
    radios["Go on"].invoke()
    assert dialog.architecture.instate(["disabled"])
    assert dialog.architecture.get() == load_facts(present).architecture
    dialog.epochs.set("3")
    dialog.epochs.event_generate("<KeyRelease>")
    window.update()
    assert radios["Go on"].instate(["selected"])
    dialog.start_button.invoke()
    arguments = window.training.presenter._job.arguments
    assert (arguments["start"], arguments["epochs"]) == (str(present.resolve()), 3)
    assert f"goes on from {name_of(present)}" in dialog.summary["text"]


def test_one_that_went_on_to_be_worse_is_not_kept_by_a_careless_return(window, trained, networks_place):
    result = window.training.presenter._result
    window.training.presenter._result = replace(result, is_kept=False)
    trained.show_result(window.training.presenter._result)
    window.update()
    assert trained.close_button["text"] == "Do not keep it"
    assert [is_shown(button) for button in (trained.keep_button, trained.discard_button)] == [True, False]
    press(trained, "<Return>")
    assert not shown(window, Dialog)
    assert list_networks(networks_place) == []
    assert window.status.message.startswith("The new network is not kept. It does worse on MNIST")


def test_a_worse_network_is_not_used_by_a_careless_return(window, trained, networks_place):
    present = window._controller.reader.folder
    asked = answer(window, lambda question: press(question, "<Return>"))
    trained.use_button.invoke()
    assert asked
    assert shown(window, Dialog) == [trained]
    press(trained, "<Return>")
    assert not shown(window, Dialog)
    assert window._controller.reader.folder == present
    assert len(list_networks(networks_place)) == 1


def test_a_new_network_can_be_kept_for_later_without_being_used(
    window, trained, networks_place, settings_path
):
    trained.name.delete(0, "end")
    trained.name.insert(0, "For later")
    press(trained, "<Escape>")
    assert not shown(window, Dialog)
    (kept,) = list_networks(networks_place)
    assert kept.name == "For later"
    assert window.status.message == "The network For later is kept; Network > Open lists it."
    assert load_settings(settings_path)[0].network is None


def test_a_new_network_is_discarded_after_a_question(window, trained, networks_place):
    answer(window, lambda question: press(question, "<Return>"))  # the careful answer
    trained.discard_button.invoke()
    assert len(list_networks(networks_place)) == 1
    answer(window, lambda question: question.yes_button.invoke())
    trained.discard_button.invoke()
    assert list_networks(networks_place) == []
    assert not shown(window, Dialog)


def test_the_end_of_the_program_keeps_the_name_that_was_typed(window, trained, networks_place):
    trained.name.delete(0, "end")
    trained.name.insert(0, "Typed")
    window.close()
    assert is_closed(window)
    assert [kept.name for kept in list_networks(networks_place)] == ["Typed"]


def test_a_training_is_paused_resumed_and_stopped_after_a_question(window, present, data, networks_place):
    dialog = start_training(window, 400)
    pid = until_it_learns(window, dialog)
    dialog.pause_button.invoke()
    assert dialog.status["text"] == "Paused."
    assert dialog.pause_button["text"] == "Go on"
    dialog.pause_button.invoke()
    at_pause = dialog.progress["value"]
    wait_until(window, lambda: "left" in dialog.status["text"])
    assert dialog.progress["value"] > at_pause
    asked = answer(window, lambda question: press(question, "<Escape>"))
    dialog.stop_button.invoke()
    assert asked
    assert window.training.presenter.is_busy
    answer(window, lambda question: question.yes_button.invoke())
    dialog.stop_button.invoke()
    wait_until(window, lambda: is_shown(dialog.choice))
    assert has_ended(pid)
    assert list_networks(networks_place) == []
    assert find_interrupted(networks_place) == (None, "")
    assert dialog.start_button.instate(["!disabled"])  # it can be begun again


def test_a_training_goes_on_in_the_strip_when_its_dialog_is_closed(window, present, data, networks_place):
    dialog = start_training(window, 12)  # so many that it is not over before the dialog is closed
    until_it_learns(window, dialog)
    press(dialog, "<Escape>")
    assert not shown(window, Dialog)
    strip = window.training.strip
    assert is_shown(strip)
    at_close = strip.progress["value"]
    wait_until(window, lambda: strip.progress["value"] > at_close)
    strip.buttons[0].invoke()
    (dialog,) = shown(window, Dialog)
    wait_until(window, lambda: dialog.progress["value"] > 0)
    dialog.close_button.invoke()
    wait_until(window, lambda: "ready" in strip.text["text"])
    strip.buttons[0].invoke()
    (dialog,) = shown(window, Dialog)
    assert is_shown(dialog.result)
    assert "12 epochs" in dialog.name.get()
    assert len(dialog.curves.accuracy_axes.lines[0].get_xydata()) == 12
    dialog.close_button.invoke()
    assert len(list_networks(networks_place)) == 1
    assert not is_shown(strip)


def test_a_training_is_finished_early_and_its_network_kept(window, present, data, networks_place):
    dialog = start_training(window, 400)
    until_it_learns(window, dialog)
    dialog.finish_button.invoke()
    assert dialog.finish_button.instate(["disabled"])
    wait_until(window, lambda: is_shown(dialog.result))
    assert len(list_networks(networks_place)) == 1
    assert find_interrupted(networks_place) == (None, "")


def test_the_learning_rate_is_shown_on_demand(window, trained):
    assert not trained.curves.rate_axes.get_visible()
    trained.rate_check.invoke()
    assert trained.curves.rate_axes.get_visible()


def test_the_curves_wait_while_the_pen_is_down(window, hand, monkeypatch, request):
    drawn, looks = [], []
    monkeypatch.setattr("app.gui.dialogs.retrain_dialog.DRAW_EVERY_MS", 20)
    monkeypatch.setattr(TrainingCurves, "draw", lambda self: drawn.append(1))
    dialog, _ = request.getfixturevalue("begun")
    wait_until(window, lambda: len(drawn) > 2)
    hand.event("<ButtonPress-1>", LINE[0])
    window.update()
    drawn.clear()
    see = dialog._is_drawing
    monkeypatch.setattr(dialog, "_is_drawing", lambda: (looks.append(1), see())[1])
    wait_until(window, lambda: len(looks) > 2)
    assert not drawn
    hand.event("<ButtonRelease-1>", LINE[1])
    wait_until(window, lambda: drawn)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_crash_of_the_training_is_told_and_the_window_goes_on(window, hand, present, data, networks_place):
    dialog = start_training(window, 400)
    pid = until_it_learns(window, dialog)
    wait_until(window, lambda: list(networks_place.rglob(LAST)))  # before, there is nothing to go on from
    os.kill(pid, signal.SIGKILL)
    wait_until(window, lambda: is_shown(dialog.choice))
    assert "ended early" in dialog.error["text"]
    assert "SIGKILL" in dialog.error["text"]
    assert "interrupted today, in epoch " in window.training.strip.text["text"]
    hand.draw(*LINE)
    assert window.title() == "1 · 90 % — LeNet Canvas"


def test_a_network_folder_that_cannot_be_written_to_is_told(window, present, data, networks_place):
    networks_place.parent.mkdir(parents=True)
    networks_place.write_text("a file")
    dialog = start_training(window, 1)
    wait_until(window, lambda: "ended early" in dialog.error["text"])
    assert "networks" in dialog.error["text"]


def test_a_window_that_is_closed_while_it_trains_asks_and_the_next_one_goes_on(
    open_fake_window, present, data, networks_place
):
    window = open_fake_window()
    pid = until_it_learns(window, start_training(window, 400))
    answer(window, lambda question: question.close_button.invoke())
    window.close()
    assert not is_closed(window)
    assert not has_ended(pid)
    answer(window, lambda question: question.yes_button.invoke())
    window.close()
    assert is_closed(window)
    assert has_ended(pid)
    window = open_fake_window()
    strip = window.training.strip
    wait_until(window, lambda: "interrupted today, in epoch " in strip.text["text"])
    assert window.focus_get() is window.canvas  # the person may draw
    go_on, *_ = strip.buttons
    go_on.invoke()
    wait_until(window, lambda: not strip.progress.is_unknown and strip.progress["value"] > 0)
    (finish,) = [button for button in strip.buttons if button["text"] == "Finish now and keep"]
    wait_until(window, lambda: finish.instate(["!disabled"]))
    finish.invoke()
    wait_until(window, lambda: "ready" in strip.text["text"])
    assert len(list_networks(networks_place)) == 1


def test_control_c_ends_the_training_without_a_question(open_fake_window, present, data):
    window = open_fake_window()
    pid = until_it_learns(window, start_training(window, 400))
    window.after(50, signal.raise_signal, signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        window.run()
    assert is_closed(window)
    assert has_ended(pid)


def test_the_theme_changes_while_it_trains(window, begun):
    dialog, job = begun
    job.says(Begin(80, 10, 0), Step(12, 1, 300.0))
    window.menus.pick("theme", "dark")
    window.update()
    assert dialog["background"] == PALETTES["dark"].window
    assert dialog.curves.picture["background"] == PALETTES["dark"].window
    assert window.training.presenter.is_busy


def test_the_presets_and_the_details_follow_each_other(window, data):
    dialog = open_dialog(window, "retrain")
    assert (dialog.preset.get(), dialog.architecture.get(), dialog.epochs.get()) == ("quick", "lenet5", "8")
    assert "44,426 parameters" in " ".join(texts(dialog.choice))
    best = next(
        button
        for button in descendants(dialog.choice)
        if button.winfo_class() == "TRadiobutton" and button["value"] == "best"
    )
    best.invoke()
    assert (dialog.preset.get(), dialog.architecture.get(), dialog.variations.get()) == (
        "best",
        "best",
        "strong",
    )
    assert "82,306 parameters" in " ".join(texts(dialog.choice))
    dialog.epochs.focus_set()
    dialog.epochs.delete(0, "end")
    dialog.epochs.insert(0, "7")
    press(dialog, "<KeyRelease-7>")
    assert dialog.preset.get() == ""
    dialog.epochs.set(PRESETS["best"].epochs)
    dialog.architecture.event_generate("<<ComboboxSelected>>")
    window.update()
    assert dialog.preset.get() == "best"


def test_a_number_of_epochs_that_makes_no_sense_is_told(window, data):
    dialog = open_dialog(window, "retrain")
    dialog.epochs.set("many")
    dialog.start_button.invoke()
    assert "whole number from 1 to 500" in dialog.error["text"]
    assert not window.training.presenter.is_busy


def test_the_menu_raises_a_dialog_that_is_open_already(window, data):
    dialog = open_dialog(window, "retrain")
    window.menus.choose("retrain")
    assert shown(window, Dialog) == [dialog]
