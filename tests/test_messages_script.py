"""scripts/messages.py: which sentences a language's file must hold, and what is wrong with one."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import TemplateSyntaxError

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
PAGE = """
<p>{% trans name=network.name %}
How well {{ name }}
reads
{% endtrans %}</p>
<p>{% trans n=count, count=count | decimal %}
{{ count }} is 5 % of all{% pluralize %}{{ count }} are 5 % of all{% endtrans %}
{{ _("images") }} {% trans %}95 % interval{% endtrans %} {% trans "verb" %}Open{% endtrans %} nor this</p>
"""
PAGE_PO = r"""
msgid "How well %(name)s reads"
msgstr "Quanto bene legge %(name)s"

msgid "%(count)s is 5 %% of all"
msgid_plural "%(count)s are 5 %% of all"
msgstr[0] "%(count)s è il 5 %% di tutti"
msgstr[1] "%(count)s sono il 5 %% di tutti"

msgid "images"
msgstr "immagini"

msgid "95 %% interval"
msgstr "intervallo al 95 %%"

msgctxt "verb"
msgid "Open"
msgstr "Apri"
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


@pytest.mark.parametrize("call", ["_", "ImageError", "Word"])
def test_an_f_string_cannot_be_translated(script, call):
    script.code.write_text(f'{call}(f"Opened {{name}}.")')
    with pytest.raises(SystemExit, match=r"code\.py, line 1: an f-string"):
        script.template()


def test_what_commands_raise_is_english(script, tmp_path):
    before = {message.id for message in script.template()}
    (tmp_path / "app" / "commands").mkdir()
    (tmp_path / "app" / "commands" / "train.py").write_text(
        'raise DatasetError("There is none.")\nraise DatasetError(f"{path} is none.")\n_("Title")'
    )
    assert {message.id for message in script.template()} == before | {"Title"}


def test_new_sentences_come_in_and_old_ones_go_while_translations_stay(script, capsys):
    script.code.write_text(CODE.replace('"Undo"', '"Redo"'))
    assert script.main([]) == 1  # what came in is not translated yet
    assert capsys.readouterr().out == "it.po does not translate 'Redo'.\n"
    text = script.file.read_text(encoding="utf-8")
    assert "{name} aperto." in text
    assert "Annulla" not in text
    assert "POT-Creation-Date" not in text  # two people who add sentences change the same lines otherwise


@pytest.fixture
def page(script):
    """The script's project has a page, too."""
    page = script.code.with_name("page.html")
    page.write_text(PAGE)
    script.file.write_text(PO + PAGE_PO, encoding="utf-8")
    return page


def test_sentences_of_a_page_are_found_in_one_line_with_their_gaps_and_plurals(script, page):
    found = {(message.id, message.context) for message in script.template() if message.id}
    assert found >= {
        ("How well %(name)s reads", None),
        (("%(count)s is 5 %% of all", "%(count)s are 5 %% of all"), None),
        ("images", None),
        ("95 %% interval", None),
        ("Open", "verb"),
    }
    assert len(found) == 5 + 5


def test_a_translated_page_has_nothing_to_complain_of(script, page, capsys):
    assert script.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "legge %(name)s",
            "legge %(nome)s",
            "it.po has gaps in 'Quanto bene legge %(nome)s' that 'How well %(name)s reads' has not.",
        ),
        ("legge %(name)s", "legge", "it.po leaves gaps of 'How well %(name)s reads' out."),
        (
            "sono il 5 %% di",
            "sono il 5 % di",
            "it.po has a % in '%(count)s sono il 5 % di tutti' that a template takes for a gap: write %%.",
        ),
    ],
)
def test_what_would_break_a_page_is_told(script, page, capsys, old, new, complaint):
    script.file.write_text((PO + PAGE_PO).replace(old, new), encoding="utf-8")
    assert script.main(["--check"]) == 1
    assert complaint in capsys.readouterr().out.splitlines()


def test_a_page_that_is_no_template_is_an_error(script, page):
    page.write_text("{% trans %}Open")
    with pytest.raises(TemplateSyntaxError):
        script.template()
