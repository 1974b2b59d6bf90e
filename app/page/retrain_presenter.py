"""Network > Retrain without a window: what is to be trained, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.jobs.going_on import EPOCHS, can_go_on
from app.jobs.retraining import ARCHITECTURES, PRESETS, VARIATIONS, parameter_count
from app.language import _, decimal, ngettext
from app.page.source_presenter import ChosenSource
from app.page.training_presenter import TrainingPresenter
from app.store.networks import name_of
from app.store.trainings import TrainingPlan
from engine.errors import SavedNetworkError
from engine.storage.saved_network import load_facts

FIRST_PRESET = "quick"
GO_ON = "go on"  # beside the presets
MOST_EPOCHS = 500


@dataclass(frozen=True)
class Details:
    """What the person has chosen, the epochs as they were typed."""

    architecture: str
    epochs: str
    variations: str
    goes_on: bool = False  # from the network that reads, of whose architecture it is then


@dataclass(frozen=True)
class Present:
    """The network that reads, where a training can go on from it."""

    folder: Path
    name: str
    architecture: str


def present_network(folder: Path) -> Present | None:
    """What lies in a folder; None where no training of the window can go on from it."""
    try:
        facts = load_facts(folder)
    except SavedNetworkError:
        return None
    reads_digits = facts.input.framing is not None
    if not (reads_digits and can_go_on(facts)):
        return None
    return Present(folder.resolve(), name_of(folder), facts.architecture)


class RetrainView(Protocol):
    def show_preset(self, preset: str) -> None:
        """Mark a preset, or GO_ON; none if it is empty."""

    def show_details(self, details: Details) -> None:
        """Show them; the architecture can be chosen unless the network goes on."""

    def describe(self, architecture: str, variations: str) -> None: ...
    def enable_start(self, is_enabled: bool) -> None: ...
    def refuse_epochs(self, error: str) -> None: ...


class RetrainPresenter:
    """The choice; the training that is made of it is the TrainingPresenter's.

    Parameters
    ----------
    sources : ChosenSource
    training : TrainingPresenter
    present : Present or None
        The network that reads, if a training can go on from it.
    """

    def __init__(
        self,
        view: RetrainView,
        sources: ChosenSource,
        training: TrainingPresenter,
        present: Present | None = None,
    ) -> None:
        self._view, self._sources, self._training = view, sources, training
        self.present = present

    def begin(self, *, with_my_digits: bool = False) -> None:
        """Propose a training: with the person's digits the present network goes on, where it can."""
        self.choose_preset(GO_ON if with_my_digits and self.present is not None else FIRST_PRESET)
        self.look_at_source()

    def choose_preset(self, name: str) -> None:
        if name == GO_ON:
            assert self.present is not None
            details = Details(self.present.architecture, str(EPOCHS), "gentle", goes_on=True)
        else:
            preset = PRESETS[name]
            details = Details(preset.architecture, str(preset.epochs), preset.variations)
        self._view.show_details(details)
        self.choose_details(details)

    def choose_details(self, details: Details) -> None:
        """Show the preset that the details make, or none; whatever goes on is that one."""
        made = (
            name
            for name, preset in PRESETS.items()
            if details == Details(preset.architecture, str(preset.epochs), preset.variations)
        )
        self._view.show_preset(GO_ON if details.goes_on else next(made, ""))
        known = ARCHITECTURES.get(details.architecture)
        about = "" if known is None else _(known)
        size = _("{count} parameters.").format(count=decimal(parameter_count(details.architecture)))
        self._view.describe(f"{about} {size}".strip(), _(VARIATIONS[details.variations][0]))

    def look_at_source(self) -> None:
        """Another source may have been chosen, or it may have come."""
        self._view.enable_start(self._sources.is_ready)

    def start(self, details: Details) -> None:
        if not self._sources.is_ready:  # Return works also where a button is grey
            return
        epochs = details.epochs.strip()
        if not (epochs.isdecimal() and 1 <= int(epochs) <= MOST_EPOCHS):
            self._view.refuse_epochs(
                _("Epochs must be a whole number from 1 to {most}.").format(most=MOST_EPOCHS)
            )
            return
        start = self.present if details.goes_on else None
        self._training.start(
            TrainingPlan(
                source=self._sources.source.dataset,
                folder=str(self._sources.folder),
                architecture=details.architecture,
                epochs=int(epochs),
                variations=details.variations,
                name=_name(details.architecture, start, int(epochs)),
                start="" if start is None else str(start.folder),
            )
        )


def _name(architecture: str, start: Present | None, epochs: int) -> str:
    """What the network to come is called, unless the person types another name."""
    if start is None:
        text = ngettext("{architecture}, {count} epoch", "{architecture}, {count} epochs", epochs)
        return text.format(architecture=architecture, count=epochs)
    text = ngettext("{name}, {count} epoch more", "{name}, {count} epochs more", epochs)
    return text.format(name=start.name, count=epochs)
