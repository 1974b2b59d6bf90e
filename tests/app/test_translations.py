"""Every language that there is: all sentences of the code are translated, and their gaps are the same."""

import runpy
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "messages.py"))


def test_every_language_is_whole(capsys):
    status = SCRIPT["main"](["--check"])
    assert (status, capsys.readouterr().out) == (0, "")
