"""app/page/page_files.py: what files hold is put on the page, and the page into files."""

import json

import pytest

from app.page.page_files import PageFiles
from tests.app.fakes import read_fake_image
from tests.app.page.fake_page_view import HINT, LINE, OTHER, assert_each_is_told_in_another_language, draw


@pytest.fixture
def files(controller, page_view):
    return PageFiles(controller, read_image=read_fake_image, tell=page_view.show_message)


def test_saving_what_was_drawn_over_a_picture_says_that_the_picture_is_not_in_it(
    controller, files, page_view, tmp_path
):
    files.open(tmp_path / "nine.png")
    draw(controller, *LINE)
    files.save(tmp_path / "drawing.jsonl")
    assert page_view.message == ("Saved drawing.jsonl, without the picture under it.", False)


def test_a_drawing_is_saved_and_opened_again(controller, files, page_view, tmp_path):
    draw(controller, *LINE)
    draw(controller, *OTHER)
    files.save(tmp_path / "drawing.jsonl")
    assert page_view.message == ("Saved drawing.jsonl.", False)
    controller.clear()
    files.open(tmp_path / "drawing.jsonl")
    page_view.idle()
    assert page_view.page == ("strokes", [list(LINE), list(OTHER)])
    assert page_view.readings[-1].shown.digit == 2


@pytest.mark.parametrize("name", ["a.json", "a.NDJSON", "a.jsonl"])
def test_a_drawing_of_another_program_is_opened_by_any_of_its_names(files, page_view, tmp_path, name):
    columns = [[[x for x, _ in LINE], [y for _, y in LINE]]]
    (tmp_path / name).write_text(json.dumps({"drawing": columns}, indent=2))
    assert files.open(tmp_path / name)
    assert page_view.page == ("strokes", [list(LINE)])


def test_files_that_cannot_be_opened_get_a_message_and_change_nothing(controller, files, page_view, tmp_path):
    draw(controller, *LINE)
    (tmp_path / "bad.jsonl").write_text("{")
    for name in ("bad.jsonl", "none.jsonl", "notes.txt"):
        files.open(tmp_path / name)
        text, is_error = page_view.message
        assert is_error
        assert name in text
        assert page_view.page == ("strokes", [list(LINE)])


@pytest.mark.parametrize("name", ["my.lenet", "my.onnx", "MY.NPZ", "my.safetensors"])
def test_a_file_that_is_a_network_reads_the_same_drawing(
    controller, files, page_view, reader, tmp_path, name
):
    draw(controller, (0, 0), (9, 9))
    (tmp_path / name).touch()
    assert files.open(tmp_path / name)
    assert (page_view.network, page_view.message) == (name, (f"{name} reads now.", False))
    assert page_view.page == ("strokes", [[(0, 0), (9, 9)]])
    controller.go_back()
    assert controller.reader is reader


def test_a_saved_drawing_holds_the_strokes_in_page_units(controller, files, tmp_path):
    draw(controller, *LINE)
    files.save(tmp_path / "drawing.jsonl")
    strokes = json.loads((tmp_path / "drawing.jsonl").read_text())["strokes"]
    assert strokes == [[[0.2, 0.2], [0.8, 0.2]]]


def test_a_picture_is_pasted_in_one_step_of_the_history(controller, files, page_view):
    draw(controller, *LINE)
    files.paste_picture(b"whatever the reader takes")
    assert page_view.page[0] == "picture"
    assert page_view.message == ("Pasted the picture.", False)
    controller.undo()
    assert page_view.page != HINT


def test_a_text_is_a_file_a_drawing_or_neither(files, page_view, tmp_path):
    path = tmp_path / "nine.png"
    path.touch()
    assert files.paste_text(str(path)) == path
    assert files.paste_text('{"strokes": [[[0.2, 0.3], [0.8, 0.3]]]}') is None
    assert page_view.message == ("Pasted the drawing.", False)
    page = page_view.page
    assert files.paste_text("neither") is None
    assert "no picture" in page_view.message[0]
    assert page_view.page == page


def test_a_picture_without_strokes_is_saved_as_a_picture_only(controller, files, page_view, tmp_path):
    files.open(tmp_path / "nine.png")
    assert files.kinds == (".png", ".svg")
    assert files.save(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert not files.save(tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()
    text, is_error = page_view.message
    assert is_error
    assert "no strokes" in text
    draw(controller, *LINE)
    assert files.kinds == (".jsonl", ".png", ".svg")


def test_a_file_that_cannot_be_written_is_told(controller, files, page_view, tmp_path):
    draw(controller, *LINE)
    for name in ("a.png", "a.svg", "a.jsonl"):
        assert not files.save(tmp_path / "missing" / name)
        text, is_error = page_view.message
        assert is_error
        assert "There is no " in text


def test_what_was_done_is_told_in_another_language(files, page_view, tmp_path):
    assert_each_is_told_in_another_language(
        page_view,
        lambda: files.open(tmp_path / "a.png"),
        lambda: files.paste_text("nothing"),
        lambda: files.save(tmp_path / "a.svg"),
    )
