"""Teaches a network samples, and tells what that changes."""

import argparse
import json
from collections.abc import Iterator

from app.commands.output import fail, say
from app.data.folder import data_folder
from app.data.sources import SOURCES
from app.jobs.teaching import SAMPLES, DoubtfulLesson, Taught, Teaching, check_target
from engine.datasets.samples import NOT_A_DIGIT, Sample, read_samples
from engine.nn.losses import NO_CLASS
from engine.reading.evaluation import PairedTally
from engine.reading.memory import Doubt

KEEP = "keep"


def teach(options: argparse.Namespace) -> int:
    check_target(options.path, options.to, overwrite=options.overwrite)
    samples: list[Sample] = []
    status = 0
    for file in options.samples:
        found = read_samples(file)
        samples += found.samples
        for _number, problem in found.problems:
            status = fail(str(problem))
    keeps_doubtful = options.doubtful == KEEP
    teaching = Teaching(
        options.path,
        samples,
        data=data_folder(options.data),
        keeps_doubtful=keeps_doubtful,
        seed=vars(options).get("seed", 0),
    )
    teaching.measure()
    taught = teaching.taught
    for line in _doubts(taught.doubtful, kept=keeps_doubtful):
        say(line)
    is_kept = keeps_doubtful or not taught.worse
    if is_kept:
        teaching.save(options.to, overwrite=options.overwrite)
    if options.format == "json":
        print(json.dumps(_record(taught, is_kept)))
    else:
        _tell(taught)
    if not is_kept:
        sets = ", ".join(_title(name) for name in taught.worse)
        return fail(
            f"Nothing was saved: {sets} would be read worse by more than chance. Leave samples out, or take "
            "it all the same with --doubtful keep."
        )
    if options.format != "json":
        print(f"saved in {options.to}")
    return status


def _record(taught: Taught, is_kept: bool) -> dict[str, object]:
    return {
        "samples": taught.count,
        "seconds": round(taught.seconds, 3),
        "before": {name: pair.first.accuracy for name, pair in taught.results.items()},
        "after": {name: pair.second.accuracy for name, pair in taught.results.items()},
        "kept": is_kept,
        "duplicates": taught.duplicates,
        "doubtful": len(taught.doubtful),
    }


def _tell(taught: Taught) -> None:
    print(f"taught {taught.count} samples in {taught.seconds:.1f} s")
    if taught.duplicates:
        print(f"{taught.duplicates} were given more than once")
    for name, pair in taught.results.items():
        print(f"{_title(name)}: {_percent(pair)}")


def _percent(pair: PairedTally) -> str:
    first, second = 100 * pair.first.accuracy, 100 * pair.second.accuracy
    return f"{first:.2f} % right before, {second:.2f} % after, of {pair.count:,}"


def _title(name: str) -> str:
    return "the samples, each read by what the others teach" if name == SAMPLES else SOURCES[name].title


def _doubts(lessons: tuple[DoubtfulLesson, ...], *, kept: bool) -> Iterator[str]:
    for lesson in lessons:
        other = shown(lesson.other)
        why = {
            Doubt.CONTRADICTS: f"an earlier sample much like it is {other}",
            Doubt.AMID_OTHERS: f"all that is most like it is {other}",
        }[lesson.doubt]
        done = "taught all the same" if kept else "left out; --doubtful keep teaches it"
        when = f" of {lesson.sample.when}" if lesson.sample.when else ""
        yield f"A sample{when} says {shown(lesson.sample.label)}, but {why}: {done}."


def shown(label: int | None) -> str:
    """A label as people read it; nothing where nobody knows."""
    if label is None:
        return ""
    return NOT_A_DIGIT if label == NO_CLASS else str(label)
