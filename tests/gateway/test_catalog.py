"""The catalog holds what a real proxy tells, survives refusals, and is never broken by odd JSON."""

from decimal import Decimal

import pytest

from tests.gateway.answering import LITELLM, Answer, answering, recorded
from tui.chat.catalog import Catalog, ModelCard
from tui.errors import SightlineError
from tui.gateway.catalog import catalog_of, fetch_catalog
from tui.gateway.client import Endpoint
from tui.gateway.detect import Detected
from tui.gateway.lookup import Told, parse
from tui.resolver import resolve

ENDPOINT = Endpoint(key=lambda: "sk-test")
PROXY = Detected("litellm", "", "1.106.2")
OPEN_LISTS = {path: LITELLM[path] for path in ("/model/info", "/model_group/info", "/v1/models")}
REFUSED = (403, '{"error": {"message": "key not allowed to access this route"}}')


def card(catalog: Catalog, id: str) -> ModelCard:
    return next(c for c in catalog.cards if c.id == id)


async def fetched(answers: dict[str, Answer], server: Detected = PROXY) -> Catalog:
    with answering(answers) as running:
        return await fetch_catalog(running.url, ENDPOINT, server, seconds=10, now=lambda: 7.0)


async def test_a_real_proxys_lists_are_read() -> None:
    catalog = await fetched(OPEN_LISTS)
    assert (catalog.source, catalog.refusals, catalog.fetched_at) == ("/model/info", (), 7.0)
    assert catalog.version == "1.106.2"
    sonnet = card(catalog, "anthropic/claude-sonnet-4-5-20250929")
    assert (sonnet.context, sonnet.max_output, sonnet.mode) == (200_000, 64_000, "chat")
    assert sonnet.supports["tools"] is True
    assert sonnet.price is not None
    assert (sonnet.price.input, sonnet.price.cache_write_1h) == (Decimal("0.000003"), Decimal("0.000006"))
    assert sonnet.deployments[0].thinking == {"type": "enabled", "budget_tokens": 8000}
    assert card(catalog, "embed").mode == "embedding"
    assert card(catalog, "azure-prod").deployments[0].base == "azure/gpt-5.1"


async def test_a_model_of_its_own_is_not_mixed_up_with_the_wildcard_that_covers_it() -> None:
    catalog = await fetched(OPEN_LISTS)
    assert len(card(catalog, "anthropic/claude-sonnet-4-5-20250929").deployments) == 1
    route = resolve("claude-sonnet-4-5-20250929", catalog, base_url="http://h")
    assert route.wire_model == "anthropic/claude-sonnet-4-5-20250929"
    assert route.configured_thinking == {"type": "enabled", "budget_tokens": 8000}


async def test_a_wildcard_that_is_listed_model_by_model_is_still_seen() -> None:
    catalog = await fetched(OPEN_LISTS)
    assert not catalog.complete
    assert card(catalog, "anthropic/*").deployments[0].upstream == "anthropic/*"
    expanded = card(catalog, "anthropic/claude-opus-4-7")
    assert expanded.price is not None
    assert expanded.deployments[0].price is None
    route = resolve("claude-opus-4-9", catalog, base_url="http://h")
    assert (route.wire_model, route.vendor) == ("anthropic/claude-opus-4-9", "anthropic")


async def test_deployments_of_a_group_are_kept_apart_and_an_alias_is_no_wildcard() -> None:
    catalog = await fetched(OPEN_LISTS)
    mixed = card(catalog, "mixed")
    assert [d.upstream for d in mixed.deployments] == [
        "anthropic/claude-sonnet-4-5-20250929",
        "anthropic/claude-opus-4-5",
    ]
    assert mixed.deployments[0].price != mixed.deployments[1].price
    assert mixed.price is not None
    assert mixed.price.input == Decimal("0.000005")
    assert card(catalog, "aliased").deployments == card(catalog, "smart").deployments
    assert card(catalog, "smart").deployments[0].price is not None


async def test_null_prices_stay_unknown() -> None:
    catalog = await fetched(OPEN_LISTS)
    mystery = card(catalog, "mystery")
    assert (mystery.price, mystery.deployments[0].price, mystery.mode) == (None, None, None)
    assert mystery.supports["vision"] is None
    assert mystery.deployments[0].vendor == "xai"
    assert card(catalog, "gemini/gemini-3-pro-preview").price is None


async def test_without_wildcards_the_list_is_complete() -> None:
    answers = {
        "/model/info": (200, '{"data": [{"model_name": "a", "litellm_params": {"model": "openai/a"}}]}')
    }
    catalog = await fetched({**answers, "/model_group/info": (200, '{"data": []}')})
    assert catalog.complete
    assert [r.path for r in catalog.refusals] == ["/v1/models?return_wildcard_routes=true"]


@pytest.mark.parametrize("status", [401, 403, 404, 500])
async def test_the_next_best_list_serves_when_the_best_is_refused(status: int) -> None:
    groups = await fetched({**OPEN_LISTS, "/model/info": (status, REFUSED[1])})
    assert groups.source == "/model_group/info"
    assert [d.vendor for d in card(groups, "smart").deployments] == ["anthropic"]
    assert (groups.refusals[0].path, groups.refusals[0].status) == ("/model/info", status)
    assert "not allowed" in groups.refusals[0].says
    names = await fetched({"/v1/models": LITELLM["/v1/models"], "/model/info": (status, "")})
    assert names.source == "/v1/models"
    assert card(names, "smart").deployments == ()
    assert card(names, "smart").max_output == 64_000


async def test_one_slow_route_does_not_hold_up_the_rest() -> None:
    with answering(OPEN_LISTS, hang=frozenset({"/model/info"})) as running:
        catalog = await fetch_catalog(running.url, ENDPOINT, PROXY, seconds=0.5)
    assert catalog.source == "/model_group/info"
    assert catalog.refusals[0].status is None


async def test_routes_that_are_refused_to_this_key_leave_an_empty_catalog() -> None:
    catalog = await fetched(dict.fromkeys(OPEN_LISTS, REFUSED))
    assert (catalog.cards, catalog.complete, len(catalog.refusals)) == ((), False, 3)


@pytest.mark.parametrize(
    "answer",
    [
        (401, '{"error": {"message": "Authentication Error, bad key", "type": "auth_error"}}'),
        (400, '{"error": {"message": "No connected db.", "type": "no_db_connection"}}'),
    ],
)
async def test_a_key_that_is_refused_everywhere_is_an_error(answer: Answer) -> None:
    with pytest.raises(SightlineError) as failed:
        await fetched(dict.fromkeys(OPEN_LISTS, answer))
    assert (failed.value.cls, failed.value.exit_code) == ("proxy-key-refused", 3)


async def test_an_unreachable_server_is_an_error() -> None:
    with answering({}) as running:
        gone = running.url
    with pytest.raises(SightlineError) as failed:
        await fetch_catalog(gone, ENDPOINT, PROXY, seconds=5)
    assert failed.value.exit_code == 3


async def test_plain_servers_list_names_and_are_asked_in_their_own_way() -> None:
    body = '{"data": [{"type": "model", "id": "claude-x", "max_tokens": 64000}], "has_more": false}'
    with answering({"/v1/models": (200, body)}) as running:
        anthropic = await fetch_catalog(running.url, ENDPOINT, Detected("anthropic", ""))
        openai = await fetch_catalog(running.url, ENDPOINT, Detected("openai", ""))
    assert (anthropic.cards[0].id, anthropic.cards[0].max_output, anthropic.complete) == (
        "claude-x",
        64_000,
        False,
    )
    first, second = (headers for _, headers in running.asked)
    assert (first["x-api-key"], first["anthropic-version"]) == ("sk-test", "2023-06-01")
    assert "anthropic-version" not in second
    assert second["authorization"] == "Bearer sk-test"
    assert openai.server == "openai"


async def test_html_with_status_200_is_recorded_as_a_refusal() -> None:
    catalog = await fetched({**OPEN_LISTS, "/model/info": (200, "<html>log in</html>")})
    assert catalog.source == "/model_group/info"
    assert "not a list" in catalog.refusals[0].says


def test_recorded_lists_are_read_without_a_network() -> None:
    told = [Told("/model/info", 200, parse(recorded("model_info.json")[1]))]
    assert len(catalog_of(told, "litellm").cards) == 12
