"""This engine and PyTorch on the same work, in turns, within one process: medians and ratios.

Both use all the cores that the process may use. A ratio above 1 says that this engine is faster. Every round
measures one side right after the other, so that a machine that slows down slows both.

    python -m benchmarks.engine [--rounds 9] [--seconds 0.5] [--data DIR]
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from engine import Adam, build_network
from engine.memory import keep_freed_memory
from engine.threads import cores, one_blas_thread

nn = torch.nn

Work = Callable[[], object]


def torch_lenet5() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(6, 16, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def torch_cnn_4() -> nn.Module:
    layers: list[nn.Module] = []
    channels = 1
    for number, maps in enumerate((16, 32, 48, 64), start=1):
        layers.append(nn.Conv2d(channels, maps, 3, padding=1))
        if number <= 3:
            layers.append(nn.MaxPool2d(2))
        layers += [nn.ReLU(), nn.Dropout(0.2)]
        channels = maps
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, 10))


def torch_cifar10() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.Conv2d(64, 128, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(8192, 10),
    )  # fmt: skip


TORCH = {"lenet5": torch_lenet5, "cnn-4": torch_cnn_4, "cifar10": torch_cifar10}


def training_steps(name: str, batch_size: int) -> tuple[Work, Work]:
    """One Adam step on one batch: ours, PyTorch's."""
    rng = np.random.default_rng(0)
    network = build_network(name, rng=rng)
    images = rng.random((batch_size, *network.input_shape), np.float32)
    labels = rng.integers(0, 10, batch_size)
    optimizer = Adam(network.parameters, learning_rate=0.001)

    def ours() -> None:
        network.loss_and_gradients(images, labels, rng=rng)
        optimizer.step()

    model = TORCH[name]()
    assert sum(p.numel() for p in model.parameters()) == network.parameter_count
    their_images, their_labels = torch.from_numpy(images), torch.from_numpy(labels)
    their_optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    their_loss = nn.CrossEntropyLoss()

    def theirs() -> None:
        their_optimizer.zero_grad(set_to_none=True)
        their_loss(model(their_images), their_labels).backward()
        their_optimizer.step()

    return ours, theirs


def forwards(count: int, piece: int) -> tuple[Work, Work]:
    """lenet5's logits of `count` digits; PyTorch is given `piece` at a time, we all at once."""
    rng = np.random.default_rng(0)
    network = build_network("lenet5", rng=rng)
    images = rng.random((count, 1, 28, 28), np.float32)
    model = torch_lenet5().eval()
    their_images = torch.from_numpy(images)

    def theirs() -> None:
        with torch.inference_mode():
            for start in range(0, count, piece):
                model(their_images[start : start + piece])

    return lambda: network.logits(images), theirs


def seconds_per_call(work: Work, budget: float) -> float:
    """Median over as many calls as fit into the budget, at least three."""
    times: list[float] = []
    end = time.perf_counter() + budget
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def compare(ours: Work, theirs: Work, *, rounds: int, budget: float) -> tuple[float, float, float]:
    """(our median, their median, median of the rounds' ratios theirs / ours), in seconds."""
    for work in (ours, theirs):
        seconds_per_call(work, budget / 2)  # warm up
    pairs = [(seconds_per_call(ours, budget), seconds_per_call(theirs, budget)) for _ in range(rounds)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(b / a for a, b in pairs),
    )


def peak_flops(size: int = 2000) -> float:
    """Single-precision operations a second of a large matrix product, the best of five, BLAS on all cores."""
    a = np.random.default_rng(0).random((size, size), np.float32)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - start)
    return float(2 * size**3 / min(times))


# multiplications and additions of lenet5's products for one digit: forward, and about twice that backward,
# less C1's gradient with respect to the image
LENET5_FLOPS = 2 * (3 * (6 * 576 * 25 + 16 * 64 * 150 + 256 * 120 + 120 * 84 + 84 * 10) - 6 * 576 * 25)


MEMORY = """
import sys, psutil
from pathlib import Path
from engine import TrainingConfig, TrainingRun
from engine.datasets.mnist import read_mnist
for record in TrainingRun(read_mnist(Path(sys.argv[1]), "train"), TrainingConfig()):
    if record.step == 400:
        break
print(psutil.Process().memory_info().rss // 2**20)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each side in each round")
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    options = parser.parse_args()
    torch.set_num_threads(cores())
    keep_freed_memory()
    print(f"{platform.machine()}, {cores()} cores, NumPy {np.__version__}, PyTorch {torch.__version__}")
    peak = peak_flops()
    print(f"peak of a large matrix product: {peak / 1e9:.0f} GFLOP/s in single precision\n")
    print(f"{'work':<44}{'ours':>10}{'PyTorch':>10}{'ratio':>8}{'asked':>8}")
    with one_blas_thread():
        rates = {}
        for name, batch_size, asked in (
            ("lenet5", 64, 1.25), ("lenet5", 256, 1.0), ("cnn-4", 64, 0.8), ("cifar10", 64, 0.8),
        ):  # fmt: skip
            ours, theirs, ratio = compare(
                *training_steps(name, batch_size), rounds=options.rounds, budget=options.seconds
            )
            rates[name, batch_size] = batch_size / ours
            work = f"training step of {name}, batch {batch_size}, images/s"
            print(
                f"{work:<44}{batch_size / ours:>10,.0f}{batch_size / theirs:>10,.0f}{ratio:>8.2f}{asked:>8}"
            )
        for work, count, piece, asked in (
            ("forward over 10,000 digits in one call, ms", 10_000, 10_000, "3"),
            ("the same, PyTorch given 500 at a time, ms", 10_000, 500, ""),
            ("forward over one digit, ms", 1, 1, "2.5"),
        ):
            sides = forwards(count, piece)
            ours, theirs, ratio = compare(*sides, rounds=options.rounds, budget=options.seconds)
            print(f"{work:<44}{ours * 1e3:>10.3f}{theirs * 1e3:>10.3f}{ratio:>8.2f}{asked:>8}")
        rate = rates["lenet5", 64]
        print(f"\nlenet5, batch 64: {rate / cores():,.0f} digits/s per core, "
              f"{rate * LENET5_FLOPS / peak:.0%} of the peak")  # fmt: skip
        print("\nstep time of lenet5 by batch size, ms")
        for batch_size in (16, 32, 64, 128, 256, 512):
            step, _ = training_steps("lenet5", batch_size)
            print(f"{batch_size:>6}{seconds_per_call(step, options.seconds) * 1e3:>9.2f}")
    if options.data:
        command = [sys.executable, "-c", MEMORY, str(options.data)]
        resident = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        print(
            f"\nresident memory while training lenet5, batch 64, MNIST included: {resident.strip()} MB (400)"
        )


if __name__ == "__main__":
    main()
