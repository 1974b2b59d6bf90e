"""Makes dist/lenet-canvas_VERSION_ARCH.deb of dist/lenet-canvas/: for all users, and removed without a trace.

It has no scripts of its own: dpkg's triggers bring launcher, icons and MIME types in, and out again.
"""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME, VERSION = "lenet-canvas", "0.1.0"
SUMMARY = "draw a digit and see what a neural network reads"
LIB = Path("usr/lib") / NAME
SHARE = Path("usr/share")

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: libc6 (>= {libc}), libxcb1, fontconfig-config
Recommends: fonts-dejavu-core
Section: education
Priority: optional
Description: {summary}
 A window to draw digits in, which a network written in NumPy reads while the
 pen still moves. It says how sure it is and why, can be taught, trained and
 measured from its menus and from the command line, and exported to other
 programs.
"""
MIME = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-ndjson">
    <comment>strokes, a drawing a line</comment>
    <glob pattern="*.ndjson"/>
    <glob pattern="*.jsonl"/>
  </mime-type>
  <mime-type type="application/x-lenet-network">
    <comment>network of LeNet Canvas</comment>
    <glob pattern="*.lenet"/>
  </mime-type>
</mime-info>
"""
# The bundle brings what it runs on, so that it runs the same on every release: that is what it is for.
# Libraries of wheels were patched, and strip breaks them; some modules of Python need nothing of libc.
OVERRIDES = """\
lenet-canvas: embedded-library
lenet-canvas: hardening-no-pie
lenet-canvas: custom-library-search-path
lenet-canvas: unstripped-binary-or-object [usr/lib/lenet-canvas/_internal/*.libs/*]
lenet-canvas: library-not-linked-against-libc [usr/lib/lenet-canvas/_internal/python*/lib-dynload/*]
"""


def main():
    bundle = ROOT / "dist" / NAME
    if not (bundle / NAME).is_file():
        raise SystemExit(f"There is no {bundle / NAME}. Run make bundle first.")
    tree = ROOT / "build" / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(bundle, tree / LIB, symlinks=True)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin" / NAME).symlink_to(Path("..") / "lib" / NAME / NAME)
    launcher(tree)
    shutil.copytree(ROOT / "assets/icons/hicolor", tree / SHARE / "icons/hicolor")
    write(tree / SHARE / "mime/packages" / f"{NAME}.xml", MIME)
    write(tree / SHARE / "lintian/overrides" / NAME, OVERRIDES)
    manual(tree, bundle / NAME)
    documents(tree)
    permissions(tree)
    architecture = output("dpkg", "--print-architecture").strip()
    control = CONTROL.format(
        name=NAME,
        version=VERSION,
        architecture=architecture,
        maintainer=maintainer(),
        size=sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file()) // 1024,
        libc=os.confstr("CS_GNU_LIBC_VERSION").split()[1],
        summary=SUMMARY,
    )
    write(tree / "DEBIAN/control", control)
    package = ROOT / "dist" / f"{NAME}_{VERSION}_{architecture}.deb"
    part = tree.with_suffix(".part")  # moved into place when it is whole: packing takes a minute
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, part], check=True)
    part.replace(package)


def maintainer():
    """Whoever makes the package, as Debian's tools are told it, else the author of the newest commit."""
    name, address = (os.environ.get(each) for each in ("DEBFULLNAME", "DEBEMAIL"))
    if name and address:
        return f"{name} <{address}>"
    return output("git", "-C", str(ROOT), "log", "-1", "--format=%an <%ae>").strip()


def launcher(tree):
    """The desktop entry of a checkout, with the installed program in the checkout's place."""
    lines = (ROOT / "assets/lenet-canvas.desktop").read_text(encoding="utf-8").splitlines()
    kept = []
    for line in lines:
        if line.startswith("Exec="):
            line = f"Exec={NAME} %f"
        if line.startswith("MimeType="):
            line += "application/x-lenet-network;"
        if not line.startswith("Path="):
            kept.append(line)
    write(tree / SHARE / "applications" / f"{NAME}.desktop", "\n".join(kept) + "\n")


def manual(tree, program):
    """The man page, out of --help."""
    told = output(str(program), "--help", COLUMNS="9999")  # a paragraph a line: man breaks them
    packed(tree / SHARE / f"man/man1/{NAME}.1.gz", man_page(told, tree.parent / "man"))


def man_page(told, place):
    """What help2man makes of a text of help. It asks a program for it, which has to speak ASCII."""
    told = told.replace("usage: ", "Usage: ", 1).replace("…", "...")  # by which it knows the synopsis
    told = told.replace(f"\n  {NAME}", f"\n\n  {NAME}")  # an example is a line by itself
    write(place / NAME, f"#!/bin/sh\ncat <<'END'\n{told}END\n")
    (place / NAME).chmod(0o755)
    options = "--no-info", f"--version-string={VERSION}", f"--name={SUMMARY}"
    return output("help2man", *options, str(place / NAME))


def documents(tree):
    place = tree / SHARE / "doc" / NAME
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    inside = f"What it brings along is under licences of its own, which lie in /{LIB}/_internal/licences.\n"
    write(place / "copyright", f"LeNet Canvas\n\n{licence}\n{inside}")
    date = output("git", "-C", str(ROOT), "log", "-1", "--format=%aD").strip()
    entry = (
        f"{NAME} ({VERSION}) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- {maintainer()}  {date}\n"
    )
    packed(place / "changelog.gz", entry)


def permissions(tree):
    """As Debian has them, whatever the umask was."""
    for path in tree.rglob("*"):
        if path.is_symlink():
            continue
        is_program = path == tree / LIB / NAME
        path.chmod(0o755 if path.is_dir() or is_program else 0o644)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def packed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def output(*command, **environment):
    try:
        return subprocess.run(
            command,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **environment},
        ).stdout
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is missing. On Debian and Ubuntu: apt install {command[0]}") from None


if __name__ == "__main__":
    sys.exit(main())
