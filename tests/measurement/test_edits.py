"""How often a small change of handwriting makes another digit, for the best network with LeNet-5's vote."""

import numpy as np
import pytest

from app.store.networks import SHIPPED
from engine import Recognizer
from engine.explaining.edits import Reader, edits
from tests.handwriting import WAYS, write


@pytest.mark.thorough  # that edits are found, and right, is for tests/engine/explaining/test_edits.py
def test_most_drawings_have_an_edit_and_many_one_to_the_runner_up():
    recognizer, lenet5 = Recognizer.load(SHIPPED), Recognizer.load(SHIPPED / "lenet5")
    reader, second = (Reader(each.network, each.confidence) for each in (recognizer, lenet5))
    rng = np.random.default_rng(0)
    some, to_the_runner_up = [], []
    for way, (digit, _) in list(WAYS.items())[::6]:
        strokes = write(way, rng=rng)
        prediction = recognizer.recognize(strokes)
        if prediction.digit == digit and prediction.is_digit:
            others = [int(other) for other in np.argsort(-prediction.probabilities)[1:]]
            to_the_runner_up.append(next(edits(reader, strokes, others[:1], second=second), None) is not None)
            # of the eight others, one is enough
            some.append(
                to_the_runner_up[-1]
                or next(edits(reader, strokes, others[1:], second=second), None) is not None
            )
    assert np.mean(some) >= 0.85
    assert np.mean(to_the_runner_up) >= 0.6
