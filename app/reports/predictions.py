"""What was predicted of a test image, in words."""

from app.language import N_, _, decimal
from engine.reading.evaluation import Evaluation

NO_DIGIT = N_("no digit")


def is_rejected(evaluation: Evaluation, index: int) -> bool:
    """Whether an image was called no digit."""
    return evaluation.rejected is not None and bool(evaluation.rejected[index])


def is_read_right(evaluation: Evaluation, index: int) -> bool:
    """Whether an image was called a digit, and the one that it is."""
    return bool(evaluation.correct[index]) and not is_rejected(evaluation, index)


def rejected_count(evaluation: Evaluation) -> int:
    return 0 if evaluation.rejected is None else int(evaluation.rejected.sum())


def prediction_in_words(evaluation: Evaluation, index: int) -> str:
    """As in: reads 8, 99 %; or, where it was called none: no digit (8, 21 %)."""
    words = (
        _("no digit ({digit}, {percent} %)")
        if is_rejected(evaluation, index)
        else _("reads {digit}, {percent} %")
    )
    return words.format(
        digit=int(evaluation.predictions[index]), percent=decimal(100 * float(evaluation.confidences[index]))
    )
