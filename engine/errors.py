"""What can go wrong in the engine, for callers to catch by kind.

EngineError
├── ShapeError          an array, or a layer, does not fit where it was put
├── ConfigurationError  a setting that no run could work with
│   └── CommitteeError  networks that cannot be asked as one
├── DatasetError        a data file is missing, damaged or not what it claims to be
├── ImageError          an image file cannot be read
├── StrokesError        a drawing that is no list of strokes
├── SavedNetworkError   a network folder is missing, damaged or of another format
├── TrainingError       training cannot go on
├── InferenceError      a network's logits are no numbers
├── WorkerError         a process that worked for this one has ended
└── CheckpointError     a checkpoint is missing, damaged or of another run

Every message says what was expected, what came, and what to do. Where a command line and a window would say
the last in different words, it is a Remedy, which each of them words for itself. What people meet in the
window is a template with named values, so that it can be told in another language.
"""

from enum import Enum


class Remedy(Enum):
    """What would mend an error, in words that suit whoever calls the engine."""

    TRAIN = "Train a network first, and save it there."
    REPLACE = "Choose another folder, or let it be replaced."
    RESTORE = "Restore it, or train again."
    COPY = "Copy it again."
    COPY_FOLDER = "Copy the whole folder again."
    WITHOUT_MEMORY = "Save it as .lenet or .onnx, or without its memory."
    TURN_DIGITS = "Read them as EMNIST's, which turns them."
    NAME_DATA_FOLDER = "Name the folder that holds it."
    NAME_DATA_FOLDER_OR_DOWNLOAD = "Name the folder that holds MNIST's four files, or download them."
    NAME_DATA_FOLDER_OR_DRAW = "Name the folder that holds it, or take synthetic digits, which need no file."


class Word(str):
    """A value that is a word, and so is told in another language as the template is around it."""


class EngineError(Exception):
    """The base of all errors that the engine raises on bad input.

    Parameters
    ----------
    template : str
        What was expected and what came, and, where there is no remedy, what to do; with `{name}` for a value.
    **values
        What stands in the template's gaps. Without any, the template is taken as it is.

    Attributes
    ----------
    problem : str
        The template with its values.
    remedy : Remedy or None
    subject : str
        What the remedy is about: the folder to train in, say.
    """

    def __init__(
        self, template: str, *, remedy: Remedy | None = None, subject: str = "", **values: object
    ) -> None:
        self.template = template
        self.values = values
        self.problem = template.format(**values) if values else template
        super().__init__(self.problem if remedy is None else f"{self.problem} {remedy.value}")
        self.remedy = remedy
        self.subject = subject


class ShapeError(EngineError):
    """An array, or a layer, does not fit where it was put."""


class ConfigurationError(EngineError):
    """A setting that no run could work with."""


class CommitteeError(ConfigurationError):
    """Networks that cannot be asked as one."""


class DatasetError(EngineError):
    """A data file is missing, damaged or not what it claims to be."""


class ImageError(EngineError):
    """An image file cannot be read."""


class StrokesError(EngineError):
    """A drawing that is no list of strokes of finite points."""


class SavedNetworkError(EngineError):
    """A network folder is missing, damaged or of another format."""


class TrainingError(EngineError):
    """Training cannot go on."""


class InferenceError(EngineError):
    """A network's logits are not finite: its weights, or the numbers beside them, are far too large."""


class WorkerError(EngineError):
    """A process that worked for this one was ended from outside."""


class CheckpointError(EngineError):
    """A checkpoint is missing, damaged or of another run, or cannot be written."""
