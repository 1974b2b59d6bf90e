"""Array files: read whole, never unpickled; each kind of damage is told with the advice of whoever asks."""

from io import BytesIO

import numpy as np
import pytest

from engine.array_files import parse_npy, read_file
from engine.errors import SavedNetworkError


def npy(array):
    content = BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


def test_a_file_comes_back_as_it_was_written(tmp_path):
    (tmp_path / "a.npy").write_bytes(npy(np.arange(3.0)))
    content = read_file(tmp_path / "a.npy", advice="")
    assert parse_npy(tmp_path / "a.npy", content, advice="").tolist() == [0, 1, 2]


def test_a_missing_file_is_told_with_the_advice(tmp_path):
    with pytest.raises(SavedNetworkError, match=r"a\.npy is missing\. Look behind the sofa\."):
        read_file(tmp_path / "a.npy", advice="Look behind the sofa.")


def test_what_is_no_file_is_told(tmp_path):
    with pytest.raises(SavedNetworkError, match="cannot be read"):
        read_file(tmp_path, advice="")


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", npy(np.arange(3.0))[:-4], npy(np.array([{}], object))]
)
def test_damage_and_pickles_are_told_with_the_advice(content, tmp_path):
    with pytest.raises(SavedNetworkError, match=r"is no plain array file: .*\. Copy it again\."):
        parse_npy(tmp_path / "a.npy", content, advice="Copy it again.")
