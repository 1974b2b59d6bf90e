"""app/gui/widgets/answer.py: the answer, certain and large or uncertain and small."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.answer import Answer
from tests.app.hand import tip_of, wait_until


@pytest.fixture
def steps():
    """What the keys asked for."""
    return []


@pytest.fixture
def answer(root, steps):
    answer = Answer(root, palette=PALETTES["light"], on_step=steps.append)
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
    assert answer.itemcget(answer._line, "text") == "98\xa0%"  # no line ends there


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


@pytest.mark.parametrize("size", ["110x140", "400x400", "40x140"])
def test_a_caption_of_two_lines_lies_below_the_digit_and_breaks_no_word(answer, root, size):
    root.geometry(size)
    wait_until(root, lambda: f"{answer.winfo_width()}x{answer.winfo_height()}" == size)
    answer.show("7", "100 %", is_certain=True)
    answer.show("7", "100 %\nfrom memory", is_certain=True)
    digit = answer.bbox(answer._large)
    _left, top, _right, bottom = answer.bbox(answer._line)
    assert digit[3] - 0.2 * (digit[3] - digit[1]) <= top  # the digit itself ends above its box
    assert bottom <= answer.winfo_height()
    face = answer.itemcget(answer._line, "font")
    assert answer.tk.call("font", "measure", face, "memory") <= answer.winfo_width()


@pytest.mark.parametrize(
    ("symbol", "caption"),
    [
        ("42", "97 %"),
        ("2026", "97 %\nor 2020 · 8 %\nor 2826 · 6 %"),
        ("12345678", "97 %"),
        ("12\n34", "97 %\nor 12; 84 · 9 %"),
        ("1\n2\n3\n4\n5\n6", "97 %"),
    ],
)
@pytest.mark.parametrize("size", ["110x140", "400x400", "600x300"])
def test_a_number_is_as_large_as_fits_above_its_caption(answer, root, symbol, caption, size):
    root.geometry(size)
    wait_until(root, lambda: size == f"{answer.winfo_width()}x{answer.winfo_height()}")
    answer.show(symbol, caption, is_certain=True)
    left, top, right, bottom = answer.bbox(answer._large)
    assert min(left, top) >= -1
    assert right <= answer.winfo_width() + 1
    assert bottom <= answer.bbox(answer._line)[1] + 3
    assert answer.bbox(answer._line)[3] <= answer.winfo_height()
    room = answer.winfo_width() / (right - left), answer.bbox(answer._line)[1] / (bottom - top)
    assert min(room) < 1.35  # no smaller than it must be


def test_a_digit_after_a_number_is_large_again(answer):
    answer.show("3", "98 %", is_certain=True)
    alone = height(answer)
    answer.show("12345", "98 %", is_certain=True)
    assert height(answer) < 0.7 * alone
    answer.show("3", "98 %", is_certain=True)
    assert height(answer) == alone


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


@pytest.mark.parametrize(("symbol", "takes"), [("3", False), ("42", True), ("4\n2", True), ("–", False)])
def test_a_number_takes_the_keys_and_a_digit_does_not(answer, symbol, takes):
    answer.show("17", "98 %", is_certain=True)
    answer.show(symbol, "98 %", is_certain=True)
    assert bool(int(answer["takefocus"])) == takes


def test_the_arrows_ask_for_the_digit_beside_and_a_ring_tells_who_has_the_keys(answer, steps, root):
    answer.show("42", "98 %", is_certain=True)
    assert answer["highlightbackground"] == PALETTES["light"].window
    assert answer["highlightcolor"] == PALETTES["light"].accent
    answer.focus_force()
    wait_until(root, lambda: root.focus_get() is answer)
    for key in ("<Left>", "<Left>", "<Right>"):
        answer.event_generate(key)
    assert steps == [-1, -1, 1]
