"""Network > Retrain without a window: what is to be trained, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.jobs.retraining import ARCHITECTURES, PRESETS, VARIATIONS, parameter_count
from app.language import _, decimal, ngettext
from app.page.source_presenter import ChosenSource
from app.page.training_presenter import TrainingPresenter
from app.store.trainings import TrainingPlan

FIRST_PRESET = "quick"
MOST_EPOCHS = 500


@dataclass(frozen=True)
class Details:
    """What the person has chosen, the epochs as they were typed."""

    architecture: str
    epochs: str
    variations: str


class RetrainView(Protocol):
    def show_preset(self, preset: str) -> None:
        """Mark a preset, or none if it is empty."""

    def show_details(self, details: Details) -> None: ...
    def describe(self, architecture: str, variations: str) -> None: ...
    def enable_start(self, is_enabled: bool) -> None: ...
    def refuse_epochs(self, error: str) -> None: ...


class RetrainPresenter:
    """The choice; the training that is made of it is the TrainingPresenter's.

    Parameters
    ----------
    sources : ChosenSource
    training : TrainingPresenter
    """

    def __init__(self, view: RetrainView, sources: ChosenSource, training: TrainingPresenter) -> None:
        self._view, self._sources, self._training = view, sources, training

    def begin(self) -> None:
        self.choose_preset(FIRST_PRESET)
        self.look_at_source()

    def choose_preset(self, name: str) -> None:
        preset = PRESETS[name]
        details = Details(preset.architecture, str(preset.epochs), preset.variations)
        self._view.show_details(details)
        self.choose_details(details)

    def choose_details(self, details: Details) -> None:
        """Show the preset that the details make, or none."""
        made = (
            name
            for name, preset in PRESETS.items()
            if details == Details(preset.architecture, str(preset.epochs), preset.variations)
        )
        self._view.show_preset(next(made, ""))
        about = _(ARCHITECTURES[details.architecture])
        size = _("{count} parameters.").format(count=decimal(parameter_count(details.architecture)))
        self._view.describe(f"{about} {size}", _(VARIATIONS[details.variations][0]))

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
        self._training.start(
            TrainingPlan(
                source=self._sources.source.dataset,
                folder=str(self._sources.folder),
                architecture=details.architecture,
                epochs=int(epochs),
                variations=details.variations,
                name=ngettext(
                    "{architecture}, {count} epoch", "{architecture}, {count} epochs", int(epochs)
                ).format(architecture=details.architecture, count=int(epochs)),
            )
        )
