"""Network > Practise without a window: asks for digits, those first that are known least of this hand.

Known least is the digit with the fewest samples; of several with as few, the one that the network, without
what it was taught, tells from the others by the smallest margin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from app.language import N_, _
from app.messages import errors_told
from app.page.drawing import Drawing
from app.page.reader import Reader, reading_of
from app.page.teacher import Teacher
from app.store.samples import KeptSamples

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

DIGITS = range(10)
ROUND = 20  # digits that are asked for, one after the other
LATEST = 10  # samples of a digit by which its margin is judged: a hand changes, and each takes 2 ms
NEXT_AGAIN = N_("To teach it as {label}, choose Next again.")
ERASER_REACH = 0.05  # page units


class CoachView(Protocol):
    def ask_for(self, digit: int | None) -> None:
        """Show what is to be written; None once the round is over."""

    def show_strokes(self, strokes: Sequence[Sequence[Point]]) -> None: ...
    def begin_stroke(self, point: Point) -> None: ...
    def extend_stroke(self, point: Point) -> None: ...
    def show_progress(self, counts: Sequence[int], written: int, of: int) -> None:
        """Samples of each digit, and how far the round is."""

    def enable(self, *, can_skip: bool, can_undo: bool) -> None: ...
    def say(self, text: str, *, is_error: bool = False) -> None: ...


class CoachPresenter:
    """Keeps what is asked for and what is written; it is the Pen of its page.

    Parameters
    ----------
    teacher : Teacher
        Takes what was written as lessons.
    kept : KeptSamples
        What was taught before.
    reader : callable
        The network that reads now.
    can_teach : callable
        Whether that can be taught now; where not, it tells why.
    on_change : callable
        Called when there are other samples.
    """

    def __init__(
        self,
        view: CoachView,
        teacher: Teacher,
        kept: KeptSamples,
        *,
        reader: Callable[[], Reader],
        can_teach: Callable[[], bool],
        on_change: Callable[[], None],
    ) -> None:
        self._view, self._teacher, self._kept = view, teacher, kept
        self._reader, self._can_teach, self._on_change = reader, can_teach, on_change
        self._drawing = Drawing()
        self._digit: int | None = None
        self._written: list[int] = []  # in this round
        self._skipped: Counter[int] = Counter()
        self._margins: dict[int, list[float]] = {}

    def begin(self) -> None:
        """Begin a round."""
        self._written.clear()
        self._skipped.clear()
        with errors_told(self._view.say):
            if not self._margins:
                self._judge()
            self._ask(self._least_known)

    def next(self) -> None:
        """Take what is written as the digit that was asked for, and ask for another; begin another round."""
        if self._digit is None:
            self.begin()
            return
        self._drawing.end()
        strokes = [stroke.points for stroke in self._drawing.strokes]
        if not strokes:
            self._view.say(_("Write a {digit} first.").format(digit=self._digit))
        elif not self._can_teach():
            self._view.say(_("The network cannot be taught now; the window tells why."), is_error=True)
        else:
            with errors_told(self._view.say):
                reader = self._reader()
                reading = reading_of(reader.recognize(strokes))
                lesson = self._teacher.teach(reader, reading, strokes, self._digit, insist=NEXT_AGAIN)
                if lesson.is_taken:
                    self._margins.setdefault(self._digit, []).append(_margin(reader, strokes, self._digit))
                    self._written.append(self._digit)
                    self._on_change()
                    self._ask(self._least_known if len(self._written) < ROUND else None)
                self._view.say(lesson.told)

    def skip(self) -> None:
        """Ask for another digit; this one waits until there is one more sample of the others."""
        if self._digit is not None:
            self._skipped[self._digit] += 1
            self._ask(self._least_known)

    def undo(self) -> None:
        """Take the last stroke back; on an empty page, what was written last."""
        if self._drawing.strokes:
            self._drawing.undo()
            self._show()
        elif self._can_undo_lesson and self._can_teach():
            with errors_told(self._view.say):
                told = self._teacher.take_back(self._reader())
                digit = self._written.pop()
                self._margins[digit].pop()
                self._on_change()
                self._ask(digit)
                self._view.say(told)

    @property
    def has_strokes(self) -> bool:
        """Whether something is written that was not taken yet."""
        return bool(self._drawing.strokes)

    @property
    def _can_undo_lesson(self) -> bool:
        return bool(self._written) and self._teacher.can_take_back

    @property
    def _least_known(self) -> int:
        counts = self._counts

        def known(digit: int) -> tuple[int, float]:
            latest = self._margins.get(digit, [])[-LATEST:]
            return counts[digit] + self._skipped[digit], sum(latest) / max(1, len(latest))

        return min(DIGITS, key=known)

    @property
    def _counts(self) -> Counter[int]:
        return Counter(sample.label for sample in self._kept.samples)

    def _judge(self) -> None:
        for digit in DIGITS:
            drawn = [
                [[(float(x), float(y)) for x, y in stroke] for stroke in sample.strokes]
                for sample in self._kept.samples
                if sample.label == digit and sample.strokes is not None
            ]
            self._margins[digit] = [_margin(self._reader(), strokes, digit) for strokes in drawn[-LATEST:]]

    def _ask(self, digit: int | None) -> None:
        self._digit = digit
        self._drawing = Drawing()
        self._view.ask_for(digit)
        self._view.say(_("Done. My digits shows what you wrote.") if digit is None else "")
        self._show()

    def _show(self) -> None:
        self.repaint()
        counts = self._counts
        self._view.show_progress([counts[digit] for digit in DIGITS], len(self._written), ROUND)
        self._enable()

    def _enable(self) -> None:
        can_undo = self.has_strokes or self._can_undo_lesson
        self._view.enable(can_skip=self._digit is not None, can_undo=can_undo)

    # What the page tells of the pen

    @property
    def is_stroke_underway(self) -> bool:
        return self._drawing.is_underway

    def pen_down(self, point: Point) -> None:
        if self._digit is not None:
            self._drawing.begin(point)
            self._view.begin_stroke(point)
            self._view.say("")
            self._enable()

    def pen_move(self, point: Point) -> None:
        if self._drawing.extend(point):
            self._view.extend_stroke(point)

    def pen_up(self) -> None:
        self._drawing.end()

    def erase_at(self, point: Point) -> None:
        if self._drawing.erase(point, ERASER_REACH):
            self._show()

    def keyboard_pen_taken(self) -> None:
        self._view.say(_("The space bar puts the pen down and lifts it; the arrow keys move it."))

    def repaint(self) -> None:
        self._view.show_strokes([stroke.points for stroke in self._drawing.strokes])

    def point_at(self, point: Point | None) -> None:
        """Nothing to be shown of one digit alone, nor selected or gathered."""

    def select_down(self, point: Point) -> None: ...
    def select_move(self, point: Point) -> None: ...
    def select_up(self) -> None: ...
    def gather_at(self, point: Point) -> None: ...
    def gathered(self) -> None: ...


def _margin(reader: Reader, strokes: Sequence[Sequence[Point]], digit: int) -> float:
    """How much likelier than any other digit the network alone holds this one to be, from -1 to 1."""
    probabilities = reader.with_network(reader.network).recognize(strokes).probabilities.tolist()
    own = probabilities.pop(digit)
    return float(own - max(probabilities))
