"""The tab Compare: what another network makes of the same drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.language import _, decimal
from app.messages import for_window
from app.page.inside.subject import Subject
from engine.errors import EngineError

if TYPE_CHECKING:
    from app.page.reader import Reader

Choice = tuple[str, Path]  # a network's name and its folder


class CompareView(Protocol):
    """What the presenter needs of the tab."""

    def show_choices(self, names: Sequence[str], chosen: int | None) -> None: ...
    def show_bars(self, place: int, name: str, probabilities: Sequence[float], predicted: int | None) -> None:
        """At place 0 those of the network that reads, at 1 those of the other."""

    def show_told(self, text: str) -> None: ...


class ComparePresenter:
    """Follows the subject; the person chooses the other network.

    Parameters
    ----------
    choices : callable
        All networks there are.
    load : callable
        Network folder -> Reader; EngineError or OSError.
    name_of : callable
        What a network folder is called.
    """

    def __init__(
        self,
        view: CompareView,
        *,
        choices: Callable[[], Sequence[Choice]],
        load: Callable[[Path], Reader],
        name_of: Callable[[Path], str],
    ) -> None:
        self._view, self._choices, self._load, self._name_of = view, choices, load, name_of
        self._subject: Subject | None = None
        self._offered: Sequence[Choice] = ()
        self._other: Reader | None = None

    def show(self, subject: Subject) -> None:
        """Another reading: both networks' bars."""
        before, self._subject = self._subject, subject
        own = _own(subject)
        if before is None or _own(before) != own:
            self._offered = [one for one in self._choices() if one[1].resolve() != own]
            self._other = None
            self._view.show_choices([name for name, _folder in self._offered], 0 if self._offered else None)
            if self._offered:
                self.choose(0)
                return
        self._show()

    def leave(self) -> None:
        """Another tab comes to the front; what there is to choose may be other networks by then."""
        self._subject = None

    def choose(self, place: int) -> None:
        """Let this one of the networks read beside."""
        try:
            self._other = self._load(self._offered[place][1])
        except (EngineError, OSError) as error:
            self._other = None
            self._view.show_told(for_window(error))
            return
        self._show()

    def _show(self) -> None:
        subject = self._subject
        if subject is None:
            return
        own = subject.reading
        name = self._name_of(subject.reader.folder) if subject.half is None else subject.half.name
        self._view.show_bars(0, name, own.probabilities, own.digit if own.is_digit else None)
        if self._other is None:
            self._view.show_told(_("There is no other network to compare with. Train one, or open one."))
            return
        other_name = self._name_of(self._other.folder)
        if subject.image is None:
            self._view.show_bars(1, other_name, (0.0,) * 10, None)
            self._view.show_told(subject.told)
            return
        logits = self._other.judge_images([subject.image])
        probabilities = self._other.confidence.probabilities(logits)[0].tolist()
        digit = max(range(len(probabilities)), key=probabilities.__getitem__)
        is_digit = bool(self._other.confidence.accepts(logits)[0])
        self._view.show_bars(1, other_name, probabilities, digit if is_digit else None)
        first = _answer(own.digit, own.confidence, own.is_digit)
        second = _answer(digit, probabilities[digit], is_digit)
        self._view.show_told(
            _("{name} reads {answer}; {other} reads {another}.").format(
                name=name, answer=first, other=other_name, another=second
            )
        )


def _own(subject: Subject) -> Path | None:
    """The folder of the network that reads; None of one that learns, for it has none yet."""
    return None if subject.half is not None else subject.reader.folder.resolve()


def _answer(digit: int | None, confidence: float, is_digit: bool) -> str:
    if not is_digit:
        return _("no digit")
    return _("{digit} · {percent} %").format(digit=digit, percent=decimal(100 * confidence))
