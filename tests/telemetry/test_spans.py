"""Spans hold no secret, whoever repeats it and whatever it is a name of."""

from typing import Any

from tui.chat.events import (
    Answering,
    Observed,
    StepFinished,
    StepStarted,
    ToolFinished,
    ToolStarted,
    TurnFailed,
)
from tui.chat.finding import Finding
from tui.chat.json_text import dump_bytes
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Json, Origin, Text, ToolCall, ToolResult
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST
from tui.errors import CallFailed
from tui.spellings import masked
from tui.telemetry.spans import Spans

SECRET = 'tea"at\\nine/0815'


class Recorded:
    """A tracer, and each span it begins: everything they are told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def start_span(self, *told: object, **more: object) -> "Recorded":
        """Begin a span."""
        self.told += [told, more["attributes"]]
        return self

    def __getattr__(self, name: str) -> Any:
        if not name.startswith(("set_", "add_", "end")):
            raise AttributeError(name)
        return lambda *told, **more: self.told.append((told, more))

    def get_span_context(self) -> None:
        """Nobody asks for it here."""


def spans_of(tracer: Recorded, *, said: bool) -> Spans:
    return Spans(
        tracer,  # type: ignore[arg-type]
        said=said,
        clean=lambda text: masked(text, (SECRET,)),
        began=0,
        clock=0.0,
    )


def everything(tracer: Recorded, *, said: bool) -> str:
    spans = spans_of(tracer, said=said)
    route = Route(SECRET, "litellm", f"http://{SECRET[:3]}.example", SECRET, None, "anthropic", SECRET)
    body: Json = {"messages": [{"role": "user", "content": SECRET}], "stop": [SECRET], "model": SECRET}
    call = ToolCall(SECRET, SECRET, dump_bytes({"a": SECRET}).decode())
    message = AssistantMessage(
        "m", (Text(SECRET),), Origin("chat", "x", SECRET), "end", SECRET, None, UNKNOWN_COST, 0.0
    )
    error = CallFailed(SECRET, SECRET, layer="vendor", cls="bad-request")
    for event in (
        StepStarted(1.0, route, 1, 1, dump_bytes(body), "x1"),
        Answering(1.0, Served(model=SECRET, call_id=SECRET, group=SECRET, proxy_version=SECRET)),
        Observed(1.0, (Finding("fallback", SECRET, path=SECRET, mend=SECRET),)),
        StepFinished(1.0, message, 1.0, 0.5, 0, 0),
        ToolStarted(1.0, call),
        ToolFinished(1.0, call, ToolResult(SECRET, (Text(SECRET),)), 1.0),
        TurnFailed(2.0, error),
    ):
        spans.event("s1", event)
    spans.close()
    return repr([str(one) for one in tracer.told])


def test_no_name_and_no_text_holds_a_secret() -> None:
    for said in (False, True):
        tracer = Recorded()
        told = everything(tracer, said=said)
        assert ("gen_ai.input.messages" in told) is said
        assert "execute_tool …" in told
        for part in ("nine", "0815"):
            assert part not in told, told
