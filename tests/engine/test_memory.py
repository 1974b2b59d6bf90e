"""Memory: asking for it to be kept changes nothing but the speed."""

import sys

import pytest

from engine import memory


def test_it_is_asked_for_once_and_only_where_it_is_known(monkeypatch):
    calls = []

    class Library:
        def __init__(self, name):
            self.mallopt = lambda *arguments: calls.append(arguments)

    monkeypatch.setattr(memory.ctypes, "CDLL", Library)
    keep = memory.keep_freed_memory.__wrapped__
    monkeypatch.setattr(sys, "platform", "darwin")
    keep()
    assert calls == []
    monkeypatch.setattr(sys, "platform", "linux")
    keep()
    assert [option for option, _ in calls] == [memory.M_MMAP_THRESHOLD, memory.M_TRIM_THRESHOLD]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_a_c_library_without_the_option_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    memory.keep_freed_memory.__wrapped__()
