"""app/gui/widgets/probability_bars.py: lengths, per cents, and the bar that stands out."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.probability_bars import ProbabilityBars
from tests.app.hand import tip_of, wait_until

LIGHT, DARK = PALETTES["light"], PALETTES["dark"]
VALUES = (0.0, 0.004, 0.006, 0.5, 0.49, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def bars(root):
    bars = ProbabilityBars(root, palette=LIGHT)
    bars.pack(fill="both", expand=True)
    root.update()
    return bars


def length(bars, item):
    left, _, right, _ = bars.coords(item)
    return right - left


def test_bars_are_as_long_as_their_values(bars):
    bars.show(VALUES, 3)
    assert bars.values == VALUES
    for row, value in zip(bars._rows, VALUES, strict=True):
        assert length(bars, row.bar) == pytest.approx(value * length(bars, row.track), abs=0.1)


def test_per_cents_are_rounded(bars):
    bars.show(VALUES, 3)
    texts = [bars.itemcget(row.percent, "text") for row in bars._rows]
    assert texts[:5] == ["0 %", "0 %", "1 %", "50 %", "49 %"]


def test_a_bar_of_nothing_is_not_seen(bars):
    bars.show(VALUES, 3)
    states = [bars.itemcget(row.bar, "state") for row in bars._rows]
    assert states[0] == "hidden"
    assert states[3] == "normal"


@pytest.mark.parametrize("answer", [3, None])
def test_only_the_answer_stands_out(bars, answer):
    bars.show(VALUES, answer)
    accented = [d for d, row in enumerate(bars._rows) if bars.itemcget(row.bar, "fill") == LIGHT.accent]
    assert accented == ([] if answer is None else [answer])


def test_the_answer_is_told_without_colours(bars):
    bars.show(VALUES, 3)
    faces = [bars.itemcget(row.percent, "font") for row in bars._rows]
    assert [digit for digit, face in enumerate(faces) if "bold" in face] == [3]
    _, top, right, bottom = bars.bbox(bars._mark)
    left, middle = bars.coords(bars._rows[3].digit)
    assert right < left
    assert top < middle < bottom
    bars.show(VALUES, None)
    assert bars.itemcget(bars._mark, "state") == "hidden"


def test_an_empty_bar_is_an_outline(bars):
    assert bars.itemcget(bars._rows[0].track, "fill") == LIGHT.paper
    assert bars.itemcget(bars._rows[0].track, "outline") == LIGHT.edge


@pytest.mark.parametrize("size", ["240x230", "258x272", "700x800", "320x900", "900x320", "500x140"])
def test_nothing_is_cut_or_covered_at_any_size(bars, root, size):
    root.geometry(size)
    width, height = map(int, size.split("x"))
    wait_until(root, lambda: (bars.winfo_width(), bars.winfo_height()) == (width, height))
    root.update()
    bars.show((1.0, *[0.0] * 8, 1.0), 9)
    below = bars.bbox(bars._heading)[3]
    for row in bars._rows:
        assert below <= bars.bbox(row.digit)[1]
        below = bars.bbox(row.digit)[3] - 6  # lines overlap a little, the letters do not
        assert bars.bbox(row.digit)[2] <= bars.coords(row.track)[0]
        assert bars.coords(row.track)[2] <= bars.bbox(row.percent)[0]
        assert length(bars, row.track) >= 0.5 * width
    assert bars.bbox(bars._mark)[0] >= 0
    assert max(bars.bbox(row.percent)[2] for row in bars._rows) <= width
    assert bars.bbox(bars._rows[9].digit)[3] <= height + 3


def test_the_writing_grows_with_the_room(bars, root):
    def height(item):
        _, top, _, bottom = bars.bbox(item)
        return bottom - top

    items = bars._heading, bars._rows[0].digit, bars._rows[0].percent
    bars.show(VALUES, 3)
    before = [height(item) for item in items]
    root.geometry("700x800")
    wait_until(root, lambda: bars.winfo_height() == 800)
    root.update()
    assert all(height(item) > 1.5 * small for item, small in zip(items, before, strict=True))


def test_a_new_palette_and_size_keep_the_values(bars, root):
    bars.show(VALUES, 3)
    before = length(bars, bars._rows[3].bar)
    bars.restyle(DARK)
    root.geometry("800x400")
    root.update()
    assert bars.itemcget(bars._rows[3].bar, "fill") == DARK.accent
    assert length(bars, bars._rows[3].bar) > before


def test_showing_values_makes_no_new_items(bars):
    before = bars.find_all()
    bars.show(VALUES, 3)
    assert bars.find_all() == before


def test_only_what_looks_different_is_set_anew(bars, monkeypatch):
    bars.show(VALUES, 3)
    set_anew = []
    coords = bars.coords
    monkeypatch.setattr(bars, "coords", lambda item, *places: set_anew.append(item) or coords(item, *places))
    bars.show((0.0, 0.004, 0.006, 0.4, 0.59, 1e-9, *VALUES[6:]), 3)
    assert set_anew == [bars._rows[3].bar, bars._rows[4].bar]


def test_it_explains_itself(bars):
    assert "together they make 100 %" in tip_of(bars)


def test_a_click_on_a_row_chooses_its_digit(root):
    chosen = []
    bars = ProbabilityBars(root, palette=LIGHT, on_choose=chosen.append)
    bars.pack(fill="both", expand=True)
    root.update()
    for digit in (0, 4, 9):
        _left, top, _right, bottom = bars._tracks[digit]
        bars.event_generate("<Button-1>", x=5, y=round((top + bottom) / 2))
    bars.event_generate("<Button-1>", x=5, y=1)  # on the heading
    assert chosen == [0, 4, 9]
