"""app/page/inside/arithmetic_told.py: the numbers that are told are the network's own."""

import re

import numpy as np
import pytest

from app.language import _
from app.page.inside.arithmetic_told import KINDS, LARGEST, place_told, told
from app.page.inside.map_picture import Colours
from engine import build_network
from engine.nn import layers
from engine.nn.architectures import ARCHITECTURES
from engine.nn.inspection import arithmetic

COLOURS = Colours("#ff8000", "#ffffff", "#0040ff", "#808080", "#202020")


def numbers(text):
    return [float(found) for found in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]


@pytest.fixture
def tell(rng):
    def tell(architecture, layer, unit):
        network = build_network(architecture, rng=rng)
        trace = network.trace(rng.random((1, *network.input_shape)).astype(np.float32))
        found = arithmetic(network, trace, layer, unit)
        return told(found, layer, unit, colours=COLOURS, scale=1.0), trace.outputs[layer][(0, *unit)]

    return tell


@pytest.mark.parametrize(
    ("architecture", "layer", "unit"),
    [
        ("lenet5", "c1", (2, 3, 4)),
        ("lenet5", "s2", (5, 11, 0)),
        ("lenet5", "relu2", (0, 0, 0)),
        ("lenet5", "flatten", (17,)),
        ("lenet5", "f6", (83,)),
        ("best", "n3", (7, 2, 9)),
        ("best", "drop5", (3,)),
        ("lenet5-1998", "pad", (0, 0, 0)),
        ("lenet5-1998", "s4", (1, 2, 3)),
        ("lenet5-1998", "tanh3", (4, 4, 4)),
        ("lenet5-1998", "output", (6,)),
    ],
)
def test_the_last_number_that_a_sentence_tells_is_the_units(tell, architecture, layer, unit):
    shown, value = tell(architecture, layer, unit)
    told_numbers = numbers(shown.sentences[-1].split(", in row")[0])
    assert told_numbers[-1] == pytest.approx(float(value), rel=6e-3, abs=1e-6)


def test_of_a_sum_the_largest_products_are_told_and_all_others_together(tell):
    shown, _value = tell("lenet5", "c3", (4, 1, 2))
    assert len(shown.terms) == LARGEST + 1
    assert shown.terms[-1].place == "142 others"
    total = sum(float(term.product) for term in shown.terms)
    assert total == pytest.approx(numbers(shown.sentences[0])[-1], abs=0.02)
    sizes = [abs(float(term.product)) for term in shown.terms[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    for term in shown.terms[:-1]:
        assert float(term.value) * float(term.weight) == pytest.approx(float(term.product), rel=0.02)
    assert re.fullmatch(r"map [1-6], row [1-5], column [1-5]", shown.terms[0].place)


def test_a_kernel_lies_on_its_patch_as_pictures_do(tell):
    shown, _value = tell("lenet5", "c1", (2, 3, 4))
    assert [patch.title for patch in shown.patches] == ["What it reads", "Its weights", "Their products"]
    assert all(
        (patch.sheet.maps, patch.sheet.rows, patch.sheet.columns) == (1, 5, 5) for patch in shown.patches
    )
    assert all(len(patch.pixels) == 3 * patch.sheet.width * patch.sheet.height for patch in shown.patches)
    pooled, _value = tell("lenet5", "s2", (2, 3, 4))
    assert [patch.title for patch in pooled.patches] == ["What it reads"]


def test_all_of_it_is_a_text_too(tell):
    shown, _value = tell("lenet5", "output", (6,))
    lines = shown.text.splitlines()
    assert lines[0] == "output, feature 7"
    assert lines[1].startswith("The sum of 84 products: ")
    assert len(lines) == 1 + len(shown.sentences) + len(shown.terms)


def test_a_unit_is_counted_from_one():
    assert place_told("c1", (0, 3, 4)) == "c1, map 1, row 4, column 5"


def test_every_kind_of_layer_has_its_words():
    known = {
        type(layer).__name__
        for build in ARCHITECTURES.values()
        for layer in build(rng=np.random.default_rng(0)).layers.values()
    }
    assert known <= set(KINDS)
    assert all(hasattr(layers, kind) and _(words) for kind, words in KINDS.items())
