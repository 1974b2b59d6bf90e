"""Lets the system's calls fail, or kill the process, from the n-th one on that changes or opens a file."""

import builtins
import os
import signal

CALLS = [
    *((os, name) for name in ("open", "fsync", "mkdir", "rename", "replace", "unlink", "rmdir", "listdir")),
    (builtins, "open"),
]


class SystemCalls:
    """Counts the calls; `act` is asked at each of them, before it is made, with its number from 1."""

    def __init__(self, monkeypatch, act=lambda count: None):
        self.count = 0
        for module, name in CALLS:
            monkeypatch.setattr(module, name, self._watched(getattr(module, name), act))

    def _watched(self, call, act):
        def watched(*arguments, **options):
            self.count += 1
            act(self.count)
            return call(*arguments, **options)

        return watched


def failing_at(number, *, ever_after):
    """The n-th fails as on a broken disk; or it and all that follow, as on one that was pulled out."""

    def act(count):
        if count == number or (ever_after and count > number):
            raise OSError(5, "Input/output error")

    return act


def killed_at(number):
    def act(count):
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return act
