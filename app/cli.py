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
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.data_folder import SOURCES, VARIABLE, Source, data_folder, download_mnist, find_source
from engine import (
    Augmentation,
    EngineError,
    Evaluation,
    Network,
    Prediction,
    Recognizer,
    TrainingConfig,
    TrainingRun,
    build_network,
    evaluate,
    load_network,
    save_network,
)
from engine.architectures import ARCHITECTURES
from engine.datasets.strokes import parse_drawings
from engine.errors import DatasetError
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.rasterize import read_image
from engine.saved_network import check_writable
from engine.schedules import SCHEDULE_NAMES
from engine.training import EpochRecord, StepRecord, history_csv

SAVED_NETWORK = Path(__file__).resolve().parent.parent / "saved_network"
DEFAULTS = TrainingConfig()
INTERRUPTED = 130  # 128 + SIGINT, as shells report it

DESCRIPTION = """\
LeNet Canvas: draw a digit and see which one a LeNet-5 written in NumPy reads, how sure it is, and why.
Without arguments it opens the window, with the network that ships.

modes:
  selftest   the window to draw in (the default)
  train      train a new network and save it in --path
  test       measure the network in --path on the test images
  viewtest   show test images with the answer, its confidence and the truth
  predict    read image files, and stroke files (.jsonl, or - for standard input)
  convert    save a network of another project, or of this one, in a new folder: --path FROM --to FOLDER
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
    if options.list_architectures:
        return _list_architectures()
    try:
        status = mode.run(options)
        sys.stdout.flush()  # here, where a reader that has left is no error
        return status
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

# each setting of a TrainingConfig is an option of its name
TRAINING_OPTIONS = {
    "architecture": "the network to build; see --list-architectures",
    "epochs": "times through the data",
    "batch_size": "images a step",
    "learning_rate": "at the schedule's peak",
    "optimizer": "how gradients become steps",
    "schedule": f"the learning rate over the run: {', '.join(SCHEDULE_NAMES)}",
    "loss": "what is made small",
    "label_smoothing": "share of the target that is spread over all classes",
    "weight_decay": "share of a weight, times the learning rate, that each step takes away",
    "weight_average": "decay of a running average of the weights, which is then kept",
    "augmentation": "none, or amounts as in shift=1.5,rotation=12,zoom=0.1,shear=0.2,elastic=0.8",
    "validation_fraction": "share of the training images that choose the epoch",
    "patience": "epochs without a better validation loss that end the run; 0: all are run",
    "least_improvement": "of the validation loss, as a share of it, that counts as better",
    "seed": "of all random numbers",
}
CHOICES = {"architecture": list(ARCHITECTURES), "optimizer": list(OPTIMIZERS), "loss": list(LOSSES)}


class Mode:
    """One value of --mode: what it runs, and the options that mean something to it."""

    def __init__(self, run: Callable[[argparse.Namespace], int], options: str, *more: str) -> None:
        self.run = run
        self.options = {"mode", "path", "list_architectures", *options.split(), *more}


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

    add("--list-architectures", action="store_true", help="print every network's name, size and source")

    data = parser.add_argument_group("data (train, test, viewtest)")
    data.add_argument("--dataset", choices=SOURCES, help="(what the network was made for)")
    data.add_argument("--data", type=Path, metavar="DIR", help="the folder of the data set's files")
    data.add_argument("--download", action="store_true", help="fetch what is missing of MNIST first")

    training = parser.add_argument_group(
        "train (the defaults in brackets are lenet5's; other networks may have their own)"
    )
    for option in fields(TrainingConfig):
        default = getattr(DEFAULTS, option.name)
        name, shown = "--" + option.name.replace("_", "-"), f"({default})"
        about = TRAINING_OPTIONS[option.name]
        # an option that is not typed leaves no trace, so that `none` can be told from it
        add = partial(training.add_argument, name, default=argparse.SUPPRESS)
        if option.name == "augmentation":
            add(type=_augmentation, metavar="A=X,…", help=about)
        elif option.name in CHOICES:
            add(choices=CHOICES[option.name], help=f"{about} {shown}")
        else:
            kind = type(default)
            metavar = {int: "N", float: "X", str: "NAME"}[kind]
            add(type=kind, metavar=metavar, help=f"{about} {shown}")
    training.add_argument("--overwrite", action="store_true", help="replace the network that is in --path")

    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=("text", "json"),
        help="train, test, predict: text to read, or one JSON object a line (text)")  # fmt: skip
    output.add_argument("--save", type=Path, metavar="FILE.png",
        help="viewtest: write the first page as a picture; needs no display")  # fmt: skip
    output.add_argument("--mistakes", action="store_true",
        help="viewtest: wrong answers only, the most confident first")  # fmt: skip
    output.add_argument("--to", type=Path, metavar="FOLDER", help="convert: the new folder")
    return parser


def _augmentation(text: str) -> Augmentation | None:
    """none, or amounts as in shift=1.5,elastic=0.8; those that are not named are 0."""
    if text == "none":
        return None
    amounts = {field.name: 0.0 for field in fields(Augmentation)}
    for part in text.split(","):
        name, _, amount = part.partition("=")
        if name not in amounts:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(amounts)}")
        try:
            amounts[name] = float(amount)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{part!r}: {amount!r} is no number") from None
    return Augmentation(**amounts)


def _refuse_strays(parser: argparse.ArgumentParser, options: argparse.Namespace, mode: Mode) -> None:
    """An option that this mode would ignore is a misunderstanding: say so, with status 2."""
    for name, value in vars(options).items():
        is_given = name in TRAINING_OPTIONS or value not in (None, False, [])
        if name not in mode.options and is_given:
            shown = "FILE" if name == "files" else "--" + name.replace("_", "-")
            parser.error(f"--mode {options.mode} takes no {shown}")
    if options.mode == "predict" and not options.files:
        parser.error("--mode predict needs at least one FILE (- is standard input)")
    if options.mode == "convert" and options.to is None:
        parser.error("--mode convert needs --to FOLDER")


# **** selftest ****


def _selftest(options: argparse.Namespace) -> int:
    recognizer = Recognizer.load(options.path)

    def show() -> None:
        from app.window import open_window

        open_window(recognizer)

    return _on_screen(show)


def _on_screen(show: Callable[[], None], *, otherwise: str = "") -> int:
    """Open a window; where tkinter or a screen is missing, say in a sentence what to do."""
    try:
        from app.screen import NoDisplayError
    except ImportError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        return _fail(TKINTER_MISSING)
    try:
        show()
    except NoDisplayError as error:
        return _fail(f"{error}{otherwise}")
    return 0


TKINTER_MISSING = (
    "this Python has no tkinter, which the window is made with. "
    "Install it: `sudo apt install python3-tk` on Debian and Ubuntu, `sudo dnf install python3-tkinter` "
    "on Fedora, `brew install python-tk` on macOS; the installer of python.org brings it along."
)


# **** train ****


def _train(options: argparse.Namespace) -> int:
    check_writable(options.path, overwrite=options.overwrite)
    changes = {name: value for name, value in vars(options).items() if name in TRAINING_OPTIONS}
    architecture = changes.pop("architecture", DEFAULTS.architecture)
    config = TrainingConfig.for_architecture(architecture, **changes)
    folder, source = _data(options, build_network(architecture, rng=np.random.default_rng(0)))
    run = TrainingRun(source.read(folder, "train"), config)
    for record in _with_progress(run):
        print(json.dumps(asdict(record)) if options.format == "json" else _epoch_line(record, run))
    facts = run.facts()
    test = _test_facts(evaluate(run.network, source.read(folder, "test")))
    save_network(
        run.network,
        options.path,
        training={
            "dataset": source.title,
            **facts,
            "command": _repeat_command(options.path, config),
        },
        test={"dataset": f"{source.title}'s test set", **test},
        history=history_csv(run.history),
        overwrite=options.overwrite,
    )
    chosen = facts["chosen"]["epoch"]
    if options.format == "json":
        print(json.dumps({"chosen_epoch": chosen, "test": test}))
    else:
        print(
            f"epoch {chosen} was chosen by its validation accuracy\n"
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
        f"train loss {record.train_loss:.4f} accuracy {100 * record.train_accuracy:.2f} %  "
        f"validation loss {record.validation_loss:.4f} accuracy {100 * record.validation_accuracy:.2f} %  "
        f"{record.seconds:.0f} s"
    )


def _repeat_command(path: Path, config: TrainingConfig) -> str:
    """What somebody types to train this network again; it names no folder of this machine."""
    usual = TrainingConfig.for_architecture(config.architecture)
    always = {"epochs", "batch_size", "learning_rate", "optimizer", "seed"}
    words = ["python main.py --mode train --path", path.name]
    if config.architecture != DEFAULTS.architecture:
        words += ["--architecture", config.architecture]
    for name in TRAINING_OPTIONS:
        value = getattr(config, name)
        if name in always or value != getattr(usual, name):
            words += ["--" + name.replace("_", "-"), _written(value)]
    return " ".join(words)


def _written(value: Any) -> str:
    """A setting as it is typed."""
    if value is None:
        return "none"
    if isinstance(value, Augmentation):
        return ",".join(f"{name}={amount}" for name, amount in vars(value).items() if amount)
    return str(value)


# **** test and viewtest ****


def _data(options: argparse.Namespace, network: Network) -> tuple[Path, Source]:
    """The data folder and the data set in it; a missing one is told before anything long begins."""
    name = options.dataset or ("mnist" if network.input_shape[0] == 1 else "cifar10")
    folder = data_folder(options.data)
    if options.download:
        if name != "mnist":
            raise DatasetError(f"Only MNIST is downloaded, not {SOURCES[name].title}.")
        download_mnist(folder)
    return folder, find_source(name, folder)


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
        f"test accuracy {100 * test['accuracy']:.2f} % of {test['count']:,} images "
        f"(95 % interval {100 * low:.2f} % to {100 * high:.2f} %), loss {test['loss']:.4f}"
    )


def _test(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    folder, source = _data(options, network)
    evaluation = evaluate(network, source.read(folder, "test"))
    facts = _test_facts(evaluation)
    confusion = evaluation.confusion.tolist()
    if options.format == "json":
        print(json.dumps({**facts, "confusion": confusion}))
        return 0
    print(_accuracy_line(facts))
    first, second = facts["accuracy_first_half"], facts["accuracy_second_half"]
    print(f"first half {100 * first:.2f} %, second half {100 * second:.2f} %")
    print("\nconfusion: a row a true digit, a column an answer")
    print("   " + "".join(f"{answer:>6}" for answer in range(10)) + "   right")
    for digit, row in enumerate(confusion):
        right = f"{100 * row[digit] / sum(row):.2f} %" if sum(row) else "none"
        print(f"{digit:>3}" + "".join(f"{count:>6}" for count in row) + f"{right:>8}")
    return 0


def _viewtest(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    folder, source = _data(options, network)
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

    return _on_screen(show, otherwise=" --save FILE.png needs no screen.")


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
        except EngineError as error:  # an image's, which names the file
            status = _fail(str(error))
        except UnicodeDecodeError:
            status = _fail(f"{file} is no text in UTF-8, as a stroke file must be.")
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
                continue
            try:
                yield number - 1, drawing.label, recognizer.recognize(drawing.strokes)
            except EngineError as error:
                yield number - 1, None, error


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
        answer = f"{prediction.digit}  {100 * prediction.confidence:.1f} %"
        if not prediction.is_digit:
            answer = f"not a digit (nearest: {answer})"
    truth = f"  (label {label})" if label is not None else ""
    return f"{file}:{index}  {answer}{truth}"


# **** networks ****


def _convert(options: argparse.Namespace) -> int:
    network = load_network(options.path)
    save_network(network, options.to, overwrite=options.overwrite)
    print(f"saved the {network.architecture} of {options.path} in {options.to}")
    return 0


def _list_architectures() -> int:
    for name, build in ARCHITECTURES.items():
        network = build(rng=np.random.default_rng(0))
        summary, _, source = (build.__doc__ or "").partition("\n\n")
        print(f"{name:<15}{network.parameter_count:>8,} parameters  {summary}")
        for line in source.strip().splitlines():
            print(f"{'':<15}{line.strip()}")
    return 0


MODES = {
    "selftest": Mode(_selftest, ""),
    "train": Mode(_train, "dataset data download overwrite format", *TRAINING_OPTIONS),
    "test": Mode(_test, "dataset data download format"),
    "viewtest": Mode(_viewtest, "dataset data download save mistakes"),
    "convert": Mode(_convert, "to overwrite"),
    "predict": Mode(_predict, "files format"),
}
