"""Samples: what a person wrote and what it is, kept in a file that is the person's.

    {"label": 7, "strokes": [[[x, y], …], …], "read_as": 1, "when": "2026-05-01T12:30:00Z", "author": "Ada"}

A file of samples is a stroke file (`engine.datasets.strokes`) with a few keys more, each of which may be
missing; so other people's stroke files with labels are read as samples, and samples wherever strokes are. The
label of what is none is "not a digit". Of a picture, which has no strokes, "picture" holds what the network
saw of it: 28x28 bytes, 255 for ink, as base64. Where nobody has said yet what it is, the label is null; such
lines are samples only in a file of their own, so that nothing learns from them.

A sample is added by one write of a whole line to the file's end, and is on the disk when that returns. A line
that a crash has torn is told by its number, and what is added later begins a line of its own.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.datasets.strokes import (
    BYTE_ORDER_MARK,
    CLASSES,
    LONGEST_LINE,
    MOST_CHARACTERS,
    parse_drawings,
    render,
)
from engine.errors import DatasetError, StrokesError
from engine.files.bounded_files import as_text, is_text, open_file, open_text, read_bytes, read_lines
from engine.files.file_lock import HeldError, locked
from engine.files.whole_file import remove_parts, replacing
from engine.ink.preprocessing import FRAME
from engine.ink.rasterize import Strokes
from engine.nn.losses import NO_CLASS
from engine.quoting import quoted, reason

NOT_A_DIGIT = "not a digit"  # the label, in the file, of NO_CLASS
UNLABELLED = -2  # the label of what nobody has labelled yet: null in the file
LONGEST_WORD = 200  # characters of an author or a time that are kept
WAIT = 10.0  # seconds for another one that writes
MOST_SAMPLES = 100_000  # of a file
LARGEST = 1e100  # of a coordinate: sizes, and their squares, are then finite, too

Picture = npt.NDArray[np.uint8]  # (28, 28), 255 for ink


@dataclass(frozen=True, eq=False)
class Sample:
    """One drawing, or one picture, and what the person says it is."""

    label: int  # a digit, NO_CLASS or UNLABELLED
    strokes: Strokes | None = None  # in any unit, y downward
    picture: Picture | None = None  # as the network saw it, where there are no strokes
    read_as: int | None = None  # what had been read, NO_CLASS for no digit; None where nobody knows
    when: str | None = None  # as the file has it; this program writes ISO 8601, in UTC
    author: str | None = None

    def __post_init__(self) -> None:
        if not (NO_CLASS <= self.label < CLASSES or self.label == UNLABELLED):
            raise DatasetError(
                "A sample has the label {label}; it is a digit, 0 to 9, or none, -1.", label=self.label
            )
        if (self.strokes is None) == (self.picture is None):
            raise DatasetError("A sample has either strokes or a picture.")

    @cached_property
    def drawing(self) -> str:
        """What tells one drawing from another: SHA-256 of its points, or of its picture."""
        digest = hashlib.sha256()
        if self.picture is not None:
            digest.update(self.picture.tobytes())
        for stroke in self.strokes or ():
            digest.update(np.asarray(stroke, np.float64).tobytes() + b"/")
        return digest.hexdigest()

    def to_line(self) -> str:
        """The sample as a line of a file, with its newline."""
        return self._line

    @cached_property
    def _line(self) -> str:
        record: dict[str, Any] = {"label": _written(self.label)}
        if self.strokes is not None:
            record["strokes"] = [[[float(x), float(y)] for x, y in stroke] for stroke in self.strokes]
        if self.picture is not None:
            record["picture"] = base64.b64encode(self.picture.tobytes()).decode()
        if self.read_as is not None:
            record["read_as"] = _written(self.read_as)
        record |= {
            name: value for name, value in (("when", self.when), ("author", self.author)) if value is not None
        }
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True)
class SamplesRead:
    """What a file held: its samples, and of each line that is none, what is wrong with it."""

    samples: tuple[Sample, ...]
    problems: tuple[tuple[int, DatasetError], ...] = ()  # (line, error), which names file and line


@dataclass(frozen=True)
class Merged:
    """Several sets as one."""

    samples: tuple[Sample, ...]
    duplicates: int  # that were there already, with the same label
    relabelled: int  # that were there with another label, which gave way to the later one


def pictures(samples: Sequence[Sample]) -> Picture:
    """(N, 28, 28) what a network sees of samples, drawings rendered as in the window."""
    found = np.empty((len(samples), FRAME, FRAME), np.uint8)
    for image, sample in zip(found, samples, strict=True):
        if sample.strokes is not None:
            (image[:],) = render([sample.strokes])
        else:
            assert sample.picture is not None  # or there was no sample
            image[:] = sample.picture
    return found


def as_dataset(samples: Sequence[Sample]) -> Dataset:
    """The samples as images with labels, NO_CLASS for what is no digit."""
    return Dataset(pictures(samples), np.array([sample.label for sample in samples], np.int64))


def merge(sets: Iterable[Sequence[Sample]]) -> Merged:
    """All samples in their order, each drawing once: of two labels the one that was given last is kept."""
    kept: dict[str, Sample] = {}
    duplicates = relabelled = 0
    for sample in (sample for each in sets for sample in each):
        before = kept.get(drawing := sample.drawing)
        if before is not None and before.label == sample.label:
            duplicates += 1
            continue
        relabelled += before is not None
        kept[drawing] = sample
    return Merged(tuple(kept.values()), duplicates, relabelled)


# **** files ****


def read_samples(path: Path, *, are_labelled: bool = True) -> SamplesRead:
    """The samples of a file, or of any stroke file with labels; a bad line does not hide those after it.

    Parameters
    ----------
    are_labelled : bool
        Without it, of what nobody has labelled yet; a line with a label is none of these.

    Raises
    ------
    DatasetError
        If the file cannot be read, or is larger than any that a person has written.
    """
    try:
        with open_text(path) as file:
            return _parsed(_counted(read_lines(file, LONGEST_LINE), path), path, are_labelled)
    except OSError as error:
        raise DatasetError("{path} cannot be read: {reason}.", path=path, reason=reason(error)) from error


def samples_of(content: bytes, path: Path) -> SamplesRead:
    """The samples in the contents of a file, which errors call `path`."""
    return _parsed(read_lines(as_text(BytesIO(content)), LONGEST_LINE), path)


def append_samples(path: Path, samples: Sequence[Sample]) -> None:
    """Add samples to the end of a file, which is made if it is missing: on the disk when this returns.

    A line that was torn there stays as it is, by itself.

    Raises
    ------
    DatasetError
        If they cannot be written. What the file held before is still there.
    """
    lines = "".join(sample.to_line() for sample in samples).encode("utf-8", "replace")
    with _held(path), open(path, "ab", buffering=0) as file:
        before = file.tell()
        if before and not _ends_in_newline(path):
            lines = b"\n" + lines
        try:
            if (written := file.write(lines)) != len(lines):
                raise OSError(f"{written} of {len(lines)} bytes found room")
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)  # half a sample is none
            raise


def take_back(path: Path, sample: Sample) -> None:
    """Take the last line of a file away again; nothing else is touched.

    Raises
    ------
    DatasetError
        If the last line is not this sample's, or the file cannot be written. It is then as it was.
    """
    line = sample.to_line().encode("utf-8", "replace")
    with _held(path), open(path, "rb+") as file:
        start = file.seek(0, os.SEEK_END) - len(line)
        file.seek(max(start - 1, 0))
        end = file.read()
        if start < 0 or end[-len(line) :] != line or (start > 0 and end[:1] != b"\n"):
            raise _changed(path)
        file.truncate(start)
        os.fsync(file.fileno())


def rewrite_samples(path: Path, before: Sequence[Sample], after: Sequence[Sample]) -> None:
    """Put samples in the place of those that a file holds, which are `before`: whole or not at all.

    Lines of samples that stay are kept as they are, and so are lines that are none, before all others.

    Raises
    ------
    DatasetError
        If the file holds other samples than these, or not one a line, or cannot be written, or would be
        larger than what is read. It is then as it was.
    """
    are_labelled = all(sample.label != UNLABELLED for sample in (*before, *after))
    with _held(path):
        content = read_bytes(path, 4 * MOST_CHARACTERS) if path.exists() else b""
        lines = content.removesuffix(b"\n").split(b"\n") if content else []
        own = [_bytes_of(sample) for sample in before]
        others, those = ([], own) if lines == own else _parted(lines, own, path, are_labelled)
        there = dict(zip(own, those, strict=True))
        written = others + [there.get(line, line) for line in map(_bytes_of, after)]
        for _line in _counted(map(_text, written), path):
            pass
        with replacing(path) as part:
            part.write_bytes(b"".join(line + b"\n" for line in written))


def _parted(
    lines: list[bytes], own: list[bytes], path: Path, are_labelled: bool
) -> tuple[list[bytes], list[bytes]]:
    """(lines that are no samples, those that are); DatasetError unless these say what `own` do."""
    found = list(_each((_text(line)[: LONGEST_LINE + 1] for line in lines), path, are_labelled))
    is_one_a_line = len(found) == sum(bool(line.strip()) for line in lines)
    those = [lines[number - 1] for number, each in found if is_one_a_line and isinstance(each, Sample)]
    if not is_one_a_line or not all(map(_is_json, those)):
        raise DatasetError(
            "{path} does not hold a sample a line, and stays as it is. Move it away, then import it.",
            path=path,
        )
    if [_bytes_of(each) for _number, each in found if isinstance(each, Sample)] != own:
        raise _changed(path)
    return [lines[number - 1] for number, each in found if not isinstance(each, Sample)], those


def _is_json(line: bytes) -> bool:
    """Whether it can stand alone: of a list over several lines it is only a piece."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _bytes_of(sample: Sample) -> bytes:
    """Its line in a file, without the newline."""
    return sample.to_line().removesuffix("\n").encode("utf-8", "replace")


def delete_samples(path: Path) -> None:
    """Delete a file of samples, and what a killed process has left of it; DatasetError if it cannot be."""
    with _held(path):
        path.unlink(missing_ok=True)
        remove_parts(path.parent)


def _changed(path: Path) -> DatasetError:
    return DatasetError("{path} was changed by another window meanwhile, and stays as it is.", path=path)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """The file for this process alone; what the system says within becomes a DatasetError that names it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_name(f".{path.name}.lock"), wait=WAIT):
            yield
    except HeldError as error:
        raise DatasetError(
            "Another process has been writing to {path} for {wait:.0f} seconds. Wait for its end.",
            path=path,
            wait=WAIT,
        ) from error
    except OSError as error:
        raise DatasetError(
            "{path} could not be written: {reason}.", path=path, reason=reason(error)
        ) from error


def _ends_in_newline(path: Path) -> bool:
    with open_file(path) as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _counted(lines: Iterable[str], path: Path) -> Iterator[str]:
    characters = 0
    for count, line in enumerate(lines, start=1):
        characters += len(line)
        if count > MOST_SAMPLES or characters > MOST_CHARACTERS:
            raise DatasetError(
                "{path} has more than the {lines:,} lines or {characters:,} characters that are read. "
                "Cut it.",
                path=path,
                lines=MOST_SAMPLES,
                characters=MOST_CHARACTERS,
            )
        yield line


def _parsed(lines: Iterable[str], path: Path, are_labelled: bool = True) -> SamplesRead:
    found = list(_each(lines, path, are_labelled))
    return SamplesRead(
        tuple(sample for _number, sample in found if isinstance(sample, Sample)),
        tuple((number, error) for number, error in found if isinstance(error, DatasetError)),
    )


def _each(
    lines: Iterable[str], path: Path, are_labelled: bool
) -> Iterator[tuple[int, Sample | DatasetError]]:
    """Strokes as any stroke file has them, with what a line says beside them; or what is wrong with it."""
    beside: dict[int, dict[str, Any]] = {}

    def noted() -> Iterator[str]:
        for number, line in enumerate(lines, start=1):
            beside[number] = _keys(line)
            yield line

    for number, drawing in parse_drawings(noted()):
        keys = beside.pop(number, {})
        try:
            if "picture" in keys:
                sample = _sample(keys, are_labelled, keys.get("label"), picture=_picture(keys["picture"]))
            elif isinstance(drawing, StrokesError):
                raise drawing
            else:
                _check(drawing.strokes)
                keys["author"] = keys.get("author", drawing.writer)
                sample = _sample(keys, are_labelled, drawing.label, strokes=drawing.strokes)
        except StrokesError as error:
            yield (
                number,
                DatasetError("{path}, line {number} {error}.", path=path, number=number, error=error),
            )
        else:
            yield number, sample


def _keys(line: str) -> dict[str, Any]:
    """What a line says of its drawing, without the strokes; nothing where it is no JSON of one."""
    if not any(key in line for key in ('"picture"', '"read_as"', '"when"', '"author"')) or not is_text(line):
        return {}
    try:
        value = json.loads(line.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError, MemoryError):
        return {}
    wanted = ("picture", "label", "read_as", "when", "author")
    return {key: value[key] for key in wanted if key in value} if isinstance(value, dict) else {}


def _sample(
    keys: dict[str, Any],
    are_labelled: bool,
    label: Any,
    *,
    strokes: Strokes | None = None,
    picture: Picture | None = None,
) -> Sample:
    """StrokesError, which lacks its subject, if the label is none, or is one too many."""
    if not are_labelled and label is not None:
        raise StrokesError("has the label {label}; here lies what has none yet", label=quoted(label))
    digit = _digit(label) if are_labelled else UNLABELLED
    if digit is None:
        raise StrokesError(
            'has the label {label}; it takes a digit, 0 to 9, or "not a digit"', label=quoted(label)
        )
    read_as = _digit(keys.get("read_as"))
    return Sample(digit, strokes, picture, read_as, _word(keys.get("when")), _word(keys.get("author")))


def _check(strokes: Strokes) -> None:
    """StrokesError, which lacks its subject, unless something can be drawn of them."""
    points = [coordinate for stroke in strokes for point in stroke for coordinate in point]
    if not points:
        raise StrokesError("has no point")
    if max(map(abs, points)) > LARGEST:
        raise StrokesError("has a coordinate beyond {largest:.0e}", largest=LARGEST)


def _digit(value: Any) -> int | None:
    """A label as files have it: a digit, a word that says that it is none, or nothing."""
    if isinstance(value, str) and value:
        return int(value) if value in map(str, range(CLASSES)) else NO_CLASS if not value.isdigit() else None
    is_label = isinstance(value, int) and not isinstance(value, bool) and NO_CLASS <= value < CLASSES
    return value if is_label else None


def _word(value: Any) -> str | None:
    """What can be written as UTF-8 of a value."""
    return None if value is None else str(value)[:LONGEST_WORD].encode("utf-8", "replace").decode()


def _picture(value: Any) -> Picture:
    try:
        content = base64.b64decode(value, validate=True)
        if len(content) != FRAME * FRAME:
            raise ValueError(f"it has {len(content)} bytes, not {FRAME * FRAME}")
    except (ValueError, TypeError) as error:
        raise StrokesError(
            "has a picture that is no 28x28 bytes in base64: {reason}", reason=reason(error)
        ) from error
    return np.frombuffer(content, np.uint8).reshape(FRAME, FRAME)


def _written(label: int) -> int | str | None:
    return {NO_CLASS: NOT_A_DIGIT, UNLABELLED: None}.get(label, label)
