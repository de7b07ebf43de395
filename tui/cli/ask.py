"""``sightline ask``: prompts in, answers out; the same engine and events as on the screen."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal
from typing import TextIO

from tui.chat.events import (
    ApprovalNeeded,
    BudgetDecided,
    BudgetNeeded,
    Event,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.parts import Attachment
from tui.cli.approver import Approver
from tui.cli.budget_question import BudgetQuestion
from tui.cli.json_events import Lines, dump, warning_fields
from tui.cli.printer import (
    STORE_FAILED,
    Printer,
    print_error,
    print_finding,
    print_stop,
    print_traceback,
)
from tui.cli.signals import EXIT_BY_SIGNAL, listening
from tui.cli.streams import read_input, silence_output
from tui.engine.session import Session
from tui.errors import UsageError

EXIT_BY_STOP = {"step_limit": 6, "budget": 6}
PIPE_CLOSED = 141


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how to print."""

    json: bool = False
    quiet: bool = False
    debug: bool = False
    """Also show where an error was raised."""


def gather_prompts(words: Sequence[str], stdin: TextIO) -> list[str]:
    """The prompts of a run, with ``-`` replaced by standard input; UsageError for a misuse."""
    if words.count("-") > 1:
        raise UsageError("prompts", "standard input is named twice", hint="use - once")
    prompts: list[str] = []
    for word in words:
        if word != "-":
            prompts.append(word)
            continue
        text = read_input(stdin)
        if prompts:
            prompts[-1] = f"{prompts[-1]}\n\n{text}"
        else:
            prompts.append(text)
    if not prompts or not all(prompt.strip() for prompt in prompts):
        raise UsageError("prompts", "there is nothing to ask", hint='try: sightline ask "What is 6*7?"')
    return prompts


def looks_unquoted(words: Sequence[str]) -> bool:
    """Whether the prompts look like one sentence without quotes, each word a paid turn."""
    spoken = [word for word in words if word != "-"]
    return len(spoken) > 2 and all(len(word.split()) == 1 for word in spoken)


def tool_names(text: str) -> list[str]:
    """The names in the value of ``--tools``; ``none`` is no name."""
    names = [name.strip() for name in text.split(",")]
    return [name for name in names if name and name != "none"]


async def run(
    session: Session,
    prompts: Sequence[str],
    output: Output,
    clock: Callable[[], float],
    attachments: Sequence[Attachment] = (),
    approver: Approver | None = None,
    told: Sequence[Finding] = (),
) -> int:
    """Send each prompt as a turn until one fails, the first with ``attachments``; returns the exit code.

    What waits for a yes is put to ``approver``; without one nothing may wait, so the session decides.
    ``told`` is said first.
    """
    caught: list[signal.Signals] = []
    loop = asyncio.get_running_loop()

    def interrupt(signum: signal.Signals) -> None:
        caught.append(signum)
        loop.call_soon_threadsafe(session.stop)

    show = _Show(session, output, clock(), approver)
    try:
        with listening(interrupt):
            for finding in told:
                show.told(finding)
            code = 0
            for number, prompt in enumerate(prompts):
                code = await _turn(session.send(prompt, () if number else attachments), show.event)
                if caught:
                    return EXIT_BY_SIGNAL[caught[0]]
                if code:
                    break
            return code
    except BrokenPipeError:
        # Nobody reads any more; the call was stopped when the turn was closed.
        silence_output()
        return PIPE_CLOSED


class _Show:
    """Prints what happens in the way that was asked for."""

    def __init__(self, session: Session, output: Output, started: float, approver: Approver | None) -> None:
        self._session = session
        self._output = output
        self._started = started
        self._approver = approver
        self._lines = Lines(session.id, started)
        self._printer = Printer(sys.stdout, sys.stderr, quiet=output.quiet)
        self._held: list[Event] = []
        """What is not printed while a question is on the terminal."""

    def told(self, finding: Finding) -> None:
        """Something about the session itself."""
        if self._output.json:
            print(dump(self._lines.line("warning", self._started, warning_fields(finding))), flush=True)
        if finding.cls == STORE_FAILED or not self._output.quiet:
            print_finding(finding, sys.stderr)

    def event(self, event: Event) -> None:
        """Something that happens in a turn."""
        approver = self._approver
        if approver is not None:
            ask_about(event, approver, self._session)
        if self._output.debug and isinstance(event, TurnFailed):
            print_traceback(event.error, sys.stderr)
        if isinstance(event, BudgetDecided) and not event.go_on:
            print_stop(event.overrun, sys.stderr)
        if self._output.json:
            self._line(event)
            return
        self._held.append(event)
        while self._held and not (approver is not None and approver.asking):
            self._printer.show(self._held.pop(0))

    def _line(self, event: Event) -> None:
        for line in self._lines.all_of(event, self._session.totals.turns):
            print(dump(line), flush=True)
        if isinstance(event, TurnFailed):
            print_error(event.error, sys.stderr)
        elif isinstance(event, Warned) and event.finding.cls == STORE_FAILED:
            print_finding(event.finding, sys.stderr)


def ask_about(event: Event, approver: Approver, session: Session) -> None:
    """Put to ``approver`` what waits for a person, and take from it what is decided."""
    match event:
        case ApprovalNeeded():
            approver.add(event)
        case ToolFinished(call=call):
            approver.finished(call)
        case BudgetNeeded(overrun=overrun):

            def raise_to(limit: Decimal) -> None:
                session.budget = session.budget.limited(overrun.scope, limit)

            approver.spend(BudgetQuestion(event, raise_to))
        case BudgetDecided() | TurnFinished():
            approver.spent()


async def _turn(turn: AsyncGenerator[Event, None], show: Callable[[Event], None]) -> int:
    code = 0
    async with aclosing(turn) as events:
        async for event in events:
            show(event)
            if isinstance(event, TurnFailed):
                code = event.error.exit_code
            elif isinstance(event, TurnFinished) and not code:
                code = EXIT_BY_STOP.get(event.stop, 0)
    return code
