"""Which file somebody means by a path that was typed, pasted, or dropped on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui.errors import UsageError

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUOTES = ("'", '"')
_HERE = ("", "localhost")


def located(path_text: str, base: Path) -> Path:
    """The file ``path_text`` names, relative ones below ``base``; UsageError when there is none.

    Taken as written first, then without quotes, without the backslashes terminals put before
    blanks, and as a ``file://`` URL.
    """
    text = path_text.strip()
    if not text or "\0" in text:
        raise UsageError("attachment", "the path is empty" if not text else "the path holds a NUL character")
    for reading in _readings(text):
        path = _expanded(reading, base)
        try:
            path.lstat()
        except (OSError, ValueError):
            continue
        return path
    raise UsageError("attachment", f"there is no file {text}", hint=f"paths are looked up below {base}")


def _readings(text: str) -> Iterator[str]:
    bare = text[1:-1] if len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0] else text
    yield text
    if bare.lower().startswith("file:"):
        yield _from_url(bare)
    if bare != text:
        yield bare
        if text[0] == "'":
            # How a shell puts a quote between quotes.
            yield bare.replace("'\\''", "'")
    yield _ESCAPED.sub(r"\1", bare)


def _from_url(text: str) -> str:
    try:
        url = urlsplit(text)
    except ValueError as error:
        raise UsageError("attachment", f"{text} is no URL: {error}") from None
    if url.netloc.lower() not in _HERE:
        raise UsageError("attachment", f"{text} is on another machine", hint="copy the file here first")
    path = unquote(url.path)
    # file:///C:/a.png names a drive, not a root.
    return path[1:] if re.match(r"^/[A-Za-z]:", path) else path


def _expanded(text: str, base: Path) -> Path:
    path = Path(text)
    if text.startswith("~"):
        try:
            path = path.expanduser()
        except RuntimeError:
            # No such user: then it is a name that begins so.
            pass
    return base / path
