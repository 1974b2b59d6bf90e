"""Network: named layers in order, from images to logits, and back from the loss to every gradient.

It takes images batch first, as everyone holds them, and turns them batch last once, at its door.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.errors import ShapeError
from engine.functional import Array
from engine.layers import Layer, Parameter, Shape
from engine.losses import softmax_cross_entropy
from engine.memory import keep_freed_memory
from engine.threads import in_parallel

# Images that one thread takes through the network at a time. The cut is the same on every machine, so
# that results do not depend on the number of threads. Smaller shards make the threads wait for Python's
# lock more than they gain.
SHARD = 64


class Network:
    """A chain of layers that ends in logits.

    Parameters
    ----------
    layers : (name, layer) pairs
        In the order of the computation. A parameter is named "layer.parameter", for example "c1.weight".
    input_shape : (C, H, W)
        Of one image. The chain is walked once with it, so that a misfit is told by name at once.
    architecture : str
        The name under which `build_network` makes this network again.
    """

    def __init__(self, layers: Sequence[tuple[str, Layer]], *, input_shape: Shape, architecture: str) -> None:
        self.layers = dict(layers)
        if len(self.layers) != len(layers):
            raise ShapeError(f"Two layers share a name: {[name for name, _ in layers]}.")
        if len({id(layer) for layer in self.layers.values()}) != len(layers):
            raise ShapeError(f"One layer stands in two places: {list(self.layers)}. Make one for each.")
        self.input_shape = input_shape
        self.architecture = architecture
        self.shapes: dict[str, Shape] = {}
        shape = input_shape
        for name, layer in self.layers.items():
            try:
                shape = layer.output_shape(shape)
            except ShapeError as error:
                raise ShapeError(f"Layer {name}: {error}") from error
            self.shapes[name] = shape
            for parameter in layer.parameters:
                parameter.name = f"{name}.{parameter.name.rpartition('.')[2]}"
        self.parameters: list[Parameter] = [p for layer in self.layers.values() for p in layer.parameters]

    def logits(self, images: Array) -> Array:
        """Answer images: (N, C, H, W) or (N, H, W) to (N, classes).

        Keeps nothing, so several threads may call it at once.
        """
        self._check(images)
        chunks = [images[i : i + SHARD] for i in range(0, len(images), SHARD)] or [images]
        return np.concatenate(list(in_parallel(self._forward, chunks)), axis=1).T

    def loss_and_gradients(self, images: Array, labels: npt.NDArray[np.integer]) -> float:
        """Mean cross-entropy over the batch, in nats; fills every `Parameter.grad`.

        Parameters
        ----------
        images : (N, C, H, W) or (N, H, W) array
        labels : (N,) integers
        """
        self._check(images)
        N = len(images)
        if N == 0 or labels.shape != (N,):
            raise ShapeError(f"A batch of {N} images came with labels of shape {labels.shape}, not ({N},).")
        if labels.min() < 0 or labels.max() >= self.classes:
            raise ShapeError(f"Labels must be 0 to {self.classes - 1}, got {labels.min()} to {labels.max()}.")
        keep_freed_memory()
        shards = [slice(i, i + SHARD) for i in range(0, N, SHARD)]
        results = in_parallel(lambda shard: self._backpropagate(images[shard], labels[shard]), shards)
        # in the shards' order, whichever thread was first: the same sum every time
        loss, gradients = 0.0, [np.zeros_like(parameter.value) for parameter in self.parameters]
        for shard, (shard_loss, shard_gradients) in zip(shards, results, strict=True):
            share = len(labels[shard]) / N
            loss += share * shard_loss
            for total, gradient in zip(gradients, shard_gradients, strict=True):
                total += share * gradient
        for parameter, total in zip(self.parameters, gradients, strict=True):
            parameter.grad = total
        return loss

    @property
    def classes(self) -> int:
        """How many logits an image gets."""
        return next(reversed(self.shapes.values()))[0]

    def astype(self, dtype: npt.DTypeLike) -> "Network":
        """Turn every parameter to this dtype, in place; returns the network. float64 checks gradients."""
        for parameter in self.parameters:
            parameter.value = parameter.value.astype(dtype)
            parameter.grad = np.zeros_like(parameter.value)
        return self

    def state(self) -> dict[str, Array]:
        """A copy of every parameter's value, by name."""
        return {parameter.name: parameter.value.copy() for parameter in self.parameters}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Take over the values of `state`; names and shapes must be exactly this network's."""
        expected = {parameter.name: parameter.value.shape for parameter in self.parameters}
        given = {name: value.shape for name, value in state.items()}
        if expected != given:
            raise ShapeError(f"{self.architecture} has the parameters {expected}, got {given}.")
        for parameter in self.parameters:
            parameter.value = state[parameter.name].astype(parameter.value.dtype)

    @property
    def parameter_count(self) -> int:
        """How many numbers training changes."""
        return sum(parameter.value.size for parameter in self.parameters)

    def summary(self) -> str:
        """A table of the layers: name, kind, output shape, parameters."""
        rows = [("layer", "kind", "output", "parameters")]
        rows.append(("input", "", "x".join(map(str, self.input_shape)), ""))
        for name, layer in self.layers.items():
            count = sum(parameter.value.size for parameter in layer.parameters)
            shape = "x".join(map(str, self.shapes[name]))
            rows.append((name, type(layer).__name__, shape, f"{count:,}" if count else ""))
        rows.append(("total", "", "", f"{self.parameter_count:,}"))
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        lines = [
            f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:<{widths[2]}}  {d:>{widths[3]}}" for a, b, c, d in rows
        ]
        return "\n".join(line.rstrip() for line in lines)

    def _forward(self, images: Array) -> Array:
        """Logits (K, N)."""
        x = self._batch_last(images)
        for layer in self.layers.values():
            x, _ = layer.forward(x)
        return x

    def _backpropagate(self, images: Array, labels: npt.NDArray[np.integer]) -> tuple[float, list[Array]]:
        """The mean loss of these images, and its gradient for each parameter, in their order."""
        x = self._batch_last(images)
        caches = []
        for layer in self.layers.values():
            x, cache = layer.forward(x)
            caches.append(cache)
        loss, dy = softmax_cross_entropy(x, labels)
        gradients: list[Array] = []
        remaining = len(self.parameters)
        for layer, cache in zip(reversed(self.layers.values()), reversed(caches), strict=True):
            remaining -= len(layer.parameters)
            dx, own = layer.backward(dy, cache, needs_dx=remaining > 0)
            gradients[:0] = own
            if dx is None:  # nothing before this layer learns
                break
            dy = dx
        return loss, gradients

    def _check(self, images: Array) -> None:
        if images.shape[1:] not in (self.input_shape, self.input_shape[1:]) or (
            images.ndim == 3 and self.input_shape[0] != 1
        ):
            raise ShapeError(
                f"{self.architecture} expects images (N, {', '.join(map(str, self.input_shape))}), "
                f"got {images.shape}."
            )

    def _batch_last(self, images: Array) -> Array:
        """(N, C, H, W) or (N, H, W) to (C, H, W, N) in the parameters' dtype."""
        N = len(images)
        dtype = self.parameters[0].value.dtype if self.parameters else images.dtype
        x = np.ascontiguousarray(images.reshape(N, math.prod(self.input_shape)).T, dtype)
        return x.reshape(*self.input_shape, N)
