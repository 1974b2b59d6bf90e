"""app/gui/widgets/input_preview.py: every pixel of the input as a square."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.input_preview import InputPreview
from tests.app.hand import tip_of, wait_until

INK = bytes([255]) + bytes(782) + bytes([255])  # the first and the last pixel


@pytest.fixture
def preview(root):
    root.geometry("150x170")
    preview = InputPreview(root, palette=PALETTES["light"])
    preview.pack(fill="both", expand=True)
    root.update()
    return preview


def corners(preview):
    picture = preview._enlarged
    last = picture.width() - 1
    return [picture.get(x, y)[0] for x, y in ((0, 0), (last, 0), (0, last), (last, last))]


def test_the_picture_is_enlarged_by_a_whole_number(preview):
    preview.show(INK)
    assert preview.ink == INK
    assert (preview._enlarged.width(), preview._enlarged.height()) == (140, 140)
    assert preview._enlarged.get(4, 4) == (0x1C, 0x1C, 0x1C)
    assert preview._enlarged.get(5, 5) == (255, 255, 255)
    assert corners(preview) == [0x1C, 255, 255, 0x1C]


def test_a_new_palette_and_size_keep_the_picture(preview, root):
    preview.show(INK)
    preview.restyle(PALETTES["dark"])
    root.geometry("300x330")
    root.update()
    assert preview._enlarged.width() == 280
    assert corners(preview) == [0xF2, 0x26, 0x26, 0xF2]


def test_next_to_no_room_is_room_enough(preview, root):
    root.geometry("10x10")
    root.update()
    assert preview._enlarged.width() == 28


def test_the_caption_stands_under_the_picture_and_grows_with_it(preview, root):
    heights = []
    for size in ("156x140", "400x420"):
        root.geometry(size)
        wait_until(root, lambda size=size: f"{preview.winfo_width()}x{preview.winfo_height()}" == size)
        root.update()
        left, top, right, bottom = preview.bbox(preview._caption)
        assert top >= preview.coords(preview._frame)[3]
        assert (left >= 0, right <= preview.winfo_width(), bottom <= preview.winfo_height()) == (True,) * 3
        heights.append(bottom - top)
    assert heights[1] > 1.5 * heights[0]


def test_a_caption_of_two_lines_has_room(root, monkeypatch):
    monkeypatch.setattr("app.gui.widgets.input_preview._", lambda text: f"{text}, in many more words")
    root.geometry("156x150")
    preview = InputPreview(root, palette=PALETTES["light"])
    preview.pack(fill="both", expand=True)
    wait_until(root, lambda: (preview.winfo_width(), preview.winfo_height()) == (156, 150))
    root.update()
    _, top, _, bottom = preview.bbox(preview._caption)
    assert bottom - top > 1.8 * 12
    assert preview.coords(preview._frame)[3] <= top
    assert bottom <= 150


def test_it_explains_itself(preview):
    assert "28 by 28 pixels" in tip_of(preview)
