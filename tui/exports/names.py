"""What an exported file is called: safe everywhere, whatever the session is called."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from tui.chat.record import SessionRecord

LONGEST = 60
"""Characters kept of a title."""
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_YEARS = (0.0, 253_402_300_799.0)
"""Unix times from 1970 to the end of 9999."""


def file_name(record: SessionRecord, format: str) -> str:
    """``2026-11-22-which-log-leaks.html``: ASCII letters, digits and hyphens; the day by UTC.

    A title without a Latin letter or a digit gives the session's id.
    """
    at = record.info.created
    day = datetime.fromtimestamp(at, UTC) if _YEARS[0] < at <= _YEARS[1] else None
    words = _words(record.info.title) or _words(record.info.id) or "session"
    return f"{day:%Y-%m-%d}-{words}.{format}" if day else f"{words}.{format}"


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[: 4 * LONGEST]).encode("ascii", "ignore").decode()
    words = _NOT_A_WORD.sub("-", plain.lower()).strip("-")
    if len(words) <= LONGEST:
        return words
    cut = words[: LONGEST + 1].rpartition("-")[0]
    return cut or words[:LONGEST]
