"""The picture on the system's clipboard, where this machine has one and lets us read it."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from tui.attachments.load import load
from tui.chat.media import PNG
from tui.chat.parts import Attachment, Image
from tui.errors import UsageError

_NAME = "clipboard.png"
_HINT = "save the picture to a file, and attach that"


def clipboard_image(environment: Mapping[str, str] = os.environ) -> tuple[Attachment, ...]:
    """The picture on the clipboard, or the files copied there; UsageError with the reason when there is none.

    Asks another program and may wait for it: call it in a thread.
    """
    if _is_remote(environment):
        says = "over ssh the clipboard is that of the machine you sit at"
        raise UsageError("clipboard", says, hint="copy the picture here, and attach the file")
    import PIL.Image
    from PIL import ImageGrab

    try:
        found = ImageGrab.grabclipboard()
    except NotImplementedError as error:
        # Pillow names the program it misses: wl-paste or xclip.
        raise UsageError("clipboard", str(error) or "it cannot be read here", hint=_HINT) from None
    except Exception as error:
        # Whoever owns the clipboard may hand over anything, or fail.
        raise UsageError("clipboard", f"it cannot be read: {error}", hint=_HINT) from None
    if isinstance(found, list) and found:
        return tuple(load(path, Path.cwd()) for path in found)
    if not isinstance(found, PIL.Image.Image):
        raise UsageError("clipboard", "there is no picture on it", hint=_HINT)
    out = BytesIO()
    found.save(out, "PNG")
    return (Image(PNG, base64.b64encode(out.getvalue()).decode("ascii"), _NAME),)


def _is_remote(environment: Mapping[str, str]) -> bool:
    """Whether we run at the far end of ssh without a screen of its own."""
    far = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
    return far and not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
