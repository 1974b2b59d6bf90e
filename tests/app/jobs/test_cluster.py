"""A sweep on a cluster, one worker of it killed, ends in the bytes of one that was learnt here."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from app.jobs import cluster
from app.jobs.cluster import ClusterPool
from app.jobs.sweeping import LocalPool, begun, swept
from engine.errors import ConfigurationError, WorkerError
from tests.app.jobs.test_sweeping import MNIST, PLAN, weights
from tests.digit_templates import write_mnist

ROOT = Path(__file__).resolve().parents[3]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def started(tmp_path):
    """Starts programs of Dask's, as its own pages say, and ends them."""
    running = []
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def start(*words, folder=ROOT):
        log = open(tmp_path / f"{len(running)}.log", "w")  # noqa: SIM115, as long as the program
        running.append((
            subprocess.Popen(
                [sys.executable, "-m", "dask", *words], cwd=folder, env=alone, stdout=log, stderr=log
            ),
            log,
        ))  # fmt: skip
        return running[-1][0]

    yield start
    for program, log in running:
        program.kill()
        program.wait()
        log.close()


@pytest.mark.thorough
def test_a_worker_that_dies_changes_nothing(started, tmp_path):
    address = f"tcp://127.0.0.1:{free_port()}"
    started("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path))
    workers = [started("worker", address, *options) for _ in range(2)]
    here = begun(PLAN, tmp_path / "here")
    list(swept(PLAN, here, LocalPool(0), data=None))
    pool, there = ClusterPool(address), begun(PLAN, tmp_path / "there")
    try:
        for count, _ in enumerate(swept(PLAN, there, pool, data=None)):
            if count == 2:
                os.kill(workers[0].pid, signal.SIGKILL)
    finally:
        pool.close()
    assert [weights(training) for training in there] == [weights(training) for training in here]


def test_a_worker_without_the_data_is_sent_it(started, tmp_path, monkeypatch):
    write_mnist(tmp_path / "data", train=60, test=5, rng=np.random.default_rng(1))
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "nothing"))
    address = f"tcp://127.0.0.1:{free_port()}"
    started("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path))
    for _ in range(2):
        started("worker", address, *options)
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "data"))
    here, pool, there = (
        begun(MNIST, tmp_path / "here"),
        ClusterPool(address),
        begun(MNIST, tmp_path / "there"),
    )
    list(swept(MNIST, here, LocalPool(0), data=None))
    try:
        list(swept(MNIST, there, pool, data=None))
    finally:
        pool.close()
    assert [weights(training) for training in there] == [weights(training) for training in here]


def test_a_scheduler_that_does_not_find_the_program_says_so(started, tmp_path):
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    started("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", folder=tmp_path)
    with pytest.raises(
        WorkerError, match=f"at {address} does not find this program. Start it and its workers"
    ):
        ClusterPool(address)


def test_where_nobody_answers_that_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.2)
    with pytest.raises(WorkerError, match=r"No Dask scheduler answers at tcp://127.0.0.1:\d+. Start one"):
        ClusterPool(f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(WorkerError, match="No Dask scheduler answers at nonsense://x"):
        ClusterPool("nonsense://x")


@pytest.mark.parametrize(
    "address", ["", "nonsense", "nonsense://x:1", "tcp://", "tcp://x:port", "tcp://:8786"]
)
def test_what_is_no_address_is_not_tried(address, monkeypatch):
    monkeypatch.setattr("distributed.Client", None)
    with pytest.raises(WorkerError, match=f"No Dask scheduler answers at {address}"):
        ClusterPool(address)


def test_without_dask_what_to_install_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigurationError, match=r"-r requirements-cluster\.txt"):
        ClusterPool("tcp://127.0.0.1:1")


def test_a_scheduler_that_comes_back_is_found_again(started, monkeypatch, tmp_path):
    address = f"tcp://127.0.0.1:{free_port()}"
    begin = ("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    scheduler = started(*begin)
    pool = ClusterPool(address)
    scheduler.kill()
    scheduler.wait()
    time.sleep(0.1)
    started(*begin)
    pool.renew()
    pool.close()
