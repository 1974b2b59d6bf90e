"""app/page/training_presenter.py: a training, its strip and its page, without a screen."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.jobs.records import Begin, Comparison, End, Epoch, Glimpse, Measuring, Preparing, SetResult, Step
from app.jobs.retraining import retrain
from app.page import training_presenter
from app.page.training_presenter import TrainingPresenter, interruption, pause_label, summary, time_left
from app.store.networks import name_of, rename_network
from app.store.trainings import InterruptedTraining, TrainingPlan
from engine.errors import CheckpointError
from engine.reading.evaluation import PairedTally, Tally
from tests.app.fakes import FakeJobs, FakeView
from tests.app.reports.marked import marked, unmarked_words

PLAN = TrainingPlan("synthetic,not-digits", "/data", "lenet5", 8, "gentle", "lenet5, 8 epochs")
OFFER = InterruptedTraining(Path("/kept/1"), PLAN, 7, datetime(2026, 5, 4, 12, 30))
FIRST_EPOCH = Epoch(1, 10, 0.1, 0.5, 0.9, 0.6, 0.8, 3.0)

ALONE = SetResult("mnist", Tally(900, 1000), None)
BESIDE = PairedTally(1000, both=980, only_first=1, only_second=12)
BETTER = SetResult("pendigits", BESIDE.second, BESIDE)
WORSE_PAIR = PairedTally(1000, both=900, only_first=60, only_second=10)
WORSE = SetResult("mnist", WORSE_PAIR.second, WORSE_PAIR)


@pytest.fixture
def desk():
    """The window."""
    return FakeView(ask=True)


@pytest.fixture
def jobs(desk):
    return FakeJobs(desk)


@pytest.fixture
def page():
    """The dialog."""
    return FakeView()


@pytest.fixture
def used():
    """What was to be used, and what was told."""
    return []


@pytest.fixture
def kept(monkeypatch):
    """The trainings that were interrupted, the last one first; and what was discarded of them."""
    offers, discarded = [], []
    monkeypatch.setattr(
        training_presenter, "find_interrupted", lambda place, author: (offers[0] if offers else None, "")
    )
    monkeypatch.setattr(training_presenter, "discard_training", discarded.append)
    return offers, discarded


@pytest.fixture
def clock():
    """Stands still until it is put on."""
    return SimpleNamespace(now=100.0)


@pytest.fixture
def presenter(desk, jobs, used, tmp_path, clock):
    return TrainingPresenter(
        desk,
        present=lambda: tmp_path / "present",
        place=tmp_path / "networks",
        on_use=lambda *given: used.append(given),
        tell=used.append,
        start_job=jobs,
        clock=lambda: clock.now,
    )


def end(*results, folder="/nowhere"):
    return End(str(folder), Comparison(results))


@pytest.fixture
def new(presenter, jobs, tmp_path):
    """A new network, trained and not decided on."""
    folder = tmp_path / "networks" / "lenet5-8-epochs"
    folder.mkdir(parents=True)
    rename_network(folder, "lenet5, 8 epochs")
    presenter.start(PLAN)
    jobs.last.says(FIRST_EPOCH, end(BETTER, folder=folder))
    jobs.last.ends("done")
    return folder


def buttons(desk):
    """What can be done on the strip, by label; None where it is grey."""
    return {
        button.label: button.command if button.is_enabled else None
        for button in desk.last("show_strip").buttons
    }


# The training


def test_a_training_is_started_as_it_was_planned(presenter, jobs, tmp_path):
    presenter.start(PLAN)
    assert jobs.last.work is retrain
    checkpoint = Path(jobs.last.arguments["checkpoint"])
    assert checkpoint.parent == tmp_path / "networks" / ".trainings"
    assert jobs.last.arguments == {
        **asdict(PLAN),
        "present": str(tmp_path / "present"),
        "place": str(tmp_path / "networks"),
        "checkpoint": str(checkpoint),
        "author": "",
    }
    assert presenter.is_busy
    presenter.start(PLAN)  # Return, once more
    assert len(jobs.started) == 1


def test_strip_and_page_show_how_far_it_is(presenter, desk, page, jobs):
    presenter.attach(page)
    assert page.last("show_choice") == ""
    presenter.start(PLAN)
    assert page.last("show_training").status == "Reading the digits…"
    jobs.last.says(Begin(80, 10, 0), Step(5, 1, 61))
    assert page.last("show_training").status == "Epoch 1 of 8 · 1 minute left"
    jobs.last.says(FIRST_EPOCH, Step(15, 2, 61))
    training = page.last("show_training")
    assert (training.share, training.history, training.epochs) == (15 / 80, (FIRST_EPOCH,), 8)
    assert training.status == "Epoch 2 of 8 · 80.00 % right so far · 1 minute left"
    strip = desk.last("show_strip")
    assert strip.text == f"Training lenet5, 8 epochs · {training.status}"
    assert strip.share == 15 / 80


def test_until_it_learns_the_bar_runs_unless_it_is_paused(presenter, desk, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    assert page.last("show_training").is_running_unmeasured
    jobs.last.says(Begin(80, 10, 0), Preparing(50))
    assert desk.last("show_strip").is_unknown
    presenter.pause_or_resume()
    assert not page.last("show_training").is_running_unmeasured
    assert not desk.last("show_strip").is_unknown
    presenter.pause_or_resume()
    assert desk.last("show_strip").is_unknown
    jobs.last.says(Step(1, 1, 60))
    assert not page.last("show_training").is_running_unmeasured
    assert not desk.last("show_strip").is_unknown


def test_the_time_that_is_left_goes_on_while_nothing_is_heard(presenter, page, jobs, clock):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.looks()  # there is nothing to count down yet
    jobs.last.says(Begin(80, 10, 0), Preparing(50))
    assert page.last("show_training").status == "Reading the digits · 50 seconds left"
    clock.now += 0.5
    shown = page.times("show_training")
    jobs.last.looks()
    assert page.times("show_training") == shown  # once a second is enough
    clock.now += 19.5
    jobs.last.looks()
    assert page.last("show_training").status == "Reading the digits · 30 seconds left"
    jobs.last.says(Step(10, 1, 61), FIRST_EPOCH)
    clock.now += 21
    jobs.last.looks()
    assert page.last("show_training").status == "Epoch 1 of 8 · 80.00 % right so far · 40 seconds left"
    clock.now += 1000
    jobs.last.looks()
    assert page.last("show_training").status.endswith("a few seconds left")


def test_where_preparing_takes_longer_all_else_will(presenter, page, jobs, clock):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(Begin(80, 10, 0), Preparing(50, 10))
    clock.now += 10
    jobs.last.looks()
    assert page.last("show_training").status == "Reading the digits · 40 seconds left"
    clock.now += 30  # four times as long
    jobs.last.looks()
    assert page.last("show_training").status == "Reading the digits · 3 minutes left"


def test_measuring_goes_on_while_nothing_is_heard_and_never_back(presenter, page, jobs, clock):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(Begin(80, 10, 0), Step(80, 8, 20), Measuring(0.2, 40))
    clock.now += 10
    jobs.last.looks()
    assert page.last("show_training").share == pytest.approx(0.4)  # a quarter of what was left
    jobs.last.says(Measuring(0.3, 35))
    assert page.last("show_training").share == pytest.approx(0.4)


def test_a_pause_counts_nothing_down(presenter, desk, page, jobs, clock):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(Begin(80, 10, 0), Step(5, 1, 50))
    buttons(desk)["Pause"]()
    clock.now += 100
    jobs.last.looks()
    assert page.last("show_training").status == "Paused."
    buttons(desk)["Go on"]()
    clock.now += 10
    jobs.last.looks()
    assert page.last("show_training").status == "Epoch 1 of 8 · 40 seconds left"


def test_measuring_has_a_progress_of_its_own(presenter, desk, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(Begin(80, 10, 0), Step(80, 8, 20), Measuring(0.25, 21))
    training = page.last("show_training")
    assert training.share == 0.25
    assert training.status == "Measuring the new network and the present one · 20 seconds left"
    assert training.can_be_paused
    assert not training.can_be_finished


def test_one_that_goes_on_begins_where_it_was(presenter, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(Begin(80, 10, 20))
    assert page.last("show_training").share == 0.25


def test_a_page_that_is_closed_and_opened_again_shows_all_of_it(presenter, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    presenter.detach()
    jobs.last.says(Begin(80, 10, 0), FIRST_EPOCH, Step(12, 2, 61))
    assert page.last("show_training").history == ()
    again = FakeView()
    presenter.attach(again)
    assert again.last("show_training").history == (FIRST_EPOCH,)
    assert again.last("show_training").share == 12 / 80


def test_it_is_paused_and_resumed(presenter, desk, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    buttons(desk)["Pause"]()
    assert jobs.last.state == "paused"
    assert presenter.is_busy
    assert page.last("show_training").status == "Paused."
    jobs.last.says(Begin(80, 10, 0), Step(1, 1, 5))  # was on its way
    assert page.last("show_training").share == 1 / 80
    assert page.last("show_training").status == "Paused."
    buttons(desk)["Go on"]()
    assert jobs.last.state == "running"
    assert pause_label(page.last("show_training")) == "Pause"
    jobs.last.says(Step(2, 1, 5))
    assert "left" in page.last("show_training").status


# Watched


@pytest.fixture
def halves():
    """The networks that were to read while they learnt, None where the one that is open was to."""
    return []


@pytest.fixture
def watches():
    """Whether there is something to watch, and whether it is watched, as it changed."""
    return []


@pytest.fixture
def glimpses(monkeypatch):
    """What was taken of the file that a job leaves: each network, and what it was made."""
    taken = []

    def look(glimpse, folder, network):
        taken.append((glimpse.step, folder, network))
        return glimpse.step != 13  # of that one another has taken the place

    monkeypatch.setattr(training_presenter, "glimpsed", look)
    return taken


@pytest.fixture
def watched(desk, jobs, used, tmp_path, halves, watches, glimpses):
    """A training that learns and is watched."""

    def note(can_be, is_on):
        if not watches or watches[-1] != (can_be, is_on):
            watches.append((can_be, is_on))

    presenter = TrainingPresenter(
        desk,
        present=lambda: tmp_path / "present",
        place=tmp_path / "networks",
        on_use=lambda *given: used.append(given),
        tell=used.append,
        on_half=halves.append,
        on_watch=note,
        start_job=jobs,
    )
    presenter.start(PLAN)
    presenter.watch(True)
    assert not jobs.last.is_watched  # there is nothing to see yet
    assert buttons(desk)["Watch"] is None
    jobs.last.says(Begin(80, 10, 0), Step(1, 1, 5))
    buttons(desk)["Watch"]()
    assert jobs.last.is_watched
    return presenter


def is_watch_pressed(desk):
    return next(button.is_on for button in desk.last("show_strip").buttons if button.label == "Watch")


def test_watched_the_network_reads_as_it_is_by_now(watched, desk, jobs, halves, glimpses):
    jobs.last.says(Glimpse(12, 306, 500), Glimpse(13, 310, 500), Glimpse(14, 320, 500))
    assert [(half.step, half.right, half.count) for half in halves] == [(12, 306, 500), (14, 320, 500)]
    assert [half.network for half in halves] == [glimpses[0][2], glimpses[2][2]]
    assert halves[0].network is not halves[1].network
    assert halves[0].network.architecture == "lenet5"
    assert glimpses[0][1] == Path(jobs.last.arguments["checkpoint"])
    assert is_watch_pressed(desk)
    jobs.last.says(Step(15, 1, 5))
    assert desk.last("show_strip").text == (
        "Training lenet5, 8 epochs · Epoch 1 of 8 · a few seconds left\n"
        "A half-trained network reads: after 14 steps, 64 % of the validation digits."
    )


def test_watched_no_longer_the_open_network_reads_and_what_was_on_its_way_is_not_shown(
    watched, desk, jobs, halves, watches
):
    jobs.last.says(Glimpse(12, 306, 500))
    buttons(desk)["Watch"]()
    assert not jobs.last.is_watched
    jobs.last.says(Glimpse(14, 306, 500))
    assert halves[1:] == [None]
    assert not is_watch_pressed(desk)
    assert "half-trained" not in desk.last("show_strip").text
    assert watches == [(False, False), (True, False), (True, True), (True, False)]


@pytest.mark.parametrize("ending", ["stopped", "finished", "measured", "failed"])
def test_when_it_is_over_the_open_network_reads_again_by_itself(
    watched, desk, jobs, halves, watches, kept, ending
):
    jobs.last.says(Glimpse(12, 306, 500))
    if ending == "stopped":
        buttons(desk)["Stop"]()
    elif ending == "finished":
        buttons(desk)["Finish now and keep"]()
    elif ending == "measured":
        jobs.last.says(Measuring(0.1, 20))
        assert desk.last("say") == "The training is over, and the network that is open reads again."
    else:
        jobs.last.ends("failed", "It was astray.")
    assert halves[1:] == [None]
    assert watches[-1] == (False, False)
    if ending != "failed":
        assert buttons(desk)["Watch"] is None
        jobs.last.says(Step(13, 1, 5), Glimpse(13, 306, 500))
        assert halves[1:] == [None]


def test_it_can_be_finished_once_it_has_learnt_something(presenter, desk, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    assert buttons(desk)["Finish now and keep"] is None
    presenter.finish()
    assert not jobs.last.was_finished
    jobs.last.says(Begin(80, 10, 0), Step(1, 1, 5))
    buttons(desk)["Pause"]()
    buttons(desk)["Finish now and keep"]()
    assert jobs.last.was_finished
    jobs.last.says(Step(2, 1, 5))  # was on its way
    assert page.last("show_training").status == "Ending after this step…"
    assert (buttons(desk)["Pause"], buttons(desk)["Finish now and keep"]) == (None, None)
    jobs.last.says(Measuring(0.5, 5))
    assert "Measuring" in page.last("show_training").status
    assert buttons(desk)["Pause"] is not None


def test_it_can_be_finished_also_where_epochs_are_too_short_to_tell_of_their_steps(presenter, desk, jobs):
    presenter.start(PLAN)
    jobs.last.says(Begin(80, 10, 0), FIRST_EPOCH)
    assert buttons(desk)["Finish now and keep"] is not None


def test_it_is_stopped_after_a_question_and_nothing_is_kept(presenter, desk, page, jobs, kept):
    presenter.attach(page)
    presenter.start(PLAN)
    desk.answers["ask"] = False
    buttons(desk)["Stop"]()
    assert not jobs.last.was_cancelled
    desk.answers["ask"] = True
    buttons(desk)["Stop"]()
    assert jobs.last.was_cancelled
    assert [name for name, command in buttons(desk).items() if command] == ["Details"]
    jobs.last.says(Begin(80, 10, 0), Step(1, 1, 5), Measuring(0.5, 5))  # were on their way
    assert page.last("show_training").status == "Stopping…"
    assert [name for name, command in buttons(desk).items() if command] == ["Details"]
    jobs.last.ends("cancelled")
    assert kept[1] == [Path(jobs.last.arguments["checkpoint"])]
    assert page.last("show_choice") == ""
    assert desk.last("show_strip") is None
    presenter.start(PLAN)  # it can be begun again
    assert len(jobs.started) == 2


def test_one_that_ends_while_the_question_stands_there_is_shown(presenter, desk, page, jobs, tmp_path):
    presenter.attach(page)
    presenter.start(PLAN)

    def ends_meanwhile():
        jobs.last.says(end(ALONE, folder=tmp_path))
        jobs.last.ends("done")
        return True

    desk.answers["ask"] = ends_meanwhile
    presenter.stop()
    assert page.last("show_result").name == "lenet5, 8 epochs"
    for late in (presenter.pause_or_resume, presenter.finish, presenter.stop):
        late()
    assert desk.times("ask") == 1


def test_one_that_was_saved_before_it_was_cancelled_is_shown(presenter, page, jobs, tmp_path):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(end(ALONE, folder=tmp_path))
    presenter.stop()
    jobs.last.ends("cancelled")
    assert page.last("show_result").name == "lenet5, 8 epochs"


def test_one_that_fails_says_why_where_it_is_seen_and_is_offered(presenter, desk, page, jobs, used, kept):
    kept[0].append(OFFER)
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.ends("failed", "The disk is full.")
    assert page.last("show_choice") == "The training has ended early. The disk is full."
    assert used == []
    assert not presenter.is_busy
    assert "interrupted" in desk.last("show_strip").text
    presenter.detach()
    presenter.start(PLAN)
    jobs.last.ends("failed", "The disk is full.")
    assert used == ["The training has ended early. The disk is full."]
    assert kept[1] == []


def test_the_end_of_the_window_asks_only_while_a_network_learns(presenter, desk, jobs, tmp_path):
    assert presenter.may_quit()
    presenter.start(PLAN)
    desk.answers["ask"] = False
    assert not presenter.may_quit()
    assert "go on with it" in desk.last("ask")[1]
    desk.answers["ask"] = True
    assert presenter.may_quit()
    assert desk.times("ask") == 2
    assert not jobs.last.was_cancelled  # it ends with the window, and keeps its state


# The result


def test_the_end_is_told_by_the_strip_which_opens_the_result(presenter, desk, new):
    strip = desk.last("show_strip")
    assert (strip.text, strip.share) == ("The new network lenet5, 8 epochs is ready.", None)
    buttons(desk)["Show result"]()
    assert desk.times("open_page") == 1
    page = FakeView()
    presenter.attach(page)
    assert page.last("show_training").history == (FIRST_EPOCH,)  # the curves stay above it
    assert page.last("show_result").rows[0].new == "99.20 %"
    assert not presenter.is_busy


def test_the_result_waits_for_the_end_of_the_job(presenter, page, jobs):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(end(BETTER))
    assert not page.times("show_result")  # it may still fail


def test_while_a_network_is_not_decided_on_none_is_trained(presenter, jobs, new):
    presenter.start(PLAN)
    assert len(jobs.started) == 1
    presenter.keep("")
    presenter.start(PLAN)
    assert len(jobs.started) == 2


def test_a_worse_one_is_used_only_after_a_question(presenter, desk, page, jobs, used, tmp_path):
    presenter.attach(page)
    presenter.start(PLAN)
    jobs.last.says(end(WORSE, folder=tmp_path))
    jobs.last.ends("done")
    desk.answers["ask"] = False
    presenter.use("Mine", False)
    assert desk.last("ask")[1] == "It does worse on MNIST, by more than chance."
    assert used == []
    assert not page.times("leave")
    desk.answers["ask"] = True
    presenter.use("Mine", False)
    assert used == [(tmp_path, False)]


def test_it_is_used_by_its_name(presenter, desk, used, new):
    page = FakeView()
    presenter.attach(page)
    presenter.use("Mine / 🙂", True)
    assert name_of(new) == "Mine / 🙂"
    assert used == [(new, True)]
    assert not desk.times("ask")
    assert page.times("leave") == 1
    assert desk.last("show_strip") is None
    presenter.keep("another")  # the window ends later
    assert name_of(new) == "Mine / 🙂"


def test_one_that_cannot_be_named_is_used_all_the_same_and_it_is_told(presenter, used, new, monkeypatch):
    def fails(folder, name):
        raise PermissionError(13, "Permission denied", str(folder / "name.txt"))

    monkeypatch.setattr(training_presenter, "rename_network", fails)
    presenter.use("Mine", False)
    assert used == [
        (new, False),
        "The new network could not be named. The system does not allow access to name.txt.",
    ]


def test_it_is_kept_for_later_by_the_name_that_was_typed(presenter, desk, used, new):
    presenter.keep("For later")
    assert name_of(new) == "For later"
    assert used == []
    assert desk.last("say") == "The network For later is kept; Network > Open lists it."
    assert not desk.times("ask")
    assert desk.last("show_strip") is None


@pytest.mark.parametrize("typed", ["", "   ", "\n"])
def test_without_a_name_it_keeps_the_one_that_it_had(presenter, new, typed):
    presenter.keep(typed)
    assert name_of(new) == "lenet5, 8 epochs"


def test_a_name_that_was_typed_stays_while_the_network_is_not_decided_on(presenter, desk, new):
    presenter.take_name("Typed")
    assert name_of(new) == "Typed"
    presenter.show_again()
    assert desk.last("show_strip").text == "The new network Typed is ready."
    page = FakeView()
    presenter.attach(page)
    assert page.last("show_result").name == "Typed"


@pytest.fixture
def worse(presenter, jobs, tmp_path):
    """A network that went on, and reads MNIST worse now."""
    folder = tmp_path / "networks" / "lenet5"
    folder.mkdir(parents=True)
    presenter.start(replace(PLAN, start=str(tmp_path / "present")))
    jobs.last.says(FIRST_EPOCH, end(WORSE, folder=folder))
    jobs.last.ends("done")
    return folder


def test_one_that_went_on_and_is_worse_is_not_kept_unless_the_person_says_so(presenter, desk, worse):
    page = FakeView()
    presenter.attach(page)
    assert not page.last("show_result").is_kept
    presenter.leave("")
    assert not worse.exists()
    assert desk.last("say") == ("The new network is not kept. It does worse on MNIST, by more than chance.")
    assert desk.last("show_strip") is None
    presenter.leave("")  # there is none any more
    assert desk.times("say") == 1


def test_one_that_is_worse_is_kept_where_the_person_says_so(presenter, desk, worse):
    assert [*buttons(desk)] == ["Show result", "Do not keep it"]
    presenter.keep("All the same")
    assert name_of(worse) == "All the same"


def test_one_that_is_not_kept_may_be_gone_already(presenter, desk, worse):
    worse.rmdir()
    buttons(desk)["Do not keep it"]()
    assert desk.last("show_strip") is None


def test_it_is_kept_from_the_strip_too(presenter, desk, new):
    buttons(desk)["Keep for later"]()
    assert name_of(new) == "lenet5, 8 epochs"
    assert desk.last("show_strip") is None


def test_it_is_discarded_after_a_question(presenter, desk, page, used, new):
    presenter.attach(page)
    desk.answers["ask"] = False
    presenter.discard()
    assert new.is_dir()
    assert not page.times("leave")
    desk.answers["ask"] = True
    presenter.discard()
    assert not new.exists()
    assert page.times("leave") == 1
    presenter.keep("Mine")
    assert not new.exists()
    assert used == []


def test_one_that_was_deleted_elsewhere_is_not_written_to(presenter, used, new):
    (new / "name.txt").unlink()
    new.rmdir()
    presenter.keep("Mine")
    assert not new.exists()
    assert used == []


def test_without_a_training_nothing_is_written(presenter, tmp_path):
    presenter.keep("Mine")
    assert list(tmp_path.iterdir()) == []


# One that was interrupted


def test_one_that_was_interrupted_is_offered_and_goes_on(presenter, desk, jobs, kept):
    presenter.look_for_interrupted()
    assert desk.last("show_strip") is None
    kept[0].append(OFFER)
    presenter.look_for_interrupted()
    assert list(buttons(desk)) == ["Go on", "Discard", "Later"]
    assert desk.last("show_strip").share is None
    buttons(desk)["Go on"]()
    assert jobs.last.arguments["checkpoint"] == "/kept/1"
    assert jobs.last.arguments["name"] == "lenet5, 8 epochs"
    assert desk.last("show_strip").text.startswith("Training lenet5, 8 epochs")


def test_it_is_discarded_after_a_question_and_the_one_before_is_offered(presenter, desk, kept):
    older = replace(OFFER, folder=Path("/kept/0"), plan=replace(PLAN, name="older"))
    kept[0][:] = [OFFER, older]
    presenter.look_for_interrupted()
    desk.answers["ask"] = False
    buttons(desk)["Discard"]()
    assert kept[1] == []
    desk.answers["ask"] = True
    kept[0].pop(0)
    buttons(desk)["Discard"]()
    assert kept[1] == [Path("/kept/1")]
    assert "older" in desk.last("show_strip").text


def test_one_that_another_window_goes_on_with_is_not_discarded(presenter, desk, kept, used, monkeypatch):
    def is_held(folder):
        raise CheckpointError("Another training is under way.")

    monkeypatch.setattr(training_presenter, "discard_training", is_held)
    kept[0].append(OFFER)
    presenter.look_for_interrupted()
    buttons(desk)["Discard"]()
    assert used == ["Another training is under way."]
    assert desk.last("show_strip") is None


def test_another_one_draws_and_what_is_offered_is_theirs(desk, jobs, tmp_path, monkeypatch):
    who, asked = ["ada"], []
    monkeypatch.setattr(
        training_presenter, "find_interrupted", lambda place, author: (asked.append(author) or OFFER, "")
    )
    presenter = TrainingPresenter(
        desk,
        present=lambda: tmp_path,
        place=tmp_path,
        on_use=lambda *given: None,
        tell=print,
        author=lambda: who[0],
        start_job=jobs,
    )
    presenter.look_for_interrupted()
    who[0] = "bea"
    presenter.follow_author()
    assert asked == ["ada", "bea"]
    presenter.start(PLAN)
    assert jobs.last.arguments["author"] == "bea"
    presenter.follow_author()  # while it learns, nothing is offered
    assert asked == ["ada", "bea"]


def test_it_is_put_off_until_the_next_start(presenter, desk, kept):
    kept[0].append(OFFER)
    presenter.look_for_interrupted()
    buttons(desk)["Later"]()
    assert desk.last("show_strip") is None
    assert kept[1] == []


def test_what_is_wrong_with_one_is_told(presenter, used, monkeypatch):
    monkeypatch.setattr(
        training_presenter, "find_interrupted", lambda place, author: (None, "It is damaged.")
    )
    presenter.look_for_interrupted()
    assert used == ["It is damaged."]


def test_one_that_is_found_while_another_learns_is_offered_after_that(presenter, desk, jobs, kept, tmp_path):
    presenter.start(PLAN)
    kept[0].append(OFFER)
    presenter.look_for_interrupted()
    assert desk.last("show_strip").text.startswith("Training ")
    presenter.go_on()  # a click that came late
    assert len(jobs.started) == 1
    jobs.last.says(end(ALONE, folder=tmp_path))
    jobs.last.ends("done")
    presenter.keep("")
    assert "interrupted" in desk.last("show_strip").text


# Words


def test_an_interruption_is_told_with_its_day():
    assert interruption(OFFER, date(2026, 5, 4)) == (
        "The training of lenet5, 8 epochs was interrupted today, in epoch 7 of 8."
    )
    assert " was interrupted yesterday, " in interruption(OFFER, date(2026, 5, 5))
    assert " was interrupted on 2026-05-04, " in interruption(OFFER, date(2026, 5, 6))
    assert " was interrupted on 2026-05-04, " in interruption(
        OFFER, date(2026, 5, 3)
    )  # a clock that was wrong


def test_a_plan_is_summed_up_in_a_line():
    assert summary(PLAN) == "lenet5 · 8 epochs · gentle variations · Drawings alone"
    assert summary(replace(PLAN, epochs=1, variations="none", source="mnist")) == (
        "lenet5 · 1 epoch · no variations · MNIST alone"
    )
    assert "pendigits" in summary(replace(PLAN, source="pendigits"))  # of a file that was changed


def test_times_are_told_as_roughly_as_they_are_known():
    assert time_left(4) == "a few seconds left"
    assert time_left(38.2) == "40 seconds left"
    assert time_left(54) == "50 seconds left"
    assert time_left(58) == "1 minute left"
    assert time_left(61) == "1 minute left"
    assert time_left(150.1) == "3 minutes left"


def test_a_training_is_told_in_another_language(presenter, desk, page, jobs, new):
    with marked():
        presenter.show_again()
        texts = strip_texts(desk)
        presenter.discard()
        presenter.attach(page)
        presenter.start(replace(PLAN, name="7"))
        jobs.last.says(Begin(80, 10, 0), Step(5, 1, 61))
        texts += strip_texts(desk)
        jobs.last.says(FIRST_EPOCH, Step(15, 2, 30))
        texts += strip_texts(desk)
        presenter.pause_or_resume()
        texts += strip_texts(desk)
        presenter.pause_or_resume()
        jobs.last.says(Measuring(0.5, 3))
        texts += strip_texts(desk)
        presenter.may_quit()
        presenter.stop()
        texts += strip_texts(desk)
        jobs.last.ends("failed", "")
        texts += [
            text for name, asked, words in desk.calls if name == "ask" for text in (*asked, *words.values())
        ]
        texts += [page.last("show_choice")]
        assert summary(PLAN) == "lenet5 · «8 epochs» · «gentle variations» · «Drawings alone»"
    assert not unmarked_words(*texts)


@pytest.mark.parametrize("days", [0, 1, 9])
def test_an_interruption_is_told_in_another_language(days):
    with marked():
        assert not unmarked_words(interruption(OFFER, OFFER.when.date() + timedelta(days)))


def strip_texts(desk):
    strip = desk.last("show_strip")
    return [strip.text, *(button.label for button in strip.buttons)] if strip else []
