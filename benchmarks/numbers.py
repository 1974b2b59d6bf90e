"""How well numbers are told apart into digits, and how quickly.

    python -m benchmarks.numbers [--data DIR] [--network FOLDER] [--count 1000] [--seed 0]
    python -m benchmarks.numbers --fit [--pictures]

The numbers are made of 2 to 6 digits by one of the fifteen writers of the pen digits that nothing here was
fitted to (`engine.datasets.numbers`); six of them the network has never seen, either. A number is right where
all of its text is, a digit "stays one" where it is not taken for several, and a drawing that is none is
refused unless all of it is taken for digits. Times are of pages of eight digits: their first reading, and the
motions that write their last strokes, the answer included.

Pictures of numbers are made of MNIST's test images.

--fit finds the weights of `engine.reading.segmentation` anew, from the other fifteen writers, and tells them;
with --pictures those of pictures, from MNIST's training images.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from app.store.networks import SHIPPED
from engine import Recognizer
from engine.datasets.dataset import Dataset
from engine.datasets.mnist import read_mnist
from engine.datasets.not_digits import UNSEEN, draw
from engine.datasets.numbers import (
    APART,
    FITTING_WRITERS,
    TOUCHING,
    Hand,
    Number,
    picture_number,
    write_numbers,
)
from engine.datasets.pendigits import TEST_WRITERS, read_pendigits
from engine.datasets.strokes import StrokeDataset, read_stroke_file
from engine.ink.picture import find_ink
from engine.ink.rasterize import Strokes
from engine.reading.confidence import Confidence
from engine.reading.layout import Drawing
from engine.reading.segmentation import WEIGHTS, Judge
from engine.reading.segmentation_fit import Page, choice, fit_weights, pages, picture_pages
from engine.recognizer import Looks

HANDS = {
    "apart, by 0.12 to 0.5 of the height": Hand(gap=APART),
    "touching or overlapping, -0.22 to 0.05": Hand(gap=TOUCHING),
    "second strokes written last": Hand(late=True),
    "joined here and there, the pen kept down": Hand(joined=0.3),
}
TIMED = 20  # pages of eight digits
OF_A_KIND = 25  # drawings that are none


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    parser.add_argument("--network", type=Path, default=SHIPPED)
    parser.add_argument("--count", type=int, default=1000, help="numbers of each kind (1000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fit", action="store_true", help="find the weights anew")
    parser.add_argument("--pictures", action="store_true", help="those of pictures, and measure these alone")
    options = parser.parse_args()
    if options.data is None:
        parser.error("needs the pen digits: set DIGITS_DATA or --data to their folder")
    folder = Path(options.data)
    recognizer = Recognizer.load(options.network)
    everything = StrokeDataset(
        [drawing for part in ("train", "test") for drawing in read_pendigits(folder, part).drawings]
    )
    if options.fit:
        rng, digits = np.random.default_rng(options.seed), everything.of_writers(FITTING_WRITERS)
        if options.pictures:
            judge, images = recognizer.judge_images, read_mnist(folder / "mnist", "train")
            fit(judge, picture_pages(images, digits, judge, rng=rng), recognizer.confidence)
        else:
            judge = Looks(recognizer.network).logits
            fit(judge, pages(digits, judge, rng=rng), recognizer.confidence)
        return
    if not options.pictures:
        measure(recognizer, everything, folder, count=options.count, seed=options.seed)
    measure_pictures(recognizer, read_mnist(folder / "mnist", "test"), count=options.count, seed=options.seed)


def fit(judge: Judge[Drawing], made: Iterable[Page[Drawing]], confidence: Confidence) -> None:
    """Print each feature's weights: of a digit, of what is none."""
    start = time.perf_counter()
    choices = [found for page in made if (found := choice(page, judge, confidence)) is not None]
    weights = fit_weights(choices).reshape(2, -1).T
    for name, (digit, none) in zip(WEIGHTS, weights, strict=True):
        print(f'    "{name}": ({digit:.2f}, {none:.2f}),')
    print(f"{len(choices):,} pages, {time.perf_counter() - start:.0f} s")


def measure(
    recognizer: Recognizer, everything: StrokeDataset, folder: Path, *, count: int, seed: int
) -> None:
    start = time.perf_counter()
    rng = np.random.default_rng(seed)
    held_out = everything.of_writers(set(everything.writers) - FITTING_WRITERS)
    unknown = everything.of_writers(TEST_WRITERS)
    for name, hand in HANDS.items():
        for digits, whose in ((held_out, ""), (unknown, ", writers new to the network")):
            tell(name + whose, read_right(recognizer, write_numbers(digits, count, hand, rng=rng)))
    lines = write_numbers(held_out, count // 4, Hand(), lengths=(2, 4), lines=2, rng=rng)
    tell("two lines of numbers", read_right(recognizer, lines))
    tell("single digits that stay one, pen digits", stay_one(recognizer, held_out))
    if (path := folder / "ipad-pencil" / "digits.jsonl").is_file():
        tell("the same, another device", stay_one(recognizer, read_stroke_file(path)))
    none = {"drawings that are none, of kinds never shown": [draw(k, rng=rng) for k in UNSEEN * OF_A_KIND]}
    if (path := folder / "not-digits" / "ipad-symbols.jsonl").is_file():
        none["signs ? x - / + e ^"] = [drawing.strokes for drawing in read_stroke_file(path).drawings]
    for name, drawings in none.items():
        tell(f"{name}: refused", [not recognizer.recognize_page(drawn).is_number for drawn in drawings])
        tell("    as one digit or none", [not recognizer.recognize(drawn).is_digit for drawn in drawings])
    eights = write_numbers(held_out, TIMED, Hand(), lengths=(8, 8), rng=rng)
    for name, times in zip(("first reading", "a motion"), reading_ms(recognizer, eights), strict=True):
        median, nearly_all = statistics.median(times), float(np.quantile(times, 0.99))
        print(f"{f'eight digits, {name}':<70}{median:>6.1f} ms, 99 % {nearly_all:.1f} ms")
    print(f"seed {seed}, {time.perf_counter() - start:.0f} s")


def measure_pictures(recognizer: Recognizer, images: Dataset, *, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = {
        "pictures, apart by 0.12 to 0.5 of the height": (Hand(gap=APART), (2, 6)),
        "pictures, touching or overlapping, -0.22 to 0.05": (Hand(gap=TOUCHING), (2, 6)),
        "single digits that stay one, pictures": (Hand(), (1, 1)),
    }
    for name, (hand, (shortest, longest)) in kinds.items():
        right = []
        for _ in range(count):
            length = int(rng.integers(shortest, longest + 1))
            picture, text = picture_number(images, hand, length=length, rng=rng)
            page = recognizer.recognize_image_page(find_ink(1 - picture).ink)
            right.append(page.text == text if length > 1 else len(page.parts) == 1)
        tell(name, right)


def tell(name: str, right: Sequence[bool]) -> None:
    print(f"{name:<70}{100 * np.mean(right):>6.2f} % of {len(right):,}", flush=True)


def read_right(recognizer: Recognizer, numbers: Iterable[Number]) -> list[bool]:
    return [recognizer.recognize_page(number.strokes).text == number.text for number in numbers]


def stay_one(recognizer: Recognizer, digits: StrokeDataset) -> list[bool]:
    return [len(recognizer.recognize_page(drawing.strokes).parts) == 1 for drawing in digits.drawings]


def reading_ms(recognizer: Recognizer, numbers: Iterable[Number]) -> tuple[list[float], list[float]]:
    """The times of whole pages, and of the motions that lengthen their last strokes point by point."""
    first, motions = [], []
    for number in numbers:
        *before, last = [[(float(x), float(y)) for x, y in stroke] for stroke in number.strokes]
        recognizer.recognize_page([])
        first.append(_ms(recognizer, number.strokes))
        recognizer.recognize_page(before)
        motions += [_ms(recognizer, [*before, last[:points]]) for points in range(1, len(last) + 1)]
    return first, motions


def _ms(recognizer: Recognizer, strokes: Strokes) -> float:
    start = time.perf_counter()
    recognizer.recognize_page(strokes)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
