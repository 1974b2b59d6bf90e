"""The model card: what a saved network is, in words for people, made from the facts of network.json."""

from collections.abc import Mapping
from typing import Any


def model_card(facts: Mapping[str, Any]) -> str:
    """Markdown. Says only what the facts hold; a network saved without facts gets a short card."""
    lines = [
        f"# {facts['architecture']}, {facts['parameters']:,} parameters",
        "",
        "A network of LeNet Canvas. It reads one digit, 0 to 9, in a 28x28 image framed as MNIST's are:",
        "the ink in a box of 20x20, its centre of mass in the middle.",
        "",
    ]
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
            "",
        ]
    if training:
        chosen = training["chosen"]
        accuracy = f"{100 * chosen['validation_accuracy']:.2f} %"
        lines += [
            "## Trained",
            "",
            f"On {training['train_count']:,} images of {training['dataset']}; "
            f"{training['validation_count']:,} others of it chose the epoch.",
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


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {amount}" for name, amount in value.items())
    if value is None:
        return "none"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
