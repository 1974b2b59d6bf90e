"""app/gui/theme.py: colours that can be read, and the theme on a real root."""

import tkinter as tk
from tkinter import font, ttk

import pytest

from app.gui.theme import (
    MENU_BAR,
    PALETTES,
    READ_LABEL,
    apply_theme,
    font_of_size,
    line_height,
    pixels,
    screen_scale,
    set_zoom,
    shortened,
    text_width,
)
from app.store.settings import PEN_COLOURS
from tests.app.contrast import contrast
from tests.app.hand import wait_until


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_can_be_read(palette):
    for text in (palette.text, palette.muted, palette.accent, palette.error):
        assert contrast(text, palette.window) >= 4.5
    assert contrast(palette.muted, palette.paper) >= 4.5
    assert contrast(palette.ink, palette.paper) >= 7
    for pen in palette.pens.values():
        assert contrast(pen, palette.paper) >= 4.5


def test_every_theme_has_all_the_pens_of_the_settings():
    for palette in PALETTES.values():
        assert tuple(palette.pens) == PEN_COLOURS
        assert len(set(palette.pens.values())) == len(PEN_COLOURS)
        assert palette.pens["ink"] == palette.ink


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_it_is_seen_where_the_page_and_a_full_bar_end_and_what_has_the_keys(palette):
    for line in (palette.edge, palette.accent):
        assert contrast(line, palette.window) >= 3
        assert contrast(line, palette.paper) >= 3


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_a_tint_goes_from_quiet_to_the_accent_and_is_seen_on_the_page(palette):
    assert (palette.tint(0), palette.tint(1)) == (palette.muted, palette.accent)
    tints = [palette.tint(percent / 100) for percent in range(101)]
    assert min(contrast(tint, palette.paper) for tint in tints) >= 3
    assert len(set(tints)) > 50


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_shades_go_from_paper_to_ink(palette):
    assert palette.paper == "#" + 3 * f"{palette.shades[0]:02x}"
    assert palette.ink == "#" + 3 * f"{palette.shades[255]:02x}"


def test_a_theme_styles_widgets_and_menus_live(root):
    menu = tk.Menu(root)
    for name in ("dark", "light"):
        palette = apply_theme(root, name)
        root.update()
        assert palette == PALETTES[name]
        assert str(ttk.Style(root).lookup("TLabel", "background")) == palette.window
        for each in (menu, tk.Menu(root)):  # one that was there before, one that is made then
            assert str(each["background"]) == palette.menu
            assert contrast(each["foreground"], each["background"]) >= 7
            assert contrast(each["selectcolor"], each["background"]) >= 7
            assert contrast(each["activeforeground"], each["activebackground"]) >= 4.5
            assert contrast(each["disabledforeground"], each["background"]) >= 2.5


def test_the_bar_of_menus_is_like_the_window_also_in_the_next_theme(root):
    bar = tk.Menu(root, name=MENU_BAR)
    bar.add_cascade(label="Edit", menu=tk.Menu(bar))
    root.configure(menu=bar)
    for name in ("dark", "light"):
        palette = apply_theme(root, name)
        root.update()
        for each in (str(bar), f".#{MENU_BAR}"):  # what shows is a copy of it
            assert str(root.tk.call(each, "cget", "-background")) == palette.window
            assert str(root.tk.call(each, "cget", "-foreground")) == palette.text
    root.configure(menu="")


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("kind", [ttk.Checkbutton, ttk.Radiobutton])
def test_a_line_shows_which_check_or_choice_has_the_keys(root, name, kind):
    accent = apply_theme(root, name).accent
    choice = kind(root, text="A choice")
    choice.pack()
    choice.focus_force()
    wait_until(root, lambda: choice.instate(["focus"]))
    around = ttk.Style(root)
    assert f"{kind.__name__}.focus" in str(around.layout(choice.winfo_class()))
    assert around.lookup(choice.winfo_class(), "focuscolor") == accent


@pytest.mark.parametrize("name", PALETTES)
def test_a_line_shows_that_words_to_be_read_first_have_the_keys(root, name):
    accent = apply_theme(root, name).accent
    words, style = ttk.Label(root, text="99 %", style=READ_LABEL), ttk.Style(root)
    assert "Label.focus" in str(style.layout(words["style"]))
    assert style.lookup(words["style"], "focuscolor") == accent


def test_what_has_too_little_room_keeps_as_much_of_its_beginning_as_fits(root):
    face, text = font_of_size(root, 14), "A name of some length"
    whole = text_width(root, face, text)
    assert shortened(root, face, text, whole) == text
    for room in range(text_width(root, face, "…"), whole, 7):
        kept = shortened(root, face, text, room).removesuffix("…")
        assert text_width(root, face, kept + "…") <= room
        longer = text[: len(kept) + 2]  # its next letter, and the one after a space
        assert text_width(root, face, longer + "…") > room
    assert shortened(root, face, text, 0) == "…"


@pytest.mark.parametrize("name", ["light", "dark", "light"])
def test_the_row_that_the_keys_are_at_stands_out_in_a_list(root, name):
    palette, style = apply_theme(root, name), ttk.Style(root)
    at_keys = style.lookup("Treeview", "background", ["selected", "focus"])
    assert at_keys == palette.accent
    assert style.lookup("Treeview", "background", ["selected"]) not in (at_keys, palette.window)
    assert contrast(style.lookup("Treeview", "foreground", ["selected", "focus"]), at_keys) >= 4.5
    assert contrast(style.lookup("Treeview", "foreground", ["selected"]), palette.faint) >= 4.5


def test_sizes_grow_with_the_screens_resolution(root, monkeypatch):
    monkeypatch.setattr(root, "winfo_fpixels", lambda length: 192.0)
    assert screen_scale(root) == 2
    assert pixels(root, 15) == 30
    monkeypatch.setattr(root, "winfo_fpixels", lambda length: 72.0)
    assert screen_scale(root) == 1


def test_sizes_and_letters_grow_with_the_zoom(root):
    def height(font_name):
        return font.nametofont(font_name, root).metrics("linespace")

    names = ("SunValleyBodyFont", "TkMenuFont", "TkTextFont")
    before = [height(font_name) for font_name in names]
    set_zoom(root, 200)
    apply_theme(root, "light")
    assert pixels(root, 15) == 30
    for font_name, lower in zip(names, before, strict=True):
        assert height(font_name) == pytest.approx(2 * lower, abs=2)
    set_zoom(root, 80)
    assert pixels(root, 15) == 12


def test_the_rows_of_lists_have_room_for_their_writing(root):
    for theme in PALETTES:
        apply_theme(root, theme)
        line = font.nametofont("SunValleyBodyFont", root).metrics("linespace")
        assert line < int(ttk.Style(root).lookup("Treeview", "rowheight")) < 2 * line


def test_writing_of_a_size_of_its_own_is_measured_to_the_pixel(root):
    """A size in points would be coarser: 14 pixels became 13 on a screen of 96 dots an inch."""
    widths = [text_width(root, font_of_size(root, size), "100 %") for size in (13, 14, 15)]
    assert widths == sorted(set(widths))
    assert text_width(root, font_of_size(root, 14, bold=True), "100 %") > widths[1]
    assert line_height(root, font_of_size(root, 28)) > line_height(root, font_of_size(root, 14)) >= 14
