"""How well a network reads the test images: in figures, and in pictures."""

import argparse
import json
from typing import Any

from app.commands.data import find_data
from app.commands.show import on_screen
from engine import Evaluation, evaluate, load_network


def test_facts(evaluation: Evaluation) -> dict[str, Any]:
    first, second = evaluation.accuracy_halves
    return {
        "count": len(evaluation.labels),
        "accuracy": evaluation.accuracy,
        "interval": list(evaluation.interval),
        "accuracy_first_half": first,
        "accuracy_second_half": second,
        "loss": round(evaluation.loss, 6),
    }


def accuracy_line(test: dict[str, Any]) -> str:
    low, high = test["interval"]
    return (
        f"test accuracy {100 * test['accuracy']:.2f} % of {test['count']:,} images "
        f"(95 % interval {100 * low:.2f} % to {100 * high:.2f} %), loss {test['loss']:.4f}"
    )


def test(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    folder, source = find_data(options, network)
    evaluation = evaluate(network, source.read(folder, "test"))
    facts = test_facts(evaluation)
    confusion = evaluation.confusion.tolist()
    if options.format == "json":
        print(json.dumps({**facts, "confusion": confusion}))
        return 0
    print(accuracy_line(facts))
    first, second = facts["accuracy_first_half"], facts["accuracy_second_half"]
    print(f"first half {100 * first:.2f} %, second half {100 * second:.2f} %")
    print("\nconfusion: a row a true digit, a column an answer")
    print("   " + "".join(f"{answer:>6}" for answer in range(10)) + "   right")
    for digit, row in enumerate(confusion):
        right = f"{100 * row[digit] / sum(row):.2f} %" if sum(row) else "none"
        print(f"{digit:>3}" + "".join(f"{count:>6}" for count in row) + f"{right:>8}")
    return 0


def viewtest(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    folder, source = find_data(options, network)
    dataset = source.read(folder, "test")
    evaluation = evaluate(network, dataset)
    if options.mistakes:
        indices = evaluation.mistakes.tolist()
        title = f"The {len(indices)} wrong answers among {len(dataset):,}, the most confident first"
    else:
        indices = list(range(len(dataset)))
        title = f"{source.title}'s test images; {100 * evaluation.accuracy:.2f} % are read right"
    if options.save is not None:
        from app.figures import digit_page, save_figure

        save_figure(digit_page(dataset, evaluation, indices, title), options.save)
        print(f"saved {options.save}")
        return 0

    def show() -> None:
        from app.gallery import open_gallery

        open_gallery(dataset, evaluation, indices, title)

    return on_screen(show, otherwise=" --save FILE.png needs no screen.")
