"""Training a network, with its progress in words; interrupted, it can be gone on with."""

import argparse
import json
import shlex
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.data import find_data
from app.commands.measure import accuracy_line
from app.commands.output import INTERRUPTED, fail, say
from app.finishing import fit_confidence, measured, save_trained
from app.training_options import config_of, given_settings, option
from engine import TrainingRun, build_network
from engine.checkpoint import (
    checkpointed,
    has_checkpoint,
    load_checkpoint,
    remove_checkpoint,
    save_checkpoint,
)
from engine.errors import CheckpointError, SavedNetworkError, TrainingError
from engine.saved_network import check_writable
from engine.training import EpochRecord, Record, RunState, StepRecord


def train(options: argparse.Namespace) -> int:
    check_writable(options.path, overwrite=options.overwrite)
    checkpoint = options.path.parent / f"{options.path.name}.checkpoint"
    settings = given_settings(options)
    state = _interrupted_run(options, checkpoint, settings)
    config = config_of(settings) if state is None else state.config
    options.dataset = config.dataset
    network = build_network(config.architecture, rng=np.random.default_rng(0))
    folder, source = find_data(options, network)
    is_varied = config.augmentation is not None
    with source.training_data(folder, workers=config.workers, is_varied=is_varied) as data:
        run = TrainingRun(data, config) if state is None else TrainingRun.resume(data, state)
        if state is None:
            remove_checkpoint(checkpoint)
        else:
            say(f"going on after step {run.step:,} of {run.steps_per_epoch * config.epochs:,}")
        go_on = f"go on with: {_go_on_command(options)}"
        try:
            _learn(run, checkpoint, options.format)
            fit_confidence(run, source, folder)
            test = measured(run.network, source, folder)
            save_trained(run, options.path, dataset=source.title, test=test, overwrite=options.overwrite)
        except KeyboardInterrupt:
            return fail(f"Interrupted; {go_on}", status=INTERRUPTED)
        except TrainingError as error:
            kept = f"The state before stays in {checkpoint}; --overwrite begins anew." * has_checkpoint(
                checkpoint
            )
            return fail(f"{error} {kept}".rstrip())
        except (CheckpointError, SavedNetworkError) as error:
            return fail(f"{error} When that is mended, {go_on}")
    remove_checkpoint(checkpoint)
    _tell_the_end(run, options, test)
    return 0


# **** before and after ****


def _interrupted_run(
    options: argparse.Namespace, checkpoint: Path, settings: dict[str, Any]
) -> RunState | None:
    """The state to go on from, or None to begin; what was learnt before is not lost unasked."""
    if not options.resume:
        if has_checkpoint(checkpoint) and not options.overwrite:
            raise CheckpointError(
                f"{checkpoint} holds a training that was interrupted. Go on with it by --resume, or begin "
                "anew with --overwrite."
            )
        return None
    state, damage = load_checkpoint(checkpoint)
    if damage:
        say(f"{damage} The one before it takes its place.")
    for name, value in settings.items():
        if value != (begun := getattr(state.config, name)):
            raise CheckpointError(
                f"--resume goes on with {name} {begun}, as the training was begun, not with {value}. "
                f"Leave {option(name)} out, or begin anew with --overwrite."
            )
    return state


def _go_on_command(options: argparse.Namespace) -> str:
    words = ["python", "main.py", "--mode", "train", "--path", str(options.path), "--resume"]
    if options.data is not None:
        words += ["--data", str(options.data)]
    if options.overwrite:
        words.append("--overwrite")
    if options.format is not None:
        words += ["--format", options.format]
    return shlex.join(words)


def _tell_the_end(run: TrainingRun, options: argparse.Namespace, test: dict[str, Any]) -> None:
    facts = run.facts()
    chosen, seconds = facts["chosen"], facts["seconds"]
    if options.format == "json":
        end = {"record": "end", "chosen_epoch": chosen["epoch"], "seconds": seconds, "test": test}
        print(json.dumps(end))
        return
    why = "the last one, is kept" if run.config.keep == "last" else "was chosen by its validation accuracy"
    print(
        f"trained in {seconds:.0f} s, {_rate(run, len(run.history), seconds)}\n"
        f"epoch {chosen['epoch']} {why}: {100 * chosen['validation_accuracy']:.2f} %\n"
        f"{accuracy_line(test)}"
    )
    for part in test.get("drawings", ()):
        low, high = part["interval"]
        print(
            f"{part['name']}: {100 * part['accuracy']:.2f} % of {part['count']:,} "
            f"(95 % interval {100 * low:.2f} % to {100 * high:.2f} %)"
        )
    print(f"saved in {options.path}")


# **** while it learns ****


def _learn(run: TrainingRun, checkpoint: Path, form: str | None) -> None:
    """Run to the end. After Ctrl-C, KeyboardInterrupt, with a checkpoint of the last step that was taken."""
    with _noted_ctrl_c() as presses, closing(_Progress(run, form)) as progress:
        for record in checkpointed(run, checkpoint):
            progress.show(record)
            if presses:
                save_checkpoint(run.state(), checkpoint)
                raise KeyboardInterrupt


@contextmanager
def _noted_ctrl_c() -> Iterator[list[int]]:
    """Notes Ctrl-C, so that no step is torn in two; a second one interrupts at once."""
    presses: list[int] = []

    def note(number: int, frame: object) -> None:
        if presses:
            raise KeyboardInterrupt
        presses.append(number)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield presses
    finally:
        signal.signal(signal.SIGINT, before)


class _Progress:
    """Every record as JSON; or the epochs in words, and on a terminal a bar over the whole run."""

    def __init__(self, run: TrainingRun, form: str | None) -> None:
        from tqdm import tqdm

        self._run, self._form = run, form
        count, steps = len(run.train), run.steps_per_epoch
        done = run.step // steps * count + run.step % steps * run.config.batch_size
        self._bar = tqdm(
            total=run.config.epochs * count,
            initial=done,
            unit=f" {_unit(run)}",
            unit_scale=True,
            bar_format="{desc}{percentage:3.0f} %|{bar}| {rate_fmt}, {remaining} left{postfix}",
            leave=False,
            disable=True if form == "json" else None,  # None: no bar where stderr is no terminal
        )

    def show(self, record: Record) -> None:
        if self._form == "json":
            kind = "epoch" if isinstance(record, EpochRecord) else "step"
            print(json.dumps({"record": kind, **asdict(record)}), flush=True)
        elif isinstance(record, EpochRecord):
            self._bar.clear()
            print(self._epoch_line(record), flush=True)
        else:
            self._advance(record)

    def close(self) -> None:
        self._bar.close()

    def _advance(self, record: StepRecord) -> None:
        self._bar.set_description_str(f"epoch {record.epoch}/{self._run.config.epochs} ", refresh=False)
        if record.step % 20 == 0:  # more often nobody can read it
            history = self._run.history
            validation = f", validation {100 * history[-1].validation_accuracy:.2f} %" if history else ""
            self._bar.set_postfix_str(f"loss {record.loss:.3f}{validation}", refresh=False)
        self._bar.update(record.examples)

    def _epoch_line(self, record: EpochRecord) -> str:
        before = self._run.history[-2].seconds if len(self._run.history) > 1 else 0.0
        train, validation = 100 * record.train_accuracy, 100 * record.validation_accuracy
        return (
            f"epoch {record.epoch:>3}/{self._run.config.epochs}  "
            f"train loss {record.train_loss:.4f} accuracy {train:.2f} %  "
            f"validation loss {record.validation_loss:.4f} accuracy {validation:.2f} %  "
            f"{record.seconds:.0f} s, {_rate(self._run, 1, record.seconds - before)}"
        )


def _rate(run: TrainingRun, epochs: int, seconds: float) -> str:
    digits = epochs * len(run.train) / max(seconds, 0.01)
    return f"{digits:,.0f} {_unit(run)}/s"


def _unit(run: TrainingRun) -> str:
    return "digits" if run.network.input_shape[0] == 1 else "images"
