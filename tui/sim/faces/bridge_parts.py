"""What every translation of the simulated proxy's chat bridge yields, and the small things they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, TypeAlias

from tui.sim.refusal import Broken, Page, Refusal
from tui.sim.state import Exchange
from tui.sim.transport import JsonReply, Reply, StreamReply

SEPARATOR = "__thought__"
"""Stands in a tool call id between the id and Gemini's signature."""


_PROXY_WORDS = (
    "allowed_openai_params",
    "cache",
    "disable_fallbacks",
    "drop_params",
    "fallbacks",
    "litellm_metadata",
    "mock_response",
    "num_retries",
    "tags",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The vendor began to answer; ``id`` becomes the id of all chunks."""

    id: str
    extra: dict[str, Any]
    """Fields every chunk repeats, such as ``service_tier``."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Some more of the message, or its end when ``finish`` is given."""

    fields: dict[str, Any]
    finish: str | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """The usage in the chat dialect's words, and in those of the bill (Anthropic's)."""

    usage: dict[str, Any]
    billed: dict[str, Any]


Bit: TypeAlias = Opening | Delta | Spent
Bits: TypeAlias = AsyncIterator[Bit]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole answer, translated."""

    opening: Opening
    message: dict[str, Any]
    finish: str
    spent: Spent


async def recorded(exchange: Exchange, answering: Awaitable[Reply]) -> Reply:
    """Call a vendor in this process and note in its exchange what became of it."""
    try:
        reply = await answering
    except Refusal as refusal:
        exchange.outcome, exchange.status = f"refused: {refusal}", refusal.status
        raise
    except Broken:
        exchange.outcome = "cut"
        raise
    except Page:
        exchange.outcome, exchange.status = "answered", 200
        raise
    exchange.outcome, exchange.status = "answered", 200
    return reply


def streamed(reply: Reply) -> StreamReply:
    """The reply of a vendor that was asked to stream."""
    assert isinstance(reply, StreamReply)
    return reply


def whole(reply: Reply) -> dict[str, Any]:
    """The body of a vendor that was asked for a whole answer."""
    assert isinstance(reply, JsonReply)
    assert isinstance(reply.body, dict)
    return reply.body


def own_words(body: dict[str, Any]) -> dict[str, Any]:
    """The request without what is meant for the proxy itself."""
    return {key: value for key, value in body.items() if key not in _PROXY_WORDS}


def bare_id(id: str) -> str:
    """A tool call id without the signature the proxy packed into it."""
    return id.partition(SEPARATOR)[0]


def spent_openai(usage: dict[str, Any]) -> Spent:
    """The usage of a vendor of the chat dialect, whose prompt tokens include what was cached."""
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    return Spent(usage, billed(usage["prompt_tokens"] - cached, usage["completion_tokens"], cached))


def billed(input: int, output: int, cache_read: int) -> dict[str, Any]:
    """Tokens that do not overlap, in the words of the bill."""
    return {"input_tokens": input, "output_tokens": output, "cache_read_input_tokens": cache_read}
