"""Sentences are in the language that is spoken, and in English where they are not translated."""

from datetime import date

import pytest

from app import language

PO = r"""msgid ""
msgstr ""
"Language-Team: klingonisch <nobody@example.org>\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Opened {name}."
msgstr "{name} geöffnet."

msgid "{n} epoch"
msgid_plural "{n} epochs"
msgstr[0] "{n} Epoche"
msgstr[1] "{n} Epochen"

msgctxt "menu"
msgid "Open"
msgstr "Öffnen"
"""


@pytest.fixture
def german(tmp_path, monkeypatch):
    (tmp_path / "de.po").write_text(PO, encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(language, "LOCALE", tmp_path)
        language.languages.cache_clear()
        yield
    language.languages.cache_clear()
    language.speak("en")


def test_a_file_is_a_language_under_its_own_name(german):
    assert language.languages() == (
        language.Language("en", "English"),
        language.Language("de", "klingonisch"),
    )


def test_messages_plurals_and_contexts_are_translated(german):
    language.speak("de")
    assert language.spoken() == "de"
    assert language._("Opened {name}.") == "{name} geöffnet."
    assert [language.ngettext("{n} epoch", "{n} epochs", n) for n in (1, 2)] == ["{n} Epoche", "{n} Epochen"]
    assert language.pgettext("menu", "Open") == "Öffnen"
    assert language.decimal(1234.567, 2) == "1.234,57"
    assert language.decimal(1234.567) == "1.235"


def test_no_line_ends_before_a_per_cent_sign():
    assert language.unbroken("95 % of 3 %, or 7") == "95\xa0% of 3\xa0%, or 7"


def test_what_is_not_translated_stays_english(german):
    language.speak("de")
    assert language._("Undo") == "Undo"
    language.speak("en")
    assert language._("Opened {name}.") == "Opened {name}."
    assert language.decimal(1234.567, 2) == "1,234.57"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_CH"}, "de"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:de"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
@pytest.mark.parametrize("chosen", [None, "gone"])
def test_the_systems_language_stands_for_none(german, monkeypatch, variables, code, chosen):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    language.speak(chosen)
    assert language.spoken() == code


def test_a_language_is_spoken_for_a_while_whatever_goes_wrong(german):
    language.speak("en")
    with language.speaking("de"):
        assert (language.spoken(), language._("Opened {name}.")) == ("de", "{name} geöffnet.")
    assert (language.spoken(), language._("Opened {name}.")) == ("en", "Opened {name}.")
    with pytest.raises(ZeroDivisionError), language.speaking("de"):
        raise ZeroDivisionError
    assert (language.spoken(), language._("Opened {name}.")) == ("en", "Opened {name}.")


@pytest.mark.parametrize(("code", "words"), [("en", "7 March 2026"), ("de", "7. März 2026")])
def test_a_day_is_told_in_words(german, code, words):
    with language.speaking(code):
        assert language.day_in_words(date(2026, 3, 7)) == words


@pytest.mark.parametrize(("code", "text"), [("en", "MNIST, pen digits and drawings"), ("it", "a, b e c")])
def test_things_are_listed_as_the_language_does(code, text):
    with language.speaking(code):
        things = ["MNIST", "pen digits", "drawings"] if code == "en" else ["a", "b", "c"]
        assert language.listed(things) == text
        assert language.listed(things[:1]) == things[0]


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("en", 0.017123456, "0.0171235"),
        ("it", 0.017123456, "0,0171235"),
        ("it", 12345.678, "12345,7"),
        ("it", 5.0, "5"),
        ("en", -0.0, "0"),
        ("it", -0.0, "0"),
    ],
)
def test_a_number_has_so_many_digits_that_count(code, number, text):
    with language.speaking(code):
        assert language.significant(number, 6) == text
