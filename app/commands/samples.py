"""Lists files of samples, and converts them, or the test part of a data set."""

import argparse
import json
from pathlib import Path

from app.commands.chosen_data import named_test_images
from app.commands.output import fail
from app.commands.teach import shown
from engine.datasets.sample_export import FORMATS, export_dataset, export_samples
from engine.datasets.samples import Sample, merge, read_samples
from engine.quoting import shown as printable

LONGEST_SHOWN = 60  # characters of a name


def samples(options: argparse.Namespace) -> int:
    if options.dataset is not None:
        _tell(options, export_dataset(named_test_images(options), options.export, _kinds(options)))
        return 0
    sets: list[tuple[Sample, ...]] = []
    status = 0
    for file in options.files:
        found = read_samples(Path(file))
        sets.append(found.samples)
        for _number, problem in found.problems:
            status = fail(str(problem))
    merged = merge(sets)
    for sample in merged.samples:
        print(json.dumps(_record(sample)) if options.format == "json" else _line(sample))
    if options.format != "json":
        notes = [f"{len(merged.samples):,} samples"]
        if merged.duplicates:
            notes.append(f"{merged.duplicates:,} duplicates left out")
        if merged.relabelled:
            notes.append(f"{merged.relabelled:,} labelled anew later on, which counts")
        print(", ".join(notes))
    if options.export is not None:
        _tell(options, export_samples(merged.samples, options.export, _kinds(options)))
    return status


def _kinds(options: argparse.Namespace) -> list[str]:
    """The formats that were asked for; all, where none was."""
    typed: str | None = getattr(options, "as")
    return list(FORMATS) if typed is None else typed.split(",")


def _tell(options: argparse.Namespace, written: list[str]) -> None:
    if options.format != "json":
        print(f"wrote {len(written):,} file{'s' * (len(written) != 1)} into {options.export}")


def _record(sample: Sample) -> dict[str, object]:
    record: dict[str, object] = {"label": shown(sample.label), "drawing": sample.drawing}
    values = {"read_as": sample.read_as, "when": sample.when, "author": sample.author}
    record |= {
        name: shown(value) if isinstance(value, int) else value
        for name, value in values.items()
        if value is not None
    }
    return {**record, "is_picture": sample.picture is not None}


def _line(sample: Sample) -> str:
    words = [shown(sample.label)]
    if sample.read_as is not None:
        words.append(f"read as {shown(sample.read_as)}")
    words += [printable(word, LONGEST_SHOWN) for word in (sample.when, sample.author) if word]
    if sample.picture is not None:
        words.append("a picture")
    return "  ".join(words)
