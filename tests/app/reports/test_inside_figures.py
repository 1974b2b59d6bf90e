"""Pictures of an explanation: a panel for each part of it."""

import numpy as np
import pytest

from app.reports.figures import png
from app.reports.inside_figures import COLUMNS, explanation_figure
from engine.explaining.attribution import Contributions, LeftOut
from engine.explaining.edits import Edit, Kind
from engine.explaining.explanation import Explanation
from engine.explaining.neighbours import Neighbour
from tests.digit_templates import TEMPLATES

IMAGE = np.zeros((28, 28), np.float32)
IMAGE[5:20, 12:15] = 1


def explanation(strokes, change):
    nearest = [Neighbour(digit, "mnist", 0.5, IMAGE) for digit in (4, 4, 4, 9, 9, 9)]
    left_out = [LeftOut(index, 1, 0.7, 2.0) for index in range(len(strokes or ()))]
    return Explanation(4, 9, IMAGE, Contributions(IMAGE - 0.5, 4.0, 1.0), left_out, nearest, change)


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


@pytest.mark.parametrize("change", [None, Edit(Kind.BRANCH, 9, 0.93, 0.3, TEMPLATES[4], [(0, 0), (1, 1)])])
def test_a_drawing_has_its_strokes_and_what_would_change_it(change):
    figure = explanation_figure(explanation(TEMPLATES[4], change), TEMPLATES[4])
    told = titles(figure)
    assert len(told) == 2 + len(TEMPLATES[4]) + 1 + 6
    assert ("To become 9, 93 %" in told) == (change is not None)
    assert ("No small change\nmakes it another" in told) == (change is None)
    assert told[-6:] == 3 * ["Near: 4, mnist"] + 3 * ["Near: 9, mnist"]
    assert png(figure)


def test_many_strokes_take_more_rows():
    strokes = [*TEMPLATES[4]] * COLUMNS
    figure = explanation_figure(explanation(strokes, None), strokes)
    assert len(titles(figure)) == 2 + len(strokes) + 1 + 6


def test_a_picture_has_neither():
    assert len(titles(explanation_figure(explanation(None, None), None))) == 2 + 6
