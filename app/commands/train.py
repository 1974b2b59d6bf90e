"""Training a network, with its progress in words; interrupted, it can be resumed."""

import argparse
import json
import shlex
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.commands.chosen_data import find_data
from app.commands.measure import accuracy_line, further_lines
from app.commands.output import INTERRUPTED, fail, say
from app.data.selection import with_samples
from app.jobs.finishing import fit_confidence, measured, save_trained, taught_by
from app.jobs.going_on import Start, can_go_on, carried_lessons, claimed_with_network, keep_network
from app.messages import for_command_line
from app.options import config_of, given_settings, training_words, written
from engine import TrainingConfig, TrainingRun
from engine.errors import (
    CheckpointError,
    ConfigurationError,
    SavedNetworkError,
    TrainingError,
    WorkerError,
)
from engine.learning.checkpoint import (
    checkpointed,
    has_checkpoint,
    load_checkpoint,
    remove_checkpoint,
    save_checkpoint,
)
from engine.learning.training import EpochRecord, Record, RunState, StepRecord, Trainable
from engine.plain_values import to_plain
from engine.reading.evaluation import Classifier, TestFacts
from engine.storage.saved_network import SavedNetwork, check_writable


def train(options: argparse.Namespace) -> int:
    return train_by(options, given_settings(options))


def train_by(
    options: argparse.Namespace, settings: dict[str, Any], *, teacher: Classifier | None = None
) -> int:
    """Train by these settings into `options.path`; `teacher` is what the settings' teachers are together."""
    if not options.resume:
        check_writable(options.path, overwrite=options.overwrite)
    place = options.path.resolve()  # beside it, not in it, also where it is given as .
    checkpoint = place.with_name(f"{place.name}.checkpoint")
    with claimed_with_network(checkpoint):  # and so the network's folder, which no other training has it for
        start = None if options.resume else _opened_start(settings)
        if settings.get("start"):  # it is recorded by its name: a folder of this machine is nobody's business
            settings["start"] = Path(settings["start"]).resolve().name
        state = _interrupted_run(options, checkpoint, settings)
        if state is not None and _is_saved(state, options.path):  # killed when only this was left to do
            remove_checkpoint(checkpoint)
            say(f"This training is finished: its network is in {options.path}.")
            return 0
        check_writable(options.path, overwrite=options.overwrite)
        config = with_samples(config_of(settings)) if state is None else state.config
        if config.teachers and teacher is None:
            raise ConfigurationError(
                f"This training is taught by {written(config.teachers)}. Name that after --path, with --mode "
                f"distil and --to {shlex.quote(str(options.path))}."
            )
        return _train(options, checkpoint, config, state, start, teacher)


def _train(
    options: argparse.Namespace,
    checkpoint: Path,
    config: TrainingConfig,
    state: RunState | None,
    start: Start | None,
    teacher: Classifier | None,
) -> int:
    workers = 1 if options.workers is None else options.workers
    folder, selection = find_data(options, config.dataset, config.samples)
    go_on = f"go on with: {_go_on_command(options)}"
    mended = f" When that is mended, {go_on}"
    try:
        with selection.training_data(folder, config, workers=workers) as data:
            run = _begun(data, config, state, checkpoint, start, teacher)
            try:
                _learn(run, checkpoint, options.format)
                confidence = fit_confidence(run, selection, folder)
                lessons = carried_lessons(run.network, checkpoint, folder)
                taught = taught_by(lessons, run.network, confidence)
                test = measured(*taught, selection.test_parts(folder))
                save_trained(
                    run,
                    options.path,
                    data=folder,
                    confidence=confidence,
                    lessons=lessons,
                    dataset=selection.title,
                    test=test,
                    overwrite=options.overwrite,
                )
            except TrainingError as error:
                more = f" The state before stays in {checkpoint}; --overwrite begins anew."
                return fail(f"{for_command_line(error)}{more * has_checkpoint(checkpoint)}")
            except (CheckpointError, SavedNetworkError) as error:
                return fail(f"{for_command_line(error)}{mended * has_checkpoint(checkpoint)}")
    except WorkerError as error:
        return fail(f"{for_command_line(error)}{mended * has_checkpoint(checkpoint)}")
    except KeyboardInterrupt:
        more = f"; {go_on}" if has_checkpoint(checkpoint) else ". Nothing was learnt that could be kept."
        return fail(f"Interrupted{more}", status=INTERRUPTED)
    remove_checkpoint(checkpoint)
    _tell_the_end(run, options, test, 0 if lessons is None else lessons.count)
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
                f"--resume goes on with {name} {written(begun)}, as the training was begun, not with "
                f"{written(value)}. Name no other {name}, typed or in the file of --config, or begin anew "
                "with --overwrite."
            )
    return state


def _is_saved(state: RunState, folder: Path) -> bool:
    """Whether the network in a folder is what this run ends with: of its settings, with its weights."""
    if not state.has_ended:
        return False
    try:
        saved = SavedNetwork.load(folder)
    except SavedNetworkError:
        return False
    arrays, chosen = saved.network.state(), state.arrays["chosen"]
    return (
        saved.facts.training is not None
        and saved.facts.training.config == state.config
        and arrays.keys() == chosen.keys()
        and all(arrays[name].tobytes() == chosen[name].tobytes() for name in arrays)
    )


def _opened_start(settings: dict[str, Any]) -> Start | None:
    """What the network knows that the settings go on from, if any; they then tell what it is."""
    if not settings.get("start"):
        return None
    path = settings["start"]
    saved = SavedNetwork.load_one(path)
    theirs, identity = saved.facts.architecture, saved.facts.identity
    if not can_go_on(saved.facts):
        raise ConfigurationError(
            f"{path} was made by another program, and cannot be trained any further. Name a network that was "
            "trained here."
        )
    if (wanted := settings.setdefault("architecture", theirs)) != theirs:
        raise ConfigurationError(
            f"{path} is a network of the architecture {theirs}, with which no {wanted} can begin. Leave "
            f"--architecture out, or go on from a network of {wanted}."
        )
    if (parent := settings.get("parent")) and parent != identity:
        raise ConfigurationError(
            f"{path} is another network than the training began with: its SHA-256 is {identity}, not "
            f"{parent}. Name that one, or leave --parent out to go on from this one."
        )
    settings["parent"] = identity
    return Start.of(saved, path)


def _begun(
    data: Trainable,
    config: TrainingConfig,
    state: RunState | None,
    checkpoint: Path,
    start: Start | None,
    teacher: Classifier | None,
) -> TrainingRun:
    """A new run, which an old checkpoint makes room for, or the one that was in this state."""
    if state is None:
        run = TrainingRun(data, config, start=None if start is None else start.weights, teacher=teacher)
        remove_checkpoint(checkpoint)
        keep_network(start, checkpoint)
        return run
    run = TrainingRun.resume(data, state, teacher=teacher)
    say(f"going on after step {run.step:,} of {run.steps_per_epoch * config.epochs:,}")
    return run


def _go_on_command(options: argparse.Namespace) -> str:
    teachers = list(map(str, options.paths)) if options.mode == "distil" else []
    words = ["python", "main.py", *training_words(str(options.path), teachers), "--resume"]
    if options.data is not None:
        words += ["--data", str(options.data)]
    if options.overwrite:
        words.append("--overwrite")
    if options.format is not None:
        words += ["--format", options.format]
    return shlex.join(words)


def _tell_the_end(run: TrainingRun, options: argparse.Namespace, test: TestFacts, remembered: int) -> None:
    facts = run.facts()
    chosen, seconds = facts.chosen, facts.seconds
    if options.format == "json":
        end = {"record": "end", "chosen_epoch": chosen.epoch, "seconds": seconds, "test": to_plain(test)}
        print(json.dumps(end))
        return
    why = "the last one, is kept" if run.config.keep == "last" else "was chosen by its validation accuracy"
    print(
        f"trained in {seconds:.0f} s, {_rate(run, len(run.history), seconds)}\n"
        f"epoch {chosen.epoch} {why}: {100 * chosen.validation_accuracy:.2f} %\n"
        f"{accuracy_line(test)}"
    )
    for line in further_lines(test):
        print(line)
    if remembered:
        print(f"it remembers {remembered} samples, as the network did that it goes on from")
    print(f"saved in {options.path}")


# **** while it learns ****


def _learn(run: TrainingRun, checkpoint: Path, form: str | None) -> None:
    """Run to the end. After Ctrl-C, KeyboardInterrupt, with a checkpoint of the last step that was taken."""
    with closing(_Progress(run, form)) as progress, _noted_ctrl_c(progress) as presses:
        for number, record in enumerate(checkpointed(run, checkpoint)):
            if number == 0 and run.learns_alone:
                progress.say(
                    f"This process learns alone, not {run.config.processes} together: there is one core, or "
                    "no memory to share. It takes longer."
                )
            progress.show(record)
            if presses:
                save_checkpoint(run.state(), checkpoint)
                raise KeyboardInterrupt


@contextmanager
def _noted_ctrl_c(progress: "_Progress") -> Iterator[list[int]]:
    """Notes Ctrl-C, and says so, so that no step is torn in two; a second one interrupts at once."""
    presses: list[int] = []

    def note(number: int, frame: object) -> None:
        if presses:
            raise KeyboardInterrupt
        presses.append(number)
        with suppress(RuntimeError):  # pressed amid the writing of another line
            progress.say(
                "ending after this step, with all that was learnt; press Ctrl-C again to stop at once"
            )

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

    def say(self, message: str) -> None:
        self._bar.clear()
        say(message)

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
