"""app/page/collector.py: each drawing is kept once, and never as something to learn from."""

import pytest

from app.page.collector import Collector
from app.page.reading import Reading
from app.store.samples import KeptSamples
from engine.datasets.samples import UNLABELLED, Sample
from engine.nn.losses import NO_CLASS

LINE, OTHER = [(0.2, 0.2), (0.8, 0.2)], [(0.2, 0.8), (0.8, 0.8)]
ONE, NONE = Reading(digit=1, is_digit=True, is_drawn=True), Reading(digit=4, is_drawn=True)


@pytest.fixture
def taught(tmp_path):
    return KeptSamples(tmp_path / "samples.jsonl")


@pytest.fixture
def collected(tmp_path):
    return KeptSamples(tmp_path / "collected.jsonl", are_labelled=False)


@pytest.fixture
def collector(taught, collected):
    return Collector(taught, collected, now=lambda: "now")


def test_it_is_off_at_first(collector):
    assert not collector.is_on


def test_what_was_read_is_kept_and_no_label(collector, collected):
    assert collector.collect([(ONE, [LINE]), (NONE, [OTHER])]) == 2
    first, second = collected.samples
    assert (first.label, first.read_as, first.when) == (UNLABELLED, 1, "now")
    assert (second.label, second.read_as) == (UNLABELLED, NO_CLASS)
    assert collector.count == 2


def test_a_drawing_is_kept_once_and_not_where_it_was_taught(collector, taught):
    taught.add(Sample(7, [OTHER]))
    assert collector.collect([(ONE, [LINE]), (ONE, [OTHER])]) == 1
    assert collector.collect([(ONE, [LINE])]) == 0
    assert collector.count == 1


def test_of_a_picture_it_keeps_what_the_network_saw(collector, collected):
    ink = bytes(range(256)) * 3 + bytes(16)
    collector.collect([(Reading(digit=2, is_digit=True, is_drawn=True, ink=ink), [])])
    assert collected.samples[0].picture.tobytes() == ink
