"""Windows that look at what goes on beside them as often as a test can make use of it."""

import pytest
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg

from app.gui import tour
from app.gui.dialogs import job_watch
from app.gui.inside import desk
from app.jobs import job
from tests.app.fakes import IdleJob


@pytest.fixture(autouse=True)
def quick_looks():
    """A person does not feel a tenth of a second; tests wait for hundreds of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job_watch, "POLL_MS", 10)
        patch.setattr(tour, "LOOK_MS", 10)
        yield


@pytest.fixture
def little_grace(monkeypatch):
    """A job that hangs is ended at once."""
    monkeypatch.setattr(job, "GRACE", 0.05)


@pytest.fixture
def no_diagrams(monkeypatch):
    """A training's diagrams know all that they show, but are not painted, which takes longer.

    How they look is for test_training_curves.py, and test_languages.py lays them out in their dialog.
    """
    monkeypatch.setattr(FigureCanvasTkAgg, "draw", lambda canvas: None)


@pytest.fixture
def idle_jobs_inside(monkeypatch):
    """What the panel would have a job make does not come: a process that starts takes as long as the test."""
    monkeypatch.setattr(desk, "Job", IdleJob)
