"""The person's samples: added, taken back, and never lost for what else lies in the file."""

import pytest

from app.store.samples import KeptSamples
from engine.datasets.samples import Sample, read_samples
from engine.errors import DatasetError
from tests.digit_templates import digit_strokes

SAMPLES = [Sample(digit, digit_strokes(digit)) for digit in (3, 8)]


def test_what_is_added_is_there_the_next_time_and_what_is_taken_back_is_not(tmp_path):
    path = tmp_path / "folder" / "samples.jsonl"
    kept = KeptSamples(path)
    assert kept.samples == ()
    assert not path.exists()  # nothing is written before something is taught
    for sample in SAMPLES:
        kept.add(sample)
    assert [sample.label for sample in KeptSamples(path).samples] == [3, 8]
    assert kept.take_back() is SAMPLES[1]
    assert [sample.label for sample in kept.samples] == [3]
    assert [sample.label for sample in read_samples(path).samples] == [3]


def test_what_cannot_be_written_is_not_remembered(tmp_path):
    (tmp_path / "file").write_text("")
    kept = KeptSamples(tmp_path / "file" / "samples.jsonl")
    with pytest.raises(DatasetError, match="could not be written"):
        kept.add(SAMPLES[0])
    assert kept.samples == ()


def test_a_torn_line_stays_in_the_file(tmp_path):
    path = tmp_path / "samples.jsonl"
    path.write_text('{"label": 3, "str')
    kept = KeptSamples(path)
    kept.add(SAMPLES[0])
    kept.take_back()
    assert path.read_text() == '{"label": 3, "str\n'


def test_others_take_their_place_and_all_are_deleted(tmp_path):
    path = tmp_path / "samples.jsonl"
    kept = KeptSamples(path)
    kept.replace(SAMPLES)
    assert kept.samples == tuple(SAMPLES)
    kept.replace(SAMPLES[1:])
    assert [sample.label for sample in read_samples(path).samples] == [8]
    kept.delete_all()
    assert (kept.samples, path.exists()) == ((), False)


def test_what_another_window_has_taught_is_found_and_not_overwritten(tmp_path):
    path = tmp_path / "samples.jsonl"
    kept, other = KeptSamples(path), KeptSamples(path)
    kept.add(SAMPLES[0])
    before = kept.samples
    kept.look_again()
    assert kept.samples is before  # nothing has changed
    other.add(SAMPLES[1])
    with pytest.raises(DatasetError, match="changed by another window"):
        kept.replace(())
    kept.look_again()
    assert [sample.label for sample in kept.samples] == [3, 8]
