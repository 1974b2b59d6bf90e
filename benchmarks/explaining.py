"""What explanations are worth, and what they cost, for both networks that ship.

    python -m benchmarks.explaining [--data DIR] [--count 100]

Drawings are pen digits of writers that were held out, chosen at random, of which those count that are read
right. Times are those of the processor, in one thread. A film's cost is told in steps of its training.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from app.page.inside.off_cost import OffCosts
from app.store.networks import SHIPPED
from engine import SavedNetwork, TrainingConfig, TrainingRun
from engine.datasets.pendigits import read_pendigits
from engine.datasets.synthetic import synthetic_digits
from engine.explaining.attribution import Question, contributions
from engine.explaining.digit_map import MAP_FILE, DigitMap
from engine.explaining.edits import Reader, edits
from engine.explaining.faithfulness import faithfulness
from engine.explaining.neighbours import INDEX_FILE, DigitIndex, Prototypes
from engine.ink.preprocessing import frame
from engine.ink.rasterize import Ink, Strokes, stroke_ink
from engine.learning.snapshots import Snapshots
from engine.machine.threads import on_this_thread, one_blas_thread
from engine.nn.network import Network
from engine.nn.silencing import silenced
from engine.storage.saved_network import load_attachment

FOLDERS = SHIPPED, SHIPPED / "lenet5"
LEARNT = 3_200  # drawn digits, in whose learning a film is taken

Result = TypeVar("Result")


@dataclass
class Times:
    """Milliseconds of the processor that one kind of work took, again and again."""

    ms: list[float] = field(default_factory=list)

    def of(self, work: Callable[..., Result], *given: object) -> Result:
        start = time.process_time()
        result = work(*given)
        self.ms.append(1e3 * (time.process_time() - start))
        return result

    def __str__(self) -> str:
        median, most = np.quantile(self.ms, (0.5, 0.95))
        return f"{median:,.3g} ms (95 % within {most:,.3g})"


@dataclass(frozen=True)
class Drawn:
    """A drawing that the network reads right."""

    strokes: Strokes
    image: Ink
    ranked: list[int]  # all digits, the answer first


def read_right(saved: SavedNetwork, folder: Path, count: int) -> list[Drawn]:
    """Of so many random drawings."""
    data = read_pendigits(folder, "test")
    found = []
    for index in np.random.default_rng(0).permutation(len(data))[:count]:
        drawing = data.drawings[index]
        image = frame(stroke_ink(drawing.strokes))
        if image is None:
            continue
        logits = saved.network.logits(image[None])
        ranked = np.argsort(-logits[0], kind="stable").tolist()
        if ranked[0] == drawing.label and saved.confidence.accepts(logits)[0]:
            found.append(Drawn(drawing.strokes, image, ranked))
    return found


def changes(saved: SavedNetwork, other: SavedNetwork, drawings: list[Drawn]) -> Iterator[str]:
    """How many drawings can be made some other digit, and the second in order."""
    reader, second = (Reader(each.network, each.confidence) for each in (saved, other))
    for name, asked in (("some other digit", slice(1, None)), ("the second in order", slice(1, 2))):
        times, made = Times(), 0
        for drawing in drawings:
            search = edits(reader, drawing.strokes, drawing.ranked[asked], second=second)
            made += times.of(next, search, None) is not None
        yield f"made {name}: {100 * made / len(drawings):.1f} %, {times}"


def map_off(network: Network, prototypes: Prototypes) -> Iterator[str]:
    """A map is switched off, and what that costs is counted on 1,000 digits; the first time and later."""
    layer = next(name for name, shape in network.shapes.items() if len(shape) == 3)
    costs, first, later = OffCosts(lambda: prototypes), Times(), Times()
    for channel in range(4):
        without = silenced(network, {layer: {channel}})
        *_, cost = (later if channel else first).of(list, costs.measured(network, without))
    assert cost is not None
    yield f"a map off, on {cost.count:,} digits: {first.ms[0]:,.0f} ms the first time, {later} later"


def nearest(network: Network, placed: DigitMap, drawings: list[Drawn]) -> Iterator[str]:
    """The nearest digits, and the place on the map, of those that ship."""
    near, place = Times(), Times()
    for drawing in drawings:
        near.of(placed.index.nearest, network, drawing.image, drawing.ranked[:2])
        place.of(placed.place, network, drawing.image)
    yield f"nearest digits: {near}"
    yield f"place on the map: {place}; its trustworthiness {placed.trustworthiness:.4f}"


def truth(network: Network, drawings: list[Drawn]) -> Iterator[str]:
    """How far contributions are from the network's own numbers, and maps from those of random weights."""
    missed = []
    for drawing in drawings:
        found = contributions(network, drawing.image, Question(*drawing.ranked[:2]))
        missed.append(abs(found.total - found.difference) / abs(found.difference))
    yield f"contributions miss their sum by {100 * max(missed):.2f} % at most"
    images = [drawing.image for drawing in drawings]
    for each in faithfulness(network, images, rng=np.random.default_rng(0)):
        yield f"{each.method}: correlation with random weights {each.alike:.2f}, {_word(each.passes)}"


def film(architecture: str) -> str:
    """What share of a training its snapshots take."""
    digits = synthetic_digits(LEARNT, rng=np.random.default_rng(0)).rendered()
    run = TrainingRun(digits, TrainingConfig(architecture=architecture, epochs=1, augmentation=None))
    training, taking = Times(), Times()
    training.of(list, run)
    again = Snapshots(run.network, run.step)
    for step in range(run.step + 1):
        taking.of(again.take, step, run.network)
    steps = sum(taking.ms) / training.ms[0] * run.step
    return f"a film of {len(again.steps)} pictures takes as long as {steps:.1f} steps of 32 digits"


def _word(passes: bool) -> str:
    return "passes" if passes else "FAILS"


def main(count: int, folder: Path) -> None:
    both = [SavedNetwork.load(path) for path in FOLDERS]
    with on_this_thread(), one_blas_thread():
        for path, saved, other in zip(FOLDERS, both, both[::-1], strict=True):
            drawings = read_right(saved, folder, count)
            index = DigitIndex.from_bytes(load_attachment(path, INDEX_FILE) or b"", saved.network)
            placed = DigitMap.from_bytes(load_attachment(path, MAP_FILE) or b"", index)
            print(f"{saved.network.architecture}, {len(drawings)} drawings that it reads right")
            for works in (
                changes(saved, other, drawings),
                map_off(saved.network, index.prototypes),
                nearest(saved.network, placed, drawings),
                truth(saved.network, drawings),
                [film(saved.network.architecture)],
            ):
                for line in works:
                    print(f"  {line}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    parser.add_argument("--count", type=int, default=100, help="drawings that are chosen (100)")
    options = parser.parse_args()
    if options.data is None:
        parser.error("needs the pen digits: set DIGITS_DATA or --data to their folder")
    main(options.count, Path(options.data))
