"""How the facts of a session are said in an export, on one clean line each; pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tui.chat.figures import SOURCES, count, duration, money
from tui.chat.finding import Finding
from tui.chat.messages import UserMessage
from tui.chat.parts import Attachment, Document, Reasoning, ToolCall, ToolResult
from tui.chat.record import CallFacts, Exchange, Failure, SessionRecord
from tui.clean import visible
from tui.exports.story import Step, Story
from tui.wire.media_text import file_name, pixels

PRETTY_UP_TO = 200_000
"""Characters of arguments that are laid out; more is shown as it is."""
TITLE = 80
_LATEST = 253_402_300_799.0
SEALS = {
    "signed": "✓ sealed",
    "redacted": "redacted",
    "omitted": "omitted (sealed)",
    "unsigned": "unsealed",
}
_STATES = {
    "open": "no end was seen",
    "stopped": "stopped",
    "failed": "failed",
    "lost": "lost: the program ended before the answer did",
}


def title_of(record: SessionRecord) -> str:
    """What the session is called: its title, else how it begins."""
    if record.info.title.strip():
        return visible(record.info.title.strip(), 4 * TITLE)
    first = next((n.message for n in record.nodes if isinstance(n.message, UserMessage)), None)
    return visible(first.text.strip(), TITLE) if first and first.text.strip() else "An untitled session"


def when(at: float) -> str:
    """Day and minute by UTC; ``time unknown`` for what is no date."""
    if not 0 < at <= _LATEST:
        return "time unknown"
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def exactly(at: float) -> str:
    """ISO 8601 with milliseconds and zone; the beginning of time for what is no date."""
    sane = at if 0 <= at <= _LATEST else 0.0
    return datetime.fromtimestamp(sane, UTC).isoformat(timespec="milliseconds")


def models_of(story: Story) -> list[tuple[str, str, int]]:
    """Who answered over which endpoint, and how often, in the order they first did."""
    seen: dict[tuple[str, str], int] = {}
    for step in story.steps:
        if not step.aside and (step.message is not None or step.exchange is not None):
            key = (step.model, endpoint_of(step))
            seen[key] = seen.get(key, 0) + 1
    return [(visible(model), endpoint, times) for (model, endpoint), times in seen.items()]


def endpoint_of(step: Step) -> str:
    """The path the request took; empty where it was never seen."""
    return step.exchange.route.endpoint if step.exchange else ""


def step_line(step: Step) -> str:
    """``$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new``; what is not known is left out."""
    exchange, usage = step.exchange, step.usage
    facts = [money(step.cost)]
    if usage is not None and usage.output is not None:
        facts.append(f"{usage.output:,} tok")
    if exchange is not None:
        if exchange.seconds is not None:
            facts.append(duration(exchange.seconds))
        facts.append(exchange.route.endpoint)
        facts.append(_seals(exchange))
        if exchange.state in _STATES:
            facts.append(_STATES[exchange.state])
    stop = step.message.stop if step.message else None
    if stop is not None and stop not in ("end", "tool_use"):
        facts.append(stop.replace("_", " "))
    return " · ".join(facts)


def details(step: Step) -> list[tuple[str, str]]:
    """Everything known of a step beside what was said, as name and text; nothing that is not known."""
    rows: list[tuple[str, str]] = []
    if step.exchange is not None:
        rows += _route_rows(step.exchange) + _served_rows(step.exchange)
    if step.message is not None:
        origin = step.message.origin
        rows.append(("answered by", f"{origin.model} ({origin.vendor}), known by {origin.known_by}"))
        stop = step.message.stop.replace("_", " ")
        raw = step.message.stop_raw
        rows.append(("stop", f"{stop} (“{raw}”)" if raw and raw != step.message.stop else stop))
    usage = step.usage
    if usage is not None:
        tokens = [
            f"{name} {count(value)}"
            for name, value in (
                ("in", usage.input),
                ("cache read", usage.cache_read),
                ("cache write 5m", usage.cache_write_5m),
                ("cache write 1h", usage.cache_write_1h),
                ("out", usage.output),
                ("thinking of it", usage.reasoning),
            )
            if value is not None
        ]
        if tokens:
            rows.append(("tokens", " · ".join(tokens)))
    rows.append(("cost", " · ".join(filter(None, (money(step.cost), SOURCES[step.cost.source])))))
    return [(name, visible(text)) for name, text in rows]


def _route_rows(exchange: Exchange) -> list[tuple[str, str]]:
    route = exchange.route
    way = [route.requested, route.wire_model, *([route.upstream] if route.upstream else [])]
    steps = [name for place, name in enumerate(way) if name and name not in way[:place]]
    rows = [("route", " → ".join(steps)), ("to", f"{route.provider} · {route.base_url} · {route.endpoint}")]
    rows += [("why", reason.text) for reason in route.why]
    timing = [f"asked {exactly(exchange.at)}"]
    if exchange.ttft_s is not None:
        timing.append(f"first token after {duration(exchange.ttft_s)}")
    if exchange.seconds is not None:
        timing.append(f"took {duration(exchange.seconds)}")
    rows.append(("time", " · ".join(timing)))
    rows.append(("seals", _seals(exchange)))
    if exchange.status is not None:
        rows.append(("status", str(exchange.status)))
    return rows


def _seals(exchange: Exchange) -> str:
    sent = "1 seal" if exchange.seals_sent == 1 else f"{exchange.seals_sent:,} seals"
    return f"{sent} sent, {exchange.seals_received:,} new"


def _served_rows(exchange: Exchange) -> list[tuple[str, str]]:
    served = exchange.served
    if served is None:
        return []
    facts = (
        ("model", served.model),
        ("group", served.group),
        ("deployment", served.model_id),
        ("retries", served.attempted_retries),
        ("fallbacks", served.attempted_fallbacks),
        ("at", served.api_base),
        ("proxy", served.proxy_version),
        ("call", served.call_id),
    )
    told = " · ".join(f"{name} {value}" for name, value in facts if value is not None)
    return [("served", told)] if told else []


def failure_lines(failure: Failure) -> list[str]:
    """What failed, in which layer, in whose words, and what helps; one line each."""
    status = f", status {failure.status}" if failure.status is not None else ""
    head = ": ".join(filter(None, (failure.title, failure.what)))
    lines = [f"{head} (in the {failure.layer}: {failure.cls}{status})"]
    if failure.vendor_message and failure.vendor_message not in head:
        lines.append(f"In the vendor's words: {failure.vendor_message}")
    if failure.hint:
        lines.append(f"What helps: {failure.hint}")
    return [visible(line) for line in lines]


def finding_line(finding: Finding) -> str:
    """What was warned of and how it is mended."""
    return visible(" → ".join(filter(None, (finding.says, finding.mend))))


def thinking_line(part: Reasoning, seconds: float | None, unfinished: bool) -> str:
    """``3.1 s · ✓ sealed``."""
    facts = [span(seconds)] if seconds is not None else []
    facts.append("cut off" if unfinished else SEALS[part.state])
    return " · ".join(facts)


def call_line(result: ToolResult | None, facts: CallFacts | None, unfinished: bool) -> str:
    """``ok · 12 ms · 3.1 kB``; who approved it where somebody was asked."""
    if unfinished:
        return "cut off"
    if result is None:
        return "no result"
    told = ["error" if result.is_error else "ok"]
    if facts is not None and facts.seconds is not None:
        told.append(span(facts.seconds))
    told.append(size(len((result.full or result.text).encode("utf-8", "surrogatepass"))))
    if facts is not None and facts.answer is not None:
        answer = facts.answer
        said = "not approved" if answer.decision == "never" else f"approved ({answer.decision})"
        told.append(f"{said} by {answer.by}")
    return " · ".join(told)


def short_arguments(call: ToolCall, length: int = 60) -> str:
    """The values of a call's arguments on one line, for its heading."""
    try:
        given = json.loads(call.arguments) if len(call.arguments) <= PRETTY_UP_TO else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return visible(call.arguments[: 2 * length], length)
    words = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in given.values()]
    return visible("  ".join(word[: 2 * length] for word in words), length)


def pretty_arguments(call: ToolCall) -> str:
    """The arguments laid out where they are JSON, else exactly as they came."""
    if len(call.arguments) > PRETTY_UP_TO:
        return call.arguments
    try:
        return json.dumps(json.loads(call.arguments), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return call.arguments


def attachment_line(part: Attachment) -> str:
    """``chart.png · image/png · 640×480 · 12.3 kB``."""
    facts = [file_name(part), visible(part.media_type)]
    if isinstance(part, Document):
        if part.pages is not None:
            facts.append("1 page" if part.pages == 1 else f"{part.pages} pages")
    elif sides := pixels(part):
        facts.append(f"{sides[0]}×{sides[1]}")
    facts.append(size(len(part.data) * 3 // 4 - part.data[-2:].count("=")))
    return " · ".join(facts)


def span(seconds: float) -> str:
    """A measured time from milliseconds up."""
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else duration(seconds)


def size(number: int) -> str:
    """A number of bytes: 3 B, 3.1 kB, 1.2 MB."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.1f} kB" if number < 999_950 else f"{number / 1_000_000:.1f} MB"
