"""Which peers are installed: in a directory that is named, or on the PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.peers.peer import Peer

_BELOW = ("", "bin", "node_modules/.bin")


def find(program: str, folder: Path | None = None) -> Path | None:
    """The executable: in ``folder``, in what pip or npm made there or right below, or on the PATH."""
    for place in _places(folder) if folder else ():
        for below in _BELOW:
            path = place / below / program
            if path.is_file() and os.access(path, os.X_OK):
                return path.absolute()
    found = shutil.which(program)
    return Path(found) if found else None


def _places(folder: Path) -> Iterator[Path]:
    yield folder
    yield from sorted(path for path in folder.iterdir() if path.is_dir())


def version(peer: Peer, program: Path, env: Mapping[str, str]) -> str:
    """The version it tells; empty where it tells none."""
    try:
        told = subprocess.run(
            peer.version(program), env=env, capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+\.\d+[\w.+-]*", told.stdout)
    return found.group() if found else ""
