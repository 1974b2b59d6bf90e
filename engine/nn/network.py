"""Network: named layers in order, from images to logits, and back from the loss to every gradient.

It takes images batch first, as everyone holds them, and turns them batch last once, at its door.
"""

import math
import operator
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np
import numpy.typing as npt

from engine.errors import ShapeError
from engine.machine.threads import in_parallel
from engine.nn.box import Shape
from engine.nn.functional import Array, Cache
from engine.nn.layers import Buffer, Layer, Parameter, Training
from engine.nn.losses import NO_CLASS, Labels, Loss, softmax_cross_entropy
from engine.nn.scaling import InputScaling

# Images that one thread takes through the network at a time. The cut is the same on every machine, so
# that results do not depend on the number of threads. Smaller shards make the threads wait for Python's
# lock more than they gain, unless each operation takes long anyway, as it does on large maps: there a shard
# is halved until no layer gives more numbers than stay near a processor.
SHARD, LEAST_SHARD = 64, 8
LARGE = 2**19

UNSCALED = InputScaling()


@dataclass(frozen=True)
class Trace:
    """What every layer of a network made of some images, batch first."""

    inputs: Array  # (N, C, H, W), scaled: what the first layer read
    outputs: Mapping[str, Array]  # layer name -> (N, C, H, W) or (N, F), in the order of the computation

    @property
    def logits(self) -> Array:
        """(N, classes), the very numbers of `Network.logits`."""
        return next(reversed(list(self.outputs.values())), self.inputs)

    def read_by(self, layer: str) -> Array:
        """What a layer read: the output of the one before it, or the scaled images."""
        names = list(self.outputs)
        place = names.index(layer)
        return self.outputs[names[place - 1]] if place else self.inputs


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
    scaling : InputScaling
        What is done to ink before the first layer.
    """

    def __init__(
        self,
        layers: Sequence[tuple[str, Layer]],
        *,
        input_shape: Shape,
        architecture: str,
        scaling: InputScaling = UNSCALED,
    ) -> None:
        self.layers = dict(layers)
        if len(self.layers) != len(layers):
            raise ShapeError(f"Two layers share a name: {[name for name, _ in layers]}.")
        if len({id(layer) for layer in self.layers.values()}) != len(layers):
            raise ShapeError(f"One layer stands in two places: {list(self.layers)}. Make one for each.")
        self.input_shape = input_shape
        self.architecture = architecture
        self.scaling = scaling
        self.shapes: dict[str, Shape] = {}
        self.parameters: list[Parameter] = []
        self.buffers: list[Buffer] = []
        shape = input_shape
        for name, layer in self.layers.items():
            try:
                shape = layer.output_shape(shape)
            except ShapeError as error:
                raise ShapeError(f"Layer {name}: {error}") from error
            self.shapes[name] = shape
            arrays: list[Parameter | Buffer] = [*layer.parameters, *layer.buffers]
            for array in arrays:
                array.name = f"{name}.{array.name.rpartition('.')[2]}"
            self.parameters += layer.parameters
            self.buffers += layer.buffers
        self._draws = any(layer.draws for layer in self.layers.values())
        self.needs_whole_batch = any(layer.needs_whole_batch for layer in self.layers.values())
        largest = max(math.prod(shape) for shape in self.shapes.values())
        self._shard = SHARD
        while self._shard > LEAST_SHARD and self._shard * largest > LARGE:
            self._shard //= 2

    def logits(self, images: Array) -> Array:
        """Infer: images (N, C, H, W) or (N, H, W) to logits (N, classes).

        Keeps nothing, so several threads may call it at once.
        """
        return np.concatenate(list(in_parallel(self._forward, self._chunks(images))), axis=1).T

    def trace(self, images: Array) -> Trace:
        """Infer as `logits` does, and keep what each layer gives: a look inside at a reading.

        Keeps nothing itself. Do not write into the arrays: some are views of one another.
        """
        steps = list(in_parallel(self._traced, self._chunks(images)))
        inputs, *outputs = (_batch_first(parts) for parts in zip(*steps, strict=True))
        return Trace(inputs, dict(zip(self.layers, outputs, strict=True)))

    def features(self, images: Array) -> Array:
        """Infer as far as the last layer, and return what that reads: (N, F) or (N, C, H, W)."""
        return _batch_first(list(in_parallel(self._before_last, self._chunks(images))))

    def input_gradient(self, images: Array, dlogits: Array) -> Array:
        """The gradient with respect to the images, in inference mode, of what has the gradient `dlogits`.

        Parameters
        ----------
        images : (N, C, H, W) or (N, H, W) array
        dlogits : (N, classes) array
            A row of 1 for one class and 0 for the others asks what that class's logit depends on.

        Returns
        -------
        dimages : of the shape of the images, in the parameters' dtype
        """
        self._check(images)
        if dlogits.shape != (len(images), self.classes):
            raise ShapeError(
                f"{len(images)} images need dlogits of shape ({len(images)}, {self.classes}), "
                f"got {dlogits.shape}."
            )
        cuts = [slice(start, start + self._shard) for start in range(0, len(images), self._shard)]
        parts = list(in_parallel(lambda cut: self._to_input(images[cut], dlogits[cut]), cuts))
        return _batch_first(parts).reshape(images.shape) if parts else np.zeros_like(images)

    def loss_and_gradients(
        self,
        images: Array,
        labels: Labels,
        *,
        loss: Loss = softmax_cross_entropy,
        teacher: Array | None = None,
        training: Training | None = None,
    ) -> float:
        """Mean loss over the batch; fills every `Parameter.grad`.

        Parameters
        ----------
        images : (N, C, H, W) or (N, H, W) array
        labels : (N,) integers in 0…classes-1, or NO_CLASS with a loss that knows it
        loss : (logits (K, N), labels (N,)) -> (mean loss, its gradient)
        teacher : (N, classes) array, optional
            Another network's logits, which the loss is then given as well, (K, N).
        training : Training, optional
            The mode of the layers: dropout draws then, batch normalisation uses and learns the batch's
            statistics. Without it they do what they do in inference.
        """
        self._check(images)
        N = len(images)
        if N == 0 or labels.shape != (N,):
            raise ShapeError(f"A batch of {N} images came with labels of shape {labels.shape}, not ({N},).")
        if labels.min() < NO_CLASS or labels.max() >= self.classes:
            raise ShapeError(f"Labels must be 0 to {self.classes - 1}, got {labels.min()} to {labels.max()}.")
        size = N if self.needs_whole_batch and training is not None else self._shard
        cuts = [slice(start, start + size) for start in range(0, N, size)]
        modes = [training] * len(cuts)
        if training is not None and self._draws:  # each shard from a stream of its own, whoever takes it
            modes = [replace(training, rng=stream) for stream in training.rng.spawn(len(cuts))]
        losses = [loss if teacher is None else partial(loss, teacher=teacher[c].T) for c in cuts]
        shards = [(images[c], labels[c], own, m) for c, own, m in zip(cuts, losses, modes, strict=True)]
        results = in_parallel(lambda shard: self._backpropagate(*shard), shards)
        # summed in the shards' order, whichever thread was first: the same bytes every time
        shares = [len(labels[cut]) / N for cut in cuts]
        values, gradients = zip(*results, strict=True)
        for parameter, parts in zip(self.parameters, zip(*gradients, strict=True), strict=True):
            parameter.grad = parts[0] if len(parts) == 1 else sum(map(operator.mul, shares, parts))
        return float(sum(map(operator.mul, shares, values)))

    def forward_with_caches(
        self, images: Array, training: Training | None = None
    ) -> tuple[Array, list[Cache]]:
        """Logits (K, N), the batch last, and what each layer leaves for the way back, in their order."""
        self._check(images)
        x = self._batch_last(images)
        caches = []
        for layer in self.layers.values():
            x, cache = layer.forward(x, training)
            caches.append(cache)
            if training is not None:
                layer.update_buffers(cache)
        return x, caches

    @property
    def classes(self) -> int:
        """How many logits an image gets."""
        return next(reversed(self.shapes.values()))[0]

    def astype(self, dtype: npt.DTypeLike) -> "Network":
        """Turn every array to this dtype, in place; returns the network. float64 checks gradients."""
        for array in self.arrays:
            array.value = array.value.astype(dtype)
        for parameter in self.parameters:
            parameter.grad = np.zeros_like(parameter.value)
        return self

    def state(self) -> dict[str, Array]:
        """A copy of every array that makes the network what it is, by name.

        These are the parameters and the buffers.
        """
        return {array.name: array.value.copy() for array in self.arrays}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Take over the values of `state`; names and shapes must be exactly this network's."""
        expected = {array.name: array.value.shape for array in self.arrays}
        given = {name: value.shape for name, value in state.items()}
        if expected != given:
            raise ShapeError(f"{self.architecture} has the arrays {expected}, got {given}.")
        for array in self.arrays:
            array.value[...] = state[array.name]

    @property
    def parameter_count(self) -> int:
        """How many numbers training changes."""
        return sum(parameter.value.size for parameter in self.parameters)

    @property
    def arrays(self) -> list[Parameter | Buffer]:
        """All that makes the network what it is: its parameters, then its buffers."""
        return [*self.parameters, *self.buffers]

    def _forward(self, images: Array) -> Array:
        """Logits (K, N)."""
        return deque(self._steps(images), maxlen=1).pop()  # the last, none before it kept

    def _before_last(self, images: Array) -> Array:
        return deque(islice(self._steps(images), len(self.layers)), maxlen=1).pop()

    def _traced(self, images: Array) -> list[Array]:
        return list(self._steps(images))

    def _steps(self, images: Array) -> Iterator[Array]:
        """The scaled images, then each layer's output, the batch last."""
        x = self._batch_last(images)
        yield x
        for layer in self.layers.values():
            x, _ = layer.forward(x)
            yield x

    def _to_input(self, images: Array, dlogits: Array) -> Array:
        """The gradient with respect to the images, (C, H, W, N)."""
        logits, caches = self.forward_with_caches(images)
        dy: Array | None = np.ascontiguousarray(dlogits.T, logits.dtype)
        for layer, cache in zip(reversed(self.layers.values()), reversed(caches), strict=True):
            assert dy is not None  # every layer was asked for it
            dy, _ = layer.backward(dy, cache)
        assert dy is not None
        return self.scaling.backward(dy, self._turned(images))

    def _chunks(self, images: Array) -> list[Array]:
        """Images in pieces that inference takes at a time; one, where there are none."""
        self._check(images)
        size = 4 * self._shard  # inference keeps so little that more images fit into the cache
        return [images[start : start + size] for start in range(0, len(images), size)] or [images]

    def _backpropagate(
        self, images: Array, labels: Labels, loss: Loss, training: Training | None
    ) -> tuple[float, list[Array]]:
        """The mean loss of these images, and its gradient for each parameter, in their order."""
        x, caches = self.forward_with_caches(images, training)
        value, dy = loss(x, labels)
        gradients: list[Array] = []
        remaining = len(self.parameters)
        for layer, cache in zip(reversed(self.layers.values()), reversed(caches), strict=True):
            remaining -= len(layer.parameters)
            dx, own = layer.backward(dy, cache, needs_dx=remaining > 0)
            gradients[:0] = own
            if dx is None:  # nothing before this layer learns
                break
            dy = dx
        return value, gradients

    def _check(self, images: Array) -> None:
        if images.shape[1:] not in (self.input_shape, self.input_shape[1:]) or (
            images.ndim == 3 and self.input_shape[0] != 1
        ):
            raise ShapeError(
                f"{self.architecture} expects images (N, {', '.join(map(str, self.input_shape))}), "
                f"got {images.shape}."
            )

    def _batch_last(self, images: Array) -> Array:
        """(N, C, H, W) or (N, H, W) to scaled (C, H, W, N) in the parameters' dtype."""
        return self.scaling(self._turned(images))

    def _turned(self, images: Array) -> Array:
        """The same, but not scaled."""
        N = len(images)
        dtype = self.parameters[0].value.dtype if self.parameters else images.dtype
        x = np.ascontiguousarray(images.reshape(N, math.prod(self.input_shape)).T, dtype)
        return x.reshape(*self.input_shape, N)


def _batch_first(parts: Sequence[Array]) -> Array:
    """(…, N) pieces of a batch as one array (N, …)."""
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
    return np.moveaxis(whole, -1, 0)
