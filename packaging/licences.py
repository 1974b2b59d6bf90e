"""The licence texts of all that a bundle holds: of Python, of its packages, and of the system's libraries."""

import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import Distribution, distributions
from pathlib import Path

FOLDER = "licences"


def gather_licences(analysis, place):
    """(name in the bundle, file, "DATA") of each text; SystemExit names a package that has none."""
    texts = {"Python.txt": Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"}
    inside = {Path(source).resolve() for _, source, _ in [*analysis.pure, *analysis.binaries] if source}
    missing = []
    for distribution in distributions():
        files = [Path(str(distribution.locate_file(file))).resolve() for file in distribution.files or ()]
        if not inside & set(files):
            continue
        name = distribution.metadata["Name"]
        found = [file for file in files if is_licence(file)]
        for file in found:
            texts[f"{name}/{file.name}"] = file
        if not found:
            missing.append(write_stated(distribution, place / FOLDER / name, texts))
    own = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    for file in {Path(source).resolve() for _, source, _ in analysis.binaries if source}:
        if not any(file.is_relative_to(prefix) for prefix in own) and (package := owner(file)):
            texts[f"system/{package}.txt"] = Path("/usr/share/doc") / package / "copyright"
    if any(missing):
        raise SystemExit(f"No licence is told by {', '.join(filter(None, missing))}.")
    return [(f"{FOLDER}/{name}", str(file), "DATA") for name, file in sorted(texts.items()) if file.exists()]


def is_licence(file):
    names = ("licen", "copying", "notice")
    is_text = file.suffix.lower() in ("", ".txt", ".md", ".rst", ".mit", ".bsd", ".apache")
    return file.stem.lower().startswith(names) and is_text and file.is_file()


def write_stated(distribution: Distribution, folder: Path, texts):
    """What a package without a text states in its metadata; its name if it states nothing."""
    metadata = distribution.metadata
    stated = [metadata.get("License-Expression"), metadata.get("License")]
    stated += [line for line in metadata.get_all("Classifier") or () if line.startswith("License ::")]
    if not any(stated):
        return metadata["Name"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "LICENCE.txt").write_text("\n".join(filter(None, stated)) + "\n", encoding="utf-8")
    texts[f"{metadata['Name']}/LICENCE.txt"] = folder / "LICENCE.txt"
    return None


def owner(file):
    """The package of Debian that a system's library belongs to; None where there is no such thing."""
    if shutil.which("dpkg-query") is None:
        return None
    for name in (file, Path("/") / file.relative_to("/usr") if file.is_relative_to("/usr") else file):
        found = subprocess.run(["dpkg-query", "-S", str(name)], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(":")[0].strip()
    return None
