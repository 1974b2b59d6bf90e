"""app/jobs/forecast.py: what is left, by the pace of what was done."""

import pytest

from app.jobs.forecast import Forecast, probed


def test_what_is_left_takes_as_long_for_each_as_what_was_done():
    forecast = Forecast("steps", steps=10, epochs=2)
    forecast.did("steps", 1.0)
    forecast.did("steps", 1.0)
    forecast.did("epochs", 4.0)
    assert forecast.seconds_left == pytest.approx(8 * 1.0 + 1 * 4.0)
    forecast.did("steps", 8.0, 8)
    forecast.did("epochs", 4.0)
    assert forecast.seconds_left == 0


def test_a_guess_stands_until_the_first_was_done():
    forecast = Forecast("steps", steps=4)
    assert forecast.seconds_left == 0
    forecast.guess("steps", 3.0)
    assert forecast.seconds_left == 12
    forecast.did("steps", 1.0)
    forecast.guess("steps", 3.0)
    assert forecast.seconds_left == 3


def test_what_was_skipped_is_done_but_tells_nothing_of_the_pace():
    forecast = Forecast("steps", steps=4)
    forecast.guess("steps", 2.0)
    forecast.skip("steps")
    assert forecast.seconds_left == 6


def test_of_what_is_dropped_nothing_is_left():
    forecast = Forecast("steps", steps=4, epochs=1)
    forecast.guess("steps", 2.0)
    forecast.guess("epochs", 5.0)
    forecast.drop("steps")
    assert forecast.seconds_left == 5


def test_more_work_than_was_known_of_is_no_time_gained():
    forecast = Forecast("steps", images=10, steps=1)
    forecast.guess("steps", 2.0)
    forecast.did("images", 3.0, 30)
    assert forecast.seconds_left == 2


def test_what_is_left_may_be_known_only_later():
    forecast = Forecast("steps", images=4000)
    forecast.guess("images", 0.5)
    forecast.expect("images", 10)
    assert forecast.seconds_left == 5


def test_a_probe_is_the_mean_of_some_tries_after_one_that_does_not_count(monkeypatch):
    monkeypatch.setattr("app.jobs.forecast.PROBE_SECONDS", 0.2)
    looks = iter([0.0, 0.05, 0.15, 0.21])
    monkeypatch.setattr("app.jobs.forecast.time.perf_counter", lambda: next(looks))
    tries = []
    assert probed(lambda: tries.append(1)) == pytest.approx(0.21 / 3)
    assert len(tries) == 4


# A whole training, by a clock made by hand

EPOCHS, STEPS, STEP, WAIT, VALIDATING, MEASURING = 8, 400, 0.02, 4.0, 1.0, 20.0


def told(pace=lambda second: 1.0, odd=lambda epoch, step: 1.0, guess=MEASURING):
    """What is said to be left in the course of a training, and how much of it is true: pairs, in seconds.

    `pace` is how slow the machine is at a second, `odd` how long a step of an epoch takes, in STEP.
    """
    forecast = Forecast("steps", steps=EPOCHS * STEPS, waiting=EPOCHS, validating=EPOCHS, measuring=1)
    now, said = 0.0, []

    def do(kind, seconds):
        nonlocal now
        seconds *= pace(now)
        now += seconds
        forecast.did(kind, seconds)
        said.append((now, forecast.seconds_left))

    forecast.guess("waiting", WAIT)
    forecast.guess("validating", VALIDATING)
    forecast.guess("measuring", guess)
    for epoch in range(EPOCHS):
        do("waiting", WAIT)
        for step in range(STEPS):
            do("steps", STEP * odd(epoch, step))
        do("validating", VALIDATING)
    now += MEASURING * pace(now)
    return [(left, now - when) for when, left in said], now


def errors(said, total, start=0.1, end=0.9):
    """How far off what is said is, as a share of the truth, between two places of the training."""
    return [left / true - 1 for left, true in said if start <= 1 - true / total <= end]


def test_at_a_steady_pace_the_time_left_is_right_from_the_first_steps_on():
    said, total = told()
    assert max(map(abs, errors(said, total, start=0.04))) < 0.01


def test_a_first_epoch_that_is_slow_to_begin_with_is_soon_forgotten():
    said, total = told(odd=lambda epoch, step: 3.0 if epoch == 0 and step < 30 else 1.0)
    assert max(map(abs, errors(said, total))) < 0.25


def test_steps_that_are_slow_in_each_epoch_do_not_shake_the_time_left():
    """While the images of the next epoch are drawn beside them, say."""
    said, total = told(odd=lambda epoch, step: 2.0 if step < 150 else 1.0)
    assert max(map(abs, errors(said, total))) < 0.25


@pytest.mark.parametrize(("slow", "within"), [(2.0, 20), (4.0, 56), (0.5, 20)])
def test_a_machine_that_becomes_busy_or_free_is_followed_within_an_epoch(slow, within):
    said, total = told(pace=lambda second: 1.0 if second < 40 else slow)
    before = [left for left, true in said if total - true < 40]
    after = [(left, true) for left, true in said if total - true > 40 + within]
    assert before[-1] < 0.75 * after[0][1] or slow < 1  # nobody could know
    assert max(abs(left / true - 1) for left, true in after if true > 0.1 * total) < 0.25


def test_all_kinds_become_slow_with_the_machine_also_those_that_were_only_guessed():
    said, _total = told(pace=lambda second: 1.0 if second < 20 else 3.0)
    left, true = said[-1]
    assert true == 3 * MEASURING
    assert left == pytest.approx(true, rel=0.2)


def test_a_single_step_that_was_disturbed_is_no_slow_machine():
    said, total = told(odd=lambda epoch, step: 300.0 if (epoch, step) == (3, 200) else 1.0)  # 6 s
    assert max(map(abs, errors(said, total, start=0.45))) < 0.1
