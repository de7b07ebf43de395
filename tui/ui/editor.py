"""Writing a prompt in the person's own editor, in a file that survives whatever happens to it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tui.errors import UsageError
from tui.ui.draft import write_private

PROMPT_FILE = "prompt.md"


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The editor's words: ``$VISUAL``, else ``$EDITOR``, else what the platform always has."""
    chosen = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        words = shlex.split(chosen, posix=sys.platform != "win32")
    except ValueError as error:
        raise UsageError("the editor", f"$VISUAL or $EDITOR cannot be read: {error}") from error
    return words or ["notepad" if sys.platform == "win32" else "vi"]


def edit(text: str, directory: Path, command: list[str], name: str = PROMPT_FILE) -> str:
    """``text`` as the editor left it; blocks until it is closed. UsageError when it does not run well.

    ``name`` is that of the file it is given, by which it may know what it edits.
    """
    path = directory / name
    try:
        write_private(path, text, as_json=False)
        code = subprocess.run([*command, os.fspath(path)], check=False).returncode  # noqa: S603  # the person's own
    except OSError as error:
        # Nobody wrote anything there.
        path.unlink(missing_ok=True)
        says = f"{command[0]} does not start: {error.strerror or error}"
        raise UsageError("the editor", says, hint="set EDITOR to a program such as nano") from error
    if code:
        raise UsageError(
            "the editor", f"{command[0]} ended with code {code}", hint=f"what it wrote is in {path}"
        )
    try:
        edited = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError("the editor", f"{path} cannot be read: {error.strerror or error}") from error
    path.unlink(missing_ok=True)
    return edited.removesuffix("\n")
