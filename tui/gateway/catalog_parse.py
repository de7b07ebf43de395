"""Model lists of a server, in all their shapes, as model cards; odd values become None, never an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from tui.chat.catalog import Deployment, ModelCard, Price
from tui.chat.parts import Json
from tui.generations import family_vendor, prefix_vendor, vendor_named

_T = TypeVar("_T")

_BUCKETS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
}
_TIER = re.compile(rf"^({'|'.join(_BUCKETS)})_above_(\d{{1,6}})k_tokens$")
_CAPABILITIES = {
    "supports_reasoning": "reasoning",
    "supports_vision": "vision",
    "supports_function_calling": "tools",
    "supports_parallel_function_calling": "parallel",
    "supports_tool_choice": "forced",
    "supports_assistant_prefill": "prefill",
    "supports_prompt_caching": "caching",
    "supports_pdf_input": "pdf",
    "supports_response_schema": "schema",
    "supports_native_structured_output": "native_schema",
}
_DEAREST = Decimal(1000)
"""US dollars per token; above it a figure is nonsense."""


def from_model_info(body: Json) -> tuple[ModelCard, ...]:
    """Cards of ``/model/info``: one entry is one deployment, entries of one name are one group."""
    cards = [_card_of_deployment(e) for e in _entries(body) if _word(e.get("model_name"))]
    shared = wildcard_deployments(cards)
    groups: dict[str, list[ModelCard]] = {}
    for card in cards:
        groups.setdefault(card.id, []).append(_unpriced(card) if card.deployments[0].id in shared else card)
    return tuple(_merged(_without_wildcards(group, shared)) for group in groups.values())


def wildcard_deployments(cards: Iterable[ModelCard]) -> frozenset[str]:
    """Ids of deployments that stand behind several upstream models: a wildcard, listed model by model."""
    seen: dict[str, set[str]] = {}
    for card in cards:
        for deployment in card.deployments:
            if deployment.id and deployment.upstream:
                seen.setdefault(deployment.id, set()).add(deployment.upstream)
    return frozenset(
        id for id, upstreams in seen.items() if len(upstreams) > 1 or "*" in next(iter(upstreams))
    )


def from_group_info(body: Json) -> tuple[ModelCard, ...]:
    """Cards of ``/model_group/info``, which names vendors but no upstream models."""
    cards: dict[str, ModelCard] = {}
    for entry in _entries(body):
        name = _word(entry.get("model_group"))
        if name is None:
            continue
        providers = entry.get("providers")
        words = [p for p in providers if isinstance(p, str)] if isinstance(providers, list) else []
        vendors = dict.fromkeys(v for v in map(vendor_named, words) if v)
        card = _facts(name, entry)
        cards[name] = replace(card, deployments=tuple(Deployment(None, None, v) for v in vendors))
    return tuple(cards.values())


def from_models(body: Json) -> tuple[ModelCard, ...]:
    """Cards of ``/v1/models`` in OpenAI's or Anthropic's shape: names, sometimes limits."""
    cards: dict[str, ModelCard] = {}
    for entry in _entries(body):
        name = _word(entry.get("id"))
        if name is None:
            continue
        anthropic = entry.get("type") == "model"
        most = entry.get("max_tokens") if anthropic else entry.get("max_output_tokens")
        cards[name] = ModelCard(
            name,
            mode=_word(entry.get("mode")),
            context=_count(entry.get("max_input_tokens")),
            max_output=_count(most),
        )
    return tuple(cards.values())


def _entries(body: Json) -> Iterator[dict[str, Json]]:
    data = body.get("data") if isinstance(body, dict) else None
    if isinstance(data, list):
        yield from (entry for entry in data if isinstance(entry, dict))


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _word(value: Json) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _names(value: Json) -> tuple[str, ...]:
    return tuple(filter(None, map(_word, value))) if isinstance(value, list) else ()


def _count(value: Json) -> int | None:
    """A positive whole number; the proxy writes some with a decimal point."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return int(value) if 0 < value < 10**12 else None


def _dollars(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value) if 0 <= value < _DEAREST else None


def price_told(facts: dict[str, Json], *, own: bool = False) -> Price | None:
    """The prices an entry tells; None when it tells none, so that unknown never looks free.

    Older proxies price a model they do not know, which then has no mode, at 0; one that is somebody's
    ``own`` price is meant so.
    """
    tiers: dict[int, dict[str, Decimal]] = {}
    for key, value in facts.items():
        found, dollars = _TIER.match(key), _dollars(value)
        if found and dollars is not None:
            tiers.setdefault(int(found[2]) * 1000, {})[_BUCKETS[found[1]]] = dollars
    base: dict[str, Any] = {field: _dollars(facts.get(key)) for key, field in _BUCKETS.items()}
    if not tiers and all(value is None for value in base.values()):
        return None
    if not own and facts.get("mode") is None and not tiers and not any(base.values()):
        return None
    above = tuple((tokens, _bucket_price(tiers[tokens])) for tokens in sorted(tiers))
    return Price(**base, above=above)


def _bucket_price(dollars: dict[str, Decimal]) -> Price:
    return Price(**dollars)  # type: ignore[arg-type]  # keys are the fields named in _BUCKETS


def _facts(name: str, facts: dict[str, Json]) -> ModelCard:
    mode = _word(facts.get("mode"))
    supports: dict[str, bool | None] = {}
    for key, capability in _CAPABILITIES.items():
        value = facts.get(key)
        # Of a model it does not know the proxy says false where it means unknown.
        told = isinstance(value, bool) and (value or mode is not None)
        supports[capability] = value if told else None
    return ModelCard(
        name,
        mode=mode,
        context=_count(facts.get("max_input_tokens")),
        max_output=_count(facts.get("max_output_tokens")),
        price=price_told(facts),
        supports=supports,
    )


def _card_of_deployment(entry: dict[str, Json]) -> ModelCard:
    params, info = _object(entry.get("litellm_params")), _object(entry.get("model_info"))
    own = any(_dollars(params.get(key)) is not None for key in _BUCKETS)
    card = replace(_facts(entry["model_name"], info), price=price_told(info, own=own))
    upstream = _word(params.get("model"))
    deployment = Deployment(
        id=_word(info.get("id")),
        upstream=upstream,
        vendor=_vendor(upstream, params.get("custom_llm_provider"), info.get("litellm_provider")),
        api_base=_word(params.get("api_base")),
        thinking=_floats(params.get("thinking")),
        price=card.price,
        own_price=own,
        base=_word(info.get("base_model")) or _word(params.get("base_model")),
        drops=_names(params.get("additional_drop_params")),
    )
    return replace(card, deployments=(deployment,))


def _vendor(upstream: str | None, *provider_words: Json) -> str | None:
    """Who runs ``upstream``: the configured provider, else its prefix, the proxy's guess, its family."""
    override, guess = (vendor_named(w) if isinstance(w, str) else None for w in provider_words)
    if override:
        return override
    family = family_vendor(upstream) if upstream else None
    return (
        (prefix_vendor(upstream) if upstream else None) or guess or (None if family == "unknown" else family)
    )


def _floats(value: Json) -> Json:
    """A JSON value with ordinary numbers again."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_floats(item) for item in value]
    if isinstance(value, dict):
        return {key: _floats(item) for key, item in value.items()}
    return value


def _unpriced(card: ModelCard) -> ModelCard:
    """``card`` without a price at its deployment, whose id says nothing about the model it serves."""
    return replace(card, deployments=tuple(replace(d, price=None) for d in card.deployments))


def _without_wildcards(cards: list[ModelCard], shared: frozenset[str]) -> list[ModelCard]:
    """A name with deployments of its own is never served by the wildcard that would also cover it."""
    own = [card for card in cards if card.deployments[0].id not in shared]
    return own or cards


def _merged(cards: list[ModelCard]) -> ModelCard:
    """The group of several deployments: what they agree on, and the smaller limits."""
    deployments = tuple(dict.fromkeys((d.id, d.upstream) for c in cards for d in c.deployments))
    kept = [next(d for c in cards for d in c.deployments if (d.id, d.upstream) == key) for key in deployments]
    first = cards[0]
    return ModelCard(
        first.id,
        tuple(kept),
        mode=first.mode,
        context=min((c.context for c in cards if c.context), default=None),
        max_output=min((c.max_output for c in cards if c.max_output), default=None),
        price=_agreed([c.price for c in cards]),
        supports={name: _agreed([c.supports.get(name) for c in cards]) for name in first.supports},
    )


def _agreed(values: list[_T | None]) -> _T | None:
    return values[0] if all(value == values[0] for value in values) else None
