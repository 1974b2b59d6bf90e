"""app/jobs/records.py: each record comes through as it was sent."""

from dataclasses import fields

import numpy as np
import pytest

from app.jobs.protocol import decode, encode
from app.jobs.records import (
    Begin,
    Comparison,
    End,
    Epoch,
    Measured,
    Measuring,
    Preparing,
    Progress,
    SetResult,
    Step,
)
from engine.learning.training import EpochRecord
from engine.reading.evaluation import PairedTally, Tally

ALONE = SetResult("synthetic", Tally(45, 50), None)
BESIDE = SetResult("mnist", Tally(45, 50), PairedTally(50, both=40, only_first=2, only_second=5))


@pytest.mark.parametrize(
    "record",
    [
        Progress(0.5),
        Begin(14, 7, 3),
        Preparing(7.5),
        Step(3, 1, 5.0),
        Epoch(1, 7, 0.01, 2.3, 0.5, 2.2, 0.6, 1.5),
        Measuring(0.25, 3.0),
        End("/a/b", Comparison((ALONE,))),
        End("/a/b", Comparison((BESIDE, ALONE))),
    ],
)
def test_it_comes_through_as_it_was(record):
    assert decode(encode(record)) == record


@pytest.mark.parametrize("rejected", [None, np.array([True, False])])
def test_a_measurement_comes_through_with_all_its_arrays(rejected):
    record = Measured(
        np.zeros((2, 28, 28), np.uint8), np.array([1, 0]), np.full((2, 10), 0.1, np.float32), 2.3, rejected
    )
    found = decode(encode(record))
    for field in fields(Measured):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(record, field.name), strict=True)


def test_an_epoch_is_told_with_all_that_the_engine_tells_of_it():
    assert [field.name for field in fields(Epoch)] == [field.name for field in fields(EpochRecord)]
