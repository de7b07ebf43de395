"""Folds the events of sessions into spans: a session holds turns, a turn holds steps and tools.

One thread calls this, and it is not the program's own: looking into a request takes time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui.chat import events as ev
from tui.errors import SightlineError
from tui.telemetry import attributes, content

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


@dataclass(slots=True)
class _Open:
    """The spans of one session that have not ended."""

    session: Span
    turn: Span | None = None
    step: Span | None = None
    tools: dict[int, Span] = field(default_factory=dict)
    last: int = 0
    """Unix time of the newest event, in nanoseconds."""


class Spans:
    """Makes spans with ``tracer``; ``clean`` takes secrets out of every text in them.

    Names, too, come from a server or a model, which may repeat a secret anywhere.
    """

    def __init__(
        self, tracer: Tracer, *, said: bool, clean: Callable[[str], str], began: int, clock: float
    ) -> None:
        self._tracer = tracer
        self._said = said
        self._clean = clean
        self._began, self._clock = began, clock
        """The same moment as Unix nanoseconds, and on the clock of the events."""
        self._open: dict[str, _Open] = {}

    def event(self, session: str, event: ev.Event) -> None:
        """Take one event of a session."""
        now = self._began + int((event.at - self._clock) * 1e9)
        opened = self._open.get(session)
        if opened is None:
            root: attributes.Attributes = {"gen_ai.conversation.id": session}
            span = self._tracer.start_span("session", context=_root(), start_time=now, attributes=root)
            opened = self._open[session] = _Open(span)
        opened.last = max(opened.last, now)
        match event:
            case ev.StepStarted():
                self._step_started(session, opened, event, now)
            case ev.Answering():
                self._set(opened.step, attributes.of_answer(event))
            case ev.Observed(findings=findings):
                for finding in findings:
                    self._remark(opened, finding.cls, attributes.of_finding(finding), now)
            case ev.Warned(finding=finding):
                self._remark(opened, finding.cls, attributes.of_finding(finding), now)
            case ev.Retrying(wait_s=wait):
                _fail(opened.step, "retried", f"asked again after {wait:.1f} s")
                opened.step = _ended(opened.step, now)
            case ev.StepFinished():
                self._set(opened.step, attributes.of_end(event))
                if self._said:
                    self._say(opened.step, "gen_ai.output.messages", content.of_output(event.message))
                if event.message.stop == "failed":
                    _fail(opened.step, "failed", "")
                else:
                    opened.step = _ended(opened.step, now)
            case ev.ToolStarted() | ev.ToolFinished():
                self._tool(session, opened, event, now)
            case ev.TurnFailed(error=error):
                self._failed(opened, error, now)
            case ev.TurnFinished():
                self._set(opened.turn, {**attributes.of_usage(event.usage), **attributes.of_cost(event.cost)})
                self._set(opened.turn, {"sightline.stop": event.stop, "sightline.steps": event.steps})
                self._turn_ended(opened, now)

    def close(self) -> None:
        """End whatever is open at the time of its session's newest event."""
        for opened in self._open.values():
            self._turn_ended(opened, opened.last)
            opened.session.end(opened.last)
        self._open.clear()

    def _step_started(self, session: str, opened: _Open, event: ev.StepStarted, now: int) -> None:
        if opened.turn is None:
            named: attributes.Attributes = {"gen_ai.conversation.id": session, "sightline.turn": event.turn}
            opened.turn = self._tracer.start_span(
                f"turn {event.turn}", context=_below(opened.session), start_time=now, attributes=named
            )
        _ended(opened.step, now)
        body = attributes.body_of(event.body)
        opened.step = self._tracer.start_span(
            self._clean(f"chat {event.route.wire_model}"),
            context=_below(opened.turn),
            kind=_client(),
            start_time=now,
            attributes=self._cleaned(attributes.of_request(session, event, body)),
        )
        if self._said:
            self._say(opened.step, "gen_ai.input.messages", content.of_input(body))
            self._say(opened.step, "gen_ai.system_instructions", content.of_system(body))

    def _tool(self, session: str, opened: _Open, event: ev.ToolStarted | ev.ToolFinished, now: int) -> None:
        call = event.call
        span = opened.tools.pop(id(call), None)
        if span is None:
            span = self._tracer.start_span(
                self._clean(f"execute_tool {call.name}"),
                context=_below(opened.turn or opened.session),
                start_time=now,
                attributes={
                    "gen_ai.operation.name": "execute_tool",
                    "gen_ai.conversation.id": session,
                    "gen_ai.tool.name": self._clean(call.name),
                    "gen_ai.tool.call.id": self._clean(call.id),
                },
            )
            if self._said:
                span.set_attribute("gen_ai.tool.call.arguments", self._clean(call.arguments))
        if isinstance(event, ev.ToolStarted):
            opened.tools[id(call)] = span
            return
        if self._said:
            span.set_attribute("gen_ai.tool.call.result", self._clean(event.result.text))
        if event.result.is_error:
            _fail(span, "tool_error", "")
        span.end(now)

    def _failed(self, opened: _Open, error: SightlineError, now: int) -> None:
        told: attributes.Attributes = {"sightline.error.layer": error.layer}
        if error.status is not None:
            told["http.response.status_code"] = error.status
        for span in (opened.step, opened.turn):
            self._set(span, told)
            _fail(span, error.cls, self._clean(error.title))
        opened.step = _ended(opened.step, now)

    def _turn_ended(self, opened: _Open, now: int) -> None:
        for span in opened.tools.values():
            span.end(now)
        opened.tools.clear()
        opened.step = _ended(opened.step, now)
        opened.turn = _ended(opened.turn, now)

    def _remark(self, opened: _Open, cls: str, told: attributes.Attributes, now: int) -> None:
        span = opened.step or opened.turn or opened.session
        span.add_event(f"sightline.{cls}", self._cleaned(told), timestamp=now)

    def _set(self, span: Span | None, found: attributes.Attributes) -> None:
        if span is not None:
            span.set_attributes(self._cleaned(found))

    def _cleaned(self, found: attributes.Attributes) -> attributes.Attributes:
        return {name: self._without(value) for name, value in found.items()}

    def _without(self, value: attributes.Value) -> attributes.Value:
        if isinstance(value, tuple):
            return tuple(map(self._clean, value))
        return self._clean(value) if isinstance(value, str) else value

    def _say(self, span: Span | None, name: str, value: list[dict[str, Any]]) -> None:
        if span is not None and value:
            span.set_attribute(name, self._clean(content.written(value)))


def _ended(span: Span | None, now: int) -> Span | None:
    """End a span if there is one; what is open in its place then, which is none."""
    if span is not None:
        span.end(now)
    return None


def _fail(span: Span | None, cls: str, says: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    if span is not None:
        span.set_attribute("error.type", cls)
        span.set_status(Status(StatusCode.ERROR, says or None))


def _root() -> Any:
    from opentelemetry.context import Context

    return Context()


def _below(span: Span) -> Any:
    from opentelemetry.trace import set_span_in_context

    return set_span_in_context(span, _root())


def _client() -> Any:
    from opentelemetry.trace import SpanKind

    return SpanKind.CLIENT
