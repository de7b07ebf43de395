"""``sightline ask``: prompts in, answers out; the same engine and events as on the screen."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TextIO

from tui.chat.events import Event, TurnFailed, TurnFinished
from tui.cli.json_events import Lines, dump
from tui.cli.printer import Printer
from tui.engine.session import Session
from tui.errors import UsageError

EXIT_BY_STOP = {"step_limit": 6, "budget": 6}
EXIT_BY_SIGNAL = {signal.SIGINT: 130, signal.SIGTERM: 143}
PIPE_CLOSED = 141


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how to print."""

    json: bool = False
    quiet: bool = False


def gather_prompts(words: Sequence[str], stdin: TextIO) -> list[str]:
    """The prompts of a run, with ``-`` replaced by standard input; UsageError for a misuse."""
    if words.count("-") > 1:
        raise UsageError("prompts", "standard input is named twice", hint="use - once")
    prompts: list[str] = []
    for word in words:
        if word != "-":
            prompts.append(word)
            continue
        text = stdin.read()
        if prompts:
            prompts[-1] = f"{prompts[-1]}\n\n{text}"
        else:
            prompts.append(text)
    if not prompts or not all(prompt.strip() for prompt in prompts):
        raise UsageError("prompts", "there is nothing to ask", hint='try: sightline ask "What is 6*7?"')
    return prompts


def looks_unquoted(words: Sequence[str]) -> bool:
    """Whether the prompts look like one sentence without quotes, each word a paid turn."""
    return len(words) > 2 and all(len(word.split()) == 1 for word in words)


async def run(session: Session, prompts: Sequence[str], output: Output, clock: Callable[[], float]) -> int:
    """Send each prompt as a turn until one fails; returns the exit code."""
    caught: list[signal.Signals] = []
    loop = asyncio.get_running_loop()

    def interrupt(signum: signal.Signals) -> None:
        caught.append(signum)
        session.stop()

    for signum in EXIT_BY_SIGNAL:
        loop.add_signal_handler(signum, interrupt, signum)
    show = _shower(session, output, clock())
    try:
        code = 0
        for prompt in prompts:
            code = await _turn(session, prompt, show)
            if caught:
                return EXIT_BY_SIGNAL[caught[0]]
            if code:
                break
        return code
    except BrokenPipeError:
        # Nobody reads any more; the call was stopped when the turn was closed.
        _silence_stdout()
        return PIPE_CLOSED
    finally:
        for signum in EXIT_BY_SIGNAL:
            loop.remove_signal_handler(signum)


def _shower(session: Session, output: Output, started: float) -> Callable[[Event], None]:
    if not output.json:
        return Printer(sys.stdout, sys.stderr, quiet=output.quiet).show
    lines = Lines(session.id, started)

    def show(event: Event) -> None:
        line = lines.of(event, session.totals.turns)
        if line is not None:
            print(dump(line), flush=True)

    return show


async def _turn(session: Session, prompt: str, show: Callable[[Event], None]) -> int:
    code = 0
    async with aclosing(session.send(prompt)) as events:
        async for event in events:
            show(event)
            if isinstance(event, TurnFailed):
                code = event.error.exit_code
            elif isinstance(event, TurnFinished) and not code:
                code = EXIT_BY_STOP.get(event.stop, 0)
    return code


def _silence_stdout() -> None:
    """Point standard output at nothing, or the interpreter complains once more while it exits."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
