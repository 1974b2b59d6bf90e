"""Saves several networks as one that answers by their mean."""

import argparse

from engine.storage.export import files_of
from engine.storage.saved_network import check_writable, save_files


def committee(options: argparse.Namespace) -> int:
    check_writable(options.to, overwrite=options.overwrite)
    save_files(files_of(options.paths), options.to, overwrite=options.overwrite)
    print(f"saved the committee of {' and '.join(map(str, options.paths))} in {options.to}")
    return 0
