"""app/gui/scaled_theme.py: indicators, borders and paddings as large as the letters."""

import tkinter as tk
from contextlib import contextmanager
from tkinter import ttk

import pytest
import sv_ttk

from app.gui import scaled_theme
from app.gui.scaled_theme import use_theme

# But the rows of lists, which app.gui.theme measures.
_ALL_OF_A_THEME = """apply {{} {list [ttk::style theme use] [lsort [ttk::style element names]] \
    [lmap style {. TButton Accent.TButton TCheckbutton TCombobox TEntry TFrame TLabel TMenubutton TNotebook
        TPanedwindow TRadiobutton TScale Horizontal.TScrollbar TSpinbox Switch.TCheckbutton} {
        list $style [catch {ttk::style layout $style} layout] $layout [ttk::style configure $style] \
            [ttk::style map $style]}] \
    [lmap name [lsort [font names]] {list $name [font configure $name]}] \
    [lmap tag {Tk TEntry TCombobox TSpinbox Menu} {list $tag [bind $tag <<ThemeChanged>>]}] \
    [. cget -background]}}"""


@contextmanager
def closing_root():
    root = tk.Tk()
    yield root
    root.destroy()


def asked_for(root, kind, **options):
    widget = kind(root, **options)
    size = widget.winfo_reqwidth(), widget.winfo_reqheight()
    widget.destroy()
    return size


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("scale", [2, 1.5, 0.75])
def test_a_widget_without_letters_grows_by_the_scale(root, name, scale):
    use_theme(root, name, 1)
    before = [asked_for(root, kind) for kind in (ttk.Checkbutton, ttk.Radiobutton, ttk.Scale)]
    use_theme(root, name, scale)
    after = [asked_for(root, kind) for kind in (ttk.Checkbutton, ttk.Radiobutton, ttk.Scale)]
    for (width, height), (new_width, new_height) in zip(before[:2], after[:2], strict=True):
        # the line around what has the keys stays thin
        assert new_width == pytest.approx(width * scale, abs=4)
        assert new_height == pytest.approx(height * scale, abs=4)
    assert after[2][1] == pytest.approx(before[2][1] * scale, abs=3)


def test_colours_and_menus_follow_a_scaled_theme_as_they_do_the_theme_itself(root):
    style = ttk.Style(root)
    for name in ("light", "dark"):
        use_theme(root, name, 1)
        root.update()
        colours = [style.lookup(".", option) for option in ("background", "foreground", "font")]
        use_theme(root, "light" if name == "dark" else "dark", 1)
        use_theme(root, name, 2)
        root.update()
        assert [style.lookup(".", option) for option in ("background", "foreground", "font")] == colours


def test_the_theme_that_is_not_shown_is_not_made(display):
    with closing_root() as root:
        for name, other in (("dark", ["sun-valley-light"]), ("light", [])):
            use_theme(root, name, 1)
            names = ttk.Style(root).theme_names()
            assert f"sun-valley-{name}" in names
            assert [theme for theme in ("sun-valley-light", "sun-valley-dark") if theme not in names] == other


def test_each_theme_alone_is_as_sv_ttk_makes_it(display):
    """Whatever it tells of itself, of one that was made alone and first, and of one that came second."""
    with closing_root() as whole, closing_root() as ours:
        for name in ("dark", "light"):
            sv_ttk.set_theme(name, whole)
            use_theme(ours, name, 1)
            for root in (whole, ours):
                root.update()
            assert ours.tk.eval(_ALL_OF_A_THEME) == whole.tk.eval(_ALL_OF_A_THEME)


def test_a_scale_is_made_once(root, monkeypatch):
    use_theme(root, "light", 2)
    monkeypatch.setattr(scaled_theme, "_make", None)
    use_theme(root, "dark", 1)
    use_theme(root, "light", 2)
    assert ttk.Style(root).theme_use() == "sun-valley-light@2"


def test_a_library_that_is_made_otherwise_stays_small(root, monkeypatch, tmp_path, caplog):
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "light.tcl").write_text("# nothing of the kind\n")
    monkeypatch.setattr(scaled_theme.sv_ttk, "TCL_THEME_FILE_PATH", tmp_path / "sv.tcl")
    use_theme(root, "light", 2)
    assert ttk.Style(root).theme_use() == "sun-valley-light"
    assert "stays small" in caplog.text
