"""app/page/retrain_presenter.py: the choice, the training and the result, without a screen."""

from types import SimpleNamespace

import pytest

from app.jobs.records import Begin, Comparing, Comparison, End, Epoch, SetResult, Step
from app.jobs.retraining import ARCHITECTURES, PRESETS, retrain
from app.page.digit_sources import TRAINING_SOURCES
from app.page.retrain_presenter import Details, RetrainPresenter, time_left, verdict, warnings
from app.store.networks import name_of, rename_network
from engine.reading.evaluation import PairedTally, Tally
from tests.app.fakes import FakeView

QUICK = Details("lenet5", "8", "gentle")


@pytest.fixture
def view():
    return FakeView(ask=True)


@pytest.fixture
def used():
    """What was to be used, and what was told."""
    return []


@pytest.fixture
def sources(tmp_path):
    return SimpleNamespace(source=TRAINING_SOURCES[1], folder=tmp_path / "data", is_ready=True)


@pytest.fixture
def presenter(view, sources, jobs, used, tmp_path):
    presenter = RetrainPresenter(
        view,
        sources,
        present=tmp_path / "present",
        place=tmp_path / "networks",
        on_use=lambda *given: used.append(given),
        tell=used.append,
        start_job=jobs,
    )
    presenter.begin()
    return presenter


def result(source, count, *, both, only_present, only_new):
    pair = PairedTally(count, both, only_first=only_present, only_second=only_new)
    return SetResult(source, pair.second, pair)


BETTER = result("pendigits", 1000, both=980, only_present=1, only_new=12)
CHANCE = result("synthetic", 1000, both=980, only_present=5, only_new=3)
WORSE = result("mnist", 1000, both=900, only_present=60, only_new=10)
WORSE_DRAWINGS = result("synthetic", 1000, both=900, only_present=30, only_new=10)
NO_REJECTION = result("not-digits", 1000, both=0, only_present=970, only_new=0)
ALONE = SetResult("mnist", Tally(900, 1000), None)


def end(*results, folder="/nowhere"):
    return End(str(folder), Comparison(results))


@pytest.fixture
def new(presenter, jobs, tmp_path):
    """A new network, trained and not decided on."""
    folder = tmp_path / "networks" / "lenet5-8-epochs"
    folder.mkdir(parents=True)
    rename_network(folder, "lenet5, 8 epochs")
    presenter.start(QUICK)
    jobs.last.says(end(BETTER, CHANCE, folder=folder))
    jobs.last.ends("done")
    return folder


# The choice


def test_it_begins_with_a_quick_look(presenter, view):
    assert view.last("show_preset") == "quick"
    assert view.last("show_details") == QUICK
    assert view.last("show_choice") == ""
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
def test_a_number_of_epochs_that_makes_no_sense_is_refused(presenter, view, jobs, epochs):
    presenter.start(Details("lenet5", epochs, "gentle"))
    assert view.last("refuse_epochs") == "Epochs must be a whole number from 1 to 500."
    assert not presenter.is_busy
    assert not jobs.started


def test_without_digits_there_is_nothing_to_start(presenter, view, jobs, sources):
    sources.is_ready = False
    presenter.look_at_source()
    assert view.last("enable_start") is False
    presenter.start(QUICK)
    assert not jobs.started


# The training


def test_a_training_is_started_with_what_was_chosen(presenter, view, jobs, sources, tmp_path):
    presenter.start(Details("cnn-3", " 8 ", "strong"))
    assert jobs.last.work is retrain
    assert jobs.last.arguments == {
        "source": "synthetic,not-digits",
        "folder": str(sources.folder),
        "architecture": "cnn-3",
        "epochs": 8,
        "variations": "strong",
        "present": str(tmp_path / "present"),
        "place": str(tmp_path / "networks"),
        "name": "cnn-3, 8 epochs",
    }
    assert view.last("show_training") == ("cnn-3 · 8 epochs · strong variations · Drawings alone", 8)
    assert view.last("show_status") == "Reading the digits…"
    assert view.last("show_pause") == ("Pause", True)
    assert presenter.is_busy
    presenter.start(QUICK)  # Return, once more
    assert len(jobs.started) == 1


def test_a_single_epoch_is_no_epochs(presenter, view, jobs):
    presenter.start(Details("lenet5", "1", "none"))
    assert view.last("show_training") == ("lenet5 · 1 epoch · no variations · Drawings alone", 1)
    assert jobs.last.arguments["name"] == "lenet5, 1 epoch"


def test_the_steps_and_epochs_are_shown_as_they_are_told(presenter, view, jobs):
    presenter.start(QUICK)
    jobs.last.says(Begin(steps=80, steps_per_epoch=10), Step(15, 2, 0.7, 61))
    assert view.last("show_steps") == (15, 80)
    assert view.last("add_step") == (1.5, 0.7)
    assert view.last("show_status") == "Epoch 2 of 8 · 1 minute left"
    jobs.last.says(Epoch(2, 20, 0.1, 0.5, 0.9, 0.6, 0.8, 3.0))
    assert view.last("show_steps") == (20, 80)
    assert view.last("add_epoch") == (2, 0.6, 0.8)
    jobs.last.says(Comparing())
    assert "Measuring" in view.last("show_status")
    assert view.last("show_pause") == ("Pause", False)


def test_it_is_paused_and_resumed(presenter, view, jobs):
    presenter.start(QUICK)
    presenter.pause_or_resume()
    assert presenter.is_paused
    assert presenter.is_busy
    assert (view.last("show_status"), view.last("show_pause")) == ("Paused.", ("Resume", True))
    jobs.last.says(Step(1, 1, 2.3, 5))  # was on its way
    assert view.last("add_step") == (1, 2.3)
    assert view.last("show_status") == "Paused."
    presenter.pause_or_resume()
    assert not presenter.is_paused
    assert (view.last("show_status"), view.last("show_pause")) == ("Going on…", ("Pause", True))


def test_it_is_stopped_after_a_question(presenter, view, jobs):
    presenter.start(QUICK)
    view.answers["ask"] = False
    presenter.close("")
    assert not jobs.last.was_cancelled
    view.answers["ask"] = True
    presenter.close("")
    assert jobs.last.was_cancelled
    assert view.last("show_pause") == ("Pause", False)
    assert not view.last("leave")
    jobs.last.ends("cancelled")
    assert view.last("show_choice") == ""
    assert view.last("enable_start") is True
    presenter.start(QUICK)  # it can be begun again
    assert view.last("show_pause") == ("Pause", True)


def test_one_that_ends_while_the_question_stands_there_is_shown(presenter, view, jobs, tmp_path):
    presenter.start(QUICK)

    def ends_meanwhile():
        jobs.last.says(end(ALONE, folder=tmp_path))
        jobs.last.ends("done")
        return True

    view.answers["ask"] = ends_meanwhile
    presenter.close("")
    assert view.last("show_result").name == "lenet5, 8 epochs"
    presenter.pause_or_resume()  # a click that came late
    assert not view.times("leave")


def test_one_that_was_saved_before_it_was_cancelled_is_shown(presenter, view, jobs, tmp_path):
    presenter.start(QUICK)
    jobs.last.says(end(ALONE, folder=tmp_path))
    presenter.close("")
    jobs.last.ends("cancelled")
    assert view.last("show_result").name == "lenet5, 8 epochs"


def test_one_that_fails_says_why(presenter, view, jobs):
    presenter.start(QUICK)
    jobs.last.ends("failed", "The disk is full.")
    assert view.last("show_choice") == "The training has ended early. The disk is full."
    assert not presenter.is_busy


# The result


def test_the_two_networks_stand_side_by_side_on_every_set(presenter, view, jobs):
    presenter.start(QUICK)
    jobs.last.says(end(WORSE, CHANCE, BETTER, NO_REJECTION))
    assert not view.last("show_result")  # it may still fail
    jobs.last.ends("done")
    shown = view.last("show_result")
    assert shown.name == "lenet5, 8 epochs"
    assert [tuple(vars(row).values()) for row in shown.rows] == [
        ("MNIST", "1,000", "96.00 %", "91.00 %", "−5.00 points"),
        ("Synthetic digits", "1,000", "98.50 %", "98.30 %", "−0.20 points, may be chance"),
        ("Pen digits", "1,000", "98.10 %", "99.20 %", "+1.10 points"),
        ("Drawings of no digit", "1,000", "97.00 %", "0.00 %", "−97.00 points"),
    ]


def test_where_the_present_network_is_gone_the_new_one_stands_alone(presenter, view, jobs):
    presenter.start(QUICK)
    jobs.last.says(end(ALONE))
    jobs.last.ends("done")
    shown = view.last("show_result")
    assert shown.verdict == "The present network's folder is gone, so the new one stands alone."
    assert shown.warnings == ""
    (row,) = shown.rows
    assert (row.present, row.new, row.difference) == ("–", "90.00 %", "")


def test_a_set_that_both_read_equally_well_differs_by_nothing(presenter, view, jobs):
    presenter.start(QUICK)
    jobs.last.says(end(result("mnist", 1000, both=980, only_present=4, only_new=4)))
    jobs.last.ends("done")
    assert view.last("show_result").rows[0].difference == "none"


def test_a_worse_one_is_used_only_after_a_question(presenter, view, jobs, used, tmp_path):
    presenter.start(QUICK)
    jobs.last.says(end(WORSE, folder=tmp_path))
    jobs.last.ends("done")
    view.answers["ask"] = False
    presenter.use("Mine", False)
    assert view.last("ask")[1] == "It does worse on MNIST, by more than chance."
    assert used == []
    assert not view.times("leave")
    view.answers["ask"] = True
    presenter.use("Mine", False)
    assert used == [(tmp_path, False)]


def test_it_is_used_by_its_name(presenter, view, used, new):
    presenter.use("Mine / 🙂", True)
    assert name_of(new) == "Mine / 🙂"
    assert used == [(new, True)]
    assert not view.times("ask")
    assert view.times("leave") == 1
    presenter.keep("another")  # the window ends later
    assert name_of(new) == "Mine / 🙂"


def test_one_that_cannot_be_named_is_used_all_the_same_and_it_is_told(presenter, used, new, monkeypatch):
    def fails(folder, name):
        raise PermissionError(13, "Permission denied", str(folder / "name.txt"))

    monkeypatch.setattr("app.page.retrain_presenter.rename_network", fails)
    presenter.use("Mine", False)
    assert used == [
        (new, False),
        "The new network could not be named. name.txt: Permission denied.",
    ]


def test_it_is_kept_for_later_by_its_name(presenter, view, used, new):
    presenter.close("For later")
    assert name_of(new) == "For later"
    assert used == []
    assert view.times("leave") == 1
    assert not view.times("ask")


def test_the_end_of_the_program_keeps_the_name_that_was_typed(presenter, used, new):
    presenter.keep("Typed")
    assert name_of(new) == "Typed"
    assert used == []


@pytest.mark.parametrize("typed", ["", "   ", "\n"])
def test_without_a_name_it_keeps_the_one_that_it_had(presenter, new, typed):
    presenter.close(typed)
    assert name_of(new) == "lenet5, 8 epochs"


def test_it_is_discarded_after_a_question(presenter, view, used, new):
    view.answers["ask"] = False
    presenter.discard()
    assert new.is_dir()
    assert not view.times("leave")
    view.answers["ask"] = True
    presenter.discard()
    assert not new.exists()
    assert view.times("leave") == 1
    presenter.keep("Mine")
    assert not new.exists()
    assert used == []


def test_one_that_was_deleted_elsewhere_is_not_written_to(presenter, used, new):
    (new / "name.txt").unlink()
    new.rmdir()
    presenter.close("Mine")
    assert not new.exists()
    assert used == []


def test_without_a_training_nothing_is_written(presenter, view, tmp_path):
    presenter.close("Mine")
    assert view.times("leave") == 1
    assert list(tmp_path.iterdir()) == []


def test_times_are_told_as_roughly_as_they_are_known():
    assert time_left(4) == "a few seconds left"
    assert time_left(38.2) == "40 seconds left"
    assert time_left(61) == "1 minute left"
    assert time_left(150.1) == "3 minutes left"


def test_the_verdict_is_the_worst_difference():
    assert verdict(Comparison((CHANCE, WORSE, BETTER))) == (
        "The new network does worst on MNIST: of 1,000 it reads right 91.00 %, the present one 96.00 %."
    )
    assert verdict(Comparison((WORSE, NO_REJECTION))) == (
        "The new network does worst on drawings of no digit: of 1,000 it calls no digit 0.00 %, "
        "the present one 97.00 %."
    )


def test_what_is_no_chance_comes_before_a_larger_difference_that_may_be():
    few = result("synthetic", 20, both=15, only_present=3, only_new=1)
    assert " worst on MNIST: " in verdict(Comparison((few, WORSE)))


def test_a_difference_that_may_be_chance_says_so():
    told = verdict(Comparison((BETTER, CHANCE)))
    assert told.endswith("98.30 %, the present one 98.50 %. So small a difference may be chance.")
    assert warnings(Comparison((BETTER, CHANCE))) == ""


def test_where_nothing_is_worse_that_is_said():
    told = "The new network does no worse than the present one on any test set."
    assert verdict(Comparison((BETTER,))) == told
    assert warnings(Comparison((BETTER,))) == ""


def test_every_set_that_is_worse_by_more_than_chance_is_warned_of():
    assert warnings(Comparison((WORSE, CHANCE, WORSE_DRAWINGS))) == (
        "It does worse on MNIST and synthetic digits, by more than chance."
    )


def test_a_network_that_no_longer_rejects_is_warned_of():
    lost = (
        "It cannot tell what is not a digit, as the present one can: it reads a star or a scribble as "
        "some digit."
    )
    assert warnings(Comparison((BETTER, NO_REJECTION))) == lost
    assert warnings(Comparison((WORSE, NO_REJECTION))) == (
        f"It does worse on MNIST, by more than chance. {lost}"
    )
    never = result("not-digits", 1000, both=0, only_present=0, only_new=0)
    assert warnings(Comparison((never,))) == ""  # the present one could not either
    fewer = result("not-digits", 1000, both=900, only_present=70, only_new=0)
    assert "worse on drawings of no digit" in warnings(Comparison((fewer,)))
