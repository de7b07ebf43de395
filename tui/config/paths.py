"""Where files live on this platform."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

_APP = "sightline"


def config_file() -> Path:
    """The usual configuration file; it may not exist."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False)) / "config.yaml"


def config_in_use(flag: str | None, environ: Mapping[str, str]) -> Path | None:
    """The ``--config`` flag, else SIGHTLINE_CONFIG, else the usual file; None where that does not exist."""
    named = flag or environ.get("SIGHTLINE_CONFIG")
    path = at_home(named) if named else config_file()
    return path if named or path.exists() else None


def cache_dir() -> Path:
    """What can be fetched again, such as model lists."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def data_dir(flag: str | None, environ: Mapping[str, str]) -> Path:
    """What the program keeps: the ``--data-dir`` flag, else SIGHTLINE_DATA_DIR, else the platform's place."""
    named = flag or environ.get("SIGHTLINE_DATA_DIR")
    return at_home(named) if named else Path(platformdirs.user_state_dir(_APP, appauthor=False))


def at_home(named: str) -> Path:
    """A path as a person writes it, ``~`` being their home; left as it is when that home is not known."""
    return Path(os.path.expanduser(named))
