"""A session's requests and answers as HAR 1.2, for the network tools of browsers; pure.

One entry an exchange. An answer that came as frames is written as the event stream they were: the events'
names and data as received, in the spacing the format prescribes; ``_frames`` says when each came. What is
not known of a size or a time is -1, as the format has it; what it has no word for begins with ``_``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from math import isfinite

from tui.chat.frame import WHOLE_BODY, Frame, Headers
from tui.chat.parts import Json
from tui.chat.record import Exchange, SessionRecord, Wire
from tui.chat.record_stream import RecordStream
from tui.exports import words

_STREAM = "text/event-stream"
_JSON = "application/json"
_PAGE = "session"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
WRITTEN_AS = "1"
"""Which way of writing this is; it changes when the fields of ours do."""


def har(record: SessionRecord) -> str:
    """All exchanges whose wire is known; how many are not is said in a comment."""
    return "".join(pieces(RecordStream.of(record)))


def pieces(stream: RecordStream) -> Iterator[str]:
    """The same of a session that is gone through, an exchange a piece."""
    record, written = stream.record, 0
    creator = {"name": "sightline", "version": WRITTEN_AS}
    head = {"version": "1.2", "creator": creator, "pages": [_page(record)]}
    yield f'{{"log":{_json(head)[:-1]},"entries":['
    for exchange in stream.exchanges():
        if exchange.wire is not None:
            entry = _json(_entry(exchange, exchange.wire, record))
            yield f",{entry}" if written else entry
            written += 1
    comment = _comment(written, len(record.exchanges))
    yield (f'],"comment":{_json(comment)}' if comment else "]") + "}}\n"


def _comment(written: int, known: int) -> str:
    if left := known - written:
        return f"{left} of {known} exchanges are left out: what went over the line is not known."
    if not written:
        return "There are no exchanges: nothing was asked, or the session was imported without them."
    return ""


def _json(value: Json) -> str:
    # Escaped throughout, for what came over the line may hold halves of characters.
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _page(record: SessionRecord) -> Json:
    """The session, which groups its requests as a page does."""
    return {
        "startedDateTime": words.exactly(record.info.created),
        "id": _PAGE,
        "title": words.title_of(record),
        "pageTimings": {"onContentLoad": -1, "onLoad": -1},
        "_session": record.info.id,
    }


def _entry(exchange: Exchange, wire: Wire, record: SessionRecord) -> Json:
    timings = _timings(exchange, wire.frames)
    served = exchange.served
    entry: Json = {
        "pageref": _PAGE,
        "startedDateTime": words.exactly(exchange.at),
        "time": sum(part for part in timings.values() if part >= 0),
        "request": _request(exchange, wire),
        "response": _response(exchange, wire),
        "cache": {},
        "timings": timings,
        "_resourceType": "fetch",
        "_session": record.info.id,
        "_exchange": exchange.id,
        "_turn": exchange.turn,
        "_step": exchange.step,
        "_purpose": exchange.purpose,
        "_repeats": exchange.repeats,
        "_state": exchange.state,
        "_call_id": served and served.call_id,
        "_frames": [{"event": frame.event, "at": _finite(frame.at)} for frame in wire.frames],
    }
    if exchange.failure is not None:
        entry["comment"] = " ".join(words.failure_lines(exchange.failure))
    return entry


def _request(exchange: Exchange, wire: Wire) -> Json:
    sent: Json = {
        "method": "POST",
        "url": _url(exchange),
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _headers(wire.request_headers),
        "queryString": [],
        "headersSize": -1,
        "bodySize": len(wire.body),
    }
    if wire.body:
        sent["postData"] = {
            "mimeType": _value(wire.request_headers, "content-type") or _JSON,
            **_text(wire.body),
        }
    return sent


def _text(body: bytes) -> Json:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        # The format has no word for a body that is no text.
        return {"text": body.decode("utf-8", "replace"), "_base64": base64.b64encode(body).decode()}


def _response(exchange: Exchange, wire: Wire) -> Json:
    text = rebuilt(wire.frames)
    status = exchange.status or 0
    kind = _value(wire.headers, "content-type")
    if not kind:
        kind = "x-unknown" if not wire.frames else _JSON if _is_whole(wire.frames) else _STREAM
    return {
        "status": status,
        "statusText": _PHRASES.get(status, ""),
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _headers(wire.headers),
        "content": {"size": len(text.encode("utf-8", "surrogatepass")), "mimeType": kind, "text": text},
        "redirectURL": _value(wire.headers, "location"),
        "headersSize": -1,
        "bodySize": -1,
    }


def rebuilt(frames: Sequence[Frame]) -> str:
    """The body of an answer: what came whole as it came, frames as the stream of events they were."""
    return "".join(frame.data if frame.event == WHOLE_BODY else _event(frame) for frame in frames)


def _event(frame: Frame) -> str:
    name = f"event: {frame.event}\n" if frame.event else ""
    return name + "".join(f"data: {line}\n" for line in frame.data.split("\n")) + "\n"


def _is_whole(frames: Sequence[Frame]) -> bool:
    return any(frame.event == WHOLE_BODY for frame in frames)


def _timings(exchange: Exchange, frames: Sequence[Frame]) -> dict[str, float]:
    """Milliseconds; the wait is from when the request had left, if that is known, to the first frame."""
    end = max(0.0, _finite(exchange.seconds or 0.0), *(_finite(frame.at) for frame in frames[-1:]))
    first = min(end, max(0.0, _finite(frames[0].at))) if frames else end
    connected = exchange.timing.connected
    there = 0.0 if connected is None else min(first, max(0.0, _finite(connected)))
    sent = min(first, max(there, _finite(exchange.timing.sent or 0.0)))
    return {
        "blocked": -1,
        "dns": -1,
        "connect": -1 if connected is None else round(there * 1000, 3),
        "ssl": -1,
        "send": round((sent - there) * 1000, 3),
        "wait": round((first - sent) * 1000, 3),
        "receive": round((end - first) * 1000, 3),
    }


def _finite(seconds: float) -> float:
    return seconds if isfinite(seconds) else 0.0


def _url(exchange: Exchange) -> str:
    route = exchange.route
    base = route.base_url.rstrip("/") or "http://unknown.invalid"
    # The SDKs for the other two formats are given a base that ends in the version.
    ends = base.endswith("/v1")
    return base + (route.endpoint.removeprefix("/v1") if ends else route.endpoint)


def _headers(headers: Headers) -> Json:
    return [{"name": name, "value": value} for name, value in headers]


def _value(headers: Headers, wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")
