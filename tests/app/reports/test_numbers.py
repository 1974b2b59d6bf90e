"""A chapter tells how numbers are read, of the digits that are at hand, and shows some of the pictures."""

import json
from base64 import b64decode
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.reports import numbers as module
from app.reports.facts import report_facts
from app.reports.numbers import MeasuredKind, MeasuredNumbers, ReadPicture, measured_numbers
from app.reports.page import report_page
from engine import Recognizer
from engine.datasets.dataset import Dataset
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.ink.picture import find_ink
from engine.reading.evaluation import Tally
from tests.app.reports.measurements import HISTORY, TRAINING, facts_of, saved
from tests.digit_templates import digit_images, digit_strokes

DAY = date(2026, 3, 7)


@pytest.fixture
def recognizer(network, tmp_path):
    return Recognizer(saved(network), folder=tmp_path)


def picture(text, answer):
    page = np.ones((40, 100), np.float32)
    page[10:30, 20:24] = page[10:30, 70:74] = 0
    return ReadPicture(find_ink(page), text, answer)


def test_numbers_of_all_digits_at_hand_are_measured(recognizer, rng, monkeypatch):
    monkeypatch.setattr(module, "COUNT", 2)
    digits = StrokeDataset([StrokeDrawing(digit_strokes(d, rng), d, writer="a") for d in range(10)])
    images = Dataset(*digit_images(2, rng))
    both = measured_numbers(recognizer, digits, images, rng=rng)
    assert [kind.tally.count for kind in both.kinds] == [2] * 6
    assert len(both.pictures) == 4
    assert all(2 <= len(picture.text) <= 6 for picture in both.pictures)
    monkeypatch.setattr(module, "COUNT", 1)
    assert len(measured_numbers(recognizer, digits, None, rng=rng).kinds) == 4
    assert len(measured_numbers(recognizer, None, images, rng=rng).kinds) == 2
    assert measured_numbers(recognizer, None, None, rng=rng) is None


def test_what_was_read_is_counted(recognizer, rng, monkeypatch):
    monkeypatch.setattr(module, "COUNT", 4)
    made = iter(("12", "12", "13", "12"))
    monkeypatch.setattr(module, "_read", lambda _recognizer, _picture, _text: picture("12", next(made)))
    monkeypatch.setattr(module, "_picture_hands", lambda: [(lambda: "kind", module.Hand())])
    images = Dataset(*digit_images(1, rng))
    found = measured_numbers(recognizer, None, images, rng=rng)
    assert found.kinds[0].tally == Tally(3, 4)
    assert [one.answer for one in found.pictures] == ["13", "12", "12", "12"]


def test_the_misread_are_half_of_what_is_shown_where_there_are_enough():
    read = [picture("1", answer) for answer in "1112222"]
    assert [one.answer for one in module._some(read, 4)] == ["2", "2", "1", "1"]
    assert [one.answer for one in module._some(read[2:], 4)] == ["2", "2", "2", "1"]


def test_the_chapter_says_how_many_and_shows_what_was_taken_for_ink(network):
    kinds = [MeasuredKind(lambda: "drawn <apart>", Tally(97, 100)), MeasuredKind(lambda: "x", Tally(1, 2))]
    measured = MeasuredNumbers(kinds, [picture("11", "11"), picture("17", "1?")])
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], None, measured, day=DAY)
    json.dumps(facts, allow_nan=False)
    assert facts["numbers"]["kinds"][0]["accuracy"] == 0.97
    assert facts["numbers"]["pictures"] == [
        {"text": "11", "answer": "11"}, {"text": "17", "answer": "1?"}
    ]  # fmt: skip
    page = report_page(facts, network, [], None, measured)
    assert "97.0\u00a0%" in page
    assert "drawn &lt;apart&gt;" in page
    assert "<strong>11</strong>, read right" in page
    assert "<strong>17</strong>, read as <strong>1?</strong>" in page
    start = page.index("data:image/png;base64,", page.index('id="numbers"')) + len("data:image/png;base64,")
    shown = np.asarray(Image.open(BytesIO(b64decode(page[start : page.index('"', start)]))).convert("RGB"))
    mask = measured.pictures[0].look.mask
    assert shown.shape[:2] == mask.shape
    assert (shown[mask].astype(int) @ [-1, 0, 1] > 40).mean() > 0.9  # bluer than red
    assert (shown[~mask] == shown[~mask][:, :1]).all()


def test_without_numbers_there_is_no_chapter(network):
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [], day=DAY)
    assert facts["numbers"] is None
    assert 'id="numbers"' not in report_page(facts, network, [])
