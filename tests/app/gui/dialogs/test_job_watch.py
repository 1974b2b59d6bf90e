"""app/gui/dialogs/job_watch.py: a job is followed to its end, and ends with its widget."""

import tkinter as tk

import pytest

from app.gui.dialogs.job_watch import JobWatch
from app.jobs.job import Job
from tests.app import work
from tests.app.hand import has_ended, wait_until
from tests.app.work import Counted


@pytest.fixture
def widget(root):
    widget = tk.Frame(root)
    widget.pack()
    return widget


def test_records_and_then_the_end_are_told(root, widget):
    told = []
    JobWatch(widget, Job(work.count, to=3), on_record=told.append, on_end=lambda: told.append("end"))
    wait_until(root, lambda: "end" in told)
    assert told == [*(Counted(number, "ü☃") for number in (1, 2, 3)), "end"]


@pytest.mark.usefixtures("little_grace")
def test_every_look_is_told_also_where_nothing_came(root, widget):
    looks = []
    job = Job(work.hang)
    JobWatch(widget, job, on_record=lambda record: None, on_end=lambda: None, on_look=lambda: looks.append(1))
    wait_until(root, lambda: len(looks) >= 5)
    job.close()


def test_an_error_in_what_becomes_of_a_record_does_not_end_the_watch(root, widget, monkeypatch):
    errors, ends = [], []
    monkeypatch.setattr(tk.Tk, "report_callback_exception", lambda *args: errors.append(args[2]))

    def fail(record):
        raise ZeroDivisionError

    JobWatch(widget, Job(work.count, to=3), on_record=fail, on_end=lambda: ends.append(1))
    wait_until(root, lambda: ends)
    assert errors
    assert ends == [1]


@pytest.mark.usefixtures("little_grace")
def test_the_end_of_the_widget_ends_the_job(root, widget):
    told = []
    job = Job(work.hang)
    JobWatch(widget, job, on_record=told.append, on_end=lambda: told.append("end"))
    wait_until(root, lambda: told)
    widget.destroy()
    assert has_ended(told[0].pid)
    root.update()
    assert "end" not in told
