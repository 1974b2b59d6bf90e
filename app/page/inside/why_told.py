"""What speaks for an answer and against it, in words."""

from __future__ import annotations

from app.language import N_, _, decimal
from engine.explaining.attribution import LeftOut
from engine.explaining.edits import Edit, Kind

KINDS = {
    Kind.TURNED: N_("turn the end of a stroke"),
    Kind.CUT: N_("cut off the end of a stroke"),
    Kind.EXTENDED: N_("draw a stroke on"),
    Kind.BRANCH: N_("add a stroke that begins on another"),
    Kind.LINK: N_("join two places by a stroke"),
    Kind.RUBBED: N_("rub out a piece of a stroke"),
    Kind.LEFT_OUT: N_("leave out a stroke"),
    Kind.BENT: N_("bend a stroke"),
}

SOURCES = {"mnist": N_("MNIST"), "pendigits": N_("pen digits"), "synthetic": N_("drawn by the program")}


def question_told(digit: int, versus: int) -> str:
    return _("Why {digit} and not {versus}?").format(digit=digit, versus=versus)


def stroke_told(left_out: LeftOut, digit: int, versus: int) -> str:
    """What is read without a stroke, and for which of the two digits in question it spoke."""
    number = decimal(left_out.stroke + 1)
    if left_out.digit is None:
        return _("Without stroke {number} nothing is left.").format(number=number)
    read = {"number": number, "digit": left_out.digit, "percent": decimal(100 * left_out.confidence)}
    if left_out.worth == 0:
        return _("Without stroke {number}: {digit}, {percent} %.").format(**read)
    supported, opposed = (digit, versus) if left_out.worth > 0 else (versus, digit)
    return _(
        "Without stroke {number}: {digit}, {percent} %. It speaks for {supported} and against {opposed}."
    ).format(**read, supported=supported, opposed=opposed)


def neighbour_told(digit: int, source: str) -> str:
    """A digit that is near, and where it comes from."""
    return _("{digit}, {source}").format(
        digit=digit, source=_(SOURCES[source]) if source in SOURCES else source
    )


def change_told(edit: Edit) -> str:
    told = {"digit": edit.digit, "change": _(KINDS[edit.kind]), "percent": decimal(100 * edit.confidence)}
    if edit.then is None:
        return _("To become a {digit}: {change}. It is then read as {digit}, {percent} %.").format(**told)
    return _("To become a {digit}: {change}, then {more}. It is then read as {digit}, {percent} %.").format(
        **told, more=_(KINDS[edit.then])
    )


def no_change_told(digit: int) -> str:
    return _("No small change makes this a {digit}.").format(digit=digit)


def evidence_told(evidence: float, least: float, digit: int) -> str:
    """Why something is no digit."""
    if evidence < least:
        return _(
            "Not a digit: its evidence is {evidence}, and a digit has {least} or more. Nearest is {digit}."
        ).format(evidence=decimal(evidence, 1), least=decimal(least, 1), digit=digit)
    return _("Not a digit: a dot is too little for one.")
