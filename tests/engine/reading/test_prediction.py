"""PagePrediction: the text, how probable it is, and what else it may be."""

import numpy as np
import pytest

from engine.reading.prediction import MOST_ALTERNATIVES, NO_DIGIT, Placed, Prediction, page_prediction


def part(probabilities, *, is_digit=True):
    """A part by the probabilities of some digits; the rest is shared by the others."""
    values = np.full(10, (1 - sum(probabilities.values())) / (10 - len(probabilities)), np.float32)
    values[list(probabilities)] = list(probabilities.values())
    digit = int(values.argmax())
    prediction = Prediction(values, digit, float(values[digit]), is_digit, np.zeros((28, 28), np.float32))
    return Placed(prediction, (0.0, 0.0, 1.0, 1.0), (0,))


FOUR, TWO = part({4: 0.9, 9: 0.1}), part({2: 0.8, 7: 0.2})
NONE = part({5: 0.6}, is_digit=False)


def others(page):
    return {other.text: pytest.approx(other.probability, abs=1e-4) for other in page.alternatives}


def test_a_text_is_as_probable_as_its_digits_together():
    page = page_prediction([([[FOUR, TWO]], 1.0)])
    assert (page.text, page.parts) == ("42", (FOUR, TWO))
    assert page.confidence == pytest.approx(0.72)
    assert others(page) == {"47": 0.18, "92": 0.08}
    assert page.alternatives[0].text == "47"


def test_lines_are_joined_by_a_newline_also_in_what_else_it_may_be():
    page = page_prediction([([[FOUR], [TWO, FOUR]], 1.0)])
    assert page.text == "4\n24"
    assert [other.text for other in page.alternatives] == ["4\n74", "9\n24", "4\n29"]


def test_ways_that_come_to_one_text_add_up():
    page = page_prediction([([[FOUR, TWO]], 0.5), ([[FOUR, part({2: 1.0})]], 0.3), ([[TWO]], 0.2)])
    assert page.confidence == pytest.approx(0.5 * 0.72 + 0.3 * 0.9)
    assert others(page)["2"] == pytest.approx(0.16)


def test_the_text_is_that_of_the_best_way_and_no_alternative_to_itself():
    page = page_prediction([([[TWO]], 0.4), ([[FOUR, TWO]], 0.3), ([[FOUR, TWO]], 0.3)])
    assert page.text == "2"
    assert "2" not in others(page)
    assert page.alternatives[0].text == "42"


def test_a_page_of_one_is_as_sure_as_its_digit():
    page = page_prediction([([[TWO]], 0.6), ([[FOUR, TWO]], 0.4)])
    assert page.confidence == TWO.prediction.confidence


def test_what_is_no_digit_stands_as_a_question_mark_and_makes_no_number():
    page = page_prediction([([[FOUR, NONE, TWO]], 1.0)])
    assert page.text == f"4{NO_DIGIT}2"
    assert page.confidence == pytest.approx(0.72)
    assert not page.is_number
    assert page_prediction([([[FOUR, TWO]], 1.0)]).is_number
    assert set(others(page)) == {"4?7", "9?2"}


def test_few_alternatives_are_told_and_none_that_is_hardly_probable():
    wavering = part({digit: 0.1 + digit / 1e4 for digit in range(9)})
    page = page_prediction([([[wavering] * 6], 1.0)])
    assert len(page.alternatives) == 0
    page = page_prediction([([[part({4: 0.995, 9: 0.005})]], 1.0)])
    assert page.alternatives == ()
    ways = [([[part({digit: 1.0})]], 0.1) for digit in range(10)]
    assert len(page_prediction(ways).alternatives) == MOST_ALTERNATIVES
