"""Conversations with tools as they go over the line: messages, requests and frames, as long as wanted."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tui.chat.frame import Frame
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionState
from tui.chat.route import Route
from tui.chat.settings import ToolSpec
from tui.chat.usage import Cost, Usage

ORIGIN = Origin("messages", "anthropic", "claude-sonnet-9", "d-1", "header", "claude")
ROUTE = Route(
    "sonnet",
    "litellm-anthropic",
    "http://127.0.0.1:4000",
    "sonnet",
    "claude-sonnet-9",
    "anthropic",
    "claude-sonnet-9",
)
TOOLS = tuple(
    ToolSpec(
        f"tool_{n}",
        "Reads a part of the project. " * 8,
        {"type": "object", "properties": {"path": {"type": "string"}}},
    )
    for n in range(8)
)
_TOOLS_ON_THE_WIRE = json.dumps(
    [{"name": t.name, "description": t.description, "input_schema": t.schema} for t in TOOLS]
)
_LETTERS = "etaoinshrdlcumwfgypbvk"


@dataclass(frozen=True, slots=True)
class Step:
    """A request with its answer, and what came before and after it."""

    before: Node
    """The prompt or the results the request was made for."""
    exchange: Exchange
    body: bytes
    frames: tuple[Frame, ...]
    answer: Node
    state: SessionState


class Talk:
    """Turns of two steps each: a prompt, an answer that thinks and calls a tool, its result, an answer."""

    def __init__(self, seed: int = 1, name: str = "") -> None:
        self._random = random.Random(seed)
        self._name = name or f"s{seed}"
        self._vocabulary = [self._word() for _ in range(4000)]
        self._wire: list[str] = []
        self._last: str | None = None
        self._made = 0
        self._steps = 0
        self.said = 0
        """Bytes of everything said so far, each message once."""

    def turns(self, count: int) -> Iterator[Step]:
        """The next turns, step by step."""
        for _ in range(count):
            self.said += len(prompt := self.text(30))
            user = self._node(UserMessage(self._id(), (Text(prompt),), 1000.0 + self._made))
            self._wire.append(json.dumps({"role": "user", "content": [{"type": "text", "text": prompt}]}))
            yield self._step(user, call=True)
            self.said += len(found := self.text(150))
            called = f"toolu_{self._steps}"
            tool = ToolMessage(self._id(), (ToolResult(called, (Text(found),)),), 1000.0 + self._made)
            result = {"type": "tool_result", "tool_use_id": called, "content": found}
            self._wire.append(json.dumps({"role": "user", "content": [result]}))
            yield self._step(self._node(tool, (CallFacts(called, 0.25),)), call=False)

    def forget(self) -> None:
        """Leave what was said so far out of the requests to come, whose bodies nobody looks at."""
        self._wire.clear()

    def text(self, words: int) -> str:
        """Words by the frequency words have."""
        at = (int(self._random.paretovariate(0.6)) % len(self._vocabulary) for _ in range(words))
        return " ".join(self._vocabulary[place] for place in at)

    def _step(self, before: Node, *, call: bool) -> Step:
        self._steps += 1
        head = '{"model":"sonnet","max_tokens":32000,"stream":true,"messages":['
        body = f'{head}{",".join(self._wire)}],"tools":{_TOOLS_ON_THE_WIRE}}}'.encode()
        thought, said = self.text(60), self.text(120)
        signature = self._random.randbytes(200).hex()
        arguments = json.dumps({"path": self.text(3)})
        self.said += len(thought) + len(said) + len(signature) + (len(arguments) if call else 0)
        blocks: list[dict[str, Any]] = [
            {"type": "thinking", "thinking": thought, "signature": signature},
            {"type": "text", "text": said},
        ]
        parts: list[Any] = [Reasoning(thought, "signed", Opaque(ORIGIN, blocks[0])), Text(said)]
        if call:
            id = f"toolu_{self._steps}"
            blocks.append({"type": "tool_use", "id": id, "name": "tool_1", "input": json.loads(arguments)})
            parts.append(ToolCall(id, "tool_1", arguments))
        cost = Cost(Decimal("0.0123"), "computed")
        message = AssistantMessage(
            self._id(),
            tuple(parts),
            ORIGIN,
            "tool_use" if call else "end",
            None,
            Usage(10, 100, output=200),
            cost,
            1000.0 + self._made,
        )
        answer = self._node(message)
        self._wire.append(json.dumps({"role": "assistant", "content": blocks}))
        exchange = Exchange(
            f"{self._name}-x{self._steps}",
            (self._steps + 1) // 2,
            self._steps,
            1000.0 + self._steps,
            ROUTE,
            before.message.id,
            message.id,
            "done",
            200,
            seconds=3.0,
            cost=cost,
        )
        state = SessionState(model="sonnet", tools=TOOLS, leaf=message.id)
        return Step(before, exchange, body, tuple(self._frames(thought, said)), answer, state)

    def _frames(self, thought: str, said: str) -> Iterator[Frame]:
        at = 0.4
        for index, (kind, text) in enumerate((("thinking", thought), ("text", said))):
            for start in range(0, len(text), 12):
                at += self._random.uniform(0.001, 0.02)
                delta = {"type": f"{kind}_delta", kind: text[start : start + 12]}
                data = {"type": "content_block_delta", "index": index, "delta": delta}
                yield Frame("content_block_delta", json.dumps(data), at)

    def _node(self, message: Message, calls: tuple[CallFacts, ...] = ()) -> Node:
        node = Node(message, self._last, "You help with a project. " * 20, 0, calls)
        self._last = message.id
        return node

    def _id(self) -> str:
        self._made += 1
        return f"{self._name}-{self._made}"

    def _word(self) -> str:
        return "".join(self._random.choice(_LETTERS) for _ in range(self._random.randint(2, 11)))


async def keep(writer: Any, step: Step, frames: bool = True) -> None:
    """Have a step kept as the engine does."""
    await writer.node(step.before, replace(step.state, leaf=step.before.message.id))
    exchange = await writer.exchange(replace(step.exchange, state="open", answer=None), step.body)
    exchange.answering(step.exchange, (("content-type", "text/event-stream"),), (("authorization", "…"),))
    for frame in step.frames if frames else ():
        exchange.frame(frame)
    await exchange.finish(step.exchange, step.answer, step.state)
