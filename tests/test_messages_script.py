"""scripts/messages.py: which sentences a language's file must hold, and what is wrong with one."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]

CODE = """
_("Opened {name}.").format(name=name)
TABLE = {1: N_("Undo")}
ngettext("{n} epoch", "{n} epochs", n)
pgettext("menu", "Open")
raise ImageError("{path} is " "empty.", path=path)
raise ValueError("not shown")
print("nor this")
"""
PO = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Opened {name}."
msgstr "{name} aperto."

msgid "Undo"
msgstr "Annulla"

msgid "{n} epoch"
msgid_plural "{n} epochs"
msgstr[0] "{n} epoca"
msgstr[1] "{n} epoche"

msgctxt "menu"
msgid "Open"
msgstr "Apri"

msgid "{path} is empty."
msgstr "{path} è vuoto."
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    """The script, at work in a project of one module and one language."""
    names = runpy.run_path(str(ROOT / "scripts" / "messages.py"))
    (tmp_path / "app" / "locale").mkdir(parents=True)
    (tmp_path / "app" / "code.py").write_text(CODE)
    (tmp_path / "app" / "locale" / "it.po").write_text(PO, encoding="utf-8")
    for name in ("template", "main"):
        values = names[name].__globals__
        monkeypatch.setitem(values, "ROOT", tmp_path)
        monkeypatch.setitem(values, "LOCALE", tmp_path / "app" / "locale")
    return SimpleNamespace(
        **names, file=tmp_path / "app" / "locale" / "it.po", code=tmp_path / "app" / "code.py"
    )


def test_marked_sentences_are_found_and_no_others(script):
    found = {(message.id, message.context) for message in script.template() if message.id}
    assert found == {
        ("Opened {name}.", None),
        ("Undo", None),
        (("{n} epoch", "{n} epochs"), None),
        ("Open", "menu"),
        ("{path} is empty.", None),
    }


def test_a_whole_translation_has_nothing_to_complain_of(script, capsys):
    assert script.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgid "Undo"\nmsgstr "Annulla"', "", "it.po lacks 'Undo'."),
        ('"Annulla"', '""', "it.po does not translate 'Undo'."),
        ('"{n} epoche"', '""', "it.po does not translate '{n} epoch'."),
        (
            "{name} aperto.",
            "{nome} aperto.",
            "it.po has gaps in '{nome} aperto.' that 'Opened {name}.' has not.",
        ),
        ("{path} è vuoto.", "È vuoto.", "it.po leaves gaps of '{path} is empty.' out."),
        ('msgid "Undo"', 'msgid "Do"', "it.po translates 'Do', which the code has no more (no context)."),
    ],
)
def test_what_is_missing_or_wrong_is_told(script, capsys, old, new, complaint):
    script.file.write_text(PO.replace(old, new), encoding="utf-8")
    assert script.main(["--check"]) == 1
    assert complaint in capsys.readouterr().out.splitlines()


def test_an_f_string_cannot_be_translated(script):
    script.code.write_text('_(f"Opened {name}.")')
    with pytest.raises(SystemExit, match=r"code\.py, line 1: an f-string"):
        script.template()


def test_new_sentences_come_in_and_old_ones_go_while_translations_stay(script, capsys):
    script.code.write_text(CODE.replace('"Undo"', '"Redo"'))
    assert script.main([]) == 1  # what came in is not translated yet
    assert capsys.readouterr().out == "it.po does not translate 'Redo'.\n"
    text = script.file.read_text(encoding="utf-8")
    assert "{name} aperto." in text
    assert "Annulla" not in text
