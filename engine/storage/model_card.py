"""The model card: what a saved network is, in words for people, made from the facts of network.json."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.learning.training import TrainingFacts
from engine.reading.confidence import Confidence
from engine.reading.evaluation import SetFacts, TestFacts
from engine.storage.network_facts import NetworkFacts, TaughtFacts


def model_card(facts: NetworkFacts) -> str:
    """Markdown. Says only what the facts hold; a network saved without facts gets a short card."""
    lines = [
        f"# {facts.architecture}, {facts.parameters:,} parameters",
        "",
        "A network of LeNet Canvas.",
    ]
    if facts.input.framing is not None:
        lines += [
            "It reads one digit, 0 to 9, in a 28x28 image framed as MNIST's are:",
            "the ink in a box of 20x20, its centre of mass in the middle.",
        ]
    lines.append("")
    if facts.members:
        lines += _committee(facts)
    if facts.test is not None:
        lines += _tested(facts.test)
    if facts.confidence.rejection is not None and not facts.members:
        lines += _confidence(facts.confidence)
    if facts.taught is not None:
        lines += _taught(facts.taught)
    if facts.training is not None:
        lines += _trained(facts.training)
    return "\n".join(lines)


def _committee(facts: NetworkFacts) -> Iterator[str]:
    yield from (
        "## Members",
        "",
        f"{len(facts.members)} networks are asked together, and answer by their log-probabilities' mean.",
        "Each lies in a file of its own, which also opens by itself, with the card that tells how it was",
        "trained and how well it reads.",
        "",
        "| member | SHA-256 of its file |",
        "|---|---|",
    )
    for name, sha256 in zip(facts.members, facts.files.values(), strict=True):
        yield f"| {name} | `{sha256}` |"
    yield ""
    if (rejection := facts.confidence.rejection) is not None:
        least = f"{rejection.least_evidence:.2f}"
        yield from (f"What shows evidence of a digit below {least}, their mean, is called no digit.", "")


def _tested(test: TestFacts) -> Iterator[str]:
    low, high = test.interval
    first, second = test.accuracy_first_half, test.accuracy_second_half
    yield from (
        "## Tested",
        "",
        f"On {test.count:,} images{_of(test.dataset)}, read once, after everything was chosen:",
        "",
        "| | |",
        "|---|---|",
        f"| accuracy | {100 * test.accuracy:.2f} % (95 % interval {100 * low:.2f} % to {100 * high:.2f} %) |",
        f"| first and second half | {100 * first:.2f} %, {100 * second:.2f} % |",
        f"| loss | {test.loss:.4f} |",
    )
    if test.calibration_error is not None:
        error = f"{100 * test.calibration_error:.2f} points"
        yield f"| calibration error | confidence and accuracy lie {error} apart on average |"
    if test.misread:
        pairs = (f"{pair.label} as {pair.predicted} ({pair.count})" for pair in test.misread)
        yield f"| misread most often | {', '.join(pairs)} |"
    yield ""
    if test.drawings:
        yield from _drawings_table(test.drawings)


def _confidence(confidence: Confidence) -> Iterator[str]:
    """What a confidence means, and what is taken for no digit."""
    rejection = confidence.rejection
    assert rejection is not None
    yield from (
        "## Confidence",
        "",
        f"Logits are divided by {confidence.temperature:.3f}, fitted to the validation images, before",
        "they become probabilities: of the answers with 90 % about nine in ten should be right.",
        "",
        f"What shows evidence of a digit below {rejection.least_evidence:.2f} is called no digit. That is",
        f"{100 * rejection.digits_rejected:.2f} % of the validation digits, and "
        f"{100 * rejection.not_digits_rejected:.1f} % of drawings that are none, of kinds that it was",
        f"never shown (area under the ROC curve {rejection.auc:.4f}).",
        "",
    )


def _taught(taught: TaughtFacts) -> Iterator[str]:
    yield from (
        "## Taught",
        "",
        f"{taught.count:,} samples answer before it, where a drawing is nearer to one of them than to all",
        "that it had met. They lie in samples.jsonl beside this card.",
        "",
        "| | |",
        "|---|---|",
        f"| SHA-256 of the network that was taught | `{taught.parent}` |",
        f"| SHA-256 of the samples | `{taught.samples}` |",
        "",
    )


def _drawings_table(measured: Iterable[SetFacts]) -> Iterator[str]:
    """A row for each set of drawings: its name, count, accuracy and interval."""
    yield from (
        "On the test parts of the other data sets, none of which it was trained on:",
        "",
        "| test part | count | accuracy | 95 % interval |",
        "|---|---|---|---|",
    )
    for part in measured:
        low, high = part.interval
        yield (
            f"| {part.name} | {part.count:,} | {100 * part.accuracy:.1f} % "
            f"| {100 * low:.1f} % to {100 * high:.1f} % |"
        )
    yield ""


def _trained(training: TrainingFacts) -> Iterator[str]:
    config, chosen = training.config, training.chosen
    accuracy = f"{100 * chosen.validation_accuracy:.2f} %"
    role = "measured each epoch" if config.keep == "last" else "chose the epoch"
    yield from (
        "## Trained",
        "",
        f"On {training.train_count:,} images{_of(training.dataset)}; "
        f"{training.validation_count:,} others of it {role}.",
        "",
        "| | |",
        "|---|---|",
    )
    if training.command:
        yield f"| command | `{training.command}` |"
    yield f"| time | {training.seconds:.0f} s for {_length(training)} |"
    yield f"| chosen epoch | {chosen.epoch}, validation accuracy {accuracy} |"
    for name, value in config.as_dict().items():
        if value != "":
            yield f"| {name.replace('_', ' ')} | {_shown(value)} |"
    yield ""


def _length(training: TrainingFacts) -> str:
    if training.ended_after is None:
        return f"{training.config.epochs} epochs"
    return f"{training.ended_after:,} steps, after which it was ended by hand"


def _of(dataset: str) -> str:
    return f" of {dataset}" if dataset else ""


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(amount)}" for name, amount in value.items() if amount != {})
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if value is None:
        return "none"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
