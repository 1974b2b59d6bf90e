"""The network that is reported on."""

import pytest

from engine import (
    build_network,
)


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng)
