"""A team meets in every round, sums the same bytes, notices a death, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from engine.machine import workers
from engine.machine.workers import Team, WorkerEnded
from tests.engine.machine.test_processes import wait_for_the_end

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = {"ask": ((3,), np.float32), "got": ((3, 2), np.int64)}


class Doubling:
    """Doubles what is asked into the row of its seat, and tells who it is."""

    def __init__(self, seat):
        self.seat = seat

    def __call__(self):
        index = self.seat.index
        self.seat.arrays["got"][index] = 2 * self.seat.arrays["ask"][index], os.getpid()


class Summing:
    def __init__(self, seat):
        self.seat = seat

    def __call__(self):
        index = self.seat.index
        for turn in range(50):
            mine = np.array([0.1 * index + turn, index], np.float32)
            total = self.seat.total(mine)
            if turn == 49:
                self.seat.arrays["ask"][index], self.seat.arrays["got"][index] = total[0], total[1]


class Failing(Doubling):
    def __call__(self):
        if self.seat.arrays["ask"][0] == 13:
            raise ValueError("the work itself is wrong")


class Dawdling(Doubling):
    def __call__(self):
        time.sleep(600)


@pytest.fixture
def team(request):
    teams = []

    def made(make, count=3, layout=LAYOUT, **options):
        teams.append(Team(count, make, layout, **options))
        return teams[-1]

    yield made
    for each in teams:
        each.close()


def test_every_process_does_its_share_of_every_round(team):
    three = team(Doubling)
    for turn in range(5):
        three.arrays["ask"][:] = turn, turn + 1, turn + 2
        three.round(Doubling(three.seat))
        assert three.arrays["got"][:, 0].tolist() == [2 * turn, 2 * turn + 2, 2 * turn + 4]
    assert len(set(three.arrays["got"][:, 1].tolist())) == 3
    assert three.arrays["got"][0, 1] == os.getpid()


def test_a_sum_is_the_same_bytes_for_all(team):
    three = team(Summing, most_summed=2)
    three.round(Summing(three.seat))
    expected = np.array([0.1 * i + 49 for i in range(3)], np.float32).astype(np.float64).sum()
    np.testing.assert_allclose(three.arrays["ask"], expected, rtol=1e-7)
    assert len({value.tobytes() for value in three.arrays["ask"]}) == 1
    assert three.arrays["got"].tolist() == [[3, 3]] * 3


def test_a_sum_stays_until_all_have_read_it(monkeypatch):
    """One that is quick asks for the next sum before another, held up, has read this one."""
    memory = workers._Memory({"sums": ((2, 2, 1), np.float64)}, 2)
    quick, slow = (workers.Seat(index, 2, memory, lambda: None) for index in (0, 1))
    may_read, wait = threading.Event(), slow._wait
    monkeypatch.setattr(slow, "_wait", lambda *arguments: may_read.wait(60) and wait(*arguments))
    totals = {"quick": [], "slow": []}

    def ask(name, seat, values):
        totals[name].extend(float(seat.total(np.array([value]))[0]) for value in values)

    threads = [
        threading.Thread(target=ask, args=("quick", quick, [1.0, 100.0])),
        threading.Thread(target=ask, args=("slow", slow, [10.0, 20.0])),
    ]
    for thread in threads:
        thread.start()
    while quick._counters[8 * workers.SUMMED] < 2:  # it has written into the second sum
        time.sleep(0.001)
    may_read.set()
    for thread in threads:
        thread.join(60)
    assert totals == {"quick": [11.0, 120.0], "slow": [11.0, 120.0]}


def test_a_pause_between_rounds_holds_nobody_up(team, monkeypatch):
    pair = team(Doubling, 2)
    pair.round(Doubling(pair.seat))
    time.sleep(0.3)  # the other sleeps between its looks by now
    pair.arrays["ask"][:] = 4, 5, 0
    pair.round(Doubling(pair.seat))
    assert pair.arrays["got"][:2, 0].tolist() == [8, 10]


def test_a_death_ends_the_round_that_waits_for_it(team):
    pair = team(Doubling, 2)
    pair.round(Doubling(pair.seat))
    os.kill(int(pair.arrays["got"][1, 1]), signal.SIGKILL)
    with pytest.raises(WorkerEnded, match="worker 1 has ended with status -9"):
        pair.round(Doubling(pair.seat))


def test_an_error_in_a_share_ends_the_round(team, capfd):
    pair = team(Failing, 2)
    pair.arrays["ask"][0] = 13
    with pytest.raises(WorkerEnded, match="worker 1 has ended with status 1"):
        pair.round(lambda: None)
    assert "the work itself is wrong" in capfd.readouterr().err


def test_closing_ends_those_that_wait_and_those_that_work(team, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.2)
    idle, busy = team(Doubling, 2), team(Dawdling, 2)
    idle.round(Doubling(idle.seat))
    pids = [process.pid for each in (idle, busy) for process in each._processes]
    busy.seat._tell(0, workers.ORDERED, 1)
    idle.close()
    busy.close()
    assert all(wait_for_the_end(pid) for pid in pids)
    assert idle.arrays["got"][0, 1] == os.getpid()  # what was shared lives on


def test_no_memory_to_share_is_told(monkeypatch):
    monkeypatch.setattr(os, "memfd_create", lambda name: os.open("/", os.O_RDONLY), raising=False)
    with pytest.raises(OSError):
        Team(2, Doubling, LAYOUT)


def test_without_nameless_files_a_temporary_one_serves(team, monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    pair = team(Doubling, 2)
    pair.arrays["ask"][:] = 1, 2, 0
    pair.round(Doubling(pair.seat))
    assert pair.arrays["got"][:2, 0].tolist() == [2, 4]


PROGRAM = """
import os
from engine.machine.workers import Team
from tests.engine.machine.test_workers import LAYOUT, Doubling
if __name__ == "__main__":
    team = Team(3, Doubling, LAYOUT)
    team.round(Doubling(team.seat))
    print(*team.arrays["got"][1:, 1], flush=True)
    while True:
        team.round(Doubling(team.seat))
"""


def mapped_in_memory(pid):
    """The files in memory that a process maps, also those without a name."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    paths = [line.split(maxsplit=5)[5] for line in lines if line.count(" ") > 5 and "/" in line]
    return [path for path in paths if path.startswith(("/dev/shm/", "/memfd:", "/dev/zero"))]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_nothing_is_left_of_a_team_that_is_killed(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "program.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    try:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        shared = {each for pid in (parent.pid, *pids) for each in mapped_in_memory(pid)}
    finally:
        parent.kill()
        parent.communicate()
    assert all(wait_for_the_end(pid) for pid in pids)
    assert shared  # and no name of it can be left, for it has none
    assert not {path for path in shared if os.path.exists(path)}
