"""app/gui/inside/panel.py: only the tab in front works. The rest is in test_desk, in the real window."""

from dataclasses import fields
from tkinter import font

import pytest

from app.gui.inside.desk import LEAST
from app.gui.inside.panel import InsidePanel, Needs
from app.gui.theme import PALETTES, pixels
from app.page.inside.subject import Subject
from app.page.reading import Reading
from tests.app.fakes import FakeReader
from tests.app.hand import wait_until


@pytest.fixture
def panel(root):
    heard = []
    panel = InsidePanel(
        root,
        palette=PALETTES["light"],
        subject=lambda: Subject(FakeReader(), Reading()),
        is_apart=True,
        needs=Needs(
            **dict.fromkeys((field.name for field in fields(Needs)), lambda *arguments: None),
        ),
        on_apart=lambda: heard.append("apart"),
        on_close=lambda: heard.append("close"),
    )
    panel.pack(fill="both", expand=True)
    wait_until(root, lambda: panel.layers.sheets.rows)
    return panel, heard


def test_its_buttons_say_what_they_do(panel):
    panel, heard = panel
    assert panel.apart_button["text"] == "Back into the window"
    panel.apart_button.invoke()
    panel.close_button.invoke()
    assert heard == ["apart", "close"]


def test_the_tab_in_front_is_shown_the_subject(panel):
    panel, _heard = panel
    assert panel.front is panel.layers
    assert str(panel.layers.told["text"]).startswith("The page is empty.")


@pytest.mark.parametrize(
    "titles",
    [("Layers", "Why", "Map", "Film", "Compare"), ("Strati", "Perché", "Mappa", "Film", "Confronta")],
)
def test_all_tabs_can_be_read_in_the_narrowest_panel(panel, root, titles):
    panel, _heard = panel
    for tab, title in zip(panel.notebook.tabs(), titles, strict=True):
        panel.notebook.tab(tab, text=title)
    root.geometry(f"{pixels(root, LEAST)}x400")
    wait_until(root, lambda: panel.winfo_width() == pixels(root, LEAST))
    face = font.nametofont("SunValleyCaptionFont", root)
    notebook = panel.notebook
    for place, tab in enumerate(notebook.tabs()):
        xs = [
            x
            for x in range(panel.winfo_width())
            if str(notebook.tk.call(notebook, "index", f"@{x},20")) == str(place)
        ]
        assert len(xs) > face.measure(notebook.tab(tab, "text")) + 8
    assert not panel.tab_list.winfo_ismapped()


def test_where_there_is_no_room_for_their_names_the_tabs_are_a_list(panel, root):
    panel, _heard = panel
    root.geometry(f"{panel._as_tabs.winfo_reqwidth() - 1}x400")
    wait_until(root, panel.tab_list.winfo_ismapped)
    assert panel.tab_list.get() == "Layers"
    assert panel.tab_list["values"] == ("Layers", "Why", "Map", "Film", "Compare")
    panel.tab_list.current(1)
    panel.tab_list.event_generate("<<ComboboxSelected>>")
    wait_until(root, panel.why.winfo_ismapped)
    panel.open_tab("layers")
    wait_until(root, lambda: panel.tab_list.get() == "Layers")
    assert panel.layers.winfo_y() < 10  # there are no tabs above it
    root.geometry(f"{panel._as_tabs.winfo_reqwidth()}x400")
    wait_until(root, lambda: not panel.tab_list.winfo_ismapped())
    wait_until(root, lambda: panel.layers.winfo_y() > 10)
