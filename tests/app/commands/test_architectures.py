"""--list-architectures."""

import re

import numpy as np
import pytest

from engine.nn.architectures import ARCHITECTURES


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_is_listed_with_its_size(run, name):
    status, out, err = run("--list-architectures")
    assert (status, err) == (0, "")
    size = ARCHITECTURES[name](rng=np.random.default_rng(0)).parameter_count
    (line,) = [line for line in out.splitlines() if line.split()[0] == name]
    assert re.match(rf"{name} +{size:,} parameters  \S", line)
