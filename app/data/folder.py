"""Where the data sets lie: in `--data DIR`, else where DIGITS_DATA says, else in the user's cache folder."""

import os
from pathlib import Path

VARIABLE = "DIGITS_DATA"


def data_folder(option: Path | None) -> Path:
    """The folder of the data sets: the option, else DIGITS_DATA, else the user's cache."""
    if option is not None:
        return option
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    import platformdirs

    return platformdirs.user_cache_path("LeNet Canvas", appauthor=False)
