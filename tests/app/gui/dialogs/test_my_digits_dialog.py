"""Network > My digits in a real window, by mouse and keys; the answer on the page follows."""

from pathlib import Path
from tkinter import filedialog

import pytest

from app import user_folders
from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.my_digits_dialog import MyDigitsDialog
from app.gui.dialogs.question_dialog import QuestionDialog
from app.gui.dialogs.retrain_dialog import RetrainDialog
from app.gui.theme import PALETTES
from engine.datasets.samples import Sample, append_samples, read_samples
from tests.app.gui.test_teaching import put_crosses
from tests.app.hand import answer, open_dialog, press, shown, wait_until
from tests.app.page.test_teacher import CROSSES, label, network, reader  # noqa: F401
from tests.digit_templates import digit_strokes

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def path(networks_place, monkeypatch):
    """The file of the samples: 0 to 9, of which the odd ones were read as the digit before."""
    monkeypatch.setattr(user_folders, "networks_folder", lambda: networks_place)
    path = user_folders.samples_file()
    append_samples(
        path, [Sample(digit, digit_strokes(digit), read_as=digit - digit % 2) for digit in range(10)]
    )
    return path


@pytest.fixture
def dialog(path, window):
    dialog = open_dialog(window, "my digits")
    wait_until(window, lambda: dialog.digits.winfo_ismapped() and dialog.digits.capacity > 3)
    window.update()
    return dialog


def test_it_stays_on_the_screen_when_its_buttons_find_room_in_one_row(path, window, monkeypatch):
    def shown_then_wider(dialog):
        Dialog.present(dialog)
        dialog.digits.configure(width=dialog.digits.winfo_reqwidth() + 100)

    monkeypatch.setattr(MyDigitsDialog, "present", shown_then_wider)
    window.geometry(f"{window.winfo_screenwidth()}x600+0+0")  # it is placed at the right edge
    window.update()
    dialog = open_dialog(window, "my digits")
    window.update()
    assert dialog.winfo_rootx() + dialog.winfo_width() <= window.winfo_screenwidth()


def labels(path):
    return [sample.label for sample in read_samples(path).samples]


def captions(dialog):
    return [tile.caption for tile in dialog.digits.tiles]


def click(dialog, place, button=1):
    left, top, right, bottom = dialog.digits.box(place)
    at = {"x": round((left + right) / 2), "y": round((top + bottom) / 2)}
    dialog.digits.event_generate(f"<ButtonPress-{button}>", **at)
    dialog.master.update()


def test_keys_go_from_one_to_the_next_correct_delete_and_undo(dialog, path):
    assert captions(dialog)[:2] == ["0\nread as 0", "1\nread as 0"]
    press(dialog, "<Right>")
    assert dialog.chosen["text"] == "Sample 2"
    press(dialog, "<Key-7>")
    assert labels(path) == [0, 7, 2, 3, 4, 5, 6, 7, 8, 9]
    assert dialog.chosen["text"] == "Sample 2"  # where it stands now
    press(dialog, "<Key-minus>")
    assert labels(path)[1] == -1
    press(dialog, "<Delete>")
    assert labels(path) == [0, 2, 3, 4, 5, 6, 7, 8, 9]
    assert dialog.message["text"] == "Deleted. Undo brings it back."
    for _ in range(3):
        press(dialog, "<Control-z>")
    assert labels(path) == list(range(10))
    assert dialog.undo_button.instate(["disabled"])


def test_a_click_marks_one_and_the_right_button_offers_what_it_may_be(dialog, path):
    click(dialog, 2)
    assert dialog.chosen["text"] == "Sample 3"
    dialog.delete_button.invoke()
    assert labels(path) == [0, 1, 3, 4, 5, 6, 7, 8, 9]
    click(dialog, 0, button=3)
    entries = [dialog.menu.entrycget(number, "label") for number in range(dialog.menu.index("end") + 1)]
    assert entries == [*map(str, range(10)), "No digit"]
    dialog.menu.invoke(10)
    assert labels(path)[0] == -1


def test_the_mark_is_seen_while_a_button_has_the_keys(dialog):
    click(dialog, 1)
    dialog.delete_button.focus_force()
    dialog.update()
    assert dialog.digits.find_withtag("mark")


def test_the_misread_of_a_digit_are_looked_for(dialog):
    dialog.misread.invoke()
    assert captions(dialog)[0] == "1\nread as 0"
    assert dialog.gallery.title["text"] == "5 samples · 5 misread"
    dialog.label.current(3)
    dialog.label.event_generate("<<ComboboxSelected>>")
    dialog.update()
    assert captions(dialog) == []
    assert dialog.delete_button.instate(["disabled"])
    dialog.misread.invoke()
    assert captions(dialog) == ["2\nread as 2"]


def test_what_is_relabelled_and_deleted_changes_the_answer(window, label, path):  # noqa: F811
    append_samples(path, [Sample(label, CROSSES)])
    dialog = open_dialog(window, "my digits")  # finds what another window has taught
    put_crosses(window)
    assert window.answer.symbol == str(label)
    dialog.presenter.choose(10)
    other = (label + 1) % 10
    dialog.presenter.relabel(other)
    wait_until(window, lambda: window.answer.symbol == str(other))
    dialog.presenter.delete()
    wait_until(window, lambda: not window.answer.caption.endswith("from memory"))
    dialog.undo_button.invoke()
    wait_until(window, lambda: window.answer.symbol == str(other))
    answer(window, lambda question: question.yes_button.invoke())
    dialog.delete_all_button.invoke()
    wait_until(window, lambda: not window.answer.caption.endswith("from memory"))
    assert not path.exists()


def test_what_is_taught_while_it_is_open_is_found(window, label, dialog, path):  # noqa: F811
    put_crosses(window)
    window.canvas.focus_force()
    window.update()
    window._controller.teach(label)
    window._controller.teach(label)  # also where it was asked about
    assert window.status.message.startswith(f"Remembered as {label}")
    dialog.digits.focus_force()
    wait_until(window, lambda: dialog.gallery.title["text"].startswith(("11 samples", "12 samples")))


def test_delete_all_asks_first_and_the_careful_answer_keeps_all(window, dialog, path):
    asked = answer(window, lambda question: question.close_button.invoke())
    dialog.delete_all_button.invoke()
    assert asked
    assert len(labels(path)) == 10


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_question_goes_with_the_dialog_that_it_is_asked_over_and_nothing_is_deleted(
    window, dialog, path, monkeypatch, is_seen
):
    def close(question):
        dialog.destroy()
        if question.winfo_exists():
            question.yes_button.invoke()

    if is_seen:
        answer(window, close)
    else:
        monkeypatch.setattr(QuestionDialog, "present", close)
    dialog.delete_all_button.invoke()
    assert not shown(window, QuestionDialog)
    assert len(labels(path)) == 10


def test_files_come_in_and_go_out(dialog, path, tmp_path, monkeypatch):
    other = tmp_path / "other.jsonl"
    append_samples(other, [Sample(4, [[(0.0, 0.0), (0.5, 0.2), (1.0, 1.0)]])])
    monkeypatch.setattr(filedialog, "askopenfilenames", lambda **options: (str(other),))
    dialog.import_button.invoke()
    assert labels(path)[-1] == 4
    assert dialog.message["text"] == "1 sample came in."
    monkeypatch.setattr(filedialog, "askdirectory", lambda **options: str(tmp_path))
    dialog.export_button.invoke()
    dialog.menu.invoke(1)
    assert len(list((tmp_path / "my-digits").glob("png/*/*.png"))) == 11


def test_train_with_them_opens_retrain_with_them_chosen(window, dialog, path):
    window.menus.choose("retrain")
    (retrain,) = shown(window, RetrainDialog)
    assert retrain.sources.list.get() == "MNIST and drawings"
    dialog.train_button.invoke()
    window.update()
    (retrain,) = shown(window, RetrainDialog)
    assert retrain.sources.list.get() == "Drawings and my digits"
    assert retrain.sources.presenter.source.dataset == "synthetic,not-digits:2,my-digits:20"
    assert retrain.start_button.instate(["!disabled"])
    assert "One in five is kept" in retrain.sources.note["text"]


def test_too_few_of_them_are_told(window, networks_place):
    dialog = open_dialog(window, "my digits")
    dialog.train_button.invoke()
    assert dialog.message["text"].startswith("Training takes at least 10 digits")
    assert str(dialog.message["foreground"]) == PALETTES["light"].error
    window.appearance.theme.set("dark")
    window.appearance.choose_theme()
    assert str(dialog.message["foreground"]) == PALETTES["dark"].error
    assert not shown(window, RetrainDialog)
    assert str(Path(networks_place.parent / "samples.jsonl")) in dialog.place["text"].replace("\xa0", " ")


def test_the_key_raises_the_one_that_is_open(window, dialog):
    window.canvas.focus_force()
    window.update()
    window.canvas.event_generate("<Control-m>")
    window.update()
    assert shown(window, MyDigitsDialog) == [dialog]


def test_what_was_collected_is_labelled_by_keys_and_answers(window, label, path):  # noqa: F811
    window.menus.choose("collect")
    assert "Drawings are collected" in window.status._right["text"].replace("\xa0", " ")
    put_crosses(window)
    window.buttons["clear"].invoke()
    assert window.status.message == "Kept to be labelled; 1 drawing is not labelled yet."
    dialog = open_dialog(window, "my digits")
    wait_until(window, lambda: dialog.digits.winfo_ismapped() and dialog.digits.capacity > 3)
    dialog.label.current(12)
    dialog.label.event_generate("<<ComboboxSelected>>")
    dialog.update()
    assert captions(dialog)[0].startswith("not labelled yet\nread as")
    assert dialog.misread.instate(["disabled"])
    dialog.digits.focus_set()
    press(dialog, f"<Key-{label}>")
    assert labels(path)[-1] == label
    assert captions(dialog) == []
    put_crosses(window)
    wait_until(window, lambda: window.answer.symbol == str(label))
    window.menus.choose("collect")
    assert "collected" not in window.status._right["text"]


def test_whether_drawings_are_collected_is_remembered(window, open_fake_window, networks_place):
    window.menus.choose("collect")
    other = open_fake_window()
    assert other._collects.get()
    put_crosses(other)
    other.buttons["clear"].invoke()
    assert (networks_place.parent / "collected.jsonl").exists()
