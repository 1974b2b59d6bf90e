"""Figures: pages of digits say answer, confidence and truth, and are written whole or not at all."""

import numpy as np
import pytest

from app.figures import PAGE, RIGHT, WRONG, digit_page, save_figure
from engine import Dataset, Evaluation
from engine.errors import ConfigurationError


@pytest.fixture
def figure():
    dataset = Dataset(np.zeros((60, 28, 28), np.uint8), np.arange(60) % 3)
    probabilities = np.tile(np.array([0.7, 0.2, 0.1], np.float32), (60, 1))
    return digit_page(dataset, Evaluation(probabilities, dataset.labels, 1.0), range(60), "Title")


def test_a_page_shows_answer_confidence_and_truth_of_each_digit(figure):
    assert len(figure.axes) == PAGE
    titles = [axes.get_title() for axes in figure.axes[:2]]
    assert titles == ["reads 0, 70 %\nis 0", "reads 0, 70 %\nis 1"]
    assert [axes.title.get_color() for axes in figure.axes[:2]] == [RIGHT, WRONG]


def test_a_figure_is_saved_as_the_kind_that_its_name_says(figure, tmp_path):
    save_figure(figure, tmp_path / "page.png")
    save_figure(figure, tmp_path / "page.PDF")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "page.PDF").read_bytes().startswith(b"%PDF")


def test_an_unknown_kind_is_refused(figure, tmp_path):
    with pytest.raises(ConfigurationError, match=r"page\.doc: a picture's name ends in one of"):
        save_figure(figure, tmp_path / "page.doc")


def test_a_failed_save_leaves_the_old_picture_and_no_litter(figure, tmp_path, monkeypatch):
    (tmp_path / "page.png").write_text("old")

    def fail(*arguments, **settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="No space left"):
        save_figure(figure, tmp_path / "page.png")
    assert [path.name for path in tmp_path.iterdir()] == ["page.png"]
    assert (tmp_path / "page.png").read_text() == "old"


def test_colour_images_have_a_page_too():
    dataset = Dataset(np.full((3, 3, 32, 32), 90, np.uint8), np.arange(3))
    evaluation = Evaluation(np.eye(3, dtype=np.float32), dataset.labels, 0.0)
    figure = digit_page(dataset, evaluation, range(3), "Photographs")
    assert figure.axes[0].images[0].get_array().shape == (32, 32, 3)
