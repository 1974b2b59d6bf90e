"""app/page/start.py: which network reads first, and what is said of it."""

import pytest

from app.page.start import prepare_start
from app.store.settings import Settings, save_settings
from tests.app.fakes import FakeReader, load_fake_reader


@pytest.fixture
def prepare(reader, settings_path):
    def prepare(is_default=True):
        return prepare_start(
            reader, settings_path=settings_path, load_reader=load_fake_reader, is_default=is_default
        )

    return prepare


@pytest.fixture
def chosen(settings_path, tmp_path):
    """A network that the person has chosen for the start."""
    folder = tmp_path / "mine"
    folder.mkdir()
    save_settings(Settings(network=str(folder), theme="dark"), settings_path)
    return folder


def test_a_first_start_has_the_network_that_ships_and_the_defaults(prepare, reader):
    start = prepare()
    assert start.reader is reader
    assert (start.settings, start.message) == (Settings(), None)


def test_the_network_that_was_chosen_reads_first(prepare, chosen):
    start = prepare()
    assert start.reader == FakeReader(chosen)
    assert (start.settings.theme, start.message) == ("dark", None)


def test_one_that_is_named_on_the_command_line_comes_before_it(prepare, chosen, reader):
    start = prepare(is_default=False)
    assert start.reader is reader
    assert (start.settings.theme, start.message) == ("dark", None)


def test_one_that_is_gone_gives_way_to_the_one_that_ships_with_a_message(prepare, chosen, reader):
    chosen.rmdir()
    start = prepare()
    assert start.reader is reader
    assert start.settings.network == str(chosen)  # it may come back, as on another disk
    assert start.message == (
        "mine, chosen for the start, cannot be opened. The network that ships reads instead."
    )


def test_damaged_settings_are_told(prepare, settings_path):
    settings_path.parent.mkdir()
    settings_path.write_text("{")
    start = prepare()
    assert start.settings == Settings()
    assert "settings.damaged.json" in start.message
