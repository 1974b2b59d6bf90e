"""packaging/: what a bundle begins with, and that what it names is there."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
SPEC = (PACKAGING / "lenet-canvas.spec").read_text(encoding="utf-8")


def program(*arguments):
    return subprocess.run(
        [sys.executable, str(PACKAGING / "program.py"), *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_bundled_program_is_the_command_line():
    done = program("--mode", "export")
    assert done.returncode == 2
    assert "needs --save FILE" in done.stderr


def test_it_runs_code_for_its_own_jobs_as_python_does():
    done = program("-c", "import sys; print(__name__, sys.argv[1:])", "a", "b c")
    assert (done.returncode, done.stdout) == (0, "__main__ ['a', 'b c']\n"), done.stderr


def test_pictures_are_read_and_maps_laid_out_without_what_the_bundle_leaves_out_of_scipy():
    code = """
import runpy, sys
runpy.run_path("packaging/without_special.py")
import numpy as np
from app.cli import main
from engine.explaining.digit_map import laid_out
main(["--mode", "predict", "assets/examples/three.png"])
print(laid_out(np.random.default_rng(0).normal(size=(120, 5)).astype(np.float32)).shape)
print(hasattr(sys.modules["scipy.special"], "comb"))
"""
    done = program("-c", code)
    assert done.stdout == "assets/examples/three.png:0  3  100.0 %\n(120, 2)\nFalse\n", done.stderr


@pytest.mark.parametrize(("is_frozen", "usage"), [(True, "lenet-canvas"), (False, "python main.py")])
def test_help_tells_what_is_typed_there(is_frozen, usage):
    code = f"import sys; sys.frozen = {is_frozen}; from app.cli import main; main(['--help'])"
    told = program("-c", code).stdout
    assert told.startswith(f"usage: {usage.split()[-1]} [-h]")
    assert f"\n  {usage} --mode test --download\n" in told
    assert ("main.py" in told) is not is_frozen


def test_all_that_the_bundle_takes_along_is_there():
    (listed,) = re.findall(r"for place in \((.*?)\)\n", SPEC, re.DOTALL)
    places = re.findall(r'"(.+?)"', listed)
    assert "saved_network" in places
    assert all((ROOT / place).exists() for place in places)


def test_all_say_the_same_version():
    (version,) = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert f'VERSION = "{version}"' in SPEC
    assert f'NAME, VERSION = "lenet-canvas", "{version}"' in (PACKAGING / "make_deb.py").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="it is Debian's")
def test_the_installed_launcher_starts_the_installed_program(tmp_path):
    deb = runpy.run_path(str(PACKAGING / "make_deb.py"))
    deb["launcher"](tmp_path)
    entry = (tmp_path / "usr/share/applications/lenet-canvas.desktop").read_text(encoding="utf-8")
    assert "\nExec=lenet-canvas %f\n" in entry
    assert "@FOLDER@" not in entry
    assert "application/x-lenet-network;" in entry


@pytest.mark.skipif(shutil.which("help2man") is None, reason="needs help2man")
def test_the_man_page_has_a_synopsis_and_no_letter_that_was_lost(tmp_path):
    told = (
        "usage: lenet-canvas [-h] [--samples FILE…]\n\nDraw a digit.\n\noptions:\n  -h, --help  tell this\n"
    )
    page = runpy.run_path(str(PACKAGING / "make_deb.py"))["man_page"](told, tmp_path)
    assert ".SH SYNOPSIS\n.B lenet-canvas\n" in page
    assert "..." in page.partition(".SH DESCRIPTION")[0]
    assert "?" not in page
    assert "Draw a digit." in page.partition(".SH DESCRIPTION")[2]
