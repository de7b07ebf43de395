"""A session into a file: what was asked for, where it goes, and that nothing there is ever overwritten."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tui.chat.record import SessionRecord
from tui.config.paths import at_home
from tui.errors import UsageError
from tui.exports import FORMATS, Format, export, file_name, format_named
from tui.secrets import MASK

HIDDEN_TEXTS = ("text-hidden", "texts-hidden", "hidden")
"""Words that ask for the texts to be hidden."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be exported and where to."""

    format: Format | None = None
    """None where nobody said."""
    hides_texts: bool = False
    path: str = ""
    """A file or a directory; empty for the place where exports go."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    path: Path
    masked: int
    """How many pieces of text were taken for secrets and masked."""
    hides_texts: bool


def wish_of(argument: str) -> Wish:
    """What ``html text-hidden ~/shared/leak.html`` asks for: at most one format, then a path to the end.

    Without a format the path's ending tells it.
    """
    format: Format | None = None
    hides, rest = False, argument.strip()
    while rest:
        word, _, after = rest.partition(" ")
        if word.lower() in HIDDEN_TEXTS:
            hides, rest = True, after.strip()
        elif format is None and (named := format_named(word)) and not word.startswith("."):
            format, rest = named, after.strip()
        else:
            break
    if rest and format is None:
        format = format_named(Path(rest).suffix)
        if format is None:
            known = ", ".join(FORMATS)
            raise UsageError("export", f"{rest} names no format", hint=f"say one of {known} before the path")
    return Wish(format, hides, rest)


def write_export(
    record: SessionRecord, format: Format, wish: Wish, secrets: Sequence[str], exports: Path
) -> Written:
    """Write the record without secrets; UsageError where a file is in the way or cannot be written.

    Slow for long sessions: call it in a thread.
    """
    from tui.exports.ours import dump
    from tui.exports.redaction import redacted

    masked = redacted(record, secrets)
    places = dump(masked).count(MASK) - dump(record).count(MASK)
    out = redacted(record, secrets, texts=True) if wish.hides_texts else masked
    data = export(out, format).encode("utf-8", "replace")
    name = file_name(out, format)
    try:
        path = _put(wish, name, data, exports)
    except FileExistsError as error:
        raise UsageError("export", f"{error.filename} is there already", hint="name another file") from None
    except OSError as error:
        raise UsageError("export", f"{error.filename or wish.path}: {error.strerror}") from None
    return Written(path, max(places, 0), wish.hides_texts)


def _put(wish: Wish, name: str, data: bytes, exports: Path) -> Path:
    path = at_home(wish.path) if wish.path else exports
    if wish.path and not path.is_dir():
        _create(path, data)
        return path.absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem, _, ending = name.rpartition(".")
    for number in count(1):
        chosen = path / (name if number == 1 else f"{stem}-{number}.{ending}")
        try:
            _create(chosen, data)
        except FileExistsError:
            continue
        return chosen.absolute()
    raise AssertionError


def _create(path: Path, data: bytes) -> None:
    """A file that is new, for its owner only; nothing of it is left where it cannot be written whole."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise
