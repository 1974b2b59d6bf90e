"""What explanations are worth, on the networks that ship and handwriting that they have not seen.

A method that fails does not ship.
"""

import numpy as np
import pytest

from app.store.networks import SHIPPED
from engine import SavedNetwork
from engine.explaining.faithfulness import faithfulness
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from tests.handwriting import WAYS, write


@pytest.mark.parametrize(
    "name", [pytest.param("", marks=pytest.mark.thorough), "lenet5"], ids=["best", "lenet5"]
)
def test_every_map_is_true_of_its_network(name):
    """It changes when the weights are drawn anew, and what speaks most is what cannot be done without."""
    rng = np.random.default_rng(0)
    # each way of writing three times: of once, the mean likeness lies anywhere from 0.21 to 0.31
    images = [frame(stroke_ink(write(way, rng=rng))) for way in WAYS for _ in range(3)]
    found = faithfulness(SavedNetwork.load(SHIPPED / name).network, images, rng=rng)
    assert {each.method for each in found} == {"integrated gradients", "occlusion"}
    for each in found:
        assert each.passes, each
