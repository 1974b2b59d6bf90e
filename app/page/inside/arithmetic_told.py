"""How the number of a unit came about, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.language import N_, _, decimal, significant
from app.page.inside.map_picture import Colours, picture
from app.page.inside.sheet import Sheet, fitted
from engine.nn.inspection import Arithmetic, Unit

LARGEST = 8  # products that are told one by one
PICTURE_WIDTH, PICTURE_HEIGHT = 124, 72  # px at 96 dots an inch

KINDS = {
    "Conv2D": N_("convolution"),
    "Dense": N_("dense layer"),
    "MaxPool2D": N_("max-pool"),
    "MeanPool2D": N_("mean-pool"),
    "Subsample2D": N_("subsampling"),
    "Pad2D": N_("padding"),
    "BatchNorm": N_("batch normalisation"),
    "Dropout": N_("dropout, which does nothing now"),
    "RadialBasis": N_("distances to codes"),
    "Flatten": N_("the same numbers in a row"),
    "ReLU": N_("ReLU: nothing below 0"),
    "Tanh": N_("tanh"),
    "Sigmoid": N_("sigmoid"),
    "ScaledTanh": N_("scaled tanh"),
}
SAME = "Flatten", "Dropout"  # what they read they hand on


@dataclass(frozen=True)
class Term:
    """One input of a sum, with what it is multiplied by."""

    place: str
    value: str
    weight: str
    product: str


@dataclass(frozen=True)
class Patch:
    """A small picture in the side of the arithmetic: what is read, the kernel, the products."""

    title: str
    sheet: Sheet
    pixels: bytes


@dataclass(frozen=True)
class ArithmeticTold:
    """The sentences say all of it; terms are the largest products, patches the same as pictures."""

    title: str
    sentences: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    patches: tuple[Patch, ...] = ()

    @property
    def text(self) -> str:
        """All of it as a text, to copy or to hear."""
        lines = [f"{term.place}: {term.value} × {term.weight} = {term.product}" for term in self.terms]
        return "\n".join((self.title, *self.sentences, *lines))


def number(value: float) -> str:
    """With three digits that count."""
    return significant(value, 3)


def place_told(layer: str, unit: Unit) -> str:
    """Where a unit stands, counted from 1."""
    if len(unit) == 1:
        return _("{layer}, feature {number}").format(layer=layer, number=unit[0] + 1)
    return _("{layer}, map {number}, row {row}, column {column}").format(
        layer=layer, number=unit[0] + 1, row=unit[1] + 1, column=unit[2] + 1
    )


def told(found: Arithmetic, layer: str, unit: Unit, *, colours: Colours, scale: float) -> ArithmeticTold:
    """All of a unit's arithmetic."""
    return ArithmeticTold(
        place_told(layer, unit),
        tuple(_sentences(found)),
        _terms(found) if found.products is not None and found.products.size > 1 else (),
        tuple(_patches(found, colours, scale)),
    )


def _sentences(found: Arithmetic) -> Iterator[str]:
    value = number(found.value)
    if found.is_off:
        yield _("It is switched off: 0, whatever it reads.")
        return
    if found.kind == "RadialBasis":
        yield _("Minus the squared distance to the code of the digit: {value}").format(value=value)
    elif found.products is not None:
        total = float(found.products.sum())
        yield _("The sum of {count} products: {total}").format(
            count=decimal(found.products.size), total=number(total)
        )
        if found.bias:
            yield _("With the bias {bias}: {value}").format(bias=number(found.bias), value=value)
    elif found.normalisation is not None:
        normal = found.normalisation
        yield _(
            "({input} − mean {mean}) / deviation {deviation} × gain {gain} + bias {bias} = {value}"
        ).format(
            input=number(float(found.inputs[0])),
            mean=number(normal.mean),
            deviation=number(normal.deviation),
            gain=number(normal.gain),
            bias=number(normal.bias),
            value=value,
        )
    elif found.winner is not None:
        yield _(
            "The largest of {count} numbers: {value}, in row {row}, column {column} of its window"
        ).format(
            count=decimal(found.inputs.size), value=value, row=found.winner[0] + 1, column=found.winner[1] + 1
        )
    elif found.kind == "ReLU":
        yield _("The larger of 0 and {input}: {value}").format(
            input=number(float(found.inputs[0])), value=value
        )
    elif found.kind in SAME or found.kind == "Pad2D":
        yield _("Handed on as it is: {value}").format(value=value)
    else:
        yield _("{function} of {input}: {value}").format(
            function=_(KINDS[found.kind]), input=number(float(found.inputs[0])), value=value
        )


def _terms(found: Arithmetic) -> tuple[Term, ...]:
    """The largest products, then all others together."""
    assert found.products is not None and found.weights is not None
    products, weights, inputs = found.products.ravel(), found.weights.ravel(), found.inputs.ravel()
    order = np.argsort(-np.abs(products), kind="stable")
    terms = [
        Term(
            _place_of(found, int(index)),
            number(float(inputs[index])),
            number(float(weights[index])),
            number(float(products[index])),
        )
        for index in order[:LARGEST]
    ]
    if (others := len(order) - LARGEST) > 0:
        rest = number(float(products[order[LARGEST:]].sum()))
        terms.append(Term(_("{count} others").format(count=decimal(others)), "", "", rest))
    return tuple(terms)


def _place_of(found: Arithmetic, index: int) -> str:
    shape = found.inputs.shape
    if len(shape) == 1:
        return _("feature {number}").format(number=index + 1)
    row, column = np.unravel_index(index, shape)[-2:]
    if len(shape) == 2:
        return _("row {row}, column {column}").format(row=row + 1, column=column + 1)
    return _("map {number}, row {row}, column {column}").format(
        number=index // (shape[1] * shape[2]) + 1, row=row + 1, column=column + 1
    )


def _patches(found: Arithmetic, colours: Colours, scale: float) -> Iterator[Patch]:
    if found.inputs.ndim < 2:
        return
    maps = found.inputs.shape[0] if found.inputs.ndim == 3 else 1
    sheet = fitted(
        maps, *found.inputs.shape[-2:], width=round(PICTURE_WIDTH * scale), scale=scale, height=PICTURE_HEIGHT
    )
    for title, values in (
        (_("What it reads"), found.inputs),
        (_("Its weights"), found.weights),
        (_("Their products"), found.products),
    ):
        if values is not None:
            yield Patch(title, sheet, picture(values, sheet, colours, by_map=False))
