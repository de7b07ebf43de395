"""Engine events as the machine interface's JSON lines; the field names are a contract."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tui.chat.events import (
    Answering,
    ApprovalNeeded,
    Approved,
    BudgetDecided,
    BudgetNeeded,
    Event,
    Observed,
    Overrun,
    PartDelta,
    PartFinished,
    PartStarted,
    Retrying,
    StepFinished,
    StepStarted,
    ToolFinished,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.parts import AssistantPart, Foreign, Reasoning, Text, ToolCall
from tui.chat.route import Route
from tui.chat.usage import Cost, Figure, Usage
from tui.errors import SightlineError

Fields = dict[str, Any]


def dump(line: Fields) -> str:
    """One JSON line in pure ASCII without any control character, DEL included."""
    return json.dumps(line, ensure_ascii=True).replace("\x7f", "\\u007f")


def route_fields(route: Route) -> Fields:
    """The fields of a ``route`` line, also what ``route --json`` prints."""
    return {
        "requested": route.requested,
        "provider": route.provider,
        "endpoint": route.endpoint,
        "base_url": route.base_url,
        "wire_model": route.wire_model,
        "upstream": route.upstream,
        "vendor": route.vendor,
        "pinned": route.pinned,
        "why": [reason.text for reason in route.why],
    }


def usage_fields(usage: Usage | None) -> Fields:
    """The six buckets, null where not told."""
    seen = usage or Usage()
    return {name: getattr(seen, name) for name in Usage.__dataclass_fields__}


def cost_fields(cost: Cost) -> Fields:
    """Decimal text or null, its source, and whether it is a lower bound."""
    usd = None if cost.usd is None else format(cost.usd, "f")
    return {"usd": usd, "source": cost.source, "at_least": cost.at_least}


def figure_fields(figures: Iterable[Figure]) -> list[Fields]:
    """Every figure of a cost: its source, decimal text or null, and where it stood or why there is none."""
    return [
        {"source": one.source, "usd": None if one.usd is None else format(one.usd, "f"), "says": one.says}
        for one in figures
    ]


def warning_fields(finding: Finding) -> Fields:
    """The fields of a ``warning`` line."""
    return {"class": finding.cls, "path": finding.path, "says": finding.says, "mend": finding.mend}


def budget_fields(overrun: Overrun) -> Fields:
    """The fields of a ``budget`` line but for the decision."""
    return {
        "scope": overrun.scope,
        "limit": format(overrun.limit, "f"),
        "spent": cost_fields(overrun.spent),
        "estimate": cost_fields(overrun.estimate),
        "assumes": overrun.assumes,
    }


def error_fields(error: SightlineError) -> Fields:
    """The fields of an ``error`` line."""
    return {
        "class": error.cls,
        "layer": error.layer,
        "status": error.status,
        "title": str(error),
        "vendor_message": error.vendor_message,
        "hint": error.hint,
        "retry_helps": error.retry_helps,
    }


class Lines:
    """Numbers the lines of one run: seconds since its start, session, turn and step."""

    def __init__(self, session: str | None, started: float) -> None:
        self._session = session
        self._started = started
        self._turn: int | None = None
        self._step: int | None = None

    def line(self, type: str, at: float, fields: Fields) -> Fields:
        """One line with the common fields in front."""
        head: Fields = {
            "type": type,
            "t": round(at - self._started, 6),
            "session": self._session,
            "turn": self._turn,
            "step": self._step,
        }
        return head | fields

    def all_of(self, event: Event, turn: int) -> tuple[Fields, ...]:
        """The lines of an event; what was observed is a warning each."""
        line = self.of(event, turn)
        if isinstance(event, Observed):
            return tuple(self.line("warning", event.at, warning_fields(f)) for f in event.findings)
        return () if line is None else (line,)

    def of(self, event: Event, turn: int) -> Fields | None:
        """The line of an event, or None for one that has no line of its own."""
        if turn != self._turn:
            self._turn, self._step = turn, None
        if isinstance(event, StepStarted):
            self._step = event.step
        seen = _fields(event)
        return None if seen is None else self.line(seen[0], event.at, seen[1])


def _fields(event: Event) -> tuple[str, Fields] | None:
    match event:
        case StepStarted(route=route):
            return "route", route_fields(route)
        case Answering(served=served):
            names = [n for n in type(served).__dataclass_fields__ if n != "response_cost"]
            return "served", {name: getattr(served, name) for name in names}
        case PartDelta(kind=kind, index=index, text=text):
            return "delta", {"part": kind, "index": index, "text": text}
        case PartFinished(index=index, part=part):
            return part_fields(index, part)
        case Approved(call=call, answer=answer):
            asked = {"id": call.id, "name": call.name, "arguments": call.arguments}
            return "approval", asked | {"decision": answer.decision, "by": answer.by, "reason": answer.reason}
        case ToolFinished(call=call, result=result, seconds=seconds):
            fields: Fields = {"id": call.id, "is_error": result.is_error, "text": result.text}
            return "tool_result", fields | {"seconds": round(seconds, 6)}
        case StepFinished():
            return "step", _step(event)
        case Retrying(attempt=attempt, wait_s=wait_s, why=why):
            return "retrying", {"attempt": attempt, "wait_s": wait_s, "why": why}
        case Warned(finding=finding):
            return "warning", warning_fields(finding)
        case BudgetDecided(overrun=overrun, go_on=go_on):
            return "budget", budget_fields(overrun) | {"go_on": go_on}
        case TurnFailed(error=error):
            return "error", error_fields(error)
        case TurnFinished():
            return "turn", {
                "stop": event.stop,
                "text": event.text,
                "usage": usage_fields(event.usage),
                "cost": cost_fields(event.cost),
                "steps": event.steps,
            }
        case PartStarted() | ToolStarted() | ApprovalNeeded() | Observed() | BudgetNeeded():
            return None


def part_fields(index: int, part: AssistantPart) -> tuple[str, Fields]:
    """The type and the fields of the line of a finished part."""
    match part:
        case Text(text=text):
            return "text", {"index": index, "text": text}
        case Reasoning(text=text, state=state):
            return "thinking", {"index": index, "text": text, "state": state, "tokens": None}
        case ToolCall(id=id, name=name, arguments=arguments):
            return "tool_call", {"index": index, "id": id, "name": name, "arguments": arguments}
        case Foreign(label=label):
            return "foreign", {"index": index, "label": label}


def _step(event: StepFinished) -> Fields:
    message = event.message
    return {
        "stop": message.stop,
        "stop_raw": message.stop_raw,
        "usage": usage_fields(message.usage),
        "cost": cost_fields(message.cost),
        "ttft_s": None if event.ttft_s is None else round(event.ttft_s, 6),
        "seconds": round(event.seconds, 6),
        "seals_sent": event.seals_sent,
        "seals_received": event.seals_received,
        "figures": figure_fields(event.figures),
    }
