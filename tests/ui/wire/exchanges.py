"""Exchanges as a session would have them, with what went over the line."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.ui.scripted_session import CARDS, ScriptedSession
from tui.chat.catalog import Catalog
from tui.chat.finding import Finding
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.record import Exchange, Failure, Timing, Wire
from tui.chat.usage import Cost, Usage

NOW = 1_763_800_000.0


def request(*said: str, system: str = "Be brief.") -> bytes:
    messages = [
        {"role": "assistant" if n % 2 else "user", "content": [{"type": "text", "text": text}]}
        for n, text in enumerate(said)
    ]
    tools = [{"name": "read_file", "description": "Reads a file", "input_schema": {"type": "object"}}]
    body: dict[str, Any] = {"model": "smart", "max_tokens": 32000, "stream": True}
    body |= {"thinking": {"type": "enabled", "budget_tokens": 8000}, "system": system, "tools": tools}
    return json.dumps(body | {"messages": messages}).encode()


REQUEST_HEADERS = (
    ("content-type", "application/json"),
    ("authorization", "…"),
    ("user-agent", "sightline/0.1"),
)
ANSWER_HEADERS = (
    ("content-type", "text/event-stream"),
    ("x-litellm-call-id", "c0ffee"),
    ("x-litellm-model-id", "dep-smart"),
)


def ok(session: ScriptedSession, id: str, turn: int, step: int, **more: Any) -> tuple[Exchange, Wire]:
    session.catalog = Catalog(CARDS)
    exchange = Exchange(
        id,
        turn,
        step,
        NOW - 60,
        session.route,
        state="done",
        status=200,
        served=session.served,
        seconds=4.2,
        ttft_s=0.61,
        usage=Usage(1204, 18330, None, None, 611, 500),
        cost=Cost(Decimal("0.03046"), "proxy-header"),
        timing=Timing(0.012, 0.02, 0.4),
    )
    frames = (Frame("message_start", '{"type":"message_start"}', 0.5), Frame("message_stop", "{}", 4.2))
    wire = Wire(request("Why is the sky blue?"), REQUEST_HEADERS, ANSWER_HEADERS, frames)
    return replace(exchange, **more), wire


def failed(session: ScriptedSession, id: str, turn: int, step: int) -> tuple[Exchange, Wire]:
    exchange, wire = ok(session, id, turn, step)
    failure = Failure("seal-invalid", "vendor", "The vendor refused a seal", status=400)
    odd = (Finding("fallback", "Another group answered"),)
    body = (Frame(WHOLE_BODY, '{"error":{"message":"Invalid `signature` in `thinking` block"}}', 0.3),)
    return (
        replace(
            exchange,
            state="failed",
            status=400,
            failure=failure,
            observed=odd,
            usage=None,
            cost=Cost(None, "unknown"),
        ),
        replace(wire, frames=body),
    )
