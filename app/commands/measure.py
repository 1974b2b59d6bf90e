"""How well a network reads the test images: in figures, and in pictures."""

import argparse
import json
from collections.abc import Iterator

from app.commands.chosen_data import find_test_data
from app.commands.show import on_screen
from app.data.sources import NOT_DIGITS, SOURCES
from app.jobs.finishing import facts_of
from engine import SavedNetwork, evaluate
from engine.datasets.dataset import as_ink
from engine.plain_values import to_plain
from engine.reading.evaluation import TestFacts, measure_rejections
from engine.reading.memory import TaughtNetwork


def accuracy_line(test: TestFacts) -> str:
    low, high = test.interval
    return (
        f"test accuracy {100 * test.accuracy:.2f} % of {test.count:,} images "
        f"(95 % interval {100 * low:.2f} % to {100 * high:.2f} %), loss {test.loss:.4f}"
    )


def further_lines(test: TestFacts) -> Iterator[str]:
    """A line for each data set after the first."""
    for part in test.drawings:
        low, high = part.interval
        yield (
            f"{part.name}: {100 * part.accuracy:.2f} % of {part.count:,} "
            f"(95 % interval {100 * low:.2f} % to {100 * high:.2f} %)"
        )


def test(options: argparse.Namespace) -> int:
    saved = SavedNetwork.load_all(options.paths)
    network, how = saved.classifier, {"confidence": saved.confidence, "views": options.views}
    folder, selection = find_test_data(options, saved.network)
    parts = selection.test_parts(folder)
    evaluations = {name: evaluate(network, part, **how) for name, part in parts.items()}
    evaluation = next(iter(evaluations.values()))
    facts = facts_of(evaluations)
    rejected = {name: each.rejected for name, each in evaluations.items() if each.rejected is not None}
    if NOT_DIGITS in selection.weights:
        others = SOURCES[NOT_DIGITS].test_images(folder)
        rejected[NOT_DIGITS] = measure_rejections(network, others.images, **how).rejected
    remembered = {}
    if isinstance(network, TaughtNetwork):
        remembered = {name: int(network.remembers(as_ink(part.images)).sum()) for name, part in parts.items()}
    if options.format == "json":
        shares = [{"precision": c.precision, "recall": c.recall, "f1": c.f1} for c in evaluation.classes]
        more: dict[str, object] = {"classes": shares, "confusion": evaluation.confusion.tolist()}
        if remembered:
            more["from_memory"] = remembered
        counts = {
            name: {"rejected": int(which.sum()), "count": len(which)} for name, which in rejected.items()
        }
        print(json.dumps({**to_plain(facts), **more, "rejected": counts, "views": options.views}))
        return 0
    print(accuracy_line(facts))
    if options.views:
        print(f"each image read {1 + options.views} times, once as it is, and the answers averaged")
    first, second = facts.accuracy_first_half, facts.accuracy_second_half
    print(f"first half {100 * first:.2f} %, second half {100 * second:.2f} %")
    print("\nconfusion: a row a true digit, a column an answer")
    print("   " + "".join(f"{answer:>6}" for answer in range(10)) + "    right")
    classes = evaluation.classes
    for digit, (row, score) in enumerate(zip(evaluation.confusion.tolist(), classes, strict=True)):
        print(f"{digit:>3}" + "".join(f"{count:>6}" for count in row) + f"{_percent(score.recall):>9}")
    print("\n          " + "".join(f"{digit:>9}" for digit in range(10)))
    print("precision " + "".join(f"{_percent(score.precision):>9}" for score in classes))
    print("F1        " + "".join(f"{_percent(score.f1):>9}" for score in classes))
    error = 100 * evaluation.calibration_error
    print(f"calibration error {error:.2f} points: how far confidence and accuracy lie apart on average")
    for line in further_lines(facts):
        print(line)
    for name, count in remembered.items():
        print(f"{SOURCES[name].title}: {count:,} of {len(parts[name]):,} answered from memory")
    for name, which in rejected.items():
        print(f"{SOURCES[name].title}: {_percent(which.mean())} of {len(which):,} called no digit")
    return 0


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.2f} %"


def viewtest(options: argparse.Namespace) -> int:
    saved = SavedNetwork.load_all(options.paths)
    folder, selection = find_test_data(options, saved.network)
    first = SOURCES[selection.digits[0]]  # one gallery, one data set
    dataset = first.test_images(folder)
    evaluation = evaluate(saved.classifier, dataset, confidence=saved.confidence)
    if options.save is not None:
        from app.page.browsing import Filter, heading, matching
        from app.reports.figures import digit_page, save_figure

        wanted = Filter(only_mistakes=options.mistakes)
        title = heading(evaluation, first.title, wanted)
        save_figure(digit_page(dataset, evaluation, matching(evaluation, wanted), title), options.save)
        print(f"saved {options.save}")
        return 0

    def show() -> None:
        from app.gui.browser import open_browser

        open_browser(dataset, evaluation, source=first.title, only_mistakes=options.mistakes)

    return on_screen(show, otherwise=" --save FILE.png needs no screen.")
