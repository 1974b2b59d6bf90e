"""What presenters speak to, in place of a window and of processes."""

import pytest

from app.page.collector import Collector
from app.page.controller import Controller
from app.page.teacher import Teacher
from app.store.samples import KeptSamples
from tests.app.fakes import FakeJobs, FakeView, load_fake_reader
from tests.app.page.fake_page_view import FakePageView


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def jobs(view):
    return FakeJobs(view)


@pytest.fixture
def heard():
    """What others were told: changes, other folders, networks that open."""
    return []


@pytest.fixture
def page_view():
    return FakePageView()


@pytest.fixture
def collected(tmp_path):
    return KeptSamples(tmp_path / "collected.jsonl", are_labelled=False)


@pytest.fixture
def controller(page_view, reader, tmp_path, collected):
    """Has shown the empty page."""
    samples = KeptSamples(tmp_path / "samples.jsonl")
    controller = Controller(
        page_view,
        reader,
        load_reader=load_fake_reader,
        teacher=Teacher(samples),
        collector=Collector(samples, collected, now=lambda: "now"),
    )
    controller.start()
    page_view.idle()
    return controller
