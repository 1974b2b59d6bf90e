"""app/gui/dialog_desk.py: the dialogs that the menus open, and what they show of the window's network."""

import tkinter as tk
from pathlib import Path
from tkinter import ttk
from types import SimpleNamespace

import pytest

from app import VERSION
from app.gui import dialog_desk
from app.gui.dialogs.dialog import Dialog
from app.gui.theme import PALETTES
from tests.app.hand import shown, wait_until

LINE = ((0.2, 0.3), (0.8, 0.3))

ONE = "1 · 90 % — LeNet Canvas"

ROOT = Path(__file__).resolve().parents[3]


def descendants(widget):
    for child in widget.winfo_children():
        yield child
        yield from descendants(child)


def test_the_network_dialog_shows_its_figures_and_its_card(window, reader, tmp_path):
    (tmp_path / "README.md").write_text("# The card of this network", encoding="utf-8")
    reader.folder = tmp_path
    told = {
        "parameters": 44426,
        "test": {"accuracy": 0.9931, "count": 10000, "seed": None},
        "is_default": True,
        "shape": [28, 28],
    }
    reader.facts = SimpleNamespace(as_plain=lambda: told)
    window.menus.choose("about network")
    (dialog,) = shown(window, Dialog)
    tree = dialog.figures

    def values(parent):
        return {
            tree.item(row, "text"): [str(v) for v in tree.item(row, "values")]
            for row in tree.get_children(parent)
        }

    assert values("") == {
        "parameters": ["44,426"],
        "test": [],
        "is default": ["yes"],
        "shape": ["28, 28"],
    }
    assert values(tree.get_children()[1]) == {"accuracy": ["99.31 %"], "digits": ["10,000"], "seed": ["–"]}
    text = next(w for w in descendants(dialog) if isinstance(w, tk.Text))
    assert "The card of this network" in text.get("1.0", "end")


def test_a_card_is_shown_without_its_markdown(window, reader, tmp_path):
    (tmp_path / "README.md").write_text(
        "# Title\n\nOne `line`\nand another.\n\n## Part\n\n| | |\n|---|---|\n| time | `148` s |\n\n- first\n",
        encoding="utf-8",
    )
    reader.folder = tmp_path
    window.menus.choose("about network")
    (dialog,) = shown(window, Dialog)
    text = next(w for w in descendants(dialog) if isinstance(w, tk.Text))
    lines = text.get("1.0", "end").splitlines()
    assert lines[:5] == ["Title", "One line and another.", "Part", "time\t148 s", "• first"]


def test_a_network_without_a_card_has_its_figures_alone(window):
    window.menus.choose("about network")
    (dialog,) = shown(window, Dialog)
    assert not any(isinstance(w, tk.Text) for w in descendants(dialog))


@pytest.mark.parametrize("action", ["about network", "shortcuts", "about"])
def test_dialogs_close_by_escape_and_leave_the_drawing(window, hand, action):
    hand.draw(*LINE)
    window.menus.choose(action)
    (dialog,) = shown(window, Dialog)
    wait_until(window, dialog.winfo_ismapped)
    dialog.close_button.focus_force()
    window.update()
    dialog.close_button.event_generate("<Escape>")
    window.update()
    assert shown(window, Dialog) == []
    assert window.title() == ONE


def test_f1_shows_the_keys(window, hand):
    hand.press_key("<F1>")
    (dialog,) = shown(window, Dialog)
    texts = [str(w["text"]) for w in descendants(dialog) if isinstance(w, ttk.Label)]
    assert "Ctrl+Shift+Z or Ctrl+Y" in texts


@pytest.mark.parametrize("has_browser", [True, False])
def test_about_has_links_that_keys_reach(window, monkeypatch, has_browser):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or has_browser)
    window.menus.choose("about")
    (dialog,) = shown(window, Dialog)
    manual, paper = dialog.links
    dialog.update()
    manual.focus_force()
    dialog.update()
    assert str(manual["background"]) == PALETTES["light"].accent  # the keys are seen to be there
    manual.event_generate("<Return>")
    paper.event_generate("<Button-1>")
    assert opened == [(ROOT / "README.md").as_uri(), "https://doi.org/10.1109/5.726791"]
    dialog.update()
    assert dialog.trouble.winfo_ismapped() != has_browser
    assert has_browser or opened[-1] in dialog.trouble["text"]


def test_about_tells_the_version(window):
    window.menus.choose("about")
    (dialog,) = shown(window, Dialog)
    told = [str(w["text"]) for w in descendants(dialog) if isinstance(w, ttk.Label)]
    assert f"Version {VERSION}" in told


@pytest.mark.parametrize("action", ["about", "shortcuts", "about network", "open network"])
def test_a_dialog_follows_the_theme(window, monkeypatch, action):
    monkeypatch.setattr(dialog_desk, "read_card", lambda folder: "# A card")
    window.menus.choose(action)
    (dialog,) = shown(window, Dialog)
    window.menus.pick("theme", "dark")
    window.update()
    dark = PALETTES["dark"]
    assert shown(window, Dialog) == [dialog]
    assert dialog["background"] == dark.window
    labels = (each for each in descendants(dialog) if isinstance(each, ttk.Label))
    assert {str(label["foreground"]) for label in labels} <= {"", dark.muted, dark.accent, dark.error}
    if action == "about network":
        assert dialog.card["background"] == dark.window


@pytest.mark.parametrize(("action", "is_closed"), [("my digits", True), ("practise", True), ("about", False)])
def test_what_shows_another_ones_digits_is_closed_when_somebody_else_draws(window, action, is_closed):
    window.menus.choose(action)
    assert len(shown(window, Dialog)) == 1
    window._switch_to(window.profiles.presenter.current)
    window.update()
    assert (not shown(window, Dialog)) == is_closed
