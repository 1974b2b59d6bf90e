"""benchmarks/ measures what it says; how long that takes is nobody's business here."""

import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import language
from app.store.networks import SHIPPED
from benchmarks import engine, explaining, monkey, numbers, pictures, training, unusual_hands, window
from engine import Recognizer, SavedNetwork
from engine.datasets.dataset import Dataset
from engine.datasets.strokes import StrokeDataset
from engine.datasets.synthetic import synthetic_digits
from engine.nn.losses import NO_CLASS
from engine.reading.segmentation import WEIGHTS
from engine.reading.segmentation_fit import pages
from engine.recognizer import Looks
from tests.digit_templates import TEMPLATES, digit_images
from tests.pictures import digit_mask


def test_the_start_that_is_measured_ends_with_the_window_on_the_screen(display):
    assert window.start_ms() > 0


def test_every_motion_of_a_digit_is_measured(display, monkeypatch):
    monkeypatch.setattr(window, "ROUNDS", 1)
    (digit,) = itertools.islice(window.digits(), 1)
    monkeypatch.setattr(window, "digits", lambda: iter([digit]))
    delays = window.motion_delays_ms()
    motions = sum(len(stroke) - 1 for stroke in digit)
    assert motions / 2 < len(delays) <= motions  # those that moved by a pixel
    assert all(delay > 0 for delay in delays)


def test_the_motions_beyond_the_first_points_of_a_scribble_are_measured(display, monkeypatch):
    monkeypatch.setattr(window, "MOTIONS", 8)
    delays = window.scribble_delays_ms(20)
    assert len(delays) == 8
    assert all(delay > 0 for delay in delays)


def test_the_number_whose_last_digit_is_measured_is_read_as_that(display, monkeypatch):
    monkeypatch.setattr(window, "ROUNDS", 1)
    delays = window.number_delays_ms()
    motions = sum(len(stroke) - 1 for stroke in window.number_strokes()[-1])
    assert motions / 2 < len(delays) <= motions
    with window.opened_window() as opened:
        for stroke in itertools.chain(*window.number_strokes()):
            window.draw_at_once(opened, stroke)
        assert opened.answer.symbol == window.NUMBER


def test_every_lesson_is_measured_until_its_answer_stands_there(display, monkeypatch):
    monkeypatch.setattr(window, "ROUNDS", 1)
    (digit,) = itertools.islice(window.digits(), 1)
    monkeypatch.setattr(window, "digits", lambda: iter([digit]))
    (delay,) = window.lesson_delays_ms()
    assert delay > 0
    with window.opened_window() as opened:
        opened.canvas.focus_force()
        window.taught(opened, digit, "5")
        for stroke in digit:
            window.draw_at_once(opened, stroke)
        assert opened.answer.symbol == "5"


def test_when_a_motion_is_over_the_bars_show_it(display):
    with window.opened_window() as opened:
        bars = [opened.bars.values for _ in window.draw(opened, window.scribble(30))]
    assert len(set(bars)) > 20  # a straight line reads the same, however long


def test_a_scribble_is_the_same_each_time_and_stays_on_the_page():
    stroke = window.scribble(500)
    assert len(set(stroke)) == 500
    assert stroke == window.scribble(600)[:500]
    assert all(0 < place < 1 for point in stroke for place in point)


def test_every_work_of_ours_that_is_measured_can_be_done():
    makers = {"step": engine.our_step, "forward": engine.our_forward}
    for kind, *arguments in {work for _, work, _ in engine.WORKS}:
        small = [argument if isinstance(argument, str) else min(argument, 8) for argument in arguments]
        makers[kind](*small)()


@pytest.fixture
def english_again():
    """The monkey changes the language, too, which is the process's."""
    yield
    language.speak("en")


def test_the_monkey_tells_what_it_did_and_whether_an_error_came_of_it(
    display, capsys, monkeypatch, english_again
):
    assert monkey.main(0.5, seed=3) == 0
    assert re.search(r"Seed 3: [\d,]+ events, 0 errors\.", capsys.readouterr().out)
    monkeypatch.setattr("app.page.controller.Controller.pen_down", lambda self, point: 1 / 0)
    assert monkey.main(30, seed=3) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_pictures_are_counted_by_kind_and_controls_apart(tmp_path, capsys):
    for name, digit in (("clean/3_0.png", 3), ("clean/not_digit_1.png", 4), ("clean/control_5_2.png", 5)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        Image.fromarray((255 - 255 * digit_mask(digit)).astype("uint8")).save(path)
    (tmp_path / "clean" / "notes.txt").touch()
    pictures.main(tmp_path, Path(pictures.ROOT, "saved_network"))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["clean/not_digit_1.png:", "4"] in lines  # a four, which the name denies
    for counted in ("clean 1 / 2", "clean (control) 1 / 1", "ALL 1 / 2", "ALL CONTROLS 1 / 1"):
        assert counted.split() in lines


def test_a_picture_of_several_digits_is_read_right_as_a_number_or_as_none():
    column = pictures.Case(Path("column_of_digits/not_digit_1.png"), None, False)
    assert [column.is_answered_by(text) for text in (None, "4\n2", "4")] == [True, True, False]
    other = pictures.Case(Path("letters/not_digit_1.png"), None, False)
    assert not other.is_answered_by("42")


def digits_by(*writers, rng):
    drawn = [drawing for _ in writers for drawing in synthetic_digits(10, rng=rng).drawings]
    return StrokeDataset([replace(one, writer=writers[index // 10]) for index, one in enumerate(drawn)])


def test_numbers_are_measured_by_every_kind(rng, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(numbers, "TIMED", 1)
    monkeypatch.setattr(numbers, "OF_A_KIND", 1)
    numbers.measure(Recognizer.load(SHIPPED), digits_by("3", "20", "25", rng=rng), tmp_path, count=4, seed=1)
    out = capsys.readouterr().out
    for hand in numbers.HANDS:
        assert re.search(rf"^{re.escape(hand)} +\d+\.\d\d % of 4$", out, re.MULTILINE)
    assert "% of 20\n" in out  # single digits by the two writers that nothing was fitted to
    assert re.search(r"a motion +\d+\.\d ms, 99 % \d+\.\d ms", out)


def test_pictures_of_numbers_are_measured_by_every_kind(rng, capsys):
    images, labels = digit_images(2, rng)
    numbers.measure_pictures(Recognizer.load(SHIPPED), Dataset(images, labels), count=3, seed=1)
    found = re.findall(
        r"(pictures, apart|pictures, touching|stay one, pictures).* % of 3\n", capsys.readouterr().out
    )
    assert len(found) == 3


def test_the_weights_that_numbers_are_told_apart_by_can_be_found_anew(rng, capsys):
    recognizer = Recognizer.load(SHIPPED)
    judge = Looks(recognizer.network).logits
    made = pages(digits_by("3", rng=rng), judge, share=0.005, rng=rng)
    numbers.fit(judge, made, recognizer.confidence)
    found = dict(
        re.findall(r'^    "(.+)": \((-?\d+\.\d\d), -?\d+\.\d\d\),$', capsys.readouterr().out, re.MULTILINE)
    )
    assert list(found) == list(WEIGHTS)
    assert any(float(weight) for weight in found.values())


def test_a_training_that_is_measured_is_whole_whatever_learns():
    for processes in (1, 2):
        assert training.our_rate("lenet5", 16, 64, processes) > 0
    images, labels = training.examples("best", 5)
    assert images.shape == (5, 28, 28)
    assert labels.shape == (5,)


def test_the_products_of_a_step_are_counted():
    # C1 has 24x24 places, C3 8x8; C1's own input needs no gradient
    assert engine.operations("lenet5") == 2 * (
        2 * 6 * 25 * 24 * 24 + 3 * (16 * 150 * 8 * 8 + 256 * 120 + 120 * 84 + 84 * 10)
    )


def test_marked_zeros_by_ten_hands_are_what_their_designs_say():
    assert len(unusual_hands.MARKED_ZEROS) == unusual_hands.HANDS
    for number, hand in enumerate(unusual_hands.MARKED_ZEROS):
        for strokes in unusual_hands.written(hand, number, 5):
            assert len(strokes) == hand.strokes
            mark = strokes[-1][-12:]
            assert np.hypot(*(mark[-1] - mark[0])) == pytest.approx(hand.up + hand.down, rel=0.5)


def test_reading_what_is_no_digit_is_refusing_it(rng):
    saved = SavedNetwork.load(SHIPPED / "lenet5")
    images = unusual_hands.render(unusual_hands.written(unusual_hands.two_rings, 1, 20))
    read, refused = unusual_hands.shares(saved, unusual_hands.Way("rings", NO_CLASS, images))
    assert read == refused > 0.5
    ring = unusual_hands.render([[unusual_hands.MARKED_ZEROS[1](rng)[0]] for _ in range(20)])
    assert unusual_hands.shares(saved, unusual_hands.Way("zeros", 0, ring))[0] > 0.9
    assert unusual_hands.shares(saved, unusual_hands.Way("ones", 1, ring))[0] == 0


def test_unusual_hands_are_many_and_the_same_each_time(monkeypatch):
    monkeypatch.setattr(unusual_hands, "EACH", 2)
    monkeypatch.setattr(unusual_hands, "HANDS", 3)
    first, again = unusual_hands.ways(), unusual_hands.ways()
    assert len(first) == 1 + 10 + 2 + 8
    assert [way.images.tobytes() for way in first] == [way.images.tobytes() for way in again]
    assert len({way.images.tobytes() for way in first}) == len(first)


def test_each_hand_that_marks_zeros_is_drawn_by_chances_of_its_own(monkeypatch):
    monkeypatch.setattr(unusual_hands, "EACH", 1)
    monkeypatch.setattr(unusual_hands, "HANDS", 1)
    monkeypatch.setattr(unusual_hands, "MARKED_ZEROS", unusual_hands.MARKED_ZEROS[:1] * 2)
    _all, first, second, *_others = unusual_hands.ways()
    assert first.images.tobytes() != second.images.tobytes()


def test_explanations_are_measured_on_drawings_that_are_read_right(monkeypatch, capsys, tmp_path):
    lenet5 = SHIPPED / "lenet5"
    (one,) = synthetic_digits(1, rng=np.random.default_rng(0)).drawings
    drawn = StrokeDataset([replace(one, strokes=TEMPLATES[7], label=label) for label in (7, 3)])
    monkeypatch.setattr(explaining, "read_pendigits", lambda folder, part: drawn)
    monkeypatch.setattr(explaining, "FOLDERS", (lenet5,))
    monkeypatch.setattr(explaining, "LEARNT", 64)
    explaining.main(2, tmp_path)
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "lenet5, 1 drawings that it reads right"
    told = "\n".join(lines)
    assert re.search(r"made some other digit: (100|0)\.0 %, [\d.,]+ ms", told)
    assert re.search(r"a map off, on 1,000 digits: [\d,]+ ms the first time", told)
    assert re.search(r"its trustworthiness 0\.99\d\d", told)
    assert float(re.search(r"contributions miss their sum by ([\d.]+) %", told)[1]) < 1
    assert re.search(r"a film of \d pictures takes as long as [\d.]+ steps", told)
