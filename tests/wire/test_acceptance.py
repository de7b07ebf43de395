"""What each route takes of the settings, held against the vendors' rules as their documents state them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_knobs import VALUES
from tests.wire.streams import CODECS, TOOLS, asked, route_to, talk
from tui.chat.parts import Dialect
from tui.chat.route import Route
from tui.chat.settings import OutputSchema, Settings, is_set, overlaid
from tui.errors import UsageError
from tui.generations import accepts
from tui.wire.acceptance import accepted, choices, refusals, remarks, require, takes

MODELS = (
    "claude-3-5-sonnet",
    "claude-sonnet-4",
    "claude-sonnet-4-5",
    "claude-opus-4-5",
    "claude-sonnet-4-6",
    "claude-opus-4-7",
    "claude-opus-5",
    "claude-fable-5-1",
    "gpt-4.1",
    "gpt-5.1",
    "gpt-5.5",
    "gemini-3-pro-preview",
    "grok-4",
    "deepseek-reasoner",
    "mystery",
)
CONFIGURED = ({"type": "enabled", "budget_tokens": 8000}, {"type": "adaptive"}, {"type": "disabled"})
BUDGET = {"type": "enabled", "budget_tokens": 8000}
SCHEMA = OutputSchema("answer", {"type": "object"})

VALUES_HERE = VALUES | {"max_tokens": st.integers(1, 200_000), "thinking": VALUES["thinking"] | st.just(2000)}
SETTINGS = st.fixed_dictionaries({}, optional=VALUES_HERE).map(lambda some: overlaid(Settings(), some))
ROUTES = st.builds(
    route_to,
    st.sampled_from(sorted(CODECS)),
    st.sampled_from(MODELS),
    plain=st.booleans(),
    configured_thinking=st.none() | st.sampled_from(CONFIGURED),
)


def _body(route: Route, settings: Settings) -> dict[str, Any] | None:
    """The request; None when it is refused before sending."""
    try:
        request = CODECS[route.dialect].encode(talk(asked()), route, settings, TOOLS)
    except UsageError:
        return None
    body: dict[str, Any] = json.loads(request.body)
    return body


@given(route=ROUTES, settings=SETTINGS)
def test_a_request_is_refused_exactly_where_it_is_foreseen(route: Route, settings: Settings) -> None:
    refused = refusals(route, settings)
    assert all(finding.fatal and finding.says and finding.mend for finding in refused)
    assert all(is_set(settings, finding.path) for finding in refused)
    findings = CODECS[route.dialect].foresee(talk(asked()), route, settings, TOOLS)
    assert set(refused) <= set(findings)
    assert (_body(route, settings) is None) == bool(refused)
    assert {f.path for f in refused} == {
        knob for knob in VALUES if knob != "cache" and is_set(settings, knob) and takes(route, knob, settings)
    }


@given(route=ROUTES, settings=SETTINGS)
def test_without_what_is_refused_the_rest_can_be_sent(route: Route, settings: Settings) -> None:
    rest = accepted(route, settings)
    while again := refusals(route, rest):
        # What is left may fall under other rules than before; each round leaves less.
        assert any(is_set(rest, finding.path) for finding in again)
        rest = accepted(route, rest)
    assert _body(route, rest) is not None


@given(route=ROUTES, settings=SETTINGS)
def test_what_is_sent_keeps_the_vendors_rules(route: Route, settings: Settings) -> None:
    extra = {k: v for k, v in settings.extra.items() if k not in ("temperature", "top_p", "stop")}
    body = _body(route, replace(settings, extra=extra))
    if body is None:
        return
    names = ("temperature", "top_p", "top_k")
    sampling: dict[str, float] = {name: body[name] for name in names if name in body}
    taken = accepts(route.generation)
    if not taken.sampling:
        assert not sampling
    if route.generation.startswith("claude"):
        _check_claude(body, route, sampling)
    if route.generation.startswith(("gpt", "grok", "deepseek")):
        assert "top_k" not in sampling
    if route.generation.startswith(("gpt-5", "grok-4")):
        assert "stop" not in body
        assert "stop_sequences" not in body
    efforts = [body.get("reasoning_effort"), (body.get("output_config") or {}).get("effort")]
    efforts.append((body.get("reasoning") or {}).get("effort"))
    assert all(effort is None or effort in taken.efforts for effort in efforts)


def _check_claude(body: dict[str, Any], route: Route, sampling: dict[str, float]) -> None:
    thinking = body.get("thinking") or route.configured_thinking or {}
    kinds = accepts(route.generation).thinking
    if "thinking" in body:
        assert thinking["type"] in kinds or body["thinking"] == {
            **route.configured_thinking,
            "display": body["thinking"]["display"],
        }
        assert "display" not in thinking or thinking["type"] != "disabled"
    limit = body.get("max_tokens") or body.get("max_output_tokens")
    if thinking.get("type") == "enabled" and limit is not None:
        assert thinking["budget_tokens"] < limit
    if kinds and thinking.get("type", "disabled") != "disabled":
        assert sampling.get("temperature", 1) == 1
        assert sampling.get("top_p", 1) >= 0.95
        assert "top_k" not in sampling
    assert sampling.get("temperature", 0) <= 1
    if not route.generation.startswith(("claude-3", "claude-sonnet-4")) or "-4-" in route.generation:
        assert not {"temperature", "top_p"} <= sampling.keys()


@pytest.mark.parametrize(
    ("dialect", "model", "settings", "says"),
    [
        ("messages", "claude-opus-4-7", {"temperature": 1.0}, "takes no temperature: its sampling is fixed"),
        ("chat", "gpt-5.1", {"top_p": 0.5}, "takes no top_p"),
        ("messages", "claude-sonnet-4-5", {"temperature": 1.5}, "a temperature of at most 1, not 1.5"),
        (
            "messages",
            "claude-sonnet-4-5",
            {"temperature": 0.5, "thinking": 2000},
            "no temperature but 1 while",
        ),
        ("messages", "claude-sonnet-4-6", {"top_p": 0.9, "thinking": "on"}, "no top_p below 0.95"),
        ("messages", "claude-sonnet-4-6", {"top_k": 9, "thinking": "low"}, "no top_k while it thinks"),
        ("messages", "claude-opus-4-5", {"temperature": 0.5, "top_p": 0.5}, "temperature and top_p together"),
        ("chat", "grok-4", {"top_k": 9}, "has no top_k"),
        ("chat", "grok-4", {"stop": ("a",)}, "does not take texts that stop it"),
        ("chat", "gpt-4.1", {"stop": tuple("abcde")}, "at most 4 stop texts, not 5"),
        ("messages", "gpt-4.1", {"stop": ("a",)}, "the proxy does not hand on stop"),
        ("messages", "claude-sonnet-4-6", {"stop": ("\n\n",)}, "of blanks and line ends alone"),
        ("chat", "gpt-5.1", {"display": "omitted"}, "no setting for how thinking comes back"),
        ("messages", "claude-sonnet-4-6", {"display": "omitted"}, "does not think unless told to"),
        ("messages", "claude-sonnet-4-6", {"display": "omitted", "thinking": "off"}, "thinking is off"),
        ("messages", "claude-sonnet-4-5", {"effort": "high"}, "has no effort setting"),
        ("messages", "claude-opus-4-5", {"effort": "max"}, "does not take effort max"),
        ("chat", "gpt-5.1", {"effort": "high", "thinking": "off"}, "no way to turn thinking off but effort"),
        ("chat", "gpt-5.1", {"effort": "high", "thinking": "low"}, "thinking says low and effort says high"),
        ("messages", "claude-opus-5", {"effort": "max", "thinking": "off"}, "effort max with thinking off"),
        ("messages", "claude-opus-4-7", {"thinking": 2000}, "does not take a thinking budget"),
        ("messages", "claude-opus-4-7", {"max_tokens": 128_001}, "at most 128000 tokens, not 128001"),
        ("chat", "claude-3-5-sonnet", {"schema": SCHEMA}, "cannot be held to a schema"),
        ("chat", "gpt-5.1", {"extra": {"messages": []}}, "made from the conversation"),
        (
            "chat",
            "gpt-4.1",
            {"extra": {"stop": "a"}, "stop": ("b",)},
            "body.stop and stop would both be sent",
        ),
        ("messages", "claude-opus-4-7", {"extra": {"max_tokens": 9}}, "body.max_tokens and max_tokens"),
        ("messages", "claude-opus-4-7", {"extra": {"cache_control": {}}}, "body.cache_control and cache"),
        ("chat", "gpt-5.5", {"extra": {"reasoning_effort": "low"}}, "body.reasoning_effort and thinking"),
        ("chat", "gpt-5.1", {"headers": {"Authorization": "x"}}, "header.Authorization is not for a knob"),
        ("chat", "gpt-5.1", {"headers": {"x-a": "b\nc"}}, "header.x-a needs a value"),
    ],
)
def test_what_is_refused_before_sending(
    dialect: Dialect, model: str, settings: dict[str, Any], says: str
) -> None:
    route, chosen = route_to(dialect, model), overlaid(Settings(), settings)
    told = [finding.says for finding in refusals(route, chosen)]
    assert any(says in sentence for sentence in told), told
    with pytest.raises(UsageError) as refused:
        CODECS[dialect].encode(talk(asked()), route, chosen, TOOLS)
    assert refused.value.hint
    assert f"{refused.value.what}." == told[0]


@pytest.mark.parametrize(
    ("configured", "settings", "knob", "fine"),
    [
        (BUDGET, {"temperature": 0.5}, "temperature", False),
        (BUDGET, {"temperature": 1.0}, "temperature", True),
        (BUDGET, {"temperature": 0.5, "thinking": "off"}, "temperature", True),
        (BUDGET, {"top_k": 5}, "top_k", False),
        (BUDGET, {"top_p": 0.95}, "top_p", True),
        (None, {"temperature": 0.5}, "temperature", True),
        (BUDGET, {"max_tokens": 8000}, "max_tokens", False),
        (BUDGET, {"max_tokens": 8000, "thinking": 2000}, "max_tokens", True),
        (BUDGET, {"display": "omitted"}, "display", True),
        ({"type": "disabled"}, {"display": "omitted"}, "display", False),
    ],
)
def test_thinking_of_the_proxys_own_counts(
    configured: Any, settings: dict[str, Any], knob: str, fine: bool
) -> None:
    route = route_to("messages", "claude-sonnet-4-5", configured_thinking=configured)
    assert (takes(route, knob, overlaid(Settings(), settings)) == "") == fine


def test_what_is_not_set_is_offered_where_some_value_is_taken() -> None:
    unset = Settings()
    offered = {
        model: [k for k in VALUES if not takes(route_to("chat", model), k, unset)]
        for model in ("gpt-5.1", "grok-4", "claude-sonnet-4-5")
    }
    always = ["max_tokens", "schema", "stream", "extra", "headers"]
    assert sorted(offered["gpt-5.1"]) == sorted(["thinking", "effort", *always])
    assert sorted(offered["grok-4"]) == sorted(["temperature", "top_p", *always])
    assert sorted(set(VALUES) - set(offered["claude-sonnet-4-5"])) == ["display", "effort"]


@pytest.mark.parametrize(
    ("dialect", "model", "knob", "words"),
    [
        ("chat", "gpt-5.1", "thinking", ("on", "off", "none", "low", "medium", "high")),
        ("messages", "claude-fable-5-1", "thinking", ("on", "low", "medium", "high", "xhigh", "max")),
        ("messages", "claude-sonnet-4-5", "thinking", ("on", "off")),
        ("chat", "grok-4", "thinking", ()),
        ("chat", "gemini-3-pro-preview", "effort", ("low", "high")),
        ("chat", "claude-opus-4-7", "display", ("summarized", "omitted")),
        ("chat", "gpt-5.1", "display", ()),
        ("chat", "claude-opus-4-7", "cache", ("off", "5m", "1h")),
        ("chat", "gpt-5.1", "cache", ()),
        ("chat", "gpt-5.1", "stream", ("on", "off")),
        ("chat", "gpt-5.1", "temperature", ()),
    ],
)
def test_the_words_a_route_takes(dialect: Dialect, model: str, knob: str, words: tuple[str, ...]) -> None:
    assert choices(route_to(dialect, model), knob) == words


@pytest.mark.parametrize(
    ("dialect", "model", "settings", "says"),
    [
        ("chat", "gpt-5.1", {"cache": "1h"}, "is not asked to cache for an hour"),
        ("chat", "claude-opus-4-7", {"cache": "1h"}, ""),
        ("chat", "deepseek-reasoner", {"temperature": 0.5}, "takes temperature without any effect"),
        ("messages", "gpt-5.1", {"schema": SCHEMA}, "without its name"),
        ("chat", "gpt-5.1", {"schema": SCHEMA}, ""),
        ("messages", "claude-opus-4-7", {"extra": {"colour": 1}}, "body.colour is not known to reach"),
        ("chat", "claude-opus-4-7", {"extra": {"colour": 1}}, ""),
        ("chat", "gemini-3-pro-preview", {"extra": {"colour": 1}}, "body.colour is not known to reach"),
        ("chat", "gemini-3-pro-preview", {"extra": {"seed": 1}}, ""),
        ("chat", "gpt-5.1", {"extra": {"metadata": {"a": "b"}}}, "body.metadata stays with the proxy"),
        ("messages", "claude-opus-4-7", {"extra": {"metadata": {"user_id": "b"}}}, ""),
        ("messages", "claude-opus-4-7", {"extra": {"metadata": {"user_id": "b", "c": 1}}}, "only user_id"),
    ],
)
def test_what_does_not_arrive_is_remarked(
    dialect: Dialect, model: str, settings: dict[str, Any], says: str
) -> None:
    route, chosen = route_to(dialect, model), overlaid(Settings(), settings)
    told = " ".join(finding.says for finding in remarks(route, chosen))
    assert (says in told) if says else told == ""
    assert refusals(route, chosen) == ()
    assert not list(remarks(replace(route, provider="openai"), Settings()))


def test_what_all_knobs_do_to_a_request() -> None:
    every = Settings(
        thinking=2000, effort="low", display="omitted", max_tokens=9000, stop=("END",), schema=SCHEMA
    )
    form = {"type": "json_schema", "schema": SCHEMA.schema}
    body = _body(route_to("messages", "claude-opus-4-5"), every)
    assert body is not None
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 2000, "display": "omitted"}
    assert body["output_config"] == {"effort": "low", "format": form}
    assert (body["stop_sequences"], body["max_tokens"]) == (["END"], 9000)
    body = _body(route_to("chat", "claude-opus-4-5"), every)
    assert body is not None
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 2000, "display": "omitted"}
    assert body["output_config"] == {"effort": "low", "format": form}
    assert (body["stop"], body["max_tokens"]) == (["END"], 9000)
    assert "response_format" not in body
    body = _body(route_to("chat", "gpt-5.1"), Settings(effort="low", schema=SCHEMA))
    assert body is not None
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}},
    }
    assert body["reasoning_effort"] == "low"
    body = _body(route_to("chat", "mystery"), Settings(temperature=0.0, top_p=1.0, top_k=3))
    assert body is not None
    assert (body["temperature"], body["top_p"], body["top_k"]) == (0.0, 1.0, 3)


def test_display_alone_keeps_the_configured_budget() -> None:
    route = route_to("messages", "claude-sonnet-4-5", configured_thinking=BUDGET)
    body = _body(route, Settings(display="omitted"))
    assert body is not None
    assert body["thinking"] == {**BUDGET, "display": "omitted"}
    assert body["max_tokens"] > 8000
    body = _body(route_to("messages", "claude-fable-5-1"), Settings(display="summarized"))
    assert body is not None
    assert body["thinking"] == {"type": "adaptive", "display": "summarized"}


def test_a_plain_server_gets_openais_own_words_for_claude() -> None:
    body = _body(route_to("chat", "claude-opus-4-7", plain=True), Settings("high", schema=SCHEMA))
    assert body is not None
    assert body["reasoning_effort"] == "high"
    assert "response_format" in body
    assert "output_config" not in body


def test_nothing_set_is_never_refused() -> None:
    for dialect in CODECS:
        for model in MODELS:
            require(route_to(dialect, model), Settings())
