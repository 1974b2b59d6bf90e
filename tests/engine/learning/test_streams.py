"""Random numbers depend on all that they are named by, and on nothing else."""

import itertools

from engine.learning.streams import Purpose, stream


def test_a_stream_is_a_function_of_its_names():
    assert stream(3, Purpose.ORDER, 2).random() == stream(3, Purpose.ORDER, 2).random()
    assert stream(3, Purpose.ORDER, 2, part=1).random() == stream(3, Purpose.ORDER, 2, part=1).random()


def test_each_name_makes_another_stream():
    names = itertools.product((0, 1), Purpose, (0, 1), (None, 0, 1))
    first = [stream(seed, purpose, count, part=part).random() for seed, purpose, count, part in names]
    assert len(set(first)) == len(first)
