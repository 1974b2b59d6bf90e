"""A network of another program as a .lenet file, as a job: to find out how it is shown ink takes seconds."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.storage.export import export_network


def import_network(*, path: str, to: str) -> Generator[None, None, None]:
    """Read a file that another program wrote, and save its network, as a job.

    Parameters
    ----------
    path : str
        The file: .onnx, .safetensors or .npz.
    to : str
        The .lenet file to write.

    Raises
    ------
    EngineError
        If it is no network that can be read here, or the other file cannot be written.
    """
    yield None
    export_network([Path(path)], Path(to))
