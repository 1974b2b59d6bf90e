"""Schedules: where the learning rate rises, peaks and falls, and the names that choose one."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import ConfigurationError
from engine.learning.schedules import (
    SCHEDULE_NAMES,
    constant,
    cosine,
    exponential,
    halving,
    lecun_1998,
    one_cycle,
    schedule,
    step_decay,
)

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


@given(st.integers(1, 400), st.floats(0, 1))
def test_one_cycle_stays_between_0_and_1_and_turns_once(total_steps, warm_up):
    factors = [one_cycle(step, total_steps, warm_up=warm_up) for step in range(total_steps)]
    peak = factors.index(max(factors))
    rise, fall = factors[: peak + 1], factors[peak:]
    assert all(0 < factor <= 1 for factor in factors)
    assert rise == sorted(rise)
    assert fall == sorted(fall, reverse=True)
    assert abs(peak - warm_up * total_steps) <= 1


@given(st.integers(20, 400), st.floats(0, 0.9))
def test_one_cycle_comes_near_its_peak_and_near_its_end(total_steps, warm_up):
    assume((1 - warm_up) * total_steps >= 10)
    factors = [one_cycle(step, total_steps, warm_up=warm_up) for step in range(total_steps)]
    last = 0.5 * (1 + math.cos(math.pi * 0.9))  # a tenth of the descent is left at most
    assert max(factors) > 0.97
    assert factors[-1] <= last


def test_one_cycle_stays_at_0_past_its_end():
    assert one_cycle(TOTAL + 500, TOTAL) == 0


@pytest.mark.parametrize("total", [2, 7, 15, 33])
def test_one_cycle_reaches_its_peak_in_short_runs_too(total):
    assert max(one_cycle(step, total) for step in range(total)) == 1.0


# **** the others, at their key points ****


def test_step_decay_falls_after_half_and_after_three_quarters():
    steps = [0, 499, 500, 749, 750, 999]
    assert [step_decay(step, TOTAL) for step in steps] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    assert [step_decay(step, TOTAL, factor=0.5) for step in steps] == [1, 1, 0.5, 0.5, 0.25, 0.25]


def test_halving_halves_every_few_epochs_and_not_within_them():
    factors = [halving(step, 70, 10, epochs=2) for step in range(70)]
    assert factors == 20 * [1.0] + 20 * [0.5] + 20 * [0.25] + 10 * [0.125]


def test_halving_counts_epochs_not_steps():
    """A last partial batch, or another batch size, moves the steps but not the epochs."""
    assert [halving(7 * epoch, 49, 7, epochs=1) for epoch in range(7)] == [0.5**epoch for epoch in range(7)]


def test_exponential_falls_by_its_factor_at_each_epoch_and_evenly_within_it():
    assert [exponential(step, 30, 10, factor=0.5) for step in (0, 10, 20)] == [1, 0.5, 0.25]
    assert exponential(5, 30, 10, factor=0.25) == pytest.approx(0.5)
    ratios = {
        round(exponential(s + 1, 30, 10, factor=0.5) / exponential(s, 30, 10, factor=0.5), 12)
        for s in range(30)
    }
    assert len(ratios) == 1


def test_cosine_is_1_then_a_half_then_0():
    assert [cosine(step, TOTAL) for step in (0, 500, 1000)] == pytest.approx([1, 0.5, 0], abs=1e-15)
    assert cosine(333, TOTAL) == pytest.approx((1 + math.cos(math.pi / 3)) / 2, abs=1e-3)
    assert cosine(TOTAL + 5, TOTAL) == 0


def test_the_schedule_of_1998_is_the_papers_by_epochs():
    rates = [0.0005 * lecun_1998(100 * epoch + 99, 2000, 100) for epoch in range(20)]
    expected = 2 * [5e-4] + 3 * [2e-4] + 3 * [1e-4] + 4 * [5e-5] + 8 * [1e-5]
    assert rates == pytest.approx(expected, rel=1e-12)


# **** by name ****

GOOD_NAMES = [
    *("constant", "step-decay", "step-decay:0.3", "halving:5", "halving:0.5", "exponential:0.9"),
    *("exponential:1", "cosine", "one-cycle", "one-cycle:0.3", "lecun-1998"),
]


def test_every_schedule_has_a_name_that_is_tried_here():
    assert {name.partition(":")[0] for name in GOOD_NAMES} == set(SCHEDULE_NAMES)


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_every_schedule_by_name_is_a_factor_of_at_most_1(name):
    factors = [schedule(name)(step, 50, 5) for step in range(50)]
    assert all(0 < factor <= 1 for factor in factors)
    assert max(factors) == 1.0


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_no_schedule_falls_over_in_a_run_of_one_step(name):
    assert 0 < schedule(name)(0, 1, 1) <= 1


@pytest.mark.parametrize(
    "name, function, options",
    [
        ("constant", constant, {}),
        ("step-decay", step_decay, {}),
        ("step-decay:0.3", step_decay, {"factor": 0.3}),
        ("halving:5", halving, {"epochs": 5}),
        ("exponential:0.9", exponential, {"factor": 0.9}),
        ("cosine", cosine, {}),
        ("one-cycle", one_cycle, {"warm_up": 0.1}),
        ("one-cycle:0.3", one_cycle, {"warm_up": 0.3}),
        ("lecun-1998", lecun_1998, {}),
    ],
)
def test_names_are_read_with_their_numbers(name, function, options):
    named = schedule(name)
    for step in range(0, 60, 7):
        assert named(step, 60, 6) == function(step, 60, 6, **options)


@pytest.mark.parametrize(
    "name, message",
    [
        ("magic", r"There is no schedule 'magic'\. Choose one of: constant, step-decay, halving"),
        ("", r"There is no schedule ''"),
        ("Cosine", r"There is no schedule 'Cosine'"),
        ("halving", r"halving needs its epochs behind a colon.*as in halving:5; got 'halving'"),
        ("exponential", r"exponential needs its factor behind a colon.*as in exponential:0\.5"),
        ("halving:", r"halving needs its epochs"),
        ("halving:0", r"halving needs its epochs.*above 0"),
        ("halving:-1", r"halving needs its epochs"),
        ("halving:inf", r"halving needs its epochs"),
        ("halving:nan", r"halving needs its epochs"),
        ("halving:five", r"halving needs its epochs.*got 'halving:five'"),
        ("exponential:1.5", r"exponential needs its factor.*at most 1"),
        ("step-decay:0", r"step-decay needs its factor"),
        ("one-cycle:2", r"one-cycle needs its warm_up.*at most 1"),
        ("constant:3", r"The schedule constant takes no number, got 'constant:3'"),
        ("cosine:", r"The schedule cosine takes no number"),
    ],
)
def test_a_name_that_says_no_schedule_is_refused(name, message):
    with pytest.raises(ConfigurationError, match=message):
        schedule(name)
