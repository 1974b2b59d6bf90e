"""app/settings.py: what is remembered, and files that make no sense."""

import json

import pytest

from app.settings import Settings, load_settings, save_settings

CHANGED = Settings(
    width=900, height=700, theme="dark", pen="thick", network="/mine/networks/a", data="/mine/data"
)


def test_settings_are_read_back_as_they_were_saved(tmp_path):
    path = tmp_path / "new folder" / "settings.json"
    save_settings(CHANGED, path)
    assert load_settings(path) == (CHANGED, None)


def test_a_first_start_has_the_defaults_and_no_message(tmp_path):
    assert load_settings(tmp_path / "settings.json") == (Settings(), None)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"dark"', b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_set_aside_with_a_message(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings, message = load_settings(path)
    assert settings == Settings()
    assert "settings.damaged.json" in message
    assert not path.exists()
    assert (tmp_path / "settings.damaged.json").read_bytes() == content


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("width", -1),
        ("width", True),
        ("width", 1e9),
        ("height", 10**9),
        ("height", "tall"),
        ("theme", "pink"),
        ("theme", ["dark"]),
        ("pen", None),
        ("pen", {}),
        ("network", 7),
        ("network", ""),
        ("network", "a\0b"),
        ("data", ["/mine"]),
    ],
)
def test_a_value_without_sense_becomes_the_default_and_the_others_stay(tmp_path, name, value):
    path = tmp_path / "settings.json"
    save_settings(CHANGED, path)
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    settings, message = load_settings(path)
    assert getattr(settings, name) == getattr(Settings(), name)
    assert sum(getattr(settings, n) == getattr(CHANGED, n) for n in vars(CHANGED)) == len(vars(CHANGED)) - 1
    assert message is None


def test_keys_of_a_later_version_are_ignored(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "language": "fr"}')
    assert load_settings(path) == (Settings(theme="dark"), None)


def test_settings_that_cannot_be_read_are_left_alone_with_a_message(tmp_path):
    (tmp_path / "settings.json").mkdir()
    settings, message = load_settings(tmp_path / "settings.json")
    assert settings == Settings()
    assert "could not be read" in message
