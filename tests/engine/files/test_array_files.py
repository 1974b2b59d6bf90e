"""Array files: read whole, never unpickled; each kind of damage is told with the remedy of whoever asks."""

import struct
import tracemalloc
from io import BytesIO

import numpy as np
import pytest

from engine.errors import Remedy, SavedNetworkError
from engine.files.array_files import archive_of, arrays_of, parse_npy, read_file


def npy(array):
    content = BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


def test_a_file_comes_back_as_it_was_written(tmp_path):
    (tmp_path / "a.npy").write_bytes(npy(np.arange(3.0)))
    content = read_file(tmp_path / "a.npy", remedy=Remedy.COPY)
    assert parse_npy(tmp_path / "a.npy", content, remedy=Remedy.COPY).tolist() == [0, 1, 2]


def test_a_missing_file_is_told_with_the_remedy(tmp_path):
    with pytest.raises(SavedNetworkError, match=r"a\.npy is missing\. Copy it again\."):
        read_file(tmp_path / "a.npy", remedy=Remedy.COPY)


def test_what_is_no_file_is_told(tmp_path):
    with pytest.raises(SavedNetworkError, match="cannot be read"):
        read_file(tmp_path, remedy=Remedy.COPY)


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", npy(np.arange(3.0))[:-4], npy(np.array([{}], object))]
)
def test_damage_and_pickles_are_told_with_the_remedy(content, tmp_path):
    with pytest.raises(SavedNetworkError, match=r"is no plain array file: .*\. Copy it again\."):
        parse_npy(tmp_path / "a.npy", content, remedy=Remedy.COPY)


def with_header(header, data=b""):
    """A .npy file of this header, which NumPy reads as a piece of Python."""
    header = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def described(descr, shape):
    return with_header(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}", bytes(100))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + bytes(90),
        b"\x93NUMPY\x03\x00" + bytes(100),
        b"\x93NUMPY\x63\x63" + bytes(100),
        with_header("{[]: 1}"),
        with_header("+".join(["1"] * 3000)),
        with_header("-" * 9000 + "1"),
        with_header("[" * 5000),
        with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (9**99999,)}"),
        described("[[1]]", "(1,)"),
        described("'<f4'", "(-1, -1)"),
        described("'<f4'", "(2**64,)"),
        described("'<f4'", str((2**64,))),
        described("'<f4'", str((2**31, 2**31, 2**31))),
        described("'<f4'", "(True,)"),
        described("'<f4'", "(1,) * 99"),
        described("'<U999999999'", "(1,)"),
        described("'<U0'", str((2**62, 2**62))),
    ],
)
def test_headers_of_every_evil_are_told(content, tmp_path):
    with pytest.raises(SavedNetworkError, match=r"is no plain array file: .*\. Copy it again\.") as caught:
        parse_npy(tmp_path / "a.npy", content, remedy=Remedy.COPY)
    assert len(str(caught.value)) < 500


def test_no_memory_is_made_for_what_a_header_promises(tmp_path):
    content = described("'<f4'", str((2**30,)))
    tracemalloc.start()
    try:
        with pytest.raises(SavedNetworkError, match="it ends after 100 of 4,294,967,296 bytes"):
            parse_npy(tmp_path / "a.npy", content, remedy=Remedy.COPY)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**20


def test_an_array_whose_file_goes_on_after_it_is_read(tmp_path):
    assert parse_npy(tmp_path / "a.npy", npy(np.arange(3.0)) + b"more", remedy=Remedy.COPY).tolist() == [
        0,
        1,
        2,
    ]


def test_an_array_in_the_order_of_fortran_is_read(tmp_path):
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert np.array_equal(parse_npy(tmp_path / "a.npy", npy(array), remedy=Remedy.COPY), array)


def test_a_file_of_more_than_is_read_is_told(tmp_path):
    (tmp_path / "a.npy").write_bytes(bytes(101))
    with pytest.raises(SavedNetworkError, match=r"a\.npy cannot be read: it is larger than the 100 bytes"):
        read_file(tmp_path / "a.npy", remedy=Remedy.COPY, most=100)


def test_a_name_is_told_in_one_line(tmp_path):
    with pytest.raises(SavedNetworkError, match=r"a\\x1b\\n\.npy is missing"):
        read_file(tmp_path / "a\x1b\n.npy", remedy=Remedy.COPY)


def test_a_header_as_python_2_wrote_it_is_read_without_a_warning(tmp_path):
    content = described("'<f4'", "(3L,)")
    assert parse_npy(tmp_path / "a.npy", content, remedy=Remedy.COPY).tolist() == [0, 0, 0]


def test_an_archive_holds_its_arrays_by_name():
    content = BytesIO()
    np.savez(content, a=np.arange(3), b=np.float64(2.5))
    found = arrays_of(content.getvalue())
    assert (list(found), found["a"].tolist(), float(found["b"])) == (["a", "b"], [0, 1, 2], 2.5)


def test_an_archive_that_grows_is_not_unpacked():
    content = BytesIO()
    np.savez_compressed(content, a=np.zeros(2**20))
    with pytest.raises(ValueError, match="it was packed by another program"):
        arrays_of(content.getvalue())


def test_an_archive_holds_what_it_was_given_and_nothing_else():
    """Also by a NumPy that takes every word for the name of an array."""
    given = {"weights": np.arange(6, dtype=np.float16).reshape(2, 3), "scale": 0.5, "layer": "c1"}
    found = arrays_of(archive_of(given))
    assert list(found) == list(given)
    np.testing.assert_array_equal(found["weights"], given["weights"])
    assert found["weights"].dtype == np.float16
    assert (found["scale"], found["layer"]) == (0.5, "c1")
