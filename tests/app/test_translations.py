"""Every language that there is: all sentences of the code are translated, and their gaps are the same."""

import re
import runpy
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "app" / "locale"

SCRIPT = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "messages.py"))


def test_every_language_is_whole(capsys):
    status = SCRIPT["main"](["--check"])
    assert (status, capsys.readouterr().out) == (0, "")


def test_no_italian_article_stands_before_a_number():
    """It is l'8, l'11 and l'80 %, but il 7: a sentence with a gap for the number cannot know."""
    text = (LOCALE / "it.po").read_text(encoding="utf-8").replace('"\n"', "")
    article = r"\b(?:il|del|al|dal|nel|sul) \{(?:digit|high|low|new|percent|present)\}"
    assert re.findall(article, text, re.IGNORECASE) == []
