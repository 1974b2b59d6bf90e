"""Lists the networks that can be built by name."""

import numpy as np

from engine.nn.architectures import ARCHITECTURES


def list_architectures() -> int:
    for name, build in ARCHITECTURES.items():
        network = build(rng=np.random.default_rng(0))
        summary, _, source = (build.__doc__ or "").partition("\n\n")
        print(f"{name:<15}{network.parameter_count:>8,} parameters  {summary}")
        for line in source.strip().splitlines():
            print(f"{'':<15}{line.strip()}")
    return 0
