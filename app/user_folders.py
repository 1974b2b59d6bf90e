"""Where each system keeps what belongs to a person: settings, networks, downloads."""

from pathlib import Path

import platformdirs

_NAME = "LeNet Canvas"
SAMPLES = "samples.jsonl"  # beside the folder of a person's networks
COLLECTED = "collected.jsonl"  # beside these: drawings without a label


def settings_file() -> Path:
    """The file of the settings."""
    return platformdirs.user_config_path(_NAME, appauthor=False) / "settings.json"


def networks_folder() -> Path:
    """The folder of the networks that a person has made."""
    return platformdirs.user_data_path(_NAME, appauthor=False) / "networks"


def samples_file() -> Path:
    """The file of the samples that a person has taught."""
    return networks_folder().parent / SAMPLES


def downloads_folder() -> Path:
    """The folder of data sets that were downloaded; a cache, which a system may clear."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)
