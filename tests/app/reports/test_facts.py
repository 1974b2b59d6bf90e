"""The figures of a report: those of the evaluation, as plain values."""

from dataclasses import replace
from datetime import date

import pytest

from app.language import _
from app.reports.facts import report_facts
from engine.errors import SavedNetworkError
from engine.reading.evaluation import Tally
from engine.reading.robustness import RobustnessRecord
from tests.app.reports.marked import marked
from tests.app.reports.measurements import HISTORY, TRAINING, facts_of, measured


def test_the_figures_are_those_of_the_evaluation(network):
    records = [RobustnessRecord("shift", 2, Tally(1, 4), Tally(3, 4))]
    one = measured([0, 1, 1, 7], [0, 1, 7, 7], robustness=records, groups={"writer": ["a", "a", "b", "b"]})
    facts = report_facts("mine", facts_of(network, TRAINING), HISTORY, [one], day=date(2026, 3, 7))
    assert facts["network"]["parameters"] == 44_426
    assert facts["network"]["history"][1]["validation_accuracy"] == 0.85
    (figures,) = facts["measured"]
    assert (figures["right"], figures["count"], figures["accuracy"]) == (3, 4, 0.75)
    assert figures["misread"] == [{"label": "1", "answer": "7", "count": 1}]
    assert figures["mistakes"] == [
        {"example": "no. 2", "label": "1", "answer": "7", "confidence": pytest.approx(0.91)}
    ]
    assert figures["classes"][7]["precision"] == 0.5
    assert figures["classes"][1]["recall"] == 0.5
    assert figures["classes"][2]["f1"] is None
    assert figures["calibration_error"] == pytest.approx(0.91 - 0.75)
    assert [(group["writer"], group["accuracy"]) for group in figures["groups"]["writer"]] == [
        ("a", 1.0), ("b", 0.5)
    ]  # fmt: skip
    (record,) = figures["robustness"]
    assert (record["amount"], record["unframed"]["right"], record["framed"]["right"]) == (2, 1, 3)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.75,1.5", "0.75"),
        ("0.75,1.5", "0.75,1.5,7"),
        ("0.75", "nan"),
        ("0.75", "1e999"),
        ("0.75", "\x1b[2J"),
        ("train_loss", "loss"),
        ("0.75", '"' + "x" * 200_000),
        ("0.75", "\0"),
    ],
)
def test_a_history_that_is_damaged_is_told(network, old, new):
    with pytest.raises(SavedNetworkError, match=r"history\.csv is damaged: .*Restore it") as caught:
        report_facts("m", facts_of(network, TRAINING), HISTORY.replace(old, new), [], day=date(2026, 3, 7))
    assert str(caught.value).isprintable()


def test_what_programs_read_is_english_whatever_is_spoken(network):
    set_of_images = replace(measured([0], [1]), name=lambda: _("Undo"))
    with marked():
        facts = report_facts("mine", facts_of(network), None, [set_of_images], day=date(2026, 3, 7))
        assert set_of_images.name() == "«Undo»"
    assert facts["measured"][0]["name"] == "Undo"
