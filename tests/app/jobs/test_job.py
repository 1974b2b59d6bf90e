"""app/jobs/job.py: real processes that count, pause, end, crash, and lose the program that started them."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.jobs import job as jobs
from app.jobs.job import Job
from app.language import speaking
from tests.app import work
from tests.app.work import Counted, Said

ROOT = Path(__file__).resolve().parents[3]
START = jobs._START  # of a person's jobs


@contextmanager
def running(*args, **kwargs):
    job = Job(*args, **kwargs)
    try:
        yield job
    finally:
        job.close()


def records_until(job, condition, timeout=60):
    """Poll until the condition holds of the records so far."""
    records, deadline = [], time.monotonic() + timeout
    while not condition(records):
        assert time.monotonic() < deadline, (job.state, job.error, records)
        records += job.poll()
        time.sleep(0.005)
    return records


def until_over(job, timeout=60):
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
        assert until_over(job) == [Counted(number, "ü☃") for number in (1, 2, 3)]
        assert (job.state, job.error) == ("done", "")
        assert job._process.returncode == 0
        assert job.poll() == []


def test_it_runs_at_a_lower_priority(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_START", START)
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        first, *_ = records_until(job, len)
        if hasattr(os, "nice"):
            assert first.nice >= min(19, os.nice(0) + jobs.NICENESS)


def test_a_pause_halts_it_until_it_is_resumed(tmp_path):
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        records_until(job, lambda records: len(records) > 3)
        job.pause()
        assert job.state == "paused"
        assert job.is_running
        # one that is on its way may still come; then, for ten times its pace, nothing does
        deadline = time.monotonic() + 60
        while job.poll():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        job.resume()
        assert job.state == "running"
        records_until(job, lambda records: len(records) > 3)


@pytest.mark.parametrize("paused", [False, True])
def test_a_cancel_ends_it_and_lets_it_tidy_up(tmp_path, monkeypatch, paused):
    monkeypatch.setattr(jobs, "GRACE", 100)  # it is not ended from outside
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        pid = records_until(job, len)[0].pid
        if paused:
            job.pause()
        job.cancel()
        assert until_over(job) == []
        assert (job.state, job.error) == ("cancelled", "")
        assert not is_alive(pid)
        assert (tmp_path / "tidied").exists()


@pytest.mark.parametrize("paused", [False, True])
def test_it_can_be_told_to_finish_with_what_it_has(paused):
    with running(work.count_until_told) as job:
        records = records_until(job, len)
        if paused:
            job.pause()
        job.finish()
        assert job.state == "running"
        *_, before, last = records + until_over(job)
        assert job.state == "done"
        assert last == Counted(before.number, "finished")


def test_work_is_told_whether_it_is_watched_and_a_pause_stays_one():
    with running(work.count_until_told) as job:
        assert records_until(job, len)[0].text == ""
        job.watch(True)
        assert records_until(job, lambda records: records and records[-1].text == "watched")
        job.pause()
        job.watch(False)
        assert job.state == "paused"
        job.resume()
        records_until(job, lambda records: records and records[-1].text == "")
        job.finish()
        until_over(job)


def test_after_a_cancel_it_is_not_told_to_finish():
    with running(work.count_until_told) as job:
        records_until(job, len)
        job.pause()
        job.cancel()
        job.finish()
        assert job.state == "paused"
        until_over(job)
        assert job.state == "cancelled"


@pytest.mark.parametrize("hang", [work.hang, work.hang_with_the_lock])
def test_work_that_does_not_listen_is_ended_too(monkeypatch, hang):
    monkeypatch.setattr(jobs, "GRACE", 0.1)
    with running(hang) as job:
        pid = records_until(job, len)[0].pid
        job.cancel()
        until_over(job)
        assert job.state == "cancelled"
        assert not is_alive(pid)


def test_close_waits_for_the_end(tmp_path):
    job = Job(work.count_for_ever, traces=str(tmp_path))
    pid = records_until(job, len)[0].pid
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
        ("file", "There is no digits.gz."),
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
        assert until_over(job) == [Said()]
        assert (job.state, job.error) == ("failed", message)
    assert ("Traceback" in caplog.text) == (how == "surprise")


def test_a_failure_is_told_in_the_language_of_the_window():
    with speaking("it"), running(work.fail, how="translated") as job:
        until_over(job)
    assert job.error == "Esci"


def test_a_process_that_left_no_message_is_told_with_its_number():
    with running(work.fail, how="silent") as job:
        until_over(job)
    assert job.error == "The process ended with status 4: it left no message"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
@pytest.mark.parametrize("keep", [1, 10, -1])  # bytes; the last one is the end of the line
def test_one_that_is_ended_amid_a_line_has_failed(keep):
    with running(work.end_amid_a_line, keep=keep) as job:
        assert until_over(job) == [Counted(1)]
        assert job.state == "failed"
        assert "SIGKILL" in job.error
        assert job.poll() == []


@pytest.mark.parametrize("line", ["garbage", "[]", "{", '["Nothing", {}]', '["Counted", {"number": "one"}]'])
def test_garbage_on_its_output_is_a_failure_and_ends_it(line):
    with running(work.say_garbage, line=line) as job:
        assert until_over(job) == [Counted(1)]
        assert job.state == "failed"
        assert job.error == f"A message between window and job was expected, got {line!r}."


def test_garbage_on_its_input_ends_it_and_lets_it_tidy_up(tmp_path):
    with running(work.count_for_ever, traces=str(tmp_path)) as job:
        records_until(job, len)
        job._process.stdin.write(b"garbage\n")
        until_over(job)
        assert job.state == "failed"
        assert job.error == "A message between window and job was expected, got 'garbage'."
        assert (tmp_path / "tidied").exists()


def test_garbage_on_its_input_ends_work_that_does_not_listen():
    with running(work.hang_with_little_grace) as job:
        records_until(job, len)
        job._process.stdin.write(b"garbage\n")
        until_over(job)
        assert job.state == "failed"


@pytest.mark.parametrize("line", ["garbage", '["Pause", {}]'])
def test_what_does_not_begin_with_an_order_is_a_failure(monkeypatch, line):
    monkeypatch.setattr(jobs, "encode", lambda message: line.encode() + b"\n")
    with running(work.hang) as job:
        until_over(job)
        assert job.state == "failed"
        assert "was expected" in job.error


@pytest.mark.parametrize("was_paused", [False, True])
@pytest.mark.parametrize("ended", [False, True])
def test_after_a_cancel_it_can_neither_be_paused_nor_resumed(monkeypatch, was_paused, ended):
    monkeypatch.setattr(jobs, "GRACE", 0.05)
    with running(work.hang) as job:
        records_until(job, len)
        if was_paused:
            job.pause()
        job.cancel()
        if ended:
            until_over(job)
        job.resume()
        job.pause()
        until_over(job)
        assert job.state == "cancelled"


def test_records_are_long_and_short_and_all_arrive_whole():
    lengths = [3_000_000, 0, 70_000, 1]
    with running(work.write_lines_of, lengths=lengths) as job:
        records = until_over(job)
        assert [(record.number, len(record.text)) for record in records] == list(enumerate(lengths))


def test_a_long_record_need_not_be_looked_at_to_be_written():
    with running(work.write_lines_of, lengths=[3_000_000]) as job:
        assert job._process.wait(60) == 0  # a pipe would be full
        (record,) = job.poll()
        assert (len(record.text), job.state) == (3_000_000, "done")


def test_it_leaves_no_file_and_no_open_one(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with running(work.count, to=3) as job:
        until_over(job)
    assert list(tmp_path.iterdir()) == []
    assert job._output._file.closed


# Python's garbage collector runs in whichever thread makes the next object. What it frees of Tk in a thread
# that is not Tk's waits for Tk's thread, and for good if that waits for this thread.
COLLECTED_ELSEWHERE = """
import gc, sys, threading, tkinter
from app.jobs.job import Job
from tests.app import work
main, set_event, run = threading.get_ident(), threading.Event.set, threading.Thread.run
def collect():
    if threading.get_ident() != main:
        gc.collect()
threading.Event.set = lambda event: (collect(), set_event(event))  # a thread says that it has started
threading.Thread.run = lambda thread: (run(thread), collect())  # and ends
gc.disable()
root = tkinter.Tk()
def litter():
    cycle = [tkinter.PhotoImage(master=root), tkinter.StringVar(root)]
    cycle.append(cycle)
def begin():
    litter()
    job = Job(work.count, to=3)
    root.after(100, end, job)
def end(job):
    litter()
    job.close()
    print(job.state, flush=True)
    root.destroy()
root.after(1, begin)
root.mainloop()
"""


def test_what_a_closed_dialog_leaves_of_tk_is_never_freed_by_another_thread(display):
    ended = subprocess.run(
        [sys.executable, "-c", COLLECTED_ELSEWHERE], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    assert ended.stdout.strip() in ("done", "cancelled"), ended.stderr


def test_arguments_that_json_cannot_hold_start_nothing(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **options: pytest.fail("a process was started"))
    with pytest.raises(TypeError):
        Job(work.count, to=object())


def test_a_job_starts_no_thread_here():
    before = threading.enumerate()
    with running(work.count, to=3) as job:
        assert threading.enumerate() == before
        until_over(job)
        assert threading.enumerate() == before


def test_a_record_that_json_cannot_hold_is_a_failure(caplog):
    with running(work.become_a_list) as job:
        until_over(job)
        assert job.state == "failed"
        assert "TypeError" in job.error


def test_what_the_work_prints_is_no_record():
    with running(work.print_and_start_others) as job:
        assert until_over(job) == [Said()]
        assert job.state == "done"


PARENT = """
import sys, time
from app.jobs.job import Job
from tests.app import work
hangs = sys.argv[2] == "hang"
job = Job(work.hang_with_little_grace) if hangs else Job(work.count_for_ever, traces=sys.argv[1])
records = []
while not records:
    records = job.poll()
    time.sleep(0.01)
print(records[0].pid, flush=True)
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
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.send_signal(number)
    deadline = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (tmp_path / "tidied").exists() == (doing == "count")
