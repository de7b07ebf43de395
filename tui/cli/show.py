"""``sightline show``: one session to read, much like Markdown, or as one JSON object."""

from __future__ import annotations

import sys
from typing import TextIO

from tui.chat.messages import UserMessage
from tui.chat.parts import AssistantPart, Foreign, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import CallFacts, SessionRecord
from tui.clean import clean
from tui.cli.json_events import dump
from tui.cli.session_json import record_fields
from tui.exports.story import Branch, Step, Story, Turn, story_of
from tui.exports.words import (
    attachment_line,
    call_line,
    failure_lines,
    step_line,
    thinking_line,
    title_of,
    when,
)

_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


def run(record: SessionRecord, *, as_json: bool, colour: bool = True, out: TextIO | None = None) -> int:
    """Print the branch where the session stands, and where others leave it.

    Exact in a pipe; on a terminal control characters are made visible, and thinking is dim with ``colour``.
    """
    out = out or sys.stdout
    if as_json:
        print(dump(record_fields(record)), file=out)
    else:
        _Page(out, colour=colour).session(record)
    out.flush()
    return 0


class _Page:
    """Writes a session from top to bottom."""

    def __init__(self, out: TextIO, *, colour: bool) -> None:
        self._out = out
        self._exact = not out.isatty()
        self._dims = colour and not self._exact

    def session(self, record: SessionRecord) -> None:
        """Everything that is shown of a session."""
        story = story_of(record)
        info = record.info
        self._line(f"# {title_of(record)}")
        facts = [info.id, _counted(info.totals.turns, "turn"), *info.models, when(info.created)]
        if info.source:
            facts.append(f"imported: {info.source}")
        self._line(" · ".join(facts))
        if record.state.system:
            self._heading("## System prompt")
            self._line(record.state.system)
        if story.branches:
            self._branch(story.branches[0], story)
        self._line("")
        for branch in story.branches[1:]:
            place = story.places.get(branch.after or "")
            leaves = f"after message {place}" if place else "at the top"
            self._line(f"Branch {branch.number} leaves {leaves}: {_counted(len(branch.turns), 'turn')}")

    def _branch(self, branch: Branch, story: Story) -> None:
        for turn in branch.turns:
            self._turn(turn, story)

    def _turn(self, turn: Turn, story: Story) -> None:
        if turn.prompt is not None:
            self._prompt(turn.prompt, turn.number, story)
        for step in turn.steps:
            self._step(step, story)

    def _prompt(self, prompt: UserMessage, number: int | None, story: Story) -> None:
        self._heading(f"## {story.places[prompt.id]} · You" + (f" · turn {number}" if number else ""))
        for part in prompt.parts:
            self._line(part.text if isinstance(part, Text) else f"[{attachment_line(part)}]")

    def _step(self, step: Step, story: Story) -> None:
        message, exchange = step.message, step.exchange
        place = f"{story.places[message.id]} · " if message is not None else ""
        if step.is_asked:
            self._heading(f"## {place}{step.model or 'a model'}")
        if message is not None:
            seconds = exchange.thinking_seconds if exchange is not None else {}
            for index, part in enumerate(message.parts):
                self._part(part, seconds.get(index), index in message.unfinished)
        if step.results is not None:
            for result in step.results.results:
                self._result(result, step.calls.get(result.call_id))
        if exchange is not None and exchange.failure is not None:
            self._line("\n".join(f"! {line}" for line in failure_lines(exchange.failure)))
        if step.is_asked:
            self._line(f"· {step_line(step)}", dim=True)

    def _part(self, part: AssistantPart, seconds: float | None, unfinished: bool) -> None:
        match part:
            case Text(text=text):
                self._line(text)
            case Reasoning(text=text):
                head = f"thinking · {thinking_line(part, seconds, unfinished)}"
                self._line(_quoted(f"{head}\n{text}" if text else head), dim=True)
            case ToolCall(name=name, arguments=arguments):
                cut = " (cut off)" if unfinished else ""
                self._line(f"→ {name}{cut} {arguments}")
            case Foreign(label=label):
                self._line(f"[{label}]")

    def _result(self, result: ToolResult, called: CallFacts | None) -> None:
        self._line(f"← {call_line(result, called, unfinished=False)}\n{_quoted(result.text, '  ')}")
        for part in result.parts:
            if not isinstance(part, Text):
                self._line(f"  [{attachment_line(part)}]")

    def _heading(self, text: str) -> None:
        self._line(f"\n{text}\n")

    def _line(self, text: str, *, dim: bool = False) -> None:
        shown = text if self._exact else clean(text)
        if dim and self._dims:
            shown = "\n".join(f"{_DIM}{line}{_PLAIN}" for line in shown.split("\n"))
        print(shown, file=self._out)


def _quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() if not line else f"{mark}{line}" for line in text.split("\n"))


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
