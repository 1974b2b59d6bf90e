"""What it gains and costs to learn a person's digits for good, by a network that goes on with all the rest.

    python -m benchmarks.for_good [--data DIR] [--network FOLDER] [--source mnist,synthetic,not-digits]

Of each of some hands of `benchmarks.odd_hands` half is there to be taught, what is misread first, and the
rest measures. Network > Retrain > Go on does the training, and no memory answers. With `--anew` it begins
with random weights.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from dataclasses import astuple
from pathlib import Path

import numpy as np

from app.data.folder import data_folder
from app.data.sources import MY_DIGITS
from app.jobs import going_on
from app.jobs.records import End
from app.jobs.retraining import retrain
from app.jobs.teaching import answers
from app.store.networks import SHIPPED
from app.user_folders import samples_file
from benchmarks.odd_hands import odd_hand
from engine import SavedNetwork
from engine.datasets.samples import Sample, append_samples, as_dataset
from engine.reading.evaluation import PairedTally

DRAWN = 200  # by each hand
FIRST = 100  # of the people: those before measure other things


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    parser.add_argument("--network", type=Path, default=SHIPPED / "lenet5")
    parser.add_argument("--source", default="mnist,synthetic,not-digits", help="what is rehearsed")
    parser.add_argument("--hands", type=int, default=3)
    parser.add_argument("--first", type=int, default=FIRST, help="the number of the first hand")
    parser.add_argument("--taught", type=int, default=50, help="samples of each")
    parser.add_argument("--epochs", type=int, default=going_on.EPOCHS)
    parser.add_argument("--learning-rate", type=float, default=going_on.LEARNING_RATE, help="its share")
    parser.add_argument("--distil", type=float, default=going_on.DISTIL)
    parser.add_argument("--anew", action="store_true", help="begin with random weights")
    options = parser.parse_args()
    going_on.LEARNING_RATE, going_on.DISTIL = options.learning_rate, options.distil
    begin = time.perf_counter()
    total: dict[str, PairedTally] = {}
    by_hand = defaultdict(list)
    for person in range(options.first, options.first + options.hands):
        for name, pair in measured(person, options).items():
            total[name] = together(total[name], pair) if name in total else pair
            by_hand[name].append(100 * pair.difference)
            print(
                f"hand {person}: {name} {pair.first.accuracy:.4f} -> {pair.second.accuracy:.4f}", flush=True
            )
    for name, pair in total.items():
        before, after = (pair.count - tally.right for tally in (pair.first, pair.second))
        print(
            f"{name}: {before} errors before, {after} after, of {pair.count:,}; "
            f"{100 * pair.difference:+.3f} points, worst hand {min(by_hand[name]):+.2f}"
        )
    print(f"{time.perf_counter() - begin:.0f} s")


def together(one: PairedTally, other: PairedTally) -> PairedTally:
    return PairedTally(*(sum(counts) for counts in zip(astuple(one), astuple(other), strict=True)))


def measured(person: int, options: argparse.Namespace) -> dict[str, PairedTally]:
    """By the name of each test set: the network as it was, and as it is when it has learnt this hand."""
    saved = SavedNetwork.load(options.network)
    drawn = odd_hand(person, DRAWN, rng=np.random.default_rng([person, 2]))
    seen = as_dataset(drawn)
    before = answers(saved.network, saved.confidence, seen.images) == seen.labels
    order = np.random.default_rng([person, 4]).permutation(DRAWN)
    pool, rest = np.array_split(order, 2)
    taught = pool[np.argsort(before[pool], kind="stable")][: options.taught]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        own: list[Sample] = [drawn[number] for number in np.random.default_rng(5).permutation(taught)]
        append_samples(samples_file(), own)
        records = retrain(
            source=f"{options.source},{MY_DIGITS}:20",
            folder=str(data_folder(options.data)),
            architecture=saved.facts.architecture,
            epochs=options.epochs,
            variations="gentle",
            name="new",
            present=str(options.network),
            place=f"{folder}/networks",
            checkpoint=f"{folder}/networks/.trainings/1",
            start="" if options.anew else str(options.network),
        )
        end = [record for record in records if isinstance(record, End)][-1]
        new = SavedNetwork.load(end.folder)
        after = answers(new.network, new.confidence, seen.images) == seen.labels
    found = {result.source: result.pair for result in end.comparison.sets if result.pair is not None}
    return {"what the hand was not taught": PairedTally.of(before[rest], after[rest]), **found}


if __name__ == "__main__":
    main()
