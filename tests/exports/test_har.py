"""HAR as the specification has it (version 1.2), read with a strict eye, and what is in it."""

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import settings as runs

from tests.chat.records import records
from tests.exports.samples import answered, asked, prompt, session
from tui.chat.frame import Frame
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState, Timing, Wire
from tui.exports.har import har

TEXT, NUMBER, LIST, OBJECT = str, (int, float), list, dict
REQUIRED: dict[str, dict[str, Any]] = {
    "log": {"version": TEXT, "creator": OBJECT, "entries": LIST},
    "creator": {"name": TEXT, "version": TEXT},
    "page": {"startedDateTime": TEXT, "id": TEXT, "title": TEXT, "pageTimings": OBJECT},
    "entry": {
        "startedDateTime": TEXT,
        "time": NUMBER,
        "request": OBJECT,
        "response": OBJECT,
        "cache": OBJECT,
        "timings": OBJECT,
    },
    "request": {
        "method": TEXT,
        "url": TEXT,
        "httpVersion": TEXT,
        "cookies": LIST,
        "headers": LIST,
        "queryString": LIST,
        "headersSize": NUMBER,
        "bodySize": NUMBER,
    },
    "response": {
        "status": NUMBER,
        "statusText": TEXT,
        "httpVersion": TEXT,
        "cookies": LIST,
        "headers": LIST,
        "content": OBJECT,
        "redirectURL": TEXT,
        "headersSize": NUMBER,
        "bodySize": NUMBER,
    },
    "content": {"size": NUMBER, "mimeType": TEXT},
    "header": {"name": TEXT, "value": TEXT},
    "postData": {"mimeType": TEXT, "text": TEXT},
    "timings": {"send": NUMBER, "wait": NUMBER, "receive": NUMBER},
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "log": {"pages": LIST, "comment": TEXT, "browser": OBJECT},
    "entry": {"pageref": TEXT, "comment": TEXT, "serverIPAddress": TEXT, "connection": TEXT},
    "request": {"postData": OBJECT, "comment": TEXT},
    "content": {"text": TEXT, "compression": NUMBER, "encoding": TEXT},
    "timings": dict.fromkeys(("blocked", "dns", "connect", "ssl"), NUMBER),
}
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


def sound(kind: str, value: dict[str, Any]) -> None:
    """Whether an object has what the specification asks of it, and besides only fields of our own."""
    known = REQUIRED[kind] | OPTIONAL.get(kind, {})
    assert REQUIRED[kind].keys() <= value.keys(), (kind, value.keys())
    for name, inside in value.items():
        if not name.startswith("_"):
            assert isinstance(inside, known[name]), (kind, name, inside)
            assert not isinstance(inside, bool), (kind, name)


def checked(text: str) -> dict[str, Any]:
    """The log, once it is found valid."""

    def refused(word: str) -> Any:
        raise AssertionError(word)

    log: dict[str, Any] = json.loads(text, parse_constant=refused)["log"]
    sound("log", log)
    assert log["version"] == "1.2"
    sound("creator", log["creator"])
    for page in log["pages"]:
        sound("page", page)
    for entry in log["entries"]:
        sound("entry", entry)
        assert WHEN.fullmatch(entry["startedDateTime"])
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
        assert entry["pageref"] in {page["id"] for page in log["pages"]}
        for side in ("request", "response"):
            sound(side, entry[side])
            assert min(entry[side]["headersSize"], entry[side]["bodySize"]) >= -1
            for header in entry[side]["headers"]:
                sound("header", header)
        sound("content", entry["response"]["content"])
        sound("timings", entry["timings"])
        timings = entry["timings"]
        assert all(timings[name] >= 0 for name in ("send", "wait", "receive"))
        assert abs(entry["time"] - sum(t for t in timings.values() if t >= 0)) < 1e-6 * (1 + entry["time"])
        if "postData" in entry["request"]:
            sound("postData", entry["request"]["postData"])
    return log


def test_an_exchange_is_an_entry() -> None:
    log = checked(har(session()))
    first, _, refused, stopped, _, still_open = log["entries"]
    assert len(log["entries"]) == 6
    assert first["request"]["method"] == "POST"
    assert first["request"]["url"] == "https://llm.example.com/v1/messages"
    assert first["request"]["postData"] == {
        "mimeType": "application/json",
        "text": '{"model":"smart","messages":[]}',
    }
    assert {"name": "x-api-key", "value": "…"} in first["request"]["headers"]
    assert first["response"]["content"] == {
        "size": 127,
        "mimeType": "text/event-stream",
        "text": 'event: message_start\ndata: {"type":"message_start"}\n\n'
        "data: two\ndata: lines\n\n"
        'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    }
    assert (first["timings"]["wait"], first["timings"]["receive"], first["time"]) == (800, 3400, 4200)
    assert first["startedDateTime"] == "2026-11-18T11:06:41.000+00:00"
    own = [first[f"_{name}"] for name in ("session", "turn", "step", "call_id", "exchange", "state")]
    assert own == ["0123456789ab", 1, 1, "call-17", "x1", "done"]
    assert [frame["at"] for frame in first["_frames"]] == [0.8, 1.5, 4.2]
    assert (refused["response"]["status"], refused["response"]["statusText"]) == (400, "Bad Request")
    assert refused["response"]["content"]["text"] == '{"error":{"message":"Invalid `signature`"}}'
    assert "What helps: fork" in refused["comment"]
    assert (still_open["response"]["status"], still_open["response"]["content"]["text"]) == (0, "")
    assert still_open["response"]["content"]["mimeType"] == "x-unknown"
    assert stopped["_state"] == "stopped"


def test_connecting_sending_and_waiting_are_told_apart_where_they_were_seen() -> None:
    record = session()
    for timing, told in (
        (Timing(0.1, 0.25, 0.7), (100, 150, 550)),
        (Timing(None, 0.25, 0.7), (-1, 250, 550)),
        (Timing(), (-1, 0, 800)),
    ):
        timed = (replace(record.exchanges[0], timing=timing), *record.exchanges[1:])
        entry = checked(har(replace(record, exchanges=timed)))["entries"][0]
        assert tuple(entry["timings"][name] for name in ("connect", "send", "wait")) == told
        assert entry["time"] == 4200


def test_what_was_never_seen_is_left_out_and_said() -> None:
    record = SessionRecord(SessionInfo("s"), SessionState(), (), (asked("x", 1, 1, "u", None, wire=None),))
    assert checked(har(record))["entries"] == []
    assert "1 of 1 exchanges are left out" in checked(har(record))["comment"]
    alone = SessionRecord(
        SessionInfo("s"), SessionState(), (Node(prompt("u", "a")), Node(answered("a"), "u"))
    )
    assert "imported without" in checked(har(alone))["comment"]


def test_a_body_that_is_no_text_is_there_twice() -> None:
    wire = Wire(b"\xff\x00", (), (), (Frame("", "a\r\n\nb", float("nan")),))
    record = SessionRecord(SessionInfo("s"), exchanges=(asked("x", 1, 1, "u", None, wire=wire, at=1e300),))
    (entry,) = checked(har(record))["entries"]
    assert entry["request"]["postData"]["_base64"] == "/wA="
    assert entry["request"]["bodySize"] == 2


@runs(max_examples=100)
@given(record=records())
def test_any_session_is_valid(record: SessionRecord) -> None:
    text = har(record)
    text.encode()
    log = checked(text)
    known = [exchange for exchange in record.exchanges if exchange.wire is not None]
    assert [entry["_exchange"] for entry in log["entries"]] == [exchange.id for exchange in known]
