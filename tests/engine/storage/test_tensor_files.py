"""Arrays in one file: they come back, others read them, and damage is told."""

import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SavedNetworkError
from engine.storage.tensor_files import read_arrays, to_npz, to_safetensors

ARRAYS = {
    "c1.weight": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,  # not in C's order
    "output.bias": np.array([-1.5], np.float32),
}
TEXTS = {"network.json": '{"name": "Größe"}'}
WRITERS = {Path("my.safetensors"): to_safetensors, Path("my.npz"): to_npz}


@pytest.mark.parametrize("path", WRITERS, ids=str)
def test_arrays_and_texts_come_back(path):
    arrays, texts = read_arrays(path, WRITERS[path](ARRAYS, TEXTS))
    assert texts == TEXTS
    assert arrays.keys() == ARRAYS.keys()
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)


def test_the_layout_of_safetensors_is_that_of_its_specification():
    """Eight bytes of length, a header in JSON, then the numbers, row by row."""
    content = to_safetensors({"turned": ARRAYS["turned"]}, TEXTS)
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert header["turned"] == {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}
    assert np.frombuffer(content[8 + length :], "<f4").tolist() == [0, 3, 1, 4, 2, 5]


def test_numpy_reads_the_npz_without_unpickling(tmp_path):
    (tmp_path / "my.npz").write_bytes(to_npz(ARRAYS, TEXTS))
    with np.load(tmp_path / "my.npz", allow_pickle=False) as read:
        assert str(read["network.json"]) == TEXTS["network.json"]
        assert np.array_equal(read["c1.weight"], ARRAYS["c1.weight"])


def test_a_compressed_npz_is_read_as_far_as_it_does_not_grow(tmp_path):
    np.savez_compressed(tmp_path / "my.npz", **ARRAYS)
    arrays, _ = read_arrays(tmp_path / "my.npz", (tmp_path / "my.npz").read_bytes())
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)
    np.savez_compressed(tmp_path / "large.npz", a=np.zeros(2**26, np.uint8), b=np.zeros(9))
    with pytest.raises(SavedNetworkError, match=r"large.npz .* it unpacks to more than"):
        read_arrays(tmp_path / "large.npz", (tmp_path / "large.npz").read_bytes())


def test_numbers_of_a_type_that_numpy_has_not_are_told():
    header = b'{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}'
    content = struct.pack("<Q", len(header)) + header + bytes(4)
    with pytest.raises(SavedNetworkError, match=r"my.safetensors has numbers of the type 'BF16'.*float32"):
        read_arrays(Path("my.safetensors"), content)


@pytest.mark.parametrize("path", WRITERS, ids=str)
@pytest.mark.parametrize("content", [b"", b"PK", bytes(100), pickle.dumps([1, 2])], ids=range(4))
def test_what_is_no_such_file_is_told(path, content):
    with pytest.raises(SavedNetworkError, match=f"{path} cannot be read as .* Copy it again"):
        read_arrays(path, content)


def test_a_header_that_promises_too_much_is_refused():
    with pytest.raises(SavedNetworkError, match="promises a header"):
        read_arrays(Path("my.safetensors"), struct.pack("<Q", 2**40) + b"{}")


@pytest.mark.parametrize("path", WRITERS, ids=str)
@given(place=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_off_is_told(path, place):
    content = WRITERS[path](ARRAYS, TEXTS)
    with pytest.raises(SavedNetworkError):
        read_arrays(path, content[: int(place * len(content))])
