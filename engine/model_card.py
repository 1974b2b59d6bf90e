"""The model card: what a saved network is, in words for people, made from the facts of network.json."""

from collections.abc import Iterable, Mapping
from typing import Any


def model_card(facts: Mapping[str, Any]) -> str:
    """Markdown. Says only what the facts hold; a network saved without facts gets a short card.

    Parameters
    ----------
    facts : mapping
        The contents of network.json. Of "test" these may be missing, as they are in older folders:
        "calibration_error"; "misread", a list of {label, answer, count}; "drawings", a list of
        {name, count, accuracy, interval}.
    """
    lines = [
        f"# {facts['architecture']}, {facts['parameters']:,} parameters",
        "",
        "A network of LeNet Canvas.",
    ]
    if "framing" in facts["input"]:
        lines += [
            "It reads one digit, 0 to 9, in a 28x28 image framed as MNIST's are:",
            "the ink in a box of 20x20, its centre of mass in the middle.",
        ]
    lines.append("")
    test, training = facts["test"], facts["training"]
    if test:
        low, high = test["interval"]
        first, second = test["accuracy_first_half"], test["accuracy_second_half"]
        interval = f"{100 * low:.2f} % to {100 * high:.2f} %"
        lines += [
            "## Tested",
            "",
            f"On {test['count']:,} images of {test['dataset']}, read once, after everything was chosen:",
            "",
            "| | |",
            "|---|---|",
            f"| accuracy | {100 * test['accuracy']:.2f} % (95 % interval {interval}) |",
            f"| first and second half | {100 * first:.2f} %, {100 * second:.2f} % |",
            f"| loss | {test['loss']:.4f} |",
        ]
        if "calibration_error" in test:
            error = f"{100 * test['calibration_error']:.2f} points"
            lines.append(f"| calibration error | confidence and accuracy lie {error} apart on average |")
        if test.get("misread"):
            pairs = (f"{pair['label']} as {pair['answer']} ({pair['count']})" for pair in test["misread"])
            lines.append(f"| misread most often | {', '.join(pairs)} |")
        lines.append("")
        if test.get("drawings"):
            lines += _drawings_table(test["drawings"])
    if facts.get("confidence", {}).get("rejection"):
        lines += _confidence(facts["confidence"])
    if training:
        chosen = training["chosen"]
        accuracy = f"{100 * chosen['validation_accuracy']:.2f} %"
        lines += [
            "## Trained",
            "",
            f"On {training['train_count']:,} images of {training['dataset']}; "
            f"{training['validation_count']:,} others of it "
            f"{'measured each epoch' if training['config'].get('keep') == 'last' else 'chose the epoch'}.",
            "",
            "| | |",
            "|---|---|",
            f"| command | `{training['command']}` |",
            f"| time | {training['seconds']:.0f} s for {training['config']['epochs']} epochs |",
            f"| chosen epoch | {chosen['epoch']}, validation accuracy {accuracy} |",
            *(
                f"| {name.replace('_', ' ')} | {_shown(value)} |"
                for name, value in training["config"].items()
            ),
            "",
        ]
    return "\n".join(lines)


def _confidence(confidence: Mapping[str, Any]) -> list[str]:
    """What a confidence means, and what is taken for no digit."""
    rejection = confidence["rejection"]
    return [
        "## Confidence",
        "",
        f"Logits are divided by {confidence['temperature']:.3f}, fitted to the validation images, before",
        "they become probabilities: of the answers with 90 % about nine in ten should be right.",
        "",
        f"What shows evidence of a digit below {rejection['least_evidence']:.2f} is called no digit. That is",
        f"{100 * rejection['digits_rejected']:.2f} % of the validation digits, and "
        f"{100 * rejection['not_digits_rejected']:.1f} % of drawings that are none, of kinds that it was",
        f"never shown (area under the ROC curve {rejection['auc']:.4f}).",
        "",
    ]


def _drawings_table(measured: Iterable[Mapping[str, Any]]) -> list[str]:
    """A row for each set of drawings: its name, count, accuracy and interval."""
    lines = [
        "On the test parts of the other data sets, none of which it was trained on:",
        "",
        "| test part | count | accuracy | 95 % interval |",
        "|---|---|---|---|",
    ]
    for row in measured:
        low, high = row["interval"]
        lines.append(
            f"| {row['name']} | {row['count']:,} | {100 * row['accuracy']:.1f} % "
            f"| {100 * low:.1f} % to {100 * high:.1f} % |"
        )
    return [*lines, ""]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(amount)}" for name, amount in value.items() if amount != {})
    if value is None:
        return "none"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
