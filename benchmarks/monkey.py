"""A monkey plays on the real window: whether an error comes of it, and how the memory grows.

    python -m benchmarks.monkey --seconds 600 --seed 0

Any error in a callback ends it with its traceback, and status 1. The tests play for some hundred events.
Where DIGITS_DATA names the folder of the data sets it evaluates and trains networks, too.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from app.data.folder import VARIABLE
from app.gui.window import Window
from app.page.opened_picture import read_picture
from app.page.start import prepare_start
from app.store.networks import SHIPPED, rename_network
from app.store.settings import Settings, save_settings
from engine import Recognizer
from tests.app.monkey import Monkey


def _memory() -> float:
    """Resident, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main(seconds: float, seed: int) -> int:
    errors: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        save_settings(Settings(data=os.environ.get(VARIABLE)), folder / "s.json")
        for name in ("Mine", "Yours", "Ours"):  # to rename, and to delete
            shutil.copytree(SHIPPED / "lenet5", folder / "networks" / name)
            rename_network(folder / "networks" / name, name)
        window = Window(
            prepare_start(
                Recognizer.load(SHIPPED), settings_path=folder / "s.json", load_reader=Recognizer.load
            ),
            load_reader=Recognizer.load,
            read_image=read_picture,
            settings_path=folder / "s.json",
            networks_place=folder / "networks",
        )
        window.report_callback_exception = lambda *error: errors.append(  # type: ignore[method-assign]
            "".join(traceback.format_exception(*error))
        )
        (folder / "broken.png").write_bytes(b"\x89PNG broken")
        (folder / "broken.jsonl").write_text('{"strokes": 3}\n')
        # copies: it saves over them, too
        shutil.copytree(SHIPPED.parent / "assets" / "examples", folder, dirs_exist_ok=True)
        files = ["", str(folder), str(folder / "new.jsonl"), *map(str, folder.glob("*.*"))]
        monkey = Monkey(window, seed=seed, files=files)
        begun = time.monotonic()
        told = begun
        memory: list[float] = []

        def goes_on(events: int) -> bool:
            nonlocal told
            now = time.monotonic()
            if now - told >= seconds / 10:
                told = now
                memory.append(_memory())
                print(f"{now - begun:4.0f} s, {events:,} events, {memory[-1]:.0f} MB", flush=True)
            return now - begun < seconds and not errors

        monkey.play(goes_on)
        window.destroy()
    print(*errors, sep="\n", file=sys.stderr)
    print("Opened:", ", ".join(f"{kind} {count}" for kind, count in monkey.opened.most_common()))
    print(f"Seed {seed}: {monkey.events:,} events, {len(errors)} errors.")
    return bool(errors)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.exit(main(options.seconds, options.seed))
