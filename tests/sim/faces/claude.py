"""A tester's way to speak with the simulated Anthropic in the same process."""

import json
from collections.abc import Mapping
from typing import Any

from tui.sim.faces import anthropic
from tui.sim.faces.anthropic_answer import fold
from tui.sim.refusal import Refusal
from tui.sim.state import SimState
from tui.sim.transport import JsonReply, SseEvent, StreamReply

HEADERS = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
CALCULATOR = {
    "name": "calculator",
    "description": "Works out arithmetic.",
    "input_schema": {
        "type": "object",
        "properties": {"expression": {"type": "string"}},
        "required": ["expression"],
    },
}
CLOCK = {
    "name": "current_time",
    "input_schema": {
        "type": "object",
        "properties": {"timezone": {"type": "string"}},
        "required": ["timezone"],
    },
}
TOOLS = [CALCULATOR, CLOCK]
MANUAL = {"type": "enabled", "budget_tokens": 2000}
ADAPTIVE = {"type": "adaptive"}


def ask(prompt: str = "Explain caching to me, please.", **fields: Any) -> dict[str, Any]:
    """A valid request for the newest model without quirks."""
    body = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 4000,
        "messages": [{"role": "user", "content": prompt}],
    }
    return {**body, **fields}


async def message(body: Mapping[str, Any], state: SimState | None = None, **headers: str) -> dict[str, Any]:
    """The whole answer."""
    reply = await _reply(body, state, headers)
    assert isinstance(reply, JsonReply)
    assert isinstance(reply.body, dict)
    return reply.body


async def events(
    body: Mapping[str, Any],
    state: SimState | None = None,
    *,
    seen: list[SseEvent] | None = None,
    **headers: str,
) -> list[SseEvent]:
    """The streamed answer, event by event; ``seen`` keeps those that came before it broke."""
    reply = await _reply({**body, "stream": True}, state, headers)
    assert isinstance(reply, StreamReply)
    found = [] if seen is None else seen
    async for event in reply.events:
        found.append(event)
    return found


async def folded(body: Mapping[str, Any], state: SimState | None = None) -> dict[str, Any]:
    """The streamed answer put together again."""
    reply = await _reply({**body, "stream": True}, state, {})
    assert isinstance(reply, StreamReply)
    return await fold(reply.events)


async def refusal(body: Any, state: SimState | None = None, **headers: str) -> tuple[int, str]:
    """Status and sentence of the vendor's refusal; fails when it answers."""
    try:
        await _reply(body, state, headers)
    except Refusal as no:
        return no.status, no.body["error"]["message"]
    raise AssertionError("the vendor answered")


async def _reply(body: Any, state: SimState | None, headers: Mapping[str, str]) -> Any:
    sent = {**HEADERS, **{k.replace("_", "-"): v for k, v in headers.items()}}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await anthropic.answer(state or SimState(speed=0), sent, raw)


def answered(body: Mapping[str, Any], reply: Mapping[str, Any], *texts: str) -> dict[str, Any]:
    """The next request: the reply verbatim, and a result for each of its calls or ``texts`` as the user."""
    calls = [b for b in reply["content"] if b["type"] == "tool_use"]
    content: list[dict[str, Any]] = [
        {"type": "tool_result", "tool_use_id": c["id"], "content": f"result of {c['name']}"} for c in calls
    ]
    content += [{"type": "text", "text": t} for t in texts]
    said = {"role": "assistant", "content": reply["content"]}
    return {**body, "messages": [*body["messages"], said, {"role": "user", "content": content}]}
