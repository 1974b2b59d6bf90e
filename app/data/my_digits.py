"""The digits that the person has taught, as a data set like any other.

One in TEST_EACH is kept from training, to test with. Each stands for a writer of its own: they are the same
person's, and a validation part is drawn from them at random.
"""

from pathlib import Path

from app import user_folders
from engine.datasets.samples import Sample, read_samples
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.errors import DatasetError
from engine.nn.losses import NO_CLASS

TEST_EACH = 5
FEWEST = 2 * TEST_EACH  # with less there is too little on either side


def has_my_digits(folder: Path) -> bool:
    """Whether enough was taught; it lies in no data folder, but where a person's things are."""
    try:
        return len(_digits()) >= FEWEST
    except DatasetError:  # which is told where they are read
        return False


def read_my_digits(folder: Path, part: str) -> StrokeDataset:
    """The "train" or the "test" part of what was drawn and taught as a digit.

    DatasetError if that is less than FEWEST, or the file cannot be read; lines that are no samples are
    passed over.
    """
    digits = _digits()
    if len(digits) < FEWEST:
        raise DatasetError(
            "{path} holds {count} digits that you have drawn and taught; training takes {fewest} at least.",
            path=user_folders.samples_file(),
            count=len(digits),
            fewest=FEWEST,
        )
    drawings = [
        StrokeDrawing(sample.strokes, sample.label, f"sample {number}")
        for number, sample in enumerate(digits)
        if sample.strokes is not None and (number % TEST_EACH == TEST_EACH - 1) == (part == "test")
    ]
    return StrokeDataset(drawings)


def can_be_learnt(sample: Sample) -> bool:
    """Whether a training takes it: a digit, and drawn."""
    return sample.label != NO_CLASS and sample.strokes is not None


def _digits() -> list[Sample]:
    path = user_folders.samples_file()
    samples = read_samples(path).samples if path.is_file() else ()
    return [sample for sample in samples if can_be_learnt(sample)]
