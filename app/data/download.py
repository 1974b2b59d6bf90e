"""MNIST's way into the data folder; it is fetched only when somebody asks for it."""

import gzip
import hashlib
import logging
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from engine.datasets.mnist import SHA256, has_mnist
from engine.errors import DatasetError
from engine.files.bounded_files import read_at_most

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://yann.lecun.com/exdb/mnist/",
)
MOST_UNPACKED = 2**26  # bytes: more than the largest of MNIST's files has
TIMEOUT = 30  # seconds without an answer, after which the next mirror is tried


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
            with gzip.open(partial) as content:
                found = hashlib.sha256(read_at_most(content, MOST_UNPACKED)).hexdigest()
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
        "{file} could not be downloaded: {failures}. Is there a connection to the internet? You can also put "
        "MNIST's four files into a folder and name it with --data DIR.",
        file=f"{name}.gz",
        failures="; ".join(failures),
    )


def _host(mirror: str) -> str:
    return urlsplit(mirror).netloc
