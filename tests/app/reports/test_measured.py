"""What is measured for a report: images, drawings by their groups, and drawings of no digit."""

from dataclasses import replace

import numpy as np

from app.reports import measured as measured_module
from app.reports.measured import measured_drawings, measured_explanations
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.reading.rejection import evidence
from tests.app.reports.marked import marked
from tests.app.reports.measurements import measured, measured_others, saved
from tests.digit_templates import digit_images, digit_strokes


def test_drawings_are_measured_with_their_sources_writers_and_styles(network):
    sources = {
        "a.jsonl": StrokeDataset(
            [StrokeDrawing(digit_strokes(3), 3, "ann", "open"), StrokeDrawing([[(0, 0)]], 1)]
        ),
        "b.jsonl": StrokeDataset([StrokeDrawing(digit_strokes(8), 8, "ann")]),
    }
    drawn = measured_drawings(saved(network), sources)
    assert drawn.name() == "Drawings in 2 files"
    with marked():
        assert drawn.name() == "«Drawings in 2 files»"
    assert drawn.examples == ["a.jsonl:0", "a.jsonl:1", "b.jsonl:0"]
    assert drawn.groups == {
        "source": ["a.jsonl", "a.jsonl", "b.jsonl"],
        "writer": ["ann", "unknown", "ann"],
        "style": ["open", "unknown", "unknown"],
    }
    assert drawn.evaluation.labels.tolist() == [3, 1, 8]


def test_what_all_drawings_share_is_no_group(network):
    drawn = measured_drawings(
        saved(network), {"a.jsonl": StrokeDataset([StrokeDrawing(digit_strokes(3), 3, "ann")] * 2)}
    )
    assert drawn.name() == "Drawings in a.jsonl"
    assert drawn.groups == {}


def test_digits_that_were_measured_beside_give_the_area_under_the_curve(network):
    one = measured([0, 1], [0, 1])  # blank, so all of one evidence
    others = measured_others(network, [True], ["star"], beside=[one])
    blank, drawn = (
        evidence(network.logits(images / np.float32(255))) for images in (one.images, others.images)
    )
    assert others.auc == (1.0 if blank[0] > drawn[0] else 0.0)


def test_explanations_are_tested_on_digits_that_are_read_right_some_of_each(network, rng, monkeypatch):
    asked = []
    monkeypatch.setattr(measured_module, "faithfulness", lambda network, images, *, rng: asked.extend(images))
    images, labels = digit_images(60, rng)
    answers = labels.copy()
    answers[labels == 3] = 5
    one = replace(measured(labels, answers), images=images)
    measured_explanations(network, [one])
    assert len(asked) == 18
    right = {(image / np.float32(255)).tobytes() for image in images[labels != 3]}
    assert all(image.tobytes() in right for image in asked)


def test_where_there_is_no_digit_there_is_nothing_to_test(network):
    assert measured_explanations(network, []) == []
    assert measured_explanations(network, [measured([0, 1], [0, 1])]) == []  # blank
    assert measured_explanations(network, [measured([0, 1], [1, 0])]) == []  # wrong
