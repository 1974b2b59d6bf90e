"""Many trainings that differ in some settings, here or on a cluster, and the network of the best."""

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from app.commands.measure import accuracy_line
from app.commands.output import INTERRUPTED, fail, say
from app.data.folder import data_folder
from app.data.selection import find_selection, with_samples
from app.jobs.cluster import ClusterPool
from app.jobs.finishing import fit_confidence, measured, save_trained
from app.jobs.sweeping import LocalPool, Progress, begun, best_of, score, swept
from app.options import read_plain_file, written
from engine import TrainingRun
from engine.errors import CheckpointError, ConfigurationError, WorkerError
from engine.files.whole_file import write_text
from engine.learning.checkpoint import claimed
from engine.learning.sweep import SweepPlan, sweep_of
from engine.machine.threads import cores
from engine.plain_values import to_plain
from engine.quoting import shown

PLAN, TABLE, CHART, BEST = "sweep.json", "sweep.csv", "sweep.png", "best"
SAMPLES = "samples"  # the setting that tells whose digits are learnt


def sweep(options: argparse.Namespace) -> int:
    folder: Path = options.path
    plan = _plan(options, folder)
    samples = {trial.config.dataset: with_samples(trial.config).samples for trial in plan.trials()}
    for dataset in sorted(samples):  # what is missing is told before anything long begins
        find_selection(dataset, data_folder(options.data), samples[dataset])
    with claimed(folder):
        trainings = begun(plan, folder)
        write_text(folder / PLAN, json.dumps(to_plain(plan), indent=2) + "\n")
        go_on = f"python main.py --mode sweep --path {folder} --resume"
        try:
            with _pool(options) as pool, closing(_Progress(plan, trainings, options.format)) as progress:
                for training in swept(plan, trainings, pool, data=options.data):
                    progress.show(training)
                    _write_table(trainings, folder)
        except KeyboardInterrupt:
            return fail(f"Interrupted; go on with: {go_on}", status=INTERRUPTED)
        except WorkerError as error:
            return fail(f"{error} Go on with: {go_on}")
        _write_table(trainings, folder)
        _write_chart(trainings, folder)
        best = best_of(trainings)
        if best is None:
            return fail(f"No training came to its end: {_why_none(trainings)}")
        _finish(best, trainings, options)
    return 0


def _plan(options: argparse.Namespace, folder: Path) -> SweepPlan:
    """What the file says, or the sweep that was begun in the folder."""
    kept = folder / PLAN
    if not options.resume:
        if kept.exists():
            raise CheckpointError(
                f"{folder} holds a sweep. Go on with it by --resume, or name another folder."
            )
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigurationError(f"{folder} is there already. Sweep into a new folder.")
        return _with_samples(_read(options.config))
    if not kept.exists():
        raise CheckpointError(f"There is no sweep in {folder} to go on with. Begin one without --resume.")
    plan = _read(kept)
    recorded = {name: plan.base[name] for name in (SAMPLES,) if name in plan.base}
    asked = plan if options.config is None else _read(options.config)
    if to_plain(replace(asked, base={**recorded, **asked.base})) != to_plain(plan):
        raise CheckpointError(
            f"{options.config} is not the sweep that was begun in {folder}. Leave --config out, or name "
            "another folder."
        )
    return plan


def _with_samples(plan: SweepPlan) -> SweepPlan:
    """The plan with whose digits are learnt, where they are a person's: those of whoever draws now.

    DatasetError if these are too few.
    """
    found = (with_samples(trial.config).samples for trial in plan.trials())
    samples = next((each for each in found if each is not None), None)
    return plan if samples is None else replace(plan, base={**plan.base, SAMPLES: to_plain(samples)})


def _read(path: Path) -> SweepPlan:
    try:
        return sweep_of(read_plain_file(path))
    except ConfigurationError as error:
        text = str(error)
        raise ConfigurationError(text if text.startswith(str(path)) else f"{path}: {text}") from error


@contextmanager
def _pool(options: argparse.Namespace) -> Iterator[LocalPool | ClusterPool]:
    if options.cluster is not None:
        pool: LocalPool | ClusterPool = ClusterPool(options.cluster)
    else:
        pool = LocalPool(cores() if options.workers is None else options.workers)
    try:
        yield pool
    finally:
        pool.close()


class _Progress:
    """A line an epoch, and on a terminal a bar over all of them; or JSON."""

    def __init__(self, plan: SweepPlan, trainings: Sequence[Progress], form: str | None) -> None:
        from tqdm import tqdm

        self._form, self._count = form, len(trainings)
        self._bar = tqdm(
            total=_epochs(plan, trainings),
            initial=sum(training.epoch for training in trainings),
            unit=" epochs",
            leave=False,
            disable=True if form == "json" else None,
        )

    def show(self, training: Progress) -> None:
        number, trial, best = training.trial.number, training.trial, training.best()
        if self._form == "json":
            accuracy = None if best is None else best.validation_accuracy
            record = {"record": "epoch", "training": number, "epoch": training.epoch}
            more = {"validation_accuracy": accuracy, "failure": training.failure}
            print(json.dumps({**record, **more}), flush=True)
            return
        self._bar.clear()
        if training.failure:
            say(f"training {number}: {shown(training.failure)}")
        elif best is not None:
            print(
                f"training {number:>3}/{self._count}  epoch {training.epoch:>3}/{trial.config.epochs}  "
                f"validation {100 * best.validation_accuracy:.2f} %  {_own(training)}",
                flush=True,
            )
        self._bar.update()

    def close(self) -> None:
        self._bar.close()


def _epochs(plan: SweepPlan, trainings: Sequence[Progress]) -> int:
    """How many are learnt in all, if none fails."""
    if plan.halving is None:
        return sum(training.trial.config.epochs for training in trainings)
    total, running, before = 0, len(trainings), 0
    for rung in plan.rungs(trainings[0].trial.config.epochs):
        total += running * (rung - before)
        running, before = max(1, running // plan.halving.factor), rung
    return total


def _own(training: Progress) -> str:
    """As in: learning_rate 0.003, batch_size 64."""
    config = training.trial.config
    return ", ".join(f"{name} {written(getattr(config, name))}" for name in training.trial.own)


def _write_table(trainings: Sequence[Progress], folder: Path) -> None:
    """One line a training; nothing in it depends on where it was learnt, or how long that took."""
    names = list(trainings[0].trial.own)
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    measures = ("validation_accuracy", "validation_loss", "train_accuracy", "train_loss")
    table.writerow(["training", *names, "state", "epochs", "kept_epoch", *measures])
    for training in trainings:
        best, config = training.best(), training.trial.config
        values: list[Any] = [written(getattr(config, name)) for name in names]
        found: list[Any] = [""] * 5
        if best is not None:
            found = [best.epoch, *(f"{getattr(best, measure):.6g}" for measure in measures)]
        table.writerow([training.trial.number, *values, _state(training), training.epoch, *found])
    write_text(folder / TABLE, text.getvalue())


def _state(training: Progress) -> str:
    if training.failure:
        return "failed"
    if training.is_out:
        return "left out"
    return "finished" if training.state is not None and training.state.has_ended else "under way"


def _write_chart(trainings: Sequence[Progress], folder: Path) -> None:
    from app.reports.figures import save_figure, sweep_chart

    best = best_of(trainings)
    names = {training.trial.number: f"{training.trial.number}: {_own(training)}" for training in trainings}
    histories = {
        names[training.trial.number]: training.state.history
        for training in trainings
        if training.state is not None
    }
    save_figure(sweep_chart(histories, None if best is None else names[best.trial.number]), folder / CHART)


def _why_none(trainings: Sequence[Progress]) -> str:
    return next((training.failure for training in trainings if training.failure), "none was begun.")


def _finish(best: Progress, trainings: Sequence[Progress], options: argparse.Namespace) -> None:
    """Read the test images once, with the network of the best training, and save it."""
    config, folder = best.trial.config, options.path / BEST
    data = data_folder(options.data)
    selection = find_selection(config.dataset, data, config.samples)
    assert best.state is not None
    with selection.training_data(data, config, workers=0) as examples:
        run = TrainingRun.resume(examples, best.state)
        list(run)  # nothing is left to learn: the network takes the weights that were chosen
        confidence = fit_confidence(run, selection, data)
        test = measured(run.network, confidence, selection.test_parts(data))
        save_trained(
            run, folder, data=data, confidence=confidence, dataset=selection.title, test=test, overwrite=True
        )
    if options.format == "json":
        end = {"record": "end", "best": best.trial.number, "path": str(folder), "test": to_plain(test)}
        print(json.dumps(end))
        return
    ranked = [each for each in trainings if each.best() is not None]
    ranked.sort(key=lambda each: (_state(each) != "finished", -score(each)[0], score(each)[1]))
    print(f"\n{'training':>8}  {'validation':>10}  {'epochs':>6}  settings")
    for each in ranked[:10]:
        state = "" if _state(each) == "finished" else f"  ({_state(each)})"
        print(f"{each.trial.number:>8}  {100 * score(each)[0]:>8.2f} %  {each.epoch:>6}  {_own(each)}{state}")
    print(f"\nthe best, training {best.trial.number}: {accuracy_line(test)}\nsaved in {folder}")
