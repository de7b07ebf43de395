"""Model lists of any shape become cards: tiers exact, odd types unknown, nothing raises."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.catalog import Price
from tui.gateway.catalog import catalog_of
from tui.gateway.catalog_parse import from_group_info, from_model_info, from_models
from tui.gateway.lookup import Told, parse

PATHS = ["/model/info", "/model_group/info", "/v1/models?return_wildcard_routes=true"]
FIELDS = [
    "data", "model_name", "litellm_params", "model_info", "model", "id", "thinking", "mode", "providers",
    "model_group", "input_cost_per_token", "output_cost_per_token_above_200k_tokens", "max_input_tokens",
    "supports_vision", "litellm_provider", "custom_llm_provider", "base_model", "error", "message",
]  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
odd_json = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=30,
)
entries = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FIELDS, odd_json),
)


def info(**facts: Any) -> dict[str, Any]:
    return {
        "model_name": "m",
        "litellm_params": {"model": "openai/m"},
        "model_info": {"id": "d", "mode": "chat", **facts},
    }


@given(odd_json | st.fixed_dictionaries({"data": st.lists(entries | odd_json, max_size=4)}))
def test_no_answer_breaks_the_catalog(body: Any) -> None:
    text = json.dumps(body)
    for status in (200, 403):
        catalog_of([Told(path, status, parse(text), text) for path in PATHS], "litellm")


def test_tiers_are_read_exactly_and_in_order() -> None:
    text = json.dumps(
        {
            "data": [
                info(
                    input_cost_per_token=2e-06,
                    output_cost_per_token=1.2e-05,
                    output_cost_per_token_above_272k_tokens=4e-05,
                    input_cost_per_token_above_200k_tokens=4e-06,
                    cache_creation_input_token_cost_above_1hr_above_200k_tokens=8e-06,
                    input_cost_per_token_above_200k_tokens_priority=9,
                )
            ]
        }
    )
    price = from_model_info(parse(text))[0].price
    assert price == Price(
        input=Decimal("0.000002"),
        output=Decimal("0.000012"),
        above=(
            (200_000, Price(input=Decimal("0.000004"), cache_write_1h=Decimal("0.000008"))),
            (272_000, Price(output=Decimal("0.00004"))),
        ),
    )


@pytest.mark.parametrize("value", [None, True, "0.1", -1, 10**9, [], {}])
def test_a_price_that_is_none_stays_unknown(value: Any) -> None:
    card = from_model_info({"data": [info(input_cost_per_token=value)]})[0]
    assert card.price is None


def test_a_price_of_zero_is_free_and_not_unknown() -> None:
    price = from_model_info({"data": [info(input_cost_per_token=0, output_cost_per_token=0)]})[0].price
    assert price is not None
    assert price.known


@pytest.mark.parametrize(
    ("value", "count"), [(200000.0, 200_000), (8, 8), (0, None), (-5, None), (True, None), ("9", None)]
)
def test_limits_are_whole_positive_numbers(value: Any, count: int | None) -> None:
    text = json.dumps({"data": [info(max_input_tokens=value)]})
    assert from_model_info(parse(text))[0].context == count


@pytest.mark.parametrize(
    ("params", "facts", "vendor"),
    [
        ({"model": "anthropic/claude-opus-4-5"}, {}, "anthropic"),
        ({"model": "gpt-5.1"}, {"litellm_provider": "openai"}, "openai"),
        ({"model": "openai/x", "custom_llm_provider": "azure_ai"}, {"litellm_provider": "openai"}, "azure"),
        ({"model": "claude-opus-4-5"}, {"litellm_provider": "vertex_ai-anthropic_models"}, "vertex"),
        ({"model": "claude-opus-4-5"}, {}, "anthropic"),
        ({"model": "house"}, {}, None),
        ({"model": 7}, {"litellm_provider": {}}, None),
    ],
)
def test_the_vendor_is_taken_from_the_best_evidence(params: Any, facts: Any, vendor: str | None) -> None:
    body = {"data": [{"model_name": "m", "litellm_params": params, "model_info": facts}]}
    assert from_model_info(body)[0].deployments[0].vendor == vendor


def test_capabilities_of_a_model_the_proxy_does_not_know_are_unknown() -> None:
    unknown = from_model_info({"data": [info(mode=None, supports_vision=False)]})[0]
    known = from_model_info({"data": [info(supports_vision=False)]})[0]
    assert (unknown.supports["vision"], known.supports["vision"]) == (None, False)


def test_duplicate_deployments_are_listed_once_and_disagreement_is_unknown() -> None:
    body = {
        "data": [info(supports_vision=True), info(supports_vision=True), info(id="e", supports_vision=False)]
    }
    card = from_model_info(body)[0]
    assert [d.id for d in card.deployments] == ["d", "e"]
    assert card.supports["vision"] is None


def test_groups_and_names_are_read() -> None:
    group = from_group_info(
        {"data": [{"model_group": "g", "providers": ["openai", "azure", 3], "mode": "chat"}]}
    )[0]
    assert [d.vendor for d in group.deployments] == ["openai", "azure"]
    openai = from_models({"object": "list", "data": [{"id": "a", "max_output_tokens": 5}, {"id": ""}, {}]})
    assert [(c.id, c.max_output) for c in openai] == [("a", 5)]


@pytest.mark.parametrize(
    ("info", "params", "known"),
    [
        ({"input_cost_per_token": 0, "output_cost_per_token": 0, "mode": None}, {}, False),
        ({"input_cost_per_token": 0, "output_cost_per_token": 0, "mode": "chat"}, {}, True),
        ({"input_cost_per_token": 0, "output_cost_per_token": 0}, {"input_cost_per_token": 0}, True),
    ],
)
def test_a_zero_of_a_proxy_that_does_not_know_the_model_is_no_price(
    info: dict[str, Any], params: dict[str, Any], known: bool
) -> None:
    entry = {"model_name": "m", "model_info": info, "litellm_params": {"model": "xai/m", **params}}
    (card,) = from_model_info({"data": [entry]})
    assert (card.price is not None) == (card.deployments[0].price is not None) == known
    assert card.deployments[0].own_price == bool(params)
