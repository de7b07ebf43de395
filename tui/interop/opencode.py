"""opencode's ``opencode.json``: one provider a wire format, the models sorted onto them by the resolver.

opencode fills ``{env:NAME}`` and ``{file:PATH}`` in over the file's raw text before it reads the JSON,
so an opening brace inside a string is written as an escape, except in the one reference that is ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui.chat.catalog import Price
from tui.chat.parts import Dialect, Json
from tui.interop.offer import Model, Offer, Written, first_of, names, split

_MILLION = 1_000_000
_WIDTH = 90
_LONG_CONTEXT = 200_000
"""The one long-context tier opencode's file knows."""
_BRIDGED_EFFORT = "medium"
"""What the vendor takes by itself, said aloud where tools are taken only beside an effort."""
_ENCRYPTED: Json = ["reasoning.encrypted_content"]
_OFFERED: dict[Dialect, tuple[str, ...]] = {
    "messages": ("low", "medium", "high", "xhigh", "max"),
    "chat": ("low", "medium", "high"),
    "responses": ("none", "minimal", "low", "medium", "high", "xhigh"),
}
"""Variants opencode makes up from a model's name; those the model does not take are switched off."""
_OBJECT_MEMBERS = frozenset(
    {
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
"""Names every JavaScript object has; opencode looks models up in one and falls over them."""


@dataclass(frozen=True, slots=True)
class _Provider:
    id: str
    package: str
    name: str


_PROVIDERS: dict[Dialect, _Provider] = {
    "messages": _Provider("litellm-anthropic", "@ai-sdk/anthropic", "LiteLLM, Anthropic format"),
    "chat": _Provider("litellm", "@ai-sdk/openai-compatible", "LiteLLM"),
    "responses": _Provider("litellm-responses", "@ai-sdk/openai", "LiteLLM, Responses format"),
}


@dataclass(frozen=True, slots=True)
class _Reference:
    """Text opencode shall fill in."""

    text: str


def write(offer: Offer) -> Written:
    """The whole file as JSON; UsageError when no model or not the one asked for can be used."""
    why = "opencode fails on a model of that name"
    usable, remarks = split(offer.models, lambda model: model.id not in _OBJECT_MEMBERS, why)
    chosen = first_of(offer, usable, "opencode", why)
    providers: dict[str, object] = {}
    for dialect, provider in _PROVIDERS.items():
        own = [model for model in usable if model.route.dialect == dialect]
        if own:
            providers[provider.id] = _provider(provider, own, offer)
    config = {
        "$schema": "https://opencode.ai/config.json",
        "model": f"{_PROVIDERS[chosen.route.dialect].id}/{chosen.id}",
        "provider": providers,
    }
    unpriced = [model.id for model in usable if model.route.price is None or not model.route.price.known]
    priced = (f"without a price here, shown as free by opencode: {names(unpriced)}",) if unpriced else ()
    where = "put it into opencode.json of a project or of ~/.config/opencode, or name it in OPENCODE_CONFIG"
    return Written(_json(config) + "\n", (where, *priced, *remarks, *offer.left_out))


def _provider(provider: _Provider, models: Sequence[Model], offer: Offer) -> dict[str, object]:
    return {
        "npm": provider.package,
        "name": provider.name,
        "options": {
            # All three of these packages append a bare path: /messages, /chat/completions, /responses.
            "baseURL": offer.openai_base,
            "apiKey": _Reference(f"{{env:{offer.key_variable}}}"),
        },
        "models": {model.id: _model(model) for model in models},
    }


def _model(model: Model) -> dict[str, object]:
    route = model.route
    accepts = route.accepts
    entry: dict[str, object] = {"reasoning": model.reasons, "temperature": accepts.sampling}
    if accepts.tools is not None:
        entry["tool_call"] = accepts.tools
    media = [kind for kind, taken in (("image", accepts.vision), ("pdf", accepts.pdf)) if taken]
    if accepts.vision is not None or accepts.pdf is not None:
        entry["attachment"] = bool(media)
        entry["modalities"] = {"input": ["text", *media], "output": ["text"]}
    if route.context or route.max_output:
        # Both or none; to opencode zero is what is not known.
        entry["limit"] = {"context": route.context or 0, "output": route.max_output or 0}
    if route.price is not None and route.price.known:
        entry["cost"] = _cost(route.price)
    if route.dialect == "chat" and accepts.returns_reasoning:
        entry["interleaved"] = {"field": "reasoning_content"}
    told = {"options": _options(model), "variants": _variants(model)}
    return entry | {name: value for name, value in told.items() if value}


def _options(model: Model) -> dict[str, object]:
    """What opencode sends for a model whose name it knows, said for one whose name tells it nothing."""
    accepts = model.route.accepts
    if model.route.dialect == "messages" and accepts.prefix_bound:
        # opencode shortens old tool results, after which these models refuse every later sealed block.
        return {
            "thinking": {"type": "adaptive", "blockBinding": {"prefixMismatchBehavior": "drop_block"}},
        }
    if model.route.dialect == "chat" and accepts.effort_with_tools:
        return {"reasoningEffort": _BRIDGED_EFFORT}
    if model.route.dialect == "responses" and model.reasons:
        return {"include": _ENCRYPTED, "reasoningSummary": "auto"}
    return {}


def _variants(model: Model) -> dict[str, object]:
    """A variant for each effort the model takes, none for the others."""
    accepts, dialect = model.route.accepts, model.route.dialect
    if not model.reasons or (dialect == "messages" and "adaptive" not in accepts.thinking):
        # With a budget opencode's own two variants are right.
        return {}
    variants: dict[str, object] = {effort: _variant(effort, dialect) for effort in accepts.efforts}
    off = [effort for effort in _OFFERED[dialect] if effort not in accepts.efforts]
    return {**variants, **{effort: {"disabled": True} for effort in off}}


def _variant(effort: str, dialect: Dialect) -> dict[str, object]:
    if dialect == "messages":
        return {"thinking": {"type": "adaptive", "display": "summarized"}, "effort": effort}
    if dialect == "chat":
        return {"reasoningEffort": effort}
    return {"reasoningEffort": effort, "reasoningSummary": "auto", "include": _ENCRYPTED}


def _cost(price: Price) -> dict[str, object]:
    """US dollars a million tokens."""
    cost: dict[str, object] = dict(_buckets(price))
    long = next((tier for tokens, tier in price.above if tokens == _LONG_CONTEXT), None)
    if long is not None and long.known:
        cost["context_over_200k"] = _buckets(long)
    return cost


def _buckets(price: Price) -> Mapping[str, float]:
    told: dict[str, Decimal | None] = {
        "input": price.input,
        "output": price.output,
        "cache_read": price.cache_read,
        "cache_write": price.cache_write_5m,
    }
    return {name: float(dollars * _MILLION) for name, dollars in told.items() if dollars is not None}


def _json(value: object, indent: str = "") -> str:
    """``value`` as JSON in ASCII, indented, in which opencode finds nothing to fill in but references."""
    if isinstance(value, dict) and value:
        deeper = indent + "  "
        pairs = [f"{_json(key)}: {_json(child, deeper)}" for key, child in value.items()]
        line = "{" + ", ".join(pairs) + "}"
        if len(indent) + len(line) <= _WIDTH and "\n" not in line:
            return line
        return "{\n" + ",\n".join(deeper + pair for pair in pairs) + f"\n{indent}}}"
    if isinstance(value, _Reference):
        return json.dumps(value.text)
    text = json.dumps(value)
    return text.replace("{", "\\u007b") if isinstance(value, str) else text
