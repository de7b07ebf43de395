"""Asks on the terminal whether a tool may run: one question at a time, nothing hidden."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from tui.chat.conversation import arguments_object
from tui.chat.events import Answer, ApprovalNeeded
from tui.chat.parts import Json, ToolCall
from tui.clean import exposed
from tui.cli.budget_question import BudgetQuestion
from tui.cli.terminal import Terminal

GATHER_S = 0.05
"""Questions of one answer come together; the first is asked when the others can be counted."""
SETTLE_S = 0.3
"""Between a question and its prompt: what was typed until then was meant for something else."""
MOST_LINES = 80
"""Of one text in a question; the rest is shown when it is asked for."""

_HELP = "answer y, s, n or N (v shows everything), then press Enter\n"


class TerminalPort(Protocol):
    """Where a person is asked."""

    def write(self, text: str) -> None:
        """Show clean text."""
        ...

    def forget_typed(self) -> None:
        """Drop what was typed until now."""
        ...

    async def line(self) -> str | None:
        """The next line; None once there will be none."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Approver:
    """Takes the questions of a turn as they come and has each decided by whoever sits at the terminal."""

    def __init__(self, terminal: TerminalPort, *, settle: float = SETTLE_S) -> None:
        self._terminal = terminal
        self._settle = settle
        self._waiting: list[ApprovalNeeded] = []
        self._asking: asyncio.Task[None] | None = None
        self._budget: asyncio.Task[None] | None = None

    @classmethod
    def open(cls) -> Approver | None:
        """One at the terminal of this process; None where nobody can be asked."""
        terminal = Terminal.open()
        return None if terminal is None else cls(terminal)

    @property
    def asking(self) -> bool:
        """Whether a question is on the terminal, or about to be."""
        return bool(self._waiting) or (self._budget is not None and not self._budget.done())

    def add(self, needed: ApprovalNeeded) -> None:
        """Ask this one too, after those that wait."""
        self._waiting.append(needed)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all())

    def finished(self, call: ToolCall) -> None:
        """The call has its result; a question about it is no longer one."""
        if not any(needed.call is call for needed in self._waiting):
            return
        was_first = self._waiting[0].call is call
        self._waiting = [needed for needed in self._waiting if needed.call is not call]
        if was_first and self._asking is not None:
            self._asking.cancel()
            self._terminal.write("\n")
            self._asking = asyncio.create_task(self._ask_all()) if self._waiting else self._asking

    def spend(self, question: BudgetQuestion) -> None:
        """Ask whether a call goes out that may break a limit; no tool runs meanwhile."""
        self._budget = asyncio.create_task(question.ask(self._terminal.write, self._typed))

    def spent(self) -> None:
        """That is decided, or the turn is over: it is no question any more."""
        if self._budget is not None and not self._budget.done():
            self._budget.cancel()
            self._terminal.write("\n")
        self._budget = None

    async def aclose(self) -> None:
        """Ask nothing more, and let go of the terminal."""
        self._waiting.clear()
        for asking in (self._asking, self._budget):
            if asking is not None:
                asking.cancel()
                await asyncio.wait([asking])
        self._terminal.close()

    async def _ask_all(self) -> None:
        await asyncio.sleep(GATHER_S)
        while self._waiting:
            needed = self._waiting[0]
            self._terminal.write(question(needed))
            answer = await self._answer(needed)
            if answer is not None:
                self._decide(needed, answer)

    def _decide(self, needed: ApprovalNeeded, answer: Answer) -> None:
        lasts = answer.decision == "session" or answer.lasting
        key = _key(needed)
        # What is granted or refused for good is settled for equal calls at the same time.
        self._waiting = [
            other for other in self._waiting if other is not needed and not (lasts and _key(other) == key)
        ]
        needed.decide(answer)

    async def _answer(self, needed: ApprovalNeeded) -> Answer | None:
        """What is decided about one call; None when it was decided together with the others."""
        while True:
            word, reason = _split(await self._typed(self._prompt(needed)))
            if word in ("y", "yes"):
                return Answer("once", "user")
            if word in ("s", "session"):
                return Answer("session", "user")
            if word in ("n", "no", "N", "never"):
                reason = reason or await self._reason()
                return Answer("never", "user", reason, lasting=word in ("N", "never"))
            if word is None:
                return Answer("never", "user")
            if word in ("a", "all") and len(self._waiting) > 1:
                if await self._all():
                    return None
            elif word == "v":
                self._terminal.write(question(needed, whole=True))
            else:
                self._terminal.write(_HELP)

    async def _all(self) -> bool:
        """One yes for all that wait, once every one of them has been shown."""
        shown = list(self._waiting)
        for needed in shown[1:]:
            self._terminal.write(question(needed))
        word, _ = _split(await self._typed(f"yes to all {len(shown)}? y, or Enter to go one by one > "))
        if word not in ("y", "yes"):
            return False
        for needed in shown:
            if needed in self._waiting:
                self._decide(needed, Answer("once", "user"))
        return True

    async def _reason(self) -> str:
        self._terminal.write("why not? the model hears it; Enter for no reason > ")
        return (await self._terminal.line() or "").strip()

    async def _typed(self, prompt: str) -> str | None:
        """A line that was typed after the prompt was there."""
        await asyncio.sleep(self._settle)
        self._terminal.forget_typed()
        self._terminal.write(prompt)
        return await self._terminal.line()

    def _prompt(self, needed: ApprovalNeeded) -> str:
        choices = ["y once", f"s this session ({exposed(needed.ask.grants)})", "n no", "N never"]
        if len(self._waiting) > 1:
            choices.append(f"a all {len(self._waiting)} that wait")
        return f"  {' · '.join(choices)} > "


def question(needed: ApprovalNeeded, *, whole: bool = False) -> str:
    """What a tool wants, with all its arguments and its change, as lines nobody else can have written."""
    ask, call = needed.ask, needed.call
    lines = [f"? {exposed(call.name)}: {exposed(ask.says)}"]
    for name, value in (arguments_object(call.arguments) or {}).items():
        lines += _argument(exposed(name), value, in_diff=bool(ask.diff) and not whole, whole=whole)
    if ask.diff:
        lines += _framed("", ask.diff.rstrip("\n").split("\n"), whole=whole)
    return "\n".join(lines) + "\n"


def _argument(name: str, value: Json, *, in_diff: bool, whole: bool) -> Iterator[str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    lines = text.split("\n")
    if in_diff and len(lines) > 1:
        return iter((f"  {name} │ {len(lines):,} lines; the change is below",))
    return _framed(name, lines, whole=whole)


def _framed(name: str, lines: Sequence[str], *, whole: bool) -> Iterator[str]:
    """The lines behind a rule, so that no text can pass for a question or a prompt."""
    left_out = 0 if whole else len(lines) - MOST_LINES
    margin = " " * len(name)
    for place, line in enumerate(lines):
        if left_out > 0 and MOST_LINES * 3 // 4 <= place < MOST_LINES * 3 // 4 + left_out:
            if place == MOST_LINES * 3 // 4:
                yield f"  {margin} … {left_out:,} more lines; v shows them"
            continue
        yield f"  {margin if place else name} │ {exposed(line)}"


def _key(needed: ApprovalNeeded) -> tuple[str, str]:
    return needed.call.name, needed.ask.grant


def _split(line: str | None) -> tuple[str | None, str]:
    """The first word of an answer and the rest; no word at the end of all input."""
    if line is None:
        return None, ""
    word, _, rest = line.strip().partition(" ")
    return word.strip(",:;"), rest.strip()
