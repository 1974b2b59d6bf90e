"""app/gui/widgets/inside/digit_plane.py: looked at, zoomed, dragged and chosen, by mouse and by keys."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.digit_plane import DigitPlane
from tests.app.hand import colour_at, wait_until

HEARD = ("room", "zoom", "move", "mark", "point", "choose")


@pytest.fixture
def heard():
    return []


@pytest.fixture
def plane(root, heard):
    def hear(name):
        return lambda *args: heard.append((name, *args))

    plane = DigitPlane(root, palette=PALETTES["light"], **{f"on_{name}": hear(name) for name in HEARD})
    plane.pack(fill="both", expand=True)
    root.geometry("400x300")
    wait_until(root, lambda: ("room", 298) in heard)
    plane.show_map(bytes([255]) * 298 * 298, 298)
    root.update()
    plane.focus_force()
    wait_until(root, lambda: root.focus_get() is plane)
    heard.clear()
    return plane


def test_the_square_lies_in_the_middle(plane):
    assert colour_at(plane, 200, 150) == PALETTES["light"].ink
    assert colour_at(plane, 20, 150) == PALETTES["light"].paper  # beside it, too
    plane.restyle(PALETTES["dark"])
    assert colour_at(plane, 200, 150) == PALETTES["dark"].ink
    assert colour_at(plane, 20, 150) == PALETTES["dark"].paper


def test_a_click_chooses_and_a_drag_looks_beside(plane, heard):
    plane.event_generate("<ButtonPress-1>", x=61, y=21)
    plane.event_generate("<B1-Motion>", x=62, y=21)
    plane.event_generate("<ButtonRelease-1>", x=62, y=21)
    assert heard[-1] == ("choose", (11, 20))
    heard.clear()
    plane.event_generate("<ButtonPress-1>", x=100, y=100)
    plane.event_generate("<B1-Motion>", x=70, y=100)
    plane.event_generate("<ButtonRelease-1>", x=70, y=100)
    assert heard == [("move", 30 / 298, 0.0)]


@pytest.mark.parametrize(
    ("event", "call"),
    [
        ("<Button-4>", ("zoom", 1.5, (49, 99))),
        ("<Button-5>", ("zoom", 1 / 1.5, (49, 99))),
        ("<Motion>", ("point", (49, 99))),
        ("<plus>", ("zoom", 1.5, None)),
        ("<minus>", ("zoom", 1 / 1.5, None)),
        ("<Up>", ("mark", 0, -1)),
        ("<Shift-Right>", ("move", 0.25, 0.0)),
        ("<Return>", ("choose", None)),
    ],
)
def test_wheel_and_keys(plane, heard, event, call):
    place = (
        {} if event.strip("<>") in ("plus", "minus", "Up", "Shift-Right", "Return") else {"x": 100, "y": 100}
    )
    plane.event_generate(event, **place)
    assert call in heard


def test_the_drawing_is_shown_with_its_trail_and_a_digit_with_its_mark(plane):
    plane.show_place((40.0, 50.0), [(10.0, 10.0), (40.0, 50.0)])
    assert len(plane.find_withtag("place")) == 3
    plane.show_mark((40.0, 50.0))
    left, top, right, bottom = plane.bbox("mark")
    assert left < 50 + 40 < right and top < 1 + 50 < bottom
    plane.show_place(None, ())
    plane.show_mark(None)
    assert not plane.find_withtag("place") and not plane.find_withtag("mark")
