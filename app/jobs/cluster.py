"""Processes of other machines, by Dask: its scheduler and workers are started as its own pages say."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any
from urllib.parse import urlsplit

from engine.errors import ConfigurationError, WorkerError

PATIENCE = 15.0  # seconds in which a scheduler has to answer
SCHEMES = ("tcp", "tls", "ws", "wss")
RETURN = 60.0  # seconds that one that was there may be away


class ClusterPool:
    """The workers of a Dask scheduler at an address, as tcp://192.168.1.7:8786.

    WorkerError if none answers there, or if it does not find this program; ConfigurationError if Dask is
    not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError as error:
            raise ConfigurationError(
                "A cluster needs the package distributed. Install it: python -m pip install -r "
                "requirements-cluster.txt"
            ) from error
        self._dask: Any = distributed
        self._address = address
        self._connect(PATIENCE)

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        comm, scheduler = self._dask.comm.CommClosedError, self._dask.scheduler.KilledWorker
        return (comm, scheduler, CancelledError, self._dask.client.FutureCancelledError)

    def submit(self, function: Any, *arguments: Any) -> Future[bytes]:
        coming: Future[bytes] = self._executor.submit(function, *arguments)
        return coming

    def send(self, key: str, make: Callable[[], Any]) -> Any:
        """Dask takes it to a worker when a piece there asks for it, and keeps it there."""
        if key not in self._sent:
            (self._sent[key],) = self._client.scatter([make()])
        return self._sent[key]

    def renew(self) -> None:
        """Connect anew; a scheduler may take its time to come back."""
        self.close()
        self._connect(RETURN)

    def close(self) -> None:
        """Leave the scheduler and its workers to themselves."""
        self._client.close(timeout=PATIENCE)

    def _connect(self, patience: float) -> None:
        self._sent: dict[str, Any] = {}  # what the scheduler holds for this client
        end = time.monotonic() + patience
        while True:
            try:
                _check_is_address(self._address)
                self._client = self._dask.Client(self._address, timeout=PATIENCE, set_as_default=False)
                break
            except (OSError, ValueError) as error:
                if isinstance(error, ValueError) or time.monotonic() >= end:
                    raise WorkerError(
                        "No Dask scheduler answers at {address}. Start one in the program's folder, by "
                        "python -m dask scheduler, and workers, by python -m dask worker {address}; then go "
                        "on with the sweep.",
                        address=self._address,
                    ) from error
                time.sleep(1)
        try:
            self._client.run_on_scheduler(_found)
        except Exception as error:  # whatever Dask makes of it
            self.close()
            raise WorkerError(
                "The Dask scheduler at {address} does not find this program. Start it and its workers in the "
                "program's folder, by python -m dask.",
                address=self._address,
            ) from error
        self._executor = self._client.get_executor(pure=False)


def _found() -> None:
    """What a scheduler finds by its name, as all that it is to hand on."""


def _check_is_address(address: str) -> None:
    """ValueError if it is none: a client that is made for nothing waits half a minute for its own end."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme not in SCHEMES or not parts.hostname or not parts.port:
        raise ValueError(address)
