"""The command line: reads it, runs one mode, and says how it went. The only module that prints.

Exit status: 0; 1 for an error, said in one line on stderr; 2 for wrong usage; 130 after Ctrl-C. Results go
to stdout, everything else to stderr. What a mode needs is imported when it runs, so that the window
opens without waiting for matplotlib.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.data_folder import VARIABLE, data_folder, download_mnist
from engine import (
    Dataset,
    EngineError,
    Evaluation,
    Prediction,
    Recognizer,
    TrainingConfig,
    TrainingRun,
    evaluate,
    load_network,
    save_network,
)
from engine.datasets.mnist import has_mnist, read_mnist
from engine.datasets.strokes import parse_drawings
from engine.errors import DatasetError
from engine.optimizers import OPTIMIZERS
from engine.rasterize import read_image
from engine.saved_network import check_writable
from engine.training import EpochRecord, StepRecord, history_csv

SAVED_NETWORK = Path(__file__).resolve().parent.parent / "saved_network"
DEFAULTS = TrainingConfig()
INTERRUPTED = 130  # 128 + SIGINT, as shells report it

DESCRIPTION = """\
LeNet Canvas: draw a digit and see which one a LeNet-5 written in NumPy reads, how sure it is, and why.
Without arguments it opens the window, with the network that ships.

modes:
  selftest   the window to draw in (the default)
  train      train a new network on MNIST and save it in --path
  test       measure the network in --path on MNIST's test images
  viewtest   show test images with the answer, its confidence and the truth
  predict    read image files, and stroke files (.jsonl, or - for standard input)
"""

EPILOG = f"""\
examples:
  python main.py
  python main.py --mode test --download
  python main.py --mode train --path my_network --epochs 5
  python main.py --mode viewtest --mistakes --save mistakes.png
  python main.py --mode predict digit.png drawings.jsonl --format json

MNIST is looked for in --data DIR, else in the environment variable {VARIABLE}, else in your cache folder;
--download fetches it there. Status 0: done; 1: an error, said in one line; 2: wrong usage.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (default: the process's own); returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    mode = MODES[options.mode]
    _refuse_strays(parser, options, mode)
    try:
        return mode.run(options)
    except EngineError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Interrupted.", status=INTERRUPTED)
    except BrokenPipeError:  # the reader of our output, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}." if error.filename else str(error))


def _fail(message: str, *, status: int = 1) -> int:
    print(f"lenet-canvas: {message}", file=sys.stderr)
    return status


# **** what may be typed ****


class Mode:
    """One value of --mode: what it runs, and the options that mean something to it."""

    def __init__(self, run: Callable[[argparse.Namespace], int], options: str) -> None:
        self.run = run
        self.options = {"mode", "path", *options.split()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--mode", choices=MODES, default="selftest", help="what to do (default: selftest)")
    add("--path", type=Path, default=SAVED_NETWORK, metavar="FOLDER",
        help="the network's folder (default: saved_network, the one that ships)")  # fmt: skip
    add("files", nargs="*", metavar="FILE", help="predict: image files, stroke files, or -")

    data = parser.add_argument_group("data (train, test, viewtest)")
    data.add_argument("--data", type=Path, metavar="DIR", help="the folder of MNIST's files")
    data.add_argument("--download", action="store_true", help="fetch what is missing of MNIST first")

    training = parser.add_argument_group("train")
    add = training.add_argument
    add("--epochs", type=int, metavar="N", help=f"times through the data ({DEFAULTS.epochs})")
    add("--batch-size", type=int, metavar="N", help=f"images a step ({DEFAULTS.batch_size})")
    add("--learning-rate", type=float, metavar="X", help=f"at its peak ({DEFAULTS.learning_rate})")
    add("--optimizer", choices=OPTIMIZERS, help=f"({DEFAULTS.optimizer})")
    add("--seed", type=int, metavar="N", help=f"of all random numbers ({DEFAULTS.seed})")
    add("--overwrite", action="store_true", help="replace the network that is in --path")

    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=("text", "json"),
        help="train, test, predict: text to read, or one JSON object a line (text)")  # fmt: skip
    output.add_argument("--save", type=Path, metavar="FILE.png",
        help="viewtest: write the first page as a picture; needs no display")  # fmt: skip
    output.add_argument("--mistakes", action="store_true",
        help="viewtest: wrong answers only, the most confident first")  # fmt: skip
    return parser


def _refuse_strays(parser: argparse.ArgumentParser, options: argparse.Namespace, mode: Mode) -> None:
    """An option that this mode would ignore is a misunderstanding: say so, with status 2."""
    for name, value in vars(options).items():
        if name not in mode.options and value not in (None, False, []):
            shown = "FILE" if name == "files" else "--" + name.replace("_", "-")
            parser.error(f"--mode {options.mode} takes no {shown}")
    if options.mode == "predict" and not options.files:
        parser.error("--mode predict needs at least one FILE (- is standard input)")


# **** selftest ****


def _selftest(options: argparse.Namespace) -> int:
    try:
        from app.screen import NoDisplayError
        from app.window import open_window
    except ImportError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        return _fail(TKINTER_MISSING)
    try:
        open_window(Recognizer.load(options.path))
    except NoDisplayError as error:
        return _fail(str(error))
    return 0


TKINTER_MISSING = (
    "this Python has no tkinter, which the window is made with. "
    "Install it: `sudo apt install python3-tk` on Debian and Ubuntu, `sudo dnf install python3-tkinter` "
    "on Fedora, `brew install python-tk` on macOS; the installer of python.org brings it along."
)


# **** train ****


def _train(options: argparse.Namespace) -> int:
    check_writable(options.path, overwrite=options.overwrite)
    chosen = {
        name: getattr(options, name)
        for name in ("epochs", "batch_size", "learning_rate", "optimizer", "seed")
        if getattr(options, name) is not None
    }
    config = TrainingConfig(**chosen)
    folder = _mnist_folder(options)
    run = TrainingRun(read_mnist(folder, "train"), config)
    for record in _with_progress(run):
        print(json.dumps(asdict(record)) if options.format == "json" else _epoch_line(record, run))
    best = run.best
    assert best is not None  # at least one epoch was run
    test = _test_facts(evaluate(run.network, read_mnist(folder, "test")))
    training = {
        "dataset": "MNIST",
        "train_count": len(run.train),
        "validation_count": len(run.validation),
        "config": config.as_dict(),
        "command": _repeat_command(options.path, config),
        "seconds": run.history[-1].seconds,
        "chosen": asdict(best),
    }
    save_network(
        run.network,
        options.path,
        training=training,
        test={"dataset": "MNIST's test set", **test},
        history=history_csv(run.history),
        overwrite=options.overwrite,
    )
    if options.format == "json":
        print(json.dumps({"chosen_epoch": best.epoch, "test": test}))
    else:
        print(
            f"epoch {best.epoch} was chosen by its validation accuracy\n"
            f"{_accuracy_line(test)}\nsaved in {options.path}"
        )
    return 0


def _with_progress(run: TrainingRun) -> Iterator[EpochRecord]:
    """The epochs of a run; on a terminal a bar shows the steps in between."""
    from tqdm import tqdm

    bar: Any = None
    for record in run:
        if isinstance(record, EpochRecord):
            bar.close()
            bar = None
            yield record
            continue
        if bar is None:
            bar = tqdm(
                desc=f"epoch {record.epoch}/{run.config.epochs}",
                total=len(run.train),
                unit=" digits",
                leave=False,
                disable=None,  # no bar where stderr is no terminal
            )
        _advance(bar, record)


def _advance(bar: Any, record: StepRecord) -> None:
    bar.update(record.examples)
    if record.step % 20 == 0:
        bar.set_postfix(loss=f"{record.loss:.3f}", refresh=False)


def _epoch_line(record: EpochRecord, run: TrainingRun) -> str:
    return (
        f"epoch {record.epoch:>3}/{run.config.epochs}  "
        f"train loss {record.train_loss:.4f} accuracy {record.train_accuracy:.2%}  "
        f"validation loss {record.validation_loss:.4f} accuracy {record.validation_accuracy:.2%}  "
        f"{record.seconds:.0f} s"
    )


def _repeat_command(path: Path, config: TrainingConfig) -> str:
    """What somebody types to train this network again; it names no folder of this machine."""
    return (
        f"python main.py --mode train --path {path.name} --epochs {config.epochs} "
        f"--batch-size {config.batch_size} --learning-rate {config.learning_rate} "
        f"--optimizer {config.optimizer} --seed {config.seed}"
    )


# **** test and viewtest ****


def _mnist_folder(options: argparse.Namespace) -> Path:
    """The data folder, MNIST in it; a missing file is told before anything long begins."""
    folder = data_folder(options.data)
    if options.download:
        download_mnist(folder)
    if not has_mnist(folder):
        raise DatasetError(
            f"MNIST's four files are not in {folder}. Fetch them with --download, or name their folder "
            f"with --data DIR or the environment variable {VARIABLE}."
        )
    return folder


def _test_facts(evaluation: Evaluation) -> dict[str, Any]:
    first, second = evaluation.accuracy_halves
    return {
        "count": len(evaluation.labels),
        "accuracy": evaluation.accuracy,
        "interval": list(evaluation.interval),
        "accuracy_first_half": first,
        "accuracy_second_half": second,
        "loss": round(evaluation.loss, 6),
    }


def _accuracy_line(test: dict[str, Any]) -> str:
    low, high = test["interval"]
    return (
        f"test accuracy {test['accuracy']:.2%} of {test['count']:,} images "
        f"(95 % interval {low:.2%} to {high:.2%}), loss {test['loss']:.4f}"
    )


def _test(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    evaluation = evaluate(network, read_mnist(_mnist_folder(options), "test"))
    facts = _test_facts(evaluation)
    confusion = evaluation.confusion.tolist()
    if options.format == "json":
        print(json.dumps({**facts, "confusion": confusion}))
        return 0
    print(_accuracy_line(facts))
    print(f"first half {facts['accuracy_first_half']:.2%}, second half {facts['accuracy_second_half']:.2%}")
    print("\nconfusion: a row a true digit, a column an answer")
    print("   " + "".join(f"{answer:>6}" for answer in range(10)) + "   right")
    for digit, row in enumerate(confusion):
        right = f"{row[digit] / sum(row):.2%}" if sum(row) else "none"
        print(f"{digit:>3}" + "".join(f"{count:>6}" for count in row) + f"{right:>8}")
    return 0


def _viewtest(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    dataset = read_mnist(_mnist_folder(options), "test")
    evaluation = evaluate(network, dataset)
    if options.mistakes:
        indices = evaluation.mistakes.tolist()
        title = f"The {len(indices)} wrong answers among {len(dataset):,}, the most confident first"
    else:
        indices = list(range(len(dataset)))
        title = f"MNIST's test images; {evaluation.accuracy:.2%} are read right"
    if options.save is not None:
        from app.figures import digit_page, save_figure

        save_figure(digit_page(dataset, evaluation, indices, title), options.save)
        print(f"saved {options.save}")
        return 0
    return _show_gallery(dataset, evaluation, indices, title)


def _show_gallery(dataset: Dataset, evaluation: Evaluation, indices: list[int], title: str) -> int:
    try:
        from app.gallery import open_gallery
        from app.screen import NoDisplayError
    except ImportError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        return _fail(TKINTER_MISSING)
    try:
        open_gallery(dataset, evaluation, indices, title)
    except NoDisplayError as error:
        return _fail(f"{error} --save FILE.png needs no screen.")
    return 0


# **** predict ****


def _predict(options: argparse.Namespace) -> int:
    recognizer = Recognizer.load(options.path)
    status = 0
    for file in options.files:
        try:
            for index, label, prediction in _read_file(file, recognizer):
                if isinstance(prediction, EngineError):
                    status = _fail(f"{file}, line {index + 1}: {prediction}")
                elif options.format == "json":
                    print(_json_line(file, index, label, prediction))
                else:
                    print(_text_line(file, index, label, prediction))
        except (EngineError, UnicodeDecodeError) as error:
            status = _fail(f"{file}: {error}")
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            status = _fail(f"{file}: {error.strerror}.")
    return status


Label = int | str | None


def _read_file(file: str, recognizer: Recognizer) -> Iterator[tuple[int, Label, Prediction | EngineError]]:
    """(index, label, prediction or what is wrong) of each drawing; the index of line k is k - 1."""
    if file != "-" and Path(file).suffix.lower() != ".jsonl":
        yield 0, None, recognizer.recognize_image(read_image(file))
        return
    with nullcontext(sys.stdin) if file == "-" else open(file, encoding="utf-8") as lines:
        for number, drawing in parse_drawings(lines):
            if isinstance(drawing, EngineError):
                yield number - 1, None, drawing
            else:
                yield number - 1, drawing.label, recognizer.recognize(drawing.strokes)


def _json_line(file: str, index: int, label: Label, prediction: Prediction) -> str:
    record: dict[str, Any] = {
        "file": file,
        "index": index,
        "digit": prediction.digit,
        "confidence": round(prediction.confidence, 6),
        "is_digit": prediction.is_digit,
        "probabilities": [round(float(p), 6) for p in prediction.probabilities],
    }
    if label is not None:
        record["label"] = label
    return json.dumps(record)


def _text_line(file: str, index: int, label: Label, prediction: Prediction) -> str:
    if prediction.digit is None:
        answer = "nothing drawn"
    else:
        answer = f"{prediction.digit}  {prediction.confidence:.1%}"
        if not prediction.is_digit:
            answer = f"not a digit (nearest: {answer})"
    truth = f"  (label {label})" if label is not None else ""
    return f"{file}:{index}  {answer}{truth}"


MODES = {
    "selftest": Mode(_selftest, ""),
    "train": Mode(
        _train,
        "data download epochs batch_size learning_rate optimizer seed overwrite format",
    ),
    "test": Mode(_test, "data download format"),
    "viewtest": Mode(_viewtest, "data download save mistakes"),
    "predict": Mode(_predict, "files format"),
}
