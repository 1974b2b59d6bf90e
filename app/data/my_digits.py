"""The digits that the person has taught, as a data set like any other.

One in TEST_EACH is kept from training, to test with. Each stands for a writer of its own: they are the same
person's, and a validation part is drawn from them at random.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from app import user_folders
from engine.datasets.samples import Sample, read_samples
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.errors import DatasetError
from engine.learning.training_config import SamplesFacts
from engine.nn.losses import NO_CLASS

TEST_EACH = 5
FEWEST = 2 * TEST_EACH  # with less there is too little on either side
ALL = "all"  # both parts


def has_my_digits(folder: Path) -> bool:
    """Whether enough was taught; it lies in no data folder, but where a person's things are."""
    try:
        return len(_digits(user_folders.samples_file())) >= FEWEST
    except DatasetError:  # which is told where they are read
        return False


def read_my_digits(folder: Path, part: str) -> StrokeDataset:
    """The "train" or the "test" part of what whoever draws now has drawn and taught as a digit.

    DatasetError if that is less than FEWEST, or the file cannot be read; lines that are no samples are
    passed over.
    """
    return _part(_enough(user_folders.samples_file()), part)


def samples_of(author: str | None = None) -> SamplesFacts:
    """What a training that begins now learns of somebody's digits, by default of whoever draws now.

    DatasetError as of `read_my_digits`.
    """
    if author is None:
        author = user_folders.who_draws(user_folders.networks_folder().parent)
    digits = _enough(user_folders.samples_file(author))
    return SamplesFacts(author, len(digits), _sha256(digits))


def read_samples_of(samples: SamplesFacts, part: str = ALL) -> StrokeDataset:
    """The "train" or the "test" part of these, or ALL, whoever draws now, and whatever was taught since.

    DatasetError if they are not what they were.
    """
    path = user_folders.samples_file(samples.author)
    digits = _digits(path)[: samples.count]
    if _sha256(digits) != samples.sha256:
        raise DatasetError(
            "{path} does not hold the {count} digits any more that this training was begun with: some were "
            "deleted, or have another label. Undo that, or begin anew.",
            path=path,
            count=samples.count,
        )
    return _part(digits, part)


def can_be_learnt(sample: Sample) -> bool:
    """Whether a training takes it: a digit, and drawn."""
    return sample.label != NO_CLASS and sample.strokes is not None


def _part(digits: Sequence[Sample], part: str) -> StrokeDataset:
    drawings = [
        StrokeDrawing(sample.strokes, sample.label, f"sample {number}")
        for number, sample in enumerate(digits)
        if sample.strokes is not None
        and (part == ALL or (number % TEST_EACH == TEST_EACH - 1) == (part == "test"))
    ]
    return StrokeDataset(drawings)


def _enough(path: Path) -> list[Sample]:
    digits = _digits(path)
    if len(digits) < FEWEST:
        raise DatasetError(
            "{path} holds {count} digits that you have drawn and taught; training takes {fewest} at least.",
            path=path,
            count=len(digits),
            fewest=FEWEST,
        )
    return digits


def _digits(path: Path) -> list[Sample]:
    samples = read_samples(path).samples if path.is_file() else ()
    return [sample for sample in samples if can_be_learnt(sample)]


def _sha256(digits: Sequence[Sample]) -> str:
    return hashlib.sha256("".join(map(Sample.to_line, digits)).encode("utf-8", "replace")).hexdigest()
