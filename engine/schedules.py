"""Learning rates over a run: pure functions of the step, as a factor on the peak learning rate."""

import math


def constant(step: int, total_steps: int) -> float:
    """1, from the first step to the last."""
    return 1.0


def one_cycle(step: int, total_steps: int, *, warm_up: float = 0.1) -> float:
    """A linear rise over the first `warm_up` share of the steps, then half a cosine down to 0.

    After Smith and Topin (2017), with the cosine's descent of Loshchilov and Hutter (2017).
    """
    rise = round(warm_up * total_steps)
    if step < rise:
        return (step + 1) / (rise + 1)
    fall = min(step, total_steps) - rise  # past the end the rate stays 0
    return 0.5 * (1 + math.cos(math.pi * fall / max(total_steps - rise, 1)))


SCHEDULES = {"constant": constant, "one-cycle": one_cycle}
