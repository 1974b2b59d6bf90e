"""Whole trainings by this engine, in one process and in several, and by PyTorch, in turns.

Digits a second over epochs 2 to 4, learning alone, without augmentation. Each training is a process of its
own, as its users run it, and may use all the cores that this one may. PyTorch learns from tensors that lie in
memory, shuffled by an index, the quickest way it has. A ratio above 1 says that this engine is faster.

Beside it stands which share of the peak of a large matrix product the processes together reach, and what
eight of them would make on eight cores: a step then takes as long as one core takes for an eighth of a batch,
there and back, and what a step of these processes took beyond their own part, other programs' turns included.

    python -m benchmarks.training [--rounds 5] [--share 1] [--processes N]
"""

import argparse
import multiprocessing
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

import numpy as np

from benchmarks.engine import operations, our_peak, their_model
from engine import Dataset, TrainingConfig, TrainingRun, build_network
from engine.learning.training import EpochRecord
from engine.machine.threads import computing, cores, on_this_thread
from engine.nn.layers import Training

EPOCHS = 4
MANY = 8  # processes that are reckoned with
PATIENCE = 600.0  # seconds in which a training must have ended

# architecture, batch size, examples in an epoch, and the ratio that is asked
WORKS = (
    ("lenet5", 64, 30_000, "3.0"),
    ("lenet5", 256, 30_000, "2.3"),
    ("cnn-4", 64, 10_000, "1.9"),
    ("best", 64, 4_000, "1.3"),
    ("cifar10", 64, 2_000, "1.4"),
)


def examples(name: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise: what is learnt costs no more than what is not."""
    rng = np.random.default_rng(0)
    shape = build_network(name, rng=rng).input_shape
    shape = shape[1:] if shape[0] == 1 else shape
    return rng.integers(0, 256, (count, *shape), np.uint8), rng.integers(0, 10, count)


def our_rate(name: str, batch_size: int, count: int, processes: int) -> float:
    """Examples a second."""
    fraction = 0.01  # validation is not timed
    data = Dataset(*examples(name, round(count / (1 - fraction))))
    config = TrainingConfig.for_architecture(
        name,
        epochs=EPOCHS,
        batch_size=batch_size,
        augmentation=None,
        validation_fraction=fraction,
        processes=processes,
        learning_rate=0.001,
        weight_decay=0.0,
        weight_average=0.0,
        optimizer="adam",
    )
    learnt, seconds, last = 0, 0.0, time.perf_counter()
    for record in TrainingRun(data, config):
        now = time.perf_counter()
        if not isinstance(record, EpochRecord) and record.epoch > 1:
            learnt += record.examples
            seconds += now - last
        last = now
    return learnt / seconds


def their_rate(name: str, batch_size: int, count: int, processes: int) -> float:
    """Examples a second; its threads are all the cores."""
    import torch

    torch.set_num_threads(cores())
    torch.manual_seed(0)
    images, labels = (torch.from_numpy(array) for array in examples(name, count))
    images = images.reshape(count, *build_network(name, rng=np.random.default_rng(0)).input_shape)
    model = their_model(name)
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=0.001), torch.nn.CrossEntropyLoss()
    start = time.perf_counter()
    for epoch in range(EPOCHS):
        if epoch == 1:
            start = time.perf_counter()
        for batch in torch.randperm(count).split(batch_size):
            optimizer.zero_grad(set_to_none=True)
            loss(model(images[batch].float() / 255), labels[batch]).backward()
            optimizer.step()
    return (EPOCHS - 1) * count / (time.perf_counter() - start)


def answer(pipe: Connection, rate: Callable[[], float]) -> None:
    pipe.send(rate())


def part_seconds(name: str, count: int) -> float:
    """Processor time in which one core takes so many examples there and back, median of a second's worth."""
    rng = np.random.default_rng(0)
    network = build_network(name, rng=rng)
    images = rng.random((count, *network.input_shape), np.float32)
    labels, times = rng.integers(0, 10, count), []
    with computing(), on_this_thread():
        while sum(times) < 1:
            start = time.thread_time()
            network.loss_and_gradients(images, labels, training=Training(rng))
            times.append(time.thread_time() - start)
    return statistics.median(times)


def in_a_process(rate: Callable[[], float]) -> float:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=answer, args=(there, rate))
    process.start()
    there.close()
    if not here.poll(PATIENCE):
        process.kill()
        raise SystemExit("A training gave no answer.")
    found: float = here.recv()
    process.join()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--share", type=float, default=1.0, help="of the examples: less takes less time")
    parser.add_argument("--processes", type=int, default=cores(), help="that learn together (one a core)")
    options, _ = parser.parse_known_args()
    peak, P = our_peak(), options.processes
    print(f"{platform.machine()}, {cores()} cores, NumPy {np.__version__}; digits a second, medians")
    print(f"peak of a large matrix product: {peak / 1e9:.0f} GFLOP/s in single precision")
    heads = "one process", f"{P} processes", "PyTorch", "gain", "ratio", "asked", "peak", f"{MANY} cores"
    print(f"{'training':<22}" + "".join(f"{head:>13}" for head in heads))
    for name, batch_size, count, asked in WORKS:
        work = (name, batch_size, round(count * options.share))
        sides = (
            partial(our_rate, *work, 1),
            partial(our_rate, *work, P),
            partial(their_rate, *work, 0),
            partial(part_seconds, name, batch_size // P),
            partial(part_seconds, name, batch_size // MANY),
        )
        rounds = [[in_a_process(side) for side in sides] for _ in range(options.rounds)]
        one, more, theirs, part, small_part = (statistics.median(side) for side in zip(*rounds, strict=True))
        gain = statistics.median(more / one for one, more, *_ in rounds)
        ratio = statistics.median(more / theirs for _, more, theirs, *_ in rounds)
        many = batch_size / (batch_size / more - part + small_part)
        cells = (
            *(f"{rate:,.0f}" for rate in (one, more, theirs)),
            *(f"{gain:.2f}", f"{ratio:.2f}", asked),
            *(f"{more * operations(name) / peak:.0%}", f"{many:,.0f}"),
        )
        print(f"{f'{name}, batch {batch_size}':<22}" + "".join(f"{cell:>13}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
