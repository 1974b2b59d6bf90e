"""Saves a network as one file, for other programs or other people."""

import argparse

from app.commands.output import fail
from engine.storage.export import export_network


def export(options: argparse.Namespace) -> int:
    if options.save.exists() and not options.overwrite:
        return fail(f"{options.save} is there already. Choose another name, or add --overwrite.")
    export_network(options.paths, options.save, with_memory=not options.without_memory)
    networks = " and ".join(str(path) for path in options.paths)
    print(f"saved the network of {networks} as {options.save}")
    return 0
