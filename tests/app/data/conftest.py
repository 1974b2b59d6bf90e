"""A small data set in MNIST's files, taken for MNIST itself."""

import gzip
import hashlib

import numpy as np
import pytest

from app.data import download
from tests.digit_templates import write_mnist


@pytest.fixture
def origin(tmp_path, monkeypatch):
    """A folder of four small files, taken for MNIST's."""
    folder = tmp_path / "origin"
    write_mnist(folder, train=10, test=10, rng=np.random.default_rng(0))
    hashes = {
        path.name.removesuffix(".gz"): hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
        for path in folder.iterdir()
    }
    monkeypatch.setattr(download, "SHA256", hashes)
    return folder
