"""From the engine's events to blocks: the one ``match`` over events of the whole screen."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from tui.chat import events as ev
from tui.chat.conversation import CANCELLED
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import ToolCall, ToolResult
from tui.errors import SightlineError
from tui.ui.figures import money
from tui.ui.transcript.blocks.figures import span
from tui.ui.transcript.blocks.media import named
from tui.ui.transcript.model import NoticeLevel, ToolState

if TYPE_CHECKING:
    from tui.ui.transcript.view import Transcript

YIELD_EVERY = 0.008
"""Seconds after which other tasks get their turn."""
MAX_BACKLOG = 24_000
"""Characters that may wait for the screen before the stream has to."""

RETRY = ("r", "retry, or type /retry")


def clock_label(at: float | None) -> str:
    """Unix time as the time of day; empty when not known."""
    return "" if not at else datetime.fromtimestamp(at).strftime("%H:%M")


class Applier:
    """Remembers what of a turn is open, and tells the transcript what changed."""

    def __init__(self, transcript: Transcript, *, simulated: bool = False) -> None:
        self._transcript = transcript
        self._simulated = simulated
        self._serial = 0
        self._endpoint = ""
        self._open: set[int] = set()
        self._thinking: dict[int, tuple[float, float | None]] = {}
        """When each reasoning part of the step began and ended, on the events' clock."""
        self._calls: list[tuple[ToolCall, str]] = []
        """Each tool call of the turn with the key of its block; once more when its step is finished."""
        self._started: set[str] = set()
        """Blocks of calls that ran."""
        self._ended: set[str] = set()
        """Blocks of calls that were refused or have a result."""
        self._worked = time.monotonic()

    async def apply(self, event: ev.Event) -> None:
        """Show one event; gives way to other tasks every few milliseconds, and waits for a slow screen."""
        self._show(event)
        now = time.monotonic()
        if now - self._worked >= YIELD_EVERY:
            await asyncio.sleep(0)
            self._worked = time.monotonic()
        while self._transcript.backlog > MAX_BACKLOG and self._transcript.is_attached:
            await asyncio.sleep(0.01)
            self._worked = time.monotonic()

    def _show(self, event: ev.Event) -> None:
        view = self._transcript
        match event:
            case ev.StepStarted():
                self._step(event)
            case ev.PartStarted(index=index, kind=kind, label=label):
                self._open.add(index)
                if kind == "thinking":
                    self._thinking[index] = (event.at, None)
                view.start_part(self._key(index), kind, label, group=self._group)
            case ev.PartDelta(index=index, text=text):
                view.append(self._key(index), text)
            case ev.PartFinished(index=index, part=part):
                self._part_finished(index, part, event.at)
            case ev.StepFinished():
                self._step_finished(event)
            case ev.ApprovalNeeded() | ev.Approved() | ev.ToolStarted() | ev.ToolFinished():
                self._tool(event)
            case ev.Retrying(attempt=attempt, wait_s=wait, why=why):
                view.notice(f"trying again in {span(wait)} (attempt {attempt}): {why}", level="warning")
            case ev.Warned(finding=finding):
                self._warned(finding)
            case ev.TurnFailed(error=error):
                self._failed(error)
            case ev.TurnFinished(stop=stop):
                self._turn_finished(stop)
            case ev.Answering():
                pass  # who answers is the header's to say
            case _:
                assert_never(event)

    def _tool(self, event: ev.ApprovalNeeded | ev.Approved | ev.ToolStarted | ev.ToolFinished) -> None:
        view = self._transcript
        match event:
            case ev.ApprovalNeeded(call=call, ask=ask):
                view.tool_state(self._call_key(call), "approval", diff=ask.diff)
            case ev.Approved(call=call, answer=answer):
                key = self._call_key(call)
                refused = answer.decision == "never"
                self._ended |= {key} if refused else set()
                view.tool_state(key, "refused" if refused else "written", note=decided(answer))
            case ev.ToolStarted(call=call):
                key = self._call_key(call)
                self._started.add(key)
                view.tool_state(key, "running")
            case ev.ToolFinished(call=call, result=result, seconds=seconds):
                self._tool_finished(call, result, seconds)

    @property
    def _group(self) -> str:
        return f"step-{self._serial}"

    def _key(self, index: int) -> str:
        return f"{self._group}-{index}"

    def _call_key(self, call: ToolCall) -> str:
        # By identity first: some vendors give two calls of one answer the same id.
        same = [key for known, key in self._calls if known is call]
        return next(iter(same or [key for known, key in self._calls if known.id == call.id]), "")

    def _step(self, event: ev.StepStarted) -> None:
        self._close_open("")
        self._serial += 1
        self._endpoint = event.route.endpoint
        self._thinking = {}
        self._transcript.set_running(True)

    def _part_finished(self, index: int, part: object, at: float) -> None:
        key = self._key(index)
        self._open.discard(index)
        if isinstance(part, ToolCall):
            self._calls.append((part, key))
        self._transcript.finish_part(key, part)  # type: ignore[arg-type]
        if index in self._thinking:
            began = self._thinking[index][0]
            self._thinking[index] = (began, at)
            self._transcript.update_thinking(key, seconds=at - began)

    def _step_finished(self, event: ev.StepFinished) -> None:
        message = event.message
        calls = [(i, part) for i, part in enumerate(message.parts) if isinstance(part, ToolCall)]
        self._calls += [(part, self._key(index)) for index, part in calls]
        self._close_open("cut off here" if message.stop == "failed" else "stopped here")
        reasoning = message.usage.reasoning if message.usage else None
        if reasoning and len(self._thinking) == 1:
            (index,) = self._thinking
            self._transcript.update_thinking(self._key(index), tokens=reasoning, estimated=False)
        self._transcript.footer(
            f"{self._group}-footer",
            step_line(event, self._endpoint, simulated=self._simulated),
            group=self._group,
        )

    def _close_open(self, note: str) -> None:
        """Parts whose end never came are closed as they stand."""
        for index in sorted(self._open):
            self._transcript.finish_part(self._key(index), note=note)
        self._open.clear()

    def _tool_finished(self, call: ToolCall, result: ToolResult, seconds: float) -> None:
        key = self._call_key(call)
        text = named(result.text, result.parts)
        size = len(result.text.encode("utf-8", "replace"))
        state: ToolState = "error" if result.is_error else "ok"
        if key in self._ended:
            state = "refused"
        self._ended.add(key)
        if result.is_error and result.text == CANCELLED:
            self._transcript.tool_state(key, "stopped" if key in self._started else "not run")
        else:
            self._transcript.tool_state(key, state, seconds, text, size, full=result.full)

    def _warned(self, finding: Finding) -> None:
        where = f" ({finding.path})" if finding.path else ""
        level: NoticeLevel = "error" if finding.fatal else "warning"
        self._transcript.notice(finding.says + where, level=level, hint=finding.mend)

    def _failed(self, error: SightlineError) -> None:
        self._close_open("cut off here")
        self._transcript.card(
            f"{self._group}-failure-{len(self._transcript.page)}",
            error.title,
            error.what,
            error.vendor_message or "",
            error.hint,
            error.layer,
            (RETRY,),
            error.status,
        )

    def _turn_finished(self, stop: str) -> None:
        self._close_open("stopped here")
        said = STOPS.get(stop)
        if said:
            self._transcript.notice(said, level="info" if stop == "cancelled" else "warning")
        for _, key in self._calls:
            if key not in self._ended:
                self._transcript.tool_state(key, "not run")
        self._calls, self._started, self._ended = [], set(), set()
        self._transcript.set_waiting(None)
        self._transcript.set_running(False)


def decided(answer: ev.Answer) -> str:
    """How a call was let run or not, in a person's words."""
    why = f": {answer.reason}" if answer.reason else ""
    if answer.decision == "never":
        lasting = " for this session" if answer.lasting else ""
        return {"user": f"refused by you{lasting}{why}"}.get(answer.by, f"refused{why or ': not approved'}")
    if answer.by == "user":
        return "allowed by you, once" if answer.decision == "once" else "allowed by you for this session"
    return "allowed by a rule of the configuration" if answer.by == "rule" else "allowed by --approve all"


STOPS = {
    "cancelled": "stopped by you",
    "max_tokens": "the answer ends here because it reached the token limit",
    "refusal": "the model refused to answer",
    "context_full": "the context is full: /new begins a fresh conversation",
    "step_limit": "stopped by the limit of steps in a turn",
    "budget": "stopped by the budget",
}
"""What is said of a turn that did not simply end; a failed one has its card."""


def step_line(event: ev.StepFinished, endpoint: str, *, simulated: bool = False) -> str:
    """The quiet line of a step: ``$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new``."""
    facts = [cost_text(event.message, simulated=simulated)]
    output = event.message.usage.output if event.message.usage else None
    facts.append("tokens unknown" if output is None else f"{output:,} tok")
    facts += [span(event.seconds), endpoint]
    if event.seals_sent or event.seals_received:
        plural = "" if event.seals_sent == 1 else "s"
        facts.append(f"{event.seals_sent} seal{plural} sent, {event.seals_received} new")
    return " · ".join(fact for fact in facts if fact)


def cost_text(message: AssistantMessage, *, simulated: bool = False) -> str:
    """What the step cost and how sure that is; an unknown cost says so."""
    text = money(message.cost)
    if message.cost.usd is None:
        return text
    if message.cost.source == "estimated" and not message.cost.at_least:
        text += " estimated"
    return f"{text} simulated" if simulated else text
