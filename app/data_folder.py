"""Where the data sets lie, and MNIST's way into that folder.

Data is looked for in `--data DIR`, else in the environment variable DIGITS_DATA, else in the user's cache
folder. It is downloaded only when asked for.
"""

import gzip
import hashlib
import logging
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from engine.datasets import Dataset
from engine.datasets.cifar10 import has_cifar10, read_cifar10
from engine.datasets.mnist import SHA256, has_mnist, read_mnist
from engine.errors import DatasetError

VARIABLE = "DIGITS_DATA"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://yann.lecun.com/exdb/mnist/",
)
TIMEOUT = 30  # seconds without an answer, after which the next mirror is tried


def data_folder(option: Path | None) -> Path:
    """The folder of the data sets: the option, else DIGITS_DATA, else the user's cache."""
    if option is not None:
        return option
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    import platformdirs

    return platformdirs.user_cache_path("LeNet Canvas", appauthor=False)


@dataclass(frozen=True)
class Source:
    """A data set by the name that people know, and how it is found and read in a data folder."""

    title: str
    is_in: Callable[[Path], bool]
    read: Callable[[Path, str], Dataset]  # (folder, "train" or "test"); DatasetError says what is wrong


SOURCES = {
    "mnist": Source("MNIST", has_mnist, read_mnist),
    "cifar10": Source("CIFAR-10", has_cifar10, read_cifar10),
}


def find_source(name: str, folder: Path) -> Source:
    """The source of this name; DatasetError, with what to do, if its files are not all in the folder."""
    source = SOURCES[name]
    if not source.is_in(folder):
        for part in ("train", "test"):
            source.read(folder, part)  # raises: nobody knows better what is missing
    return source


def download_mnist(folder: Path, *, mirrors: Sequence[str] = MIRRORS) -> None:
    """Fetch what is missing of MNIST's four files into `folder`/mnist, with a progress bar.

    A file is put in place only after its uncompressed contents have the SHA-256 of MNIST's.

    Raises
    ------
    DatasetError
        If no mirror gave the right file; says what went wrong with each.
    """
    if has_mnist(folder):
        return
    for name, sha256 in SHA256.items():
        target = folder / "mnist" / f"{name}.gz"
        if not target.exists():
            _download(name, sha256, target, mirrors)


def _download(name: str, sha256: str, target: Path, mirrors: Sequence[str]) -> None:
    import pooch  # here: it takes a third of a second, and only a download needs it
    import requests

    pooch.get_logger().setLevel(logging.WARNING)
    failures = []
    for mirror in mirrors:
        partial = target.with_name(f".{target.name}.part")
        partial.unlink(missing_ok=True)
        try:
            pooch.retrieve(
                f"{mirror}{name}.gz",
                known_hash=None,  # the mirrors packed it differently: what is inside counts
                fname=partial.name,
                path=target.parent,
                downloader=pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT),
            )
            found = hashlib.sha256(gzip.decompress(partial.read_bytes())).hexdigest()
            if found == sha256:
                os.replace(partial, target)
                return
            failures.append(f"{_host(mirror)} served something else (its SHA-256 is {found[:12]}…)")
        except requests.HTTPError:
            failures.append(f"{_host(mirror)} does not have it")
        except requests.RequestException:
            failures.append(f"{_host(mirror)} could not be reached")
        except (OSError, EOFError, zlib.error):
            failures.append(f"{_host(mirror)} sent a file that is no gzip, or only a part of it")
        finally:
            partial.unlink(missing_ok=True)
    raise DatasetError(
        f"{name}.gz could not be downloaded: {'; '.join(failures)}. Is there a connection to the internet? "
        "You can also put MNIST's four files into a folder and name it with --data DIR."
    )


def _host(mirror: str) -> str:
    return urlsplit(mirror).netloc
