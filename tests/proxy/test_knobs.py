"""Every knob arrives at the vendor as it was set, or is refused before sending with its reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.proxy.drive import Seen, Talk
from tests.proxy.tap import Call
from tests.proxy.vendor_settings import settings_at
from tui.chat.parts import Json
from tui.chat.route import Route
from tui.chat.settings import OutputSchema, Settings, is_set
from tui.errors import UsageError
from tui.tools.toolbox import Toolbox
from tui.wire.acceptance import accepted, refusals

SONNET = "anthropic/claude-sonnet-4-5-20250929"
SCHEMA: Json = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
ASKED = {
    "everything": Settings(
        thinking="low",
        display="omitted",
        max_tokens=9000,
        stop=("ZZZ", "END"),
        schema=OutputSchema("place", SCHEMA),
        cache="1h",
    ),
    "a budget": Settings(thinking=2000, effort="low", display="summarized", max_tokens=9000, stream=False),
    "cool": Settings(thinking="off", temperature=0.25, top_k=5),
    "narrow": Settings(effort="high", top_p=0.97),
    "on": Settings(thinking="on", temperature=1.0),
}
"""Settings that together set every knob, with thinking and without."""

CLAUDE = "cache display max_tokens schema stop stream thinking"
OLD = f"{CLAUDE} temperature top_k top_p"
TAKEN: dict[tuple[str, str], str] = {
    (SONNET, "messages"): OLD,
    (SONNET, "chat"): OLD,
    (SONNET, "responses"): OLD,
    ("smart", "messages"): f"{OLD} effort",
    ("smart", "chat"): f"{OLD} effort",
    ("anthropic/claude-sonnet-4-6", "messages"): f"{OLD} effort",
    ("anthropic/claude-sonnet-4-6", "chat"): f"{OLD} effort",
    ("anthropic/claude-sonnet-4-6", "responses"): f"{OLD} effort",
    ("anthropic/claude-opus-4-7", "messages"): f"{CLAUDE} effort",
    ("anthropic/claude-opus-4-7", "chat"): f"{CLAUDE} effort",
    ("anthropic/claude-opus-4-7", "responses"): f"{CLAUDE} effort",
    ("anthropic/claude-fable-5-1", "messages"): f"{CLAUDE} effort",
    ("anthropic/claude-fable-5-1", "chat"): f"{CLAUDE} effort",
    ("anthropic/claude-fable-5-1", "responses"): f"{CLAUDE} effort",
    ("bedrock-claude", "messages"): OLD.replace("cache ", ""),
    ("bedrock-claude", "chat"): OLD.replace("cache ", ""),
    ("bedrock-claude", "responses"): OLD.replace("cache ", ""),
    ("openai/gpt-5.1", "chat"): "effort max_tokens schema stream thinking",
    ("openai/gpt-5.1", "responses"): "display effort max_tokens schema stream thinking",
    ("openai/gpt-5.5", "chat"): "effort max_tokens schema stream thinking",
    ("openai/gpt-5.5", "responses"): "display effort max_tokens schema stream thinking",
    ("gemini/gemini-3-pro-preview", "chat"): (
        "effort max_tokens schema stop stream temperature thinking top_k top_p"
    ),
    ("xai/grok-4", "chat"): "max_tokens schema stream temperature top_p",
    ("deepseek/deepseek-reasoner", "chat"): "max_tokens stop stream temperature top_p",
}
"""The knobs each route takes; of all others the reason is told before anything is sent."""


@pytest.mark.parametrize(("model", "endpoint"), TAKEN, ids=str)
async def test_every_knob_arrives_or_is_refused_before_sending(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str, endpoint: str
) -> None:
    arrived: set[str] = set()
    for name, asked in ASKED.items():
        # Bedrock's streams are of a format of their own, which no vendor here speaks.
        settings = replace(asked, stream=asked.stream and not model.startswith("bedrock"))
        async with talk(model, endpoint=endpoint, settings=settings, toolbox=Toolbox()) as session:
            route = session.session.route
            told = await _refused(session, route, settings, calls)
            taken = settings
            while refusals(route, taken):
                taken = accepted(route, taken)
        before = len(calls())
        async with talk(model, endpoint=endpoint, settings=taken, toolbox=Toolbox()) as session:
            seen = await session.say("Say hello.")
        assert seen.error is None, (name, seen.error)
        (call,) = calls()[before:]
        arrived |= _arrived(name, taken, seen, settings_at(call))
        assert {knob for knob in told if is_set(taken, knob)} == set()
    assert arrived == set(TAKEN[model, endpoint].split())


async def _refused(
    session: Talk, route: Route, settings: Settings, calls: Callable[[], list[Call]]
) -> set[str]:
    """The knobs that are refused; the whole is then not sent, and the first reason is told."""
    refused = refusals(route, settings)
    if not refused:
        return set()
    before = len(calls())
    seen = await session.say("Say hello.")
    assert isinstance(seen.error, UsageError)
    assert f"{seen.error.what}." == refused[0].says
    assert seen.error.hint
    assert calls()[before:] == []
    return {finding.path for finding in refused}


def _arrived(name: str, taken: Settings, seen: Seen, found: dict[str, Any]) -> set[str]:
    """The knobs that were set, all of which the vendor must have got or a warning must name."""
    warned = {finding.path for finding in seen.warnings}
    assert found.get("stream", False) == taken.stream, name
    arrived = {"stream"}
    for knob in ("display", "effort", "max_tokens", "temperature", "top_p", "top_k"):
        if is_set(taken, knob):
            assert found.get(knob) == getattr(taken, knob), (name, knob, found)
            arrived.add(knob)
    if taken.stop:
        assert found["stop"] == list(taken.stop), name
        arrived.add("stop")
    if taken.schema is not None:
        assert found["schema"] == taken.schema.schema, name
        arrived.add("schema")
    if taken.cache == "1h":
        assert ("cache" in warned) != (found.get("cache") == "1h"), name
        arrived |= {"cache"} - warned
    if taken.thinking is not None:
        _check_thinking(name, taken.thinking, found, warned)
        arrived |= {"thinking"} - warned
    return arrived


def _check_thinking(name: str, asked: str | int, found: dict[str, Any], warned: set[str]) -> None:
    thinking, effort = found.get("thinking") or {}, found.get("effort")
    if isinstance(asked, int):
        assert thinking == {"type": "enabled", "budget_tokens": asked}, name
    elif asked == "on":
        assert thinking.get("type") in ("adaptive", "enabled") or effort not in (None, "none"), name
    elif asked == "off":
        assert thinking == {"type": "disabled"} or effort == "none" or "thinking" in warned, (name, found)
    else:
        assert effort == asked, (name, found)


async def test_a_schema_the_proxy_would_leave_out_is_refused(talk: Callable[..., Talk]) -> None:
    async with talk("bedrock-opus", settings=Settings(schema=OutputSchema("place", SCHEMA))) as session:
        seen = await session.say("Say hello.")
    assert isinstance(seen.error, UsageError)
    assert "cannot be held to a schema" in seen.error.what


@pytest.mark.parametrize("endpoint", ["messages", "chat", "responses"])
async def test_body_fields_and_headers_arrive(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], endpoint: str
) -> None:
    beta = "context-management-2025-06-27"
    extra = {"inference_geo": "eu"}
    settings = Settings(extra=extra, headers={"anthropic-beta": beta})
    async with talk("smart", endpoint=endpoint, settings=settings, toolbox=Toolbox()) as session:
        await session.say("Say hello.")
    (call,) = calls()
    assert call.body["inference_geo"] == "eu"
    assert beta in call.headers["anthropic-beta"].split(",")


async def test_knobs_beside_tools_where_the_proxy_takes_the_call_elsewhere(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]]
) -> None:
    settings = Settings(effort="high", max_tokens=3000, schema=OutputSchema("place", SCHEMA))
    async with talk("openai/gpt-5.5", endpoint="chat", settings=settings) as session:
        seen = await session.say("Say hello.")
    assert seen.error is None, seen.error
    (call,) = calls()
    assert call.path.endswith("/v1/responses")
    found = settings_at(call)
    assert (found["effort"], found["max_tokens"], found["schema"]) == ("high", 3000, SCHEMA)
