"""A network out of its arrays alone, named as PyTorch names them: "conv1.weight", "fc2.bias", "0.weight" …

The arrays tell the convolutions, their normalisations and the dense layers. What they do not tell,
activations, pooling, padding and what was done to pixels, is what is usual, and what fits: every way in which
the sizes agree is tried on digits that are drawn here, and the one that reads them best is taken, if it does.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np

from engine.errors import EngineError, SavedNetworkError
from engine.ink.preprocessing import FRAME
from engine.nn.functional import Array
from engine.nn.layer_plans import LayerPlan, planned_network
from engine.nn.layers import MeanPool2D
from engine.nn.network import Network
from engine.quoting import quoted, shown
from engine.reading.scaling_fit import Found, likely_scaling
from engine.storage.tensor_files import Arrays

DIGITS = 10
MOST_CONVOLUTIONS = 6  # each may be padded or not, and pooled or not
ACTIVATIONS = ("ReLU", "Tanh", "Sigmoid")
# Few pools today take means, and a network that takes the largest is shown blurred maps by them, which alone
# may lower its loss: by 1 to 3 % for two of five such networks. Where means were learnt, they lower it by a
# tenth to two fifths for three of four.
MEANS_COST = 1.05
POOLS: Mapping[str, Mapping[str, int]] = {
    "MaxPool2D": {"kernel_size": 2, "stride": 2, "padding": 0},
    "MeanPool2D": {"kernel_size": 2, "stride": 2},
}


@dataclass(frozen=True)
class _Module:
    """What PyTorch calls a module: arrays whose names begin alike."""

    name: str
    arrays: Mapping[str, Array]

    @property
    def weight(self) -> Array:
        return self.arrays["weight"]

    @property
    def is_norm(self) -> bool:
        return "running_mean" in self.arrays

    @property
    def bias(self) -> Array | None:
        return self.arrays.get("bias")


@dataclass(frozen=True)
class _Parts:
    """The layers that have arrays, in their order; `norms` has one for each convolution, or none."""

    convolutions: Sequence[_Module]
    norms: Sequence[_Module]
    dense: Sequence[_Module]


def network_of_arrays(path: Path, arrays: Arrays) -> Network:
    """The network; SavedNetworkError if its arrays fit no chain of layers, or none that reads digits."""
    parts = _parts(path, arrays)
    best: tuple[float, Found, Network] | None = None
    try:
        for network in _networks(parts):
            found = likely_scaling(network)
            has_means = any(isinstance(layer, MeanPool2D) for layer in network.layers.values())
            loss = found.loss * (MEANS_COST if has_means else 1)
            if best is None or loss < best[0]:
                best = loss, found, network
    except EngineError as error:  # a bias of another length than its weight, say
        raise _no_chain(path, str(error)) from error
    if best is None or not best[1].reads:
        raise SavedNetworkError(
            "{path} does not tell how its layers are joined, and in none of the usual ways does it read "
            "digits. Export the network as ONNX, which tells it.",
            path=shown(str(path)),
        )
    _, found, network = best
    network.scaling = found.scaling
    return network


def _parts(path: Path, arrays: Arrays) -> _Parts:
    modules = _modules(path, arrays)
    norms = [each for each in modules if each.is_norm]
    convolutions = [each for each in modules if each.weight.ndim == 4 and not each.is_norm]
    dense = [each for each in modules if each.weight.ndim == 2 and not each.is_norm]
    channels = [len(each.weight) for each in convolutions]
    fits = (
        len(norms) + len(convolutions) + len(dense) == len(modules)
        and dense
        and len(dense[-1].weight) == DIGITS
        and len(convolutions) <= MOST_CONVOLUTIONS
        and [len(each.weight) for each in norms] in ([], channels)
        and all(each.weight.shape[2] == each.weight.shape[3] for each in convolutions)
        and all(
            before == each.weight.shape[1] for before, each in zip([1, *channels], convolutions, strict=False)
        )
        and all(len(before.weight) == each.weight.shape[1] for before, each in pairwise(dense))
    )
    if not fits:
        raise _no_chain(path, ", ".join(f"{each.name} {each.weight.shape}" for each in modules))
    return _Parts(convolutions, norms, dense)


def _no_chain(path: Path, told: str) -> SavedNetworkError:
    return SavedNetworkError(
        "{path} holds arrays that are no plain chain of convolutions and dense layers to ten digits: "
        "{reason}. Export the network as ONNX, which tells how its layers are joined.",
        path=shown(str(path)),
        reason=shown(told, 300).rstrip("."),
    )


def _modules(path: Path, arrays: Arrays) -> list[_Module]:
    """In the order of their names, numbers in them as numbers."""
    found: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        module, _, kind = name.rpartition(".")
        if kind == "num_batches_tracked":
            continue
        with np.errstate(over="ignore"):
            values = array.astype(np.float32) if array.dtype.kind == "f" else None
        if kind not in ("weight", "bias", "running_mean", "running_var") or values is None:
            raise SavedNetworkError(
                "{path} has the array {name}, whose place in a network is not known. Names such as "
                "conv1.weight and fc1.bias are.",
                path=shown(str(path)),
                name=quoted(name),
            )
        if not (values.size and np.isfinite(values).all()):
            raise SavedNetworkError(
                "{path} has no numbers in {name}, or some that are not finite.",
                path=shown(str(path)),
                name=quoted(name),
            )
        found.setdefault(module, {})[kind] = values
    return [_Module(name, found[name]) for name in sorted(found, key=_natural) if "weight" in found[name]]


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts conv2 before conv10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,9})", name)]


# **** the ways in which they may be joined ****


def _networks(parts: _Parts) -> Iterator[Network]:
    """All that fit; those that pad all convolutions alike, or else all."""
    count = len(parts.convolutions)
    halves = [each.weight.shape[2] // 2 for each in parts.convolutions]
    none = [0] * count
    alike = [none] if none == halves else [none, halves]
    every = [list(padding) for padding in product(*({0, half} for half in halves))]
    for paddings in (alike, every):
        layouts = [(p, pools) for p in paddings for pools in product((False, True), repeat=count)]
        fitting = [
            layout for layout in layouts if _features(parts, *layout) == parts.dense[0].weight.shape[1]
        ]
        if fitting:
            for padding, pools in fitting:
                for pool, activation in product(POOLS if any(pools) else ["MaxPool2D"], ACTIVATIONS):
                    yield _joined(parts, padding, pools, pool, activation)
            return


def _features(parts: _Parts, padding: Sequence[int], pools: Sequence[bool]) -> int:
    """How many numbers reach the first dense layer; 0 where a layer would have none."""
    side, channels = FRAME, 1
    for each, pad, pool in zip(parts.convolutions, padding, pools, strict=True):
        side += 2 * pad - each.weight.shape[2] + 1
        if side < 1 or (pool and side % 2):
            return 0
        side, channels = side // 2 if pool else side, len(each.weight)
    return channels * side**2


def _joined(
    parts: _Parts, padding: Sequence[int], pools: Sequence[bool], pool: str, activation: str
) -> Network:
    plans: list[LayerPlan] = []
    state: dict[str, Array] = {}

    def add(name: str, kind: str, sizes: Mapping[str, int], arrays: Mapping[str, Array | None]) -> None:
        plans.append(LayerPlan(name, kind, sizes))
        state.update({f"{name}.{key}": array for key, array in arrays.items() if array is not None})

    for number, (each, pad, pools_here) in enumerate(
        zip(parts.convolutions, padding, pools, strict=True), start=1
    ):
        K, C, k, _ = each.weight.shape
        sizes = {"in_channels": C, "out_channels": K, "kernel_size": k, "stride": 1, "padding": pad}
        sizes["bias"] = int(each.bias is not None)
        add(f"conv{number}", "Conv2D", sizes, {"weight": each.weight, "bias": each.bias})
        if parts.norms:
            kept = parts.norms[number - 1].arrays
            arrays = {
                "gain": kept["weight"],
                "bias": kept.get("bias"),
                "mean": kept["running_mean"],
                "variance": kept.get("running_var"),
            }
            add(f"norm{number}", "BatchNorm", {"channels": K}, arrays)
        add(f"{activation.lower()}{number}", activation, {}, {})
        if pools_here:
            add(f"pool{number}", pool, POOLS[pool], {})
    add("flatten", "Flatten", {}, {})
    for number, each in enumerate(parts.dense, start=1):
        out, into = each.weight.shape
        bias = np.zeros(out, np.float32) if each.bias is None else each.bias
        sizes = {"in_features": into, "out_features": out}
        add(f"dense{number}", "Dense", sizes, {"weight": each.weight, "bias": bias})
        if number < len(parts.dense):
            add(f"dense{number}_{activation.lower()}", activation, {}, {})
    network = planned_network(plans, (1, FRAME, FRAME))
    network.load_state(state)
    return network
