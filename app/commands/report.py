"""How well a network reads, as a page: the test images, the same distorted, and drawings."""

import argparse
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.commands.chosen_data import find_test_data
from app.data.sources import NOT_DIGITS, SOURCES
from app.language import _, speaking
from engine import Network, Recognizer, SavedNetwork, evaluate
from engine.datasets.cifar10 import CLASSES
from engine.datasets.dataset import Dataset
from engine.datasets.mnist import has_mnist_test, read_mnist
from engine.datasets.numbers import FITTING_WRITERS
from engine.datasets.pendigits import has_pendigits, read_pendigits
from engine.datasets.strokes import StrokeDataset, read_stroke_file
from engine.errors import ConfigurationError, DatasetError
from engine.ink.preprocessing import FRAME
from engine.nn.losses import NO_CLASS
from engine.storage.saved_network import load_attachment

if TYPE_CHECKING:
    from app.reports.measured import MeasuredSet
    from app.reports.numbers import MeasuredNumbers

HISTORY = "history.csv"  # of a network folder


def report(options: argparse.Namespace) -> int:
    from app.reports.facts import report_facts
    from app.reports.measured import measured_drawings, measured_explanations, measured_not_digits
    from app.reports.page import PAGE, report_page, write_report

    if options.save.exists() and not options.save.is_dir():
        raise ConfigurationError(f"{options.save} is a file, but a report is a folder. Choose another name.")
    saved = SavedNetwork.load_all(options.paths)
    network = saved.network
    folder, selection = find_test_data(options, network)
    drawings, others = _digits_and_others(_read_drawings(options.files, network))
    sets = []
    for name in selection.digits:
        part = SOURCES[name].test_part(folder)
        if isinstance(part, Dataset):
            sets.append(_measured_images(saved, name, part))
        else:
            sets.append(measured_drawings(saved, {name: part}, name=partial(_test_part, SOURCES[name].title)))
    if drawings:
        sets.append(measured_drawings(saved, drawings))
    if NOT_DIGITS in selection.weights:
        part = SOURCES[NOT_DIGITS].test_part(folder)
        assert isinstance(part, StrokeDataset)
        others = {NOT_DIGITS: part, **others}
    not_digits = measured_not_digits(saved, others, beside=sets) if others else None
    numbers = _measured_numbers(saved, options.path, folder)
    names = [path.resolve().name for path in options.paths]
    history = None if saved.members else load_attachment(options.path, HISTORY)
    figures = report_facts(
        " + ".join(names),
        saved.facts,
        None if history is None else history.decode(errors="replace"),
        sets,
        not_digits,
        numbers,
        [] if saved.members else measured_explanations(network, sets),
        day=date.today(),
    )
    with speaking(options.language):  # the page is for people; what is printed is for programs, too
        page = report_page(figures, network, sets, not_digits, numbers, members=_members(saved, names))
    write_report(options.save, figures, page)
    print(f"saved {options.save / PAGE}")
    return 0


def _members(saved: SavedNetwork, names: Sequence[str]) -> dict[str, Network]:
    """The networks of a committee, each by its number and its name."""
    told = saved.facts.members or names
    return {f"{n}. {told[n - 1]}": each.network for n, each in enumerate(saved.members, start=1)}


def _test_set(title: str) -> str:
    return _("{data}'s test set").format(data=_(title))


def _test_part(title: str) -> str:
    """Of drawings, as in: Pen digits, test part."""
    title = _(title)
    return _("{data}, test part").format(data=title[0].upper() + title[1:])


def _read_drawings(files: Sequence[str], network: Network) -> dict[str, StrokeDataset]:
    """The drawings of each file, by its name, or by its path where two have one name."""
    if files and network.input_shape != (1, FRAME, FRAME):
        raise ConfigurationError(
            f"A network for images of shape {network.input_shape} reads no drawings. Leave {files[0]} out."
        )
    paths = list(map(Path, files))
    names = [path.name for path in paths]
    drawings = {
        path.name if names.count(path.name) == 1 else str(path): read_stroke_file(path) for path in paths
    }
    for name, dataset in drawings.items():
        if not len(dataset):
            raise DatasetError(f"{name} holds no drawing. Leave it out.")
    return drawings


def _digits_and_others(
    drawings: dict[str, StrokeDataset],
) -> tuple[dict[str, StrokeDataset], dict[str, StrokeDataset]]:
    """(the digits of each file, its non-digits), files without any left out."""
    parts: tuple[dict[str, StrokeDataset], dict[str, StrokeDataset]] = {}, {}
    for name, dataset in drawings.items():
        is_digit = dataset.labels != NO_CLASS
        for part, indices in zip(parts, (np.flatnonzero(is_digit), np.flatnonzero(~is_digit)), strict=True):
            if len(indices):
                part[name] = dataset.take(indices)
    return parts


def _measured_numbers(saved: SavedNetwork, path: Path, folder: Path) -> "MeasuredNumbers | None":
    """Numbers made of the digits at hand that nothing was fitted to; None where there are none."""
    from app.reports.numbers import measured_numbers

    if saved.network.input_shape != (1, FRAME, FRAME):
        return None
    digits = images = None
    if has_pendigits(folder):
        everything = [read_pendigits(folder, part) for part in ("train", "test")]
        drawings = [drawing for part in everything for drawing in part.drawings]
        digits = StrokeDataset([drawing for drawing in drawings if drawing.writer not in FITTING_WRITERS])
    if has_mnist_test(folder):
        images = read_mnist(folder, "test")
    return measured_numbers(Recognizer(saved, folder=path), digits, images, rng=np.random.default_rng(0))


def _measured_images(saved: SavedNetwork, source: str, dataset: Dataset) -> "MeasuredSet":
    """The test images; those of digits are distorted, too."""
    from tqdm import tqdm

    from app.reports.measured import DIGITS, MeasuredSet
    from engine.reading.robustness import DISTORTIONS, robustness

    network, records = saved.classifier, []
    if network.input_shape == (1, FRAME, FRAME):
        records = list(
            tqdm(
                robustness(network, dataset, rng=np.random.default_rng(0)),
                desc="distorted images",
                total=sum(len(distortion.amounts) for distortion in DISTORTIONS.values()),
                leave=False,
                disable=None,  # no bar where stderr is no terminal
            )
        )
    return MeasuredSet(
        partial(_test_set, SOURCES[source].title),
        evaluate(network, dataset, confidence=saved.confidence),
        dataset.images,
        [f"no. {index}" for index in range(len(dataset))],
        classes=DIGITS if network.input_shape[0] == 1 else CLASSES,
        robustness=records,
    )
