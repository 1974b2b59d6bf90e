"""app/gui/widgets/link.py: words that are clicked, or reached and pressed by keys."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.link import Link

LIGHT, DARK = PALETTES["light"], PALETTES["dark"]


@pytest.fixture
def opened():
    return []


@pytest.fixture
def link(root, opened):
    link = Link(root, "More", palette=LIGHT, on_open=lambda: opened.append("more"))
    link.pack()
    root.update()
    return link


@pytest.mark.parametrize("event", ["<Button-1>", "<Return>", "<space>"])
def test_it_leads_on_by_a_click_and_by_keys(root, link, opened, event):
    link.focus_force()
    root.update()
    link.event_generate(event)
    assert opened == ["more"]


def test_it_is_underlined_in_the_accent_and_shows_the_keys(root, link):
    assert "underline" in str(link["font"])
    assert (str(link["foreground"]), str(link["background"])) == (LIGHT.accent, LIGHT.window)
    link.restyle(DARK)
    link.focus_force()
    root.update()
    assert (str(link["foreground"]), str(link["background"])) == (DARK.window, DARK.accent)
