"""What it gains and costs to learn a person's digits for good, by a network that goes on with all the rest.

    python -m benchmarks.for_good [--data DIR] [--network FOLDER] [--source mnist,synthetic,not-digits:2]

Of each of some hands of `benchmarks.odd_hands` half is there to be taught, what is misread first, and the
rest measures. They are taught in lessons, and Network > Retrain > Go on trains after each; no memory answers.
Told is what each network reads wrong, the one that the hands began with first, and how often the window would
keep the new one. With `--anew` it begins with random weights.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np

from app.data.folder import data_folder
from app.data.sources import MY_DIGITS
from app.jobs import going_on
from app.jobs.records import Comparison, End
from app.jobs.retraining import retrain
from app.jobs.teaching import answers
from app.page.training_result import warnings
from app.store.networks import SHIPPED
from app.user_folders import samples_file
from benchmarks.odd_hands import odd_hand
from engine import SavedNetwork
from engine.datasets.samples import Sample, append_samples, as_dataset
from engine.reading.evaluation import PairedTally

DRAWN = 200  # by each hand
FIRST = 100  # of the people: those before measure other things
UNTAUGHT = "what the hand was not taught"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITS_DATA"))
    parser.add_argument("--network", type=Path, default=SHIPPED / "lenet5")
    parser.add_argument("--source", default="mnist,synthetic,not-digits:2", help="what is rehearsed")
    parser.add_argument("--hands", type=int, default=3)
    parser.add_argument("--first", type=int, default=FIRST, help="the number of the first hand")
    parser.add_argument("--taught", type=int, default=50, help="samples of each")
    parser.add_argument("--lessons", type=int, default=2, help="in which they are taught")
    parser.add_argument("--epochs", type=int, default=going_on.EPOCHS)
    parser.add_argument("--learning-rate", type=float, default=going_on.LEARNING_RATE, help="its share")
    parser.add_argument("--distil", type=float, default=going_on.DISTIL)
    parser.add_argument("--anew", action="store_true", help="begin with random weights")
    options = parser.parse_args()
    going_on.LEARNING_RATE, going_on.DISTIL = options.learning_rate, options.distil
    begin = time.perf_counter()
    found: dict[str, dict[int, list[PairedTally]]] = defaultdict(lambda: defaultdict(list))
    kept = 0
    for person in range(options.first, options.first + options.hands):
        for lesson, (comparison, untaught) in enumerate(measured(person, options), start=1):
            told = f"hand {person}, lesson {lesson}:"
            pairs = {each.source: each.pair for each in comparison.sets if each.pair is not None}
            for name, pair in {UNTAUGHT: untaught, **pairs}.items():
                found[name][lesson].append(pair)
                print(f"{told} {name} {pair.first.accuracy:.4f} -> {pair.second.accuracy:.4f}", flush=True)
            against = warnings(comparison)
            kept += not against
            print(told, against or "kept", flush=True)
    for name, lessons in found.items():
        for lesson, pairs in lessons.items():
            together = PairedTally(*map(sum, zip(*map(astuple, pairs), strict=True)))
            wrong = [together.count - tally.right for tally in (together.first, together.second)]
            worst = min(100 * pair.difference for pair in pairs)
            print(
                f"{name}, lesson {lesson}: {wrong[0]} errors before, {wrong[1]} after, of "
                f"{together.count:,}; {100 * together.difference:+.3f} points, worst hand {worst:+.2f}"
            )
    print(f"kept: {kept} of {options.hands * options.lessons}")
    print(f"{time.perf_counter() - begin:.0f} s")


def measured(person: int, options: argparse.Namespace) -> Iterator[tuple[Comparison, PairedTally]]:
    """Each lesson's training: the network before beside the new one, and both on UNTAUGHT."""
    saved = SavedNetwork.load(options.network)
    drawn = odd_hand(person, DRAWN, rng=np.random.default_rng([person, 2]))
    seen = as_dataset(drawn)
    before = answers(saved.network, saved.confidence, seen.images) == seen.labels
    order = np.random.default_rng([person, 4]).permutation(DRAWN)
    pool, rest = np.array_split(order, 2)
    taught = pool[np.argsort(before[pool], kind="stable")][: options.taught]
    taught = np.random.default_rng(5).permutation(taught)
    network = options.network
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        for lesson in np.array_split(taught, options.lessons):
            own: list[Sample] = [drawn[number] for number in lesson]
            append_samples(samples_file(), own)
            records = retrain(
                source=f"{options.source},{MY_DIGITS}:20",
                folder=str(data_folder(options.data)),
                architecture=saved.facts.architecture,
                epochs=options.epochs,
                variations="gentle",
                name="new",
                present=str(network),
                place=f"{folder}/networks",
                checkpoint=f"{folder}/networks/.trainings/1",
                start="" if options.anew else str(network),
            )
            (end,) = [record for record in records if isinstance(record, End)]
            network = Path(end.folder)
            new = SavedNetwork.load(network)
            after = answers(new.network, new.confidence, seen.images) == seen.labels
            yield end.comparison, PairedTally.of(before[rest], after[rest])
            before = after


if __name__ == "__main__":
    main()
