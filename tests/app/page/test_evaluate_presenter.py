"""app/page/evaluate_presenter.py: when it is measured, and what is said of it, without a screen."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.jobs.evaluating import measure
from app.jobs.records import Measured, Progress
from app.page.digit_sources import TEST_SOURCES
from app.page.evaluate_presenter import EvaluatePresenter, findings
from engine import Evaluation
from tests.app.reports.marked import marked, unmarked_words

LABELS = np.arange(30) % 10


def probabilities():
    """Right, and 91 % sure, but for the images 3 and 14, which are read as 7 and 9."""
    answers = LABELS.copy()
    answers[[3, 14]] = 7, 9
    found = np.full((30, 10), 0.01, np.float32)
    found[np.arange(30), answers] = 0.91
    found[14, 9] = 0.95
    return found


def measured(rejected=None):
    images = np.zeros((30, 28, 28), np.uint8)
    images[14] = 255
    return Measured(images, LABELS, probabilities(), 0.1, rejected)


@pytest.fixture
def sources(tmp_path):
    return SimpleNamespace(source=TEST_SOURCES[0], folder=tmp_path / "data", is_ready=True)


@pytest.fixture
def on_page():
    return []


@pytest.fixture
def presenter(view, sources, jobs, on_page, tmp_path):
    return EvaluatePresenter(
        view,
        sources,
        network=tmp_path / "network",
        name="mine",
        on_choose=lambda ink, text: on_page.append((ink, text)),
        start_job=jobs,
    )


@pytest.fixture
def find(presenter, jobs):
    def find(rejected=None):
        presenter.begin()
        jobs.last.says(measured(rejected))
        jobs.last.ends("done")

    return find


def test_where_the_images_are_here_it_begins_at_once(presenter, view, jobs, sources, tmp_path):
    presenter.begin()
    assert jobs.last.work is measure
    assert jobs.last.arguments == {
        "network": str(tmp_path / "network"),
        "source": "mnist",
        "folder": str(sources.folder),
    }
    assert view.last("show_measuring") == "mine reads the test images of MNIST…"
    assert view.last("enable_start") is False
    jobs.last.says(Progress(0.5))
    assert view.last("show_progress") == 0.5
    presenter.start()  # Return, once more
    assert len(jobs.started) == 1


def test_where_they_are_not_it_waits_until_they_are(presenter, view, jobs, sources):
    sources.is_ready = False
    presenter.begin()
    assert view.last("show_waiting") == (
        "mine is measured on test images that it has never seen.",
        False,
    )
    assert view.last("enable_start") is False
    presenter.start()
    assert not jobs.started
    sources.is_ready = True
    presenter.look_at_source()
    assert presenter.is_measuring


def test_other_test_images_are_measured_as_soon_as_they_are_chosen(find, presenter, view, jobs, sources):
    find()
    sources.source = TEST_SOURCES[1]
    presenter.look_at_source()
    assert jobs.last.arguments["source"] == "pendigits"
    assert view.last("show_measuring") == "mine reads the test images of Pen digits…"
    jobs.last.says(measured(np.arange(30) == 5))
    jobs.last.ends("done")
    assert view.times("show_findings") == 2
    assert view.last("show_findings").headline.endswith("1 is called no digit")


def test_while_it_measures_another_choice_starts_anew(presenter, view, jobs, sources):
    presenter.begin()
    first = jobs.last
    first.says(measured())
    sources.source = TEST_SOURCES[2]
    presenter.look_at_source()
    assert first.was_cancelled
    assert jobs.last.arguments["source"] == "synthetic"
    first.says(Progress(0.9), measured())  # these were on their way
    first.ends("cancelled")
    assert view.last("show_progress") is None
    assert presenter.is_measuring
    jobs.last.says(Progress(0.1))
    assert view.last("show_progress") == 0.1
    jobs.last.ends("done")  # and told nothing: what the other found is not taken for its own
    assert not view.times("show_findings")


def test_a_choice_that_is_not_here_ends_the_measurement_too(presenter, view, jobs, sources):
    presenter.begin()
    sources.is_ready = False
    presenter.look_at_source()
    assert jobs.last.was_cancelled
    assert not presenter.is_measuring
    assert view.last("enable_start") is False


@pytest.mark.parametrize(
    ("state", "error"), [("failed", "The network is damaged."), ("cancelled", ""), ("done", "")]
)
def test_without_a_result_it_can_be_tried_again(presenter, view, jobs, state, error):
    presenter.begin()
    jobs.last.ends(state, error)
    text, is_error = view.last("show_waiting")
    assert is_error == bool(error)
    assert text == error or text.startswith("mine is measured")
    assert view.last("enable_start") is True
    presenter.start()
    assert len(jobs.started) == 2


def test_the_findings_are_told_and_the_mistakes_shown_first(find, view, presenter):
    find()
    found = view.last("show_findings")
    assert found.headline == "93.33 % are read right"
    low, high = (100 * share for share in presenter.evaluation.interval)
    assert found.note.startswith(
        "2 of 30 test images are misread. The true share of right answers lies between "
        f"{low:.2f} % and {high:.2f} % (95 % interval).\n"
        "The hardest digit is the 3, of which 66.67 % are read."
    )
    assert f"off by {100 * presenter.evaluation.calibration_error:.2f} points" in found.note
    assert found.counts[3][7] == found.counts[4][9] == 1
    assert view.last("show_images") == ([14, 3], "All 2 mistakes, the surest first")


def test_what_was_called_no_digit_is_counted_in_the_headline(find, view):
    find(np.arange(30) < 3)
    assert view.last("show_findings").headline == "93.33 % are read right; 3 are called no digit"


def test_a_single_one_is_counted_too_and_none_is_not_told():
    rejected = np.arange(30) == 5
    assert findings(Evaluation(probabilities(), LABELS, 0.1, rejected)).headline.endswith(
        "; 1 is called no digit"
    )
    none = findings(Evaluation(probabilities(), LABELS, 0.1, np.zeros(30, bool)))
    assert none.headline == "93.33 % are read right"


def test_a_cell_shows_its_images(find, presenter, view):
    find()
    presenter.show_cell(3, 7)
    assert view.last("show_images") == ([3], "1 image of a 3, read as 7")
    presenter.show_cell(3, 3)
    assert view.last("show_images") == ([13, 23], "2 images of a 3, read right")
    presenter.show_mistakes()
    assert view.last("show_images")[0] == [14, 3]


def test_without_a_mistake_that_is_said(presenter, jobs, view):
    presenter.begin()
    perfect = np.eye(10, dtype=np.float32)[LABELS]
    jobs.last.says(Measured(np.zeros((30, 28, 28), np.uint8), LABELS, perfect, 0.0, None))
    jobs.last.ends("done")
    assert view.last("show_images") == ([], "There is no mistake")


def test_a_single_mistake_is_told_as_one(presenter, jobs, view):
    presenter.begin()
    one_wrong = np.eye(10, dtype=np.float32)[LABELS]
    one_wrong[3] = one_wrong[7]
    jobs.last.says(Measured(np.zeros((30, 28, 28), np.uint8), LABELS, one_wrong, 0.5, None))
    jobs.last.ends("done")
    assert view.last("show_images") == ([3], "The only mistake")
    assert view.last("show_findings").note.startswith("1 of 30 test images is misread.")


@pytest.mark.parametrize(
    ("index", "rejected", "text"),
    [
        (14, None, "Test image no. 14: it is a 4, but mine reads 9."),
        (5, None, "Test image no. 5: it is a 5, and mine reads 5."),
        (5, np.arange(30) == 5, "Test image no. 5: it is a 5, but mine reads no digit (5, 91 %)."),
        (6, np.arange(30) == 5, "Test image no. 6: it is a 6, and mine reads 6."),
    ],
)
def test_an_image_comes_onto_the_page_with_a_sentence(find, presenter, on_page, index, rejected, text):
    find(rejected)
    presenter.put_on_page(index)
    ((ink, said),) = on_page
    assert said == text
    assert ink.max() == (1.0 if index == 14 else 0.0)


def test_the_tiles_tell_what_was_called_no_digit(find, presenter):
    find(np.arange(30) == 5)
    assert presenter.tile(5).caption == "no digit (5, 91 %)\nis 5 · no. 5"
    assert presenter.tile(6).caption == "reads 6, 91 %\nis 6 · no. 6"


@pytest.mark.parametrize("rejected", [None, np.arange(30) == 5, np.arange(30) < 3])
def test_all_of_it_is_told_in_another_language(presenter, view, jobs, on_page, sources, rejected):
    with marked():
        sources.source = TEST_SOURCES[1]
        presenter.begin()
        assert "«Pen digits»" in view.last("show_measuring")
        jobs.last.says(measured(rejected))
        jobs.last.ends("done")
        presenter.show_cell(3, 3)
        presenter.show_cell(3, 7)
        for index in (5, 6, 14):
            presenter.put_on_page(index)
        found = view.last("show_findings")
        texts = [found.headline, found.note, *(text for _, text in on_page)]
        texts += [args[-1] for name, args, _ in view.calls if name == "show_images"]
        texts += [view.last("show_measuring"), view.last("show_waiting")[0], presenter.tile(5).caption]
    assert not unmarked_words(*texts)
