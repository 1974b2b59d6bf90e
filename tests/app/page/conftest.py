"""What presenters speak to, in place of a window and of processes."""

import pytest

from tests.app.fakes import FakeJobs, FakeView


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
