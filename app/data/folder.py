"""Where the data sets lie: in `--data DIR`, else where DIGITS_DATA says, else in the user's cache folder."""

import os
from pathlib import Path

from app.user_folders import downloads_folder

VARIABLE = "DIGITS_DATA"
EXPLANATIONS = "explanations"


def data_folder(option: Path | None) -> Path:
    """The folder of the data sets: the option, else DIGITS_DATA, else the user's cache."""
    if option is not None:
        return option
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    return downloads_folder()


def explanations_folder() -> Path:
    """Where is kept what explains a network, if not beside it: in the user's cache folder."""
    return downloads_folder() / EXPLANATIONS
