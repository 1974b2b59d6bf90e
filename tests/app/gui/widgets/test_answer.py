"""app/gui/widgets/answer.py: the answer, certain and large or uncertain and small."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.answer import Answer
from tests.app.hand import tip_of, wait_until


@pytest.fixture
def answer(root):
    answer = Answer(root, palette=PALETTES["light"])
    answer.pack(fill="both", expand=True)
    root.update()
    return answer


def height(answer, item=None):
    _, top, _, bottom = answer.bbox(item or answer._large)
    return bottom - top


def test_the_answer_and_its_caption_are_shown(answer):
    answer.show("3", "98 %", is_certain=True)
    assert (answer.symbol, answer.caption) == ("3", "98 %")
    assert answer.itemcget(answer._large, "text") == "3"
    assert answer.itemcget(answer._line, "text") == "98 %"


def test_an_uncertain_answer_is_smaller_and_quieter(answer):
    answer.show("3", "98 %", is_certain=True)
    certain = height(answer)
    answer.show("3", "not a digit", is_certain=False)
    assert height(answer) < certain / 2 + 1
    assert answer.itemcget(answer._large, "fill") == PALETTES["light"].muted


def test_a_caption_of_two_lines_has_room(answer, root):
    root.geometry("120x160")
    wait_until(root, lambda: answer.winfo_height() == 160)
    answer.show("–", "not a digit, nearest 3", is_certain=False)
    left, top, right, bottom = answer.bbox(answer._line)
    assert bottom - top > 1.5 * 14  # it has two
    assert left >= 0
    assert right <= 120
    assert bottom <= 160
    assert top > answer.coords(answer._large)[1]


def test_the_answer_grows_with_its_room(answer, root):
    answer.show("3", "98 %", is_certain=True)
    before = height(answer), height(answer, answer._line)
    root.geometry("800x800")
    wait_until(root, lambda: answer.winfo_height() == 800)
    root.update()
    assert height(answer) > 1.5 * before[0]
    assert height(answer, answer._line) > 1.5 * before[1]
    assert answer.bbox(answer._line)[3] <= 800


def test_it_explains_itself(answer):
    assert "how sure it is" in tip_of(answer)
