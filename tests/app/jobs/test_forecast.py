"""app/jobs/forecast.py: what is left, by the pace of what was done."""

import pytest

from app.jobs.forecast import Forecast, quickest


def test_what_is_left_takes_as_long_for_each_as_what_was_done():
    forecast = Forecast(steps=10, epochs=2)
    forecast.did("steps", 0.5)
    forecast.did("steps", 1.5)
    forecast.did("epochs", 4.0)
    assert forecast.seconds_left == pytest.approx(8 * 1.0 + 1 * 4.0)
    forecast.did("steps", 8.0, 8)
    forecast.did("epochs", 4.0)
    assert forecast.seconds_left == 0


def test_a_guess_stands_until_the_first_was_done():
    forecast = Forecast(steps=4)
    assert forecast.seconds_left == 0
    forecast.guess("steps", 3.0)
    assert forecast.seconds_left == 12
    forecast.did("steps", 1.0)
    forecast.guess("steps", 3.0)
    assert forecast.seconds_left == 3


def test_what_was_skipped_is_done_but_tells_nothing_of_the_pace():
    forecast = Forecast(steps=4)
    forecast.guess("steps", 2.0)
    forecast.skip("steps")
    assert forecast.seconds_left == 6


def test_of_what_is_dropped_nothing_is_left():
    forecast = Forecast(steps=4, epochs=1)
    forecast.guess("steps", 2.0)
    forecast.guess("epochs", 5.0)
    forecast.drop("steps")
    assert forecast.seconds_left == 5


def test_more_work_than_was_known_of_is_no_time_gained():
    forecast = Forecast(images=10, steps=1)
    forecast.guess("steps", 2.0)
    forecast.did("images", 3.0, 30)
    assert forecast.seconds_left == 2


def test_what_is_left_may_be_known_only_later():
    forecast = Forecast(images=4000)
    forecast.guess("images", 0.5)
    forecast.expect("images", 10)
    assert forecast.seconds_left == 5


def test_a_pace_is_that_of_the_quickest_try(monkeypatch):
    looks = iter([0.0, 5.0, 10.0, 12.0, 20.0, 23.0])
    monkeypatch.setattr("app.jobs.forecast.time.perf_counter", lambda: next(looks))
    tries = []
    assert quickest(lambda: tries.append(1)) == 2.0
    assert len(tries) == 3
