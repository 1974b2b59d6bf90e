"""Which data a mode reads, and from where."""

import argparse
from pathlib import Path

from app.data_folder import SOURCES, Source, data_folder, download_mnist, find_source
from engine import Network
from engine.errors import DatasetError


def find_data(options: argparse.Namespace, network: Network) -> tuple[Path, Source]:
    """The data folder and the data set in it; a missing one is told before anything long begins."""
    name = options.dataset or ("mnist" if network.input_shape[0] == 1 else "cifar10")
    folder = data_folder(options.data)
    if options.download:
        if name != "mnist":
            raise DatasetError(f"Only MNIST is downloaded, not {SOURCES[name].title}.")
        download_mnist(folder)
    return folder, find_source(name, folder)
