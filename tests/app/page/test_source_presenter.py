"""app/page/source_presenter.py: what is said of each source, and what can be done about it."""

import pytest

from app.jobs.downloading import download
from app.jobs.records import Progress
from app.page.digit_sources import TEST_SOURCES, TRAINING_SOURCES
from app.page.source_presenter import SourcePresenter
from tests.app.reports.marked import marked, unmarked_words
from tests.digit_templates import write_mnist


@pytest.fixture
def presenter(view, jobs, heard, tmp_path):
    return SourcePresenter(
        view,
        TRAINING_SOURCES,
        tmp_path / "nothing",
        on_folder=heard.append,
        on_change=lambda: heard.append("change"),
        start_job=jobs,
    )


@pytest.fixture
def full(tmp_path, rng):
    write_mnist(tmp_path / "full" / "mnist", train=20, test=20, rng=rng)
    return tmp_path / "full"


def test_digits_that_are_not_here_can_be_downloaded_or_shown(presenter):
    state = presenter.state
    assert not presenter.is_ready
    assert (
        "The files of MNIST are not on this computer yet. Download them, or choose the folder" in state.text
    )
    assert (state.can_be_downloaded, state.needs_folder, state.is_error) == (True, True, False)


def test_digits_that_are_made_here_are_always_ready(presenter, view, heard):
    presenter.choose(1)
    assert presenter.is_ready
    assert presenter.source is TRAINING_SOURCES[1]
    state = view.last("show")
    assert state.text.startswith("Made by this program")
    assert (state.can_be_downloaded, state.needs_folder) == (False, False)
    assert heard == ["change"]


def test_a_folder_that_holds_them_is_taken_and_told(presenter, view, heard, full):
    view.answers["ask_folder"] = full
    presenter.choose_folder()
    assert presenter.is_ready
    assert presenter.folder == full
    assert heard == [full, "change"]
    assert f"Its files are in {full}." in view.last("show").text


def test_a_folder_without_them_is_refused(presenter, view, heard, tmp_path):
    view.answers["ask_folder"] = tmp_path
    presenter.choose_folder()
    state = view.last("show")
    assert state.text == f"{tmp_path.name} does not hold the files of MNIST, or not all of them."
    assert state.is_error
    assert not presenter.is_ready
    assert heard == ["change"]
    presenter.choose(0)
    assert not view.last("show").is_error


def test_no_folder_changes_nothing(presenter, view, heard):
    presenter.choose_folder()
    assert heard == []
    assert not view.last("show")


def test_a_download_is_shown_until_the_digits_are_here(presenter, view, jobs, full):
    presenter.folder = full
    (full / "mnist").rename(full / "later")
    presenter.download()
    assert jobs.last.work is download
    assert jobs.last.arguments == {"folder": str(full)}
    assert view.last("show").is_coming
    assert not view.last("show").can_be_downloaded
    jobs.last.says(Progress(0.4))
    assert view.last("show_progress") == 0.4
    (full / "later").rename(full / "mnist")
    assert not presenter.is_ready  # it may not be all of it
    jobs.last.ends("done")
    assert presenter.is_ready
    assert not view.last("show").is_coming


def test_a_download_that_fails_says_why_and_can_be_tried_again(presenter, view, jobs):
    presenter.download()
    jobs.last.ends("failed", "There is no connection.")
    state = view.last("show")
    assert (state.text, state.is_error, state.can_be_downloaded) == ("There is no connection.", True, True)
    presenter.download()
    assert not view.last("show").is_error


def test_a_download_is_cancelled(presenter, view, jobs):
    presenter.cancel()  # there is none
    presenter.download()
    presenter.cancel()
    assert jobs.last.was_cancelled
    jobs.last.ends("cancelled")
    assert "not on this computer yet" in view.last("show").text


@pytest.mark.parametrize("place", range(len(TRAINING_SOURCES)))
def test_each_source_is_told_of_in_another_language(presenter, view, tmp_path, full, place):
    view.answers["ask_folder"] = tmp_path
    with marked():
        for presenter.folder in (tmp_path / "nothing", full):
            presenter.choose(place)
            assert not unmarked_words(view.last("show").text)
        presenter.choose_folder()
        assert not unmarked_words(view.last("ask_folder"), view.last("show").text)
        presenter.download()
        assert not unmarked_words(view.last("show").text)


def test_what_can_be_measured_on_is_told_of_in_another_language(presenter, tmp_path):
    with marked():
        for presenter.source in TEST_SOURCES:
            assert not unmarked_words(presenter.state.text)
            assert "{" not in presenter.state.text
