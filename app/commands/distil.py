"""Distillation: a network is trained to agree with others, of whatever architecture they are."""

import argparse
from pathlib import Path

from app.commands.train import train_by
from app.options import given_settings, written
from engine import SavedNetwork
from engine.errors import ConfigurationError
from engine.learning.training_config import TeacherFacts
from engine.storage.network_facts import NetworkFacts
from engine.storage.saved_network import MANIFEST, network_files, together

USUAL_SHARE = 0.5  # of the loss


def distil(options: argparse.Namespace) -> int:
    """Train a network into `options.to`, taught by those of `options.paths` together."""
    opened = [SavedNetwork.load(path) for path in options.paths]
    teachers = tuple(
        TeacherFacts(_name(path), _identity(saved)) for path, saved in zip(options.paths, opened, strict=True)
    )
    settings = given_settings(options)
    told = settings.get("teachers", teachers)
    if [each.sha256 for each in told] != [each.sha256 for each in teachers]:
        raise ConfigurationError(
            f"The training of {options.config} was taught by {written(told)}, not by {written(teachers)}. "
            "Name those after --path, or take teachers out of the file."
        )
    settings["teachers"] = teachers
    if not options.resume:
        settings.setdefault("distil", USUAL_SHARE)
    into = argparse.Namespace(**{**vars(options), "path": options.to})
    return train_by(into, settings, teacher=together(opened).classifier)


def _name(path: Path) -> str:
    """A folder of this machine is nobody's business."""
    return path.resolve().name


def _identity(saved: SavedNetwork) -> str:
    """SHA-256 of a network; of what another program made, that of the folder that it would be saved in."""
    facts = saved.facts
    if not facts.files:
        facts = NetworkFacts.from_json(network_files(saved.network, saved.confidence)[MANIFEST])
    return facts.identity
