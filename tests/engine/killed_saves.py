"""Saves that are killed, each by SIGKILL, and what a reader finds afterwards.

python -m tests.engine.killed_saves FOLDER KILLS SEED saves two networks by turns into FOLDER/net, in
processes that are killed, half of them at a random call of the system and the others at a random moment.
Between kills it looks whether one of the two is there, whole, and what is the person's as it was; now and
then it begins with no folder at all. What was found is counted in FOLDER/found.json. It forks, which a
process as large as pytest had better not.
"""

import json
import multiprocessing
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine import build_network, load_network, save_network
from engine.files.folder_transaction import COMMITTED, LOCK, STAGING, is_bare
from tests.engine.system_calls import SystemCalls, killed_at

# of two kinds, so that each has files that the other has not
NETWORKS = [build_network(name, rng=np.random.default_rng(1)) for name in ("mlp-tanh", "lenet5")]
ATTACHMENTS = [{"history.csv": b"epoch\n1\n", "training.json": b"{}"}, {"curve.png": b"\x89PNG"}]
OURS = {"notes.txt": b"mine", "name.txt": b"My network\n", "inner/network.json": b"{}", "inner/.saving": b""}


def save(which: int, folder: Path) -> None:
    save_network(NETWORKS[which], folder, attachments=ATTACHMENTS[which], overwrite=True)


def put_a_persons_files(folder: Path) -> None:
    (folder / "inner").mkdir()
    for name, content in OURS.items():
        (folder / name).write_bytes(content)


def assert_persons_files_are_there(folder: Path) -> None:
    for name, content in OURS.items():
        assert (folder / name).read_bytes() == content, name


def which_is_there(folder: Path) -> int:
    """0 or 1: the network that a reader finds; SavedNetworkError if there is none that is whole."""
    state = load_network(folder).state()
    for which, network in enumerate(NETWORKS):
        expected = network.state()
        if state.keys() == expected.keys():
            assert all(state[name].tobytes() == expected[name].tobytes() for name in state)
            return which
    raise AssertionError("a network that nobody has saved")


def assert_nothing_is_left_over(folder: Path, which: int) -> None:
    names = {f"{name}.npy" for name in NETWORKS[which].state()} | set(ATTACHMENTS[which])
    names |= {"network.json", "README.md"}
    theirs = {Path(name).parts[0] for name in OURS if (folder / name).exists()}
    assert {path.name for path in folder.iterdir()} == names | theirs


def saver(folder: Path, first: int, call: int | None, begun) -> None:
    begun.set()
    if call is not None:
        with pytest.MonkeyPatch.context() as patch:
            SystemCalls(patch, killed_at(call))
            save(first, folder)
        return
    for which in (first, 1 - first) * 100:
        save(which, folder)


def main(place: Path, kills: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    processes = multiprocessing.get_context("fork")
    folder, found = place / "net", Counter()
    there = None  # which network it was before the kill
    while found["kills"] < kills:
        if there is None or rng.random() < 0.1:
            shutil.rmtree(folder, ignore_errors=True)
            there = int(rng.integers(2)) if rng.random() < 0.7 else None
            if there is not None:
                save(there, folder)
                put_a_persons_files(folder)
        call = int(rng.integers(1, 110)) if rng.random() < 0.5 else None
        new = int(rng.integers(2)) if there is None else 1 - there
        begun = processes.Event()
        process = processes.Process(target=saver, args=(folder, new, call, begun))
        process.start()
        begun.wait()
        process.join(None if call is not None else rng.uniform(0.0, 0.06))
        if process.is_alive():
            process.kill()
            process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        found["kills"] += process.exitcode != 0  # else it had ended before
        for name in (LOCK, STAGING, COMMITTED):
            found[f"left {name}"] += (folder / name).exists()
        if there is None and (not folder.exists() or is_bare(folder)):
            found["no network before and none after"] += 1
            continue
        now = which_is_there(folder)
        found["the old network" if now == there else "the new network"] += 1
        if there is None:
            put_a_persons_files(folder)
        assert_persons_files_are_there(folder)
        there = now
        if rng.random() < 0.5:  # else the next one to be killed finds what this one has left
            save(there, folder)
            assert_nothing_is_left_over(folder, there)
            assert_persons_files_are_there(folder)
    (place / "found.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
