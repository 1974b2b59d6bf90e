"""Where data lies: as was said last."""

from pathlib import Path

from app.data.folder import data_folder, explanations_folder


def test_the_option_comes_before_the_variable_and_the_variable_before_the_cache(monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", "/from/variable")
    assert data_folder(Path("/from/option")) == Path("/from/option")
    assert data_folder(None) == Path("/from/variable")
    monkeypatch.delenv("DIGITS_DATA")
    assert "LeNet Canvas" in str(data_folder(None))


def test_what_explains_networks_is_kept_in_the_cache():
    assert "LeNet Canvas" in str(explanations_folder().parent)
