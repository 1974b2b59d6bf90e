"""benchmarks/ measures what it says; how long that takes is nobody's business here."""

import itertools

from benchmarks import engine, window


def test_the_start_that_is_measured_ends_with_the_window_on_the_screen(display):
    assert window.start_ms() > 0


def test_every_motion_of_a_digit_is_measured(display, monkeypatch):
    monkeypatch.setattr(window, "ROUNDS", 1)
    (digit,) = itertools.islice(window.digits(), 1)
    monkeypatch.setattr(window, "digits", lambda: iter([digit]))
    delays = window.motion_delays_ms()
    motions = sum(len(stroke) - 1 for stroke in digit)
    assert motions / 2 < len(delays) <= motions  # those that changed the bars
    assert all(delay > 0 for delay in delays)


def test_every_work_of_ours_that_is_measured_can_be_done():
    makers = {"step": engine.our_step, "forward": engine.our_forward}
    for kind, *arguments in {work for _, work, _ in engine.WORKS}:
        small = [argument if isinstance(argument, str) else min(argument, 8) for argument in arguments]
        makers[kind](*small)()
