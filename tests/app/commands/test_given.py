"""What is given: each drawing of each file in turn, whatever is wrong with those beside it."""

import numpy as np
from PIL import Image

from app.commands.given import for_each_given
from engine.errors import StrokesError
from tests.app.command_line import stroke_line
from tests.pictures import digit_mask


def test_drawings_and_pictures_come_in_order_with_their_places(tmp_path):
    (tmp_path / "two.jsonl").write_text(stroke_line(3) + "\n" + stroke_line(5))
    picture = 255 * (1 - digit_mask(4, side=200, height=0.7))
    Image.fromarray(picture.astype(np.uint8)).save(tmp_path / "four.png")
    found = []
    status = for_each_given([str(tmp_path / "four.png"), str(tmp_path / "two.jsonl")], found.append)
    assert status == 0
    assert [(each.index, each.label) for each in found] == [(0, None), (0, 3), (2, 5)]
    assert found[0].strokes is None
    assert len(found[1].strokes) > 0


def test_what_cannot_be_answered_is_told_with_its_line(tmp_path, capsys):
    (tmp_path / "two.jsonl").write_text(stroke_line(3) + stroke_line(5))

    def answer(given):
        if given.label == 3:
            raise StrokesError("is no good.")

    assert for_each_given([str(tmp_path / "two.jsonl")], answer) == 1
    assert "two.jsonl, line 1: is no good." in capsys.readouterr().err
