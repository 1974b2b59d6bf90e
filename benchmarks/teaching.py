"""How much teaching gains, and what it costs everything else.

    python -m benchmarks.teaching [--data DIR] [--network FOLDER] [--pens FOLDER] [--seeds 3]

Twenty hands of `benchmarks.odd_hands` are read by the network that ships, each writing about half of its
digits in a way of its own; and with `--pens`, a network that was trained without pen digits, they and the six
writers of the pen digits' test part by that one. Of each hand half is there to be taught, the rest measures.
Taught is as a person does it: what is misread first, and where that is less than was asked for, others.

"Others" are MNIST's test images, and the pen digits of the test part but for the hand itself.
"""

import argparse
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.jobs.kept_beside import reference
from app.store.networks import SHIPPED
from benchmarks.odd_hands import PEOPLE, eastern_hand, odd_hand
from engine import Dataset, SavedNetwork
from engine.datasets.dataset import as_ink
from engine.datasets.mnist import read_mnist
from engine.datasets.not_digits import UNSEEN, NotDigits
from engine.datasets.pendigits import read_pendigits
from engine.datasets.samples import Sample, as_dataset
from engine.ink.stroke_augmentation import StrokeAugmentation
from engine.machine.threads import one_blas_thread
from engine.nn.losses import NO_CLASS, Labels
from engine.reading.evaluation import logits_of
from engine.reading.memory import Memory, TaughtNetwork, reaches

COUNTS = 10, 25, 50
DRAWN = 200  # by each odd hand
AGAIN = 20  # variants of a drawing that was taught
SIGNS_EACH, SIGNS_ASKED = 5, 20
# as the same person draws the same again
SAME = StrokeAugmentation(6, 0.1, 0.12, 0.03, 0.07, 0.015, 0.04, 0, 0.05, 0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    parser.add_argument("--network", type=Path, default=SHIPPED)
    parser.add_argument("--pens", type=Path, help="a network that was trained without pen digits")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    if options.data is None:
        parser.error("needs MNIST and the pen digits: set DIGITS_DATA or --data to their folder")
    folder = Path(options.data)
    start = time.perf_counter()
    others = Others.read(folder)
    odd = {
        f"odd {person}": odd_hand(person, DRAWN, rng=np.random.default_rng([person, 2]))
        for person in range(PEOPLE)
    }
    saved, memory = opened(options.network, folder)
    hands = seen_by(saved, memory, odd)
    measure("twenty odd hands", hands, saved, memory, others, options.seeds)
    made_again(odd, hands, saved, memory, options.seeds)
    doubts(hands, memory)
    signs(saved, memory, options.seeds)
    speed(saved, memory, odd["odd 0"])
    if options.pens is not None:
        drawings = read_pendigits(folder, "test")
        pens = {
            f"pen {writer}": [
                Sample(int(drawing.label or 0), drawing.strokes)
                for drawing in drawings.of_writers([writer]).drawings
            ]
            for writer in drawings.writers
        }
        saved, memory = opened(options.pens, folder)
        hands = seen_by(saved, memory, pens | odd)
        own = {name: hands[name] for name in pens}
        measure("six writers of pen digits", own, saved, memory, others, options.seeds)
        measure("these and the twenty odd hands", hands, saved, memory, others, options.seeds)
    print(f"{time.perf_counter() - start:.0f} s")


def opened(path: Path, folder: Path) -> tuple[SavedNetwork, Memory]:
    saved = SavedNetwork.load(path)
    memory = Memory(reference(saved.network, path, folder))
    print(f"{path.name}, {len(memory.reference):,} drawings to compare with", flush=True)
    return saved, memory


def seen_by(saved: SavedNetwork, memory: Memory, drawings: dict[str, list[Sample]]) -> "Hands":
    return {hand: Seen.by(saved, memory, as_dataset(samples)) for hand, samples in drawings.items()}


@dataclass(frozen=True)
class Seen:
    """What a network makes of images: its answers by itself, where they stand for a memory, and its reach."""

    labels: Labels
    answers: npt.NDArray[np.int64]
    places: npt.NDArray[np.float32]
    reaches: npt.NDArray[np.float64]

    @classmethod
    def by(cls, saved: SavedNetwork, memory: Memory, dataset: Dataset) -> "Seen":
        logits = logits_of(saved.network, dataset.images)
        own = np.where(saved.confidence.accepts(logits), logits.argmax(axis=1), NO_CLASS)
        places = memory.placed(saved.network, dataset.images)
        return cls(dataset.labels, own, places, reaches(logits, saved.confidence))

    def take(self, indices: npt.NDArray[np.intp | np.bool_]) -> "Seen":
        parts = (self.labels, self.answers, self.places, self.reaches)
        return Seen(*(part[indices] for part in parts))

    def taught(self, memory: Memory) -> Memory:
        return memory.added(self.places, self.labels)

    def right(self, memory: Memory) -> npt.NDArray[np.bool_]:
        """(N,) whether each is read as what it is, as `TaughtNetwork` reads it."""
        if not len(memory):
            return self.answers == self.labels
        recall = memory.recall(self.places, self.reaches)
        correct: npt.NDArray[np.bool_] = np.where(recall.answers, recall.labels, self.answers) == self.labels
        return correct


Hands = dict[str, Seen]


@dataclass(frozen=True)
class Others:
    """What nobody has taught."""

    mnist: Dataset
    pens: Dataset
    writers: Sequence[str | None]  # of the pen digits
    none: Dataset  # drawings of no digit

    @classmethod
    def read(cls, folder: Path) -> "Others":
        pens = read_pendigits(folder, "test")
        none = NotDigits(1000, UNSEEN).drawn(rng=np.random.default_rng(3)).rendered()
        writers = [drawing.writer for drawing in pens.drawings]
        return cls(read_mnist(folder / "mnist", "test"), pens.rendered(), writers, none)


def halves(hand: Seen, seed: int) -> tuple[Seen, Seen]:
    """(what can be taught, the misread first; what measures)."""
    order = np.random.default_rng([seed, 4]).permutation(len(hand.labels))
    pool, rest = np.array_split(order, 2)
    is_right = hand.answers[pool] == hand.labels[pool]
    return hand.take(pool[np.argsort(is_right, kind="stable")]), hand.take(rest)


def measure(name: str, hands: Hands, saved: SavedNetwork, memory: Memory, others: Others, seeds: int) -> None:
    """Errors left on what was not taught, and what others lose by fifty samples."""
    errors: dict[int, list[int]] = defaultdict(list)
    lost: dict[str, list[float]] = defaultdict(list)
    sets = {part: Seen.by(saved, memory, getattr(others, part)) for part in ("mnist", "pens", "none")}
    for hand, seen in hands.items():
        for seed in range(seeds):
            pool, rest = halves(seen, seed)
            for count in (0, *COUNTS):
                taught = pool.take(np.arange(count)).taught(memory)
                errors[count].append(int((~rest.right(taught)).sum()))
            for part, everything in sets.items():
                own = [part == "pens" and f"pen {writer}" == hand for writer in others.writers]
                other = everything.take(~np.array(own)) if any(own) else everything
                lost[part].append(100 * float(other.right(memory).mean() - other.right(taught).mean()))
    total = sum(len(halves(seen, 0)[1].labels) for seen in hands.values()) * seeds
    print(f"{name}: {sum(errors[0]):,} errors in {total:,} drawings that are not taught")
    for count in COUNTS:
        left = sum(errors[count]) / sum(errors[0]) - 1
        print(f"    {count} samples taught: {sum(errors[count]):,} errors, {100 * left:+.0f} %")
    titles = {"mnist": "MNIST", "pens": "pen digits of others", "none": "non-digits refused"}
    for part, title in titles.items():
        by_hand = np.array(lost[part]).reshape(-1, seeds).mean(axis=1)
        print(
            f"    lost by {COUNTS[-1]}: {title} {by_hand.mean():.3f} points, worst hand {by_hand.max():.2f}"
        )


def made_again(
    drawings: dict[str, list[Sample]], hands: Hands, saved: SavedNetwork, memory: Memory, seeds: int
) -> None:
    """A drawing that was misread, taught, and made again."""
    found: dict[int, list[bool]] = {1: [], 5: []}
    for hand, seen in hands.items():
        wrong = np.flatnonzero(seen.answers != seen.labels)
        for seed in range(seeds if len(wrong) else 0):
            rng = np.random.default_rng([seed, 5])
            first = drawings[hand][rng.choice(wrong)]
            assert first.strokes is not None
            again = [Sample(first.label, v) for v in SAME([first.strokes] * (AGAIN + 4), rng=rng)]
            all_seen = Seen.by(saved, memory, as_dataset([first, *again]))
            for count in found:
                taught = all_seen.take(np.arange(count)).taught(memory)
                found[count] += all_seen.take(np.arange(5, 5 + AGAIN)).right(taught).tolist()
    for count, hits in found.items():
        print(f"made again after {count} correction(s): {100 * np.mean(hits):.1f} % of {len(hits):,}")


def doubts(hands: Hands, memory: Memory) -> None:
    """How often a lesson is asked about: a true one of something misread, and a slip of the key."""
    rng = np.random.default_rng(6)
    true, slips = [], []
    for seen in hands.values():
        for place, label, answer in zip(seen.places, seen.labels.tolist(), seen.answers, strict=True):
            if answer == label:
                slips.append(memory.verdict(place, (label + int(rng.integers(1, 10))) % 10) is not None)
            else:
                true.append(memory.verdict(place, label) is not None)
    print(f"asked about: {100 * np.mean(true):.1f} % of true lessons, {100 * np.mean(slips):.1f} % of slips")


def signs(saved: SavedNetwork, memory: Memory, seeds: int) -> None:
    """Ten new signs."""
    before = after = count = 0
    for seed in range(seeds):
        rng = np.random.default_rng([seed, 7])
        lessons, asked = (
            Seen.by(saved, memory, as_dataset(eastern_hand(seed, 10 * each, rng=rng)))
            for each in (SIGNS_EACH, SIGNS_ASKED)
        )
        before += int((~asked.right(memory)).sum())
        after += int((~asked.right(lessons.taught(memory))).sum())
        count += len(asked.labels)
    print(
        f"Arabic-Indic digits, {SIGNS_EACH} of each taught: {before} errors of {count} before, {after} "
        f"after, {100 * (after / before - 1):+.0f} %"
    )


def speed(saved: SavedNetwork, memory: Memory, samples: Sequence[Sample]) -> None:
    """What a reading takes more, and a lesson."""
    dataset = as_dataset(samples)
    taught = memory.taught(saved.network, dataset.images, dataset.labels)
    network = TaughtNetwork(saved.network, taught, taught.confidence(saved.confidence))
    image, one = as_ink(dataset.images[:1]), as_dataset(samples[:1])
    with one_blas_thread():
        alone = [_ms(lambda: saved.network.logits(image)) for _ in range(200)]
        readings = [_ms(lambda: network.logits(image)) for _ in range(200)]
        lessons = [_ms(lambda: taught.taught(saved.network, one.images, one.labels)) for _ in range(20)]
    more = statistics.median(readings) - statistics.median(alone)
    print(
        f"with {len(samples)} samples a reading takes {more:.2f} ms more, "
        f"one more lesson {statistics.median(lessons):.1f} ms"
    )


def _ms(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
