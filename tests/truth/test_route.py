"""The road of a step, fact by fact, with sources; shapes as the real proxy answered."""

import json
from typing import Any

import pytest

from tests.truth.steps import CATALOG, LISTED, route, served
from tui.chat.catalog import Catalog
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.parts import Dialect
from tui.chat.record import Exchange, Wire
from tui.chat.route import Served
from tui.generations import canonical
from tui.truth.asked import Asked, asked_in, asked_of
from tui.truth.bridge import answer_id, bridge_of, shown, version_of
from tui.truth.route import Fact, route_facts

MADE = "msg_e7bea0f5-9e25-48f4-ad63-82d31f9753d7"
OWN = "msg_01853f474318ebc283eb1520"


def facts(model: str, told: Served | None, wire: Wire | None = None, **more: Any) -> dict[str, Fact]:
    catalog = more.pop("catalog", CATALOG)
    road = route(model, more.pop("pin", None), catalog)
    exchange = Exchange("e", 1, 1, 0.0, road, served=told, state="done")
    return {fact.label: fact for fact in route_facts(exchange, wire, catalog)}


def started(id: str) -> tuple[Frame, ...]:
    return (Frame("message_start", json.dumps({"type": "message_start", "message": {"id": id}}), 0.1),)


def test_a_whole_road_with_its_sources() -> None:
    told = served("d-smart", "anthropic/claude-opus-4-5", group="smart", api_base="https://a")
    road = facts("smart", told, Wire(frames=started(OWN)))
    assert [(f.label, f.value, f.source) for f in road.values()] == [
        ("requested", "smart", "asked"),
        ("id sent", "smart", "sent"),
        ("endpoint", "litellm-anthropic /v1/messages", "rule"),
        ("group", "smart", "header"),
        ("deployment", "d-smart", "header"),
        ("model", "anthropic/claude-opus-4-5", "header"),
        ("bridge", "/v1/messages → anthropic /v1/messages, handed through", "body"),
        ("upstream at", "https://a", "header"),
        ("retries", "0", "header"),
        ("fallbacks", "0", "header"),
        ("proxy", "1.106.2", "header"),
        ("call id", "c", "header"),
        ("answer id", OWN, "body"),
    ]
    assert "self-heal is not counted" in road["retries"].says


def test_what_an_old_proxy_does_not_tell_is_looked_up_or_said_to_be_untold() -> None:
    road = facts("smart", Served(model_id="d-smart", proxy_version="1.80.10"))
    assert (road["model"].value, road["model"].source) == ("anthropic/claude-opus-4-5", "catalog")
    assert "/model/info" in road["model"].says
    assert [road[name].value for name in ("group", "retries", "fallbacks", "upstream at")] == [None] * 4
    assert road["group"].says == "no x-litellm-model-group in the answer's headers"
    unknown = facts("unheard-of", Served(call_id="c"), catalog=Catalog())
    assert [(unknown[name].value, unknown[name].source) for name in ("model", "bridge")] == [
        (None, "not told")
    ] * 2


def test_configured_thinking_and_a_whole_answer_without_the_vendors_headers() -> None:
    body = (Frame(WHOLE_BODY, json.dumps({"id": OWN}), 0.1),)
    road = facts(LISTED, served("d-sonnet", LISTED), Wire(frames=body))
    assert road["config"].value == "thinking enabled, budget_tokens 8000"
    assert "whole answers of /v1/messages" in road["upstream at"].says


def test_before_an_answer_and_before_a_plain_server() -> None:
    assert facts("smart", None)["answer"].value is None
    plain = Catalog(server="anthropic")
    exchange = Exchange("e", 1, 1, 0.0, route("claude-opus-4-5", catalog=plain), served=Served())
    told = {f.label: f for f in route_facts(exchange, Wire(headers=(("request-id", "r1"),)), plain)}
    assert (told["model"].value, told["request id"].value) == ("claude-opus-4-5", "r1")
    assert "bridge" not in told


TOOLS = Asked(tools=1, effort="low")
ROADS: list[tuple[Dialect, str, str, Asked, str, str]] = [
    ("messages", "anthropic/claude-opus-4-5", "anthropic", Asked(), "1.106.2", "/v1/messages"),
    (
        "messages",
        "bedrock/us.anthropic.claude-opus-4-7",
        "bedrock",
        Asked(),
        "1.106.2",
        "Bedrock InvokeModel",
    ),
    ("messages", "bedrock/converse/anthropic.claude-opus-4-7", "bedrock", Asked(), "", "Bedrock Converse"),
    ("messages", "vertex_ai/claude-opus-4-5@2025", "vertex", Asked(), "", "Vertex rawPredict"),
    ("messages", "openai/gpt-5.1", "openai", Asked(), "1.106.2", "/v1/responses"),
    ("messages", "openai/gpt-5.1", "openai", Asked(), "1.80.10", "/v1/chat/completions"),
    ("messages", "gemini/gemini-3-pro-preview", "gemini", Asked(), "1.106.2", "generateContent"),
    ("messages", "deepseek/deepseek-reasoner", "deepseek", Asked(), "", "/anthropic/v1/messages"),
    ("messages", "xai/grok-4", "xai", Asked(), "", "/v1/chat/completions"),
    ("chat", "anthropic/claude-opus-4-5", "anthropic", Asked(), "", "/v1/messages"),
    ("chat", "bedrock/us.anthropic.claude-opus-4-7", "bedrock", Asked(), "", "Bedrock Converse"),
    ("chat", "openai/gpt-5.1", "openai", TOOLS, "", "/v1/chat/completions"),
    ("chat", "openai/gpt-5.5", "openai", TOOLS, "", "/v1/responses"),
    ("chat", "openai/gpt-5.5", "openai", Asked(tools=1), "", "/v1/chat/completions"),
    ("responses", "openai/gpt-5.1", "openai", Asked(), "", "/v1/responses"),
    ("responses", "xai/grok-4", "xai", Asked(), "", "/v1/responses"),
    ("responses", "anthropic/claude-opus-4-5", "anthropic", Asked(), "", "/v1/messages"),
    ("responses", "gemini/gemini-3-pro-preview", "gemini", Asked(), "", "generateContent"),
]


@pytest.mark.parametrize(("dialect", "upstream", "vendor", "asked", "version", "road"), ROADS)
def test_the_road_by_rule_is_said_to_be_one(
    dialect: Dialect, upstream: str, vendor: str, asked: Asked, version: str, road: str
) -> None:
    bridge = bridge_of(dialect, upstream, vendor, canonical(upstream), asked, version)
    assert (bridge.road, bridge.sure) == (road, False)
    native = dialect == "messages" and vendor in ("anthropic", "bedrock", "vertex", "deepseek")
    same = road == {"messages": "/v1/messages", "chat": "/v1/chat/completions"}.get(dialect, "/v1/responses")
    assert bridge.translated == (road == "Bedrock Converse" or not (same or native))


IDS: list[tuple[Dialect, str, str, bool, bool]] = [
    ("messages", "resp_bGl0ZWxs", "/v1/responses", True, True),
    ("messages", "chatcmpl-05b88f977c767", "/v1/chat/completions", True, True),
    ("messages", MADE, "/v1/responses", True, False),
    ("chat", "resp_e27326d7", "/v1/responses", True, True),
    ("chat", "chatcmpl-907aa99190b", "/v1/responses", True, False),
    ("responses", "resp_e27326d7", "/v1/responses", False, False),
]


@pytest.mark.parametrize(("dialect", "id", "road", "translated", "sure"), IDS)
def test_an_answers_id_tells_of_its_road(
    dialect: Dialect, id: str, road: str, translated: bool, sure: bool
) -> None:
    by_rule = bridge_of(dialect, "openai/gpt-5.5", "openai", "gpt-5.5", TOOLS, "1.106.2")
    bridge = shown(by_rule, dialect, (), (Frame("", json.dumps({"id": id}), 0.0),))
    assert (bridge.road, bridge.translated, bridge.sure) == (road, translated, sure)


def test_claude_is_handed_through_where_the_vendors_own_id_comes_back() -> None:
    by_rule = bridge_of(
        "messages", "anthropic/claude-opus-4-5", "anthropic", "claude-opus-4-5", Asked(), None
    )
    assert shown(by_rule, "messages", (), started(OWN)).sure
    asked = shown(by_rule, "messages", (("llm_provider-request-id", "r"),), ())
    assert not asked.sure
    assert "the vendor was asked" in asked.says


def test_odd_answers_and_versions_tell_nothing() -> None:
    hostile = [Frame("", text, 0.0) for text in ("", "no json", "[1]", '{"id": 7}', '{"message": 3}')]
    assert answer_id(hostile) == ""
    assert version_of("1.106.2-simulated") == (1, 106, 2)
    assert [version_of(text) for text in (None, "", "new", "1", "9" * 5000)] == [None] * 5


def test_what_a_request_asks_for_in_all_three_formats() -> None:
    messages = {"model": "m", "thinking": {"type": "enabled", "budget_tokens": 9}, "max_tokens": 5}
    asked = asked_of(messages | {"tools": [{}], "tool_choice": {"type": "any"}})
    assert (asked.thinking, asked.budget, asked.max_tokens, asked.forced, asked.tools) == (
        "enabled",
        9,
        5,
        True,
        1,
    )
    chat = asked_of(
        {"reasoning_effort": "low", "response_format": {"type": "json_schema"}, "temperature": 0.5}
    )
    assert (chat.effort, chat.schema, chat.temperature, chat.silent) == ("low", True, 0.5, False)
    responses = asked_of({"reasoning": {"effort": "none"}, "text": {"format": {"type": "json_schema"}}})
    assert (responses.effort, responses.thinks, responses.schema) == ("none", False, True)
    odd = {"thinking": 3, "tools": "x", "tool_choice": [1], "max_tokens": True, "temperature": "hot"}
    assert asked_of(odd) == Asked(fields=frozenset(odd))
    assert asked_in(b"\xff") == asked_in(b"[]") == Asked()


def test_pinned_is_said() -> None:
    road = facts("twins", served("d-1", "openai/gpt-5.1"), pin="d-1")
    assert (road["id sent"].value, road["id sent"].source) == ("d-1", "rule")
