"""What was typed and not yet sent, as a value, as text and as a file. Earlier prompts beside it."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.chat.parts import Attachment

MAX_HISTORY = 500


@dataclass(frozen=True, slots=True)
class Unsent:
    """A prompt's text and the paths of the files that go with it."""

    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """The prompt being written and the prompts that wait for their turn."""

    written: Unsent = Unsent()
    queue: tuple[Unsent, ...] = ()

    @property
    def text(self) -> str:
        """What stands in the prompt."""
        return self.written.text

    def continued(self, text: str, sent: Iterable[str]) -> Draft:
        """With another ``text`` and its own files, and with prompts that were ``sent`` too early."""
        return Draft(Unsent(text, self.written.files), (*self.queue, *map(Unsent, sent)))


def load_draft(data_dir: Path) -> Draft:
    """The stored draft; an empty one when there is none or it cannot be read."""
    return _draft(_read(data_dir / "draft.json"))


def draft_of_text(text: str | None) -> Draft:
    """The draft that was kept as ``text``; an empty one when there is none or it cannot be read."""
    try:
        return _draft(json.loads(text)) if text else Draft()
    except ValueError:
        return Draft()


def text_of_draft(draft: Draft) -> str | None:
    """The draft as one text to keep; None for an empty one."""
    return None if draft == Draft() else json.dumps(_fields(draft))


def _draft(value: Any) -> Draft:
    if not isinstance(value, dict):
        return Draft()
    queue = value.get("queue")
    return Draft(_unsent(value), tuple(_unsent(q) for q in queue) if isinstance(queue, list) else ())


def _fields(draft: Draft) -> dict[str, Any]:
    return {**asdict(draft.written), "queue": [asdict(unsent) for unsent in draft.queue]}


def _unsent(value: Any) -> Unsent:
    if not isinstance(value, dict):
        return Unsent(str(value))
    files = value.get("files")
    return Unsent(str(value.get("text") or ""), tuple(map(str, files)) if isinstance(files, list) else ())


def save_draft(data_dir: Path, draft: Draft) -> None:
    """Store the draft, whole or not at all; raises OSError."""
    write_private(data_dir / "draft.json", _fields(draft))


def load_history(data_dir: Path) -> list[str]:
    """Earlier prompts, oldest first."""
    value = _read(data_dir / "prompts.json")
    return [str(v) for v in value] if isinstance(value, list) else []


def save_history(data_dir: Path, prompts: list[str]) -> None:
    """Store the newest of the earlier prompts; raises OSError."""
    write_private(data_dir / "prompts.json", prompts[-MAX_HISTORY:])


def write_private(path: Path, value: Any, *, as_json: bool = True) -> None:
    """Replace a file in one move, readable by its owner only; raises OSError.

    ``value`` is a JSON value, or with ``as_json`` false the text itself.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        file.write(json.dumps(value) if as_json else value)
    os.replace(beside, path)


def write_private_data(path: Path, attachment: Attachment) -> None:
    """Keep an attachment as a file readable by its owner only; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64decode(attachment.data))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
