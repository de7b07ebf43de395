"""Stored sessions as JSON, field by field: a change here breaks somebody's script."""

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given

from tests.chat.records import records
from tests.exports.samples import AT, session
from tui.chat.record import SessionInfo, SessionRecord
from tui.chat.usage import Cost, Totals, Usage
from tui.cli import show
from tui.cli.json_events import dump
from tui.cli.session_json import info_fields, record_fields

USAGE = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"]
INFO = SessionInfo(
    "0123456789ab",
    "Which log leaks?",
    "user",
    AT,
    AT + 60,
    pinned=True,
    archived=True,
    deleted_at=AT + 90,
    source="har",
    forked_from="ba9876543210",
    model="smart",
    models=("claude-opus-4-5", "gpt-5"),
    messages=8,
    forks=1,
    totals=Totals(3, 5, Usage(1, 2, 3, 4, 5, 6), Cost(Decimal("0.0123"), "computed", True)),
    is_open=True,
)


def test_every_field_of_a_listed_session() -> None:
    assert info_fields(INFO) == {
        "session": "0123456789ab",
        "title": "Which log leaks?",
        "created": AT,
        "changed": AT + 60,
        "model": "smart",
        "models": ["claude-opus-4-5", "gpt-5"],
        "turns": 3,
        "steps": 5,
        "messages": 8,
        "forks": 1,
        "usage": dict(zip(USAGE, range(1, 7), strict=True)),
        "cost": {"usd": "0.0123", "source": "computed", "at_least": True},
        "pinned": True,
        "archived": True,
        "deleted": AT + 90,
        "source": "har",
        "forked_from": "ba9876543210",
        "open": True,
    }


def test_what_is_not_known_of_a_session_is_null() -> None:
    fields = info_fields(SessionInfo("a"))
    unknown = {name for name, value in fields.items() if value is None}
    assert unknown == {"created", "changed", "model", "deleted", "source", "forked_from"}
    assert fields["cost"] == {"usd": None, "source": "unknown", "at_least": False}
    assert set(fields["usage"].values()) == {None}


def shown(record: SessionRecord) -> dict[str, Any]:
    out = io.StringIO()
    assert show.run(record, as_json=True, out=out) == 0
    (line,) = out.getvalue().splitlines()
    fields: dict[str, Any] = json.loads(line)
    return fields


def test_every_field_of_a_shown_session() -> None:
    fields = shown(replace(session(), info=INFO))
    assert {name: value for name, value in fields.items() if name not in ("system", "messages", "forks")} == {
        name: value for name, value in info_fields(INFO).items() if name not in ("messages", "forks")
    }
    assert fields["system"] == "You are terse.\n```\nnever break out\n```"
    assert [message["id"] for message in fields["messages"]] == ["u1", "a1", "t1", "a2", "u2", "a3"]
    assert fields["forks"] == [
        {"number": 2, "after": "a2", "leaf": "a4", "messages": 2, "begins": "How is it mended?"}
    ]


def test_every_field_of_a_prompt() -> None:
    prompt = shown(session())["messages"][0]
    parts = prompt.pop("parts")
    nothing = ("model", "requested", "provider", "endpoint", "turn", "step", "usage", "cost")
    assert prompt == {
        "id": "u1",
        "at": AT,
        "role": "user",
        **dict.fromkeys((*nothing, "stop", "stop_raw")),
        "observed": [],
        "figures": [],
        "unfinished": [],
    }
    by_type = {part["type"]: part for part in parts}
    assert by_type["text"]["text"] == "Which of these logs shows the leak? Use the tool."
    size = by_type["image"].pop("bytes")
    assert size > 60
    assert by_type["image"] == {
        "type": "image",
        "index": by_type["image"]["index"],
        "name": "chart.png",
        "media_type": "image/png",
    }
    assert {name: by_type["document"][name] for name in ("name", "media_type", "bytes")} == {
        "name": "report.pdf",
        "media_type": "application/pdf",
        "bytes": 8,
    }
    assert [part["index"] for part in parts] == [0, 1, 2]


def test_every_field_of_an_answer_and_of_its_results() -> None:
    _, answer, results, *_ = shown(session())["messages"]
    parts = answer.pop("parts")
    exchange = session().exchanges[0]
    assert answer == {
        "id": "a1",
        "at": answer["at"],
        "role": "assistant",
        "model": "claude-opus-4-5",
        "requested": "smart",
        "provider": "litellm-anthropic",
        "endpoint": "/v1/messages",
        "turn": exchange.turn,
        "step": exchange.step,
        "usage": answer["usage"],
        "cost": {"usd": "0.0123", "source": "proxy-header", "at_least": False},
        "stop": "tool_use",
        "stop_raw": "tool_use",
        "observed": [],
        "figures": [],
        "unfinished": [],
    }
    assert list(answer["usage"]) == USAGE
    assert parts[0] == {
        "type": "thinking",
        "index": 0,
        "text": "The user wants one of two candidates.\n\nI shall read both.",
        "state": "signed",
        "tokens": None,
    }
    assert parts[1] == {"type": "text", "index": 1, "text": "Let me look."}
    assert parts[2] == {
        "type": "tool_call",
        "index": 2,
        "id": "toolu_1",
        "name": "read_file",
        "arguments": '{"path": "logs/b.txt", "limit": 40}',
    }
    assert results["role"] == "tool"
    assert results["parts"][1] == {
        "type": "tool_result",
        "index": 1,
        "id": "toolu_2",
        "is_error": True,
        "text": "grep: logs: No such file",
        "seconds": 1.4,
        "files": [],
    }


def test_a_cut_answer_without_a_known_cost() -> None:
    cut = shown(session())["messages"][-1]
    assert (cut["stop"], cut["stop_raw"], cut["unfinished"]) == ("cancelled", None, [0])
    assert cut["cost"] == {"usd": None, "source": "unknown", "at_least": False}
    assert cut["parts"][1] == {"type": "foreign", "index": 1, "label": "server_tool_use"}


def test_of_an_imported_session_nothing_is_made_up() -> None:
    record = replace(session(), exchanges=())
    for message in shown(record)["messages"]:
        names = ("requested", "provider", "endpoint", "turn", "step")
        assert [message[name] for name in names] == [None] * 5


@given(records())
def test_any_session_is_one_line_of_ascii(record: SessionRecord) -> None:
    line = dump(record_fields(record))
    assert line.isascii()
    assert line.isprintable()
    assert [message["id"] for message in json.loads(line)["messages"]] == [
        node.message.id for node in record.path()
    ]
