"""scripts/prepare: what it makes anew, and that it asks for nothing twice where nothing has changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PREPARE = Path(__file__).resolve().parents[1] / "scripts" / "prepare"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is a shell script")

# Notes what it is called with; as an interpreter does, it makes environments and tells where it is at home.
INTERPRETER = """#!/bin/sh
echo "{name} $*" >> calls
case "$*" in
*base_prefix*) echo {name} ;;
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
"""


class Checkout:
    """A folder with the script and interpreters that only note their calls."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = folder / "bin"
        for place in (self.bin, folder / "scripts"):
            place.mkdir()
        shutil.copy(PREPARE, folder / "scripts")
        (folder / "requirements.txt").touch()
        for name in ("python3", "python3.12"):
            (self.bin / name).write_text(INTERPRETER.format(name=name))
            (self.bin / name).chmod(0o755)

    def prepare(self, python=""):
        """Run it; return what the interpreters were called with."""
        calls = self.folder / "calls"
        calls.write_text("")
        environment = {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}", "PYTHON": python}
        subprocess.run(
            ["sh", "scripts/prepare", "run"],
            cwd=self.folder,
            env=environment,
            check=True,
            capture_output=True,
        )
        return calls.read_text().splitlines()


@pytest.fixture
def checkout(tmp_path):
    checkout = Checkout(tmp_path)
    assert is_made(checkout.prepare())
    return checkout


def is_made(calls):
    return any("-m venv" in call for call in calls)


def is_installed(calls):
    return any("-m pip install" in call for call in calls)


def test_where_nothing_has_changed_an_interpreter_is_started_once(checkout):
    assert checkout.prepare() == ["python3 -c import pip, tkinter"]


def test_a_broken_environment_is_made_anew(checkout):
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    calls = checkout.prepare()
    assert is_made(calls)
    assert is_installed(calls)


def test_changed_requirements_are_installed_into_the_environment_that_is_there(checkout):
    stamp = checkout.folder / ".venv" / ".run-is-ready"
    os.utime(stamp, (0, 0))
    calls = checkout.prepare()
    assert is_installed(calls)
    assert not is_made(calls)


def test_another_interpreter_makes_another_environment(checkout):
    assert is_made(checkout.prepare("python3.12"))
    calls = checkout.prepare("python3.12")
    assert not is_made(calls)
    assert not is_installed(calls)
    assert not is_made(checkout.prepare())  # no wish, so what is there will do


@pytest.mark.skipif(sys.platform != "linux", reason="it installs with apt")
@pytest.mark.parametrize(("purpose", "package"), [("deb", "help2man"), ("bundle", "binutils")])
def test_what_a_package_is_made_with_is_installed_where_it_is_missing(tmp_path, purpose, package):
    checkout = Checkout(tmp_path)
    for name in ("sh", "dirname", "id", "uname", "env", "mkdir", "cp", "touch", "rm"):
        (checkout.bin / name).symlink_to(shutil.which(name))
    (checkout.bin / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
    (checkout.bin / "apt-get").write_text(f'#!/bin/sh\necho "apt-get $*" >> {tmp_path}/calls\n')
    for name in ("sudo", "apt-get"):
        (checkout.bin / name).chmod(0o755)
    (tmp_path / "requirements-bundle.txt").touch()
    subprocess.run(
        ["sh", "scripts/prepare", purpose],
        cwd=tmp_path,
        env={"PATH": str(checkout.bin)},
        check=True,
        capture_output=True,
    )
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [call for call in calls if call.startswith("apt-get install")] == [
        f"apt-get install -y -qq {package}"
    ]
