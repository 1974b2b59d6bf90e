"""Schedules: where the learning rate rises, peaks and falls, as a factor on its peak."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.schedules import SCHEDULES, constant, one_cycle

properties = settings(deadline=None, max_examples=100, derandomize=True, database=None)

TOTAL = 1000  # steps, of which the first 100 rise


@pytest.mark.parametrize("total_steps", [1, 7, 1000])
def test_constant_is_one_from_the_first_step_to_the_last(total_steps):
    assert {constant(step, total_steps) for step in range(total_steps)} == {1.0}


def test_one_cycle_rises_in_equal_steps_to_its_peak():
    rise = [one_cycle(step, TOTAL) for step in range(101)]
    assert rise[0] == pytest.approx(1 / 101)  # the first step already learns
    assert rise[100] == 1.0
    assert all(b - a == pytest.approx(1 / 101) for a, b in pairwise(rise))


def test_one_cycle_falls_along_half_a_cosine():
    # 900 steps of descent: a third, a half and two thirds of the way down
    assert one_cycle(100 + 300, TOTAL) == pytest.approx(0.75)  # (1 + cos 60°) / 2
    assert one_cycle(100 + 450, TOTAL) == pytest.approx(0.5)
    assert one_cycle(100 + 600, TOTAL) == pytest.approx(0.25)


def test_one_cycle_ends_at_zero():
    assert 0 < one_cycle(TOTAL - 1, TOTAL) < 1e-5
    assert one_cycle(TOTAL, TOTAL) == pytest.approx(0, abs=1e-15)


def test_one_cycle_without_warm_up_begins_at_its_peak():
    assert one_cycle(0, TOTAL, warm_up=0) == 1.0
    assert one_cycle(1, TOTAL, warm_up=0) < 1.0


def test_warm_up_is_a_share_of_the_steps():
    factors = [one_cycle(step, TOTAL, warm_up=0.3) for step in range(TOTAL)]
    assert factors.index(max(factors)) == 300


@properties
@given(st.integers(1, 400), st.floats(0, 1))
def test_one_cycle_stays_between_0_and_1_and_turns_once(total_steps, warm_up):
    factors = [one_cycle(step, total_steps, warm_up=warm_up) for step in range(total_steps)]
    peak = factors.index(max(factors))
    rise, fall = factors[: peak + 1], factors[peak:]
    assert all(0 < factor <= 1 for factor in factors)
    assert rise == sorted(rise)
    assert fall == sorted(fall, reverse=True)
    assert abs(peak - warm_up * total_steps) <= 1


@properties
@given(st.integers(20, 400), st.floats(0, 0.9))
def test_one_cycle_comes_near_its_peak_and_near_its_end(total_steps, warm_up):
    assume((1 - warm_up) * total_steps >= 10)
    factors = [one_cycle(step, total_steps, warm_up=warm_up) for step in range(total_steps)]
    last = 0.5 * (1 + math.cos(math.pi * 0.9))  # a tenth of the descent is left at most
    assert max(factors) > 0.97
    assert factors[-1] <= last


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_by_name_is_a_factor_of_at_most_1(name):
    factors = [SCHEDULES[name](step, 50) for step in range(50)]
    assert all(0 < factor <= 1 for factor in factors)
    assert max(factors) == 1.0


def test_schedules_go_by_the_names_of_the_command_line():
    assert list(SCHEDULES.items()) == [("constant", constant), ("one-cycle", one_cycle)]


def test_one_cycle_stays_at_0_past_its_end():
    assert one_cycle(TOTAL + 500, TOTAL) == 0


@pytest.mark.parametrize("total", [2, 7, 15, 33])
def test_one_cycle_reaches_its_peak_in_short_runs_too(total):
    assert max(one_cycle(step, total) for step in range(total)) == 1.0
