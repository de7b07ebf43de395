"""``sightline import``: another tool's file as a session; its id on standard output, remarks beside it."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import BinaryIO, TextIO

from tui.chat.finding import Finding
from tui.cli.json_events import dump
from tui.cli.table import harmless_for
from tui.errors import UsageError
from tui.imports.limits import MAX_BYTES, refused


def read(file: str, stdin: TextIO) -> bytes:
    """What the file holds, ``-`` being standard input; UsageError for what cannot be read."""
    if file == "-":
        binary = getattr(stdin, "buffer", None)
        return _bounded(io.BytesIO(stdin.read().encode()) if binary is None else binary)
    try:
        # A link or a pipe is fine: it is the user's own.
        with open(file, "rb") as opened:
            return _bounded(opened)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise UsageError("import", f"{file}: {what}", hint="name a file that can be read, or -") from error


def _bounded(opened: BinaryIO) -> bytes:
    data = opened.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise refused(f"it is larger than {MAX_BYTES:,} bytes")
    return data


def run(
    session: str,
    format: str,
    remarks: Sequence[Finding],
    *,
    as_json: bool,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Tell the new session's id, what the file was, and what it could not say."""
    out, err = out or sys.stdout, err or sys.stderr
    harmless = harmless_for(err)
    for remark in remarks:
        place = f" ({remark.path})" if remark.path else ""
        print(harmless(f"import: {remark.says}{place}"), file=err)
    if as_json:
        told = [{"class": r.cls, "says": r.says, "path": r.path or None} for r in remarks]
        print(dump({"session": session, "format": format, "warnings": told}), file=out)
    else:
        print(session, file=out)
    out.flush()
    return 0
