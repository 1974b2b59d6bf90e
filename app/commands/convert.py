"""Saves a network of another program, or of one of this program's folders, in this program's format."""

import argparse

from engine import SavedNetwork, save_network
from engine.nn.layer_plans import IMPORTED


def convert(options: argparse.Namespace) -> int:
    saved = SavedNetwork.load(options.path)
    save_network(saved.network, options.to, confidence=saved.confidence, overwrite=options.overwrite)
    network = saved.network
    if network.architecture == IMPORTED:
        scaling = network.scaling
        print(f"layers: {', '.join(network.layers)}")
        print(f"it is shown (ink - {scaling.mean:.4g}) / {scaling.deviation:.4g}")
    name = "network" if network.architecture == IMPORTED else network.architecture
    print(f"saved the {name} of {options.path} in {options.to}")
    return 0
