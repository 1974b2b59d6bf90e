"""A sweep: many trainings that differ in some settings, and which of them are worth going on with.

What is tried is a function of the plan alone, so that a sweep can be repeated, and gone on with.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import product
from typing import Any

import numpy as np

from engine.errors import ConfigurationError
from engine.learning.training_config import TrainingConfig, settings_of
from engine.plain_values import typed, typed_values
from engine.quoting import quoted

MOST_TRIALS = 10_000
SCALES = ("linear", "log")


@dataclass(frozen=True)
class Range:
    """Values to draw from, evenly, or evenly in their logarithm; whole ones where both ends are."""

    low: float
    high: float
    scale: str = "linear"

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise ConfigurationError(
                f"There is no scale {quoted(self.scale)}. Choose one of: {', '.join(SCALES)}."
            )
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ConfigurationError(f"A range goes from low to high, got {self.low} to {self.high}.")
        if self.scale == "log" and self.low <= 0:
            raise ConfigurationError(f"A range by its logarithm begins above 0, got {self.low}.")

    def draw(self, rng: np.random.Generator) -> float | int:
        """One of its values."""
        is_log = self.scale == "log"
        low, high = (math.log(end) if is_log else end for end in (self.low, self.high))
        drawn = rng.uniform(low, high)
        value = math.exp(drawn) if is_log else drawn
        if isinstance(self.low, int) and isinstance(self.high, int):
            return round(value)
        return float(f"{value:.4g}")  # as many figures as one would type


@dataclass(frozen=True)
class Halving:
    """Successive halving, Jamieson and Talwalkar (2016): after `first` epochs one in `factor` goes on.

    Those have learnt `factor` times as long when they are compared again, and so on until the last epoch.
    """

    factor: int = 3
    first: int = 1

    def __post_init__(self) -> None:
        if self.factor < 2 or self.first < 1:
            raise ConfigurationError(
                f"Halving needs a factor of 2 or more and a first rung of 1 or more, got {self.factor} and "
                f"{self.first}."
            )


@dataclass(frozen=True)
class Trial:
    """One training of a sweep: its number, from 1, and what is its own among the settings."""

    number: int
    own: Mapping[str, Any]
    config: TrainingConfig


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """What is tried.

    Attributes
    ----------
    base : mapping
        Settings of all trainings, as training.json has them.
    grid : mapping of str to sequence
        Settings with the values that are tried in every combination.
    random : mapping of str to Range
        Settings that are drawn, for each training anew.
    count : int
        Trainings in all: combinations in turn, or so many of them where nothing is drawn; 0: each
        combination once.
    seed : int
        Of what is drawn; the seed of the trainings is a setting.
    halving : Halving or None
        Without it all trainings run to their end.
    """

    base: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    random: Mapping[str, Range] = field(default_factory=dict)
    count: int = 0
    seed: int = 0
    halving: Halving | None = None

    def trials(self) -> list[Trial]:
        """All trainings, in the order of their numbers; ConfigurationError where one could not be run."""
        named = {*self.base, *self.grid, *self.random}
        if "start" in named:
            raise ConfigurationError("The trainings of a sweep begin with random weights: leave start out.")
        if "teachers" in named:
            raise ConfigurationError("The trainings of a sweep have no teachers: leave teachers out.")
        combinations = [dict(zip(self.grid, values, strict=True)) for values in product(*self.grid.values())]
        count = self.count or len(combinations)
        if count > MOST_TRIALS:
            raise ConfigurationError(f"A sweep has at most {MOST_TRIALS:,} trainings, got {count:,}.")
        rng = np.random.default_rng(self.seed)
        if not self.random and count < len(combinations):
            chosen = sorted(rng.choice(len(combinations), count, replace=False).tolist())
            combinations = [combinations[index] for index in chosen]
        elif not self.random:
            count = len(combinations)
        trials = []
        for index in range(count):
            own = combinations[index % len(combinations)] | {
                name: each.draw(rng) for name, each in self.random.items()
            }
            config = TrainingConfig.for_architecture(
                **{"architecture": "lenet5", **settings_of({**self.base, **own})}
            )
            trials.append(Trial(index + 1, own, config))
        return trials

    def rungs(self, epochs: int) -> list[int]:
        """After which epochs trainings are compared; the last one is their end."""
        rungs = []
        if self.halving is not None:
            rung = self.halving.first
            while rung < epochs:
                rungs.append(rung)
                rung *= self.halving.factor
        return [*rungs, epochs]

    def survivors(self, scores: Mapping[int, tuple[float, float]]) -> list[int]:
        """The numbers that go on, of (validation accuracy, loss) by number; of equals the first."""
        if self.halving is None:
            return sorted(scores)
        keep = max(1, len(scores) // self.halving.factor)
        return sorted(ranked(scores)[:keep])


def ranked(scores: Mapping[int, tuple[float, float]]) -> list[int]:
    """The numbers, the best first: by validation accuracy, then by loss, then by number."""
    return sorted(scores, key=lambda number: (-scores[number][0], scores[number][1], number))


def sweep_of(plain: Mapping[str, Any]) -> SweepPlan:
    """The plan of these plain values, as a TOML file has them; ConfigurationError tells what is wrong."""
    tables = {"base": plain.get("base", {}), "grid": plain.get("grid", {}), "random": plain.get("random", {})}
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            raise ConfigurationError(f"{name} must be a table of settings, got {quoted(table)}.")
    known = {each.name for each in fields(SweepPlan)}
    if unknown := sorted(set(plain) - known):
        raise ConfigurationError(
            f"A sweep has no {quoted(unknown[0])}. It has: {', '.join(sorted(known))}. Settings of all "
            "trainings belong under [base]."
        )
    halving = plain.get("halving")
    if halving is not None:
        if not isinstance(halving, Mapping):
            raise ConfigurationError(f"halving must be a table of factor and first, got {quoted(halving)}.")
        halving = Halving(**typed_values(halving, Halving))
    plan = SweepPlan(
        base=tables["base"],
        grid={name: _values(name, values) for name, values in tables["grid"].items()},
        random={name: _range(name, values) for name, values in tables["random"].items()},
        count=typed("count", plain.get("count", 0), int),
        seed=typed("seed", plain.get("seed", 0), int),
        halving=halving,
    )
    if plan.count < 0 or plan.seed < 0:
        raise ConfigurationError(f"count and seed must be 0 or more, got {plan.count} and {plan.seed}.")
    if twice := sorted(set(plan.grid) & set(plan.random)):
        raise ConfigurationError(f"{twice[0]} is both under [grid] and under [random]. Choose one.")
    if halving is not None and "epochs" in {*plan.grid, *plan.random}:
        raise ConfigurationError("With [halving] all trainings have the same epochs. Set them under [base].")
    if plan.random and not plan.count:
        raise ConfigurationError("What is drawn needs a count: how many trainings there are to be.")
    plan.trials()
    return plan


def _values(name: str, values: Any) -> Sequence[Any]:
    if not isinstance(values, list) or not values:
        raise ConfigurationError(f"[grid] needs a list of values for {name}, got {quoted(values)}.")
    return values


def _range(name: str, values: Any) -> Range:
    if not isinstance(values, Mapping) or not {"low", "high"} <= set(values) <= {"low", "high", "scale"}:
        raise ConfigurationError(
            f"[random] needs low and high for {name}, and perhaps a scale, as in "
            f'{{ low = 0.001, high = 0.1, scale = "log" }}; got {quoted(values)}.'
        )
    for end in ("low", "high"):
        if isinstance(values[end], bool) or not isinstance(values[end], int | float):
            raise ConfigurationError(f"{name}: {end} must be a number, got {quoted(values[end])}.")
    return Range(values["low"], values["high"], typed("scale", values.get("scale", "linear"), str))
