"""What to think of a new network: beside the present one on every test set, in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.data.sources import MY_DIGITS, NOT_DIGITS, SOURCES
from app.jobs.comparing import EARLIER, LEARNT
from app.jobs.records import Comparison, SetResult
from app.language import N_, _, decimal, listed, pgettext
from engine.reading.evaluation import PairedTally, Tally

CHANCE = 0.05  # a difference that comes by chance more often than this is no difference


@dataclass(frozen=True)
class ResultRow:
    """One test set: what the present and the new network get right of it, and what to think of that."""

    name: str
    images: str
    present: str
    new: str
    difference: str


@dataclass(frozen=True)
class Result:
    """How the new network does beside the present one; `warnings` are why it should rather not be used.

    It `is_kept` unless the person says otherwise, or else only if the person says so.
    """

    verdict: str
    warnings: str
    rows: tuple[ResultRow, ...]
    name: str
    is_kept: bool = True


_TITLES = {
    MY_DIGITS: N_("digits of your own that it did not learn"),
    LEARNT: N_("digits of your own that it learnt"),
    EARLIER: N_("digits of earlier lessons"),
}


def _title(source: str) -> str:
    return _(_TITLES.get(source) or SOURCES[source].title)


def verdict(comparison: Comparison) -> str:
    """The worst difference in a sentence, with a word on what is chance."""
    pairs = _pairs(comparison)
    if not pairs:
        return _("The present network's folder is gone, so the new one stands alone.")
    source, pair = min(pairs.items(), key=lambda item: (not _is_worse(item[1]), item[1].difference))
    if pair.difference >= 0:
        return _("The new network does no worse than the present one on any test set.")
    if source == NOT_DIGITS:
        text = _(
            "The new network does worst on drawings of no digit: of {count} it calls no digit {new} %, the "
            "present one {present} %."
        )
    else:
        text = _(
            "The new network does worst on {set}: of {count} it reads right {new} %, the present one "
            "{present} %."
        )
    told = text.format(
        set=_title(source),
        count=decimal(pair.count),
        new=_in_hundred(pair.second.accuracy),
        present=_in_hundred(pair.first.accuracy),
    )
    return told if _is_worse(pair) else f"{told} {_('So small a difference may be chance.')}"


def warnings(comparison: Comparison) -> str:
    """What is to be known before the new network is used; empty if there is nothing."""
    pairs = _pairs(comparison)
    rejections = pairs.get(NOT_DIGITS)
    sentences = []
    has_lost_rejection = rejections is not None and rejections.second.right == 0 < rejections.first.right
    worse = [
        _title(source)
        for source, pair in pairs.items()
        if _is_worse(pair) and not (source == NOT_DIGITS and has_lost_rejection)
    ]
    if worse:
        sentences.append(_("It does worse on {sets}, by more than chance.").format(sets=listed(worse)))
    if has_lost_rejection:
        sentences.append(
            _(
                "It cannot tell what is not a digit, as the present one can: it reads a star or a scribble "
                "as some digit."
            )
        )
    return " ".join(sentences)


def _pairs(comparison: Comparison) -> dict[str, PairedTally]:
    """By source; none if the present network is gone."""
    return {each.source: each.pair for each in comparison.sets if each.pair is not None}


def _is_worse(pair: PairedTally) -> bool:
    return pair.difference < 0 and pair.p_value < CHANCE


def result_of(comparison: Comparison, name: str, *, goes_on: bool = False) -> Result:
    """What is shown of the new network when it has been compared.

    One that goes on from the present network is to know no less: it is kept if it reads nothing worse.
    """
    told = warnings(comparison)
    return Result(
        verdict=verdict(comparison),
        warnings=told,
        rows=tuple(map(_row, comparison.sets)),
        name=name,
        is_kept=not (goes_on and told),
    )


def _row(result: SetResult) -> ResultRow:
    title, pair = _title(result.source), result.pair
    return ResultRow(
        name=title[:1].upper() + title[1:],
        images=decimal(result.new.count),
        present="–" if pair is None else _percent(pair.first),
        new=_percent(result.new),
        difference="" if pair is None else _difference(pair),
    )


def _difference(pair: PairedTally) -> str:
    """As in: −0.35 points, may be chance."""
    if pair.difference == 0:
        return pgettext("difference", "none")
    sign = "−" if pair.difference < 0 else "+"
    text = _("{points} points") if pair.p_value < CHANCE else _("{points} points, may be chance")
    return text.format(points=sign + _in_hundred(abs(pair.difference)))


def _percent(tally: Tally) -> str:
    return _("{percent} %").format(percent=_in_hundred(tally.accuracy))


def _in_hundred(share: float) -> str:
    return decimal(100 * share, 2)
