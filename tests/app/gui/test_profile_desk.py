"""app/gui/profile_desk.py in the real window: who draws is switched without a restart."""

import json
from tkinter import filedialog

import numpy as np
import pytest

from app.gui.dialogs.question_dialog import NameDialog
from app.page.profiles_presenter import NOBODY
from app.store.trainings import TrainingPlan, new_training, write_plan
from engine import Dataset, TrainingConfig, TrainingRun
from engine.datasets.samples import read_samples
from engine.learning.checkpoint import save_checkpoint
from engine.learning.training_config import SamplesFacts
from tests.app.gui.test_teaching import press, put_crosses
from tests.app.hand import answer, is_shown, wait_until
from tests.app.page.test_teacher import label, network, reader  # noqa: F401
from tests.digit_templates import digit_images

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def create(window):
    def create(name):
        def reply(dialog):
            dialog.entry.delete(0, "end")
            dialog.entry.insert(0, name)
            dialog.ok_button.invoke()

        answer(window, reply, NameDialog)
        window.menus.choose("new profile")
        window.update()
        return window.profiles.presenter.current

    return create


def names(window):
    menu = window.menus.menus["who draws"]
    return [menu.entrycget(i, "label") for i in range(menu.index("end") + 1) if menu.type(i) == "radiobutton"]


def told(window):
    return window.status._right["text"].replace("\xa0", " ")


def test_each_has_samples_and_answers_of_their_own(window, create, label, networks_place):  # noqa: F811
    put_crosses(window)
    before = window.answer.symbol
    press(window, str(label))
    wait_until(window, lambda: window.answer.symbol == str(label))
    ada = create("Ada")
    assert names(window) == ["Nobody by name", "Ada"]
    assert told(window).startswith("Ada draws\n")
    wait_until(window, lambda: window.answer.symbol == before)
    press(window, "minus")
    wait_until(window, lambda: window.answer.caption == "not a digit\nfrom memory")
    (sample,) = read_samples(ada.samples).samples
    assert sample.author == "Ada"
    window.menus.pick("who draws", NOBODY)
    wait_until(window, lambda: window.answer.symbol == str(label))
    assert "draws" not in told(window)
    (sample,) = read_samples(networks_place.parent / "samples.jsonl").samples
    assert sample.author is None
    window.menus.pick("who draws", ada.folder.name)
    wait_until(window, lambda: window.answer.caption == "not a digit\nfrom memory")


def test_a_lesson_of_one_cannot_be_taken_back_by_another(window, create, label):  # noqa: F811
    put_crosses(window)
    press(window, str(label))
    create("Ada")
    assert not window.menus.is_enabled("forget")


def test_who_draws_is_remembered_and_collects_for_themselves(window, create, open_fake_window):
    ada = create("Ada")
    other = open_fake_window()
    assert told(other).startswith("Ada draws\n")
    other.menus.choose("collect")
    put_crosses(other)
    other.buttons["clear"].invoke()
    (line,) = ada.collected.read_text().splitlines()
    assert json.loads(line)["author"] == "Ada"


def test_each_has_the_network_that_they_chose(window, create, keep):
    ada, chosen = create("Ada"), keep("Mine")
    first = window._controller.reader.folder
    window._controller.open_network(chosen)
    assert window.profiles.presenter.current.network == chosen
    window.menus.pick("who draws", NOBODY)
    assert window._controller.reader.folder.resolve() == first.resolve()
    window.menus.pick("who draws", ada.folder.name)
    assert window._controller.reader.folder == chosen


def test_a_training_that_was_interrupted_is_offered_to_whose_digits_it_learns(window, create, networks_place):
    ada = create("Ada")
    digits = Dataset(*digit_images(60, np.random.default_rng(7)))
    config = TrainingConfig(architecture="mlp-tanh", epochs=2, samples=SamplesFacts(ada.author, 20, "ab"))
    run = TrainingRun(digits, config)
    next(iter(run))
    folder = new_training(networks_place)
    save_checkpoint(run.state(), folder)
    write_plan(TrainingPlan("my-digits", "/data", "mlp-tanh", 2, "none", "Ada's"), folder)
    bea = create("Bea")
    window.update()
    assert not is_shown(window.training.strip)
    window.menus.pick("who draws", ada.folder.name)
    window.update()
    assert is_shown(window.training.strip)
    window.menus.pick("who draws", bea.folder.name)
    window.update()
    assert not is_shown(window.training.strip)


def test_only_who_has_a_name_is_renamed_and_deleted(window, create):
    assert not window.menus.is_enabled("rename profile")
    create("Ada")
    assert window.menus.is_enabled("delete profile")
    answer(window, lambda question: question.yes_button.invoke())
    window.menus.choose("delete profile")
    assert names(window) == ["Nobody by name"]
    assert not window.menus.is_enabled("delete profile")


def test_one_is_taken_to_another_computer_in_a_file(window, create, tmp_path, monkeypatch):
    create("Ada")
    path = str(tmp_path / "ada.zip")
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **options: path)
    monkeypatch.setattr(filedialog, "askopenfilename", lambda **options: path)
    window.menus.choose("export profile")
    assert window.status.message == "Saved ada.zip."
    window.menus.choose("import profile")
    assert window.status.message == "Ada (2) draws now."
    assert names(window) == ["Nobody by name", "Ada", "Ada (2)"]


def test_a_long_name_leaves_room_for_messages(window, create):
    create("Ada " * 20)
    assert window.status._right.winfo_reqwidth() < 0.6 * window.status.winfo_width()
