"""app/gui/inside/desk.py: the panel in the real window, under a real mouse and keyboard."""

import tkinter as tk

import pytest

from app.gui.theme import PALETTES
from app.store.settings import Settings, load_settings, save_settings
from tests.app.hand import is_closed, shown, wait_until

LINE = ((0.2, 0.3), (0.8, 0.3))
OTHER = ((0.2, 0.7), (0.8, 0.7))


pytestmark = pytest.mark.usefixtures("few_digits")


@pytest.fixture
def layers(window):
    """The tab Layers, opened by its key."""
    window.canvas.focus_force()
    window.event_generate("<F2>")
    wait_until(window, lambda: window.inside.panel is not None and window.inside.panel.layers.sheets._seen)
    window.update()
    return window.inside.panel.layers


def picture_of(layers, name):
    image = layers.sheets._images[name]
    return layers.tk.call(image, "data", "-format", "ppm")


def unit_place(layers, name, unit):
    """Where in the sheets a unit is, when its row is in sight."""
    row = next(row for row in layers.sheets.rows if row.name == name)
    left, top, _right, _bottom = layers.sheets._placed(
        row.sheet.box(unit[0], unit[1], unit[2], unit[1] + 1, unit[2] + 1), layers.sheets._tops[name]
    )
    return left + 1, round(top - layers.sheets.canvasy(0)) + 1


def test_closed_it_is_not_there_and_reading_costs_nothing(window, hand, monkeypatch):
    monkeypatch.setattr(
        "engine.nn.network.Network.trace", lambda *args: pytest.fail("nobody looks, and it is computed")
    )
    hand.draw(*LINE)
    assert window.inside.panel is None
    assert not window.inside.is_open.get()


def test_f2_opens_it_beside_the_page_and_closes_it_again(window, layers, settings_path):
    panel = window.inside.panel
    assert panel.winfo_ismapped()
    assert panel.winfo_rootx() > window.canvas.winfo_rootx() + window.canvas.width
    assert load_settings(settings_path)[0].is_inside_open
    window.canvas.focus_force()
    window.event_generate("<F2>")
    window.update()
    assert window.inside.panel is None
    assert not panel.winfo_exists()
    assert not load_settings(settings_path)[0].is_inside_open


def test_the_maps_follow_the_pen(window, layers, hand):
    empty = picture_of(layers, "c1")
    hand.event("<ButtonPress-1>", LINE[0])
    hand.event("<B1-Motion>", LINE[1])
    window.update()
    assert picture_of(layers, "c1") != empty
    assert str(layers.told["text"]).startswith("Read: 1 · 90 %.")


def test_only_the_newest_of_a_burst_of_motions_is_looked_at(window, layers, hand, reader, monkeypatch):
    seen = []
    show = layers.presenter.show
    monkeypatch.setattr(layers.presenter, "show", lambda subject: seen.append(subject) or show(subject))
    hand.event("<ButtonPress-1>", (0.1, 0.1))
    for number in range(60):
        hand.event("<B1-Motion>", (0.1 + number / 100, 0.3))
    window.update()
    assert 1 <= len(seen) <= 5
    assert len(seen[-1].strokes[0]) == 61


def test_what_a_unit_reads_is_framed_on_the_page_and_a_place_of_the_page_in_the_layers(window, layers, hand):
    hand.draw(*LINE)
    x, y = unit_place(layers, "c1", (1, 12, 9))
    layers.sheets.event_generate("<Motion>", x=x, y=y)
    assert window.canvas.find_withtag("traced")
    assert "c1, map 2, row 13, column 10" in str(layers.told["text"])
    layers.sheets.event_generate("<Leave>")
    assert not window.canvas.find_withtag("traced")
    hand.event("<Motion>", (0.5, 0.3))
    assert layers.sheets.find_withtag("mark")
    assert "It is seen by" in str(layers.told["text"])
    window.canvas.event_generate("<Leave>")
    assert not layers.sheets.find_withtag("mark")


def test_a_click_shows_the_arithmetic_and_the_pen_changes_its_numbers(window, layers, hand):
    x, y = unit_place(layers, "c1", (1, 12, 12))
    layers.sheets.event_generate("<ButtonPress-1>", x=x, y=y)
    window.update()
    wait_until(window, layers.side.winfo_viewable)
    assert str(layers.side.title["text"]) == "c1, map 2, row 13, column 13"
    before = str(layers.side.sentences["text"])
    hand.draw(*LINE)
    assert str(layers.side.sentences["text"]) != before
    layers.side.close_button.invoke()
    window.update()
    assert not layers.side.winfo_viewable()


def test_a_map_is_switched_off_by_the_space_bar_and_it_is_read_without_it(window, layers, hand, reader):
    hand.draw(*LINE)
    layers.sheets.focus_force()
    wait_until(window, lambda: window.focus_get() is layers.sheets)
    for key in ("<Down>", "<Down>", "<Right>", "<space>"):
        layers.sheets.event_generate(key)
    window.update()
    assert window._controller.reader is not reader
    assert layers.presenter.off == {"c1": frozenset({1})}
    wait_until(window, lambda: "Of 20 digits" in str(layers.off["text"]))
    layers.all_on_button.invoke()
    window.update()
    assert window._controller.reader is reader
    assert not str(layers.off["text"])


def test_the_menu_of_a_map_says_what_can_be_done_with_it(window, layers, monkeypatch):
    monkeypatch.setattr(tk.Menu, "tk_popup", lambda *args: None)
    x, y = unit_place(layers, "c1", (0, 3, 3))
    layers.sheets.event_generate("<ButtonPress-3>", x=x, y=y)
    menu = layers.popped_up
    labels = [menu.entrycget(index, "label") for index in range(menu.index("end") + 1)]
    assert labels == ["Show how this number comes about", "Switch this map off"]
    menu.invoke(1)
    window.update()
    assert layers.presenter.off == {"c1": frozenset({0})}


def test_who_closes_it_has_all_maps_on_again(window, layers, reader):
    layers.presenter.switch("c1", 0)
    window.update()
    assert window._controller.reader is not reader
    window.inside.panel.close_button.invoke()
    window.update()
    assert window._controller.reader is reader


def test_kernels_and_the_scale_are_two_buttons(window, layers, hand):
    hand.draw(*LINE)
    by_map = picture_of(layers, "c1")
    layers.scope_button.invoke()
    assert picture_of(layers, "c1") != by_map
    layers.kernels_button.invoke()
    window.update()
    assert layers.sheets.rows[0].title == "c1: 6 kernels of 5×5"


def test_it_goes_into_a_window_of_its_own_and_back(window, layers, hand, settings_path):
    window.inside.panel.apart_button.invoke()
    apart = window.inside.apart
    wait_until(window, lambda: apart.winfo_ismapped() and window.inside.panel.layers.sheets._seen)
    assert load_settings(settings_path)[0].is_inside_apart
    before = picture_of(window.inside.panel.layers, "c1")
    hand.draw(*LINE)
    assert picture_of(window.inside.panel.layers, "c1") != before
    window.inside.panel.apart_button.invoke()
    wait_until(window, lambda: window.inside.panel.winfo_ismapped())
    assert not shown(window, tk.Toplevel)
    window.inside.panel.apart_button.invoke()
    apart = window.inside.apart
    wait_until(window, apart.winfo_ismapped)
    apart.focus_force()
    wait_until(window, lambda: window.focus_get() is apart)
    apart.event_generate("<Escape>")
    window.update()
    assert window.inside.panel is None
    assert not window.inside.is_open.get()


def test_its_breadth_is_remembered_and_it_opens_with_the_window(open_fake_window, settings_path):
    save_settings(Settings(is_inside_open=True, inside_width=333, width=1100, height=700), settings_path)
    window = open_fake_window()
    wait_until(window, lambda: window.inside.panel is not None and window.inside.panel.winfo_width() == 333)
    panes = window.inside._panes
    panes.sash_place(0, panes.winfo_width() - 420, 1)
    window.update()
    panes.event_generate("<ButtonRelease-1>", x=1, y=1)
    width = window.inside.panel.winfo_width()
    assert abs(width - 420) < 20
    window.close()
    assert is_closed(window)
    assert load_settings(settings_path)[0].inside_width == width


def test_beside_it_in_a_small_window_the_results_go_below_the_page(window, layers):
    def is_below():
        return window.bars.winfo_rooty() > window.canvas.winfo_rooty() + window.canvas.height

    window.geometry("640x480")
    wait_until(window, lambda: window.winfo_width() == 640 and is_below())
    assert window.bars.winfo_ismapped() and window.answer.winfo_ismapped()
    window.menus.choose("inside")
    wait_until(window, lambda: window.bars.winfo_rootx() > window.canvas.winfo_rootx() + window.canvas.width)
    assert window.preview.winfo_ismapped()


@pytest.mark.usefixtures("window_of_its_own")
def test_theme_and_language_are_followed_while_it_is_open(window, layers):
    window.appearance.theme.set("dark")
    window.appearance.choose_theme()
    window.update()
    assert str(layers.sheets["background"]) == PALETTES["dark"].window
    window.appearance.language.set("it")
    window.appearance.choose_language()
    wait_until(window, lambda: window.inside.panel is not None and window.inside.panel.layers is not layers)
    window.update()
    assert window.inside.panel.layers.kernels_button["text"] != "Kernels"


def test_another_network_is_looked_into_as_soon_as_it_reads(window, layers, keep):
    shown_before = len(layers.sheets.rows)
    layers.presenter.switch("c1", 0)
    window.update()
    window._use_network(keep("Mine"), False)
    window.update()
    assert not layers.presenter.off
    assert len(layers.sheets.rows) == shown_before


def test_a_drawing_is_replayed_before_ones_eyes(window, layers, hand, reader):
    hand.draw(*[(0.2 + step / 50, 0.3) for step in range(20)])
    hand.draw(*OTHER)
    reader.seen.clear()
    window.inside.panel.replay_button.invoke()
    assert window._controller.is_replaying
    wait_until(window, lambda: not window._controller.is_replaying)
    window.update()
    lengths = [sum(map(len, seen)) for seen in reader.seen]
    assert lengths == sorted(lengths) and len(set(lengths)) > 5
    assert window.answer.symbol == "2"


def test_a_second_click_ends_the_replay(window, layers, hand):
    hand.draw(*LINE)
    hand.draw(*OTHER)
    window.inside.panel.replay_button.invoke()
    window.inside.panel.replay_button.invoke()
    assert not window._controller.is_replaying
    window.update()
    assert window.answer.symbol == "2"


def opened(window):
    window.menus.choose("inside")
    wait_until(window, lambda: window.inside.panel is not None and window.inside.panel.winfo_width() > 1)
    window.update()


def test_a_window_that_it_made_broader_is_as_narrow_as_before_when_it_closes(window):
    before = window.winfo_width()
    opened(window)
    wait_until(window, lambda: window.winfo_width() > before)
    window.menus.choose("inside")
    wait_until(window, lambda: window.winfo_width() == before)


def test_a_window_that_goes_apart_gives_the_room_back_and_takes_it_again(window):
    before = window.winfo_width()
    opened(window)
    wait_until(window, lambda: window.winfo_width() > before)
    window.inside.panel.apart_button.invoke()
    wait_until(window, lambda: window.winfo_width() == before)
    window.inside.panel.apart_button.invoke()
    wait_until(window, lambda: window.winfo_width() > before)


def test_a_window_that_the_person_sized_meanwhile_stays_as_it_is(window):
    before = window.winfo_width()
    opened(window)
    wait_until(window, lambda: window.winfo_width() > before)
    sized = window.winfo_width() - 40
    window.geometry(f"{sized}x{window.winfo_height()}")
    wait_until(window, lambda: window.winfo_width() == sized)
    window.menus.choose("inside")
    for _ in range(3):
        window.update()
    assert window.winfo_width() == sized


def test_a_window_that_fills_the_screen_is_neither_made_broader_nor_narrower(window, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(window.inside), "_fills_the_screen", True)
        before = window.geometry()
        opened(window)
        window.menus.choose("inside")
        window.update()
        assert window.geometry() == before
    opened(window)
    wait_until(window, lambda: window.geometry() != before)
    broader = window.winfo_width()
    monkeypatch.setattr(type(window.inside), "_fills_the_screen", True)  # maximised by now
    window.menus.choose("inside")
    window.update()
    assert window.winfo_width() == broader


def test_where_the_screen_has_no_room_beside_the_page_it_lies_apart_and_cannot_be_turned(window, monkeypatch):
    monkeypatch.setattr("tkinter.Misc.winfo_screenwidth", lambda self: 560)
    opened(window)
    assert window.inside.apart is not None
    assert not window.inside.panel.apart_button.winfo_ismapped()
    assert not window._settings.is_inside_apart  # it is the screen's wish, not the person's


def stops(window, root):
    """Where Tab comes to, from one round to the next."""
    found, here = [], root.tk_focusNext()
    while here is not None and str(here) not in map(str, found):
        found.append(here)
        here = here.tk_focusNext()
    return found


@pytest.mark.usefixtures("idle_jobs_inside")
@pytest.mark.parametrize("is_apart", [False, True])
def test_tab_comes_to_nothing_that_does_not_show_that_it_has_the_keys(window, layers, hand, is_apart):
    hand.draw(*LINE)
    if is_apart:
        window.inside.panel.apart_button.invoke()
    window.update()
    panel = window.inside.panel
    for name in ("layers", "why", "map", "film", "compare"):
        panel.open_tab(name)
        window.update()
        kinds = [each.winfo_class() for each in stops(window, window.inside.apart or window)]
        assert not {"TFrame", "TLabel", "Toplevel"} & set(kinds)
        assert "TNotebook" in kinds
    buttons = [each for each in stops(window, window.inside.apart or window) if each.master is panel._head]
    assert buttons == [panel.apart_button, panel.replay_button, panel.close_button]  # as one reads


@pytest.mark.usefixtures("window_of_its_own")
def test_apart_the_keys_of_the_window_work_too_and_one_sees_where_they_are(window, layers, hand):
    hand.draw(*LINE)
    window.inside.panel.apart_button.focus_force()
    window.inside.panel.apart_button.invoke()
    window.update()
    panel = window.inside.panel
    assert window.inside.apart.focus_lastfor() is panel.apart_button
    assert window.focus_lastfor() is window.canvas  # who goes back there sees where the keys are
    panel.notebook.focus_force()
    wait_until(window, lambda: window.focus_get() is panel.notebook)
    panel.notebook.event_generate("<Control-z>")
    assert window._controller.stroke_count == 0
    window.menus.choose("tour")
    panel.notebook.event_generate("<Control-Next>")
    assert panel.front is panel.layers
    panel.notebook.event_generate("<Control-Next>")
    assert panel.front is panel.why
    panel.notebook.event_generate("<F2>")
    window.update()
    assert window.inside.panel is None
    window.canvas.event_generate("<F2>")
    window.update()
    assert window.inside.apart.focus_lastfor() is window.inside.panel.notebook


def test_where_the_tabs_are_a_list_that_has_the_keys(window, layers):
    panel = window.inside.panel
    panel._as_tabs.winfo_reqwidth = lambda: 10_000
    panel._fit()
    window.update()
    found = stops(window, window)
    assert panel.tab_list in found
    assert panel.notebook not in found
    panel.take_keys()
    assert window.focus_lastfor() is panel.tab_list
