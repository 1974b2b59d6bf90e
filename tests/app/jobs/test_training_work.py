"""app/jobs/training_work.py: what is told while a network learns and is measured, and the time left."""

from itertools import count

import numpy as np
import pytest

from app.jobs.protocol import Wish
from app.jobs.records import Epoch, Glimpse, Measuring, Step
from app.jobs.training_work import TrainingWork
from engine import Confidence, Dataset, SavedNetwork, TrainingConfig, TrainingRun, build_network, save_network
from engine.learning.checkpoint import load_checkpoint
from engine.learning.training import StepRecord
from tests.digit_templates import digit_images

CONFIG = TrainingConfig(architecture="mlp-tanh", epochs=2, batch_size=32, validation_fraction=1 / 12)


@pytest.fixture(scope="module")
def digits():
    return Dataset(*digit_images(240, np.random.default_rng(7)))


@pytest.fixture
def clock(monkeypatch):
    """A clock by which everything takes a second each time that it is looked at, and which can be put on."""
    seconds = count()
    monkeypatch.setattr("app.jobs.training_work.time.perf_counter", lambda: float(next(seconds)))
    return lambda: next(seconds)


@pytest.fixture
def present(tmp_path):
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(1)), tmp_path / "present")
    return SavedNetwork.load(tmp_path / "present")


@pytest.fixture
def work(digits, present, monkeypatch):
    monkeypatch.setattr("app.jobs.training_work.TELL_EVERY", 0)
    return work_of(digits, present)


def work_of(digits, present, busy=0.0):
    return TrainingWork(
        TrainingRun(digits, CONFIG),
        iter({"mnist": digits.take(slice(0, 50))}.items()),
        drawing={"mnist": 0.0},
        fit=lambda sets: Confidence(),
        drawing_seconds=5.0,
        fitting=2.0,
        saving=2.0,
        present=present,
        busy=busy,
    )


def test_every_step_and_epoch_is_told_as_the_engine_has_it(work, digits, tmp_path):
    told = list(work.learn(tmp_path / "state"))
    expected = list(TrainingRun(digits, CONFIG))
    assert [(r.step, r.epoch) for r in told if isinstance(r, Step)] == [
        (r.step, r.epoch) for r in expected if isinstance(r, StepRecord)
    ]
    epochs = [r for r in told if isinstance(r, Epoch)]
    assert [(r.step, r.validation_accuracy) for r in epochs] == [
        (r.step, r.validation_accuracy) for r in expected if not isinstance(r, StepRecord)
    ]


def test_steps_are_told_several_times_a_second_and_no_more_often(work, tmp_path, clock, monkeypatch):
    monkeypatch.setattr("app.jobs.training_work.TELL_EVERY", 3)  # a step takes a second
    told = [record.step for record in work.learn(tmp_path / "state") if isinstance(record, Step)]
    assert told[:2] == [3, 6]


def test_the_time_left_counts_epochs_and_measuring_too(digits, present, tmp_path, clock, monkeypatch):
    """Everything takes a second: a step, the end of an epoch, and 20 images for the present network."""
    monkeypatch.setattr("app.jobs.training_work.TELL_EVERY", 0)
    monkeypatch.setattr("app.jobs.training_work.EXPECTED", 50)
    work = work_of(digits, present)
    steps = [record for record in work.learn(tmp_path / "state") if isinstance(record, Step)]
    seventh, eighth = steps[6], steps[7]
    # guessed before an epoch is over: an image takes a third of its share of a step of 32, 2 * 20 and 50 do
    image = 1 / 32 / 3
    assert seventh.seconds_left == pytest.approx(7 + 2 * 40 * image + 50 * image + 4 * 5 + 50 / 20)
    # measured: the end of an epoch, 40 images, took three seconds, for engine and checkpoint have a look, too
    assert eighth.seconds_left == pytest.approx(6 + 3 + 50 * 3 / 40 + 4 * 5 + 50 / 20)
    assert steps[-1].seconds_left == pytest.approx(0 + 3 + 50 * 3 / 40 + 4 * 5 + 50 / 20)


def test_drawings_that_take_longer_than_an_epoch_are_waited_for(work, tmp_path, clock, monkeypatch):
    of_epoch = Dataset.of_epoch

    def slow(self, epoch, **options):
        for _ in range(100):
            clock()
        return of_epoch(self, epoch, **options)

    monkeypatch.setattr(Dataset, "of_epoch", slow)
    second = [record for record in work.learn(tmp_path / "state") if isinstance(record, Step)][1]
    # the first took some 200 s, the six others of an epoch will take one each: the rest is waited for
    assert second.seconds_left > 190


def test_a_pause_is_not_counted_as_work(work, tmp_path, clock):
    left = []
    for record in work.learn(tmp_path / "state"):
        for _ in range(1000):  # a long time passes while the record is looked at
            clock()
        if isinstance(record, Step):
            left.append(record.seconds_left)
    assert max(left) < 1000
    # 14 steps, and an epoch's end twice, in which the engine looks at the clock as well
    assert 16 <= work.busy <= 20


def test_what_went_before_counts_as_work(digits, tmp_path, clock):
    work = work_of(digits, None, busy=100)
    list(work.learn(tmp_path / "state"))
    assert 116 <= work.busy <= 120


def test_measuring_tells_how_far_it_is(work, tmp_path, monkeypatch):
    monkeypatch.setattr("app.jobs.comparing.BLOCK", 10)
    list(work.learn(tmp_path / "state"))
    told = list(work.measure())
    assert all(isinstance(record, Measuring) for record in told)
    assert len(told) == 3 + 5 + 5  # the begin, the drawings, the fit, and the blocks of each network
    shares = [record.share for record in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert told[0].seconds_left > 15
    assert told[-1].seconds_left == pytest.approx(10, rel=0.2)  # to save it takes as long as two sets
    assert len(work.new["mnist"].labels) == len(work.old["mnist"].labels) == 50


def test_a_set_that_lay_in_a_file_tells_nothing_of_those_that_are_drawn(digits, tmp_path, clock):
    def sets():
        yield "mnist", digits
        for _ in range(20):
            clock()
        yield "synthetic", digits
        yield "not-digits", digits

    work = TrainingWork(
        TrainingRun(digits, CONFIG), sets(), drawing={"mnist": 0.0, "synthetic": 1.0, "not-digits": 1.0},
        fit=lambda sets: Confidence(), drawing_seconds=15.0, fitting=1.0, saving=0.0, present=None,
    )  # fmt: skip
    list(work.learn(tmp_path / "state"))
    begun, of_file, drawn, *_ = work.measure()
    assert begun.seconds_left == of_file.seconds_left
    assert of_file.seconds_left - drawn.seconds_left == pytest.approx(
        15 - 2 * (21 - 15)
    )  # the next takes 21, too, and so does fitting


def test_before_the_first_step_the_time_is_what_drawing_takes(digits):
    work = TrainingWork(
        TrainingRun(digits, CONFIG), iter(()), drawing={"synthetic": 1.0},
        fit=lambda sets: Confidence(), drawing_seconds=10.0, fitting=1.5, saving=2.0, preparing_seconds=12.0,
        present=None,
    )  # fmt: skip
    # two epochs; the test set; fitting and saving
    assert work.preparing().seconds_left == pytest.approx(2 * 12 + 10 + 15 + 20)


def test_what_saving_takes_follows_the_pace_at_which_sets_were_drawn(digits, tmp_path, clock):
    def sets():
        for _ in range(40):
            clock()
        yield "synthetic", digits

    work = TrainingWork(
        TrainingRun(digits, CONFIG), sets(), drawing={"synthetic": 1.0},
        fit=lambda sets: Confidence(), drawing_seconds=15.0, fitting=1.0, saving=2.5, present=None,
    )  # fmt: skip
    list(work.learn(tmp_path / "state"))
    *_, last = work.measure()
    assert last.seconds_left == pytest.approx(2.5 * 41)


def test_without_a_present_network_the_new_one_is_measured_alone(digits, tmp_path):
    work = work_of(digits, None)
    list(work.learn(tmp_path / "state"))
    *_, last = work.measure()
    assert last.seconds_left == pytest.approx(10, rel=0.2)  # no more than saving
    assert work.old is None


def test_one_that_is_closed_leaves_the_state_of_its_last_step(work, tmp_path):
    records = work.learn(tmp_path / "state")
    for _ in range(3):
        next(records)
    records.close()
    assert load_checkpoint(tmp_path / "state")[0].step == 3


def test_one_that_is_closed_before_its_first_step_leaves_nothing(work, tmp_path):
    records = work.learn(tmp_path / "state")
    records.close()
    assert not (tmp_path / "state").exists()


def test_a_checkpoint_is_kept_within_an_epoch_too(work, tmp_path, monkeypatch):
    monkeypatch.setattr("app.jobs.training_work.KEEP_EVERY", 0)
    records = work.learn(tmp_path / "state")
    for step in (1, 2):
        next(records)
        assert load_checkpoint(tmp_path / "state")[0].step == step


def test_watched_it_leaves_glimpses_and_learns_the_same(work, digits, present, tmp_path, monkeypatch):
    monkeypatch.setattr("app.jobs.glimpses.EVERY", 0)
    monkeypatch.setattr("app.jobs.glimpses.PATIENCE", 0)
    alone = work_of(digits, present)
    assert not any(isinstance(record, Glimpse) for record in alone.learn(tmp_path / "alone"))
    (tmp_path / "state").mkdir()
    records = work.learn(tmp_path / "state")
    told = [next(records)]
    for _ in range(3):
        told.append(records.send(Wish(is_watched=True)))
    told += records
    assert [record.step for record in told if isinstance(record, Glimpse)] == [1, 2]
    assert np.array_equal(work.run.network.state()["f1.weight"], alone.run.network.state()["f1.weight"])


def test_it_ends_after_the_step_at_which_it_is_enough(work, tmp_path, clock):
    records = work.learn(tmp_path / "state")
    for _ in range(3):
        next(records)
    last = records.send(Wish(is_enough=True))
    assert (last.epoch, last.step) == (1, 3)
    assert list(records) == []
    before = work._forecast.seconds_left
    after = next(work.measure()).seconds_left
    assert after <= before - 10  # of eleven steps, a second each, none is left
    assert work.run.history[-1].step == 3
