"""app/gui/exchange.py: what is opened, saved and copied, by the real window; see also test_window.py."""

from tkinter import filedialog

import pytest

from app.page import page_picture
from engine import SavedNetwork, build_network, save_network


def choose(monkeypatch, path):
    for name in ("askopenfilename", "asksaveasfilename"):
        monkeypatch.setattr(filedialog, name, lambda **options: str(path))


def recent(window):
    return [path for path in window._settings.recent]


def test_what_was_opened_is_remembered_the_last_first(window, tmp_path, monkeypatch):
    for name in ("a.png", "b.png"):
        (tmp_path / name).touch()
        choose(monkeypatch, tmp_path / name)
        window.exchange.open()
    assert recent(window) == [str(tmp_path / "b.png"), str(tmp_path / "a.png")]


def test_what_could_not_be_opened_is_not(window, tmp_path, monkeypatch):
    choose(monkeypatch, tmp_path / "missing.png.txt")
    window.exchange.open()
    assert recent(window) == []


@pytest.mark.parametrize(("name", "is_opened_here"), [("a.jsonl", True), ("a.svg", False)])
def test_what_was_saved_is_remembered_where_it_can_be_opened(
    window, hand, tmp_path, monkeypatch, name, is_opened_here
):
    hand.draw((0.2, 0.3), (0.8, 0.3))
    choose(monkeypatch, tmp_path / name)
    window.exchange.save()
    assert (tmp_path / name).exists()
    assert bool(recent(window)) == is_opened_here


def test_nothing_is_saved_of_an_empty_page(window, tmp_path, monkeypatch):
    choose(monkeypatch, tmp_path / "a.jsonl")
    window.exchange.save()
    assert not (tmp_path / "a.jsonl").exists()
    assert window.status.message == "There is no drawing to save yet."


def test_the_network_that_reads_is_exported_by_the_menu(window, tmp_path, monkeypatch, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "network")
    window._controller.open_network(tmp_path / "network")
    asked = {}

    def ask(**options):
        asked.update(options)
        return str(tmp_path / "my.lenet")

    monkeypatch.setattr(filedialog, "asksaveasfilename", ask)
    window.menus.choose("export network")
    assert window.status.message == "Saved the network as my.lenet."
    assert SavedNetwork.load(tmp_path / "my.lenet").facts.architecture == "lenet5"
    assert asked["initialfile"] == "network.lenet"
    assert [pattern for _, pattern in asked["filetypes"]] == ["*.lenet", "*.onnx", "*.safetensors", "*.npz"]
    choose(monkeypatch, "")
    window.menus.choose("export network")
    assert window.status.message == "Saved the network as my.lenet."  # nothing was done


def test_a_copied_drawing_is_a_square_picture(window, hand, monkeypatch):
    copied = []
    monkeypatch.setattr("app.gui.clipboard.copy_picture", lambda *picture: copied.append(picture))
    hand.draw((0.2, 0.3), (0.8, 0.3))
    window.exchange.copy_drawing()
    ((rgba, width, height),) = copied
    assert (width, height) == (page_picture.SIDE,) * 2
    assert len(rgba) == 4 * width * height
