"""Backprop: from a batch to the mean loss and its gradient, in this process or in several.

A batch is cut into as many parts as the configuration names processes, whoever takes them, and the parts are
summed in their order: so a seed and that number give the same bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.errors import WorkerError
from engine.learning.streams import Purpose, stream
from engine.learning.training_config import TrainingConfig
from engine.machine.threads import cores, on_this_thread
from engine.machine.workers import Seat, Team, WorkerEnded
from engine.nn.architectures import build_network
from engine.nn.flat import FlatNetwork
from engine.nn.functional import Array, unchanged
from engine.nn.layers import Training
from engine.nn.losses import LOSSES, Labels, Loss, distilled_cross_entropy, softmax_cross_entropy
from engine.nn.network import Network
from engine.reading.evaluation import Classifier

Images = npt.NDArray[np.float32]
Sum = Callable[[Array], Array]


class Backprop(Protocol):
    """What a run learns by."""

    def loss_and_gradients(self, images: Images, labels: Labels, step: int) -> float:
        """The mean loss of a step's batch; its gradient is then the flat network's.

        WorkerError if a process that helps has ended.
        """

    def close(self) -> None:
        """End what helps; the network keeps its values."""


def backprop_for(
    flat: FlatNetwork,
    config: TrainingConfig,
    image_shape: tuple[int, ...],
    teacher: Classifier | None = None,
) -> Backprop:
    """What the configuration asks for, for images of this shape; `teacher` is what is distilled, if any.

    In this process alone where there is one core, or where the system gives no memory to share.
    """
    if config.processes > 1 and cores() > 1:
        try:
            return SharedBackprop(flat, config, image_shape, teacher)
        except OSError:
            pass
    return LocalBackprop(flat, config, teacher)


class LocalBackprop:
    """All parts of a batch in this process, one after the other.

    Where statistics are the batch's it is learnt in one piece: the same but for rounding.
    """

    def __init__(self, flat: FlatNetwork, config: TrainingConfig, teacher: Classifier | None = None) -> None:
        self._flat, self._config, self._teacher = flat, config, teacher

    def loss_and_gradients(self, images: Images, labels: Labels, step: int) -> float:
        flat, config = self._flat, self._config
        parts = parts_of(len(images), config.processes)
        if len(parts) == 1:
            return self._whole(images, labels, step)
        images = np.concatenate([augmented(images[p], config, step, i) for i, p in enumerate(parts)])
        if flat.network.needs_whole_batch and config.statistics == "batch":
            return self._whole(images, labels, step)
        before = flat.buffers.copy()
        gradients, buffers = (
            np.empty((len(parts), len(vector)), vector.dtype) for vector in (flat.values, before)
        )
        losses = np.empty(len(parts))
        for index, part in enumerate(parts):
            flat.buffers[:] = before
            share = (part.stop - part.start) / len(images)
            losses[index] = learnt(
                flat, images[part], labels[part], config, step, self._teacher, part=index, share=share
            )
            flat.gather_gradients(gradients[index])
            buffers[index] = flat.buffers
        return add_up(flat, parts, gradients, buffers, losses)

    def close(self) -> None:
        """Nothing helps."""

    def _whole(self, images: Images, labels: Labels, step: int) -> float:
        loss = learnt(self._flat, images, labels, self._config, step, self._teacher)
        self._flat.gather_gradients(self._flat.gradients)
        self._flat.show_gradients()
        return loss


class SharedBackprop:
    """The parts of a batch side by side: this process takes the first, others that stay alive the rest.

    Parameters, batch and gradients lie in memory that all see; nothing but the word to begin is sent.

    Parameters
    ----------
    flat : FlatNetwork
        It lies in the shared memory until this is closed.
    config : TrainingConfig
    image_shape : tuple
        (H, W) or (C, H, W)
    teacher : Classifier, optional
        Of the same images and classes; each process has one of its own.

    Raises
    ------
    OSError
        If the system gives no memory to share, or no process.
    """

    def __init__(
        self,
        flat: FlatNetwork,
        config: TrainingConfig,
        image_shape: tuple[int, ...],
        teacher: Classifier | None = None,
    ) -> None:
        P, (K,), (B,) = config.processes, flat.values.shape, flat.buffers.shape
        dtype = flat.values.dtype
        self._team = Team(
            P,
            partial(_take_part, config, teacher),
            {
                "step": ((2,), np.int64),  # its number, and the size of its batch
                "images": ((config.batch_size, *image_shape), np.float32),
                "labels": ((config.batch_size,), np.int64),
                "values": ((K,), dtype),
                "buffers": ((B,), dtype),
                "part_buffers": ((P, B), dtype),
                "gradients": ((P, K), dtype),
                "losses": ((P,), np.float64),
            },
            most_summed=2 * max((buffer.value.size for buffer in flat.network.buffers), default=1),
        )
        self._flat, self._config, arrays = flat, config, self._team.arrays
        arrays["values"][:], arrays["buffers"][:] = flat.values, flat.buffers
        arrays["part_buffers"][0] = flat.buffers
        flat.lie_in(arrays["values"], flat.gradients, arrays["part_buffers"][0])
        self._part = _Part(flat, config, teacher, self._team.seat)
        self._alone = LocalBackprop(flat, config, teacher)

    def loss_and_gradients(self, images: Images, labels: Labels, step: int) -> float:
        N, arrays = len(images), self._team.arrays
        parts = parts_of(N, self._config.processes)
        if len(parts) == 1:
            loss = self._alone.loss_and_gradients(images, labels, step)
            arrays["buffers"][:] = self._flat.buffers
            return loss
        arrays["step"][:] = step, N
        arrays["images"][:N], arrays["labels"][:N] = images, labels
        try:
            self._team.round(self._part)
        except WorkerEnded as error:
            raise WorkerError(
                "A process that learns was ended from outside, perhaps for want of memory. Close other "
                "programs, or let fewer processes learn."
            ) from error
        loss = add_up(self._flat, parts, arrays["gradients"], arrays["part_buffers"], arrays["losses"])
        arrays["buffers"][:] = self._flat.buffers
        return loss

    def close(self) -> None:
        self._team.close()
        flat = self._flat
        flat.lie_in(flat.values.copy(), flat.gradients, flat.buffers.copy())


class _Part:
    """What one process does of each batch."""

    def __init__(
        self, flat: FlatNetwork, config: TrainingConfig, teacher: Classifier | None, seat: Seat
    ) -> None:
        self._flat, self._config, self._teacher, self._seat = flat, config, teacher, seat
        self._total = seat.total if config.statistics == "batch" else None

    def __call__(self) -> None:
        flat, index, arrays = self._flat, self._seat.index, self._seat.arrays
        step, N = map(int, arrays["step"])
        part = parts_of(N, self._seat.count)[index]
        flat.buffers[:] = arrays["buffers"]
        images = augmented(arrays["images"][part], self._config, step, index)
        arrays["losses"][index] = learnt(
            flat,
            images,
            arrays["labels"][part],
            self._config,
            step,
            self._teacher,
            part=index,
            share=len(images) / N,
            total=self._total,
        )
        flat.gather_gradients(arrays["gradients"][index])


def _take_part(config: TrainingConfig, teacher: Classifier | None, seat: Seat) -> Callable[[], None]:
    """What another process does, with a network that looks at the shared values."""
    flat = FlatNetwork(build_network(config.architecture, rng=np.random.default_rng(0)))
    flat.lie_in(seat.arrays["values"], flat.gradients, seat.arrays["part_buffers"][seat.index])
    return _Part(flat, config, teacher, seat)


def network_of(config: TrainingConfig, state: Mapping[str, Array]) -> Network:
    """A network of the configuration's architecture in this state; ShapeError if it is of another one."""
    network = build_network(config.architecture, rng=np.random.default_rng(0))
    network.load_state(state)
    return network


def parts_of(count: int, processes: int) -> list[slice]:
    """A batch of `count` examples in so many parts; in one where a part would have fewer than two."""
    if count < 2 * processes:
        return [slice(0, count)]
    return [slice(count * i // processes, count * (i + 1) // processes) for i in range(processes)]


def augmented(images: Images, config: TrainingConfig, step: int, part: int | None = None) -> Images:
    """The images of a step's batch, or of a part of it, varied as the configuration has it."""
    if config.augmentation is None:
        return images
    return config.augmentation(images, rng=stream(config.seed, Purpose.AUGMENTATION, step, part=part))


def learnt(
    flat: FlatNetwork,
    images: Images,
    labels: Labels,
    config: TrainingConfig,
    step: int,
    teacher: Classifier | None = None,
    *,
    part: int | None = None,
    share: float = 1.0,
    total: Sum | None = None,
) -> float:
    """There and back with a part that is this share of a batch; returns what it adds to the loss."""
    loss = loss_of(config)
    rng = stream(config.seed, Purpose.LAYERS, step, part=part)
    if part is None:
        answers = None if teacher is None else teacher.logits(images)
        return flat.network.loss_and_gradients(
            images, labels, loss=loss, teacher=answers, training=Training(rng)
        )
    batch_size = None if total is None else round(len(images) / share)
    training = Training(rng, total or unchanged, batch_size)
    with on_this_thread():
        answers = None if teacher is None else teacher.logits(images)
        return flat.network.loss_and_gradients(
            images, labels, loss=partial(_shared, loss, share), teacher=answers, training=training
        )


def loss_of(config: TrainingConfig) -> Loss:
    """What the configuration makes small."""
    if config.distil:
        return partial(distilled_cross_entropy, share=config.distil, label_smoothing=config.label_smoothing)
    if config.label_smoothing:
        return partial(softmax_cross_entropy, label_smoothing=config.label_smoothing)
    return LOSSES[config.loss]


def add_up(
    flat: FlatNetwork, parts: Sequence[slice], gradients: Array, buffers: Array, losses: Array
) -> float:
    """Make of the parts', in their order, what is the batch's; returns the loss.

    Gradients (P, K) and losses (P,) are sums' terms already; of the buffers (P, B) the mean is taken.
    """
    np.add(gradients[0], gradients[1], out=flat.gradients)
    for part_gradients in gradients[2:]:
        flat.gradients += part_gradients
    flat.show_gradients()
    found = np.zeros_like(flat.buffers)
    for part, part_buffers in zip(parts, buffers, strict=True):
        found += found.dtype.type((part.stop - part.start) / parts[-1].stop) * part_buffers
    flat.buffers[:] = found
    return sum(map(float, losses))


def _shared(loss: Loss, share: float, logits: Array, labels: Labels, **more: Array) -> tuple[float, Array]:
    """A part's share of the batch's mean loss, and of its gradient."""
    value, dlogits = loss(logits, labels, **more)
    dlogits *= dlogits.dtype.type(share)
    return value * share, dlogits
