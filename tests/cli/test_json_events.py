"""The machine interface, field by field: a change here breaks somebody's script."""

import json
from decimal import Decimal

import pytest

from tui.chat.events import (
    Answering,
    Observed,
    PartDelta,
    PartFinished,
    PartStarted,
    Retrying,
    StepFinished,
    StepStarted,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Foreign, Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.route import Reason, Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Figure, Usage
from tui.cli.json_events import Fields, Lines, dump
from tui.errors import CallFailed

ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")
ROUTE = Route(
    "smart",
    "litellm-anthropic",
    "http://127.0.0.1:4000",
    "smart",
    "anthropic/claude-opus-4-5",
    "anthropic",
    "claude-opus-4-5",
    why=(Reason("the catalog says so", "catalog"),),
)
CALL = ToolCall("toolu_1", "calculator", '{"expression": "6*7"}')
FIGURES = (Figure("proxy-header", Decimal("1E-7"), "there"), Figure("computed", None, "no price"))
MESSAGE = AssistantMessage(
    "m1",
    (Text("42"),),
    ORIGIN,
    "end",
    "end_turn",
    Usage(input=10, output=5),
    Cost(Decimal("1E-7"), "proxy-header"),
    0.0,
)
COMMON = ["type", "t", "session", "turn", "step"]

CASES: list[tuple[object, str, Fields]] = [
    (
        StepStarted(1.0, ROUTE, 1, 1),
        "route",
        {
            "requested": "smart",
            "provider": "litellm-anthropic",
            "endpoint": "/v1/messages",
            "base_url": "http://127.0.0.1:4000",
            "wire_model": "smart",
            "upstream": "anthropic/claude-opus-4-5",
            "vendor": "anthropic",
            "pinned": None,
            "why": ["the catalog says so"],
        },
    ),
    (
        Answering(1.0, Served(call_id="c", attempted_retries=0)),
        "served",
        {
            "call_id": "c",
            "model_id": None,
            "model": None,
            "group": None,
            "api_base": None,
            "attempted_retries": 0,
            "attempted_fallbacks": None,
            "proxy_version": None,
        },
    ),
    (
        PartDelta(1.0, 2, "tool_arguments", '{"'),
        "delta",
        {"part": "tool_arguments", "index": 2, "text": '{"'},
    ),
    (
        PartFinished(1.0, 0, Reasoning("hm", "signed", Opaque(ORIGIN, {}))),
        "thinking",
        {"index": 0, "text": "hm", "state": "signed", "tokens": None},
    ),
    (PartFinished(1.0, 1, Text("42")), "text", {"index": 1, "text": "42"}),
    (
        PartFinished(1.0, 1, CALL),
        "tool_call",
        {"index": 1, "id": "toolu_1", "name": "calculator", "arguments": '{"expression": "6*7"}'},
    ),
    (PartFinished(1.0, 1, Foreign("novel", Opaque(ORIGIN, {}))), "foreign", {"index": 1, "label": "novel"}),
    (
        ToolFinished(1.0, CALL, ToolResult("toolu_1", (Text("42"),)), 0.25),
        "tool_result",
        {"id": "toolu_1", "is_error": False, "text": "42", "seconds": 0.25},
    ),
    (
        StepFinished(1.0, MESSAGE, 2.0, 0.5, 3, 2, FIGURES),
        "step",
        {
            "stop": "end",
            "stop_raw": "end_turn",
            "usage": {
                "input": 10,
                "cache_read": None,
                "cache_write_5m": None,
                "cache_write_1h": None,
                "output": 5,
                "reasoning": None,
            },
            "cost": {"usd": "0.0000001", "source": "proxy-header", "at_least": False},
            "ttft_s": 0.5,
            "seconds": 2.0,
            "seals_sent": 3,
            "seals_received": 2,
            "figures": [
                {"source": "proxy-header", "usd": "0.0000001", "says": "there"},
                {"source": "computed", "usd": None, "says": "no price"},
            ],
        },
    ),
    (Retrying(1.0, 2, 5.0, "cooldown"), "retrying", {"attempt": 2, "wait_s": 5.0, "why": "cooldown"}),
    (
        Warned(1.0, Finding("lone-surrogate", "replaced", "messages.1", "none needed")),
        "warning",
        {"class": "lone-surrogate", "path": "messages.1", "says": "replaced", "mend": "none needed"},
    ),
    (
        TurnFailed(
            1.0, CallFailed("refused", "no", hint="ask", layer="vendor", cls="overloaded", status=529)
        ),
        "error",
        {
            "class": "overloaded",
            "layer": "vendor",
            "status": 529,
            "title": "refused: no",
            "vendor_message": None,
            "hint": "ask",
            "retry_helps": False,
        },
    ),
    (
        TurnFinished(1.0, "end", "42", Usage(), UNKNOWN_COST, 1),
        "turn",
        {
            "stop": "end",
            "text": "42",
            "usage": dict.fromkeys(
                ["input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"]
            ),
            "cost": {"usd": None, "source": "unknown", "at_least": False},
            "steps": 1,
        },
    ),
]


@pytest.mark.parametrize(("event", "type", "fields"), CASES, ids=[c[1] for c in CASES])
def test_every_line(event: object, type: str, fields: Fields) -> None:
    line = Lines("s1", 0.5).of(event, 1)  # type: ignore[arg-type]
    assert line is not None
    assert list(line)[:5] == COMMON
    assert (line["type"], line["t"], line["session"], line["turn"]) == (type, 0.5, "s1", 1)
    assert {k: v for k, v in line.items() if k not in COMMON} == fields
    assert json.loads(dump(line)) == line


def test_a_started_part_has_no_line_of_its_own() -> None:
    assert Lines("s", 0).of(PartStarted(0, 0, "text"), 1) is None


def test_step_numbers_follow_the_steps_and_start_anew_unknown_with_each_turn() -> None:
    lines = Lines("s", 0)
    first = lines.of(StepStarted(0, ROUTE, 1, 4), 1)
    later = lines.of(PartFinished(0, 0, Text("x")), 1)
    next_turn = lines.of(TurnFailed(0, CallFailed("x")), 2)
    assert [line and line["step"] for line in (first, later, next_turn)] == [4, 4, None]


@pytest.mark.parametrize("hostile", ["\x1b]52;c;AAAA\x07", "\x7f", "\x9b31m", "\ud800", "\u2028", "\r\n", "‮"])
def test_a_line_is_pure_ascii_without_controls_and_exact(hostile: str) -> None:
    text = dump({"text": hostile})
    assert text.isascii()
    assert all(0x20 <= ord(c) < 0x7F for c in text)
    assert json.loads(text)["text"] == hostile


def test_what_was_observed_is_a_warning_each() -> None:
    lines = Lines("s", 0.0)
    lines.of(StepStarted(1.0, ROUTE, 1, 1), 1)
    fell = Finding("fallback", "The proxy fell back.", "headers", "look into its log")
    moved = Finding("other-deployment", "Another answers.", "headers.x-litellm-model-id")
    first, second = lines.all_of(Observed(1.5, (fell, moved)), 1)
    assert list(first) == [*COMMON, "class", "path", "says", "mend"]
    assert (first["type"], first["t"], first["step"], first["class"]) == ("warning", 1.5, 1, "fallback")
    assert (second["class"], second["path"]) == ("other-deployment", "headers.x-litellm-model-id")
    assert lines.all_of(PartStarted(2.0, 0, "text"), 1) == ()
    assert [line["type"] for line in lines.all_of(Answering(2.0, Served()), 1)] == ["served"]
