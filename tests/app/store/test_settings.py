"""app/store/settings.py: what is remembered, and files that make no sense."""

import json
import os

import pytest

from app.store.settings import Settings, load_settings, save_settings

CHANGED = Settings(
    width=900,
    height=700,
    is_maximised=True,
    theme="dark",
    pen="thick",
    pen_colour="blue",
    language="it",
    zoom=150,
    right_erases=True,
    collects=True,
    recent=("/mine/seven.png", "/mine/drawing.jsonl"),
    network="/mine/networks/a",
    data="/mine/data",
)
LARGE = b'{"theme": "dark"}' + b" " * 2**20  # JSON, but by no means settings


def test_settings_are_read_back_as_they_were_saved(tmp_path):
    path = tmp_path / "new folder" / "settings.json"
    save_settings(CHANGED, path)
    assert load_settings(path) == (CHANGED, None)


def test_a_first_start_has_the_defaults_and_no_message(tmp_path):
    assert load_settings(tmp_path / "settings.json") == (Settings(), None)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'"dark"', b"null", b"\xff\xfe", b"[" * 100_000, LARGE, b"9" * 9999]
)
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
        ("is_maximised", 1),
        ("theme", "pink"),
        ("theme", ["dark"]),
        ("pen", None),
        ("pen", {}),
        ("pen_colour", "white"),
        ("pen_colour", ["red"]),
        ("language", "../it"),
        ("recent", "/mine"),
        ("recent", {"/mine": 1}),
        ("right_erases", "yes"),
        ("zoom", 1),
        ("zoom", "150"),
        ("zoom", 150.0),
        ("language", ["it"]),
        ("network", 7),
        ("network", ""),
        ("network", "a\0b"),
        ("network", "\ud800"),
        ("network", "n" * 5000),
        ("network", "数" * 2000),
        ("data", "\udfff/data"),
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


def test_of_the_files_in_use_last_those_stay_that_make_sense(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"recent": ["/a.png", 7, "", None, *(f"/{n}.png" for n in range(20))]}))
    recent = load_settings(path)[0].recent
    assert recent[:2] == ("/a.png", "/0.png")
    assert len(recent) == 8


def test_keys_of_a_later_version_are_ignored(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "weather": "fair"}')
    assert load_settings(path) == (Settings(theme="dark"), None)


def test_settings_that_cannot_be_read_are_left_alone_with_a_message(tmp_path):
    (tmp_path / "settings.json").mkdir()
    settings, message = load_settings(tmp_path / "settings.json")
    assert settings == Settings()
    assert "could not be read" in message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "settings.json")
    settings, message = load_settings(tmp_path / "settings.json")
    assert settings == Settings()
    assert (
        message
        == "The settings could not be read: it is a pipe, and only files are read. Using the defaults."
    )


def test_any_json_whatever_gives_settings_that_can_be_used(tmp_path, rng):
    """Each name with each kind of value, in files made at random."""
    odd = [None, True, -1, 0, 7, 1e999, 10**400, "", "light", "\ud800", "\0", "x" * 10**5, [], {}, [[1]]]
    names = [*vars(Settings()), "other", "\ud800"]
    path = tmp_path / "settings.json"
    for _ in range(300):
        path.write_text(json.dumps({str(name): odd[rng.integers(len(odd))] for name in rng.choice(names, 4)}))
        settings, message = load_settings(path)
        assert message is None
        for where in (settings.network, settings.data):
            assert where is None or os.fsencode(where)
        save_settings(settings, path)
        assert load_settings(path) == (settings, None)
