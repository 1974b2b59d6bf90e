"""One file that is a network: whatever is wrong with it is told, and nothing is ever unpacked to a disk."""

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import SavedNetworkError
from engine.files import plain_zip
from engine.files.plain_zip import pack_files
from engine.storage.lenet_file import is_lenet_file, unpack

FILES = {"network.json": b"{}", "c1.weight.npy": bytes(5000), "README.md": "# Größe".encode()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "my.lenet"


def zipped(*members, compression=zipfile.ZIP_STORED):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in members:
            archive.writestr(zipfile.ZipInfo(name), each, compression)
    return content.getvalue()


def problem(path, content):
    path.write_bytes(content)
    with pytest.raises(SavedNetworkError) as caught:
        unpack(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_what_was_packed_comes_back_and_equal_files_give_equal_bytes(path):
    path.write_bytes(pack_files(FILES))
    assert unpack(path) == FILES
    assert pack_files(FILES) == pack_files(dict(FILES))
    assert len(pack_files(FILES)) < 1000  # 5,000 zeros are packed


def test_it_is_told_by_its_name_and_a_folder_of_such_a_name_is_none(tmp_path):
    assert is_lenet_file(tmp_path / "my.LENET")
    assert not is_lenet_file(tmp_path / "my.zip")
    (tmp_path / "folder.lenet").mkdir()
    assert not is_lenet_file(tmp_path / "folder.lenet")


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/b", "a\\b", "..", "a\nb"])
def test_names_that_lead_elsewhere_are_refused(path, name, tmp_path):
    assert "is no name of a file" in problem(path, zipped(("network.json", b"{}"), (name, b"x")))
    assert [each.name for each in tmp_path.iterdir()] == ["my.lenet"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", ["network.json", "Network.JSON"])
def test_a_name_that_is_there_twice_is_refused(path, again):
    assert "twice" in problem(path, zipped(("network.json", b"{}"), (again, b"[]")))


def test_a_bomb_is_refused_before_it_grows(path, monkeypatch):
    monkeypatch.setattr(plain_zip, "MOST_BYTES", 100_000)
    bomb = [(f"{number}.npy", bytes(60_000)) for number in range(2)]
    assert "100,000 bytes" in problem(path, zipped(*bomb, compression=zipfile.ZIP_DEFLATED))


def test_a_bomb_that_understates_its_size_is_refused(path):
    content = bytearray(zipped(("a.npy", bytes(10**6)), compression=zipfile.ZIP_DEFLATED))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(signature) + offset, 10)
    problem(path, bytes(content))


def test_too_many_files_are_refused(path, monkeypatch):
    monkeypatch.setattr(plain_zip, "MOST_MEMBERS", 3)
    assert "at most 3" in problem(path, zipped(*((str(number), b"") for number in range(4))))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack_are_refused(path, compression):
    assert "another program" in problem(path, zipped(("network.json", b"{}"), compression=compression))


def test_an_encrypted_file_is_refused(path):
    content = bytearray(zipped(("network.json", b"{}")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "another program" in problem(path, bytes(content))


def test_a_file_that_is_missing_is_told(path):
    with pytest.raises(SavedNetworkError, match="is missing"):
        unpack(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_its_own_files_or_an_error(path, place, bits, cut):
    content = bytearray(pack_files(FILES))
    at = int(place * len(content))
    if cut:
        del content[at:]
    else:
        content[at] ^= bits
    path.write_bytes(bytes(content))
    try:
        found = unpack(path)
    except SavedNetworkError:
        return
    assert set(found.values()) <= set(FILES.values())
