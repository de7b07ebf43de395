"""Every name finds its road by evidence, says why, and sends an id the proxy lists."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tui.chat.catalog import Catalog, Deployment, ModelCard, Price
from tui.chat.route import Provider, Route, Served
from tui.chat.rule import RoutingRule
from tui.errors import UsageError
from tui.resolver import Endpoint, base_url_for, near_misses, origin_of, resolve, root_of

URL = "http://proxy.test:4000"
THINKING = {"type": "enabled", "budget_tokens": 8000}
CHEAP = Price(Decimal("0.000001"), Decimal("0.000002"))
DEAR = Price(Decimal("0.000005"), Decimal("0.000025"))


def card(id: str, *upstreams: str, price: Price | None = None, thinking: object = None) -> ModelCard:
    deployments = tuple(
        Deployment(f"{id}#{n}", upstream, upstream.partition("/")[0], thinking=thinking, price=price)
        for n, upstream in enumerate(upstreams)
    )
    return ModelCard(id, deployments, price=price)


LISTED = (
    card("anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929", thinking=THINKING),
    card("smart", "anthropic/claude-opus-4-5", price=DEAR),
    card("gpt-killer", "anthropic/claude-opus-4-5"),
    card("bedrock-claude", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    ModelCard("vertex-claude", (Deployment("v#0", "vertex_ai/claude-opus-4-6@20260101", "vertex"),)),
    card("claude-cheap", "openai/gpt-5.1", price=CHEAP),
    card("openai/gpt-5.5", "openai/gpt-5.5"),
    card("gemini/gemini-3-pro-preview", "gemini/gemini-3-pro-preview"),
    card("xai/grok-4", "xai/grok-4"),
    card("mixed", "anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-opus-4-5"),
    card("twins", "anthropic/claude-opus-4-5", "anthropic/claude-opus-4-5"),
    card("motley", "openai/gpt-5.1", "anthropic/claude-opus-4-5"),
)
CATALOG = Catalog(LISTED, complete=True, source="/model/info")
WITH_WILDCARD = replace(CATALOG, cards=(*LISTED, card("anthropic/*", "anthropic/*")), complete=False)
NAMES_ONLY = Catalog(tuple(ModelCard(c.id) for c in LISTED), complete=True, source="/v1/models")


def why(route: Route) -> str:
    return "\n".join(reason.text for reason in route.why)


@pytest.mark.parametrize(
    ("name", "provider", "vendor", "generation"),
    [
        ("anthropic/claude-sonnet-4-5-20250929", "litellm-anthropic", "anthropic", "claude-sonnet-4-5"),
        ("smart", "litellm-anthropic", "anthropic", "claude-opus-4-5"),
        ("gpt-killer", "litellm-anthropic", "anthropic", "claude-opus-4-5"),
        ("bedrock-claude", "litellm-anthropic", "bedrock", "claude-sonnet-4-5"),
        ("vertex-claude", "litellm-anthropic", "vertex", "claude-opus-4-6"),
        ("claude-cheap", "litellm", "openai", "gpt-5.1"),
        ("openai/gpt-5.5", "litellm", "openai", "gpt-5.5"),
        ("gemini/gemini-3-pro-preview", "litellm", "gemini", "gemini-3-pro-preview"),
        ("xai/grok-4", "litellm", "xai", "grok-4"),
        ("mixed", "litellm-anthropic", "anthropic", "claude-sonnet-4-5"),
        ("motley", "litellm-anthropic", "anthropic", "claude-opus-4-5"),
    ],
)
def test_the_catalogs_evidence_decides_the_road(
    name: str, provider: str, vendor: str, generation: str
) -> None:
    route = resolve(name, CATALOG, base_url=URL)
    assert (route.provider, route.vendor, route.generation) == (provider, vendor, generation)
    assert route.wire_model == name
    assert {reason.source for reason in route.why} == {"catalog"}


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("anthropic/claude-sonnet-4-5-20250929", "/v1/messages"),
        ("openai/gpt-5.5", "/v1/chat/completions"),
        ("gemini/gemini-3-pro-preview", "/v1/chat/completions"),
        ("xai/grok-4", "/v1/chat/completions"),
        ("claude-cheap", "/v1/messages"),
        ("gpt-killer", "/v1/chat/completions"),
    ],
)
def test_without_evidence_the_name_decides_and_the_reason_says_so(name: str, endpoint: str) -> None:
    route = resolve(name, NAMES_ONLY, base_url=URL)
    assert route.endpoint == endpoint
    assert "by its name alone" in why(route)
    assert "name" in {reason.source for reason in route.why}
    assert route.upstream is None


def test_a_vendor_without_a_model_is_enough_to_go_native() -> None:
    cards = (
        ModelCard("smart", (Deployment(None, None, "anthropic"),)),
        ModelCard("claude-cheap", (Deployment(None, None, "openai"),)),
    )
    catalog = Catalog(cards, complete=True, source="/model_group/info")
    smart, cheap = (resolve(c.id, catalog, base_url=URL) for c in cards)
    assert (smart.endpoint, smart.vendor) == ("/v1/messages", "anthropic")
    assert smart.generation.startswith("claude")
    assert (cheap.endpoint, cheap.generation) == ("/v1/chat/completions", "unknown")
    assert "catalog" in {reason.source for reason in smart.why}


@pytest.mark.parametrize("catalog", [CATALOG, WITH_WILDCARD])
@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929"),
        ("gpt-5.5", "openai/gpt-5.5"),
        ("anthropic/smart", "smart"),
        ("Smart", "smart"),
        ("  smart  ", "smart"),
    ],
)
def test_a_near_spelling_is_sent_as_the_proxy_lists_it(catalog: Catalog, typed: str, sent: str) -> None:
    route = resolve(typed, catalog, base_url=URL)
    assert route.wire_model == sent
    assert sent in why(route)


def test_the_configured_thinking_is_kept_when_the_prefix_was_left_out() -> None:
    route = resolve("claude-sonnet-4-5-20250929", WITH_WILDCARD, base_url=URL)
    assert route.configured_thinking == THINKING


def test_a_prefix_that_contradicts_the_catalog_is_not_stripped() -> None:
    with pytest.raises(UsageError) as failed:
        resolve("openai/smart", CATALOG, base_url=URL)
    assert "smart" in failed.value.hint


def test_a_name_that_could_be_several_listed_ids_is_refused() -> None:
    cards = (card("azure/house", "azure/house"), card("xai/house", "xai/house"))
    with pytest.raises(UsageError, match="azure/house, xai/house"):
        resolve("house", Catalog(cards, complete=True), base_url=URL)


def test_among_several_prefixes_the_makers_own_is_meant() -> None:
    cards = (card("openrouter/grok-4", "openrouter/grok-4"), card("xai/grok-4", "xai/grok-4"))
    assert resolve("grok-4", Catalog(cards, complete=True), base_url=URL).wire_model == "xai/grok-4"


@pytest.mark.parametrize(
    ("typed", "sent", "upstream"),
    [
        ("anthropic/claude-opus-4-8", "anthropic/claude-opus-4-8", "anthropic/claude-opus-4-8"),
        ("claude-opus-4-8", "anthropic/claude-opus-4-8", "anthropic/claude-opus-4-8"),
    ],
)
def test_a_wildcard_covers_what_is_not_listed(typed: str, sent: str, upstream: str) -> None:
    route = resolve(typed, WITH_WILDCARD, base_url=URL)
    assert (route.wire_model, route.upstream, route.provider) == (sent, upstream, "litellm-anthropic")
    assert "anthropic/*" in why(route)


def test_the_most_specific_wildcard_is_believed() -> None:
    cards = (card("*", "openai/*"), card("claude-*", "bedrock/anthropic.claude-*"))
    catalog = Catalog(cards)
    route = resolve("claude-opus-4-6", catalog, base_url=URL)
    assert (route.upstream, route.vendor) == ("bedrock/anthropic.claude-opus-4-6", "bedrock")
    assert resolve("anything", catalog, base_url=URL).upstream == "openai/anything"


def test_an_unknown_name_is_refused_with_near_misses_when_the_list_is_complete() -> None:
    with pytest.raises(UsageError) as failed:
        resolve("gtp-killer", CATALOG, base_url=URL)
    assert failed.value.cls == "unknown-model"
    assert failed.value.exit_code == 2
    assert "gpt-killer" in failed.value.hint


def test_an_unknown_name_is_sent_as_typed_when_the_list_is_not_complete() -> None:
    route = resolve("house-model", WITH_WILDCARD, base_url=URL)
    assert route.wire_model == "house-model"
    assert "sent as typed" in why(route)
    nothing = resolve("anthropic/claude-opus-4-5", Catalog(), base_url=URL)
    assert (nothing.wire_model, nothing.provider) == ("anthropic/claude-opus-4-5", "litellm-anthropic")
    assert "no list of models" in why(nothing)


def test_near_misses_look_at_the_tail_and_at_the_model_behind_a_name() -> None:
    assert near_misses("gpt5.5", CATALOG)[0] == "openai/gpt-5.5"
    assert set(near_misses("claude-opus-4-5", CATALOG)) >= {"smart", "gpt-killer"}
    assert near_misses("zzzzzz", CATALOG) == ()


@pytest.mark.parametrize("name", ["", "   ", "litellm/", "litellm-anthropic/ "])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        resolve(name, CATALOG, base_url=URL)


@pytest.mark.parametrize(
    ("name", "provider", "sent"),
    [
        ("litellm/smart", "litellm", "smart"),
        ("litellm-anthropic/openai/gpt-5.5", "litellm-anthropic", "openai/gpt-5.5"),
        ("litellm-responses/gpt-5.5", "litellm-responses", "openai/gpt-5.5"),
        (
            "litellm-anthropic/claude-sonnet-4-5-20250929",
            "litellm-anthropic",
            "anthropic/claude-sonnet-4-5-20250929",
        ),
    ],
)
def test_a_provider_before_the_id_is_an_explicit_choice(name: str, provider: str, sent: str) -> None:
    route = resolve(name, CATALOG, base_url=URL)
    assert (route.provider, route.wire_model, route.requested) == (provider, sent, name)
    assert route.why[2].source == "explicit"


def test_a_listed_id_that_looks_like_a_provider_choice_stays_whole() -> None:
    catalog = Catalog((card("litellm/house", "openai/gpt-5.1"),), complete=True)
    assert resolve("litellm/house", catalog, base_url=URL).wire_model == "litellm/house"


@pytest.mark.parametrize(
    ("endpoint", "provider"),
    [("messages", "litellm-anthropic"), ("chat", "litellm"), ("responses", "litellm-responses")],
)
def test_the_endpoint_option_wins_over_evidence_and_rules(endpoint: Endpoint, provider: Provider) -> None:
    rules = (RoutingRule("*", "chat"),)
    route = resolve("smart", CATALOG, rules, base_url=URL, endpoint=endpoint)
    assert route.provider == provider


def test_two_explicit_choices_that_differ_are_refused() -> None:
    with pytest.raises(UsageError, match="litellm/smart asks for chat"):
        resolve("litellm/smart", CATALOG, base_url=URL, endpoint="messages")


def test_the_first_fitting_rule_decides_and_is_named() -> None:
    rules = (RoutingRule("openai/*", "responses", "config.yaml:7"), RoutingRule("*", "messages"))
    route = resolve("gpt-5.5", CATALOG, rules, base_url=URL)
    assert route.provider == "litellm-responses"
    assert "config.yaml:7" in why(route)
    assert resolve("xai/grok-4", CATALOG, rules, base_url=URL).provider == "litellm-anthropic"


def test_reasoning_models_of_openai_go_to_responses_when_configured() -> None:
    def provider(name: str) -> str:
        return resolve(name, CATALOG, base_url=URL, openai_reasoning="responses").provider

    assert provider("openai/gpt-5.5") == "litellm-responses"
    assert provider("claude-cheap") == "litellm-responses"
    assert provider("xai/grok-4") == "litellm"
    assert provider("smart") == "litellm-anthropic"
    assert provider("motley") == "litellm-anthropic"
    assert "/v1/responses" in why(resolve("gpt-5.5", CATALOG, base_url=URL, openai_reasoning="responses"))


@pytest.mark.parametrize(
    ("server", "name", "provider"),
    [
        ("openai", "gpt-5.5", "openai-responses"),
        ("openai", "gpt-4o", "openai"),
        ("openai", "llama-4", "openai"),
        ("anthropic", "gpt-5.5", "anthropic"),
    ],
)
def test_a_plain_openai_server_has_its_reasoning_models_there_too(
    server: Any, name: str, provider: str
) -> None:
    catalog = Catalog((ModelCard(name),), server=server)
    assert resolve(name, catalog, base_url=URL, openai_reasoning="responses").provider == provider


@pytest.mark.parametrize(
    ("server", "name", "provider", "base"),
    [
        ("anthropic", "claude-opus-4-5", "anthropic", URL),
        ("openai", "gpt-5.1", "openai", f"{URL}/v1"),
        ("openai", "openai-responses/gpt-5.1", "openai-responses", f"{URL}/v1"),
        ("openai", "claude-opus-4-5", "openai", f"{URL}/v1"),
    ],
)
def test_a_plain_server_speaks_its_own_format(server: str, name: str, provider: str, base: str) -> None:
    cards = (ModelCard("claude-opus-4-5"), ModelCard("gpt-5.1"))
    catalog = Catalog(cards, server="anthropic" if server == "anthropic" else "openai")
    route = resolve(name, catalog, base_url=URL)
    assert (route.provider, route.base_url) == (provider, base)
    assert route.upstream == route.wire_model


def test_a_group_of_differing_deployments_is_mixed_and_can_be_held() -> None:
    free = resolve("mixed", CATALOG, base_url=URL)
    assert (free.mixed, free.wire_model, free.pinned) == (True, "mixed", None)
    assert "differ" in why(free)
    held = resolve("mixed", CATALOG, pin="mixed#1", base_url=URL)
    assert (held.wire_model, held.pinned, held.upstream) == (
        "mixed#1",
        "mixed#1",
        "anthropic/claude-opus-4-5",
    )
    assert held.generation == "claude-opus-4-5"
    assert held.target.deployment == "mixed#1"
    assert held.why[-1].source == "pin"
    assert not resolve("twins", CATALOG, base_url=URL).mixed


def test_a_deployment_id_may_be_typed() -> None:
    route = resolve("mixed#1", CATALOG, base_url=URL)
    assert (route.wire_model, route.pinned, route.generation) == ("mixed#1", "mixed#1", "claude-opus-4-5")


def test_the_price_is_the_deployments_if_one_is_certain_else_the_groups() -> None:
    group = ModelCard(
        "pair",
        (
            Deployment("a", "openai/x", "openai", price=CHEAP),
            Deployment("b", "openai/y", "openai", price=DEAR),
        ),
        price=None,
    )
    catalog = Catalog((group,), complete=True)
    assert resolve("smart", CATALOG, base_url=URL).price == DEAR
    assert resolve("pair", catalog, base_url=URL).price is None
    assert resolve("pair", catalog, pin="b", base_url=URL).price == DEAR


def test_limits_and_capabilities_come_from_catalog_and_table() -> None:
    told = ModelCard(
        "claude",
        (Deployment("a", "anthropic/claude-opus-4-7", "anthropic"),),
        context=200_000,
        max_output=8_000,
        supports={"tools": True, "vision": False},
    )
    route = resolve("claude", Catalog((told,), complete=True), base_url=URL)
    assert (route.context, route.max_output) == (200_000, 8_000)
    assert (route.accepts.tools, route.accepts.vision) == (True, False)
    assert "adaptive" in route.accepts.thinking
    assert resolve("smart", CATALOG, base_url=URL).max_output == 64_000


def test_whether_a_schema_is_taken_comes_from_the_list_where_nothing_is_known() -> None:
    told: dict[str, bool | None] = {"schema": True, "native_schema": False}
    behind = replace(card("b", "bedrock/us.anthropic.claude-opus-4-7"), supports=told)
    grok = replace(card("g", "xai/grok-4"), supports={"schema": None})
    catalog = Catalog((behind, grok), complete=True)
    assert resolve("b", catalog, base_url=URL).accepts.schema is False
    assert resolve("g", catalog, base_url=URL).accepts.schema is None


def test_the_stated_model_counts_where_the_upstream_name_is_the_administrators_own() -> None:
    deployment = Deployment("a", "azure/prod-east", "azure", base="gpt-5.1-2025-11-13")
    catalog = Catalog((ModelCard("house", (deployment,)),), complete=True)
    route = resolve("house", catalog, base_url=URL)
    assert (route.generation, route.accepts.efforts[0]) == ("gpt-5.1", "none")
    assert origin_of(Served(model_id="a", model="azure/prod-east"), catalog, route).model == "gpt-5.1"


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("http://h:4000", "http://h:4000"),
        ("http://h:4000/", "http://h:4000"),
        ("http://h:4000/v1", "http://h:4000"),
        ("http://h:4000/v1/", "http://h:4000"),
        ("https://h/llm/v1//", "https://h/llm"),
        ("https://h/llm", "https://h/llm"),
        ("https://h/v1/messages", "https://h"),
        ("https://h/x/v1/chat/completions", "https://h/x"),
    ],
)
def test_a_base_url_is_understood_with_and_without_its_version(given: str, root: str) -> None:
    assert root_of(given) == root
    assert base_url_for("litellm-anthropic", given) == root
    assert base_url_for("litellm", given) == f"{root}/v1"


SMART = resolve("smart", CATALOG, base_url=URL)


@pytest.mark.parametrize(
    ("served", "vendor", "model", "known_by"),
    [
        (Served(), "anthropic", "claude-opus-4-5", "route"),
        (Served(model="anthropic/claude-opus-4-5"), "anthropic", "claude-opus-4-5", "header"),
        (Served(model="claude-opus-4-5"), "anthropic", "claude-opus-4-5", "header"),
        (Served(model="openai/gpt-5.1", model_id="claude-cheap#0"), "openai", "gpt-5.1", "header"),
        (Served(model_id="bedrock-claude#0"), "bedrock", "claude-sonnet-4-5", "catalog"),
        (Served(model_id="never heard of"), "anthropic", "claude-opus-4-5", "route"),
        (Served(model="anthropic/*"), "anthropic", "claude-opus-4-5", "route"),
    ],
)
def test_the_origin_is_what_the_headers_say(served: Served, vendor: str, model: str, known_by: str) -> None:
    origin = origin_of(served, CATALOG, SMART)
    assert (origin.vendor, origin.model, origin.known_by) == (vendor, model, known_by)
    assert (origin.dialect, origin.deployment) == ("messages", served.model_id)


def test_a_platforms_short_header_name_keeps_the_routes_vendor() -> None:
    route = resolve("vertex-claude", CATALOG, base_url=URL)
    assert origin_of(Served(model="claude-opus-4-6"), CATALOG, route).vendor == "vertex"


def test_where_no_upstream_is_told_parts_stay_returnable_until_a_fallback_is_seen() -> None:
    route = resolve("gpt-killer", NAMES_ONLY, base_url=URL)
    served = Served(model="anthropic/claude-opus-4-5", group="gpt-killer")
    kept = origin_of(served, NAMES_ONLY, route)
    assert (kept.vendor, kept.model) == (route.vendor, route.generation)
    fallen = origin_of(replace(served, attempted_fallbacks=1), NAMES_ONLY, route)
    assert (fallen.vendor, fallen.model) == ("anthropic", "claude-opus-4-5")


def test_a_deployment_id_shared_by_a_wildcards_models_names_none_of_them() -> None:
    cards = tuple(
        ModelCard(f"anthropic/{m}", (Deployment("w", f"anthropic/{m}", "anthropic"),))
        for m in ("claude-opus-4-5", "claude-opus-4-7")
    )
    catalog = Catalog(cards)
    route = resolve("anthropic/claude-opus-4-7", catalog, base_url=URL)
    assert origin_of(Served(model_id="w"), catalog, route).model == "claude-opus-4-7"
    other = resolve("anthropic/claude-sonnet-4-6", catalog, base_url=URL)
    assert origin_of(Served(model_id="w"), catalog, other).known_by == "route"


def test_the_resolver_needs_neither_a_screen_nor_an_sdk() -> None:
    code = (
        "import sys; from tui.resolver import resolve; from tui.chat.catalog import Catalog;"
        "print(resolve('anthropic/claude-x', Catalog(), base_url='http://h').endpoint);"
        "heavy = {'textual', 'rich', 'anthropic', 'openai', 'httpx2', 'yaml', 'asyncio'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split("\n")[:2] == ["/v1/messages", "[]"]
