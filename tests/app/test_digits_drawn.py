"""The main job, end to end: digits drawn with a mouse on the real window, read by the network that ships."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest

from app.gui import appearance
from app.gui.dialogs.dialog import Dialog
from app.gui.window import Window
from app.page.opened_picture import read_picture
from app.page.start import prepare_start
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.storage.saved_network import load_facts
from tests.app.fakes import FakeSystemTheme
from tests.app.hand import Hand, open_dialog, wait_until
from tests.app.hand import shown as shown_in
from tests.digit_templates import TEMPLATES
from tests.handwriting import NO_DIGITS, WAYS, by_hand, write

TITLE = re.compile(r"(\d) · (\d+) % — LeNet Canvas")
EMPTY = "LeNet Canvas"

# (left, top, side) of the square that a digit is drawn in, as fractions of the page: one as people
# draw, a small one in a corner, and a large one that nearly fills the page.
PLACES = {"middle": (0.25, 0.2, 0.55), "corner": (0.68, 0.04, 0.22), "large": (0.04, 0.05, 0.9)}


@pytest.fixture(scope="module")
def opened(display, tmp_path_factory):
    """The window as `python main.py` opens it, and the errors in its events."""
    folder = tmp_path_factory.mktemp("person")
    with pytest.MonkeyPatch.context() as patch:
        errors = []
        patch.setattr(Window, "report_callback_exception", lambda *args: errors.append(args[2]))
        patch.setattr(appearance, "SystemTheme", FakeSystemTheme)
        patch.setenv("LANGUAGE", "en")
        window = Window(
            prepare_start(
                Recognizer.load(SHIPPED),
                settings_path=folder / "settings.json",
                load_reader=Recognizer.load,
            ),
            load_reader=Recognizer.load,
            read_image=read_picture,
            settings_path=folder / "settings.json",
            networks_place=folder / "networks",
        )
        wait_until(window, lambda: window.canvas.winfo_ismapped() and window.canvas.width > 1)
        yield window, window.geometry(), errors
        window.destroy()


@pytest.fixture
def window(opened):
    """That window in its first size, its page empty; an error in one of its events fails the test."""
    window, geometry, errors = opened
    errors.clear()
    window.geometry(geometry)
    window.menus.choose("clear")
    wait_until(window, lambda: window.geometry() == geometry)
    window.update()
    assert window.title() == EMPTY
    yield window
    for dialog in shown_in(window, Dialog):
        dialog.close()
    assert not errors, errors


@pytest.fixture
def hand(window):
    return Hand(window)


def placed(strokes, left, top, side):
    return [[(left + x * side, top + y * side) for x, y in stroke] for stroke in strokes]


def steps(stroke, most=0.02):
    """The same stroke in steps as small as a mouse reports them."""
    for (xa, ya), (xb, yb) in pairwise(stroke):
        count = max(1, math.ceil(math.dist((xa, ya), (xb, yb)) / most))
        for k in range(count):
            yield xa + (xb - xa) * k / count, ya + (yb - ya) * k / count
    yield stroke[-1]


def draw(hand, digit, place="middle", strokes=slice(None)):
    for stroke in placed(TEMPLATES[digit], *PLACES[place])[strokes]:
        hand.draw(*on_canvas(hand, steps(stroke)))


def on_canvas(hand, points):
    """Points of the page, a square in the canvas's middle, as fractions of the canvas."""
    width, height = hand.window.canvas.width, hand.window.canvas.height
    side = min(width, height)
    return [(0.5 + (x - 0.5) * side / width, 0.5 + (y - 0.5) * side / height) for x, y in points]


def shown(window):
    """(digit, per cent) of the title, after a look that all parts of the window say the same."""
    match = TITLE.fullmatch(window.title())
    assert match, window.title()
    digit, percent = int(match[1]), int(match[2])
    assert (window.answer.symbol, window.answer.caption) == (str(digit), f"{percent} %")
    assert max(range(10), key=lambda k: window.bars.values[k]) == digit
    assert round(100 * window.bars.values[digit]) == percent
    assert sum(window.bars.values) == pytest.approx(1, abs=1e-3)
    assert max(window.preview.ink) > 200
    return digit, percent


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("digit", range(10))
def test_each_digit_is_read_wherever_and_however_large_it_is_drawn(window, hand, digit, place):
    draw(hand, digit, place)
    read, percent = shown(window)
    assert read == digit
    assert percent >= 60


@pytest.mark.parametrize("digit", range(10))
def test_the_network_sees_the_same_whatever_the_size_and_place(window, hand, digit):
    inputs = []
    for place in PLACES:
        window.buttons["clear"].invoke()
        draw(hand, digit, place)
        inputs.append(window.preview.ink)
    for other in inputs[1:]:
        difference = sum(abs(a - b) for a, b in zip(inputs[0], other, strict=True)) / (784 * 255)
        assert difference < 0.02


def test_undo_and_redo_take_a_four_apart_and_together(window, hand):
    draw(hand, 4, strokes=slice(1))
    one_stroke = window.title()
    window.buttons["clear"].invoke()
    draw(hand, 4)
    both_strokes = window.title()
    assert shown(window)[0] == 4
    assert one_stroke != both_strokes
    hand.press_key("<Control-z>")
    assert window.title() == one_stroke
    hand.press_key("<Control-y>")
    assert window.title() == both_strokes


def test_the_eraser_takes_one_stroke_of_a_four(window, hand):
    draw(hand, 4, strokes=slice(1))
    one_stroke = window.title()
    window.buttons["clear"].invoke()
    draw(hand, 4)
    down = placed(TEMPLATES[4], *PLACES["middle"])[1]
    window.buttons["eraser"].invoke()
    hand.draw(*on_canvas(hand, [(down[-1][0], down[-1][1])]))
    assert window.title() == one_stroke


def test_clear_leaves_the_programs_name_alone(window, hand):
    draw(hand, 8)
    hand.press_key("<Delete>")
    assert window.title() == EMPTY
    assert window.bars.values == (0.0,) * 10
    assert not any(window.preview.ink)


@pytest.mark.parametrize("geometry", ["640x480", "800x600", "1400x900"])
def test_the_answer_outlives_a_resize_and_drawing_goes_on(window, hand, geometry):
    draw(hand, 4, strokes=slice(1))
    before = window.title()
    width = int(geometry.split("x")[0])
    window.geometry(geometry)
    wait_until(window, lambda: window.winfo_width() == width)
    window.update()
    assert window.title() == before
    draw(hand, 4, strokes=slice(1, None))
    assert shown(window)[0] == 4


def test_a_dot_is_not_a_digit(window, hand):
    hand.draw((0.4, 0.6))
    assert window.title() == "not a digit — LeNet Canvas"
    assert window.answer.caption == "not a digit"


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_writing_a_digit_is_read_on_the_page(window, hand, way):
    draw_by_hand(hand, write(way, rng=np.random.default_rng(7)))
    assert shown(window)[0] == WAYS[way][0]


def test_twelve_is_a_number(window, hand):
    draw_by_hand(hand, by_hand(NO_DIGITS["twelve"], rng=np.random.default_rng(7)))
    assert window.answer.symbol == "12"


def draw_number(hand, lines, side):
    for row, line in enumerate(lines):
        for place, digit in enumerate(line):
            top = 0.15 + 1.4 * side * row
            for stroke in placed(TEMPLATES[int(digit)], 0.05 + 1.1 * side * place, top, side):
                hand.draw(*on_canvas(hand, steps(stroke)))


@pytest.mark.parametrize(
    ("lines", "side"), [(["42"], 0.4), (["2026"], 0.2), (["11"], 0.3), (["100"], 0.3), (["17", "25"], 0.25)]
)
def test_numbers_are_read_as_they_are_drawn(window, hand, lines, side):
    draw_number(hand, lines, side)
    assert window.answer.symbol == "\n".join(lines)
    assert re.fullmatch(r"\d+ % — LeNet Canvas", window.title().removeprefix("; ".join(lines) + " · "))
    assert window.bars.values[int(lines[-1][-1])] > 0.6


@pytest.mark.parametrize("name", [name for name in NO_DIGITS if name != "twelve"])
def test_what_is_no_digit_is_called_so_on_the_page(window, hand, name):
    draw_by_hand(hand, by_hand(NO_DIGITS[name], rng=np.random.default_rng(7)))
    assert window.title() == "not a digit — LeNet Canvas"
    assert sum(window.bars.values) == pytest.approx(1, abs=1e-3)  # to be seen, in grey


def draw_by_hand(hand, strokes):
    """Strokes on a page of 10 by 10, a little smaller."""
    for stroke in placed([[(x / 10, y / 10) for x, y in stroke] for stroke in strokes], 0.15, 0.15, 0.6):
        hand.draw(*on_canvas(hand, stroke))


def test_a_drawing_that_leaves_the_canvas_is_read(window, hand):
    for stroke in placed(TEMPLATES[3], 0.6, 0.5, 0.7):
        hand.draw(*on_canvas(hand, steps(stroke)))
    assert max(x for x, _ in placed(TEMPLATES[3], 0.6, 0.5, 0.7)[0]) > 1
    assert shown(window)[0] == 3


def test_the_answer_is_there_before_the_pen_leaves_the_page(window, hand):
    (stroke,) = placed(TEMPLATES[3], *PLACES["middle"])
    points = on_canvas(hand, steps(stroke))
    hand.event("<ButtonPress-1>", points[0])
    for point in points:
        hand.event("<B1-Motion>", point)
        window.update()
    assert shown(window)[0] == 3


def test_the_model_card_of_the_shipped_network_is_shown(window):
    figures = open_dialog(window, "about network").figures
    values = {
        figures.item(row, "text"): figures.item(row, "values")
        for parent in figures.get_children()
        for row in figures.get_children(parent)
    }
    accuracy = load_facts(SHIPPED).test.accuracy
    assert values["accuracy"] == (f"{100 * accuracy:.2f} %",)
    assert values["digits"][0].replace(",", "") == "10000"
