"""What of a request was read from a cache, and why not more of it; no more is claimed than is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tui.chat.figures import count, duration
from tui.chat.finding import Finding
from tui.chat.record import Exchange
from tui.chat.usage import Usage
from tui.clean import visible
from tui.exchanges.anatomy import Anatomy
from tui.exchanges.prefix import Break, mark_in, prefix_break
from tui.generations import cache_minimum, is_claude

CACHE_BROKEN = "cache-broken"

CacheState = Literal["first", "kept", "broken", "changed", "unread", "untold"]
"""``broken``: the prefix changed and tokens that were cached were not read. ``changed``: it changed, and
nobody told that anything had been cached. ``unread``: it is the same, and nothing was read all the same."""

_LIVES = {"5m": 300.0, "1h": 3600.0}
_IMPLICIT_S = 300.0
"""Vendors that cache on their own keep entries at least some minutes; none promises how long."""
_SOURCES = {
    "tools": "the tool list changed",
    "system": "the system prompt changed",
    "messages": "an earlier message changed",
    "parameters": "a parameter changed",
}
_MENDS = {
    "tools": "offer the same tools in the same order during a conversation",
    "system": "leave the system prompt as it is during a conversation",
    "messages": "leave what was sent as it is; going on from an earlier message begins a new prefix",
    "parameters": "leave thinking, effort, tool choice and schema as they are during a conversation",
}


@dataclass(frozen=True, slots=True)
class CacheReport:
    """How a request stands to the cache."""

    state: CacheState
    says: str
    """The one sentence that matters."""
    told: tuple[str, ...] = ()
    """What both answers told, in tokens."""
    reasons: tuple[str, ...] = ()
    """Why nothing was read, or may not have been, or less than there was."""
    broke: Break | None = None
    cached: int | None = None
    """Tokens that were in the cache after the request before, as its answer told; it may be more where
    nobody told what was written."""
    lost: int | None = None
    """Those of them that were not read this time."""
    kept_about: int | None = None
    """Estimate: tokens of the request before that stand before the change, by their share of the bytes."""


def cache_report(
    now: Exchange, body: Anatomy, before: Exchange | None = None, body_before: Anatomy | None = None
) -> CacheReport:
    """What is known of ``now``; ``before`` is the request whose prefix it should have."""
    told = tuple(_told(now, before))
    read = now.usage.cache_read if now.usage else None
    if before is None or body_before is None:
        if before is not None:
            return CacheReport("untold", "What the request before held is not known any more.", told)
        if read:
            says = f"The first request here, yet {count(read)} tokens were read: another one began alike."
            return CacheReport("kept", says, told)
        says = "No request came before it on this branch: there is no prefix that could have been cached."
        return CacheReport("first", says, told, tuple(_off(now, body)))
    cached = cached_tokens(before)
    lost = None if cached is None or read is None else max(cached - read, 0)
    reasons = tuple(_reasons(now, before, body_before))
    if now.route.dialect != before.route.dialect:
        says = f"The request before went over {before.route.endpoint}: what was sent cannot be compared."
        return CacheReport("changed", says, told, reasons, None, cached, lost)
    broke = prefix_break(body_before, body)
    if broke is not None and (broke.surely or not read):
        return _broken(broke, told, reasons, cached, lost, read, before)
    state, says = _same(now, read, cached)
    return CacheReport(state, says, told, reasons if state == "unread" or lost else (), broke, cached, lost)


def cache_finding(now: Exchange, report: CacheReport, before: Exchange | None) -> Finding | None:
    """The remark on a step that broke a cache that could have been read; None where that is not certain."""
    broke = report.broke
    if report.state != "broken" or broke is None or before is None or not broke.surely:
        return None
    if not report.lost or now.purpose != "turn" or now.route.wire_model != before.route.wire_model:
        return None
    if now.at - before.at > _IMPLICIT_S or _other_server(now, before):
        return None
    says = f"{report.says[:-1]}; {count(report.lost)} tokens that were cached were not read."
    return Finding(CACHE_BROKEN, says, broke.path, _MENDS[broke.where])


def _broken(
    broke: Break,
    told: tuple[str, ...],
    reasons: tuple[str, ...],
    cached: int | None,
    lost: int | None,
    read: int | None,
    before: Exchange,
) -> CacheReport:
    about = None
    total = before.usage.input_total if before.usage else None
    if total is not None and broke.had and not broke.media:
        about = total * broke.kept // broke.had
    may = "" if broke.surely else "perhaps because "
    says = f"{may}{_SOURCES[broke.where]}: {broke.says}."
    state: CacheState = "broken" if lost else "changed"
    if read and not lost:
        says = f"{says[:-1]}; all that was cached was read, for it ended before the change."
    return CacheReport(state, says[0].upper() + says[1:], told, reasons, broke, cached, lost, about)


def _same(now: Exchange, read: int | None, cached: int | None) -> tuple[CacheState, str]:
    if read is None:
        return "untold", "The prefix is the same; whether it was read from a cache was not told."
    if not read:
        return "unread", "The prefix is the same, yet nothing was read from a cache."
    total = now.usage.input_total if now.usage else None
    share = f", {read * 100 // total} % of what went in" if total else ""
    if cached is not None and read < cached:
        return (
            "kept",
            f"The prefix is the same; {count(read)} of {count(cached)} cached tokens were read{share}.",
        )
    return "kept", f"The prefix is the same and was read from the cache: {count(read)} tokens{share}."


def _told(now: Exchange, before: Exchange | None) -> Iterator[str]:
    for name, exchange in (("before", before), ("now", now)):
        if exchange is not None:
            yield f"{name}: {_usage(exchange.usage)}"


def _usage(usage: Usage | None) -> str:
    if usage is None:
        return "no tokens were told"
    wrote = [
        f"written {count(tokens)} for {life}"
        for tokens, life in ((usage.cache_write_5m, "5 minutes"), (usage.cache_write_1h, "1 hour"))
        if tokens is not None
    ]
    read = "not told" if usage.cache_read is None else count(usage.cache_read)
    fresh = "not told" if usage.input is None else count(usage.input)
    return f"read {read}, {', '.join(wrote) or 'written not told'}, fresh {fresh}"


def cached_tokens(before: Exchange) -> int | None:
    """Tokens the cache held of the request before: read there or written there; None where not told.

    Vendors that cache on their own do not tell what they wrote: what was read there is the least.
    """
    usage = before.usage
    if usage is None:
        return None
    writes = [tokens for tokens in (usage.cache_write_5m, usage.cache_write_1h) if tokens is not None]
    if not writes:
        return usage.cache_read or None
    return sum(writes) + (usage.cache_read or 0)


def _reasons(now: Exchange, before: Exchange, body_before: Anatomy) -> Iterator[str]:
    """What else keeps a cache from being read, each only where there is evidence for it."""
    yield from _off(before, body_before)
    asked, asked_before = now.route.wire_model, before.route.wire_model
    if asked != asked_before:
        yield (
            f"Another model was asked: {_name(asked)}, before {_name(asked_before)}. "
            "A cache belongs to one model."
        )
    yield from _servers(now, before)
    if before.state in ("failed", "lost"):
        yield "The request before failed, so it may have cached nothing."
    cached = cached_tokens(before)
    least = cache_minimum(before.route.generation)
    total = before.usage.input_total if before.usage else None
    if least is not None and total is not None and total < least and not cached:
        yield (
            f"The request before was too short: {count(total)} tokens, and this model caches from "
            f"{count(least)} on, as its vendor says."
        )
    elif cached == 0 and is_claude(before.route.generation) and mark_in(body_before):
        yield "The request before put nothing into the cache, as its answer told."
    yield from _age(now, before, body_before)
    began = before.ttft_s
    if began is not None and before.at + began > now.at:
        yield "The request before had not begun to answer yet; an entry can be read only after that."


def _age(now: Exchange, before: Exchange, body_before: Anatomy) -> Iterator[str]:
    age = now.at - before.at
    if is_claude(before.route.generation):
        life = mark_in(body_before)
        if life is not None and age > _LIVES[life]:
            minutes = "5 minutes" if life == "5m" else "1 hour"
            yield f"{duration(age)} went by since the request before; an entry nobody reads lives {minutes}."
    elif age > _IMPLICIT_S:
        yield (
            f"{duration(age)} went by since the request before; this vendor caches on its own and may "
            "have dropped it by then."
        )


def _off(exchange: Exchange, body: Anatomy) -> Iterator[str]:
    """Whether caching was not asked for where it must be."""
    route = exchange.route
    # Where tokens were cached all the same, the proxy put marks in.
    if is_claude(route.generation) and mark_in(body) is None and not cached_tokens(exchange):
        yield (
            f"No marker asked for caching in the request to {route.endpoint}, "
            "and this model caches nothing without one."
        )


def _servers(now: Exchange, before: Exchange) -> Iterator[str]:
    here, there = now.served, before.served
    if here is None or there is None:
        return
    if here.model and there.model and here.model != there.model:
        yield (
            f"Another model answered: {_name(here.model)}, before {_name(there.model)}. "
            "A cache belongs to one model."
        )
    if here.model_id and there.model_id and here.model_id != there.model_id:
        yield (
            f"Another deployment answered: {_name(here.model_id)}, before {_name(there.model_id)}. "
            "It may be of another account or region, which has a cache of its own."
        )


def _other_server(now: Exchange, before: Exchange) -> bool:
    return any(_servers(now, before))


def _name(text: str) -> str:
    return visible(text[:200], 48)
