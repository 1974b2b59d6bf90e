"""Trainings that are killed at random moments, each time by SIGKILL, and resumed until they end.

python -m tests.engine.interrupted_run FOLDER KILLS SEED trains again and again, until so many kills have come
in between. FOLDER/0.npz, 1.npz … are the networks, steps.txt has the step of each new start.
It forks, which a process as large as pytest had better not.
"""

import multiprocessing
import os
import sys
from itertools import count
from pathlib import Path

import numpy as np

from engine import Dataset, TrainingConfig, TrainingRun
from engine.learning.checkpoint import checkpointed, has_checkpoint, load_checkpoint, remove_checkpoint
from tests.digit_templates import digit_images

CONFIG = TrainingConfig(
    architecture="mlp-relu",  # with dropout
    epochs=8,
    batch_size=16,
    weight_average=0.9,
    validation_fraction=0.2,
)


def dataset() -> Dataset:
    return Dataset(*digit_images(200, np.random.default_rng(7)))


def go_on(digits: Dataset, checkpoint: Path, result: Path, every: float, under_way) -> None:
    """Train from the checkpoint on, if there is one, and write the result."""
    if has_checkpoint(checkpoint):
        state, damage = load_checkpoint(checkpoint)
        assert not damage, damage
        run = TrainingRun.resume(digits, state)
        with open(checkpoint.with_name("steps.txt"), "a") as steps:
            steps.write(f"{run.step}\n")
    else:
        run = TrainingRun(digits, CONFIG)
    for _ in checkpointed(run, checkpoint, every=every):
        under_way.set()
    under_way.set()  # also where nothing was left to learn
    part = result.with_suffix(".part.npz")
    np.savez(part, **run.network.state())
    os.replace(part, result)


def main(folder: Path, kills: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    digits, checkpoint = dataset(), folder / "checkpoint"
    processes = multiprocessing.get_context("fork")
    for number in count():
        result = folder / f"{number}.npz"
        while not result.exists():
            under_way = processes.Event()
            # after every step, so that a kill may well meet the writing; or seldom, so that it meets a step
            every = rng.choice([0.0, 0.02])
            process = processes.Process(target=go_on, args=(digits, checkpoint, result, every, under_way))
            process.start()
            if rng.random() < 0.8:  # the others are killed while they read or begin
                under_way.wait(10)
            process.join(rng.uniform(0.0, 0.05) if kills else None)
            if process.is_alive():
                process.kill()
                process.join()
                kills -= 1
            else:
                assert process.exitcode == 0
        if not kills:
            return
        remove_checkpoint(checkpoint)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
