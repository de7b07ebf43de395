"""A session whose model calls tools that ask: the calls are written by the test, the answers kept."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from tests.ui.scripted_session import ScriptedSession
from tui.chat.events import (
    Answer,
    Answering,
    ApprovalNeeded,
    Approved,
    Ask,
    Event,
    PartFinished,
    PartStarted,
    StepFinished,
    StepStarted,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from tui.chat.messages import AssistantMessage, Stop, UserMessage
from tui.chat.parts import Attachment, Origin, Text, ToolCall, ToolResult
from tui.chat.usage import UNKNOWN_COST, Usage

DIFF = """\
--- a/notes.md
+++ b/notes.md
@@ -1,3 +1,4 @@
 # Notes
-buy milk
+buy oat milk
+call Ada
 the end
"""


def call(name: str, number: int = 1, /, **arguments: Any) -> ToolCall:
    return ToolCall(f"call_{number}", name, json.dumps(arguments, ensure_ascii=False))


def shell(command: str, number: int = 1) -> tuple[ToolCall, Ask]:
    program = command.split()[0]
    return call("shell", number, command=command), Ask(
        "run a command in ~/project", command, program, f"every command that begins with {program}"
    )


def edit(number: int = 1) -> tuple[ToolCall, Ask]:
    return call("edit_file", number, path="notes.md", old="buy milk", new="buy oat milk\ncall Ada"), Ask(
        "change 1 place in notes.md", "notes.md", "notes.md", "every change of notes.md", DIFF
    )


class AskingSession(ScriptedSession):
    """Asks about ``calls`` all at once; ``answers`` are what was decided, by call id."""

    def __init__(self, *calls: tuple[ToolCall, Ask]) -> None:
        super().__init__()
        self.calls: Sequence[tuple[ToolCall, Ask]] = calls
        self.answers: dict[str, Answer] = {}
        self.decides: list[Any] = []

    async def send(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncIterator[Event]:
        self.sent.append(text)
        self.stopped.clear()
        self.totals.turns += 1
        begun = self.tick()
        yield StepStarted(begun, self.route, self.totals.turns, self.totals.turns)
        yield Answering(self.tick(0.4), self.served)
        for index, (asked, _) in enumerate(self.calls):
            yield PartStarted(self.tick(), index, "tool_call", asked.name)
            yield PartFinished(self.tick(), index, asked)
        origin = Origin("messages", "anthropic", "claude-opus-4-5", None, "header")
        parts = tuple(asked for asked, _ in self.calls)
        message = AssistantMessage(
            f"a{self.totals.turns}", parts, origin, "tool_use", None, Usage(9, 0), UNKNOWN_COST, 0.0
        )
        prompt = UserMessage(f"u{self.totals.turns}", (Text(text),), 0.0)
        self.conversation = self.conversation.append(prompt, message)
        yield StepFinished(self.tick(), message, self.tick(0) - begun, 0.6, 0, 0)
        async for event in self._tools():
            yield event
        stop: Stop = "cancelled" if self.stopped.is_set() else "end"
        yield TurnFinished(self.tick(), stop, "", Usage(), UNKNOWN_COST, 1)

    async def _tools(self) -> AsyncIterator[Event]:
        loop = asyncio.get_running_loop()
        futures: dict[int, asyncio.Future[Answer]] = {}
        for place, (asked, ask) in enumerate(self.calls):
            future: asyncio.Future[Answer] = loop.create_future()
            futures[place] = future

            def decide(answer: Answer, future: asyncio.Future[Answer] = future) -> None:
                if not future.done():
                    future.set_result(answer)

            self.decides.append(decide)
            yield ApprovalNeeded(self.tick(), asked, ask, decide)
        stopped = asyncio.ensure_future(self.stopped.wait())
        while futures and not self.stopped.is_set():
            waits: list[asyncio.Future[Any]] = [*futures.values(), stopped]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for place in [place for place, future in futures.items() if future.done()]:
                asked, _ = self.calls[place]
                answer = self.answers[asked.id] = futures.pop(place).result()
                yield Approved(self.tick(), asked, answer)
                if answer.decision == "never":
                    said = f"not approved: {answer.reason}" if answer.reason else "not approved"
                    yield ToolFinished(
                        self.tick(), asked, ToolResult(asked.id, (Text(said),), is_error=True), 0.0
                    )
                else:
                    yield ToolStarted(self.tick(), asked)
                    done = ToolResult(asked.id, (Text(f"{asked.name} did it"),))
                    yield ToolFinished(self.tick(), asked, done, 0.012)
        stopped.cancel()
        for place in futures:
            asked, _ = self.calls[place]
            error = ToolResult(asked.id, (Text("cancelled by the user"),), is_error=True)
            yield ToolFinished(self.tick(), asked, error, 0.0)
