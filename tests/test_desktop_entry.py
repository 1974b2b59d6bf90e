"""The entry for a desktop's menu: what the README says puts it there, with icons in all sizes."""

import configparser
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
ICONS = ROOT / "assets" / "icons" / "hicolor"


@pytest.mark.skipif(sys.platform == "win32", reason="its menu is another")
def test_the_readmes_commands_put_it_there(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"^(?:    .*\n)*    sed .*desktop\n", readme, re.MULTILINE)
    subprocess.run(
        ["sh", "-euc", commands], cwd=ROOT, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, check=True
    )
    share = tmp_path / ".local" / "share"
    file = configparser.RawConfigParser()
    file.read(share / "applications" / "lenet-canvas.desktop", encoding="utf-8")
    entry = file["Desktop Entry"]
    assert shlex.split(entry["Exec"]) == [str(ROOT / ".venv/bin/python"), str(ROOT / "main.py"), "%f"]
    assert entry["Path"] == str(ROOT)
    assert len(list((share / "icons" / "hicolor").glob(f"*/apps/{entry['Icon']}.png"))) == 7


def test_the_icons_have_the_sizes_that_their_folders_say():
    sizes = set()
    for path in ICONS.rglob("*.png"):
        with Image.open(path) as icon:
            sizes.add(icon.size)
            assert f"{icon.width}x{icon.height}" == path.relative_to(ICONS).parts[0]
    assert sizes == {(side, side) for side in (16, 24, 32, 48, 64, 128, 256)}
