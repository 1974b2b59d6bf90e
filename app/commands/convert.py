"""Saves a network of another program, or of one of this program's files, as a folder of this program."""

import argparse

from engine import SavedNetwork
from engine.nn.layer_plans import IMPORTED
from engine.storage.saved_network import check_writable, load_files, save_files


def convert(options: argparse.Namespace) -> int:
    check_writable(options.to, overwrite=options.overwrite)
    saved = SavedNetwork.load(options.path)
    save_files(load_files(options.path), options.to, overwrite=options.overwrite)
    network, architecture = saved.network, saved.facts.architecture
    if architecture == IMPORTED:
        scaling = network.scaling
        print(f"layers: {', '.join(network.layers)}")
        print(f"it is shown (ink - {scaling.mean:.4g}) / {scaling.deviation:.4g}")
    name = "network" if architecture == IMPORTED else architecture
    print(f"saved the {name} of {options.path} in {options.to}")
    return 0
