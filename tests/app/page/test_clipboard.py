"""app/page/clipboard.py: texts that name a file or describe a drawing, and all others."""

import json

import pytest

from app.page.clipboard import file_or_drawing
from app.page.drawing import Stroke

STROKES = '{"strokes": [[[0.25, 0.5], [0.75, 0.5]]]}'


def test_a_line_of_strokes_is_a_drawing():
    drawing = (Stroke(((0.25, 0.5), (0.75, 0.5))),)
    assert file_or_drawing(STROKES) == drawing
    assert file_or_drawing(f"\n  {STROKES}\n{STROKES}\n") == drawing


@pytest.mark.parametrize(
    "form", ["{path}", "'{path}'", '"{path}"\n', "{uri}", "{uri}\r\nfile:///other.png\r\n"]
)
def test_a_file_is_found_by_its_path_and_its_uri(tmp_path, form):
    path = tmp_path / "a seven (é).png"
    path.touch()
    assert file_or_drawing(form.format(path=path, uri=path.as_uri())) == path


def test_a_file_in_the_persons_own_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "seven.png").touch()
    assert file_or_drawing("~/seven.png") == tmp_path / "seven.png"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "seven",
        "/no/such/file.png",
        "file:///no/such/file.png",
        "https://example.org/seven.png",
        "a\0b",
        "n" * 10_000,
        "~nobody-of-this-name/x",
        "file://[bad",
        '{"strokes": [[[1',
        '{"strokes": []}',
        '{"strokes": [[["a", 1]]]}',
        json.dumps({"strokes": [[[1e308, 1], [-1e308, 1]]]}),
        "{" * 100_000,
    ],
)
def test_anything_else_is_neither(text):
    assert file_or_drawing(text) is None


def test_more_than_a_drawing_can_have_is_none():
    assert file_or_drawing('{"strokes": [[' + "[0, 0]," * 2_000_000 + "[0, 0]]]}") is None
