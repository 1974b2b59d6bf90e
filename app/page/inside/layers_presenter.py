"""The tab Layers: what each layer makes of the drawing, while the pen moves.

A view is shown rows once a network, and pictures of those rows that are in sight once a reading.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from app.language import _, decimal, ngettext
from app.page.inside.arithmetic_told import KINDS, SAME, ArithmeticTold, number, place_told, told
from app.page.inside.map_picture import Colours, picture
from app.page.inside.off_cost import OffCost, OffCosts
from app.page.inside.sheet import Box, LayerRow, Marks, Sheet, Unit, fitted
from app.page.inside.subject import Subject
from engine.ink.preprocessing import framing_of_strokes
from engine.machine.threads import one_blas_thread
from engine.nn.box import Box as Region
from engine.nn.box import Shape
from engine.nn.inspection import LayerFacts, arithmetic, layers_of, receptive_field
from engine.nn.layers import Conv2D, Dense
from engine.nn.network import Network, Trace
from engine.nn.silencing import Silenced

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

INPUT = "input"
MAPS_HEIGHT, KERNELS_HEIGHT = 84, 280  # px at 96 dots an inch, of a layer, where that can be
# Layers of these kinds read of each map but the same one.
MAP_BY_MAP = ("MaxPool2D", "MeanPool2D", "Subsample2D", "Pad2D", "BatchNorm", "Dropout")
ONE_BY_ONE = ("ReLU", "Tanh", "Sigmoid", "ScaledTanh")


@dataclass(frozen=True)
class Kernels:
    """What a layer has learnt: for each map that it makes, one picture for each map that it reads."""

    values: Any  # (maps, rows, columns)
    sources: int  # maps that it reads; 0 where all is one picture, a row for each feature


class LayersView(Protocol):
    """What the presenter needs of the tab."""

    def show_rows(self, rows: Sequence[LayerRow]) -> None: ...
    def show_pictures(self, pictures: Mapping[str, bytes]) -> None: ...
    def show_marks(self, marks: Marks) -> None: ...
    def show_told(self, text: str) -> None: ...
    def show_arithmetic(self, told: ArithmeticTold | None) -> None: ...
    def show_on_page(self, outline: Sequence[Point]) -> None:
        """Frame a part of the page, by its corners, or none."""

    def switch(self, off: Mapping[str, frozenset[int]]) -> None:
        """Have the page read without these maps."""

    def show_off(self, text: str) -> None:
        """What is switched off, and what that costs; empty for nothing."""

    def later(self, work: Callable[[], None]) -> None:
        """Call back once what the person does has been answered."""


class LayersPresenter:
    """Follows the subject; the person points at units, chooses them and switches maps off."""

    def __init__(self, view: LayersView, costs: OffCosts) -> None:
        self._view = view
        self._costs = costs
        self._whole: Any = None  # the network with all of its maps
        self._measuring: Iterator[OffCost | None] | None = None
        self._subject: Subject | None = None
        self._network: Any = None
        self._trace: Trace | None = None
        self._facts: dict[str, LayerFacts] = {}
        self._rows: dict[str, LayerRow] = {}
        self._reaches: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        self._seen: tuple[str, ...] = ()
        self._width, self._scale = 400, 1.0
        self._colours = Colours("#b35806", "#ffffff", "#1f5fa8", "#e3e3e3", "#fafafa")
        self.by_map = True
        self.shows_kernels = False
        self.chosen: tuple[str, Unit] | None = None
        self._pointed: tuple[str, Unit] | None = None

    # What is looked at

    def show(self, subject: Subject) -> None:
        """Another reading: every picture in sight, and every number that is shown, is its own."""
        before, self._subject = self._network, subject
        self._network = subject.reader.network
        if before is not None and _plan(before) == _plan(self._network):
            self._trace_now()
            if not self.shows_kernels or before is not self._network:
                self._show_pictures()
        else:
            if before is None or before.shapes != self._network.shapes:
                self.chosen = self._pointed = None
            self._facts = {facts.name: facts for facts in layers_of(self._network)}
            self._reaches = {}
            self._trace_now()
            self._lay_out()
        if before is not self._network:
            self.measure_off()
        self._tell()
        if self.chosen is not None:
            self._show_arithmetic()

    def set_room(self, width: int, scale: float) -> None:
        """So much room for pictures, in the screen's pixels; `scale` of them for one at 96 dots an inch."""
        if (width, scale) != (self._width, self._scale):
            self._width, self._scale = width, scale
            self._lay_out()

    def set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self._show_pictures()
        if self.chosen is not None:
            self._show_arithmetic()

    def set_in_sight(self, layers: Iterable[str]) -> None:
        """These rows can be seen: the pictures of others are not made."""
        before, self._seen = self._seen, tuple(layers)
        self._show_pictures([name for name in self._seen if name not in before])

    def set_scope(self, *, by_map: bool) -> None:
        """The strongest colour stands for the largest number of each map, or of each layer."""
        self.by_map = by_map
        self._show_pictures()

    def show_kernels(self, is_on: bool) -> None:
        """Show what the layers have learnt in place of what they make of the drawing."""
        self.point_at(None)  # what is pointed at is in the pictures that go
        self.shows_kernels = is_on
        self._lay_out()
        self._tell()

    # What the person does

    def point_at(self, layer: str | None, unit: Unit | None = None) -> None:
        """The pointer, or the mark of the keys, is at a unit or at none."""
        pointed = None if layer is None or unit is None else (layer, unit)
        if pointed != self._pointed:
            self._pointed = pointed
            self._show_reach()
            self._tell()

    def point_at_page(self, point: Point | None) -> None:
        """The pointer is over a place of the page: mark who sees it."""
        if self._subject is None or self._subject.image is None or self.shows_kernels:
            return
        framing = framing_of_strokes(self._subject.strokes) if point is not None else None
        if point is None or framing is None:
            self._view.show_marks(Marks())
            self._tell()
            return
        x, y = framing.in_image(point)
        row, column = int(y // 1), int(x // 1)
        _channels, H, W = self._network.input_shape
        if not (0 <= row < H and 0 <= column < W):
            self._view.show_marks(Marks())
            return
        boxes = {}
        for name, line in self._rows.items():
            if line.sheet is not None:
                boxes[name] = tuple(self._who_sees(name, line.sheet, row, column))
        self._view.show_marks(Marks(boxes))
        self._view.show_told(self._seen_told(row, column))

    def choose(self, layer: str, unit: Unit) -> None:
        """Show how a unit's number comes about, from now on at every reading. A weight has none."""
        if not self.shows_kernels:
            self.chosen = layer, unit
            self._show_arithmetic()

    def choose_none(self) -> None:
        self.chosen = None
        self._view.show_arithmetic(None)

    def can_switch(self, layer: str) -> bool:
        """Whether maps of this row can be switched off: not the drawing, nor the answer."""
        return not self.shows_kernels and layer in self._facts and layer != next(reversed(self._facts))

    def switch(self, layer: str, of_map: int) -> None:
        """Switch a map off, or on again."""
        if self.can_switch(layer):
            changed = {**self.off, layer: self.off.get(layer, frozenset()) ^ {of_map}}
            self._view.switch({name: maps for name, maps in changed.items() if maps})

    def switch_all_on(self) -> None:
        if self.off:
            self._view.switch({})

    @property
    def off(self) -> dict[str, frozenset[int]]:
        """The maps that are switched off, by their layers."""
        return {} if self._network is None else off_in(self._network)

    def measure_off(self) -> None:
        """Tell what is off, and when it is known, what that costs; a measurement before it ends here."""
        self._measuring = None
        count = sum(map(len, self.off.values()))
        if not count:
            self._whole = self._network
            self._view.show_off("")
            return
        self._view.show_off(_off_told(count))
        if self._whole is not None:
            self._measuring = measuring = self._costs.measured(self._whole, self._network)
            self._view.later(lambda: self._measure_on(measuring, count))

    def _measure_on(self, measuring: Iterator[OffCost | None], count: int) -> None:
        if measuring is not self._measuring:  # something else has been switched since
            return
        try:
            cost = next(measuring)
        except StopIteration:  # there are no digits yet
            self._measuring = None
            return
        if cost is None:
            self._view.later(lambda: self._measure_on(measuring, count))
        else:
            self._measuring = None
            right = _("Of {count} digits it reads {right} right; with all maps on {whole}.").format(
                count=decimal(cost.count), right=decimal(cost.without), whole=decimal(cost.whole)
            )
            self._view.show_off(f"{_off_told(count)} {right}")

    # What is shown

    def _trace_now(self) -> None:
        image = None if self._subject is None else self._subject.image
        if image is None:
            image = np.zeros(self._network.input_shape[1:], np.float32)
        with one_blas_thread():
            self._trace = self._network.trace(image[None])

    def _lay_out(self) -> None:
        if self._network is None:
            return
        self._rows = {row.name: row for row in self._made_rows()}
        self._seen = ()
        self._view.show_rows(list(self._rows.values()))

    def _made_rows(self) -> Iterable[LayerRow]:
        if self.shows_kernels:
            for facts in self._facts.values():
                kernels = self._kernels(facts.name)
                if kernels is not None:
                    shape = kernels.values.shape
                    yield LayerRow(facts.name, _kernels_title(facts, kernels), self._sheet(shape))
            return
        yield LayerRow(
            INPUT, _("input: the drawing as the network gets it"), self._sheet(self._network.input_shape)
        )
        last = next(reversed(self._facts))
        for facts in self._facts.values():
            same = facts.kind in SAME
            labels = tuple(map(str, range(facts.output_shape[0]))) if facts.name == last else ()
            yield LayerRow(
                facts.name,
                _title(facts),
                None if same else self._sheet(facts.output_shape),
                self.off.get(facts.name, frozenset()),
                labels,
            )

    def _sheet(self, shape: tuple[int, ...]) -> Sheet:
        maps, rows, columns = shape if len(shape) == 3 else (shape[0], 1, 1)
        height = KERNELS_HEIGHT if self.shows_kernels else MAPS_HEIGHT
        return fitted(maps, rows, columns, width=self._width, scale=self._scale, height=height)

    def _kernels(self, name: str) -> Kernels | None:
        """What a layer has learnt, as pictures; None where that is no kernel."""
        layer = self._network.layers[name]
        if isinstance(layer, Silenced):
            layer = layer.layer
        if isinstance(layer, Conv2D):
            weight = layer.dense_weight()
            return Kernels(weight.reshape(-1, *weight.shape[2:]), weight.shape[1])
        if isinstance(layer, Dense):
            weight = layer.weight.value
            maps = self._maps_before(name)
            if math.prod(maps) == weight.shape[1]:
                return Kernels(weight.reshape(-1, *maps[1:]), maps[0])
            return Kernels(weight[None], 0)
        return None

    def _maps_before(self, name: str) -> Shape:
        """The last layer's before this one that had maps: a dense layer may read them in a row."""
        names = list(self._facts)
        shapes = [
            self._network.input_shape,
            *(self._network.shapes[one] for one in names[: names.index(name)]),
        ]
        return next(shape for shape in reversed(shapes) if len(shape) == 3)

    def values(self, name: str) -> Any:
        """What a row's picture shows."""
        if self.shows_kernels:
            kernels = self._kernels(name)
            assert kernels is not None
            return kernels.values
        assert self._trace is not None
        return (self._trace.inputs if name == INPUT else self._trace.outputs[name])[0]

    def _show_pictures(self, names: Iterable[str] | None = None) -> None:
        if self._trace is None:
            return
        pictures = {}
        for name in self._seen if names is None else names:
            row = self._rows.get(name)
            if row is not None and row.sheet is not None:
                pictures[name] = picture(self.values(name), row.sheet, self._colours, by_map=self.by_map)
        if pictures:
            self._view.show_pictures(pictures)

    def _tell(self) -> None:
        if self._subject is None:
            return
        if self._pointed is None or self._pointed[0] not in self._rows:
            what = _("What the layers have learnt.") if self.shows_kernels else self._subject.told
            legend = _("Blue is above zero, orange below it.")
            self._view.show_told(f"{what} {legend}")
            return
        name, unit = self._pointed
        if self.shows_kernels:
            weight = float(self.values(name)[unit])
            self._view.show_told(
                _("{place}: weight {value}").format(
                    place=self._kernel_place(name, unit), value=number(weight)
                )
            )
            return
        maps = self.values(name)
        value, largest = (
            float(maps.reshape(len(maps), -1)[unit[0], self._flat(name, unit)]),
            maps[unit[0]].max(),
        )
        text = _("{place}: {value}").format(
            place=place_told(name, self._unit(name, unit)), value=number(value)
        )
        if maps.ndim == 3 and maps[0].size > 1:
            text = _("{text}. The largest of its map is {largest}.").format(
                text=text, largest=number(float(largest))
            )
        self._view.show_told(text)

    def _kernel_place(self, name: str, unit: Unit) -> str:
        kernels = self._kernels(name)
        assert kernels is not None
        if not kernels.sources:
            return _("{layer}, from feature {source} to feature {target}").format(
                layer=name, source=unit[2] + 1, target=unit[1] + 1
            )
        target, source = divmod(unit[0], kernels.sources)
        return _("{layer}, from map {source} to map {target}, row {row}, column {column}").format(
            layer=name, source=source + 1, target=target + 1, row=unit[1] + 1, column=unit[2] + 1
        )

    def _seen_told(self, row: int, column: int) -> str:
        """Who sees a pixel, in words: the layers of which not every number does."""
        assert self._trace is not None
        parts = []
        for name, facts in self._facts.items():
            sheet = self._rows[name].sheet
            if sheet is None or sheet.rows * sheet.columns == 1:
                continue
            rows, columns = self._reach_of(name, sheet)
            tall = sum(first <= row < last for first, last in rows)
            wide = sum(first <= column < last for first, last in columns)
            if facts.kind not in (*ONE_BY_ONE, "BatchNorm") and tall * wide < sheet.rows * sheet.columns:
                count, every = decimal(tall * wide), decimal(sheet.rows * sheet.columns)
                parts.append(_("{count} of {all} in {layer}").format(count=count, all=every, layer=name))
        pixel = _("Row {row}, column {column} of what the network sees: ink {ink}.").format(
            row=row + 1, column=column + 1, ink=number(float(self._subject_ink(row, column)))
        )
        seen = _("It is seen by, of each map: {parts}.").format(parts=", ".join(parts))
        return f"{pixel} {seen}" if parts else pixel

    def _subject_ink(self, row: int, column: int) -> Any:
        assert self._subject is not None
        return self._subject.image[row, column]

    def _flat(self, name: str, unit: Unit) -> int:
        sheet = self._rows[name].sheet
        assert sheet is not None
        return unit[1] * sheet.columns + unit[2]

    def _unit(self, name: str, unit: Unit) -> tuple[int, ...]:
        """As the engine counts it."""
        shape = self._network.input_shape if name == INPUT else self._network.shapes[name]
        return unit if len(shape) == 3 else unit[:1]

    def _show_arithmetic(self) -> None:
        assert self.chosen is not None
        name, unit = self.chosen
        if name not in self._facts or self._trace is None:
            self._view.show_arithmetic(None)
            return
        own = self._unit(name, unit)
        found = arithmetic(self._network, self._trace, name, own)
        self._view.show_arithmetic(told(found, name, own, colours=self._colours, scale=self._scale))

    def _show_reach(self) -> None:
        """Frame what the unit that is pointed at reads, on every layer before it and on the page."""
        if self._pointed is None or self.shows_kernels or self._pointed[0] not in self._rows:
            self._view.show_marks(Marks())
            self._view.show_on_page(())
            return
        name, unit = self._pointed
        sheet = self._rows[name].sheet
        assert sheet is not None
        own = sheet.box(unit[0], unit[1], unit[2], unit[1] + 1, unit[2] + 1)
        if name == INPUT:
            page, boxes = Region(unit[1], unit[2], unit[1] + 1, unit[2] + 1), {}
        else:
            found = receptive_field(self._network, name, self._unit(name, unit))
            page, boxes = found.page, dict(self._framed(name, unit[0], found.layers))
            row = self._rows[INPUT]
            assert row.sheet is not None
            boxes[INPUT] = tuple(_framed(row.sheet, None, page))
        self._view.show_marks(Marks(boxes, name, own))
        self._view.show_on_page(self._corners(page))

    def _framed(
        self, name: str, of_map: int, regions: Mapping[str, Region]
    ) -> Iterable[tuple[str, tuple[Box, ...]]]:
        """The regions of the layers before, in the maps that count."""
        names = list(regions)
        followed: int | None = of_map
        for place in range(len(names) - 1, 0, -1):
            if self._facts[names[place]].kind not in (*MAP_BY_MAP, *ONE_BY_ONE):
                followed = None
            before = names[place - 1]
            row = self._rows[before]
            if row.sheet is not None:
                yield before, tuple(_framed(row.sheet, followed, regions[before]))

    def _who_sees(self, name: str, sheet: Sheet, row: int, column: int) -> Iterable[Box]:
        """The units of a layer in whose receptive field a pixel lies; of every map the same."""
        rows, columns = self._reach_of(name, sheet)
        tall = [place for place, (first, last) in enumerate(rows) if first <= row < last]
        wide = [place for place, (first, last) in enumerate(columns) if first <= column < last]
        if tall and wide:
            yield from _framed(sheet, None, Region(tall[0], wide[0], tall[-1] + 1, wide[-1] + 1))

    def _reach_of(self, name: str, sheet: Sheet) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """From and to which row of the page each row of units sees, and each column; kept."""
        if name not in self._reaches:
            if name == INPUT:
                fields = [[Region(i, i, i + 1, i + 1) for i in range(n)] for n in (sheet.rows, sheet.columns)]
            else:
                fields = [
                    [receptive_field(self._network, name, self._unit(name, unit)).page for unit in units]
                    for units in (
                        [(0, row, 0) for row in range(sheet.rows)],
                        [(0, 0, column) for column in range(sheet.columns)],
                    )
                ]
            self._reaches[name] = (
                [(box.top, box.bottom) for box in fields[0]],
                [(box.left, box.right) for box in fields[1]],
            )
        return self._reaches[name]

    def _corners(self, region: Region) -> Sequence[Point]:
        """A part of the network's image, where that lies on the page."""
        framing = framing_of_strokes(self._subject.strokes) if self._subject is not None else None
        if framing is None or region.is_empty:
            return ()
        left, top, right, bottom = region.left, region.top, region.right, region.bottom
        around = (left, top), (right, top), (right, bottom), (left, bottom), (left, top)
        return [framing.back(corner) for corner in around]


def _framed(sheet: Sheet, of_map: int | None, region: Region) -> Iterable[Box]:
    """A region of one map or of all; of all of them from edge to edge it is one frame."""
    if region.is_empty:
        return
    if of_map is None and sheet.rows * sheet.columns == 1:  # features
        yield 0, 0, sheet.width, sheet.height
        return
    for one in range(sheet.maps) if of_map is None else (of_map,):
        yield sheet.box(one, region.top, region.left, region.bottom, region.right)


def _off_told(count: int) -> str:
    return ngettext("{count} map is off.", "{count} maps are off.", count).format(count=decimal(count))


def off_in(network: Network) -> dict[str, frozenset[int]]:
    """The maps that are switched off in a network, by their layers."""
    layers = network.layers.items()
    return {name: frozenset(layer.maps) for name, layer in layers if isinstance(layer, Silenced)}


def _plan(network: Network) -> tuple[object, ...]:
    """What makes two networks have the same rows."""
    return network.shapes, off_in(network), [type(layer) for layer in network.layers.values()]


def _title(facts: LayerFacts) -> str:
    kind = _(KINDS[facts.kind])
    if facts.kind in SAME:
        return _("{layer}: {kind}").format(layer=facts.name, kind=kind)
    if len(facts.output_shape) == 1:
        return _("{layer}: {kind}, {count} numbers").format(
            layer=facts.name, kind=kind, count=decimal(facts.output_shape[0])
        )
    maps, rows, columns = facts.output_shape
    return ngettext(
        "{layer}: {kind}, {count} map of {rows}×{columns}",
        "{layer}: {kind}, {count} maps of {rows}×{columns}",
        maps,
    ).format(layer=facts.name, kind=kind, count=decimal(maps), rows=rows, columns=columns)


def _kernels_title(facts: LayerFacts, kernels: Kernels) -> str:
    maps, rows, columns = kernels.values.shape
    if not kernels.sources:
        return _("{layer}: a row for each of {out} features, its weights for {count} others").format(
            layer=facts.name, out=decimal(rows), count=decimal(columns)
        )
    return _("{layer}: {count} kernels of {rows}×{columns}").format(
        layer=facts.name, count=decimal(maps), rows=rows, columns=columns
    )
