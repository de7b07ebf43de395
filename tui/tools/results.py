"""How much of what a tool said the model is given, and how much is kept for the user.

A result longer than ``MODEL_CHARS`` reaches the model as its head and tail with a note between; the
whole is kept beside it, up to ``KEPT_CHARS``.
"""

from __future__ import annotations

from tui.chat.parts import Text, ToolResult

MODEL_CHARS = 30_000
"""Most characters of one result the model is given, the note about the rest included."""
KEPT_CHARS = 5_000_000
"""Most characters of one result that are kept at all; a session holds many."""

_NOTE_ROOM = 200
_SNAP = 1_000
"""How far a cut may move to fall between two lines."""


def result(call_id: str, text: str, *, is_error: bool = False) -> ToolResult:
    """The result of one call: all of ``text``, or a piece of it with the rest in ``full``."""
    if len(text) <= MODEL_CHARS:
        return ToolResult(call_id, (Text(text),), is_error)
    return ToolResult(call_id, (Text(shortened(text, MODEL_CHARS)),), is_error, shortened(text, KEPT_CHARS))


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters: the first two thirds and the last third of what fits, a note between."""
    if len(text) <= limit:
        return text
    room = max(limit - _NOTE_ROOM, 0)
    head_end = _back_to_line(text, room * 2 // 3)
    tail_start = _on_to_line(text, len(text) - (room - room * 2 // 3))
    left_out = tail_start - head_end
    first = text.count("\n", 0, head_end) + 1
    last = first + text.count("\n", head_end, tail_start)
    note = (
        f"[… {left_out:,} of {len(text):,} characters left out here, within lines {first:,} to {last:,};"
        " ask for less at a time to see them …]"
    )
    return f"{text[:head_end].rstrip()}\n{note}\n{text[tail_start:]}"[:limit]


def _back_to_line(text: str, at: int) -> int:
    newline = text.rfind("\n", max(at - _SNAP, 0), at)
    return at if newline < 0 else newline + 1


def _on_to_line(text: str, at: int) -> int:
    newline = text.find("\n", at, at + _SNAP)
    return at if newline < 0 else newline + 1
