"""How many pictures of each kind are read right: `python -m benchmarks.pictures --cases DIR`.

DIR holds a folder for each kind, and in it pictures whose names begin with the right answer: `7_….png`, or
`not_digit_….png`; of a kind that shows several digits, a number or no digit is right. Those that begin with
`control_` are counted apart: kinds that are easy, and must stay so.
"""

import argparse
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import Recognizer
from engine.ink.picture import read_image

NAME = re.compile(r"(?P<control>control_)?(?P<answer>[0-9]|not_digit)_.*\.(png|jpe?g|tiff?|webp|gif|bmp)")
OF_SEVERAL = {"column_of_digits"}  # kinds; which digits they are, the names do not say
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Case:
    """A picture, and what is to be read in it."""

    path: Path
    text: str | None  # None where there is no digit
    is_control: bool

    def is_answered_by(self, text: str | None) -> bool:
        """Whether what was read in it is right."""
        is_number = text is not None and len(text) > 1
        return text == self.text or (is_number and self.path.parent.name in OF_SEVERAL)


def cases(folder: Path) -> Iterator[Case]:
    """The pictures of a folder of kinds, by kind and name."""
    for path in sorted(folder.glob("*/*")):
        if match := NAME.fullmatch(path.name):
            answer = match["answer"]
            yield Case(path, answer if answer.isdigit() else None, match["control"] is not None)


def read_text(recognizer: Recognizer, path: Path) -> str | None:
    """The digits that are read in a picture; None where a part of it is none."""
    page = recognizer.recognize_image_page(read_image(path))
    return page.text if page.is_number else None


def main(folder: Path, network: Path) -> None:
    """Print right/all for each kind, and the pictures that are read wrong."""
    recognizer = Recognizer.load(network)
    right: Counter[str] = Counter()
    of_all: Counter[str] = Counter()
    times = []
    for case in cases(folder):
        start = time.perf_counter()
        answer = read_text(recognizer, case.path)
        times.append(1000 * (time.perf_counter() - start))
        for name in (
            f"{case.path.parent.name}{' (control)' if case.is_control else ''}",
            "ALL CONTROLS" if case.is_control else "ALL",
        ):
            right[name] += case.is_answered_by(answer)
            of_all[name] += 1
        if not case.is_answered_by(answer):
            told = "no digit" if answer is None else " / ".join(answer.splitlines())
            print(f"{case.path.parent.name}/{case.path.name}: {told}")
    print()
    for name in sorted(of_all, key=lambda name: (name.startswith("ALL"), name)):
        print(f"{name:32} {right[name]:4} / {of_all[name]}")
    if times:
        print(f"{statistics.median(times):.1f} ms a picture, in the middle")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, required=True, metavar="DIR", help="a folder for each kind")
    parser.add_argument(
        "--path", type=Path, default=ROOT / "saved_network", metavar="FOLDER", help="the network that reads"
    )
    options = parser.parse_args()
    main(options.cases, options.path)
