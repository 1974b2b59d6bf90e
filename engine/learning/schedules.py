"""Learning rates over a run: pure functions of the step, as a factor on the configured learning rate.

A schedule is named by a word, or by a word and a number, as "halving:5":

    constant                the same from the first step to the last
    step-decay[:FACTOR]     times FACTOR (0.1) after half and after three quarters of the steps
    halving:EPOCHS          halved every EPOCHS epochs
    exponential:FACTOR      times FACTOR at each epoch
    cosine                  half a cosine from 1 down to 0
    one-cycle[:WARM_UP]     a linear rise over the first WARM_UP (0.1) of the steps, then a cosine down
    lecun-1998              the steps of LeCun et al. (1998), section III-B, over 20 epochs
"""

import math
from collections.abc import Callable
from functools import partial

from engine.errors import ConfigurationError
from engine.quoting import quoted

Schedule = Callable[[int, int, int], float]  # (step from 0, total steps, steps per epoch) -> factor


def constant(step: int, total_steps: int, epoch_steps: int = 1) -> float:
    """1, from the first step to the last."""
    return 1.0


def step_decay(step: int, total_steps: int, epoch_steps: int = 1, *, factor: float = 0.1) -> float:
    """Times `factor` after half of the steps, and again after three quarters: He et al. (2016)."""
    if step < 0.5 * total_steps:
        return 1.0
    return factor if step < 0.75 * total_steps else factor**2


def halving(step: int, total_steps: int, epoch_steps: int, *, epochs: float) -> float:
    """Halved every `epochs` epochs."""
    return float(0.5 ** (step // epoch_steps // epochs))


def exponential(step: int, total_steps: int, epoch_steps: int, *, factor: float) -> float:
    """Times `factor` at each epoch, and evenly within it."""
    return float(factor ** (step / epoch_steps))


def cosine(step: int, total_steps: int, epoch_steps: int = 1) -> float:
    """Half a cosine from 1 to 0: Loshchilov and Hutter (2017), without restarts; 0 past the end."""
    return 0.5 * (1 + math.cos(math.pi * min(step, total_steps) / max(total_steps, 1)))


def one_cycle(step: int, total_steps: int, epoch_steps: int = 1, *, warm_up: float = 0.1) -> float:
    """A linear rise over the first `warm_up` share of the steps, then the cosine's descent to 0.

    After Smith and Topin (2017).
    """
    rise = round(warm_up * total_steps)
    if step < rise:
        return (step + 1) / (rise + 1)
    return cosine(step - rise, total_steps - rise)


def lecun_1998(step: int, total_steps: int, epoch_steps: int) -> float:
    """0.0005 in the first two epochs, 0.0002 in three, 0.0001 in three, 0.00005 in four, then 0.00001.

    As shares of 0.0005: the learning rate to configure with it.
    """
    epoch = step // epoch_steps
    for end, rate in ((2, 0.0005), (5, 0.0002), (8, 0.0001), (12, 0.00005)):
        if epoch < end:
            return rate / 0.0005
    return 0.00001 / 0.0005


# name -> (schedule, its option, whether the option has a default, what it may be)
_SCHEDULES: dict[str, tuple[Callable[..., float], str | None, bool, tuple[float, float]]] = {
    "constant": (constant, None, True, (0, 0)),
    "step-decay": (step_decay, "factor", True, (0, 1)),
    "halving": (halving, "epochs", False, (0, math.inf)),
    "exponential": (exponential, "factor", False, (0, 1)),
    "cosine": (cosine, None, True, (0, 0)),
    "one-cycle": (one_cycle, "warm_up", True, (0, 1)),
    "lecun-1998": (lecun_1998, None, True, (0, 0)),
}
SCHEDULE_NAMES = tuple(_SCHEDULES)


def schedule(name: str) -> Schedule:
    """The schedule of this name, as "cosine" or "halving:5"; ConfigurationError if there is none."""
    word, colon, number = name.partition(":")
    if word not in _SCHEDULES:
        raise ConfigurationError(
            f"There is no schedule {quoted(name)}. Choose one of: {', '.join(SCHEDULE_NAMES)}."
        )
    function, option, has_default, (low, high) = _SCHEDULES[word]
    if not colon and has_default:
        return function
    if option is None:
        raise ConfigurationError(f"The schedule {word} takes no number, got {quoted(name)}.")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not (low < value <= high and math.isfinite(value)):
        raise ConfigurationError(
            f"The schedule {word} needs its {option} behind a colon, above {low}"
            f"{'' if math.isinf(high) else f' and at most {high}'}, "
            f"as in {word}:{0.5 if high == 1 else 5}; got {quoted(name)}."
        )
    return partial(function, **{option: value})
