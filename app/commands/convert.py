"""Saves the network of another project, or of one of this program's folders, in this program's format."""

import argparse

from engine import SavedNetwork, save_network


def convert(options: argparse.Namespace) -> int:
    saved = SavedNetwork.load(options.path)
    save_network(saved.network, options.to, confidence=saved.confidence, overwrite=options.overwrite)
    print(f"saved the {saved.network.architecture} of {options.path} in {options.to}")
    return 0
