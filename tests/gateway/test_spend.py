"""What a proxy tells of costs beside its answers: rows, lists and limits as it writes them, refusals kept."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.answering import answering
from tui.chat.catalog import Price, Refusal
from tui.gateway.client import Endpoint
from tui.gateway.price_cache import load_prices, save_prices
from tui.gateway.spend import fetch_key, fetch_log, fetch_prices
from tui.truth.lookups import PriceList

D = Decimal
ROWS = [
    {
        "request_id": "chatcmpl-1",
        "litellm_call_id": "call-1",
        "spend": 0.0125,
        "prompt_tokens": 1204,
        "completion_tokens": 18,
    }
]
LIST = {
    "claude-opus-4-5": {
        "input_cost_per_token": 5e-06,
        "output_cost_per_token": 2.5e-05,
        "input_cost_per_token_above_200k_tokens": 1e-05,
        "litellm_provider": "anthropic",
    },
    "sample_spec": {"mode": "chat"},
    "odd": 7,
}
INFO = {
    "key_alias": "mine",
    "spend": 0.25,
    "max_budget": None,
    "litellm_budget_table": {"max_budget": 2.0, "budget_duration": "30d"},
    "models": ["smart"],
    "rpm_limit": 60,
    "team_id": "t 1",
}
TEAM = {"team_alias": "ours", "spend": 7.5, "max_budget": 100.0}
REFUSED = {"error": {"message": "Database not connected.", "type": "internal_error"}}
KEY = Endpoint(key=lambda: "sk-own-key-123456789")


def said(body: Any, status: int = 200) -> tuple[int, str]:
    return status, json.dumps(body)


def spoil(directory: Path) -> None:
    for path in directory.iterdir():
        path.write_text("{", encoding="ascii")


async def test_a_row_is_found_by_the_call_id_or_else_by_the_answers_own() -> None:
    with answering({"/spend/logs": said(ROWS)}) as proxy:
        by_call = await fetch_log(proxy.url, KEY, ["call-1"])
        by_answer = await fetch_log(proxy.url, KEY, ["call-of-an-old-proxy", "chatcmpl-1"])
        absent = await fetch_log(proxy.url, KEY, ["other"])
    assert by_call.usd == by_answer.usd == D("0.0125")
    assert by_call.says == "/spend/logs: spend of the row for call-1 (1,204 in, 18 out)"
    assert absent.usd is None
    assert "no row for other yet" in absent.says


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_refusal_is_kept_with_its_reason(status: int) -> None:
    with answering({"/spend/logs": said(REFUSED, status), "/key/info": said(REFUSED, status)}) as proxy:
        row = await fetch_log(proxy.url, KEY, ["call-1"])
        info = await fetch_key(proxy.url, KEY)
    assert row.usd is None
    assert row.says == f"/spend/logs: {status}, Database not connected."
    assert info.allowances == ()
    assert info.refusals == (Refusal("/key/info", status, "Database not connected."),)


async def test_the_key_and_its_team_tell_what_they_may_spend_and_have() -> None:
    answers = {"/key/info": said({"key": "x", "info": INFO}), "/team/info": said({"team_info": TEAM})}
    with answering(answers) as proxy:
        key, team = (await fetch_key(proxy.url, KEY)).allowances
        assert [path for path, _ in proxy.asked] == ["/key/info", "/team/info"]
    assert (key.of, key.name, key.spend, key.budget, key.period) == ("key", "mine", D("0.25"), D(2), "30d")
    assert (key.models, key.rpm, key.tpm) == (("smart",), 60, None)
    assert (team.of, team.name, team.spend, team.budget) == ("team", "ours", D("7.5"), D(100))


async def test_a_team_that_is_not_told_leaves_the_key() -> None:
    with answering({"/key/info": said({"info": INFO}), "/team/info": said(REFUSED, 403)}) as proxy:
        info = await fetch_key(proxy.url, KEY)
    assert [a.of for a in info.allowances] == ["key"]
    assert [(r.path, r.status) for r in info.refusals] == [("/team/info", 403)]


async def test_the_price_list_is_read_without_the_key_and_kept_by_version(tmp_path: Path) -> None:
    with answering({"/public/litellm_model_cost_map": said(LIST)}) as proxy:
        listed = await fetch_prices(proxy.url, KEY, frozenset({"deployment"}), "1.106.2")
        mixed = await fetch_prices(proxy.url, KEY, frozenset({"claude-opus-4-5"}), "1.80.10")
        assert all("authorization" not in headers for _, headers in proxy.asked)
    assert isinstance(listed, PriceList)
    assert isinstance(mixed, PriceList)
    assert (listed.as_loaded, mixed.as_loaded) == (True, False)
    price = Price(D("5e-06"), D("2.5e-05"), above=((200_000, Price(D("1e-05"))),))
    assert listed.prices == {"claude-opus-4-5": price}
    save_prices(tmp_path, proxy.url, listed)
    assert load_prices(tmp_path, proxy.url, "1.106.2") == listed
    assert load_prices(tmp_path, proxy.url, "1.106.3") is None
    spoil(tmp_path)
    assert load_prices(tmp_path, proxy.url, "1.106.2") is None


async def test_an_answer_that_is_no_price_list_is_a_refusal() -> None:
    with answering({"/public/litellm_model_cost_map": (200, "<html>login</html>")}) as proxy:
        told = await fetch_prices(proxy.url, KEY, frozenset())
    assert told == Refusal("/public/litellm_model_cost_map", 200, "the answer is not a price list")
