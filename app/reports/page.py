"""The report: how well a network reads, as a page for people and as the same figures for programs.

A report is about one network and a list of measured sets: MNIST's test set, drawings … Each becomes a chapter
of report.html, which holds everything that it shows, and an entry of report.json. Drawings of no digit have a
chapter of their own.
"""

import json
import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from app.language import _, day_in_words, decimal, ngettext, pgettext, spoken, unbroken
from app.reports.figures import image_png, in_figures, line_chart, reliability_diagram, svg
from app.reports.measured import MeasuredNotDigits, MeasuredSet
from app.reports.numbers import MeasuredNumbers, ReadPicture
from app.reports.words import distortion_words, explanation_words, group_name, grouping_words
from engine import Network
from engine.explaining.faithfulness import MOST_ALIKE
from engine.files.whole_file import write_text
from engine.ink.rasterize import Strokes
from engine.nn.inspection import layers_of
from engine.reading.robustness import RobustnessRecord

PAGE, FIGURES = "report.html", "report.json"
GALLERY = 300  # mistakes shown; all of them are in report.json
STROKE_BOX = 200  # units, the longest side of a drawing in the gallery
TINT = np.array([0.10, 0.36, 0.72], np.float32)  # of what was taken for ink


def report_page(
    facts: Mapping[str, Any],
    network: Network,
    sets: Sequence[MeasuredSet],
    not_digits: MeasuredNotDigits | None = None,
    numbers: MeasuredNumbers | None = None,
    *,
    members: Mapping[str, Network] = MappingProxyType({}),
) -> str:
    """The report as one HTML page that needs nothing beside it: no script, no font, no picture elsewhere.

    It is in the language that is spoken. Of a committee the network is the first, and the members are all.
    """
    page = _template().render(
        language=spoken(),
        date=day_in_words(date.fromisoformat(facts["date"])),
        network=facts["network"],
        layers="\n\n".join(f"{name}\n{_layer_table(each)}" for name, each in members.items())
        or _layer_table(network),
        members=", ".join(members),
        history_charts=_history_charts(facts["network"]),
        distortions=distortion_words(),
        groupings=grouping_words(),
        stroke_box=STROKE_BOX,
        chapters=[
            {
                **measured_facts,
                "name": measured.name(),
                "is_drawn": measured.strokes is not None,
                "is_ink": measured.images.ndim == 3,
                "reliability_diagram": _reliability_diagram(measured),
                "robustness_charts": _robustness_charts(measured.robustness),
                "gallery": _gallery(measured, measured.evaluation.mistakes, measured_facts["mistakes"]),
            }
            for measured, measured_facts in zip(sets, facts["measured"], strict=True)
        ],
        explanations=[
            {**tested, "title": explanation_words()[tested["method"]], "chart": _deletion_chart(tested)}
            for tested in facts["explanations"]
        ],
        most_alike=MOST_ALIKE,
        not_digits=not_digits
        and {
            **facts["not_digits"],
            "gallery": _gallery(not_digits, not_digits.rejections.accepted, facts["not_digits"]["accepted"]),
        },
        numbers=numbers and _numbers(numbers, facts["numbers"]),
    )
    # a label or a name may hold half a character, which no file takes
    return unbroken(page).encode(errors="backslashreplace").decode()


@cache
def _template() -> jinja2.Template:
    """Compiled once, for all languages: it asks for each sentence anew."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True  # a message may go over several lines of the template
    # the extension adds the method
    environment.install_gettext_callables(_, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    environment.filters.update(
        decimal=decimal,
        percent=_percent,
        whole_percent=_whole_percent,
        amount=in_figures,
        floor=_floor,
        along=_along,
        group_name=group_name,
    )
    return environment.get_template(PAGE)


def _layer_table(network: Network) -> str:
    """The layers as lines of text: name, kind, output shape, parameters."""
    rows = [
        (_("layer"), _("kind"), _("output"), _("parameters")),
        (_("input"), "", _by(network.input_shape), ""),
    ]
    for layer in layers_of(network):
        count = decimal(layer.parameter_count) if layer.parameter_count else ""
        rows.append((layer.name, layer.kind, _by(layer.output_shape), count))
    rows.append((_("total"), "", "", decimal(network.parameter_count)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:<{widths[2]}}  {d:>{widths[3]}}" for a, b, c, d in rows)
    return "\n".join(line.rstrip() for line in lines)


def _by(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))


def _percent(share: float | None, count: int) -> str:
    """As many digits as an accuracy of so many examples deserves; a dash for what is not known."""
    if share is None:
        return "–"
    return _("{percent} %").format(percent=decimal(100 * share, 2 if count >= 1000 else 1))


def _whole_percent(share: float) -> str:
    return _("{percent} %").format(percent=decimal(100 * share))


def _floor(intervals: Sequence[tuple[float, float] | None]) -> float:
    """A round figure below all of them, for a scale that ends at 1."""
    lowest = min(interval[0] for interval in intervals if interval is not None)
    return min(math.floor(lowest * 20) / 20, 0.95)


def _along(share: float, floor: float) -> str:
    """Where a share lies on a scale from `floor` to 1, for CSS."""
    return f"{100 * (share - floor) / (1 - floor):.1f}%"


def _history_charts(network: Mapping[str, Any]) -> list[Markup]:
    history = network["history"]
    if not history:
        return []
    epochs = [row["epoch"] for row in history]
    chosen = network["training"].get("chosen", {}).get("epoch")

    def chart(column: str, factor: float, y_label: str, description: str) -> Markup:
        lines = {
            name: (epochs, [factor * row[f"{part}_{column}"] for row in history])
            for name, part in ((_("training"), "train"), (_("validation"), "validation"))
        }
        return Markup(svg(line_chart(lines, x_label=_("epoch"), y_label=y_label, mark=chosen), description))

    return [
        chart("accuracy", 100, _("accuracy, %"), _("Accuracy over the epochs of the training")),
        chart("loss", 1, _("loss"), _("Loss over the epochs of the training")),
    ]


def _reliability_diagram(measured: MeasuredSet) -> Markup:
    figure = reliability_diagram(measured.evaluation.reliability)
    return Markup(svg(figure, _("Accuracy over confidence, {name}").format(name=measured.name())))


def _deletion_chart(tested: Mapping[str, Any]) -> Markup:
    erased = [100 * share for share in tested["erased"]]
    lines = {
        _("what speaks for it first"): (erased, tested["supporting_first"]),
        _("what speaks against it first"): (erased, tested["opposing_first"]),
    }
    figure = line_chart(lines, x_label=_("ink erased, %"), y_label=_("evidence left"))
    title = explanation_words()[tested["method"]]
    return Markup(svg(figure, _("Evidence while ink is erased: {method}").format(method=title)))


def _robustness_charts(records: Sequence[RobustnessRecord]) -> dict[str, Markup]:
    charts, words = {}, distortion_words()
    for name, group in groupby(records, key=lambda record: record.distortion):
        by_amount = list(group)
        amounts = [record.amount for record in by_amount]
        # a scale for each: the lowest value of one would press the lines of the others together at the top
        lowest = min(min(record.unframed.accuracy, record.framed.accuracy) for record in by_amount)
        figure = line_chart(
            {
                _("as it is"): (amounts, [100 * record.unframed.accuracy for record in by_amount]),
                _("framed first"): (amounts, [100 * record.framed.accuracy for record in by_amount]),
            },
            x_label=words[name].unit,
            y_label=_("right, %"),
            percent_from=min(10 * math.floor(10 * lowest), 90),
        )
        charts[name] = Markup(svg(figure, words[name].chart))
    return charts


def _gallery(
    measured: MeasuredSet | MeasuredNotDigits,
    indices: npt.NDArray[np.integer],
    mistakes: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """The most confident mistakes, each with its picture, and its strokes where it was drawn."""
    return [
        {
            **mistake,
            # a drawing has the name of its file; an image has nothing but its place in the set
            "example": _("no. {index}").format(index=index)
            if measured.strokes is None
            else mistake["example"],
            "picture": _png_url(measured.images[index]),
            "strokes": [] if measured.strokes is None else _polylines(measured.strokes[index]),
        }
        for index, mistake in zip(indices[:GALLERY], mistakes, strict=False)
    ]


def _numbers(measured: MeasuredNumbers, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kinds": [
            {**kind, "name": measured_kind.name()}
            for kind, measured_kind in zip(told["kinds"], measured.kinds, strict=True)
        ],
        "pictures": [
            {**facts, "is_right": picture.is_right, "picture": _png_url(_tinted(picture))}
            for facts, picture in zip(told["pictures"], measured.pictures, strict=True)
        ],
    }


def _tinted(picture: ReadPicture) -> npt.NDArray[np.float32]:
    """(3, H, W): the ink, and in colour where it was taken for the number's."""
    shade = 1 - picture.look.ink
    tinted = np.stack([shade] * 3)
    tinted[:, picture.look.mask] = TINT[:, None] + (1 - TINT[:, None]) * shade[picture.look.mask]
    return tinted


def _png_url(image: npt.NDArray[np.uint8 | np.float32]) -> str:
    return "data:image/png;base64," + b64encode(image_png(image)).decode()


def _polylines(strokes: Strokes) -> list[str]:
    """The points of each stroke for SVG, its drawing in the middle of a box of STROKE_BOX units."""
    paths = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    everything = np.concatenate(paths)
    low, high = everything.min(axis=0), everything.max(axis=0)
    factor = STROKE_BOX / max((high - low).max(), 1e-9)
    # halved first: twice the largest coordinate may be beyond any float
    placed = [np.rint((path - (low / 2 + high / 2)) * factor + STROKE_BOX / 2) for path in paths]
    # a stroke of one point is drawn twice, to make a dot
    return [" ".join(f"{x:.0f},{y:.0f}" for x, y in np.concatenate((path, path[-1:]))) for path in placed]


def write_report(folder: Path, facts: Mapping[str, Any], page: str) -> None:
    """Write both files into a folder, each whole or not at all; what else lies there stays.

    The figures are written first, so that a page never stands beside older ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / FIGURES, json.dumps(facts, indent=1, allow_nan=False) + "\n")
    write_text(folder / PAGE, page)
