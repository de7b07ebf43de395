"""Request bodies as they are sent: one, a list, a pair with its response, or the lines of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.json_text import dump_bytes, dump_text
from tui.chat.parts import Dialect, Json
from tui.chat.record import SessionRecord, Wire
from tui.errors import UsageError
from tui.imports.answers import answer_in
from tui.imports.calls import session_of
from tui.imports.dialects import dialect_of
from tui.imports.fields import obj, text, unix_time, whole
from tui.imports.limits import quoted, refused
from tui.imports.reading import Reading
from tui.imports.recorded import Answered, Call, answered, read_body
from tui.imports.remarks import UNREAD
from tui.imports.source import Source
from tui.imports.sse import frames_of


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    body: dict[str, Json]
    url: str = ""
    response: Json = None
    status: int | None = None
    at: float = 0.0


def read_requests(
    source: Source, reading: Reading, wanted: Dialect | None = None
) -> tuple[SessionRecord, Dialect]:
    """The session in a file's bodies, and the format of the last; ``wanted`` is what the user says it is."""
    entries = list(_entries(source))
    calls: list[Call] = []
    errors: list[UsageError] = []
    for entry in entries:
        try:
            calls.append(_call(entry, reading, wanted))
        except UsageError as error:
            errors.append(error)
            says = "A request that cannot be read is left out."
            reading.remarks.say(UNREAD, says, f"{entry.path}: {quoted(error.what, 120)}")
    if not calls:
        raise errors[0] if errors else refused("there is no request in it")
    dialect = calls[-1].asked.dialect
    return session_of(calls, reading, dialect), dialect


def _call(entry: _Entry, reading: Reading, wanted: Dialect | None) -> Call:
    dialect = wanted or dialect_of(entry.body, entry.url)
    asked = read_body(dialect, entry.body, reading, entry.at)
    call = Call(asked, entry.path, entry.at, url=entry.url)
    if entry.response is None:
        return call
    body = entry.response if isinstance(entry.response, str) else dump_text(entry.response)
    is_stream = isinstance(entry.response, str)
    frames = frames_of(body, 0.0) if is_stream else (Frame(WHOLE_BODY, body, 0.0),)
    wire = Wire(body=dump_bytes(entry.body), frames=frames)
    call = Call(asked, entry.path, entry.at, url=entry.url, wire=wire)
    said = Answered(frames, status=entry.status)
    other = None if is_stream else answer_in(entry.response)
    return answered(call, said, reading, dialect=other)


def _entries(source: Source) -> Iterator[_Entry]:
    if source.is_json:
        value = source.value
        if isinstance(value, list) and value and all(_is_message(item) for item in value):
            # A bare list of messages, as programs keep it.
            yield _Entry("", {"messages": value})
        elif isinstance(value, list):
            for number, item in enumerate(value):
                yield _entry(item, f"{number}")
        else:
            yield _entry(value, "")
        return
    for line, item in source.lines:
        yield _entry(item, f"line {line}")


def _is_message(item: Json) -> bool:
    return isinstance(item, dict) and isinstance(item.get("role"), str) and "messages" not in item


def _entry(item: Json, path: str) -> _Entry:
    """A body, a pair, or a line of a batch."""
    if not isinstance(item, dict):
        raise refused(f"{path or 'it'} is no request: {quoted(type(item).__name__)}")
    request = obj(item, "request")
    body = obj(item, "body") or obj(request, "body") or obj(item, "params") or request or item
    url = text(item, "url") or text(request, "url")
    response = item.get("response") if item is not body else None
    status = None
    if isinstance(response, dict) and answer_in(response) is None and "body" in response:
        status = whole(response, "status_code") or whole(response, "status")
        response = response["body"]
    at = unix_time(request.get("timestamp")) or unix_time(item.get("timestamp")) or 0.0
    return _Entry(path, body, url, response, status, at)
