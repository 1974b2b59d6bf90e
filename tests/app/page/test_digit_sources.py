"""app/page/digit_sources.py: where the window's digits are, and what can be trained and measured on."""

from app import user_folders
from app.page.digit_sources import (
    MY_SOURCES,
    TEST_SOURCES,
    TRAINING_SOURCES,
    digits_folder,
    my_digits_source,
    training_sources,
)
from engine.datasets.samples import Sample, append_samples
from tests.digit_templates import digit_strokes, write_mnist


def test_the_folder_that_was_chosen_comes_before_the_command_lines(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "environment"))
    assert digits_folder(None) == tmp_path / "environment"
    assert digits_folder(str(tmp_path / "chosen")) == tmp_path / "chosen"


def test_a_first_start_without_any_data_has_something_to_train_and_to_test_with(tmp_path):
    for sources in (TRAINING_SOURCES, TEST_SOURCES):
        assert [source.is_in(tmp_path) for source in sources] == [not source.files for source in sources]
        assert not all(source.files for source in sources)


def test_only_what_lacks_nothing_but_mnist_can_be_downloaded(tmp_path):
    can = {source.dataset for source in TRAINING_SOURCES + TEST_SOURCES if source.can_be_downloaded(tmp_path)}
    assert can == {"mnist,synthetic,not-digits", "mnist"}


def test_a_default_training_learns_what_is_not_a_digit():
    default, *_ = TRAINING_SOURCES
    assert default.dataset == "mnist,synthetic,not-digits"


def test_who_does_not_learn_it_is_told_so():
    for source in TRAINING_SOURCES:
        assert ("not-digits" in source.dataset) != ("does not learn what is not a digit" in source.about)


def test_what_lies_in_files_is_named_without_what_is_drawn():
    assert [source.files for source in TRAINING_SOURCES] == ["MNIST", "", "MNIST"]


def test_the_test_files_of_mnist_are_enough_to_measure_and_not_to_train(tmp_path, rng):
    write_mnist(tmp_path, train=10, test=10, rng=rng)
    for path in tmp_path.glob("train-*"):
        path.unlink()
    (to_measure,) = (source for source in TEST_SOURCES if source.dataset == "mnist")
    assert to_measure.is_in(tmp_path)
    assert not any(source.is_in(tmp_path) for source in TRAINING_SOURCES if source.files)


def test_the_persons_digits_are_offered_once_there_are_enough(tmp_path, monkeypatch, rng):
    monkeypatch.setattr(user_folders, "networks_folder", lambda: tmp_path / "networks")
    assert training_sources() == TRAINING_SOURCES
    append_samples(user_folders.samples_file(), [Sample(digit, digit_strokes(digit)) for digit in range(10)])
    assert training_sources() == (*TRAINING_SOURCES, *MY_SOURCES)
    assert my_digits_source(tmp_path).dataset == "synthetic,not-digits:2,my-digits:20"
    write_mnist(tmp_path, train=10, test=10, rng=rng)
    assert my_digits_source(tmp_path).dataset == "mnist,synthetic,not-digits:2,my-digits:20"


def test_nobody_is_asked_where_their_own_digits_lie():
    assert [source.files for source in MY_SOURCES] == ["MNIST", ""]
