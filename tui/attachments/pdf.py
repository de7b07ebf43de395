"""How many pages a PDF says it has, and whether it can be opened without a password."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tui.attachments import pdf_pages
from tui.errors import UsageError

SECONDS = 10.0
"""For counting; an honest file takes a tenth of one."""


def pages_of(data: bytes, name: str, seconds: float = SECONDS) -> int | None:
    """The pages of a PDF, None where it does not say so in time; UsageError for a locked one.

    Waits for a process of its own: call it off the screen's loop.
    """
    command = [sys.executable, "-I", str(Path(pdf_pages.__file__))]
    try:
        # S603: our own file, run by the interpreter that runs us.
        run = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    word = run.stdout.decode("ascii", "replace").strip()
    if word == pdf_pages.LOCKED:
        hint = "save a copy without the password"
        raise UsageError("attachment", f"{name} is locked with a password", hint=hint)
    return int(word) if word.isdecimal() else None
