"""app/jobs.py: real processes that count, pause, end, crash, and lose the program that started them."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import jobs
from app.jobs import Job
from tests.app import work

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(*args, **kwargs):
    job = Job(*args, **kwargs)
    try:
        yield job
    finally:
        job.close()


def records_until(job, condition, timeout=10):
    """Poll until the condition holds of the records so far."""
    records, deadline = [], time.monotonic() + timeout
    while not condition(records):
        assert time.monotonic() < deadline, (job.state, job.error, records)
        records += job.poll()
        time.sleep(0.005)
    return records


def until_over(job, timeout=10):
    return records_until(job, lambda _: not job.is_running, timeout)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    if sys.platform == "linux":  # one that nobody has waited for yet is over as well
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def test_all_records_arrive_in_order_and_then_it_is_done():
    with running(work.count, to=3) as job:
        assert job.is_running
        assert until_over(job) == [{"number": n, "text": "ü☃"} for n in (1, 2, 3)]
        assert (job.state, job.error) == ("done", "")
        assert job.poll() == []


def test_it_runs_at_a_lower_priority(tmp_path):
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        first, *_ = records_until(job, len)
        if hasattr(os, "nice"):
            assert first["nice"] >= min(19, os.nice(0) + jobs.NICENESS)


def test_a_pause_halts_it_until_it_is_resumed(tmp_path):
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        records_until(job, lambda records: len(records) > 3)
        job.pause()
        assert job.state == "paused"
        assert job.is_running
        # one that is on its way may still come; then, for ten times its pace, nothing does
        deadline = time.monotonic() + 5
        while job.poll():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        job.resume()
        assert job.state == "running"
        records_until(job, lambda records: len(records) > 3)


@pytest.mark.parametrize("paused", [False, True])
def test_a_cancel_ends_it_within_a_second_and_lets_it_tidy_up(tmp_path, paused):
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        pid = records_until(job, len)[0]["pid"]
        if paused:
            job.pause()
        job.cancel()
        assert until_over(job, timeout=jobs.GRACE) == []
        assert (job.state, job.error) == ("cancelled", "")
        assert not is_alive(pid)
        assert (tmp_path / "tidied").exists()


@pytest.mark.parametrize("hang", [work.hang, work.hang_with_the_lock])
def test_work_that_does_not_listen_is_ended_too(monkeypatch, hang):
    monkeypatch.setattr(jobs, "GRACE", 0.1)
    with running(hang) as job:
        pid = records_until(job, len)[0]["pid"]
        job.cancel()
        until_over(job, timeout=5)
        assert job.state == "cancelled"
        assert not is_alive(pid)


def test_close_waits_for_the_end(tmp_path):
    job = Job(work.count_for_ever, traces=str(tmp_path))
    pid = records_until(job, len)[0]["pid"]
    job.close()
    assert job.state == "cancelled"
    assert not is_alive(pid)
    job.close()  # once more does no harm


def test_one_that_is_cancelled_at_once_does_not_begin(tmp_path):
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        job.cancel()
        assert until_over(job) == []
        assert job.state == "cancelled"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("expected", "The file is missing. Fetch it."),
        ("file", "digits.gz: No such file or directory."),
        ("memory", "There is not enough memory for it."),
        ("surprise", "Something went wrong in the program (ZeroDivisionError: by zero)."),
        ("exit", "The process ended with status 3: the last word"),
        pytest.param(
            "kill",
            "The system ended the process (SIGKILL). Perhaps there was not enough memory.",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="there are no signals"),
        ),
    ],
)
def test_a_failure_is_told_in_a_sentence(caplog, how, message):
    with running(work.fail, how=how) as job:
        assert until_over(job) == [{"begins": True}]
        assert (job.state, job.error) == ("failed", message)
    assert ("Traceback" in caplog.text) == (how == "surprise")


def test_a_record_that_json_cannot_hold_is_a_failure(caplog):
    with running(work.become_a_list) as job:
        until_over(job)
        assert job.state == "failed"
        assert "TypeError" in job.error


def test_what_the_work_prints_is_no_record():
    with running(work.print_and_start_others) as job:
        assert until_over(job) == [{"said": True}]
        assert job.state == "done"


PARENT = """
import json, sys, time
from app.jobs import Job
from tests.app import work
job = Job(work.hang) if sys.argv[2] == "hang" else Job(work.count_for_ever, traces=sys.argv[1])
records = []
while not records:
    records = job.poll()
    time.sleep(0.01)
print(json.dumps(records[0]), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
@pytest.mark.parametrize(
    ("number", "doing"), [(signal.SIGKILL, "count"), (signal.SIGTERM, "count"), (signal.SIGKILL, "hang")]
)
def test_it_ends_when_the_program_that_started_it_is_gone(tmp_path, number, doing):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), doing], cwd=ROOT, stdout=subprocess.PIPE
    ) as parent:
        pid = json.loads(parent.stdout.readline())["pid"]
        assert is_alive(pid)
        parent.send_signal(number)
    deadline = time.monotonic() + 5
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (tmp_path / "tidied").exists() == (doing == "count")
