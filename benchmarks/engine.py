"""This engine and PyTorch on the same work, in turns: medians and ratios.

Each side runs in a process of its own, as its users run it, so that neither takes over what the other sets
for a whole process: the threads of its BLAS, how it keeps memory. The two measure in turns, one of
them always idle, so that a machine that slows down slows both. A ratio above 1 says that this engine is
faster. Both may use all the cores of the process.

    python -m benchmarks.engine [--rounds 9] [--seconds 0.5] [--data DIR]
"""

import argparse
import math
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from engine import Adam, build_network
from engine.machine.threads import computing, cores
from engine.nn.layers import Conv2D, Dense, Training

Work = Callable[[], object]

PATIENCE = 300.0  # seconds, beyond those that are measured, in which a process must have answered


# **** ours ****


def our_step(name: str, batch_size: int) -> Work:
    """One Adam step on one batch."""
    rng = np.random.default_rng(0)
    network = build_network(name, rng=rng)
    images = rng.random((batch_size, *network.input_shape), np.float32)
    labels = rng.integers(0, 10, batch_size)
    optimizer = Adam(network.parameters, learning_rate=0.001)

    def step() -> None:
        network.loss_and_gradients(images, labels, training=Training(rng))
        optimizer.step()

    return step


def our_forward(count: int, piece: int) -> Work:
    """lenet5's logits of `count` digits in one call; it cuts them into pieces itself."""
    rng = np.random.default_rng(0)
    network = build_network("lenet5", rng=rng)
    images = rng.random((count, 1, 28, 28), np.float32)
    return lambda: network.logits(images)


def our_peak(size: int = 2000) -> float:
    """Single-precision operations a second of a large matrix product, the best of five."""
    a = np.random.default_rng(0).random((size, size), np.float32)
    return 2 * size**3 / min(seconds_per_call(lambda: a @ a, 0) for _ in range(5))


# **** PyTorch's; imported only in its own process ****


def their_model(name: str):
    from torch import nn

    if name == "lenet5":
        return nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.ReLU(),
            nn.Conv2d(6, 16, 5), nn.MaxPool2d(2), nn.ReLU(),
            nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )  # fmt: skip
    if name == "cnn-4":
        layers = []
        for number, (channels, maps) in enumerate([(1, 16), (16, 32), (32, 48), (48, 64)], start=1):
            pool = [nn.MaxPool2d(2)] if number <= 3 else []
            layers += [nn.Conv2d(channels, maps, 3, padding=1), *pool, nn.ReLU(), nn.Dropout(0.2)]
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, 10))
    if name == "best":
        layers = []
        for number, (channels, maps) in enumerate([(1, 24), (24, 24), (24, 48), (48, 48), (48, 96)], start=1):
            pool = [nn.MaxPool2d(2)] if number in (2, 4) else []
            layers += [nn.Conv2d(channels, maps, 3, bias=False), *pool, nn.BatchNorm2d(maps), nn.ReLU()]
        return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3), nn.Linear(384, 10))
    assert name == "cifar10"
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.Conv2d(64, 128, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(8192, 10),
    )  # fmt: skip


def their_step(name: str, batch_size: int) -> Work:
    """The same step."""
    import torch

    ours = build_network(name, rng=np.random.default_rng(0))
    model = their_model(name)
    assert sum(p.numel() for p in model.parameters()) == ours.parameter_count
    images, labels = torch.rand(batch_size, *ours.input_shape), torch.randint(0, 10, (batch_size,))
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=0.001), torch.nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(model(images), labels).backward()
        optimizer.step()

    return step


def their_forward(count: int, piece: int) -> Work:
    """The same logits, `piece` digits at a time."""
    import torch

    model = their_model("lenet5").eval()
    images = torch.rand(count, 1, 28, 28)

    def forward() -> None:
        with torch.inference_mode():
            for start in range(0, count, piece):
                model(images[start : start + piece])

    return forward


# **** measuring ****


def seconds_per_call(work: Work, budget: float) -> float:
    """Median over as many calls as fit into the budget, at least three."""
    times: list[float] = []
    end = time.perf_counter() + budget
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def serve(pipe: Connection, is_ours: bool) -> None:
    """In a process of its own: prepare each work that is sent, then time it whenever asked."""
    if is_ours:
        makers = {"step": our_step, "forward": our_forward}
    else:
        import torch

        torch.set_num_threads(cores())
        makers = {"step": their_step, "forward": their_forward}
    with computing() if is_ours else nullcontext():
        while (order := pipe.recv()) is not None:
            if isinstance(order, tuple):
                kind, *arguments = order
                work = makers[kind](*arguments)
                answer = seconds_per_call(work, 0.3)  # warm up
            else:
                answer = seconds_per_call(work, order)
            pipe.send(answer)


def ask(pipe: Connection, order: object) -> float:
    pipe.send(order)
    if not pipe.poll(PATIENCE + (order if isinstance(order, float) else 0.0)):
        raise SystemExit("A process that measures gave no answer.")
    answer: float = pipe.recv()
    return answer


def operations(name: str) -> int:
    """Multiplications and additions of a network's products for one example, there and back.

    The way back takes two products for each of the way there, but none for the gradient of the image.
    """
    network = build_network(name, rng=np.random.default_rng(0))
    products = [
        layer.parameters[0].value.size * math.prod(network.shapes[layer_name][1:])
        for layer_name, layer in network.layers.items()
        if isinstance(layer, Conv2D | Dense)
    ]
    return 2 * (3 * sum(products) - products[0])


# what is measured, and the ratio that is asked of it
WORKS = (
    ("training step of lenet5, batch 64", ("step", "lenet5", 64), "1.25"),
    ("training step of lenet5, batch 256", ("step", "lenet5", 256), "1.0"),
    ("training step of cnn-4, batch 64", ("step", "cnn-4", 64), "0.8"),
    ("training step of cifar10, batch 64", ("step", "cifar10", 64), "0.8"),
    ("forward over 10,000 digits in one call", ("forward", 10_000, 10_000), "3"),
    ("the same, PyTorch given 500 at a time", ("forward", 10_000, 500), ""),
    ("forward over one digit", ("forward", 1, 1), "2.5"),
)

MEMORY = """
import os, sys
from pathlib import Path
from engine import TrainingConfig, TrainingRun
from engine.datasets.mnist import read_mnist
for record in TrainingRun(read_mnist(Path(sys.argv[1]), "train"), TrainingConfig(batch_size=64)):
    if record.step == 400:
        break
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each side in each round")
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    options, _ = parser.parse_known_args()
    peak = our_peak()
    print(f"{platform.machine()}, {cores()} cores, NumPy {np.__version__}")
    print(f"peak of a large matrix product: {peak / 1e9:.0f} GFLOP/s in single precision\n")

    context = multiprocessing.get_context("spawn")
    pipes = []
    for is_ours in (True, False):
        here, there = context.Pipe()
        context.Process(target=partial(serve, there, is_ours), daemon=True).start()
        pipes.append(here)
    ours, theirs = pipes

    print(f"{'work':<42}{'ours, ms':>10}{'PyTorch':>10}{'ratio':>8}{'asked':>8}")
    for title, work, asked in WORKS:
        for pipe in pipes:
            ask(pipe, work)
        pairs = [(ask(ours, options.seconds), ask(theirs, options.seconds)) for _ in range(options.rounds)]
        a, b = (statistics.median(side) * 1e3 for side in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"{title:<42}{a:>10.3f}{b:>10.3f}{ratio:>8.2f}{asked:>8}", flush=True)
        if work == ("step", "lenet5", 64):
            rate = 64e3 / a
    print(
        f"\nlenet5, batch 64: {rate:,.0f} digits/s, {rate / cores():,.0f} per core, "
        f"{rate * operations('lenet5') / peak:.0%} of the peak"
    )
    print("\nstep time of lenet5 by batch size, ms")
    for batch_size in (16, 32, 64, 128, 256, 512):
        ask(ours, ("step", "lenet5", batch_size))
        print(f"{batch_size:>6}{ask(ours, options.seconds) * 1e3:>9.2f}", flush=True)
    for pipe in pipes:
        pipe.send(None)
    if options.data:
        command = [sys.executable, "-c", MEMORY, str(options.data)]
        peak_memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        print(f"\npeak memory while training lenet5, batch 64, MNIST included: {peak_memory} MB (asked: 400)")


if __name__ == "__main__":
    main()
