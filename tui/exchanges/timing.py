"""How the time of an exchange was spent, from connecting to the next request, as spans of a waterfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.record import CallFacts, Exchange, Wire
from tui.exchanges.frames import are_timed
from tui.exchanges.stretches import Stretch

SpanKind = Literal["line", "wait", "thinking", "text", "tool_call", "foreign", "tool", "next"]
"""The connection's work, waiting for the server, the parts of the answer, our tools, until the next step."""

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Span:
    """One bar; times in seconds since the request went out."""

    label: str
    kind: SpanKind
    start: float | None
    """None: when it began is not known, though ``seconds`` may be."""
    seconds: float | None
    """None: how long it took is not known, and ``says`` tells why."""
    says: str = ""

    @property
    def end(self) -> float | None:
        """When it was over, where that is known."""
        return None if self.start is None or self.seconds is None else self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The spans in the order they are read."""

    spans: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        """From the request to the end of the last span that is known; 0 where none is."""
        return max((span.end for span in self.spans if span.end is not None), default=0.0)


def waterfall(
    exchange: Exchange,
    wire: Wire | None,
    stretches: Sequence[Stretch] = (),
    calls: Sequence[CallFacts] = (),
    after: Exchange | None = None,
    tools: Mapping[str, str] | None = None,
) -> Waterfall:
    """Everything that is known of the time; what is not known has its span too, and says so.

    ``tools`` gives the tool's name for a call's id.
    """
    frames = wire.frames if wire is not None else ()
    spans = [*_line(exchange, len(wire.body) if wire is not None else None), *_first_frame(exchange, frames)]
    spans += _parts(exchange, wire, stretches)
    spans.append(_end(exchange, frames))
    spans += _tools(calls, tools or {})
    if after is not None:
        spans.append(_next(exchange, after))
    return Waterfall(tuple(spans))


def _line(exchange: Exchange, size: int | None) -> list[Span]:
    timing = exchange.timing
    connected, sent, headers = timing.connected, timing.sent, timing.headers
    waiting = exchange.state == "open"
    none = "not yet" if waiting else NOT_KNOWN
    if connected is not None:
        connect = _between("connect", "line", 0.0, connected)
    else:
        again = Span("connect", "line", None, 0.0, "an open connection was used")
        connect = Span("connect", "line", None, None, none) if sent is None else again
    send = Span("request sent", "line", None, None, none)
    if sent is not None:
        send = _between("request sent", "line", connected or 0.0, sent, "" if size is None else f"{size:,} B")
    if headers is None:
        return [connect, send, Span("headers", "wait", None, None, none)]
    says = "" if sent is not None else "connecting and sending included"
    return [connect, send, _between("headers", "wait", sent or 0.0, headers, says)]


def _first_frame(exchange: Exchange, frames: Sequence[Frame]) -> list[Span]:
    if not frames:
        says = "not yet" if exchange.state == "open" else "none came, or they were not kept"
        return [Span("first frame", "wait", None, None, says)]
    label = "whole answer" if frames[0].event == WHOLE_BODY else "first frame"
    if not are_timed(frames) or (frames[0].at == 0.0 and exchange.timing.headers is None):
        return [Span(label, "wait", None, None, "arrival times were not recorded")]
    headers = exchange.timing.headers
    says = "" if headers is not None else "since the request: when the headers came is not known"
    return [_between(label, "wait", headers or 0.0, frames[0].at, says)]


def _parts(exchange: Exchange, wire: Wire | None, stretches: Sequence[Stretch]) -> list[Span]:
    frames = wire.frames if wire is not None else ()
    if frames and frames[0].event == WHOLE_BODY:
        return [Span("parts", "text", None, None, "not streamed: when each was made is not known")]
    if not frames or not are_timed(frames):
        seconds = sorted(exchange.thinking_seconds.items())
        return [
            Span(f"thinking {i + 1}", "thinking", None, took, "when it began is not known")
            for i, took in seconds
        ]
    return [_part(stretch) for stretch in stretches]


def _part(stretch: Stretch) -> Span:
    names = {"thinking": "thinking", "text": "text", "tool_call": "call", "foreign": "part"}
    label = f"{names[stretch.kind]} {stretch.label}".strip()
    return _between(label, stretch.kind, stretch.start, stretch.end, f"{stretch.characters:,} characters")


def _end(exchange: Exchange, frames: Sequence[Frame]) -> Span:
    if exchange.state == "open":
        return Span("end", "wait", None, None, "still running")
    if exchange.seconds is None or not frames or not are_timed(frames):
        total = exchange.seconds
        says = NOT_KNOWN if total is None else "of the whole exchange"
        return Span("end", "wait", None if total is None else 0.0, total, says)
    return _between("end", "wait", frames[-1].at, exchange.seconds, "after the last frame")


def _tools(calls: Sequence[CallFacts], names: Mapping[str, str]) -> list[Span]:
    """What the tools took; when they began is not kept, and several may have run at once."""
    return [
        Span(
            f"ran {names.get(call.call_id, call.call_id)}",
            "tool",
            None,
            call.seconds,
            NOT_KNOWN if call.seconds is None else "when it began is not kept",
        )
        for call in calls
    ]


def _next(exchange: Exchange, after: Exchange) -> Span:
    began = after.at - exchange.at
    if exchange.seconds is None or began < exchange.seconds:
        # A clock that was set back between the two tells nothing.
        return Span("next request", "next", None, None, NOT_KNOWN)
    return _between("next request", "next", exchange.seconds, began, "tools, questions and checks between")


def _between(label: str, kind: SpanKind, start: float, end: float, says: str = "") -> Span:
    return Span(label, kind, start, max(0.0, end - start), says)
