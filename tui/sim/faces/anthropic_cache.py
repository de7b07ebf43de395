"""Prompt caching of the simulated Anthropic: which part of a request was seen before, in tokens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tui.sim.faces.anthropic_media import media_of
from tui.sim.faces.anthropic_request import Request, block_fingerprint
from tui.sim.pace import count_tokens
from tui.sim.state import SimState

MINIMUM_TOKENS = 64
_TTL_SECONDS = {"5m": 300.0, "1h": 3600.0}


@dataclass(frozen=True, slots=True)
class Input:
    """The input of a request in tokens, in disjoint buckets."""

    fresh: int
    cache_read: int = 0
    write_5m: int = 0
    write_1h: int = 0

    @property
    def usage(self) -> dict[str, Any]:
        """The buckets in the vendor's words; ``input_tokens`` excludes the cache."""
        return {
            "input_tokens": self.fresh,
            "cache_creation_input_tokens": self.write_5m + self.write_1h,
            "cache_read_input_tokens": self.cache_read,
        }

    @property
    def writes(self) -> dict[str, int]:
        """The cache writes by time to live, as only ``message_start`` tells them."""
        return {"ephemeral_5m_input_tokens": self.write_5m, "ephemeral_1h_input_tokens": self.write_1h}


@dataclass(frozen=True, slots=True)
class _Segment:
    tokens: int
    """Tokens up to and with this block."""
    key: str
    """Hash of everything up to and with this block."""
    ttl: str | None
    """Time to live of a cache mark on it."""


def total_tokens(request: Request) -> int:
    """The whole input in tokens, cached or not."""
    return list(_segments(request))[-1].tokens


def charge(request: Request, state: SimState) -> Input:
    """Count the input, read what the cache holds of it and write what its marks ask for."""
    segments = list(_segments(request))
    total = segments[-1].tokens
    marked = [i for i, s in enumerate(segments) if s.ttl and s.tokens >= MINIMUM_TOKENS]
    if not marked:
        return Input(total)
    now = state.clock()
    known = [s for s in segments[: marked[-1] + 1] if state.cached.get(s.key, 0.0) > now]
    read = known[-1].tokens if known else 0
    until = segments[marked[-1]].tokens
    long = max((segments[i].tokens for i in marked if segments[i].ttl == "1h"), default=0)
    write_1h = max(0, long - read)
    for segment in known:
        state.cached[segment.key] = max(state.cached[segment.key], now + _TTL_SECONDS["5m"])
    for index in marked:
        segment = segments[index]
        state.cached[segment.key] = now + _TTL_SECONDS[segment.ttl or "5m"]
    return Input(total - until, read, until - read - write_1h, write_1h)


def _segments(request: Request) -> Iterator[_Segment]:
    body = request.body
    running = hashlib.sha256(json.dumps([request.model, body.get("thinking")], sort_keys=True).encode())
    tokens = 4
    holders: list[dict[str, Any]] = list(body.get("tools") or [])
    system = body.get("system")
    if isinstance(system, str):
        system = [{"type": "text", "text": system}] if system else []
    holders += system or []
    holders += [b.data for t in request.turns for b in t.blocks if b.path not in request.dropped]
    automatic = (body.get("cache_control") or {}).get("ttl", "5m") if body.get("cache_control") else None
    for index, holder in enumerate(holders):
        running.update(block_fingerprint(holder).encode())
        tokens += _tokens(holder)
        mark = holder.get("cache_control")
        ttl = mark.get("ttl", "5m") if mark else None
        if index == len(holders) - 1:
            ttl = ttl or automatic
        yield _Segment(tokens, running.copy().hexdigest(), ttl)


def _tokens(holder: dict[str, Any]) -> int:
    shown = sum(medium.tokens for medium in media_of(holder))
    if holder.get("type") in ("image", "document"):
        return max(1, shown)
    bare = {k: v for k, v in holder.items() if k not in ("cache_control", "signature", "data")}
    if isinstance(bare.get("content"), list):
        bare["content"] = [b for b in bare["content"] if b.get("type") not in ("image", "document")]
    return max(1, count_tokens(json.dumps(bare, ensure_ascii=False)) - 4) + shown
