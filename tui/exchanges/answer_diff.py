"""What differs between two answers: their parts in order, how they ended, what they took, who gave them."""

from __future__ import annotations

from collections.abc import Iterator

from tui.chat.figures import SOURCES, count, duration, money
from tui.chat.json_text import load_text
from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Json, Reasoning, Text, ToolCall
from tui.chat.record import Exchange
from tui.clean import visible
from tui.exchanges.anatomy import Piece, piece_of
from tui.exchanges.diff import Change, Diff, Row, Same, Side, folded, paired
from tui.wire.sealed import seals_in

_SEALS = ("signature", "data", "encrypted_content")


def answer_diff(
    before: Exchange,
    before_answer: AssistantMessage | None,
    now: Exchange,
    now_answer: AssistantMessage | None,
) -> Diff:
    """What differs; ids do not count, for they are new each time. Seals count by what they hold."""
    rows: list[Row] = list(paired("answer", answer_pieces(before_answer), answer_pieces(now_answer)))
    rows += _facts(facts(before, before_answer), facts(now, now_answer))
    return Diff(tuple(folded(rows)))


def answer_pieces(answer: AssistantMessage | None) -> list[Piece]:
    """The parts of an answer as pieces."""
    if answer is None:
        return []
    return [_part(place, part) for place, part in enumerate(answer.parts)]


def facts(exchange: Exchange, answer: AssistantMessage | None) -> dict[str, str]:
    """What is told of an exchange beside what was said, by name, clean; what nobody told is not there."""
    usage, served, cost = exchange.usage, exchange.served, exchange.cost
    told: dict[str, str | None] = {
        "asked for": exchange.route.requested,
        "endpoint": exchange.route.endpoint,
        "state": exchange.state,
        "status": None if exchange.status is None else str(exchange.status),
        "failure": exchange.failure.title if exchange.failure else None,
        "stop": answer.stop if answer else None,
        "stop as told": answer.stop_raw if answer else None,
        "cost": None if cost.usd is None else f"{money(cost)} ({SOURCES[cost.source]})",
        "time": _time(exchange.seconds),
        "first token after": _time(exchange.ttft_s),
    }
    if usage is not None:
        buckets = {
            "fresh input tokens": usage.input,
            "tokens read from cache": usage.cache_read,
            "tokens written to cache, 5 minutes": usage.cache_write_5m,
            "tokens written to cache, 1 hour": usage.cache_write_1h,
            "output tokens": usage.output,
            "of them thinking": usage.reasoning,
        }
        told |= {name: None if tokens is None else count(tokens) for name, tokens in buckets.items()}
    if served is not None:
        told |= {
            "served model": served.model,
            "deployment": served.model_id,
            "group": served.group,
            "vendor's address": served.api_base,
            "retries": None if served.attempted_retries is None else str(served.attempted_retries),
            "fallbacks": None if served.attempted_fallbacks is None else str(served.attempted_fallbacks),
            "proxy": served.proxy_version,
        }
    return {name: visible(value, 200) for name, value in told.items() if value is not None}


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else duration(seconds)


def _facts(before: dict[str, str], now: dict[str, str]) -> Iterator[Row]:
    for name in (*before, *(name for name in now if name not in before)):
        old, new = before.get(name), now.get(name)
        if old == new:
            yield Same("facts", 1)
            continue
        sides = [None if value is None else Side("", name, value) for value in (old, new)]
        says = f"{name}: {'not told' if old is None else old} → {'not told' if new is None else new}"
        yield Change("changed" if old and new else "added" if new else "removed", "facts", says, *sides)


def _part(place: int, part: AssistantPart) -> Piece:
    value: dict[str, Json]
    match part:
        case Text(text=text):
            words, value = "text", {"text": text}
        case Reasoning(text=text, state=state):
            words, value = "thinking", {"thinking": text, "state": state}
        case ToolCall(name=name, arguments=arguments):
            words, value = f"call {visible(name[:200], 48)}", {"name": name, "arguments": _read(arguments)}
        case _:
            words, value = visible(part.label[:200], 48), {"block": part.opaque.data}
    data = part.opaque.data if part.opaque is not None else None
    if isinstance(data, dict) and "block" not in value:
        found = {key: data[key] for key in _SEALS if key in data}
        value |= found
        if not found and (seals := seals_in(data)):
            value["seals"] = [seal.hash for seal in seals]
    return piece_of(f"answer.{place}", "block", "assistant", f"assistant · {words}", value)


def _read(arguments: str) -> Json:
    try:
        return load_text(arguments)
    except ValueError:
        return arguments
