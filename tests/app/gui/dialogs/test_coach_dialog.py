"""Network > Practise in a real window, by pen and keys."""

import pytest

from app.gui.dialogs.coach_dialog import CoachDialog
from app.gui.theme import PALETTES
from engine.datasets.samples import read_samples
from tests.app.hand import open_dialog, press, shown, wait_until
from tests.app.page.test_teacher import network, reader  # noqa: F401

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def path(networks_place):
    return networks_place.parent / "samples.jsonl"


@pytest.fixture
def dialog(window):
    dialog = open_dialog(window, "practise")
    wait_until(window, lambda: dialog.page.winfo_ismapped() and dialog.page.width > 100)
    window.update()
    return dialog


def draw(dialog, *points):
    page = dialog.page
    at = [{"x": round(x * page.width), "y": round(y * page.height)} for x, y in points]
    page.event_generate("<ButtonPress-1>", **at[0])
    for each in at:
        page.event_generate("<B1-Motion>", **each)
    page.event_generate("<ButtonRelease-1>", **at[-1])
    dialog.update()


def test_return_takes_what_is_written_and_the_keys_stay_on_the_page(window, dialog, path):
    assert dialog.prompt["text"] == "0"
    draw(dialog, (0.3, 0.2), (0.7, 0.5), (0.3, 0.8), (0.3, 0.2))
    press(dialog, "<Return>")
    assert [sample.label for sample in read_samples(path).samples] == [0]
    assert dialog.prompt["text"] == "1"
    assert [count["text"] for _name, count in dialog.counts[:2]] == ["1", "0"]
    assert dialog.done["text"].replace("\xa0", " ") == "1 of 20 written"
    assert not dialog.page.find_withtag("ink")
    assert window.menus.is_enabled("forget")
    press(dialog, "<Control-z>")
    assert read_samples(path).samples == ()
    assert dialog.prompt["text"] == "0"


def test_skip_asks_for_another(dialog):
    dialog.skip_button.invoke()
    assert dialog.prompt["text"] == "1"
    assert dialog.undo_button.instate(["disabled"])


def test_it_follows_the_theme_and_is_raised_not_opened_twice(window, dialog):
    window.appearance.theme.set("dark")
    window.appearance.choose_theme()
    assert str(dialog.page["background"]) == PALETTES["dark"].paper
    assert str(dialog.prompt["foreground"]) == PALETTES["dark"].accent
    window.menus.choose("practise")
    assert shown(window, CoachDialog) == [dialog]


def test_nothing_is_taught_to_a_network_that_is_changed_for_a_look(window, dialog, path):
    whole = window._controller.reader
    window._controller.read_by(whole.with_network(whole.network))
    draw(dialog, (0.3, 0.2), (0.7, 0.8))
    dialog.next_button.invoke()
    assert not path.exists()
    assert "Teach it with all maps on" in window.status.message
    assert dialog.message["text"] == "The network cannot be taught now; the window tells why."
    assert dialog.presenter.has_strokes
