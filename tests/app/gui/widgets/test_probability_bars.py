"""app/gui/widgets/probability_bars.py: lengths, per cents, and the bar that stands out."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.probability_bars import ProbabilityBars

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
