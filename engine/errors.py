"""What can go wrong in the engine, for callers to catch by kind.

EngineError
├── ShapeError          an array, or a layer, does not fit where it was put
├── ConfigurationError  a setting that no run could work with
├── DatasetError        a data file is missing, damaged or not what it claims to be
├── ImageError          an image file cannot be read
├── StrokesError        a drawing that is no list of strokes
├── SavedNetworkError   a network folder is missing, damaged or of another format
├── TrainingError       training cannot go on
├── WorkerError         a process that worked for this one has ended
└── CheckpointError     a checkpoint is missing, damaged or of another run

Every message says what was expected, what came, and what to do.
"""


class EngineError(Exception):
    """The base of all errors that the engine raises on bad input."""


class ShapeError(EngineError):
    """An array, or a layer, does not fit where it was put."""


class ConfigurationError(EngineError):
    """A setting that no run could work with."""


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


class WorkerError(EngineError):
    """A process that worked for this one was ended from outside."""


class CheckpointError(EngineError):
    """A checkpoint is missing, damaged or of another run, or cannot be written."""
