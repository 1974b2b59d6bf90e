"""The engine of LeNet Canvas: a network in NumPy, and everything about its learning.

The names below are the stable ones; the modules hold the rest.
"""

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
