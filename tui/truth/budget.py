"""What the next call may cost, and whether that may break a limit; before it is made, so an estimate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui import pricing
from tui.chat.budget import SCOPES, Budget, Scope
from tui.chat.catalog import Price
from tui.chat.conversation import Conversation
from tui.chat.events import Overrun
from tui.chat.media import PDF
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Document, Image, Part, Reasoning, Text, ToolCall
from tui.chat.route import Route
from tui.chat.settings import Settings, ToolSpec
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.wire.image_header import encoded, image_size

RECENT = 5
"""Answers of the model whose length says how long the next may be."""
FIRST_OUTPUT = 1_000
"""Tokens of an answer when nothing is known of how long they are."""
PIXELS_PER_TOKEN = 750
MOST_OF_IMAGE = 1_600
"""Tokens: vendors make larger images smaller; also taken where the size cannot be read."""
TOKENS_PER_PAGE = 2_500
UNCOUNTED_PAGES = 20
"""Of a PDF that does not tell how many it has."""
CACHED_S = {"off": 300.0, "5m": 300.0, "1h": 3600.0}
"""How long what was cached can still be read; vendors that cache by themselves do so for some minutes."""
AGAIN = Decimal("0.2")
"""Share of a limit that may be spent beyond it after a yes, before it is asked again."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a call may cost."""

    cost: Cost
    assumes: str
    """What it rests on, or why it is unknown."""


@dataclass(frozen=True, slots=True)
class _Input:
    tokens: int
    cached: int
    writes: str
    """The bucket of a usage in which what is not cached is counted."""


def estimate(
    conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec], now: float
) -> Estimate:
    """The cost of the next request of ``conversation``, at the route's price; ``now`` is Unix time."""
    going_in = _input(conversation, settings, tools, now)
    out, why = _output(conversation, route, settings)
    cached = f", {going_in.cached:,} of them cached" if going_in.cached else ""
    says = f"~{going_in.tokens:,} tokens in{cached}, {out:,} out ({why})"
    usage = Usage(input=0, cache_read=going_in.cached, output=out)
    usage = usage + Usage(**{going_in.writes: going_in.tokens - going_in.cached})
    usd = pricing.computed(usage, route.price)
    if usd is None:
        return Estimate(UNKNOWN_COST, f"no price is known for {route.requested}; {says}")
    return Estimate(Cost(usd, "estimated"), says)


def estimate_again(cost: Cost, usage: Usage | None, price: Price | None) -> Estimate:
    """The cost of a request that was made before: as then, else its tokens at the route's price."""
    if cost.usd is not None and not cost.at_least:
        return Estimate(Cost(cost.usd, "estimated"), "as much as the first time")
    usd = pricing.computed(usage, price)
    if usd is None:
        return Estimate(UNKNOWN_COST, "what it cost the first time is not known")
    return Estimate(Cost(usd, "estimated"), "the tokens of the first time at the present price")


def overrun(
    limits: Budget, spent: Mapping[Scope, Cost], next_call: Estimate, allowed: Mapping[Scope, Decimal]
) -> Overrun | None:
    """The narrowest limit the next call may break; None when it may go out.

    ``allowed`` is up to where a person said yes before. Without an estimate a limit counts as broken
    only once it is reached; what was spent without a figure is not known to break any.
    """
    for scope in SCOPES:
        limit = limits.limit(scope)
        if limit is None:
            continue
        ceiling = max(limit, allowed.get(scope, limit))
        before = spent[scope].usd or Decimal(0)
        price = next_call.cost.usd
        if before >= ceiling if price is None else before + price > ceiling:
            return Overrun(scope, limit, spent[scope], next_call.cost, next_call.assumes)
    return None


def allowance(found: Overrun) -> Decimal:
    """Up to which sum a yes holds: this call, and a fifth of the limit beyond it."""
    spent, call = found.spent.usd or Decimal(0), found.estimate.usd or Decimal(0)
    return max(spent + call, found.limit) + found.limit * AGAIN


def raised(found: Overrun) -> Decimal:
    """A round limit with room for this call and half as much again: 1, 2 or 5 times a power of ten."""
    needed = (found.spent.usd or Decimal(0)) + (found.estimate.usd or Decimal(0))
    wanted = Decimal("1.5") * max(found.limit, needed)
    power = Decimal(1).scaleb(wanted.adjusted())
    return next(times * power for times in (1, 2, 5, 10) if times * power >= wanted)


def _input(conversation: Conversation, settings: Settings, tools: Sequence[ToolSpec], now: float) -> _Input:
    """What the last counted answer told, and what was said since, by its length."""
    new = 0
    for message in reversed(conversation.messages):
        usage = message.usage if isinstance(message, AssistantMessage) else None
        told = None if usage is None else usage.input_total
        if usage is None or told is None:
            new += _size(message)
            continue
        before = told + (usage.output or 0)
        writes = (
            "cache_write_1h"
            if usage.cache_write_1h
            else "cache_write_5m"
            if usage.cache_write_5m
            else "input"
        )
        kept = sum(part or 0 for part in (usage.cache_read, usage.cache_write_5m, usage.cache_write_1h))
        fresh = now - message.at <= CACHED_S[settings.cache]
        return _Input(before + new, kept if fresh else 0, writes)
    told_first = len(conversation.system or "") + sum(
        len(spec.name) + len(spec.description) + len(json.dumps(spec.schema)) for spec in tools
    )
    return _Input(new + told_first // pricing.CHARS_PER_TOKEN, 0, "input")


def _output(conversation: Conversation, route: Route, settings: Settings) -> tuple[int, str]:
    """How many tokens the answer may have, and why."""
    recent = list(_recent(conversation, route.generation))
    cap = settings.max_tokens
    if recent:
        longest = max(recent)
        if cap is not None and cap <= longest:
            return cap, "max_tokens"
        return longest, f"the longest of its last {len(recent)}" if len(recent) > 1 else "as its last answer"
    if cap is not None:
        return cap, "max_tokens, for it has not answered yet"
    return FIRST_OUTPUT, "a guess, for it has not answered yet"


def _recent(conversation: Conversation, model: str) -> Iterator[int]:
    found = 0
    for message in reversed(conversation.messages):
        if found == RECENT:
            return
        if not isinstance(message, AssistantMessage) or message.origin.model != model:
            continue
        if message.usage is not None and message.usage.output is not None:
            found += 1
            yield message.usage.output


def _size(message: Message) -> int:
    """Tokens of a message nobody counted."""
    parts: list[Part] = []
    match message:
        case UserMessage() | AssistantMessage():
            parts += message.parts
        case ToolMessage():
            for result in message.results:
                parts += result.parts
    return sum(map(_part_size, parts))


def _part_size(part: Part) -> int:
    match part:
        case Text(text=text) | Reasoning(text=text):
            return -(-len(text) // pricing.CHARS_PER_TOKEN)
        case ToolCall():
            return -(-(len(part.name) + len(part.arguments)) // pricing.CHARS_PER_TOKEN)
        case Image():
            return _image_size(part)
        case Document():
            if part.media_type == PDF:
                return (part.pages or UNCOUNTED_PAGES) * TOKENS_PER_PAGE
            return len(part.data) * 3 // 4 // pricing.CHARS_PER_TOKEN
    return 0


def _image_size(image: Image) -> int:
    try:
        width, height = image_size(encoded(image.data))
    except ValueError:
        return MOST_OF_IMAGE
    return min(width * height // PIXELS_PER_TOKEN + 1, MOST_OF_IMAGE)
