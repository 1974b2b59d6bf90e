"""app/page/inside/change_lines.py: which lines of a change are new, worked by hand."""

import pytest

from app.page.inside.change_lines import lines_of_change
from engine.explaining.edits import Edit, Kind

BAR = [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0)]


def edit(strokes, drawn=(), then=None, kind=Kind.BRANCH):
    return Edit(kind, 7, 0.95, 0.5, strokes, list(drawn), then)


def test_of_one_edit_it_is_the_line_it_draws():
    branch = [(0.5, 0.0), (0.5, 0.4)]
    assert lines_of_change(edit([BAR, branch], branch), [BAR]) == [branch]


def test_of_an_edit_that_takes_ink_away_it_is_what_is_left():
    assert lines_of_change(edit([BAR[:2]], kind=Kind.CUT), [BAR]) == [BAR[:2]]


def test_of_two_edits_it_is_both_lines():
    down, up = [(0.2, 0.0), (0.2, 0.5)], [(0.8, 0.0), (0.8, -0.4)]
    assert lines_of_change(edit([BAR, down, up], up, Kind.BRANCH), [BAR]) == [down, up]


def test_an_end_that_was_extended_hangs_by_the_point_it_leaves_from():
    extended = [*BAR, (1.0, 0.3), (1.0, 0.6)]
    branch = [(0.2, 0.0), (0.2, 0.5)]
    found = lines_of_change(edit([extended, branch], branch, Kind.BRANCH, Kind.EXTENDED), [BAR])
    assert found == [[(1.0, 0.0), (1.0, 0.3), (1.0, 0.6)], branch]


def test_what_the_second_took_away_of_the_firsts_line_is_not_shown():
    short = [(0.2, 0.0), (0.2, 0.3)]
    assert lines_of_change(edit([BAR, short], then=Kind.CUT), [BAR]) == [short]


def test_two_edits_that_only_take_away_show_what_is_left():
    left = [[(0.0, 0.0), (0.3, 0.0)]]
    assert lines_of_change(edit(left, then=Kind.CUT, kind=Kind.CUT), [BAR]) == left


@pytest.mark.parametrize("scale", [1e-3, 1.0, 400.0])
def test_fewer_points_of_what_was_drawn_are_nothing_new_at_any_size(scale):
    drawn = [(x / 100 * scale, 0.004 * (x % 2) * scale) for x in range(101)]
    branch = [(0.5 * scale, 0.0), (0.5 * scale, 0.4 * scale)]
    after = [drawn[::5], branch]
    assert lines_of_change(edit(after, branch, Kind.BRANCH), [drawn]) == [branch]


def test_a_dot_is_something_that_was_there_too():
    branch = [(0.5, 0.0), (0.5, 0.4)]
    found = lines_of_change(edit([BAR, [(0.5, 0.4)], branch], branch, Kind.BRANCH), [BAR, [(0.5, 0.4)]])
    assert found == [branch]
