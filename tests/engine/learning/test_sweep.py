"""What a sweep tries is what its file says, again and again, and halving keeps the best."""

import numpy as np
import pytest

from engine.errors import ConfigurationError
from engine.learning.sweep import Halving, Range, SweepPlan, ranked, sweep_of
from engine.plain_values import to_plain

GRID = {"base": {"epochs": 9}, "grid": {"learning_rate": [0.001, 0.01], "batch_size": [16, 32, 64]}}


def test_a_grid_is_every_combination_in_order():
    trials = sweep_of(GRID).trials()
    assert [trial.number for trial in trials] == [1, 2, 3, 4, 5, 6]
    assert [(trial.config.learning_rate, trial.config.batch_size) for trial in trials] == [
        (0.001, 16), (0.001, 32), (0.001, 64), (0.01, 16), (0.01, 32), (0.01, 64),
    ]  # fmt: skip
    assert {trial.config.epochs for trial in trials} == {9}
    assert trials[4].own == {"learning_rate": 0.01, "batch_size": 32}


def test_of_a_large_grid_a_count_is_tried_each_another_one():
    trials = sweep_of({**GRID, "count": 4, "seed": 3}).trials()
    assert len({str(trial.own) for trial in trials}) == len(trials) == 4
    assert sweep_of({**GRID, "count": 4, "seed": 3}).trials() == trials
    assert sweep_of({**GRID, "count": 40}).trials() == sweep_of(GRID).trials()


def test_what_is_drawn_lies_in_its_range_and_comes_again():
    plain = {
        "count": 200,
        "grid": {"optimizer": ["adam", "sgd"]},
        "random": {
            "learning_rate": {"low": 0.0001, "high": 0.1, "scale": "log"},
            "batch_size": {"low": 16, "high": 64},
        },
    }
    trials = sweep_of(plain).trials()
    rates = np.array([trial.config.learning_rate for trial in trials])
    assert 0.0001 <= rates.min() < 0.0002
    assert 0.05 < rates.max() <= 0.1
    assert 0.4 < np.mean(rates < 0.1**2.5) < 0.6  # the middle by the logarithm
    assert {type(trial.config.batch_size) for trial in trials} == {int}
    assert [trial.config.optimizer for trial in trials[:3]] == ["adam", "sgd", "adam"]
    assert sweep_of(plain).trials() == trials
    assert sweep_of({**plain, "seed": 1}).trials() != trials


def test_a_plan_goes_into_plain_values_and_comes_back():
    plan = sweep_of({
        **GRID, "count": 3, "random": {"weight_decay": {"low": 0.01, "high": 0.1}}, "halving": {"factor": 2},
    })  # fmt: skip
    assert sweep_of(to_plain(plan)) == plan
    assert sweep_of(to_plain(sweep_of(GRID))) == sweep_of(GRID)


@pytest.mark.parametrize(
    ("halving", "epochs", "rungs"),
    [
        (None, 9, [9]),
        (Halving(3, 1), 9, [1, 3, 9]),
        (Halving(3, 1), 10, [1, 3, 9, 10]),
        (Halving(2, 2), 5, [2, 4, 5]),
        (Halving(4, 8), 8, [8]),
    ],
)
def test_rungs_grow_by_the_factor_and_end_with_the_epochs(halving, epochs, rungs):
    assert SweepPlan(halving=halving).rungs(epochs) == rungs


def test_one_in_the_factor_goes_on_the_best_by_accuracy_then_loss_then_number():
    scores = {1: (0.9, 0.3), 2: (0.95, 0.5), 3: (0.95, 0.4), 4: (0.9, 0.3), 5: (0.2, 3), 6: (0.1, 2)}
    assert ranked(scores) == [3, 2, 1, 4, 5, 6]
    assert SweepPlan(halving=Halving(3)).survivors(scores) == [2, 3]
    assert SweepPlan(halving=Halving(2)).survivors(scores) == [1, 2, 3]
    assert SweepPlan(halving=Halving(9)).survivors(scores) == [3]
    assert SweepPlan().survivors(scores) == [1, 2, 3, 4, 5, 6]


def found_by_halving(accuracy, count, epochs):
    """(what halving ends with, the epochs that it takes)."""
    plan, running, spent, before = SweepPlan(halving=Halving(3, 1)), list(range(count)), 0, 0
    for rung in plan.rungs(epochs):
        spent += len(running) * (rung - before)
        before = rung
        if rung < epochs:
            running = plan.survivors({number: (accuracy(number, rung), 0.0) for number in running})
    return max(running, key=lambda number: accuracy(number, epochs)), spent


def test_halving_finds_the_best_for_less_than_half_of_the_epochs():
    """Of 27 curves that rise to levels of their own at speeds of their own, so that they cross."""
    hits = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        levels, speeds = rng.uniform(0.9, 0.99, 27), rng.uniform(2, 3, 27)

        def accuracy(number, epoch, levels=levels, speeds=speeds):
            return levels[number] * (1 - np.exp(-speeds[number] * epoch))

        found, spent = found_by_halving(accuracy, 27, 27)
        assert spent <= 0.4 * 27 * 27
        hits += found == max(range(27), key=lambda number: accuracy(number, 27))
    assert hits >= 9


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        ({"epochs": 3}, r"A sweep has no 'epochs'.*belong under \[base\]"),
        ({"base": 3}, "base must be a table of settings, got 3"),
        ({"base": {"epoch": 3}}, "There is no setting 'epoch'"),
        ({"grid": {"epochs": 3}}, r"\[grid\] needs a list of values for epochs, got 3"),
        ({"grid": {"epochs": []}}, r"\[grid\] needs a list of values for epochs"),
        ({"grid": {"epochs": [3, "four"]}}, "epochs must be a whole number, got 'four'"),
        ({"grid": {"epochs": [3, 0]}}, "epochs must be 1 or more, got 0"),
        ({"random": {"seed": {"low": 1}}, "count": 1}, r"\[random\] needs low and high for seed"),
        ({"random": {"seed": {"low": 1, "high": "x"}}, "count": 1}, "seed: high must be a number, got 'x'"),
        (
            {"random": {"seed": {"low": 2, "high": 1}}, "count": 1},
            "A range goes from low to high, got 2 to 1",
        ),
        ({"random": {"seed": {"low": 1, "high": 9}}}, "What is drawn needs a count"),
        (
            {"random": {"seed": {"low": 0, "high": 9, "scale": "log"}}, "count": 1},
            "A range by its logarithm begins above 0, got 0",
        ),
        ({"random": {"seed": {"low": 0, "high": 9, "scale": "odd"}}, "count": 1}, "There is no scale 'odd'"),
        (
            {"grid": {"seed": [1]}, "random": {"seed": {"low": 0, "high": 9}}, "count": 1},
            r"seed is both under \[grid\] and under \[random\]",
        ),
        ({"halving": 3}, "halving must be a table of factor and first, got 3"),
        ({"halving": {"factor": 1}}, "Halving needs a factor of 2 or more"),
        ({"halving": {}, "grid": {"epochs": [1, 2]}}, r"With \[halving\] all trainings have the same epochs"),
        ({"count": -1}, "count and seed must be 0 or more, got -1 and 0"),
        (
            {"count": 10**6, "random": {"seed": {"low": 1, "high": 9}}},
            "at most 10,000 trainings, got 1",
        ),
        ({"count": "many"}, "count must be a whole number, got 'many'"),
    ],
)
def test_what_is_no_sweep_is_told(plain, problem):
    with pytest.raises(ConfigurationError, match=problem):
        sweep_of(plain)


def test_a_range_of_whole_numbers_reaches_both_ends():
    rng = np.random.default_rng(0)
    assert {Range(1, 3).draw(rng) for _ in range(100)} == {1, 2, 3}


def test_a_sweep_has_no_teachers():
    with pytest.raises(ConfigurationError, match="have no teachers: leave teachers out"):
        SweepPlan(base={"teachers": [{"name": "it", "sha256": "ab"}]}, grid={"seed": [1]}).trials()


def test_a_sweep_begins_with_random_weights():
    for settings in ({**GRID, "base": {"start": "mine"}}, {**GRID, "grid": {"start": ["mine", "yours"]}}):
        with pytest.raises(ConfigurationError, match="begin with random weights: leave start out"):
            sweep_of(settings).trials()
