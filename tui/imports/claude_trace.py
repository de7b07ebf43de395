"""claude-trace: one line a call, request and response as its interceptor saw them."""

from __future__ import annotations

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.json_text import dump_bytes, dump_text
from tui.chat.parts import Json
from tui.chat.record import SessionRecord, Wire
from tui.errors import UsageError
from tui.imports.calls import session_of
from tui.imports.dialects import dialect_of, is_request
from tui.imports.fields import obj, objects, text, unix_time, whole
from tui.imports.headers import header_pairs, kept
from tui.imports.limits import quoted, refused
from tui.imports.reading import Reading
from tui.imports.recorded import Answered, Call, answered, read_body
from tui.imports.remarks import UNREAD
from tui.imports.source import Source
from tui.imports.sse import frames_of


def read_claude_trace(source: Source, reading: Reading) -> SessionRecord:
    """The session in a log of claude-trace; UsageError when no call of it can be read."""
    entries = source.objects()
    calls: list[Call] = []
    other = 0
    for line, entry in entries:
        request = obj(entry, "request")
        body = obj(request, "body")
        if not is_request(body) or "count_tokens" in text(request, "url"):
            other += 1
            continue
        try:
            calls.append(_call(entry, body, f"line {line}", reading))
        except UsageError as error:
            says = "A call that cannot be read is left out."
            reading.remarks.say(UNREAD, says, f"line {line}: {quoted(error.what, 120)}")
    if other:
        reading.remarks.say(UNREAD, f"{other} entries are no calls of a model.")
    if not calls:
        raise refused("none of its entries is a call of a model that can be read")
    return session_of(calls, reading, "claude-trace")


def is_entry(entry: Json) -> bool:
    """Whether a line is one of claude-trace."""
    request = obj(entry, "request")
    return "method" in request and "url" in request and "headers" in request and "log" not in entry


def _call(entry: dict[str, Json], body: dict[str, Json], path: str, reading: Reading) -> Call:
    request, response = obj(entry, "request"), obj(entry, "response")
    at = unix_time(request.get("timestamp")) or 0.0
    end = unix_time(response.get("timestamp"))
    seconds = max(end - at, 0.0) if at and end else None
    url = text(request, "url")
    asked = read_body(dialect_of(body, url), body, reading, at)
    headers = kept(header_pairs(response.get("headers")))
    frames = _frames(response, seconds or 0.0)
    wire = Wire(dump_bytes(body), kept(header_pairs(request.get("headers"))), headers, frames)
    call = Call(asked, path, at, seconds, url, wire=wire)
    return answered(call, Answered(frames, whole(response, "status_code"), headers), reading)


def _frames(response: dict[str, Json], at: float) -> tuple[Frame, ...]:
    if raw := text(response, "body_raw"):
        return frames_of(raw, at)
    if isinstance(response.get("events"), list):
        # Some versions keep the events parsed; their names are within their data.
        events = list(objects(response, "events"))
        data = [obj(event, "data") or event for event in events]
        return tuple(Frame(text(piece, "type"), dump_text(piece), at) for piece in data)
    body = response.get("body")
    if isinstance(body, str):
        return frames_of(body, at)
    return (Frame(WHOLE_BODY, dump_text(body), at),) if isinstance(body, dict) else ()
