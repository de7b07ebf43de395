"""The part of the configuration that is wanted before the first frame; the rest is read behind it."""

from __future__ import annotations

from collections.abc import Mapping

from tui.config import paths
from tui.config.node import Place
from tui.config.ui import Ui, read_ui


def load_ui(environ: Mapping[str, str], *, file: str | None = None) -> Ui:
    """The screen's own settings; ConfigError as ``load_config``, but only for what is read here.

    To load what reads the whole file takes as long as the first frame.
    """
    path = paths.config_in_use(file, environ)
    if path is None:
        return Ui()
    # Not imported where there is no file: the parser takes its time to load.
    from tui.config.compose import compose, read_bytes

    root = compose(read_bytes(path), str(path))
    return Ui() if root is None else read_ui(Place(str(path), "", root).entries())
