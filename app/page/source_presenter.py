"""Which digits to train or measure on, without a window: what is here, and what can be fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.jobs.downloading import download
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.jobs.records import Progress
from app.language import _
from app.page.digit_sources import DigitSource


class ChosenSource(Protocol):
    """What others need of a SourcePresenter."""

    @property
    def source(self) -> DigitSource: ...
    @property
    def folder(self) -> Path: ...
    @property
    def is_ready(self) -> bool: ...


@dataclass(frozen=True)
class SourceState:
    """What stands beside the list of sources."""

    text: str
    is_error: bool
    is_coming: bool  # it is downloaded right now
    can_be_downloaded: bool
    needs_folder: bool


class SourceView(Protocol):
    def show(self, state: SourceState) -> None: ...
    def show_progress(self, share: float) -> None: ...
    def ask_folder(self, title: str) -> Path | None: ...
    def watch(self, job: Job, *, on_record: Callable[[Record], None], on_end: Callable[[], None]) -> None: ...


class SourcePresenter:
    """Keeps the chosen source and the data folder.

    Parameters
    ----------
    sources : sequence of DigitSource
        The first one is chosen to begin with.
    folder : Path
        The data folder to look in first.
    on_folder : callable
        Called with another data folder that the person has chosen.
    on_change : callable
        Called when `is_ready` may have changed.
    """

    def __init__(
        self,
        view: SourceView,
        sources: Sequence[DigitSource],
        folder: Path,
        *,
        on_folder: Callable[[Path], None],
        on_change: Callable[[], None],
        start_job: Callable[..., Job] = Job,
    ) -> None:
        self.source = sources[0]
        self.folder = folder
        self._view = view
        self._sources = sources
        self._on_folder, self._on_change = on_folder, on_change
        self._start_job = start_job
        self._job: Job | None = None
        self._error = ""

    @property
    def is_ready(self) -> bool:
        """Whether the chosen digits are in the folder, all of them."""
        return self._job is None and self.source.is_in(self.folder)

    @property
    def state(self) -> SourceState:
        source, is_coming = self.source, self._job is not None
        can_be_downloaded = source.can_be_downloaded(self.folder)
        return SourceState(
            text=_("Downloading {files} into {folder}").format(files=source.files, folder=self.folder)
            if is_coming
            else self._error or self._about(can_be_downloaded=can_be_downloaded),
            is_error=bool(self._error),
            is_coming=is_coming,
            can_be_downloaded=can_be_downloaded and not is_coming,
            needs_folder=bool(source.files),
        )

    def choose(self, place: int) -> None:
        """The person has chosen the source at this place of the list."""
        self.source = self._sources[place]
        self._error = ""
        self._after_change()

    def choose_folder(self) -> None:
        """Ask for the folder that holds the files, and look whether it does."""
        chosen = self._view.ask_folder(
            _("The folder with the files of {files}").format(files=self.source.files)
        )
        if chosen is None:
            return
        if self.source.is_in(chosen):
            self.folder, self._error = chosen, ""
            self._on_folder(chosen)
        else:
            self._error = _("{folder} does not hold the files of {files}, or not all of them.").format(
                folder=chosen.name, files=self.source.files
            )
        self._after_change()

    def download(self) -> None:
        self._error = ""
        self._job = self._start_job(download, folder=str(self.folder))
        self._view.watch(self._job, on_record=self._on_record, on_end=self._on_end)
        self._view.show_progress(0)
        self._after_change()

    def cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _about(self, *, can_be_downloaded: bool) -> str:
        """What the source is, and where its files are, or how they come."""
        source, about = self.source, _(self.source.about)
        if source.is_in(self.folder):
            place = _("Its files are in {folder}.") if source.files else ""
        elif can_be_downloaded:
            place = _(
                "The files of {files} are not on this computer yet. Download them, or choose the folder that "
                "holds them."
            )
        else:
            place = _("The files of {files} are not on this computer yet. Choose the folder that holds them.")
        return f"{about} {place.format(files=source.files, folder=self.folder)}".strip()

    def _on_record(self, record: Record) -> None:
        assert isinstance(record, Progress)
        self._view.show_progress(record.share)

    def _on_end(self) -> None:
        assert self._job is not None
        job, self._job = self._job, None
        self._error = job.error
        self._after_change()

    def _after_change(self) -> None:
        self._view.show(self.state)
        self._on_change()
