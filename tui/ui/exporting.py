"""A session into a file: what was asked for, where it goes, and that nothing there is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from tui.chat.record_stream import RecordStream
from tui.config.paths import at_home
from tui.errors import UsageError, disk_hint
from tui.exports import FORMATS, Format, file_name, files, format_named, pieces

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

    @property
    def secrets(self) -> str:
        """How many secrets were masked, so that none found does not read as none hidden."""
        if not self.masked:
            return "no secrets found in it"
        return "1 secret masked" if self.masked == 1 else f"{self.masked:,} secrets masked"


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
    source: RecordStream, format: Format, wish: Wish, secrets: Sequence[str], exports: Path
) -> Written:
    """Write a session without secrets; UsageError where a file is in the way or cannot be written.

    Slow for long sessions: call it in a thread.
    """
    from tui.exports.redaction import Redaction

    redaction = Redaction(source, secrets, texts=wish.hides_texts)
    out = redaction.stream
    try:
        path = _put(wish, file_name(out.record, format), pieces(out, format), exports)
    except FileExistsError as error:
        raise UsageError("export", f"{error.filename} is there already", hint="name another file") from None
    except OSError as error:
        what = f"{wish.path or exports}: {error.strerror}"
        raise UsageError("export", what, hint=disk_hint(error)) from None
    return Written(path, redaction.masked, wish.hides_texts)


def _put(wish: Wish, name: str, text: Iterable[str], exports: Path) -> Path:
    path = at_home(wish.path) if wish.path else exports
    if wish.path and not path.is_dir():
        return files.create((path,), text).absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem, _, ending = name.rpartition(".")
    numbered = (path / f"{stem}-{number}.{ending}" for number in count(2))
    return files.create(chain((path / name,), numbered), text).absolute()
