"""The system's own clipboard, for terminals that do not hand text on to it."""

from __future__ import annotations

import os
from collections.abc import Mapping


def system_copy(text: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Put ``text`` on the system clipboard; False where there is none. May block: call it in a thread.

    Over ssh the system is the far one, whose clipboard is not the person's, so it is left alone.
    """
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return False
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True
