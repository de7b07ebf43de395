"""HAR 1.2: calls of models among whatever else a browser or proxy recorded."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.parts import Json
from tui.chat.record import SessionRecord, Wire
from tui.errors import UsageError
from tui.imports.answers import answer_in
from tui.imports.calls import session_of
from tui.imports.dialects import dialect_by_url, dialect_of, is_request
from tui.imports.fields import number, obj, objects, text, unix_time, whole
from tui.imports.headers import header_pairs, kept
from tui.imports.limits import quoted, refused
from tui.imports.reading import Reading
from tui.imports.recorded import Answered, Call, answered, read_body
from tui.imports.remarks import UNREAD
from tui.imports.source import Source, json_or_none
from tui.imports.sse import frames_of

_UNREAD_PATHS = ("generatecontent", "/converse", "/invoke", "/embeddings", "/count_tokens")
"""Parts of addresses of models' other interfaces."""


def read_har(source: Source, reading: Reading) -> SessionRecord:
    """The session in the calls of a HAR file; UsageError when there are none."""
    log = obj(source.value, "log")
    calls: list[tuple[float, int, Call]] = []
    seen = other = 0
    for number_, entry in enumerate(objects(log, "entries")):
        seen += 1
        path = f"log.entries.{number_}"
        request = obj(entry, "request")
        body = _request_body(request)
        if not isinstance(body, dict) or not _is_call(text(request, "url"), body):
            other += _is_unread(text(request, "url"))
            continue
        try:
            call = _call(entry, body, path, reading)
        except UsageError as error:
            says = "A call that cannot be read is left out."
            reading.remarks.say(UNREAD, says, f"{path}: {quoted(error.what, 120)}")
            continue
        calls.append((call.at, number_, call))
    if other:
        says = f"{other} calls of models in other formats are not read."
        reading.remarks.say(UNREAD, says, "log.entries")
    if not calls:
        raise refused(
            f"none of its {seen} entries is a call of a model with its request's body",
            hint="taken: POSTs to /v1/messages, /v1/chat/completions and /v1/responses, recorded with bodies",
        )
    in_order = [call for _, _, call in sorted(calls, key=lambda item: item[:2])]
    # A page of ours is a session; any other's title is an address.
    ours = text(obj(log, "creator"), "name") == "sightline"
    title = next((text(page, "title") for page in objects(log, "pages")), "") if ours else ""
    return session_of(in_order, reading, "har", title)


def _is_call(url: str, body: dict[str, Json]) -> bool:
    if _is_unread(url):
        return False
    return (dialect_by_url(url) is not None and is_request(body)) or (is_request(body) and "model" in body)


def _is_unread(url: str) -> bool:
    return any(part in url.lower() for part in _UNREAD_PATHS)


def _call(entry: dict[str, Json], body: dict[str, Json], path: str, reading: Reading) -> Call:
    request, response = obj(entry, "request"), obj(entry, "response")
    at = unix_time(entry.get("startedDateTime")) or 0.0
    took = number(entry.get("time"))
    seconds = took / 1000 if took is not None and took >= 0 else None
    url = text(request, "url")
    asked = read_body(dialect_of(body, url), body, reading, at)
    headers = kept(header_pairs(response.get("headers")))
    frames = _frames(entry, seconds)
    sent = text(obj(request, "postData"), "text")
    wire = Wire(
        body=sent.encode("utf-8", "surrogatepass"),
        request_headers=kept(header_pairs(request.get("headers"))),
        headers=headers,
        frames=frames,
    )
    call = Call(asked, path, at, seconds, url, wire=wire)
    status = whole(response, "status") or None
    said = Answered(frames, status, headers)
    other = None
    if len(frames) == 1 and frames[0].event == WHOLE_BODY:
        other = answer_in(json_or_none(frames[0].data))
    return answered(call, said, reading, dialect=other)


def _request_body(request: dict[str, Json]) -> Json:
    if text(request, "method").upper() not in ("POST", ""):
        return None
    data = obj(request, "postData")
    body = text(data, "text")
    if text(data, "encoding") == "base64":
        body = _decoded(body)
    elif exact := text(data, "_base64"):
        body = _decoded(exact)
    return json_or_none(body) if body.lstrip()[:1] == "{" else None


def _frames(entry: dict[str, Json], seconds: float | None) -> tuple[Frame, ...]:
    content = obj(obj(entry, "response"), "content")
    body = text(content, "text")
    if text(content, "encoding") == "base64":
        body = _decoded(body)
    frames = frames_of(body, seconds or 0.0)
    return _timed(frames, list(objects(entry, "_frames")))


def _timed(frames: tuple[Frame, ...], told: list[dict[str, Json]]) -> tuple[Frame, ...]:
    """Frames with the arrival times our own export keeps, in seconds after the request."""
    if len(told) != len(frames):
        return frames
    times = [number(entry.get("at")) for entry in told]
    return tuple(replace(f, at=f.at if at is None else at) for f, at in zip(frames, times, strict=True))


def _decoded(body: str) -> str:
    try:
        return base64.b64decode(body).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return ""
