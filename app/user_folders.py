"""Where each system keeps what belongs to a person: settings, networks, downloads."""

from pathlib import Path

import platformdirs

from engine.files.bounded_files import read_bytes
from engine.files.folder_transaction import is_plain_name

_NAME = "LeNet Canvas"
SAMPLES = "samples.jsonl"  # beside the folder of a person's networks
COLLECTED = "collected.jsonl"  # beside these: drawings without a label
PROFILES = "profiles"  # beside these, too: a folder for each who draws under a name
CURRENT = "current.txt"  # in there: the folder of who draws now


def settings_file() -> Path:
    """The file of the settings."""
    return platformdirs.user_config_path(_NAME, appauthor=False) / "settings.json"


def networks_folder() -> Path:
    """The folder of the networks that a person has made."""
    return platformdirs.user_data_path(_NAME, appauthor=False) / "networks"


def samples_file() -> Path:
    """The file of what was taught by who draws now."""
    return drawing_folder(networks_folder().parent) / SAMPLES


def drawing_folder(place: Path) -> Path:
    """Where the samples of who draws now lie: a profile's folder, or `place`, beside the networks."""
    try:
        name = read_bytes(place / PROFILES / CURRENT, 100).decode()
    except (OSError, UnicodeDecodeError):  # nobody has said who draws
        return place
    folder = place / PROFILES / name
    return folder if is_plain_name(name) and folder.is_dir() else place


def downloads_folder() -> Path:
    """The folder of data sets that were downloaded; a cache, which a system may clear."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)
