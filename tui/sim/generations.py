"""The simulated vendors' own table of models: what each generation accepts and costs.

Figures are plausible, not promises; the program under test has a table of its own and must not
share this one, else a mistake in it would go unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Vendor = Literal["anthropic", "openai", "gemini", "xai", "deepseek"]
ThinkingType = Literal["enabled", "adaptive", "disabled", "between_tools"]

_DECORATION = re.compile(
    r"^(?:(?:anthropic|bedrock|vertex_ai|openai|gemini|xai|deepseek)/)?(?:converse/|responses/)?"
    r"(?:[a-z]{2,6}\.)?(?:anthropic\.)?(?P<core>.*?)"
    r"(?:[-@]20\d{6})?(?:-v\d+(?::\d+)?)?(?:-latest)?$"
)


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per token; cache rates None where the vendor has none."""

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None


def _claude_rates(input_per_million: str, output_per_million: str) -> Rates:
    base = Decimal(input_per_million) / 1_000_000
    return Rates(
        input=base,
        output=Decimal(output_per_million) / 1_000_000,
        cache_read=base / 10,
        cache_write=base * 5 / 4,
        cache_write_1h=base * 2,
    )


def _rates(input_per_million: str, output_per_million: str, cached_per_million: str) -> Rates:
    million = 1_000_000
    return Rates(
        Decimal(input_per_million) / million,
        Decimal(output_per_million) / million,
        Decimal(cached_per_million) / million,
    )


@dataclass(frozen=True, slots=True)
class Generation:
    """What all ids of one model generation have in common."""

    name: str
    """Canonical id without vendor prefix, date or platform spelling."""
    vendor: Vendor
    rates: Rates | None
    thinking: frozenset[ThinkingType] = frozenset()
    """Values of ``thinking.type`` the vendor takes; empty where the vendor has no such field."""
    thinks_by_default: bool = False
    omits_text: bool = False
    """Without ``thinking.display`` the thinking text is empty."""
    prefix_bound: bool = False
    """Each thinking block is bound to system, tools and all earlier messages."""
    free_sampling: bool = True
    """Takes temperature, top_p and top_k other than the default."""
    prefill: bool = True
    """Takes a request whose last message is the assistant's."""
    forced_tools: bool = True
    """Takes tool_choice ``any`` and ``tool`` at all."""
    system_messages: bool = False
    """Takes role ``system`` inside messages."""
    interleaves: Literal["always", "beta", "never"] = "never"
    efforts: tuple[str, ...] = ()
    max_output: int = 64_000
    context: int = 200_000
    chat_tools: bool = True
    """Takes tools on ``/v1/chat/completions`` while it reasons."""
    reasons: bool = True
    vision: bool = True
    """Sees images."""
    pdf: bool = True
    """Reads PDFs."""


_ALL_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def _manual(name: str, rates: Rates, *, efforts: tuple[str, ...] = (), beta: bool = True) -> Generation:
    return Generation(
        name,
        "anthropic",
        rates,
        thinking=frozenset({"enabled", "disabled"}),
        interleaves="beta" if beta else "never",
        efforts=efforts,
    )


def _adaptive(
    name: str,
    rates: Rates,
    *extra: ThinkingType,
    efforts: tuple[str, ...] = _ALL_EFFORTS,
    default: bool = False,
    omits: bool = True,
    bound: bool = False,
    free_sampling: bool = False,
    context: int = 1_000_000,
) -> Generation:
    return Generation(
        name,
        "anthropic",
        rates,
        thinking=frozenset({"adaptive", *extra}),
        thinks_by_default=default,
        omits_text=omits,
        prefix_bound=bound,
        free_sampling=free_sampling,
        prefill=False,
        forced_tools=not bound and name != "claude-mythos-preview",
        system_messages=not name.endswith(("-4-6", "-4-7")),
        interleaves="always",
        efforts=efforts,
        max_output=128_000,
        context=context,
    )


def _deepseek(name: str, *, reasons: bool = True) -> Generation:
    rates = _rates("0.28", "0.42", "0.028")
    return Generation(name, "deepseek", rates, context=131_072, reasons=reasons, vision=False, pdf=False)


_OPUS = _claude_rates("5", "25")
_SONNET = _claude_rates("3", "15")
_HAIKU = _claude_rates("1", "5")
_FABLE = _claude_rates("8", "40")
_NO_XHIGH = ("low", "medium", "high", "max")

_TABLE: tuple[Generation, ...] = (
    _manual("claude-opus-4-1", _claude_rates("15", "75")),
    _manual("claude-haiku-4-5", _HAIKU, beta=False),
    _manual("claude-sonnet-4-5", _SONNET),
    _manual("claude-opus-4-5", _OPUS, efforts=("low", "medium", "high")),
    _adaptive(
        "claude-opus-4-6", _OPUS, "enabled", "disabled", efforts=_NO_XHIGH, omits=False, free_sampling=True
    ),
    _adaptive(
        "claude-sonnet-4-6",
        _SONNET,
        "enabled",
        "disabled",
        efforts=_NO_XHIGH,
        omits=False,
        free_sampling=True,
    ),
    _adaptive("claude-opus-4-7", _OPUS, "disabled"),
    _adaptive("claude-opus-4-8", _OPUS, "disabled"),
    _adaptive("claude-sonnet-5", _SONNET, "disabled", default=True),
    _adaptive("claude-opus-5", _OPUS, "disabled", default=True),
    _adaptive("claude-mythos-preview", _FABLE, "enabled", default=True),
    _adaptive("claude-mythos-5", _FABLE, default=True),
    _adaptive("claude-fable-5", _FABLE, default=True),
    _adaptive("claude-mythos-5-1", _FABLE, default=True),
    _adaptive("claude-sonnet-5-5", _SONNET, "between_tools", default=True, bound=True),
    _adaptive("claude-opus-5-5", _OPUS, default=True, bound=True),
    _adaptive("claude-fable-5-1", _FABLE, default=True, bound=True),
    Generation(
        "gpt-5.1",
        "openai",
        _rates("1.25", "10", "0.125"),
        efforts=("none", "low", "medium", "high"),
        max_output=128_000,
        context=400_000,
    ),
    Generation(
        "gpt-5.5",
        "openai",
        _rates("2.5", "15", "0.25"),
        efforts=("none", "low", "medium", "high", "xhigh"),
        max_output=128_000,
        context=400_000,
        chat_tools=False,
    ),
    Generation(
        "gemini-3-pro-preview",
        "gemini",
        _rates("2", "12", "0.2"),
        efforts=("low", "high"),
        max_output=65_536,
        context=1_048_576,
    ),
    Generation("grok-4", "xai", _rates("3", "15", "0.75"), context=256_000, pdf=False),
    Generation("grok-unpriced", "xai", None, context=256_000, pdf=False),
    _deepseek("deepseek-reasoner"),
    _deepseek("deepseek-chat", reasons=False),
)

GENERATIONS: dict[str, Generation] = {g.name: g for g in _TABLE}
"""Every generation by its canonical name."""


def canonical(model: str) -> str:
    """The generation's name in an id with vendor prefix, date, Bedrock or Vertex spelling."""
    found = _DECORATION.match(model.strip())
    return found["core"] if found else model


def generation_of(model: str) -> Generation | None:
    """The generation an id in any spelling belongs to; None when no vendor here knows it."""
    return GENERATIONS.get(canonical(model))
