"""Begins to send spans where the configuration says so."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.config.load import reveal_all
from tui.config.schema import Config
from tui.log import Log
from tui.secrets import without_keys
from tui.spellings import masked

if TYPE_CHECKING:
    from tui.telemetry.traces import Traces


def traces_of(config: Config, secrets: Callable[[], tuple[str, ...]], log: Log) -> Traces | None:
    """Where spans go; None where nothing is traced, ConfigError where it is wanted and cannot be."""
    wanted = config.traces
    if wanted is None:
        return None
    # The packages for it are many, and most people never need them.
    from tui.telemetry.traces import Traces

    return Traces(
        wanted.endpoint,
        reveal_all(wanted.headers, os.environ),
        said=wanted.content == "on",
        version=_version(),
        log=log.write,
        # Looked up each time: a key that a command prints is known only once that has run.
        clean=lambda text: without_keys(masked(text, secrets())),
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sightline-tui")
    except PackageNotFoundError:
        return ""
