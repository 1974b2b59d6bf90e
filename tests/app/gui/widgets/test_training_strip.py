"""The strip: a sentence, a bar and buttons, and no room taken where there is nothing to show."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.training_strip import TrainingStrip
from app.page.strip import Strip, StripButton
from tests.app.hand import is_shown

NOTHING = lambda: None  # noqa: E731


@pytest.fixture
def strip(root):
    strip = TrainingStrip(root, palette=PALETTES["light"])
    strip.grid(row=0, column=0, sticky="ew")
    root.columnconfigure(0, weight=1)
    return strip


def labels(strip):
    return [str(button["text"]) for button in strip.buttons]


def test_it_shows_a_sentence_a_bar_and_buttons_that_do_something(strip, root):
    done = []
    strip.show(
        Strip(
            "Training, 98 %.",
            (StripButton("Pause", lambda: done.append("pause")), StripButton("Stop", NOTHING)),
            0.5,
        )
    )
    root.update()
    assert str(strip.text["text"]) == "Training, 98\xa0%."  # no line ends there
    assert float(strip.progress["value"]) == 0.5
    assert labels(strip) == ["Pause", "Stop"]
    strip.buttons[0].invoke()
    assert done == ["pause"]


def test_what_cannot_be_done_is_grey(strip):
    strip.show(Strip("", (StripButton("Pause", NOTHING, is_enabled=False), StripButton("Stop", NOTHING))))
    assert [button.instate(["disabled"]) for button in strip.buttons] == [True, False]
    strip.show(Strip("", (StripButton("Pause", NOTHING), StripButton("Stop", NOTHING, is_enabled=False))))
    assert [button.instate(["disabled"]) for button in strip.buttons] == [False, True]


def test_without_a_share_there_is_no_bar(strip):
    strip.show(Strip("Ready.", (StripButton("Show", NOTHING),)))
    assert not is_shown(strip.progress)
    strip.show(Strip("Training.", (StripButton("Show", NOTHING),), 0.1))
    assert is_shown(strip.progress)


def test_where_there_is_nothing_to_show_it_takes_no_room(strip, root):
    strip.show(Strip("Ready.", (StripButton("Show", NOTHING),)))
    assert is_shown(strip)
    strip.show(None)
    assert not is_shown(strip)
    strip.show(Strip("Ready.", (StripButton("Show", NOTHING),)))
    assert strip.grid_info()["sticky"] == "ew"  # it is back in its place


def test_a_button_that_changes_its_label_keeps_the_keys(strip, root):
    strip.show(Strip("", (StripButton("Pause", NOTHING), StripButton("Stop", NOTHING))))
    root.update()
    strip.buttons[0].focus_force()
    root.update()
    strip.show(Strip("", (StripButton("Go on", NOTHING), StripButton("Stop", NOTHING))))
    assert root.focus_get() is strip.buttons[0]
    assert labels(strip) == ["Go on", "Stop"]


def test_it_may_have_more_buttons_than_before_or_fewer(strip):
    for wanted in (["a"], ["b", "c", "d"], ["e", "f"]):
        strip.show(Strip("", tuple(StripButton(label, NOTHING) for label in wanted)))
        assert labels(strip) == wanted


def test_a_long_sentence_is_wrapped(strip, root):
    strip.show(Strip("word " * 60, (StripButton("Show", NOTHING),)))
    root.update()
    root.update()
    assert strip.text.winfo_reqwidth() <= strip.winfo_width()
    assert strip.winfo_width() <= root.winfo_width()


def test_its_text_follows_the_theme(strip):
    strip.restyle(PALETTES["dark"])
    assert str(strip.text["foreground"]) == PALETTES["dark"].text
