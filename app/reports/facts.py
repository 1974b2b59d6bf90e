"""Everything that a report says, as plain values: what report.json holds, and the page is made from."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from io import StringIO
from typing import Any

import numpy as np
import numpy.typing as npt

from app.language import SOURCE, speaking
from app.reports.measured import DIGITS, MeasuredNotDigits, MeasuredSet
from app.reports.numbers import MeasuredNumbers
from engine.errors import SavedNetworkError
from engine.explaining.faithfulness import ERASED, Faithfulness
from engine.quoting import reason
from engine.reading.evaluation import Tally, accuracy_by_group
from engine.reading.robustness import DISTORTIONS
from engine.storage.network_facts import NetworkFacts

CHARTED = ("epoch", "train_accuracy", "validation_accuracy", "train_loss", "validation_loss")


def report_facts(
    name: str,
    facts: NetworkFacts,
    history: str | None,
    sets: Sequence[MeasuredSet],
    not_digits: MeasuredNotDigits | None = None,
    numbers: MeasuredNumbers | None = None,
    explanations: Sequence[Faithfulness] = (),
    *,
    day: date,
) -> dict[str, Any]:
    """Everything that the report says, as plain values.

    Parameters
    ----------
    name : str
        The network's, for people.
    facts : NetworkFacts
        Of its folder.
    history : str, optional
        The contents of history.csv.
    day : date
        When it was measured.

    Raises
    ------
    SavedNetworkError
        If what is recorded of the training is damaged.
    """
    told = facts.as_plain()
    with speaking(SOURCE):  # programs read them, too
        measured = [_measured_facts(measured) for measured in sets]
        of_numbers = None if numbers is None else _numbers_facts(numbers)
    return {
        "date": day.isoformat(),
        "network": {
            "name": name,
            **{key: told[key] for key in ("architecture", "parameters", "confidence", "training")},
            "history": _history_rows(history or ""),
        },
        "measured": measured,
        "not_digits": None if not_digits is None else _not_digits_facts(not_digits),
        "numbers": of_numbers,
        "explanations": [_explanation_facts(tested) for tested in explanations],
    }


def _explanation_facts(tested: Faithfulness) -> dict[str, Any]:
    return {**asdict(tested), "passes": tested.passes, "erased": list(ERASED)}


def _history_rows(text: str) -> list[dict[str, float]]:
    """A row for each epoch, with finite numbers in every column."""
    try:
        rows = [
            {column: float(value) for column, value in row.items()} for row in csv.DictReader(StringIO(text))
        ]
        if missing := [column for column in CHARTED for row in rows[:1] if column not in row]:
            raise ValueError(f"it has no column {missing[0]}")
        json.dumps(rows, allow_nan=False)
        return rows
    except (ValueError, TypeError, LookupError, csv.Error) as error:
        raise SavedNetworkError(
            "The network's history.csv is damaged: {reason}. Restore it, or train again.",
            reason=reason(error),
        ) from error


def _measured_facts(measured: MeasuredSet) -> dict[str, Any]:
    evaluation = measured.evaluation
    first, second = evaluation.halves
    return {
        "name": measured.name(),
        **_tally_facts(evaluation.tally),
        "first_half": _tally_facts(first),
        "second_half": _tally_facts(second),
        "loss": evaluation.loss,
        "rejected": None if evaluation.rejected is None else int(evaluation.rejected.sum()),
        "groups": _groups_facts(evaluation.correct, measured.groups),
        "classes": [
            {
                "class": name,
                "count": score.count,
                "answers": score.predicted,
                "right": score.right,
                "precision": score.precision,
                "recall": score.recall,
                "f1": score.f1,
                "interval": list(Tally(score.right, score.count).interval) if score.count else None,
            }
            for name, score in zip(measured.classes, evaluation.classes, strict=True)
        ],
        "confusion": evaluation.confusion.tolist(),
        "misread": [
            {
                "label": measured.classes[pair.label],
                "answer": measured.classes[pair.predicted],
                "count": pair.count,
            }
            for pair in evaluation.misread
        ],
        "calibration_error": evaluation.calibration_error,
        "reliability": [
            {"low": part.low, "high": part.high, "confidence": part.confidence, **_tally_facts(part.tally)}
            for part in evaluation.reliability
        ],
        "robustness": [
            {
                "distortion": record.distortion,
                "amount": record.amount,
                "unit": DISTORTIONS[record.distortion].unit,
                "unframed": _tally_facts(record.unframed),
                "framed": _tally_facts(record.framed),
            }
            for record in measured.robustness
        ],
        "mistakes": [
            {
                "example": measured.examples[index],
                "label": measured.classes[evaluation.labels[index]],
                "answer": measured.classes[evaluation.predictions[index]],
                "confidence": float(evaluation.confidences[index]),
            }
            for index in evaluation.mistakes
        ],
    }


def _not_digits_facts(measured: MeasuredNotDigits) -> dict[str, Any]:
    found = measured.rejections
    return {
        **_tally_facts(found.tally),
        "can_tell": found.can_tell,
        "auc": measured.auc,
        "groups": _groups_facts(found.rejected, measured.groups),
        "accepted": [
            {
                "example": measured.examples[index],
                "kind": measured.groups["kind"][index],
                "answer": DIGITS[found.predictions[index]],
                "confidence": float(found.confidences[index]),
            }
            for index in found.accepted
        ],
    }


def _numbers_facts(measured: MeasuredNumbers) -> dict[str, Any]:
    return {
        "kinds": [{"kind": kind.name(), **_tally_facts(kind.tally)} for kind in measured.kinds],
        "pictures": [{"text": picture.text, "answer": picture.answer} for picture in measured.pictures],
    }


def _groups_facts(
    right: npt.NDArray[np.bool_], groups: Mapping[str, Sequence[str]]
) -> dict[str, list[dict[str, Any]]]:
    return {
        by: [{by: key, **_tally_facts(tally)} for key, tally in accuracy_by_group(right, keys).items()]
        for by, keys in groups.items()
    }


def _tally_facts(tally: Tally) -> dict[str, Any]:
    return {**asdict(tally), "accuracy": tally.accuracy, "interval": list(tally.interval)}
