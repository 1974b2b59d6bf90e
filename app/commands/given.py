"""What modes are given to read: image files and stroke files, drawing by drawing."""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar

from app.commands.output import fail
from app.messages import for_command_line
from engine import EngineError, PagePrediction, Prediction, Recognizer
from engine.datasets.strokes import LONGEST_LINE, SUFFIXES, parse_drawings
from engine.errors import ImageError, StrokesError
from engine.files.bounded_files import open_text, read_lines
from engine.ink.picture import PictureInk, find_ink
from engine.ink.rasterize import Strokes, image_size, read_pixels
from engine.quoting import reason

Label = int | str | None
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Given:
    """A drawing, or a picture."""

    file: str
    index: int  # that of line k is k - 1
    content: Strokes | PictureInk
    label: Label = None

    @property
    def strokes(self) -> Strokes | None:
        """None of a picture."""
        return None if isinstance(self.content, PictureInk) else self.content

    def read(self, recognizer: Recognizer) -> PagePrediction:
        """The page, in its own unit; a picture's in its own pixels, however it was reduced to be read."""
        if not isinstance(self.content, PictureInk):
            return recognizer.recognize_page(self.content)
        width, height = image_size(self.file)
        left, top, right, bottom = self.content.box
        box = left * width, top * height, right * width, bottom * height
        return recognizer.recognize_image_page(self.content.ink, box=box)

    def read_one(self, recognizer: Recognizer) -> Prediction | None:
        """The page's one part, None where nothing is drawn; EngineError if there are several."""
        page = self.read(recognizer)
        if len(page.parts) > 1:
            text = " / ".join(page.text.splitlines())
            raise self.unfit(f"is read as {text}, and one digit at a time is looked into")
        return page.parts[0].prediction if page.parts else None

    def unfit(self, problem: str) -> EngineError:
        """What is wrong with it, as `for_each_given` tells it."""
        if self.strokes is None:
            return ImageError(f"{self.file} {problem}.")
        return StrokesError(f"{problem}.")


@dataclass(frozen=True)
class Problem:
    """Why something that was given is not answered, in one line."""

    text: str


def given_in(files: Sequence[str]) -> Iterator[Given | Problem]:
    """All drawings and pictures, and in their places what cannot be read."""
    for file in files:
        try:
            for number, content, label in _read(file):
                if isinstance(content, EngineError):
                    yield Problem(f"{file}, line {number}: {content}")
                else:
                    yield Given(file, number - 1, content, label)
        except EngineError as error:  # an image's, which names the file
            yield Problem(for_command_line(error))
        except OSError as error:  # of reading: what cannot be written is no OSError here
            yield Problem(f"{file}: {reason(error)}.")


def answered(given: Given | Problem, answer: Callable[[Given], Answer]) -> Answer | Problem:
    """The answer, or what is wrong with what was given."""
    if isinstance(given, Problem):
        return given
    try:
        return answer(given)
    except EngineError as error:
        if given.strokes is None:
            return Problem(for_command_line(error))
        return Problem(f"{given.file}, line {given.index + 1}: {error}")


def for_each_given(files: Sequence[str], answer: Callable[[Given], None]) -> int:
    """Have every drawing answered; what cannot be read is told, by file and line. Returns the status."""
    status = 0
    for given in given_in(files):
        outcome = answered(given, answer)
        if isinstance(outcome, Problem):
            status = fail(outcome.text)
    return status


def _read(file: str) -> Iterator[tuple[int, Strokes | PictureInk | EngineError, Label]]:
    """(line, drawing or what is wrong, label) of each drawing of a stroke file; or one picture."""
    if file != "-" and Path(file).suffix.lower() not in SUFFIXES:
        yield 1, find_ink(read_pixels(file)), None
        return
    with nullcontext(_standard_input()) if file == "-" else open_text(file) as text:
        for number, drawing in parse_drawings(read_lines(text, LONGEST_LINE)):
            if isinstance(drawing, EngineError):
                yield number, drawing, None
            else:
                yield number, drawing.strokes, drawing.label


def _standard_input() -> TextIO:
    """Standard input as `open_text` opens a file; OSError if it is closed."""
    if sys.stdin is None:
        raise OSError("standard input is closed")
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "surrogateescape":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdin
