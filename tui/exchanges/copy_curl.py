"""A request as a curl command that sends the very same bytes from sh, bash and zsh; pure.

The body goes through ``printf``, which these shells have built in: an argument of a program ends at 128 kB.
Many quotes are written as escapes, too: bash takes minutes for a word of a megabyte that is made of pieces.
What a terminal would act on, were the command pasted into it, is written as octal escapes: no control
character, no character that hides or turns others, stands in the text.
"""

from __future__ import annotations

import re

from tui.exchanges.sent import Header

_MOST_QUOTES = 100
_UNPRINTABLE = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")


def curl(url: str, headers: tuple[Header, ...], body: bytes) -> str:
    """The command; secrets are named as environment variables, in double quotes."""
    lines = [f"{printed(body)} | curl -sS -g -N --data-binary @- {quoted(url)}"]
    lines += [f"-H {_header(header)}" for header in (Header("content-type", "application/json"), *headers)]
    return " \\\n  ".join(lines) + "\n"


def printed(body: bytes) -> str:
    """A ``printf`` command that writes exactly ``body``."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = None
    few = body.count(b"'") <= _MOST_QUOTES
    if few and text is not None and all(char.isprintable() or char in "\n " for char in set(text)):
        return f"printf %s {quoted(text)}"
    # Each character of the format means itself but for the first two.
    shown = body.replace(b"\\", b"\\\\").replace(b"%", b"%%").replace(b"'", b"\\047")
    if text is None:
        escaped = re.sub(rb"[^\x0a\x20-\x7e]", lambda found: b"\\%03o" % found[0][0], shown).decode()
    else:
        safe = _UNPRINTABLE.sub(lambda found: b"\\%03o" % found[0][0], shown).decode()
        strange = "".join(sorted({char for char in safe if not (char.isprintable() or char == "\n")}))
        table = {ord(char): "".join(f"\\{byte:03o}" for byte in char.encode()) for char in strange}
        escaped = safe.translate(table)
    # A hyphen at the beginning would begin an option.
    return f"printf {quoted(chr(92) + '055' + escaped[1:] if escaped.startswith('-') else escaped)}"


def quoted(text: str) -> str:
    """``text`` as one word of a shell, in which nothing is expanded."""
    return "'" + text.replace("'", "'\\''") + "'"


def _header(header: Header) -> str:
    if header.variable:
        return f'"{header.name}: {header.value}${{{header.variable}}}"'
    # Without a value curl would take the header away; with a semicolon it sends an empty one.
    return quoted(f"{header.name}: {header.value}" if header.value.strip() else f"{header.name};")
