"""app/gui/inside/film_tab.py: in the real window, with a network that keeps a film and digits at hand."""

import shutil

import numpy as np
import pytest

from app.page.drawing import Stroke
from app.store.networks import describe
from app.store.settings import Settings, save_settings
from engine import Dataset, Recognizer, TrainingConfig, TrainingRun, save_network
from engine.explaining.film import FILM_FILE, Film
from tests.app.fakes import JobHere
from tests.app.hand import is_shown, wait_until
from tests.digit_templates import digit_images, digit_strokes, write_mnist

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A folder with a network that has the film of its training, and data with fifty test digits."""
    folder, rng = tmp_path_factory.mktemp("learnt"), np.random.default_rng(0)
    write_mnist(folder / "data" / "mnist", train=20, test=50, rng=rng)
    config = TrainingConfig(architecture="mlp-tanh", epochs=4, batch_size=32, validation_fraction=1 / 12)
    run = TrainingRun(Dataset(*digit_images(360, rng)), config)
    list(run)
    taken = run.snapshots
    film = Film.of_run(taken.steps, taken.weights, steps_per_epoch=run.steps_per_epoch)
    save_network(run.network, folder / "network", attachments={FILM_FILE: film.to_bytes()})
    return folder


@pytest.fixture
def reader(learnt, settings_path):
    save_settings(Settings(data=str(learnt / "data")), settings_path)
    return Recognizer.load(learnt / "network")


@pytest.fixture
def here(monkeypatch):
    """No other process is started for what the panel asks."""
    monkeypatch.setattr("app.gui.inside.desk.Job", JobHere)


@pytest.fixture
def tab(window):
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(7)])
    window.menus.choose("inside")
    window.update()
    window.inside.open_tab("film")
    tab = window.inside.panel.learnt
    wait_until(window, lambda: tab.curve.shares, timeout=60)
    window.update()
    return tab


def test_the_curve_and_its_mark_follow_the_slider(here, window, tab):
    assert is_shown(tab.curve)
    assert tab.curve.shares[0] < 0.5 < tab.curve.shares[-1]
    assert str(tab.told["text"]).startswith("As it was saved, it reads ")
    window.inside.panel.film.slider.set(0)
    window.update()
    assert tab.curve.marked == 0
    assert str(tab.told["text"]).startswith("After step 0 it read ")


def test_digits_that_were_learnt_are_shown_and_a_click_puts_one_on_the_page(here, window, tab):
    first, last, forgotten = tab.grids
    assert is_shown(first) and is_shown(last)
    assert 0 < len(first.tiles) <= first.capacity
    assert all("\nfrom step " in tile.caption for tile in first.tiles)
    assert is_shown(forgotten) == bool(forgotten.tiles)
    x0, y0, x1, y1 = first.box(0)
    first.event_generate("<Button-1>", x=round((x0 + x1) / 2), y=round((y0 + y1) / 2))
    window.update()
    assert window._controller._drawing.picture is not None
    assert window.status.message == first.tiles[0].caption.replace("\n", " ")


def test_a_network_without_a_film_offers_one_that_keeps_one(window, here, learnt, keep, monkeypatch):
    """Among those that ship, here; the keys do not stay at the button, which goes."""
    monkeypatch.setattr("app.gui.inside.desk.list_shipped", lambda folder: [describe(learnt / "network")])
    monkeypatch.setattr(window._controller, "_load_reader", Recognizer.load)
    window._controller.open_network(keep("no film"))
    window.menus.choose("inside")
    window.update()
    window.inside.open_tab("film")
    window.update()
    panel = window.inside.panel
    assert is_shown(panel.learnt.open_button) and not is_shown(panel.film)
    assert str(panel.learnt.open_button["text"]) == "Open network"
    panel.learnt.open_button.focus_force()
    wait_until(window, lambda: window.focus_get() is panel.learnt.open_button)
    panel.learnt.open_button.event_generate("<space>")
    wait_until(window, lambda: panel.learnt.curve.shares)
    assert window._controller.reader.folder == learnt / "network"
    assert is_shown(panel.film) and not is_shown(panel.learnt.open_button)
    assert window.focus_get() is panel.notebook


def test_one_whose_film_is_damaged_is_not_offered_itself(window, here, learnt, tmp_path, monkeypatch):
    damaged = tmp_path / "damaged"
    shutil.copytree(learnt / "network", damaged)
    (damaged / FILM_FILE).write_bytes(b"no film")
    monkeypatch.setattr("app.gui.inside.desk.list_shipped", lambda folder: [describe(damaged)])
    monkeypatch.setattr(window._controller, "_load_reader", Recognizer.load)
    window._controller.open_network(damaged)
    window.menus.choose("inside")
    window.inside.open_tab("film")
    window.update()
    assert not is_shown(window.inside.panel.learnt.open_button)
    assert FILM_FILE in window.status.message


def test_it_follows_the_theme_and_its_job_ends_with_it(window, tab):
    window.menus.pick("theme", "dark")
    window.update()
    assert tab.curve["background"] == window.appearance.palette.window
    tab.begin()
    job = tab.job
    window.menus.choose("inside")
    window.update()
    assert not job.is_running
