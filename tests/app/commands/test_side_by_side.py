"""Answers come in order, whoever gives them, and the first before more is asked for."""

import os
import signal

import pytest

from app.commands import side_by_side as module
from app.commands.side_by_side import side_by_side
from engine.errors import WorkerError


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(module, "FIRST", 3)
    monkeypatch.setattr(module, "PIECE", 4)


def negative(number):
    return -number


def who(number):
    return os.getpid()


def end(number):
    if number == 9:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("count", [0, 2, 3, 4, 7, 40])
def test_answers_are_all_there_in_order(workers, count):
    assert list(side_by_side(negative, range(count), workers=workers)) == [-n for n in range(count)]


def test_the_first_are_answered_here_one_by_one():
    asked = []

    def items():
        for number in range(3):
            asked.append(number)
            yield number

    answers = side_by_side(who, items(), workers=2)
    assert next(answers) == os.getpid()
    assert asked == [0]


def test_the_rest_is_answered_elsewhere():
    pids = list(side_by_side(who, range(30), workers=2))
    assert set(pids[:3]) == {os.getpid()}
    assert os.getpid() not in pids[3:]


def test_a_process_that_is_killed_is_told():
    answers = side_by_side(end, range(40), workers=2)
    with pytest.raises(WorkerError, match="A process that reads was ended"):
        list(answers)
