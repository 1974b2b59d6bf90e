"""app/gui/inside/film_bar.py: in the real window, with a network that keeps a film of its training."""

import numpy as np
import pytest
from PIL import Image

from app.page.drawing import Stroke
from engine import Recognizer, build_network, save_network
from engine.explaining.film import FILM_FILE, Film
from tests.app.fakes import JobHere
from tests.app.hand import is_shown, wait_until
from tests.digit_templates import digit_strokes

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def folder(tmp_path, rng):
    """A network that read whatever there was as a 3 at first, and then as a 5."""
    network = build_network("mlp-tanh", rng=rng)
    pictures = []
    for digit in (3, 5):
        state = network.state()
        bias = [name for name in state if name.endswith("bias")][-1]
        state[bias][...] = 20 * np.eye(10)[digit]
        network.load_state(state)
        pictures.append(np.concatenate([array.value.ravel() for array in network.arrays]))
    film = Film(np.array([0, 10]), np.array([0, 1]), np.stack(pictures).astype(np.float16))
    save_network(network, tmp_path / "network", attachments={FILM_FILE: film.to_bytes()})
    return tmp_path / "network"


@pytest.fixture
def reader(folder):
    return Recognizer.load(folder)


@pytest.fixture
def bar(window):
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(7)])
    window.menus.choose("inside")
    wait_until(window, lambda: window.inside.panel is not None and is_shown(window.inside.panel.film))
    window.update()
    return window.inside.panel.film


def test_all_of_the_window_follows_the_slider(window, bar):
    assert window.answer.symbol == "5"
    bar.slider.set(0)
    window.update()
    assert window.answer.symbol == "3"
    assert str(bar.told["text"]) == "Step 0, epoch 0"
    bar.slider.set(2)
    window.update()
    assert window.answer.symbol == "5"
    assert str(bar.told["text"]) == "As it was saved"


def test_it_plays_to_the_end(window, bar):
    bar.play_button.invoke()
    window.update()
    assert window.answer.symbol == "3"
    assert str(bar.play_button["text"]) == "Stop"
    wait_until(window, lambda: str(bar.play_button["text"]) == "Play")
    window.update()
    assert window.answer.symbol == "5"


def test_closed_the_network_reads_as_it_was_saved(window, bar, reader):
    bar.slider.set(0)
    window.update()
    window.inside.panel.close_button.invoke()
    window.update()
    assert window._controller.reader is reader
    assert window.answer.symbol == "5"


def test_a_damaged_film_is_told_and_is_none(window, folder):
    (folder / FILM_FILE).write_bytes(b"damaged")
    window.menus.choose("inside")
    window.update()
    assert not is_shown(window.inside.panel.film)
    assert FILM_FILE in window.status.message


def test_the_film_of_the_drawing_is_saved_as_a_gif_beside_the_window(window, bar, tmp_path, monkeypatch):
    monkeypatch.setattr("app.gui.inside.desk.Job", JobHere)
    path = tmp_path / "seven.gif"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **options: str(path))
    bar.save_button.invoke()
    assert window.status.message == "Saving seven.gif…"
    wait_until(window, lambda: window.status.message == "Saved seven.gif.")
    with Image.open(path) as gif:
        assert gif.n_frames == 2


def test_of_an_empty_page_there_is_no_film_and_nothing_is_asked(window, bar, monkeypatch):
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **options: pytest.fail("it asks"))
    window._controller.clear()
    window.update()
    bar.save_button.invoke()
    assert window.status.message.startswith("The page is empty.")


def test_a_place_that_cannot_be_written_to_is_told(window, bar, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "tkinter.filedialog.asksaveasfilename", lambda **options: str(tmp_path / "gone" / "seven.gif")
    )
    bar.save_button.invoke()
    wait_until(window, lambda: window.status.message != "Saving seven.gif…")
    assert window.status.message == "There is no seven.gif."
