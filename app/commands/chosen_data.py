"""Which data a mode reads, and from where."""

import argparse
from pathlib import Path

from app.data.download import download_mnist
from app.data.folder import data_folder
from app.data.selection import Selection, find_selection, parse_selection
from engine import Network
from engine.datasets.dataset import Dataset
from engine.errors import ConfigurationError, DatasetError
from engine.learning.training_config import SamplesFacts


def typed_dataset(text: str) -> str:
    """What was typed after --dataset, if it names data sets."""
    try:
        parse_selection(text)
    except ConfigurationError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def find_test_data(options: argparse.Namespace, network: Network) -> tuple[Path, Selection]:
    """The data folder and the data sets to test with: those that were named, else what the network is for."""
    name = options.dataset or ("mnist" if network.input_shape[0] == 1 else "cifar10")
    return _folder(options, name), parse_selection(name)  # the training files need not be there


def named_test_images(options: argparse.Namespace) -> Dataset:
    """The test images of the one data set that was named, drawings as a network sees them."""
    selection = parse_selection(options.dataset)
    if len(selection.weights) > 1:
        raise ConfigurationError(f"One data set at a time is exported, and {options.dataset} names several.")
    (images,) = selection.test_parts(_folder(options, options.dataset)).values()
    return images


def find_data(
    options: argparse.Namespace, name: str, samples: SamplesFacts | None = None
) -> tuple[Path, Selection]:
    """The data folder and these data sets in it; a missing one is told before anything long begins."""
    folder = _folder(options, name)
    return folder, find_selection(name, folder, samples)


def _folder(options: argparse.Namespace, name: str) -> Path:
    """The data folder, into which MNIST has been downloaded if that was asked for."""
    folder = data_folder(options.data)
    if folder.is_file():
        raise DatasetError(
            f"{folder} is a file; data sets are read from folders. Name the one that holds it; in it MNIST "
            "is four IDX files, or mnist_train.csv and mnist_test.csv, or mnist.npz."
        )
    if options.download:
        if "mnist" not in parse_selection(name).weights:
            raise DatasetError(f"Only MNIST is downloaded, not {parse_selection(name).title}.")
        download_mnist(folder)
    return folder
