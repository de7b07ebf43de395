"""Where files live on this platform."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import platformdirs

_APP = "sightline"


def config_file() -> Path:
    """The usual configuration file; it may not exist."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False)) / "config.yaml"


def cache_dir() -> Path:
    """What can be fetched again, such as model lists."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def data_dir(flag: str | None, environ: Mapping[str, str]) -> Path:
    """What the program keeps: the ``--data-dir`` flag, else SIGHTLINE_DATA_DIR, else the platform's place."""
    named = flag or environ.get("SIGHTLINE_DATA_DIR")
    return Path(named).expanduser() if named else Path(platformdirs.user_state_dir(_APP, appauthor=False))
