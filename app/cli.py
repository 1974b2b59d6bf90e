"""The command line: reads it, runs one mode, and says how it went. Only it and app.commands print.

Exit status: 0; 1 for an error, said in one line on stderr; 2 for wrong usage; 130 after Ctrl-C. Results go
to stdout, everything else to stderr. What a mode needs is imported when it runs, so that the window
opens without waiting for matplotlib.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app import options as training_options
from app.commands import (
    architectures,
    augment,
    committee,
    convert,
    distil,
    explain,
    export,
    film,
    measure,
    predict,
    report,
    samples,
    show,
    sweep,
    teach,
    train,
)
from app.commands.chosen_data import typed_dataset
from app.commands.output import INTERRUPTED, OutputError, fail, guarded_output
from app.data.folder import VARIABLE
from app.data.sources import SOURCES
from app.language import languages
from app.messages import for_command_line
from app.store.networks import SHIPPED
from engine import EngineError
from engine.datasets.sample_export import FORMATS
from engine.reading.evaluation import MOST_VIEWS

COMMAND = "lenet-canvas" if getattr(sys, "frozen", False) else "python main.py"  # frozen: where it is bundled
DESCRIPTION = """\
LeNet Canvas: draw a digit and see which one a network written in NumPy reads, and how sure it is.
Without arguments it opens the window, with the network that was chosen for the start.

modes:
  selftest   the window to draw in (the default)
  train      train a new network and save it in --path
  distil     train a network in --to that learns to agree with those in --path, be they of other kinds
  sweep      train many networks that differ in some settings, and save the best: --config FILE --path FOLDER
  augment    save a picture of training digits, each beside its variants
  test       measure the network in --path on the test images
  viewtest   show test images with the answer, its confidence and the truth
  report     write a page on how well it reads test images, distorted ones, and drawings in stroke files
  predict    read image files, and stroke files (.jsonl, .ndjson, .json; - is standard input)
  explain    tell why they are read so, and what would make them other digits
  film       tell what the network in --path read in them while it learnt
  teach      have a network remember what drawings are: --samples FILE… --to FOLDER
  samples    list files of samples, and convert them, or the test part of --dataset NAME
  convert    save a network of another program, .onnx or the like, in a new folder: --path FILE --to FOLDER
  committee  save several networks as one that answers by their mean: --path A --path B… --to FOLDER
  export     save a network as one file for other programs: --save FILE.onnx, .safetensors, .npz or .lenet;
             several as one that answers by their mean: .onnx or .lenet
"""

EPILOG = f"""\
examples:
  {COMMAND}
  {COMMAND} drawing.jsonl
  {COMMAND} --mode test --download
  {COMMAND} --mode train --path my_network --epochs 5
  {COMMAND} --mode train --path my_network --resume
  {COMMAND} --mode train --path further --start saved_network --distil 0.5 --learning-rate 0.0005
  {COMMAND} --mode distil --path saved_network --to small --architecture lenet5 --epochs 10
  {COMMAND} --mode viewtest --mistakes --save mistakes.png
  {COMMAND} --mode report --save report drawings.jsonl
  {COMMAND} --mode export --path my_network --save my_network.onnx
  {COMMAND} --mode predict digit.png drawings.jsonl --format json
  {COMMAND} --mode explain drawings.jsonl --to 9 --save explained

MNIST is looked for in --data DIR, else in the environment variable {VARIABLE}, else in your cache folder;
--download fetches it there. Status 0: done; 1: an error, said in one line; 2: wrong usage.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (default: the process's own); returns the exit status."""
    try:
        with guarded_output():
            return _run(arguments)
    except EngineError as error:
        return fail(for_command_line(error))
    except KeyboardInterrupt:
        return fail("Interrupted.", status=INTERRUPTED)
    except OutputError as error:
        return 0 if error.reader_left else fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}." if error.filename else str(error))


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    mode = MODES[options.mode]
    _refuse_strays(parser, options, mode)
    if options.list_architectures:
        return architectures.list_architectures()
    return mode.run(options)


# **** what may be typed ****

AMOUNTS = {  # settings that are typed as amounts by name
    "augmentation": training_options.typed_augmentation,
    "stroke_augmentation": training_options.typed_stroke_augmentation,
}
METAVARS = {"start": "NETWORK", "parent": "SHA256"}


class Mode:
    """One value of --mode: what it runs, and the options that mean something to it.

    What it cannot do without is in `needs`, by name, as it is typed.
    """

    def __init__(
        self,
        run: Callable[[argparse.Namespace], int],
        options: str,
        *more: str,
        needs: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.run = run
        self.needs = needs
        self.options = {"mode", "path", "paths", "list_architectures", *options.split(), *more}


class _Paths(argparse.Action):
    """Each --path in `paths`, the first of them in `path`: most modes take one."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        before = () if namespace.paths is self.default else namespace.paths
        namespace.paths = (*before, values)
        namespace.path = namespace.paths[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND.rpartition(" ")[2],
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--mode", choices=MODES, default="selftest", help="what to do (default: selftest)")
    parser.set_defaults(path=SHIPPED)
    add("--path", type=Path, action=_Paths, dest="paths", default=(SHIPPED,), metavar="NETWORK",
        help="the network: its folder, .lenet, .onnx, … (default: saved_network, which ships); test, "
             "viewtest, predict, report, export, committee: several, each after a --path, are asked "
             "together; distil: it, or several together, are the teacher")  # fmt: skip
    add("files", nargs="*", metavar="FILE",
        help="selftest: an image file or a stroke file to open; predict, explain, film: any number, or -; "
             "report: stroke files with labels; samples: files of samples")  # fmt: skip

    add("--list-architectures", action="store_true", help="print every network's name, size and source")

    data = parser.add_argument_group("data (train, augment, test, viewtest, report, explain, samples)")
    data.add_argument("--dataset", type=typed_dataset, metavar="NAME[:TIMES],…",
        help=f"{', '.join(SOURCES)}, or several, with how often an example is seen in an epoch, as in "
             "mnist,pendigits:3,synthetic:0.5 (what the network was made for)")  # fmt: skip
    data.add_argument("--data", type=Path, metavar="DIR", help="the folder of the data set's files")
    data.add_argument("--download", action="store_true", help="fetch what is missing of MNIST first")

    training = parser.add_argument_group(
        "train, distil (the defaults in brackets are lenet5's; other networks may have their own)"
    )
    training.add_argument("--config", type=Path, metavar="FILE",
        help="settings from a TOML or JSON file, as a network's training.json; options go first")  # fmt: skip
    for setting, about in training_options.TRAINING_OPTIONS.items():
        default = getattr(training_options.DEFAULTS, setting)
        shown = f"{about} ({default:.4g})" if isinstance(default, float) else f"{about} ({default})"
        if default == "":
            shown = about
        # an option that is not typed leaves no trace, so that `none` can be told from it
        add = partial(training.add_argument, training_options.option(setting), default=argparse.SUPPRESS)
        if setting in AMOUNTS:
            add(type=AMOUNTS[setting], metavar="A=X,…", help=about)
        elif setting in training_options.CHOICES:
            add(choices=training_options.CHOICES[setting], help=shown)
        else:
            kind = type(default)
            metavar = METAVARS.get(setting) or {int: "N", float: "X", str: "NAME"}[kind]
            add(type=kind, metavar=metavar, help=shown)
    training.add_argument("--workers", type=training_options.typed_workers, metavar="N",
        help="train, distil: processes that render drawings meanwhile (1); sweep, predict: that work side "
             "by side (one a core)")  # fmt: skip
    training.add_argument("--cluster", metavar="ADDRESS",
        help="sweep: the Dask scheduler whose workers train, as tcp://192.168.1.7:8786")  # fmt: skip
    training.add_argument("--resume", action="store_true", help="resume the training that was interrupted")
    training.add_argument("--overwrite", action="store_true",
        help="replace the network that is in --path; without --resume, begin anew")  # fmt: skip

    teaching = parser.add_argument_group("teach, samples")
    teaching.add_argument("--samples", type=Path, nargs="+", metavar="FILE",
        help="teach: files of samples, or other stroke files with labels")  # fmt: skip
    teaching.add_argument("--doubtful", choices=("leave", "keep"),
        help="teach: what becomes of samples that others speak against, and of a network that reads "
             "something worse by more than chance (leave)")  # fmt: skip
    teaching.add_argument("--export", type=Path, metavar="DIR", help="samples: a new folder to write into")
    teaching.add_argument("--as", metavar="KIND,…",
        help=f"samples: {', '.join(FORMATS)}, or several of them (all)")  # fmt: skip

    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=("text", "json"),
        help="train, distil, test, teach, samples, predict, explain, film: text, or one JSON object a line "
             "(text)")  # fmt: skip
    output.add_argument("--save", type=Path, metavar="FILE|DIR",
        help="viewtest, augment: write a picture; needs no display; report: the folder of "
             "report.html and report.json; explain: the folder of a picture a drawing; film: a GIF; "
             "export: the file, whose ending says in which format")  # fmt: skip
    output.add_argument("--language", choices=[language.code for language in languages()],
        help="report: the language of the page (the system's)")  # fmt: skip
    output.add_argument("--views", type=int, default=0, metavar="N",
        help="test: read each image N times more, varied a little, and average the answers (0)")  # fmt: skip
    output.add_argument("--mistakes", action="store_true",
        help="viewtest: wrong answers only, the most confident first")  # fmt: skip
    output.add_argument("--without-memory", action="store_true",
        help="export: leave out what the network was taught")  # fmt: skip
    output.add_argument("--to", type=Path, metavar="FOLDER|DIGIT",
        help="convert, committee, teach, distil: the new folder; explain: the digit to explain "
             "against")  # fmt: skip
    return parser


def _refuse_strays(parser: argparse.ArgumentParser, options: argparse.Namespace, mode: Mode) -> None:
    """An option that this mode would ignore is a misunderstanding: say so, with status 2."""
    for name, value in vars(options).items():
        is_given = name in training_options.TRAINING_OPTIONS or value not in (None, False, [])
        if name not in mode.options and is_given:
            shown = "FILE" if name == "files" else "--" + name.replace("_", "-")
            parser.error(f"--mode {options.mode} takes no {shown}")
    if len(options.paths) > 1 and options.mode not in TOGETHER:
        parser.error(f"--mode {options.mode} takes one --path")
    if len(options.paths) < 2 and options.mode == "committee":
        parser.error("--mode committee needs several networks, each after a --path")
    if not 0 <= options.views <= MOST_VIEWS:
        parser.error(f"--views must be in 0…{MOST_VIEWS:,}, got {options.views}")
    if options.mode == "selftest" and len(options.files) > 1:
        parser.error("--mode selftest opens one FILE; --mode predict reads any number")
    if not all(getattr(options, name) for name in mode.needs):
        parser.error(f"--mode {options.mode} needs {' and '.join(mode.needs.values())}")
    if options.mode == "samples" and not options.files and options.dataset is None:
        parser.error("--mode samples needs at least one FILE, or --dataset NAME")
    if (
        options.mode == "samples"
        and options.dataset is not None
        and (options.files or options.export is None)
    ):
        parser.error("--mode samples --dataset NAME takes no FILE, and needs --export DIR")
    if getattr(options, "as") is not None and options.export is None:
        parser.error("--as needs --export DIR")
    if options.mode == "sweep":
        if options.path == SHIPPED:
            parser.error("--mode sweep needs --path FOLDER, a new one")
        if options.config is None and not options.resume:
            parser.error("--mode sweep needs --config FILE.toml")


# modes that ask several networks as one
TOGETHER = ("test", "viewtest", "predict", "report", "export", "committee", "distil")
FILES = {"files": "at least one FILE (- is standard input)"}
MODES = {
    "selftest": Mode(show.selftest, "files"),
    "train": Mode(
        train.train,
        "dataset data download overwrite format config resume workers",
        *training_options.TRAINING_OPTIONS,
    ),
    "distil": Mode(
        distil.distil,
        "to dataset data download overwrite format config resume workers",
        *training_options.TRAINING_OPTIONS,
        needs={"to": "--to FOLDER"},
    ),
    "sweep": Mode(sweep.sweep, "data format config resume workers cluster"),
    "augment": Mode(
        augment.augment,
        "dataset data download save config architecture augmentation seed",
        needs={"save": "--save FILE.png"},
    ),
    "test": Mode(measure.test, "dataset data download format views"),
    "viewtest": Mode(measure.viewtest, "dataset data download save mistakes"),
    "report": Mode(report.report, "dataset data download save language files", needs={"save": "--save DIR"}),
    "teach": Mode(
        teach.teach,
        "samples to data doubtful overwrite format seed",
        needs={"samples": "--samples FILE", "to": "--to FOLDER"},
    ),
    "samples": Mode(samples.samples, "files export as format dataset data download"),
    "convert": Mode(convert.convert, "to overwrite", needs={"to": "--to FOLDER"}),
    "committee": Mode(committee.committee, "to overwrite", needs={"to": "--to FOLDER"}),
    "export": Mode(export.export, "save overwrite without_memory", needs={"save": "--save FILE"}),
    "predict": Mode(predict.predict, "files format workers", needs=FILES),
    "film": Mode(film.film, "files save format", needs=FILES),
    "explain": Mode(explain.explain_files, "files to data save format", needs=FILES),
}
