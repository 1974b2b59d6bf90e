"""Central differences: does a backward return the gradient of its own forward?

`check_gradients` asks it of a pair of pure functions, `check_layer` of a layer, its input and each of its
parameters, `check_network` of a whole network. `check_purity` asks whether a pair leaves its arguments alone.

An output that is no single number is made one by the fake loss L = (y * dy).sum() with a random dy, because
dL/dy = dy: what the backward makes of dy must then be dL/dx, for every dy.

Why the criterion is what it is. The central difference (L(x + h) - L(x - h)) / 2h is wrong by about
h² (truncation) and by about eps * |L| / h (rounding, eps = 2e-16). At h = 1e-6 that is 1e-12 and, for a
loss of a few units, 1e-9. The rounding error is the same for each entry, whether its gradient is large or
nearly 0, so an error is measured against the largest gradient of its array, not against its own entry. A
right backward then comes out below 1e-7; a fault that matters, a factor or a missing term, above 1e-2.
A small h has a second use: it seldom carries a ReLU or a max-pool inside a network over a kink.

Some gradients are 0 by nature, as that of a bias in front of batch normalisation. There the differences are
rounding alone, so an error within a few roundings of the loss, 4 eps * |L| / h or about 2e-9, is no fault.

`training_seed` puts a layer into training mode, with a new rng of that seed for every
evaluation, so that dropout sets the same inputs to 0 in all of them.

`check_curvature` asks of a layer whether its second derivatives are those of the energy
E = (h * (y - target)²).sum() / 2. Gauss-Newton's diagonal is exact there where y is linear in each number.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.nn.curvature import curvature as curvature_of
from engine.nn.layers import Layer, Training
from engine.nn.losses import Loss, softmax_cross_entropy
from engine.nn.network import Network

Array = npt.NDArray[Any]
Forward = Callable[..., tuple[Array, Any]]
Backward = Callable[[Array, Any], Array | Sequence[Array]]

STEP = 1e-6
TOLERANCE = 1e-6
ROUNDING = 4 * np.finfo(np.float64).eps / STEP  # of a difference, for a loss of 1


class GradientError(AssertionError):
    """A backward does not return the gradient of its forward."""


class PurityError(AssertionError):
    """A function changed what its caller lent it."""


def spaced_values(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Distinct values in -2…2 in random order, for operations with kinks.

    Neighbours are 4/size apart and none is nearer to 0 than 1/size: a step of 1e-6 can neither change which
    input of a window is the largest, nor carry one over ReLU's corner.
    """
    size = int(np.prod(shape))
    values = (np.arange(size) - size / 2 + 0.25) * (4 / size)
    return rng.permutation(values).reshape(shape)


# **** the three checks ****


def check_gradients(
    forward: Forward,
    backward: Backward,
    arguments: Mapping[str, Array],
    *,
    rng: np.random.Generator,
) -> dict[str, float]:
    """GradientError unless backward returns the gradient for each argument, in their order.

    Returns the relative error of each, as the other checks do.
    """
    y, cache = forward(*arguments.values())
    dy = rng.standard_normal(y.shape)
    gradients = _as_list(backward(dy, cache))
    assert len(gradients) == len(arguments), "one gradient for each argument"

    def fake_loss() -> float:
        y, _ = forward(*arguments.values())
        return float((y * dy).sum())

    return {
        name: compare_gradient(fake_loss, argument, gradient, name=name, rng=rng)
        for (name, argument), gradient in zip(arguments.items(), gradients, strict=True)
    }


def check_layer(
    layer: Layer, x: Array, *, rng: np.random.Generator, training_seed: int | None = None
) -> dict[str, float]:
    """GradientError unless the layer's backward is right for x and for each parameter.

    The layer's arrays become float64, and its biases and gains random, lest a fault hide behind their zeros
    and ones. Without a `training_seed` it is in inference mode.
    """
    randomize(layer, rng)
    arguments = {"x": x} | {parameter.name: parameter.value for parameter in layer.parameters}

    def forward(*_: Array) -> tuple[Array, Any]:  # the layer holds the very arrays of `arguments`
        return layer.forward(x, training_mode(training_seed))

    def backward(dy: Array, cache: Any) -> list[Array]:
        dx, gradients = layer.backward(dy, cache)
        assert dx is not None, "asked for dx, got None"
        return [dx, *gradients]

    return check_gradients(forward, backward, arguments, rng=rng)


def check_network(
    network: Network,
    images: Array,
    labels: npt.NDArray[np.integer],
    *,
    rng: np.random.Generator,
    entries: int | None = None,
    loss: Loss = softmax_cross_entropy,
    training_seed: int | None = None,
) -> dict[str, float]:
    """GradientError unless loss_and_gradients fills each parameter's grad rightly.

    `entries` random entries of each parameter are checked, or all of them. Without a `training_seed` the
    layers do what they do when they answer; with one, running statistics, which training moves, are put back.
    """
    before = network.state()

    def learnt() -> float:
        return network.loss_and_gradients(images, labels, loss=loss, training=training_mode(training_seed))

    def answered() -> float:  # the same, but for the way back, which takes longer than the way there
        return loss(network.logits(images).T, labels)[0]

    value = learnt if training_seed is not None else answered
    assert np.isclose(learnt(), value(), rtol=1e-12), "what is learnt is not the loss of the answers"
    gradients = [parameter.grad.copy() for parameter in network.parameters]
    errors = {
        parameter.name: compare_gradient(
            value, parameter.value, gradient, name=parameter.name, rng=rng, entries=entries
        )
        for parameter, gradient in zip(network.parameters, gradients, strict=True)
    }
    network.load_state(before)
    return errors


def check_curvature(
    layer: Layer,
    x: Array,
    *,
    rng: np.random.Generator,
    step: float = 0.5,
    leave_out: Sequence[str] = (),
) -> list[str]:
    """GradientError unless the layer's curvature is right for x and for each parameter not in `leave_out`.

    E is a parabola in each single number, so the second difference is exact for any step that carries no
    max-pool over a kink: a large one, that rounding does not matter. Returns the names of what it checked.
    """
    randomize(layer, rng)
    arguments = {"x": x} | {parameter.name: parameter.value for parameter in layer.parameters}
    y, cache = layer.forward(x)
    target, d2y = rng.standard_normal(y.shape), rng.random(y.shape)
    d2x, own = curvature_of(layer, d2y, cache)

    def energy() -> float:
        y, _ = layer.forward(x)
        return float((d2y * (y - target) ** 2).sum() / 2)

    for (name, array), curvature in zip(arguments.items(), [d2x, *own], strict=True):
        if curvature.shape != array.shape:
            raise GradientError(f"d2{name} has shape {curvature.shape}, {name} has {array.shape}.")
        if name in leave_out:
            continue
        numeric = np.empty(array.size)
        for index in range(array.size):
            kept = array.flat[index]
            energies = []
            for moved in (kept - step, kept, kept + step):
                array.flat[index] = moved
                energies.append(energy())
            array.flat[index] = kept
            numeric[index] = (energies[0] - 2 * energies[1] + energies[2]) / step**2
        rounding = 16 * np.finfo(np.float64).eps * energy() / step**2
        errors = np.abs(curvature.ravel() - numeric)
        if not (errors <= TOLERANCE * np.abs(numeric).max() + rounding).all():
            worst = int(errors.argmax())
            raise GradientError(
                f"d2{name} is wrong: curvature gives {curvature.flat[worst]:.9g}, "
                f"second differences {numeric[worst]:.9g}."
            )
    return [name for name in arguments if name not in leave_out]


def randomize(layer: Layer, rng: np.random.Generator) -> None:
    """Make every array of the layer float64, and its biases and gains random."""
    for array in (*layer.parameters, *getattr(layer, "statistics", ())):
        array.value = array.value.astype(np.float64)
        if array.name.endswith(("bias", "gain", "mean")):
            array.value = rng.standard_normal(array.value.shape)
        if array.name.endswith("variance"):
            array.value = rng.uniform(0.5, 2, array.value.shape)


def training_mode(seed: int | None) -> Training | None:
    """Training mode with a new generator of this seed; None, inference mode, without one."""
    return None if seed is None else Training(np.random.default_rng(seed))


def compare_gradient(
    loss: Callable[[], float],
    array: Array,
    gradient: Array,
    *,
    name: str,
    rng: np.random.Generator,
    entries: int | None = None,
) -> float:
    """GradientError unless `gradient` is that of loss() with respect to `array`, which loss() reads."""
    if array.dtype != np.float64:
        raise ValueError(f"{name} is {array.dtype}: central differences need float64.")
    if gradient.shape != array.shape:
        raise GradientError(f"d{name} has shape {gradient.shape}, {name} has {array.shape}.")
    chosen = np.arange(array.size)
    if entries is not None and entries < array.size:
        chosen = rng.choice(array.size, entries, replace=False)
    analytic = gradient.flat[chosen]
    numeric = np.array([_central_difference(loss, array, index) for index in chosen])

    scale = max(np.abs(numeric).max(initial=0), np.abs(gradient).max(initial=0))
    rounding = ROUNDING * max(1.0, abs(loss()))
    errors = np.abs(analytic - numeric)
    errors = np.where(errors <= rounding, 0, errors)
    if not (errors <= TOLERANCE * scale).all():  # `not <=`, so that nan fails too
        worst = int(errors.argmax())
        raise GradientError(
            f"d{name} is wrong at {np.unravel_index(chosen[worst], array.shape)}: backward gives "
            f"{analytic[worst]:.9g}, central differences {numeric[worst]:.9g} "
            f"(relative error {errors[worst] / scale:.1e}, at most {TOLERANCE:.0e})."
        )
    return float(errors.max() / scale) if scale > 0 else 0.0


def _central_difference(loss: Callable[[], float], array: Array, index: int) -> float:
    """(L(x + h) - L(x - h)) / 2h for one entry of array, which is put back."""
    kept = array.flat[index]
    array.flat[index] = kept + STEP
    above = loss()
    array.flat[index] = kept - STEP
    below = loss()
    array.flat[index] = kept
    return (above - below) / (2 * STEP)


# **** purity ****


def check_purity(
    forward: Forward,
    backward: Backward,
    arguments: Mapping[str, Array],
    *,
    rng: np.random.Generator,
) -> list[str]:
    """PurityError if the pair changes an argument, dy, its own output, or the cache.

    Returns the names of the arrays that it watched.
    """
    lent = dict(arguments)
    copies = {name: array.copy() for name, array in lent.items()}

    def check_unchanged(culprit: str) -> None:
        for name, copy in copies.items():
            if lent[name].tobytes() != copy.tobytes():
                raise PurityError(f"{culprit} changed {name}.")

    y, cache = forward(*arguments.values())
    check_unchanged("forward")
    lent["y"], lent["dy"] = y, rng.standard_normal(y.shape).astype(y.dtype)
    copies["y"], copies["dy"] = y.copy(), lent["dy"].copy()
    first = [array.copy() for array in _as_list(backward(lent["dy"], cache))]
    check_unchanged("backward")
    second = _as_list(backward(lent["dy"], cache))
    if any(a.tobytes() != b.tobytes() for a, b in zip(first, second, strict=True)):
        raise PurityError("backward changed its cache: asked twice, it answered differently.")
    return list(lent)


def _as_list(gradients: Array | Sequence[Array]) -> list[Array]:
    return [gradients] if isinstance(gradients, np.ndarray) else list(gradients)
