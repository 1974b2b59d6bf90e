"""The settings while the window is open: each change is written at once."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.store.settings import Settings, load_settings, save_settings

logger = logging.getLogger(__name__)


class Remembered:
    """Settings, and the file that they are kept in."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self.settings = settings
        self._path = path

    def change(self, **changes: Any) -> bool:
        """Take changes, and write them; tell whether they could be written.

        What another window has changed meanwhile stays in the file: only what was chosen here is written.
        """
        self.settings = replace(self.settings, **changes)
        stored, trouble = load_settings(self._path)
        try:
            save_settings(self.settings if trouble else replace(stored, **changes), self._path)
        except OSError as error:
            logger.warning("The settings could not be saved: %s", error)
            return False
        return True
