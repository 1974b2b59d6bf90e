"""app/page/inside/why_told.py: explanations in words."""

import pytest

from app.page.inside.why_told import KINDS, change_told, evidence_told, neighbour_told, stroke_told
from engine.explaining.attribution import LeftOut
from engine.explaining.edits import Edit, Kind


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (LeftOut(0, 1, 0.93, 4.2), "Without stroke 1: 1, 93 %. It speaks for 7 and against 2."),
        (LeftOut(1, 7, 0.5, -0.2), "Without stroke 2: 7, 50 %. It speaks for 2 and against 7."),
        (LeftOut(1, 7, 0.5, 0.0), "Without stroke 2: 7, 50 %."),
        (LeftOut(2, None, 0.0, 3.0), "Without stroke 3 nothing is left."),
    ],
)
def test_a_stroke_is_told_by_what_is_read_without_it(left_out, told):
    assert stroke_told(left_out, 7, 2) == told


def test_a_change_is_told_by_what_is_to_be_done():
    assert set(KINDS) == set(Kind)
    edit = Edit(Kind.BRANCH, 9, 0.961, 0.3, [], [])
    assert change_told(edit) == (
        "To become a 9: add a stroke that begins on another. It is then read as 9, 96 %."
    )


def test_of_two_changes_at_once_both_are_told():
    edit = Edit(Kind.CUT, 3, 0.93, 0.4, [], [], Kind.TURNED)
    assert change_told(edit) == (
        "To become a 3: cut off the end of a stroke, then turn the end of a stroke. "
        "It is then read as 3, 93 %."
    )


def test_a_neighbour_is_told_with_where_it_comes_from():
    assert neighbour_told(4, "pendigits") == "4, pen digits"
    assert neighbour_told(4, "unheard of") == "4, unheard of"


def test_what_is_no_digit_is_told_by_the_evidence_that_is_missing():
    assert (
        evidence_told(2.31, 2.94, 8)
        == "Not a digit: its evidence is 2.3, and a digit has 2.9 or more. Nearest is 8."
    )
    assert evidence_told(3.0, 2.94, 1) == "Not a digit: a dot is too little for one."
