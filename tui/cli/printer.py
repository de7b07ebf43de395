"""What ``ask`` writes for people: the answer on standard output, the rest on standard error."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import TextIO

from tui.chat.events import (
    Approved,
    Event,
    Observed,
    Overrun,
    PartDelta,
    PartFinished,
    PartStarted,
    Retrying,
    StepFinished,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.overruns import sentence
from tui.chat.usage import Cost
from tui.clean import clean, visible
from tui.errors import SightlineError
from tui.gateway.secrets import without_known_shapes

STORE_FAILED = "store-failed"
"""The class of what is lost if nobody hears of it, so it is told even where nobody seems to listen."""
WIDEST_ARGUMENTS, WIDEST_RESULT = 300, 600
"""Terminal cells of a call and of its result in the line about it; ``--json`` has them whole."""


def print_error(error: SightlineError, err: TextIO) -> None:
    """The two lines every failure ends in."""
    print(visible(str(error)), file=err)
    if error.hint:
        print(visible(f"hint: {error.hint}"), file=err)
    err.flush()


def print_remark(says: str, err: TextIO) -> None:
    """One line beside a command's output."""
    print(visible(says), file=err, flush=True)


def print_finding(finding: Finding, err: TextIO) -> None:
    """A remark that is made whether or not somebody watches."""
    print(visible(f"warning: {finding.says}"), file=err)
    if finding.mend:
        print(visible(f"hint: {finding.mend}"), file=err)
    err.flush()


def print_stop(overrun: Overrun, err: TextIO) -> None:
    """Why a call was not made, told like a failure: it ends the run with a code of its own."""
    print(visible(f"budget: {sentence(overrun)} ({overrun.assumes})"), file=err)
    where = "with --budget USD or " if overrun.scope == "session" else ""
    print(f"hint: raise the limit {where}under budget: in the configuration", file=err)
    err.flush()


def print_traceback(error: BaseException, err: TextIO) -> None:
    """Where ``error`` and its causes were raised; their words come from anywhere."""
    lines = "".join(traceback.format_exception(error)).split("\n")
    err.write("\n".join(clean(without_known_shapes(line)) for line in lines))
    err.flush()


def cost_text(cost: Cost) -> str:
    """A figure for people: four significant places, a lower bound marked, unknown said."""
    if cost.usd is None:
        return "cost unknown"
    sign = "≥ " if cost.at_least else ""
    return f"{sign}${cost.usd:.4f}" if cost.usd >= 1 else f"{sign}${cost.usd:.4g}"


class Printer:
    """Prints one run's events; control characters are made visible only where a terminal would obey them."""

    def __init__(self, out: TextIO, err: TextIO, *, quiet: bool) -> None:
        self._out = out
        self._err = err
        self._exact = not out.isatty()
        self._talks = err.isatty() and not quiet
        self._wrote = False
        """Whether the present line of standard output holds anything."""
        self._thinking = False
        self._said: set[str] = set()
        """What was observed and is told already."""

    def show(self, event: Event) -> None:
        """Print what the event adds."""
        match event:
            case PartDelta(kind="text", text=text):
                self._text(text)
            case PartDelta(kind="thinking", text=text):
                self._think(text)
            case PartStarted(kind=kind) if self._talks and kind != "text":
                self._part_lines()
            case PartFinished():
                self._end_thinking()
            case Approved(call=call, answer=answer) if answer.by != "user":
                # What a person decided is on the terminal already.
                says = "not approved" if answer.decision == "never" else "approved"
                self._say(f"· {call.name} {says} by {answer.by}")
            case ToolFinished(call=call, result=result, seconds=seconds):
                self._end_line()
                state = "error" if result.is_error else "ok"
                asked = visible(call.arguments, WIDEST_ARGUMENTS)
                says = visible(result.text, WIDEST_RESULT)
                self._say(f"· {call.name} {asked} → {state}, {seconds * 1000:.0f} ms: {says}")
            case StepFinished():
                self._end_line()
            case Retrying(wait_s=wait_s, why=why):
                self._say(f"· trying again in {wait_s:.0f} s: {why}")
            case Warned(finding=finding) if finding.cls == STORE_FAILED:
                self._end_line()
                self._end_thinking()
                print_finding(finding, self._err)
            case Warned(finding=finding):
                self._say(f"· warning: {finding.says}")
            case Observed(findings=findings):
                self._observed(findings)
            case TurnFailed(error=error):
                self._end_line()
                self._end_thinking()
                print_error(error, self._err)
            case TurnFinished():
                self._end_turn(event)
            case _:
                pass

    def _observed(self, findings: Sequence[Finding]) -> None:
        """What is odd about who answers, each sentence once: some hold for every step."""
        for finding in findings:
            if finding.says not in self._said:
                self._said.add(finding.says)
                self._part_lines()
                self._say(f"· {finding.says}")

    def _text(self, text: str) -> None:
        self._end_thinking()
        self._out.write(text if self._exact else clean(text))
        self._out.flush()
        self._wrote = True

    def _think(self, text: str) -> None:
        if self._talks:
            self._err.write(clean(text) if self._thinking else clean(f"· thinking: {text}"))
            self._thinking = True
            self._err.flush()

    def _end_thinking(self) -> None:
        if self._thinking:
            self._err.write("\n")
            self._thinking = False

    def _say(self, line: str) -> None:
        self._end_thinking()
        if self._talks:
            print(visible(line), file=self._err, flush=True)

    def _part_lines(self) -> None:
        """Start a line for what follows where both streams share the screen; a pipe stays exact."""
        if not self._exact:
            self._end_line()

    def _end_line(self) -> None:
        if self._wrote:
            self._out.write("\n")
            self._out.flush()
            self._wrote = False

    def _end_turn(self, event: TurnFinished) -> None:
        self._end_line()
        if event.stop in ("refusal", "max_tokens", "step_limit", "budget", "context_full"):
            self._say(f"· stopped: {event.stop.replace('_', ' ')}")
        output = "" if event.usage.output is None else f" · {event.usage.output} tok out"
        steps = f"{event.steps} step" + ("" if event.steps == 1 else "s")
        self._say(f"· {cost_text(event.cost)}{output} · {steps}")
