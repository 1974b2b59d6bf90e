"""app/page/half_trained.py: a network that reads while it learns, in words."""

import pytest

from app.page.half_trained import HalfTrained
from tests.app.reports.marked import marked, unmarked_words


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (1, "A half-trained network reads: after 1 step, 61 % of the validation digits."),
        (1200, "A half-trained network reads: after 1,200 steps, 61 % of the validation digits."),
    ],
)
def test_it_tells_how_far_it_is(step, told):
    assert HalfTrained(None, step, 306, 500).told == told


@pytest.mark.parametrize(("right", "percent"), [(2999, "99 %"), (3000, "100 %")])
def test_only_one_that_reads_all_is_said_to(right, percent):
    assert HalfTrained(None, 9, right, 3000).told.endswith(f", {percent} of the validation digits.")


def test_all_of_its_words_are_translated():
    with marked():
        half = HalfTrained(None, 12, 306, 500)
        assert not unmarked_words(f"{half.told} {half.name} {half.mark}")
