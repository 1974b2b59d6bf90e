"""Between the person and the network: what the hand does in, what the window shows out.

The Controller owns the drawing and the recognizer. It knows a View by what it can show, and
never which toolkit it is made of, so all of it is tested without a window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.language import _, decimal, ngettext
from app.messages import errors_told
from app.page.box_drag import BoxDrag
from app.page.collector import Collector
from app.page.drawing import Drawing, Gap, Picture, Stroke, extent
from app.page.frame import Box
from app.page.hand_cut import HandCut, best_halving, divided, halved
from app.page.hints import hint
from app.page.inside.subject import Subject
from app.page.opened_picture import read_within
from app.page.part_shown import PartShown
from app.page.picture_place import in_picture, on_page, place_of
from app.page.reader import Reader, read
from app.page.reading import PageReading, Reading
from app.page.teacher import Teacher
from app.store.networks import name_of, title_of
from engine.nn.losses import NO_CLASS
from engine.storage.export import ARRAYS, export_network
from engine.storage.lessons import can_hold_lessons

if TYPE_CHECKING:
    from app.page.half_trained import HalfTrained
    from engine.ink.rasterize import Ink, Point

LESSONS = {
    **{digit: f"teach {digit}" for digit in range(10)},
    NO_CLASS: "teach none",
}  # actions by their label

# How near the eraser must come to a stroke's middle, in page units: a medium pen's width.
ERASER_REACH = 0.05
ON_INK = 0.02  # as near to a stroke's middle is on it


class View(Protocol):
    """What the Controller needs of the window."""

    def show_strokes(self, strokes: Sequence[Sequence[Point]]) -> None: ...
    def begin_stroke(self, point: Point) -> None: ...
    def extend_stroke(self, point: Point) -> None: ...
    def show_picture(self, picture: Picture, strokes: Sequence[Sequence[Point]]) -> None: ...
    def show_box(self, box: Box | None) -> None:
        """Show a box over the picture, in page units, or none."""

    def show_hint(self, text: str) -> None: ...
    def show_reading(self, reading: PageReading) -> None: ...
    def enable_actions(self, enabled: Mapping[str, bool]) -> None: ...
    def show_network(self, name: str) -> None: ...
    def keep_network(self, folder: Path) -> None:
        """Another network reads now: let it be the one of whoever draws."""

    def show_message(self, text: str, *, is_error: bool = False) -> None: ...
    def show_lesson(self, text: str) -> None:
        """Show what was taught, and offer to take it back."""

    def when_idle(self, callback: Callable[[], None]) -> None:
        """Call back once the events that wait have been handled."""

    def when_resting(self, callback: Callable[[], None]) -> None:
        """Call back once this has not been asked again for a moment."""


class Controller:
    """Keeps the drawing, and has it read once per burst of changes.

    Parameters
    ----------
    view : View
    reader : Reader
        The network to begin with.
    load_reader : callable
        Network folder -> Reader; raises EngineError or OSError.
    teacher : Teacher
        Keeps what the person teaches.
    collector : Collector
        Keeps what is cleared, while it is on.
    """

    def __init__(
        self,
        view: View,
        reader: Reader,
        *,
        load_reader: Callable[[Path], Reader],
        teacher: Teacher,
        collector: Collector,
    ) -> None:
        self.reader = reader
        self._teacher, self._collector = teacher, collector
        self._replayed: Drawing | None = None  # a beginning of the drawing, while that is replayed
        self._whole = reader  # the network that is open, as it is saved: it reads, unless it is changed
        self._half: HalfTrained | None = None  # that reads in its place
        self._earlier: list[Reader] = []  # those that read before, the last one last
        self._view = view
        self._load_reader = load_reader
        self._drawing = Drawing()
        self._reading = PageReading()
        self._reading_is_due = False
        self._part_shown = PartShown()
        self._path: list[Point] = []  # of a pen that gathers or cuts
        self._gathered: set[int] = set()  # the numbers of pieces that it has met
        self._drag: BoxDrag | None = None
        self._pressed: int | None = None  # the part in whose frame the pen went down
        self._has_told_of_keys = False
        self._times_emptied = 0

    @property
    def is_stroke_underway(self) -> bool:
        """Whether a motion of the pen adds to a stroke; undo and the like end it."""
        return self._drawing.is_underway

    @property
    def network_name(self) -> str:
        """The name that the person gave the network, else that of its folder."""
        return name_of(self.reader.folder)

    def start(self) -> None:
        """Show the empty page."""
        with errors_told(self._view.show_message):
            self._teacher.prepare(self.reader)
        self._view.show_reading(PageReading())
        self.show_again()

    def show_again(self) -> None:
        """Show all there is, in a window that was built anew."""
        self.show_network_name()
        self.repaint()
        self._enable_actions()
        self._ask_for_reading()

    def pen_down(self, point: Point) -> None:
        self.replay_to(None)
        if self._drawing.is_empty:
            self._view.show_strokes(())  # the hint makes room
        self._pressed = self._up_to_date.place_at(point)
        self._part_shown = PartShown(pointer=point)
        self._drawing.begin(point)
        self._view.begin_stroke(point)
        self._view.show_message("")  # an old message would seem to speak of this drawing
        self._enable_actions()
        self._ask_for_reading()

    def pen_move(self, point: Point) -> None:
        if self._drawing.extend(point):
            self._part_shown.pointer = point
            self._view.extend_stroke(point)
            self._ask_for_reading()

    def pen_up(self) -> None:
        """End the stroke; a click into a digit's frame is none, and chooses that digit."""
        if self._is_click_into_a_frame:
            self._drawing.cancel()
            self._after_change()
            self._part_shown.chosen = self._pressed
        else:
            self._drawing.end()
            self._show_part()
            if self._reading.is_provisional:
                self._ask_for_reading()

    def show_part_beside(self, step: int) -> None:
        """Show the digit so many places further on in the number."""
        place = self._reading.place + step
        if 0 <= place < len(self._reading.parts):
            self._part_shown.choose(place)
            self._show_part()

    def keep_shown(self) -> None:
        """The digit that is shown stays, also when the pointer leaves it for a menu."""
        self._part_shown.chosen = self._reading.place

    def point_at(self, point: Point | None) -> None:
        """The pointer rests over a place, with no button pressed, or over none."""
        self._part_shown.pointer = point
        self._show_part()

    def keyboard_pen_taken(self) -> None:
        """Tell how keys draw, the first time that they do."""
        if not self._has_told_of_keys:
            self._has_told_of_keys = True
            self._view.show_message(
                _(
                    "The arrow keys move the pen, with Shift in larger steps; "
                    "the space bar puts it down and lifts it."
                )
            )

    def erase_at(self, point: Point) -> None:
        if self._drawing.erase(point, ERASER_REACH):
            self._after_change()

    def gather_at(self, point: Point) -> None:
        """Take the pieces at a point into the group that the pen gathers."""
        self._drawing.end()
        self._path.append(point)
        self._gathered |= self._drawing.near(point, ERASER_REACH)

    def gathered(self) -> None:
        """Have what was gathered read as one digit, or what was cut as two; undo takes it back.

        The pen cuts where it crosses a single stroke or a whole digit from above to below it, beginning and
        ending on paper.
        """
        path, self._path = self._path, []
        pieces, self._gathered = self._gathered, set()
        if self._drawing.picture is not None:
            self._cut_picture(HandCut(path))
        elif not path or self._cut_strokes(HandCut(path)):
            return
        elif pieces and not self._up_to_date.is_part(pieces) and self._drawing.group([pieces]):
            self._after_change()

    def _cut_strokes(self, cut: HandCut) -> bool:
        """Cut what the pen has crossed; return whether it was there to cut."""
        if self._drawing.near(cut.path[0], ON_INK) | self._drawing.near(cut.path[-1], ON_INK):
            return False
        reading = self._up_to_date
        gaps = {
            number: found
            for number, stroke in enumerate(self._drawing.strokes)
            if (found := cut.gaps(stroke.points, extent([stroke])))
        }
        crossed = {
            number
            for number, piece in enumerate(self._drawing.pieces)
            if any(piece.span[0] < sum(gap) / 2 < piece.span[1] for gap in gaps.get(piece.stroke, ()))
        }
        parts = [part for part in reading.parts if crossed & set(part.strokes)]
        if not crossed or (len(crossed) > 1 and not (len(parts) == 1 and cut.goes_through(parts[0].framed))):
            return False
        numbers = {number for part in parts for number in part.strokes}
        return self._divide(numbers, gaps, cut.is_left)

    def _divide(
        self,
        numbers: Iterable[int],
        gaps: Mapping[int, Iterable[Gap]],
        is_left: Callable[[Sequence[Point]], bool],
    ) -> bool:
        is_divided = self._drawing.divide(numbers, gaps, is_left)
        if is_divided:
            self._after_change()
        return is_divided

    def _cut_picture(self, cut: HandCut) -> None:
        """Read the ink of the picture as if it were bare where the pen has crossed a digit."""
        picture = self._drawing.picture
        if picture is None or self._drawing.strokes:
            return
        if any(cut.goes_through(part.box) for part in self._up_to_date.parts):
            self._put_under(divided(picture, cut.path))

    def read_as_two(self) -> None:
        """Have the digit that is shown read as two, cut where they are best; a replay ends before."""
        self.replay_to(None)
        reading, picture = self._up_to_date, self._drawing.picture
        if picture is not None and reading.parts and not self._drawing.strokes:
            picture = halved(self.reader, picture, reading.parts[reading.place].box)
            if picture is not None:
                self._put_under(picture)
        elif reading.shown_strokes:
            halving = best_halving(self.reader, self._drawing, reading.shown_strokes)
            if halving is not None:
                self._divide(reading.shown_strokes, halving.gaps, halving.is_left)

    def select_down(self, point: Point) -> None:
        """Begin a drag around what is meant in the picture, or at the box that is there."""
        self._drawing.end()
        picture = self._drawing.picture
        if picture is not None and picture.look is not None:
            self._drag = BoxDrag(point, self._box, place_of(picture))

    def select_move(self, point: Point) -> None:
        if self._drag is not None:
            self._view.show_box(self._drag.to(point))

    def select_up(self) -> None:
        """Read what is in the box; a click beside the box takes it off, and undo takes either back."""
        drag, self._drag = self._drag, None
        picture = self._drawing.picture
        if drag is None or picture is None:
            return
        with errors_told(self._view.show_message):
            if drag.box is None:
                self._put_under(picture.unboxed or picture)
            elif drag.box != drag.before:
                self._put_under(read_within(picture, in_picture(picture, drag.box)))
        self._view.show_box(self._box)

    def leave_box(self) -> bool:
        """Give up a drag, else take the box off; return whether there was either."""
        picture = self._drawing.picture
        if self._drag is not None:
            self._drag = None
            self._view.show_box(self._box)
            return True
        if picture is not None and picture.unboxed is not None:
            self._put_under(picture.unboxed)
            return True
        return False

    def join(self) -> None:
        """Have the digit that is shown and the next one read as one; a replay ends before."""
        self.replay_to(None)
        reading = self._up_to_date
        following = reading.next_strokes
        if following and self._drawing.group([{*reading.shown_strokes, *following}]):
            self._after_change()

    def read_apart(self) -> None:
        """Have each piece of the digit that is shown read as a digit of its own; a replay ends before."""
        self.replay_to(None)
        strokes = self._up_to_date.shown_strokes
        if len(strokes) > 1 and self._drawing.group([stroke] for stroke in strokes):
            self._after_change()

    def teach(self, label: int) -> None:
        """Have the digit that is shown be remembered as this one; NO_CLASS: as none.

        A replay ends before: what is taught is a whole drawing.
        """
        self.replay_to(None)
        if not self._up_to_date.shown.is_drawn:
            self._view.show_message(_("There is nothing on the page to be remembered."))
            return
        if self._is_told_of_change:
            return
        subject = self.subject
        with errors_told(self._view.show_message):
            lesson = self._teacher.teach(self.reader, subject.reading, subject.strokes, label)
            if lesson.is_taken:
                self._view.show_lesson(lesson.told)
            else:
                self._view.show_message(lesson.told)
            self._after_lesson()

    def take_lesson_back(self) -> None:
        """Forget what was taught last."""
        if self._teacher.can_take_back and not self._is_told_of_change:
            with errors_told(self._view.show_message):
                self._view.show_message(self._teacher.take_back(self.reader))
                self._after_lesson()

    def can_be_taught(self) -> bool:
        """Whether the network can be taught now; a message says why not."""
        return not self._is_told_of_change

    def follow_author(self, author: str | None) -> None:
        """Another one draws, whose name samples have from now on; what they taught is known."""
        self._teacher.author = self._collector.author = author
        self.follow_samples()

    def follow_samples(self) -> None:
        """Have the network that reads answer by the samples as they are now."""
        if self._is_whole:  # else once it is as it is saved
            with errors_told(self._view.show_message):
                self._teacher.prepare(self.reader)
        self._after_lesson()

    @property
    def _is_told_of_change(self) -> bool:
        """Whether the network is not as it is saved, and so cannot be taught; then the person is told."""
        if not self._is_whole:
            told = (
                _("The network is changed for a look inside. Teach it with all maps on, as it is saved.")
                if self._half is None
                else _("A half-trained network reads. To teach, let the network that is open read again.")
            )
            self._view.show_message(told, is_error=True)
        return not self._is_whole

    def _after_lesson(self) -> None:
        self._enable_actions()
        self._ask_for_reading()

    def undo(self) -> None:
        if self._drawing.can_undo:
            self._drawing.undo()
            self._after_change()

    def redo(self) -> None:
        if self._drawing.can_redo:
            self._drawing.redo()
            self._after_change()

    def clear(self) -> None:
        """Empty the page; undo brings all of it back."""
        if not self._drawing.is_empty:
            self.replay_to(None)
            parts = self._drawn_parts if self._collector.is_on else []
            self._drawing.clear()
            self._after_change()
            self._collect(parts)

    def collect(self, is_on: bool) -> None:
        """Keep each drawing when it is cleared, from now on, or no more."""
        self._collector.is_on = is_on
        if is_on:
            told = _(
                "From now on each drawing is kept on this computer when it is cleared. My digits shows them."
            )
        else:
            told = _("Drawings are not collected any more. Those that were are in My digits.")
        self._view.show_message(told)

    def _collect(self, parts: Sequence[tuple[Reading, Sequence[Sequence[Point]]]]) -> None:
        with errors_told(self._view.show_message):
            if parts and self._collector.collect(parts):
                waiting = self._collector.count
                told = ngettext(
                    "Kept to be labelled; {count} drawing is not labelled yet.",
                    "Kept to be labelled; {count} drawings are not labelled yet.",
                    waiting,
                )
                self._view.show_message(told.format(count=decimal(waiting)))

    @property
    def _drawn_parts(self) -> list[tuple[Reading, list[tuple[Point, ...]]]]:
        """What is read on the page, part by part, with the strokes of each; none of a picture."""
        reading, strokes = self._up_to_date, self._strokes
        if self._drawing.picture is not None:
            return [(part.reading, []) for part in reading.parts]
        if not reading.is_several:
            return [(part.reading, strokes) for part in reading.parts]
        return [(part.reading, self._page.drawn(part.strokes)) for part in reading.parts]

    def repaint(self) -> None:
        picture, strokes = self._drawing.picture, self._strokes
        if picture is not None:
            self._view.show_picture(picture, strokes)
        elif strokes:
            self._view.show_strokes(strokes)
        else:
            self._view.show_hint(hint(self._times_emptied))
        self._view.show_box(self._box)

    @property
    def drawing(self) -> Drawing:
        """All that is on the page, to look at."""
        return self._drawing

    def put_on_page(self, strokes: Sequence[Stroke]) -> None:
        """Put other strokes in place of what is on the page, in one step of the history."""
        self._drawing.replace(strokes)
        self._after_change()

    def put_picture(self, picture: Picture) -> None:
        """Put a picture in place of what is on the page, in one step of the history."""
        self._drawing.replace((), picture)
        self._after_change()

    @property
    def answer(self) -> str:
        """What is read, as a text to copy; empty where nothing is drawn."""
        return self._up_to_date.copied

    def open_network(self, folder: Path, *, kept: Path | None = None) -> bool:
        """Let another network read; the one before stays where that fails. Tells whether it reads.

        What another program wrote may have been read already, and be `kept` elsewhere.
        """
        with errors_told(self._view.show_message):
            reader = self._load_reader(folder) if kept is None else self._load_reader(kept).named(folder)
            self._teacher.prepare(reader)
            self._earlier.append(self._whole)
            self._take(reader)
            return True
        return False

    def open_network_file(self, path: Path, *, kept: Path | None = None) -> bool:
        """Let the network of a file read, as `open_network` does, and say so."""
        is_open = self.open_network(path, kept=kept)
        if is_open:
            self._view.show_message(_("{name} reads now.").format(name=path.name))
        return is_open

    def export_network(self, path: Path) -> bool:
        """Save the network that is open as one file, in the format that its ending tells. Tells if it could.

        What it was taught goes along, also in this window, where the file can hold that.
        """
        with errors_told(self._view.show_message):
            reader = self._whole
            is_of_arrays = path.suffix.lower() in ARRAYS
            holds_lessons = not is_of_arrays and can_hold_lessons(reader.folder)
            lessons = self._teacher.lessons(reader) if holds_lessons else None
            export_network([reader.folder], path, with_memory=not is_of_arrays, lessons=lessons)
            told = _("Saved the network as {name}.").format(name=path.name)
            if reader.memory is not None and len(reader.memory) and not holds_lessons:
                told += " " + _("What it was taught is not in it, for it cannot hold that.")
            self._view.show_message(told)
            return True
        return False

    def can_open(self, folder: Path) -> bool:
        """Whether a network could read; a message says why not."""
        with errors_told(self._view.show_message):
            self._load_reader(folder)
            return True
        return False

    def go_back(self) -> None:
        """Let the network before this one read again."""
        if self._earlier:
            reader = self._earlier.pop()
            with errors_told(self._view.show_message):  # what was taught meanwhile, it remembers, too
                self._teacher.prepare(reader)
            self._take(reader)

    @property
    def subject(self) -> Subject:
        """What bars and preview speak of, for a look inside."""
        reading = self._up_to_date
        return Subject(
            self.reader.first,
            reading.shown,
            self._page.drawn(self._numbers_shown),
            reading.place % max(1, len(reading.parts)),
            len(reading.parts),
            self._half,
            self._is_whole,
            self._whole.facts.members if self._half is None else (),
        )

    def replace_shown(self, strokes: Sequence[Sequence[Point]]) -> None:
        """Put other strokes in place of those that bars and preview speak of, in one step of the history."""
        self._read()  # what waits, for the numbers
        replaced = set(self._numbers_shown)
        kept = [number for number in range(len(self._drawing.pieces)) if number not in replaced]
        self.put_on_page([Stroke(tuple(points)) for points in (*self._drawing.drawn(kept), *strokes)])

    @property
    def stroke_count(self) -> int:
        """On the page, the one under the pen among them."""
        return len(self._drawing.strokes)

    @property
    def point_count(self) -> int:
        """Of all strokes together."""
        return sum(len(stroke.points) for stroke in self._drawing.strokes)

    @property
    def is_replaying(self) -> bool:
        """Whether only a beginning of the drawing is shown and read."""
        return self._replayed is not None

    def replay_to(self, points: int | None) -> None:
        """Show and read the drawing as it was after so many points, None for all; a new stroke ends it."""
        if points is None and self._replayed is None:
            return
        self._replayed = None
        if points is not None:
            strokes = []
            for stroke in self._drawing.strokes:
                if points > 0:
                    strokes.append(Stroke(stroke.points[:points]))
                points -= len(stroke.points)
            self._replayed = Drawing()
            self._replayed.replace(strokes, self._drawing.picture)
        self.repaint()
        self._ask_for_reading()

    @property
    def whole(self) -> Reader:
        """The network that is open, as it is saved, whatever reads in its place."""
        return self._whole

    @property
    def _is_whole(self) -> bool:
        return self.reader is self._whole

    def read_by(self, reader: Reader | None, *, half: HalfTrained | None = None) -> None:
        """Have the page read by a network that is not as it is saved; None for the one that is open.

        It is that one with some of it switched off or as it was, or another that is `half` trained.
        """
        self.reader, self._half = reader or self._whole, half
        self.follow_samples()

    def show_network_name(self) -> None:
        """Show the name again: it may have been changed."""
        self._view.show_network(title_of(self.reader.folder))

    def show_image(self, ink: Ink, message: str) -> None:
        """Put an image on the page, as if it had been opened, and read it."""
        self.put_picture(Picture(ink))
        self._view.show_message(message)

    def _take(self, reader: Reader) -> None:
        self.reader = self._whole = reader
        self._half = None
        self.show_network_name()
        self._view.keep_network(reader.folder)
        self._view.show_message(_("The network {name} reads now.").format(name=self.network_name))
        self._enable_actions()
        self._ask_for_reading()

    def _put_under(self, picture: Picture) -> None:
        if self._drawing.put_under(picture):
            self._after_change()

    @property
    def _box(self) -> Box | None:
        """The box that the person has dragged over the picture, in page units."""
        picture = self._drawing.picture
        chosen = picture.look.chosen if picture is not None and picture.look is not None else None
        return on_page(picture, chosen) if picture is not None and chosen is not None else None

    @property
    def _strokes(self) -> list[tuple[Point, ...]]:
        return [stroke.points for stroke in self._page.strokes]

    @property
    def _page(self) -> Drawing:
        """What is shown and read."""
        return self._replayed or self._drawing

    @property
    def _numbers_shown(self) -> Sequence[int]:
        """Of the pieces that were read, where nothing but strokes was."""
        if self._drawing.picture is not None or not self._reading.parts:
            return ()
        # a page of one, which nobody has divided, does not tell them
        count = len(self._page.pieces)
        return self._reading.shown_strokes if self._reading.is_several else range(count)

    @property
    def _is_click_into_a_frame(self) -> bool:
        """Whether the pen may be choosing a digit, so far, and not drawing."""
        return self._pressed is not None and self._drawing.is_click

    def _after_change(self) -> None:
        self._replayed = None
        self._part_shown.chosen = None
        self._drag = None
        self._path, self._gathered = [], set()  # the pieces have other numbers now
        if self._drawing.is_empty:
            self._times_emptied += 1
        self.repaint()
        self._enable_actions()
        self._ask_for_reading()

    def _enable_actions(self) -> None:
        has_strokes, picture = bool(self._drawing.strokes), self._drawing.picture
        self._view.enable_actions(
            {
                "undo": self._drawing.can_undo,
                "redo": self._drawing.can_redo,
                "clear": not self._drawing.is_empty,
                "save": not self._drawing.is_empty,
                "copy answer": not self._drawing.is_empty,
                "copy drawing": not self._drawing.is_empty,
                "eraser": has_strokes,
                "select": picture is not None and picture.look is not None,
                "join": bool(self._reading.next_strokes),
                "read apart": len(self._reading.shown_strokes) > 1,
                "read as two": self._can_be_two,
                "go back": bool(self._earlier),
                "forget": self._teacher.can_take_back,
            }
        )

    @property
    def _can_be_two(self) -> bool:
        """Whether what is shown are strokes alone, or a picture's ink alone."""
        is_drawn = self._reading.shown.is_drawn
        return is_drawn and bool(self._reading.shown_strokes or not self._drawing.strokes)

    def _ask_for_reading(self) -> None:
        """Have the page read once the pen's waiting moves are drawn: ink comes first."""
        if not self._reading_is_due:
            self._reading_is_due = True
            self._view.when_idle(self._read)

    @property
    def _up_to_date(self) -> PageReading:
        """The reading of the page as it is now: in one that waits to be read, strokes have other numbers."""
        self._read()
        return self._reading

    def _read(self) -> None:
        if not self._reading_is_due:
            return
        self._reading_is_due = False
        if not self._is_click_into_a_frame:
            underway = self._drawing.is_underway
            self._show_reading(self._shown_in(read(self.reader, self._page, underway=underway)))
            if self._reading.is_provisional:
                self._view.when_resting(self._read_at_rest)

    def _read_at_rest(self) -> None:
        """The pen has paused: there is time to ask whether its stroke is several digits."""
        if self._reading.is_provisional and not self._reading_is_due:
            self._show_reading(self._shown_in(read(self.reader, self._page)))

    def _show_part(self) -> None:
        """Show another part of what was read, if it is to be another."""
        reading = self._shown_in(self._reading)
        if reading.place != self._reading.place:
            self._show_reading(reading)

    def _shown_in(self, reading: PageReading) -> PageReading:
        underway = len(self._drawing.strokes) - 1 if self._drawing.is_underway else None
        return self._part_shown.of(reading, underway=underway)

    def _show_reading(self, reading: PageReading) -> None:
        reading = self._reading = replace(reading, by="" if self._half is None else self._half.mark)
        self._view.show_reading(reading)
        self._enable_actions()
