"""Zips of a folder's files; what a crafted one may try is in tests/engine/storage/test_lenet_file.py."""

import zipfile
from io import BytesIO

import pytest

from engine.files.plain_zip import pack_files, unpack_files

FILES = {"a.txt": b"", "b.bin": bytes(range(256))}


def test_what_was_packed_comes_back_and_other_programs_read_it():
    content = pack_files(FILES)
    assert unpack_files(content) == FILES
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/b", "a\\b", ".."])
def test_a_name_that_leads_elsewhere_is_refused(name):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(ValueError, match="is no name of a file"):
        unpack_files(content.getvalue())


def test_a_damaged_file_is_an_error():
    content = bytearray(pack_files(FILES))
    content[len(content) // 3] ^= 0xFF
    with pytest.raises(Exception):  # noqa: B017  whatever zipfile makes of it
        unpack_files(bytes(content[:-30]))
