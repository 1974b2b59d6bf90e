"""What is shown of the samples, and what becomes of them, without a screen."""

import multiprocessing
import os
import signal
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from app.page.my_digits_presenter import MyDigitsPresenter
from app.store.samples import KeptSamples
from engine.datasets.idx import read_labels
from engine.datasets.samples import UNLABELLED, Sample, append_samples, read_samples
from engine.errors import DatasetError
from engine.nn.losses import NO_CLASS
from tests.app.fakes import FakeView
from tests.app.reports.marked import marked, unmarked_words
from tests.digit_templates import digit_strokes
from tests.engine.system_calls import SystemCalls, killed_at

SAMPLES = [
    Sample(7, digit_strokes(7), read_as=1, when="2026-01-02T03:04:05Z", author="Ada\n"),
    Sample(3, digit_strokes(3), read_as=3),
    Sample(NO_CLASS, digit_strokes(5), read_as=5),
    Sample(7, None, np.full((28, 28), 9, np.uint8)),
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "samples.jsonl"
    append_samples(path, SAMPLES)
    return path


@pytest.fixture
def kept(path):
    return KeptSamples(path)


@pytest.fixture
def collected(tmp_path):
    return KeptSamples(tmp_path / "collected.jsonl", are_labelled=False)


@pytest.fixture
def view():
    return FakeView(ask=True)


@pytest.fixture
def presenter(view, kept, collected, heard):
    presenter = MyDigitsPresenter(
        view,
        kept,
        collected,
        on_change=lambda: heard.append("change"),
        on_train=lambda: heard.append("train"),
    )
    presenter.begin()
    return presenter


def labels(path):
    return [sample.label for sample in read_samples(path).samples]


def message(view):
    return view.last("say")


def test_samples_are_shown_digit_by_digit_and_counted(presenter, view):
    assert view.last("show_samples") == ([1, 0, 3, 2], "4 samples · 2 misread", 0)
    assert view.last("show_counts") == "3: 1 · 7: 2 · not a digit: 1"
    assert view.last("show_chosen") == "Sample 2"


def test_a_tile_tells_what_it_is_and_what_was_read(presenter):
    tile = presenter.tile(0)
    assert (tile.caption, tile.is_right, len(tile.pixels)) == ("7\nread as 1", False, 784)
    assert max(tile.pixels) > 200
    assert (presenter.tile(1).caption, presenter.tile(1).is_right) == ("3\nread as 3", True)
    assert presenter.tile(2).caption == "not a digit\nread as 5"
    assert (presenter.tile(3).caption, presenter.tile(3).is_right) == ("7\n", True)  # nobody knows


def test_a_tile_tells_that_a_digit_was_read_as_none(presenter, kept):
    kept.add(Sample(1, digit_strokes(1), read_as=NO_CLASS))
    presenter.begin()
    assert (presenter.tile(4).caption, presenter.tile(4).is_right) == ("1\nread as no digit", False)


def test_a_digit_or_the_misread_are_looked_for(presenter, view):
    presenter.look_for(7, only_misread=False)
    assert view.last("show_samples")[0] == [0, 3]
    presenter.look_for(7, only_misread=True)
    assert view.last("show_samples")[:2] == ([0], "1 sample · 1 misread")
    presenter.look_for(None, only_misread=True)
    assert view.last("show_samples")[0] == [0, 2]
    presenter.look_for(4, only_misread=False)
    assert view.last("show_samples") == ([], "0 samples · 0 misread", 0)
    assert view.last("enable") == (False, False, True)


def test_what_is_known_of_the_chosen_one_is_told_in_a_line(presenter, view):
    presenter.choose(0)
    here = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc).astimezone().strftime("%Y-%m-%d %H:%M")
    assert view.last("show_chosen") == f"Sample 1 · {here} · Ada\\n"
    presenter.choose(3)
    assert view.last("show_chosen") == "Sample 4 · from a picture"


def test_one_that_is_relabelled_is_shown_among_its_like_and_undone(presenter, view, path, heard):
    heard.clear()
    presenter.choose(0)
    presenter.relabel(NO_CLASS)
    assert labels(path) == [NO_CLASS, 3, NO_CLASS, 7]
    assert view.last("show_samples") == ([1, 3, 0, 2], "4 samples · 2 misread", 2)
    assert message(view) == ("It is not a digit now.")
    assert read_samples(path).samples[0].read_as == 1
    assert view.last("enable") == (True, True, True)
    presenter.undo()
    assert labels(path) == [7, 3, NO_CLASS, 7]
    assert message(view) == "Undone."
    assert view.last("enable") == (True, False, True)
    assert heard == ["change", "change"]


def test_the_same_label_changes_nothing(presenter, view, heard):
    heard.clear()
    presenter.choose(0)
    presenter.relabel(7)
    assert (heard, view.last("enable")) == ([], (True, False, True))


def test_deleted_one_gives_its_place_to_the_next_and_comes_back(presenter, view, path):
    presenter.choose(0)
    presenter.delete()
    assert labels(path) == [3, NO_CLASS, 7]
    assert view.last("show_samples") == ([0, 2, 1], "3 samples · 1 misread", 1)
    presenter.choose(1)
    presenter.delete()
    assert view.last("show_samples")[2] == 1  # the last one has none after it
    presenter.undo()
    presenter.undo()
    presenter.undo()  # there is no more
    assert path.read_text() == "".join(sample.to_line() for sample in SAMPLES)


def test_without_a_chosen_one_nothing_is_changed(presenter, path):
    presenter.look_for(4, only_misread=False)
    presenter.delete()
    presenter.relabel(2)
    assert len(labels(path)) == 4


def test_what_is_taught_meanwhile_is_found_and_not_undone(presenter, view, kept, path):
    presenter.choose(0)
    presenter.delete()
    kept.add(Sample(2, digit_strokes(2)))
    presenter.look_again()
    assert view.last("show_samples")[1].startswith("4 samples")
    presenter.undo()
    assert labels(path) == [3, NO_CLASS, 7, 2]


def test_what_another_window_has_taught_is_neither_lost_nor_overwritten(presenter, view, path, heard):
    heard.clear()
    append_samples(path, [Sample(2, digit_strokes(2))])
    presenter.choose(0)
    presenter.delete()
    text, is_error = message(view)
    assert "changed by another window" in text
    assert is_error
    assert labels(path) == [7, 3, NO_CLASS, 7, 2]
    assert view.last("show_samples")[1].startswith("5 samples")
    assert heard == ["change"]
    presenter.choose(0)
    presenter.delete()
    assert labels(path) == [3, NO_CLASS, 7, 2]


def test_files_are_merged_and_duplicates_told(presenter, view, path, tmp_path):
    other = tmp_path / "other.jsonl"
    append_samples(other, [SAMPLES[1], Sample(1, digit_strokes(7)), Sample(9, digit_strokes(9))])
    view.answers["ask_files"] = [other]
    presenter.import_files()
    assert labels(path) == [1, 3, NO_CLASS, 7, 9]
    told = "1 sample came in. 1 was there already. 1 has another label now."
    assert message(view) == (told, False)
    presenter.undo()
    assert labels(path) == [7, 3, NO_CLASS, 7]


def test_of_a_damaged_file_the_good_lines_come_in_and_the_rest_is_told(presenter, view, path, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text('{"label": "x"\n' + Sample(9, digit_strokes(9)).to_line())
    view.answers["ask_files"] = [other]
    presenter.import_files()
    text, is_error = message(view)
    assert text.startswith("1 sample came in. 1 line is no sample: ")
    assert "other.jsonl, line 1" in text
    assert is_error
    assert labels(path)[-1] == 9


def test_a_file_that_is_none_is_told_and_none_is_no_choice(presenter, view, path, tmp_path):
    view.answers["ask_files"] = [tmp_path / "none.jsonl"]
    presenter.import_files()
    assert "none.jsonl cannot be read" in message(view)[0]
    said = view.times("say")
    view.answers["ask_files"] = []
    presenter.import_files()
    assert view.times("say") == said
    assert len(labels(path)) == 4


def test_all_are_exported_into_a_folder_of_their_own(presenter, view, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    view.answers["ask_folder"] = place
    presenter.export("idx")
    assert message(view) == f"Wrote 4 samples into {place / 'my-digits'}."
    written = read_labels(place / "my-digits" / "samples-labels-idx1-ubyte")
    assert written.tolist() == [7, 3, 10, 7]
    presenter.export("csv")
    assert [path.name for path in (place / "my-digits-2").iterdir()] == ["samples.csv"]
    view.answers["ask_folder"] = Path("/proc/none")
    presenter.export("png")
    assert "could not be written" in message(view)[0]


def test_a_training_takes_enough_of_them(presenter, view, kept, heard):
    presenter.train()
    text = "Training takes at least 10 digits that you drew and taught. You have 2."
    assert message(view) == (text, True)
    kept.replace([*SAMPLES, *(Sample(digit, digit_strokes(digit)) for digit in range(8))])
    presenter.look_again()
    presenter.train()
    assert heard[-1] == "train"


def test_all_are_deleted_once_that_is_confirmed(presenter, view, path, heard):
    presenter.choose(1)
    presenter.delete()
    view.answers["ask"] = False
    presenter.delete_all()
    assert len(labels(path)) == 3
    view.answers["ask"] = True
    heard.clear()
    presenter.delete_all()
    assert str(path) in view.last("ask")[1]
    assert not path.exists()
    assert view.last("show_samples")[0] == []
    assert view.last("enable") == (False, False, False)
    assert heard == ["change"]
    presenter.undo()
    assert not path.exists()


def test_every_word_can_be_translated(view, kept, collected, tmp_path):
    view.answers |= {"ask_files": [tmp_path / "samples.jsonl"], "ask_folder": tmp_path}
    with marked():
        presenter = MyDigitsPresenter(view, kept, collected, on_change=lambda: None, on_train=lambda: None)
        presenter.begin()
        presenter.choose(3)
        captions = [presenter.tile(number).caption for number in range(4)]
        presenter.relabel(NO_CLASS)
        presenter.undo()
        presenter.delete()
        presenter.import_files()
        presenter.train()
        presenter.delete_all()
        told = [
            value
            for name, values, _keys in view.calls
            if name in ("say", "show_counts", "show_chosen", "ask", "show_samples")
            for value in values
            if isinstance(value, str)
        ]
    assert unmarked_words(*captions, *(text.replace(str(tmp_path), "") for text in told)) == []


UNKNOWN = [Sample(UNLABELLED, digit_strokes(digit), read_as=digit) for digit in (4, 6)]


@pytest.fixture
def waiting(collected, presenter):
    """Two drawings wait to be labelled."""
    for sample in UNKNOWN:
        collected.add(sample)
    presenter.look_again()
    return presenter


def test_what_is_not_labelled_yet_is_counted_and_shown_apart(waiting, view):
    assert view.last("show_counts") == "3: 1 · 7: 2 · not a digit: 1 · not labelled yet: 2"
    assert view.last("show_samples")[:2] == ([1, 0, 3, 2], "4 samples · 2 misread")
    waiting.look_for(UNLABELLED, only_misread=True)
    assert view.last("show_samples") == ([4, 5], "2 drawings, not labelled yet", 0)
    assert waiting.tile(4).caption == "not labelled yet\nread as 4"
    assert waiting.tile(4).is_right


def test_one_that_is_labelled_is_taught_and_undo_takes_that_back(waiting, view, path, collected, heard):
    waiting.look_for(UNLABELLED, only_misread=False)
    heard.clear()
    waiting.choose(5)
    waiting.relabel(0)
    assert labels(path) == [7, 3, NO_CLASS, 7, 0]
    assert read_samples(path).samples[4].read_as == 6
    assert [sample.read_as for sample in collected.samples] == [4]
    assert view.last("show_samples") == ([5], "1 drawing, not labelled yet", 0)
    assert heard == ["change"]
    waiting.undo()
    assert labels(path) == [7, 3, NO_CLASS, 7]
    assert collected.path.read_text() == "".join(sample.to_line() for sample in UNKNOWN)


def test_while_one_goes_from_file_to_file_it_is_always_in_one(waiting, view, path, collected, monkeypatch):
    waiting.look_for(UNLABELLED, only_misread=False)
    replaced = KeptSamples.replace

    def failing(kept, samples):
        if kept is collected:
            raise DatasetError("The disk is full.")
        replaced(kept, samples)

    monkeypatch.setattr(KeptSamples, "replace", failing)
    waiting.choose(4)
    waiting.relabel(4)
    assert message(view) == ("The disk is full.", True)
    assert labels(path)[4:] == [4]
    assert len(collected.samples) == 2


def test_one_that_is_not_labelled_is_deleted_and_comes_back(waiting, collected, path):
    waiting.look_for(UNLABELLED, only_misread=False)
    waiting.choose(4)
    waiting.delete()
    assert [sample.read_as for sample in collected.samples] == [6]
    waiting.undo()
    assert [sample.read_as for sample in collected.samples] == [4, 6]
    assert len(labels(path)) == 4


def test_delete_all_deletes_these_too(waiting, view, collected, path):
    waiting.delete_all()
    assert "all drawings that were collected" in view.last("ask")[1]
    assert not collected.path.exists()
    assert not path.exists()


def test_nothing_learns_from_what_is_not_labelled(waiting, view, collected):
    assert read_samples(collected.path).samples == ()
    waiting.train()
    assert message(view)[0].endswith("You have 2.")


def test_one_that_a_kill_has_left_in_both_files_is_taught_once(waiting, path, collected, kept):
    kept.add(replace(UNKNOWN[0], label=9))
    waiting.look_again()
    waiting.look_for(UNLABELLED, only_misread=False)
    waiting.choose(5)
    waiting.relabel(4)
    assert labels(path) == [7, 3, NO_CLASS, 7, 4]
    assert [sample.read_as for sample in collected.samples] == [6]


def label_the_first(path, collected, number=0):
    """As a window does it, in a process that is killed at one of its calls of the system."""
    taught, unknown = KeptSamples(path), KeptSamples(collected, are_labelled=False)
    presenter = MyDigitsPresenter(FakeView(), taught, unknown, on_change=lambda: None, on_train=lambda: None)
    presenter.begin()
    presenter.choose(len(taught.samples))
    with pytest.MonkeyPatch.context() as patch:
        calls = SystemCalls(patch, killed_at(number))
        presenter.relabel(4)
    return calls.count


def drawings_in(path, collected):
    unknown = read_samples(collected, are_labelled=False).samples
    return {sample.drawing for sample in (*read_samples(path).samples, *unknown)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by SIGKILL")
def test_a_kill_while_one_is_labelled_loses_none(tmp_path):
    """At each call of the system by which the two files are rewritten."""
    path, collected = tmp_path / "samples.jsonl", tmp_path / "collected.jsonl"

    def begin():
        for each, samples in ((path, SAMPLES), (collected, UNKNOWN)):
            each.unlink(missing_ok=True)
            append_samples(each, samples)

    begin()
    before = drawings_in(path, collected)
    for number in range(1, 1 + label_the_first(path, collected)):
        begin()
        labelling = multiprocessing.get_context("fork").Process(
            target=label_the_first, args=(path, collected, number)
        )
        labelling.start()
        labelling.join()
        assert labelling.exitcode == -signal.SIGKILL
        assert drawings_in(path, collected) == before
