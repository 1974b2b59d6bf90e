"""app/store/remembered.py: a change holds, is written, and undoes nothing that another window has chosen."""

from app.store.remembered import Remembered
from app.store.settings import Settings, load_settings


def test_a_change_holds_and_is_written(tmp_path):
    remembered = Remembered(Settings(pen="thin"), tmp_path / "s.json")
    assert remembered.change(theme="dark")
    assert (remembered.settings.theme, remembered.settings.pen) == ("dark", "thin")
    assert load_settings(tmp_path / "s.json")[0].theme == "dark"


def test_what_another_window_has_chosen_stays(tmp_path):
    here, there = (Remembered(Settings(), tmp_path / "s.json") for _ in range(2))
    there.change(zoom=150)
    here.change(theme="dark")
    stored, _ = load_settings(tmp_path / "s.json")
    assert (stored.zoom, stored.theme) == (150, "dark")
    assert here.settings.zoom == 100


def test_of_a_damaged_file_all_is_written_anew(tmp_path):
    (tmp_path / "s.json").write_text("{")
    Remembered(Settings(pen="thin"), tmp_path / "s.json").change(theme="dark")
    stored, trouble = load_settings(tmp_path / "s.json")
    assert (stored.pen, stored.theme, trouble) == ("thin", "dark", None)


def test_where_it_cannot_be_written_it_holds_all_the_same(tmp_path):
    (tmp_path / "file").touch()
    remembered = Remembered(Settings(), tmp_path / "file" / "s.json")
    assert not remembered.change(theme="dark")
    assert remembered.settings.theme == "dark"
