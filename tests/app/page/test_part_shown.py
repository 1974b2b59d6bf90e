"""app/page/part_shown.py: which digit of a number bars and preview show."""

import pytest

from app.page.part_shown import PartShown
from app.page.reading import PageReading, Part, Reading

BOXES = [(0.1, 0.2, 0.2, 0.6), (0.4, 0.2, 0.5, 0.6), (0.7, 0.2, 0.8, 0.6)]
FIRST, PAPER = (0.15, 0.4), (0.9, 0.9)
NUMBER = PageReading("123", tuple(Part(Reading(), box, (place,)) for place, box in enumerate(BOXES)))


@pytest.mark.parametrize(
    ("shown", "underway", "place"),
    [
        (PartShown(), None, 2),
        (PartShown(chosen=1), None, 1),
        (PartShown(pointer=FIRST, chosen=1), None, 0),
        (PartShown(pointer=PAPER, chosen=1), None, 1),
        (PartShown(pointer=PAPER), None, 2),
        (PartShown(pointer=FIRST, chosen=2), 1, 1),
        (PartShown(pointer=FIRST), 7, 0),  # a stroke that was not read yet
    ],
)
def test_it_is_that_of_the_pen_else_of_the_pointer_else_the_chosen_one_else_the_last(shown, underway, place):
    assert shown.of(NUMBER, underway=underway).place == place


def test_a_choice_counts_more_than_where_the_pointer_rests():
    shown = PartShown(pointer=FIRST)
    shown.choose(1)
    assert shown.of(NUMBER, underway=None).place == 1
