"""From the engine's events to blocks: the one ``match`` over events of the whole screen."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, assert_never

from tui.chat import events as ev
from tui.chat.finding import Finding
from tui.chat.parts import ToolCall
from tui.chat.route import Served
from tui.errors import SightlineError
from tui.truth.badges import badges, known_model
from tui.truth.known import PIN_REFUSED
from tui.ui.transcript import told

if TYPE_CHECKING:
    from tui.ui.transcript.view import Transcript

YIELD_EVERY = 0.008
"""Seconds after which other tasks get their turn."""
MAX_BACKLOG = 24_000
"""Characters that may wait for the screen before the stream has to."""


class Applier:
    """Remembers what of a turn is open, and tells the transcript what changed."""

    def __init__(self, transcript: Transcript, *, simulated: bool = False) -> None:
        self._transcript = transcript
        self._simulated = simulated
        self._serial = 0
        self._group = "step-0"
        """Begins the keys of the step's blocks."""
        self._endpoint = ""
        self._exchange = ""
        """The request of the step that runs."""
        self._served: Served | None = None
        self._observed: tuple[Finding, ...] = ()
        """What is odd about who answers the step."""
        self._open: set[int] = set()
        self._thinking: dict[int, float] = {}
        """When each reasoning part of the step began, on the events' clock."""
        self._calls: list[tuple[ToolCall, str]] = []
        """Each tool call of the turn with the key of its block; once more when its step is finished."""
        self._started: set[str] = set()
        """Blocks of calls that ran."""
        self._ended: set[str] = set()
        """Blocks of calls that were refused or have a result."""
        self._retrying: ev.Retrying | None = None
        """The retry that waits to be made."""
        self._again_key = ""
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
            # First of all, for nearly every event is one.
            case ev.PartDelta(index=index, text=text):
                view.append(self._key(index), text)
            case ev.StepStarted():
                self._step(event)
            case ev.PartStarted(index=index, kind=kind, label=label):
                self._open.add(index)
                if kind == "thinking":
                    self._thinking[index] = event.at
                view.start_part(self._key(index), kind, label, group=self._group)
            case ev.PartFinished(index=index, part=part):
                self._part_finished(index, part, event.at)
            case ev.StepFinished():
                self._step_finished(event)
            case ev.ApprovalNeeded() | ev.Approved() | ev.ToolStarted() | ev.ToolFinished():
                self._tool(event)
            case ev.Retrying():
                self._retrying, self._again_key = event, self._new_key("again")
                view.add(told.again_block(self._again_key, event.attempt, event.why, event.wait_s))
            case ev.Warned(finding=finding):
                view.add(told.finding_block(self._new_key("finding"), finding))
            case ev.TurnFailed(error=error):
                self._failed(error, event.at)
            case ev.TurnFinished(stop=stop):
                self._turn_finished(stop, event.at)
            case ev.Answering(served=served):
                self._served, self._observed = served, ()
            case ev.Observed(findings=findings):
                self._odd(findings)
            case ev.BudgetNeeded() | ev.BudgetDecided():
                pass  # asked and answered in a form
            case _:
                assert_never(event)

    def _odd(self, findings: tuple[Finding, ...]) -> None:
        """What is odd stands in the step's last line; of a refused step, which has none, in a remark."""
        self._observed += findings
        for finding in findings:
            if finding.cls == PIN_REFUSED:
                self._transcript.add(told.finding_block(self._new_key("finding"), finding))

    def _tool(self, event: ev.ApprovalNeeded | ev.Approved | ev.ToolStarted | ev.ToolFinished) -> None:
        view = self._transcript
        match event:
            case ev.ApprovalNeeded(call=call, ask=ask):
                view.tool_state(self._call_key(call), "approval", diff=ask.diff)
            case ev.Approved(call=call, answer=answer):
                key = self._call_key(call)
                refused = answer.decision == "never"
                self._ended |= {key} if refused else set()
                view.tool_state(key, "refused" if refused else "written", note=told.decided(answer))
            case ev.ToolStarted(call=call):
                key = self._call_key(call)
                self._started.add(key)
                view.tool_state(key, "running")
            case ev.ToolFinished(call=call, result=result, seconds=seconds):
                key = self._call_key(call)
                ran, refused = key in self._started, key in self._ended
                self._ended.add(key)
                view.tool_ended(key, result, seconds, ran=ran, refused=refused)

    def _key(self, index: int) -> str:
        return f"{self._group}-{index}"

    def _new_key(self, kind: str) -> str:
        return f"{self._group}-{kind}-{len(self._transcript.page)}"

    def _call_key(self, call: ToolCall) -> str:
        # By identity first: some vendors give two calls of one answer the same id.
        same = [key for known, key in self._calls if known is call]
        return next(iter(same or [key for known, key in self._calls if known.id == call.id]), "")

    def _step(self, event: ev.StepStarted) -> None:
        self._close_open("", event.at)
        if self._retrying is not None:
            self._transcript.replace(
                told.again_block(self._again_key, self._retrying.attempt, self._retrying.why)
            )
            self._retrying = None
        self._serial += 1
        self._group = f"step-{self._serial}"
        self._endpoint, self._exchange = event.route.endpoint, event.exchange
        self._served, self._observed = None, ()
        self._thinking = {}
        self._transcript.set_running(True)

    def _part_finished(self, index: int, part: object, at: float) -> None:
        key = self._key(index)
        self._open.discard(index)
        if isinstance(part, ToolCall):
            self._calls.append((part, key))
        self._transcript.finish_part(key, part)  # type: ignore[arg-type]
        if index in self._thinking:
            # What came in one piece was not seen to take any time.
            self._transcript.update_thinking(key, seconds=(at - self._thinking[index]) or None)

    def _step_finished(self, event: ev.StepFinished) -> None:
        message = event.message
        calls = [(i, part) for i, part in enumerate(message.parts) if isinstance(part, ToolCall)]
        self._calls += [(part, self._key(index)) for index, part in calls]
        self._close_open(told.cut_note(message), event.at)
        if exact := told.told_tokens(message):
            self._transcript.update_thinking(self._key(exact[0]), tokens=exact[1], estimated=False)
        line = told.step_line(
            message,
            self._endpoint,
            event.seconds,
            seals_sent=event.seals_sent,
            seals_received=event.seals_received,
            simulated=self._simulated,
            odd=badges(self._observed, self._served, known_model(message.origin)),
        )
        self._transcript.footer(f"{self._group}-footer", line, group=self._group)
        self._transcript.identify(self._group, message.id)

    def _close_open(self, note: str, at: float) -> None:
        """Parts whose end never came are closed as they stand."""
        for index in sorted(self._open):
            key = self._key(index)
            self._transcript.finish_part(key, note=note)
            if index in self._thinking:
                self._transcript.update_thinking(key, seconds=at - self._thinking[index])
        self._open.clear()

    def _failed(self, error: SightlineError, at: float) -> None:
        self._close_open(told.CUT, at)
        key, exchange = self._new_key("failure"), self._exchange
        self._transcript.add(told.failure_block(key, error, retry=True, exchange=exchange))

    def _turn_finished(self, stop: str, at: float) -> None:
        self._close_open(told.STOPPED, at)
        if said := told.stop_block(self._new_key("stop"), stop):
            self._transcript.add(said)
        for _, key in self._calls:
            if key not in self._ended:
                self._transcript.tool_state(key, "not run")
        self._calls, self._started, self._ended = [], set(), set()
        self._exchange = ""
        self._transcript.set_waiting(None)
        self._transcript.set_running(False)
