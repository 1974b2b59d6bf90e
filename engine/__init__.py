"""The engine of LeNet Canvas: a network in NumPy, and everything about its learning.

The names below are the stable ones; the modules hold the rest.
"""

from engine.architectures import build_network
from engine.augmentation import Augmentation
from engine.confidence import Confidence
from engine.datasets import Dataset
from engine.errors import EngineError
from engine.evaluation import Evaluation, evaluate
from engine.network import Network
from engine.optimizers import SGD, Adam
from engine.recognizer import Prediction, Recognizer
from engine.saved_network import SavedNetwork, load_network, save_network
from engine.training import EpochRecord, StepRecord, TrainingRun
from engine.training_config import TrainingConfig

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
