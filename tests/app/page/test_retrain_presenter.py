"""app/page/retrain_presenter.py: what is to be trained, without a screen."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from app.jobs.retraining import ARCHITECTURES, PRESETS
from app.page.digit_sources import TRAINING_SOURCES
from app.page.retrain_presenter import GO_ON, Details, Present, RetrainPresenter, present_network
from app.store.trainings import TrainingPlan
from engine import build_network, save_network
from tests.app.reports.marked import marked, unmarked_words

QUICK = Details("lenet5", "8", "gentle")


@pytest.fixture
def sources(tmp_path):
    return SimpleNamespace(source=TRAINING_SOURCES[1], folder=tmp_path / "data", is_ready=True)


@pytest.fixture
def plans():
    """What was to be trained."""
    return []


@pytest.fixture
def presenter(view, sources, plans):
    presenter = RetrainPresenter(view, sources, SimpleNamespace(start=plans.append))
    presenter.begin()
    return presenter


def test_it_begins_with_a_quick_look(presenter, view):
    assert view.last("show_preset") == "quick"
    assert view.last("show_details") == QUICK
    assert view.last("enable_start") is True


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_the_details_and_they_set_the_preset(presenter, view, name):
    presenter.choose_preset(name)
    assert view.last("show_preset") == name
    details = view.last("show_details")
    presenter.choose_details(Details(details.architecture, "7", details.variations))
    assert view.last("show_preset") == ""
    presenter.choose_details(details)
    assert view.last("show_preset") == name


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_network_is_described_with_its_size(presenter, view, name):
    presenter.choose_details(Details(name, "8", "none"))
    architecture, variations = view.last("describe")
    assert architecture.startswith(ARCHITECTURES[name])
    assert variations == "Every digit is shown as it was written."
    if name == "best":
        assert architecture.endswith(" 82,306 parameters.")


@pytest.mark.parametrize("epochs", ["", "0", "-1", "many", "1.5", "501", "²"])
def test_a_number_of_epochs_that_makes_no_sense_is_refused(presenter, view, plans, epochs):
    presenter.start(Details("lenet5", epochs, "gentle"))
    assert view.last("refuse_epochs") == "Epochs must be a whole number from 1 to 500."
    assert not plans


def test_without_digits_there_is_nothing_to_start(presenter, view, plans, sources):
    sources.is_ready = False
    presenter.look_at_source()
    assert view.last("enable_start") is False
    presenter.start(QUICK)
    assert not plans


def test_a_training_is_started_with_what_was_chosen(presenter, plans, sources):
    presenter.start(Details("cnn-3", " 8 ", "strong"))
    assert plans == [
        TrainingPlan(
            source="synthetic,not-digits",
            folder=str(sources.folder),
            architecture="cnn-3",
            epochs=8,
            variations="strong",
            name="cnn-3, 8 epochs",
        )
    ]


def test_a_single_epoch_is_no_epochs(presenter, plans):
    presenter.start(Details("lenet5", "1", "none"))
    assert plans[0].name == "lenet5, 1 epoch"


@pytest.mark.parametrize("name", PRESETS)
def test_the_choice_is_described_in_another_language(presenter, view, plans, name):
    with marked():
        presenter.choose_preset(name)
        presenter.start(replace(view.last("show_details"), epochs="many"))
        presenter.start(view.last("show_details"))
    assert all(text.startswith("«") for text in view.last("describe"))
    assert not unmarked_words(*view.last("describe"), view.last("refuse_epochs"), plans[0].name)


@pytest.fixture
def present(tmp_path):
    return Present(tmp_path / "present", "Mine / 🙂", "cnn-2")


def test_the_present_network_goes_on_as_it_is_built(view, sources, plans, present):
    presenter = RetrainPresenter(view, sources, SimpleNamespace(start=plans.append), present)
    presenter.begin(with_my_digits=True)
    assert view.last("show_preset") == GO_ON
    details = view.last("show_details")
    assert (details.architecture, details.goes_on) == ("cnn-2", True)
    assert view.last("describe")[0].endswith(" parameters.")  # none of those that are told in words
    presenter.choose_details(replace(details, epochs="2"))
    assert view.last("show_preset") == GO_ON
    presenter.start(replace(details, epochs="2"))
    (plan,) = plans
    assert (plan.start, plan.architecture, plan.epochs) == (str(present.folder), "cnn-2", 2)
    assert plan.name == "Mine / 🙂, 2 epochs more"
    presenter.choose_preset("quick")
    presenter.start(view.last("show_details"))
    assert plans[-1].start == ""


def test_without_digits_of_ones_own_a_new_network_is_proposed(view, sources, plans, present):
    presenter = RetrainPresenter(view, sources, SimpleNamespace(start=plans.append), present)
    presenter.begin()
    assert view.last("show_preset") == "quick"


def test_where_the_present_network_cannot_go_on_a_new_one_is_proposed(presenter, view):
    presenter.begin(with_my_digits=True)
    assert view.last("show_preset") == "quick"


def test_only_a_network_that_was_made_here_goes_on(tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "mine")
    assert present_network(tmp_path / "mine") == Present(tmp_path / "mine", "mine", "lenet5")
    assert present_network(tmp_path / "nowhere") is None
    save_network(build_network("cifar10", rng=rng), tmp_path / "colours")
    assert present_network(tmp_path / "colours") is None  # the window has digits for it alone
