"""Networks as such: which there are, and saving one of another project in this one's format."""

import argparse

import numpy as np

from engine import SavedNetwork, save_network
from engine.nn.architectures import ARCHITECTURES


def convert(options: argparse.Namespace) -> int:
    saved = SavedNetwork.load(options.path)
    save_network(saved.network, options.to, confidence=saved.confidence, overwrite=options.overwrite)
    print(f"saved the {saved.network.architecture} of {options.path} in {options.to}")
    return 0


def list_architectures() -> int:
    for name, build in ARCHITECTURES.items():
        network = build(rng=np.random.default_rng(0))
        summary, _, source = (build.__doc__ or "").partition("\n\n")
        print(f"{name:<15}{network.parameter_count:>8,} parameters  {summary}")
        for line in source.strip().splitlines():
            print(f"{'':<15}{line.strip()}")
    return 0
