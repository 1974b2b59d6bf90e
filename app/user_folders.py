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


def samples_file(author: str | None = None) -> Path:
    """The file of what was taught by who draws now, or by another one, as `who_draws` names them."""
    place = networks_folder().parent
    return folder_of(place, who_draws(place) if author is None else author) / SAMPLES


def who_draws(place: Path) -> str:
    """The name of the profile's folder of who draws now; empty for who has none."""
    try:
        name = read_bytes(place / PROFILES / CURRENT, 100).decode()
    except (OSError, UnicodeDecodeError):  # nobody has said who draws
        return ""
    return name if is_plain_name(name) and (place / PROFILES / name).is_dir() else ""


def folder_of(place: Path, author: str) -> Path:
    """Where the samples of such a one lie: a profile's folder, or `place`, beside the networks."""
    return place / PROFILES / author if is_plain_name(author) else place


def drawing_folder(place: Path) -> Path:
    """Where the samples of who draws now lie."""
    return folder_of(place, who_draws(place))


def downloads_folder() -> Path:
    """The folder of data sets that were downloaded; a cache, which a system may clear."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)
