"""Network > My digits without a window: the samples, and what can be done with each and with all of them.

Drawings that were collected and that nobody has labelled yet are shown apart. Their numbers go on where those
of the samples end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Protocol

from app.data.my_digits import FEWEST, can_be_learnt
from app.language import N_, _, decimal, ngettext
from app.messages import errors_told, for_window
from app.page.reading import NOT_A_DIGIT
from app.page.tile import Tile
from app.store.samples import KeptSamples
from engine.datasets.sample_export import export_samples
from engine.datasets.samples import UNLABELLED, Sample, merge, pictures, read_samples
from engine.errors import EngineError
from engine.ink.preprocessing import FRAME
from engine.nn.losses import NO_CLASS
from engine.quoting import shown

LABELS = (*range(10), NO_CLASS)
NOT_LABELLED = N_("not labelled yet")
LONGEST_WORD = 40  # characters of a time or an author that are shown
EXPORTED = "my-digits"  # the folder that is made for what is exported


@dataclass(frozen=True, eq=False)
class _Files:
    """What both files hold."""

    taught: tuple[Sample, ...] = ()
    collected: tuple[Sample, ...] = ()

    def __getitem__(self, number: int) -> Sample:
        return (*self.taught, *self.collected)[number]

    def without(self, number: int) -> _Files:
        """All but one."""
        place = number - len(self.taught)
        if place < 0:
            return replace(self, taught=(*self.taught[:number], *self.taught[number + 1 :]))
        return replace(self, collected=(*self.collected[:place], *self.collected[place + 1 :]))

    def labelled(self, number: int, label: int) -> tuple[_Files, int]:
        """All with another label of one, and the number that it then has: one without any is taught now."""
        sample = replace(self[number], label=label)
        if number < len(self.taught):
            taught = (*self.taught[:number], sample, *self.taught[number + 1 :])
            return replace(self, taught=taught), number
        # a process that was killed at this may have left it there, too
        taught = tuple(each for each in self.taught if each.drawing != sample.drawing)
        return replace(self.without(number), taught=(*taught, sample)), len(taught)


class MyDigitsView(Protocol):
    def show_samples(self, numbers: Sequence[int], title: str, place: int) -> None:
        """Show these, by their numbers, and mark the one at a place among them."""

    def show_counts(self, text: str) -> None: ...
    def show_chosen(self, text: str) -> None: ...
    def enable(self, *, can_be_changed: bool, can_undo: bool, has_any: bool) -> None: ...
    def say(self, text: str, *, is_error: bool = False) -> None: ...
    def ask(self, title: str, text: str, *, yes: str) -> bool: ...
    def ask_files(self) -> Sequence[Path]: ...
    def ask_folder(self) -> Path | None: ...


class MyDigitsPresenter:
    """Keeps what is looked for among the samples, the one that is chosen, and what can be undone.

    Parameters
    ----------
    kept : KeptSamples
        The window's: what is taught meanwhile is found there.
    collected : KeptSamples
        The window's: drawings without a label.
    on_change : callable
        Called when there are other samples, for the network to follow.
    on_train : callable
        Called when a network is to be trained with them.
    """

    def __init__(
        self,
        view: MyDigitsView,
        kept: KeptSamples,
        collected: KeptSamples,
        *,
        on_change: Callable[[], None],
        on_train: Callable[[], None],
    ) -> None:
        self._view, self._kept, self._collected = view, kept, collected
        self._on_change, self._on_train = on_change, on_train
        self._files = _Files()  # as they are shown
        self._earlier: list[_Files] = []  # those before each change that can be undone
        self._label: int | None = None  # what is looked for; None is all that have a label
        self._only_misread = False
        self._shown: list[int] = []
        self._chosen: int | None = None

    @property
    def path(self) -> Path:
        """The file in which the samples lie."""
        return self._kept.path

    def begin(self) -> None:
        self._list()
        self._look_into_file()

    def look_again(self) -> None:
        """Something may have been taught in the window; then what was done here is undone no more."""
        with errors_told(self._view.say):
            files = self._present
            if files.taught is not self._files.taught or files.collected is not self._files.collected:
                self._files = files
                self._earlier.clear()
                self._list()
                self._on_change()

    def _look_into_file(self) -> None:
        """Another window may have written there."""
        with errors_told(self._view.say):
            self._kept.look_again()
            self._collected.look_again()
            self.look_again()

    def look_for(self, label: int | None, *, only_misread: bool) -> None:
        """Show the samples of a label, None for all that have one, or those of them that were misread."""
        self._label, self._only_misread = label, only_misread
        self._list()

    def choose(self, number: int | None) -> None:
        """The sample of this number is marked; None where there is none."""
        self._chosen = number
        self._view.show_chosen("" if number is None else _told_of(self._files[number], number))
        self._view.enable(
            can_be_changed=number is not None,
            can_undo=bool(self._earlier),
            has_any=bool(self._files.taught),
        )

    def tile(self, number: int) -> Tile:
        """A sample as the network sees it, with what it is and what it was read as."""
        sample = self._files[number]
        (picture,) = pictures([sample])
        caption = f"{_named(sample.label)}\n{_read_as(sample)}"
        return Tile(picture.tobytes(), FRAME, FRAME, caption, not _is_misread(sample))

    def relabel(self, label: int) -> None:
        """Say that the chosen one is this digit; NO_CLASS: none."""
        number = self._chosen
        if number is None or self._files[number].label == label:
            return
        files, number = self._files.labelled(number, label)
        if self._change(files, chosen=number):
            self._view.say(_("It is {label} now.").format(label=_named(label)))

    def delete(self) -> None:
        """Delete the chosen one."""
        number = self._chosen
        if number is not None and self._change(self._files.without(number)):
            self._view.say(_("Deleted. Undo brings it back."))

    def undo(self) -> None:
        if self._earlier:
            before = self._earlier[-1]
            if self._change(before):
                del self._earlier[-2:]  # that, and what this would have had undone
                self.choose(self._chosen)
                self._view.say(_("Undone."))

    def import_files(self) -> None:
        """Add the samples of files; of a drawing that is there already the label of the file counts."""
        found: list[Sequence[Sample]] = []
        problems: list[EngineError] = []
        with errors_told(self._view.say):
            for path in self._view.ask_files():
                read = read_samples(path)
                found.append(read.samples)
                problems += [problem for _line, problem in read.problems]
            if not found:
                return
            own = merge([self._files.taught]).samples
            merged = merge([own, *found])
            if (merged.relabelled or len(merged.samples) > len(own)) and not self._change(
                replace(self._files, taught=merged.samples)
            ):
                return
            told = _told_of_import(len(merged.samples) - len(own), merged.duplicates, merged.relabelled)
            if problems:
                told += " " + ngettext(
                    "{count} line is no sample: {problem}",
                    "{count} lines are no samples: {problem}",
                    len(problems),
                ).format(count=decimal(len(problems)), problem=for_window(problems[0]))
            self._view.say(told, is_error=bool(problems))

    def export(self, kind: str) -> None:
        """Write all of them into a new folder, in a format of sample_export."""
        folder = self._view.ask_folder()
        if folder is None:
            return
        names = (EXPORTED if number == 1 else f"{EXPORTED}-{number}" for number in count(1))
        place = next(folder / name for name in names if not (folder / name).exists())
        with errors_told(self._view.say):
            samples = self._files.taught
            export_samples(samples, place, [kind])
            self._view.say(
                ngettext(
                    "Wrote {count} sample into {folder}.",
                    "Wrote {count} samples into {folder}.",
                    len(samples),
                ).format(count=decimal(len(samples)), folder=place)
            )

    def train(self) -> None:
        """Have a network trained with them, if there are enough."""
        learnt = sum(map(can_be_learnt, self._files.taught))
        if learnt >= FEWEST:
            self._on_train()
        else:
            self._view.say(
                _(
                    "Training takes at least {fewest} digits that you drew and taught. You have {count}."
                ).format(fewest=FEWEST, count=learnt),
                is_error=True,
            )

    def delete_all(self) -> None:
        """Delete both files with all that is in them, if that is what is meant."""
        if not self._view.ask(
            _("Delete all samples?"),
            _(
                "All that you have taught, and all drawings that were collected, would be deleted from this "
                "computer for good, with the file {path}. Networks that were trained with it stay."
            ).format(path=self.path),
            yes=_("Delete all"),
        ):
            return
        with errors_told(self._view.say):
            self._kept.delete_all()
            self._collected.delete_all()
            self._take(chosen=None)
            self._earlier.clear()
            self.choose(self._chosen)
            self._view.say(_("All samples are deleted."))

    @property
    def _present(self) -> _Files:
        return _Files(self._kept.samples, self._collected.samples)

    def _change(self, files: _Files, *, chosen: int | None = None) -> bool:
        """Keep other samples, with one chosen, else that in the same place; tells whether it could."""
        with errors_told(self._view.say):
            before = self._files
            changes = [
                (kept, new)
                for kept, old, new in (
                    (self._kept, before.taught, files.taught),
                    (self._collected, before.collected, files.collected),
                )
                if new is not old
            ]
            # what goes from one file to the other is in both for a moment, and never in none
            for kept, new in sorted(changes, key=lambda change: len(change[0].samples) - len(change[1])):
                kept.replace(new)
            self._earlier.append(before)
            self._take(chosen)
            return True
        self._look_into_file()
        return False

    def _take(self, chosen: int | None) -> None:
        self._files = self._present
        self._list(chosen)
        self._on_change()

    def _list(self, chosen: int | None = None) -> None:
        place = self._shown.index(self._chosen) if self._chosen in self._shown else 0
        wanted = [
            number
            for number, sample in enumerate(self._files.taught)
            if self._label in (None, sample.label) and (_is_misread(sample) or not self._only_misread)
        ]
        self._shown = sorted(wanted, key=lambda number: LABELS.index(self._files[number].label))
        if self._label == UNLABELLED:
            first = len(self._files.taught)
            self._shown = list(range(first, first + len(self._files.collected)))
        place = (
            self._shown.index(chosen) if chosen in self._shown else min(place, max(0, len(self._shown) - 1))
        )
        self._view.show_counts(_counts((*self._files.taught, *self._files.collected)))
        self._view.show_samples(self._shown, self._title(), place)
        self.choose(self._shown[place] if self._shown else None)

    def _title(self) -> str:
        if self._label == UNLABELLED:
            waiting = len(self._shown)
            return ngettext(
                "{count} drawing, not labelled yet", "{count} drawings, not labelled yet", waiting
            ).format(count=decimal(waiting))
        if not self._files.taught:
            return _("Nothing is taught yet. Draw, and press the digit’s key where it is misread.")
        shown = [self._files[number] for number in self._shown]
        misread = sum(map(_is_misread, shown))
        return " · ".join(
            (
                ngettext("{count} sample", "{count} samples", len(shown)).format(count=decimal(len(shown))),
                ngettext("{count} misread", "{count} misread", misread).format(count=decimal(misread)),
            )
        )


def _is_misread(sample: Sample) -> bool:
    return sample.label != UNLABELLED and sample.read_as not in (None, sample.label)


def _named(label: int) -> str:
    return {NO_CLASS: _(NOT_A_DIGIT), UNLABELLED: _(NOT_LABELLED)}.get(label, str(label))


def _read_as(sample: Sample) -> str:
    if sample.read_as is None:
        return ""
    if sample.read_as == NO_CLASS:
        return _("read as no digit")
    return _("read as {digit}").format(digit=sample.read_as)


def _counts(samples: Sequence[Sample]) -> str:
    counts = Counter(sample.label for sample in samples)
    return " · ".join(
        _("{label}: {count}").format(label=_named(label), count=decimal(counts[label]))
        for label in (*LABELS, UNLABELLED)
        if label in counts
    )


def _told_of(sample: Sample, number: int) -> str:
    """All that is known of it, in a line."""
    is_labelled = sample.label != UNLABELLED
    told = [_("Sample {number}").format(number=decimal(number + 1))] if is_labelled else []
    told += [shown(word, LONGEST_WORD) for word in (_local(sample.when), sample.author) if word]
    if sample.picture is not None:
        told.append(_("from a picture"))
    return " · ".join(told)


def _local(when: str | None) -> str:
    """A time of ISO 8601 as the lists of networks have it, by the clock here; what is none stays."""
    if when is None:
        return ""
    try:
        return datetime.fromisoformat(when.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return when


def _told_of_import(added: int, duplicates: int, relabelled: int) -> str:
    told = [
        ngettext("{count} sample came in.", "{count} samples came in.", added).format(count=decimal(added))
    ]
    if duplicates:
        told.append(
            ngettext("{count} was there already.", "{count} were there already.", duplicates).format(
                count=decimal(duplicates)
            )
        )
    if relabelled:
        told.append(
            ngettext("{count} has another label now.", "{count} have another label now.", relabelled).format(
                count=decimal(relabelled)
            )
        )
    return " ".join(told)
