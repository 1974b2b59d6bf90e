"""Dialogs of a real window: small data, and a real network for it to have come from."""

import numpy as np
import pytest

from app.page.evaluate_presenter import EvaluatePresenter
from engine import build_network, save_network
from tests.app.fakes import JobHere
from tests.digit_templates import write_mnist


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    """A data folder with a little MNIST."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder / "mnist", train=240, test=60, rng=np.random.default_rng(0))
    return folder


@pytest.fixture
def data(digits, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(digits))
    return digits


@pytest.fixture
def present(window_of_its_own, reader, tmp_path):
    """A real network for the window's reader to have come from."""
    reader.folder = tmp_path / "present"
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(1)), reader.folder)
    return reader.folder


@pytest.fixture
def measured_here(monkeypatch):
    """No other process measures what the dialog Evaluate shows."""
    monkeypatch.setitem(EvaluatePresenter.__init__.__kwdefaults__, "start_job", JobHere)


@pytest.fixture
def no_connection(monkeypatch):
    """Every address is refused at once, in the other process too."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
