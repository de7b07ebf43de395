"""Sessions out of other programs' files: bytes in, a session and remarks out.

Pure: nothing is read, fetched, run or sent, and what a file says stays data. Whatever cannot be
taken is a UsageError that says what was found, where, and what is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.chat.finding import Finding
from tui.chat.parts import Dialect
from tui.chat.record import SessionRecord
from tui.chat.record_stream import RecordStream
from tui.errors import UsageError
from tui.imports import ours
from tui.imports.claude_code import read_claude_code
from tui.imports.claude_trace import read_claude_trace
from tui.imports.codex import read_codex
from tui.imports.curl import read_curl
from tui.imports.detect import format_of
from tui.imports.har import read_har
from tui.imports.limits import quoted, refused
from tui.imports.lint import lint
from tui.imports.litellm_log import read_litellm_log
from tui.imports.opencode import read_opencode
from tui.imports.reading import Reading, RouteFor
from tui.imports.requests import read_requests
from tui.imports.source import Source, source_of

__all__ = ("FORMATS", "Imported", "RouteFor", "read")

_READERS: dict[str, Callable[[Source, Reading], SessionRecord]] = {
    "claude-code": read_claude_code,
    "codex": read_codex,
    "opencode": read_opencode,
    "har": read_har,
    "curl": read_curl,
    "litellm-log": read_litellm_log,
    "claude-trace": read_claude_trace,
}

_DIALECTS: dict[str, Dialect] = {"messages": "messages", "chat": "chat", "responses": "responses"}

FORMATS: dict[str, str] = {
    "sightline": "a session exported as JSON",
    "claude-code": "a transcript of Claude Code (JSON lines)",
    "codex": "a rollout of Codex (JSON lines)",
    "opencode": "what `opencode export` writes",
    "messages": "request bodies of /v1/messages, alone or with their responses",
    "chat": "request bodies of /v1/chat/completions, alone or with their responses",
    "responses": "request bodies of /v1/responses, alone or with their responses",
    "har": "an HTTP archive of a browser or proxy",
    "curl": "curl command lines",
    "litellm-log": "log rows of a LiteLLM proxy",
    "claude-trace": "a log of claude-trace (JSON lines)",
}
"""Every format that is taken, and what it is."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A session as read from a file; nothing of it is stored yet."""

    stream: RecordStream
    format: str
    """A name in ``FORMATS``."""
    warnings: tuple[Finding, ...]
    """What was left out, changed or is broken, and what the history's model would not take."""

    @property
    def record(self) -> SessionRecord:
        """The session with everything in memory at once."""
        return self.stream.whole()


def read(
    name: str,
    data: bytes,
    *,
    now: float,
    new_id: Callable[[], str],
    format: str | None = None,
    route_for: RouteFor | None = None,
) -> Imported:
    """The session in a file's bytes; UsageError for any that hold none.

    ``name`` is what the user calls the file; nothing is told from it. ``now`` is Unix time in seconds;
    ``format`` is a name in ``FORMATS`` where the user says it; ``route_for`` tells what the proxy
    knows of a model's name.
    """
    if format is not None and format not in FORMATS:
        raise refused(f"{quoted(format)} is no format", hint=f"one of {', '.join(FORMATS)}")
    try:
        return _read(data, format, Reading(now, new_id, route_for=route_for))
    except UsageError as error:
        raise UsageError(f"cannot import {quoted(name)}", error.what, hint=error.hint) from error


def _read(data: bytes, format: str | None, reading: Reading) -> Imported:
    route_for = reading.route_for
    if format == "sightline" or (format is None and ours.is_ours(data)):
        stream = ours.read(data)
        return Imported(stream, "sightline", lint(stream.record, route_for))
    source = source_of(data, reading.remarks)
    found = format or format_of(source)
    if found in _READERS:
        record = _READERS[found](source, reading)
    else:
        record, found = read_requests(source, reading, _DIALECTS.get(found))
    return Imported(RecordStream.of(record), found, (*reading.remarks.findings(), *lint(record, route_for)))
