"""The engine of LeNet Canvas: a network in NumPy, and everything about its learning.

The names below are the stable ones; the modules hold the rest. A module is loaded when one of its names is
first asked for, so that who needs one room of the engine does not wait for all the others.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.datasets.dataset import Dataset
    from engine.errors import EngineError
    from engine.ink.augmentation import Augmentation
    from engine.learning.optimizers import SGD, Adam
    from engine.learning.training import EpochRecord, StepRecord, TrainingRun
    from engine.learning.training_config import TrainingConfig
    from engine.nn.architectures import build_network
    from engine.nn.network import Network
    from engine.reading.confidence import Confidence
    from engine.reading.evaluation import Evaluation, evaluate
    from engine.reading.prediction import PagePrediction, Placed, Prediction
    from engine.recognizer import Recognizer
    from engine.storage.saved_network import SavedNetwork, load_network, save_network

__all__ = [
    "SGD",
    "Adam",
    "Augmentation",
    "Confidence",
    "Dataset",
    "EngineError",
    "EpochRecord",
    "Evaluation",
    "Network",
    "PagePrediction",
    "Placed",
    "Prediction",
    "Recognizer",
    "SavedNetwork",
    "StepRecord",
    "TrainingConfig",
    "TrainingRun",
    "build_network",
    "evaluate",
    "load_network",
    "save_network",
]

if not TYPE_CHECKING:  # which would take every name for one of these
    _HOMES = {
        "datasets.dataset": ("Dataset",),
        "errors": ("EngineError",),
        "ink.augmentation": ("Augmentation",),
        "learning.optimizers": ("SGD", "Adam"),
        "learning.training": ("EpochRecord", "StepRecord", "TrainingRun"),
        "learning.training_config": ("TrainingConfig",),
        "nn.architectures": ("build_network",),
        "nn.network": ("Network",),
        "reading.confidence": ("Confidence",),
        "reading.evaluation": ("Evaluation", "evaluate"),
        "reading.prediction": ("PagePrediction", "Placed", "Prediction"),
        "recognizer": ("Recognizer",),
        "storage.saved_network": ("SavedNetwork", "load_network", "save_network"),
    }
    _HOME_OF = {name: f"engine.{home}" for home, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> object:
        if name not in _HOME_OF:
            raise AttributeError(f"module 'engine' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOME_OF[name]), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
