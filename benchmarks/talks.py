"""Stored sessions of any length: prompts, answers with sealed thinking and a tool call, results."""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.server import CLAUDE
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.store import Store

ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")
LINE = "The pool is **bounded** at 40 connections — see `pool.py`; the count stays flat while RSS grows. "


def last_word(count: int) -> str:
    """The last word of a session of ``count`` messages, which stands nowhere else."""
    return f"Lastword{count}x"


def session_id(count: int) -> str:
    """The id of the stored session of ``count`` messages."""
    return f"5e55{count:08d}"


def talk(count: int) -> tuple[Message, ...]:
    """``count`` messages, four a turn, of some 900 characters each, no two alike."""
    messages: list[Message] = []
    usage = Usage(1200, 18_000, None, None, 600, 500)
    for n in range(count // 4):
        call = ToolCall(f"toolu_{n}", "read_file", f'{{"path": "logs/{n}.txt"}}')
        thought = f"Thought {n}. {LINE * 4}"
        sealed = {"type": "thinking", "thinking": thought, "signature": f"{n:08d}" + "A" * 592}
        said = "\n\n".join(f"{part}. in answer {n}: {LINE * 2}" for part in range(4))
        thinking = Reasoning(thought, "signed", Opaque(ORIGIN, sealed))
        first = (thinking, Text(f"Reading {n}. {LINE}"), call)
        found = "".join(f"{n}.{row} {LINE}\n" for row in range(20))
        messages += [
            UserMessage(f"u{n}", (Text(f"question {n}: {LINE}"),), 1.0 + n),
            AssistantMessage(f"a{n}", first, ORIGIN, "tool_use", None, usage, UNKNOWN_COST, 1.1 + n),
            ToolMessage(f"t{n}", (ToolResult(call.id, (Text(found),)),), 1.2 + n),
            AssistantMessage(f"b{n}", (Text(said),), ORIGIN, "end", None, usage, UNKNOWN_COST, 1.3 + n),
        ]
    ended = (Text(f"And that was all. {last_word(count)}"),)
    messages[-1] = AssistantMessage("end", ended, ORIGIN, "end", None, usage, UNKNOWN_COST, 2.0 + count)
    return tuple(messages)


def texts(count: int) -> list[str]:
    """Every text of such a session, seals included."""
    found: list[str] = []
    for message in talk(count):
        for part in message.results if isinstance(message, ToolMessage) else message.parts:
            match part:
                case Text(text):
                    found.append(text)
                case Reasoning(text, _, opaque):
                    found += [text, json.dumps(opaque.data) if opaque else ""]
                case ToolCall():
                    found.append(part.arguments)
                case ToolResult():
                    found += [inner.text for inner in part.parts if isinstance(inner, Text)]
    return found


def record(count: int) -> SessionRecord:
    """A session of one branch."""
    messages = talk(count)
    parents = (None, *(message.id for message in messages))
    nodes = tuple(Node(m, parent) for m, parent in zip(messages, parents, strict=False))
    state = SessionState(model=CLAUDE, leaf=messages[-1].id)
    return SessionRecord(SessionInfo(session_id(count)), state, nodes)


def keep(data: Path, count: int) -> None:
    """Put a session of ``count`` messages into the store of a data directory."""
    data.mkdir(parents=True, exist_ok=True)
    store = Store.open(data / "sessions.db", time.time)
    try:
        store.add(record(count))
    finally:
        store.close()
