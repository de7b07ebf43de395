"""Sessions written by hand: a readable one with a bit of everything, and one as long as wished."""

from __future__ import annotations

import base64
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from PIL import Image as Picture

from tui.chat.events import Answer
from tui.chat.finding import Finding
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import (
    Document,
    Foreign,
    Image,
    Opaque,
    Origin,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UserPart,
)
from tui.chat.record import (
    CallFacts,
    Exchange,
    Failure,
    Node,
    SessionInfo,
    SessionRecord,
    SessionState,
    Wire,
)
from tui.chat.route import Reason, Route, Served
from tui.chat.usage import Cost, Usage

AT = 1_795_000_000.0
ROUTE = Route(
    "smart",
    "litellm-anthropic",
    "https://llm.example.com",
    "smart",
    "claude-opus-4-5-20251101",
    "anthropic",
    "claude-opus-4-5",
    why=(Reason("model/info: vendor is anthropic", "catalog"),),
)
ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5", "dep-4f2", "header", "claude")
SERVED = Served("call-17", "dep-4f2", "claude-opus-4-5", "smart", None, 0, 0, "1.106.2")
ANSWER = """**`b.txt`** leaks: its resident set grows by 4 MB a minute.

## What to do

1. Close the pool when a request is *cancelled*
2. Then measure again

| log | growth |
|:----|-------:|
| a.txt | 0 MB |
| b.txt | 4 MB |

```python
async def handle(request: Request) -> Reply:
    # the connection is given back, whatever happens
    async with pool.acquire() as connection:
        return await answer(connection, request, limit=10)
```

> RSS is what the kernel counts; see [the manual](https://man7.org/linux/man-pages/man5/proc.5.html).
"""


def png(width: int = 64, height: int = 40) -> str:
    """A real picture, as base64."""
    out = BytesIO()
    Picture.new("RGB", (width, height), (70, 130, 180)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def prompt(id: str, *parts: UserPart | str, at: float = AT) -> UserMessage:
    """A prompt; a text stands for itself."""
    return UserMessage(id, tuple(Text(p) if isinstance(p, str) else p for p in parts), at)


def answered(id: str, *parts: object, usd: str | None = "0.0123", **more: object) -> AssistantMessage:
    """An answer."""
    cost = Cost(Decimal(usd), "proxy-header") if usd else Cost(None, "unknown")
    usage = Usage(1_204, 18_330, None, None, 611, 500)
    whole = AssistantMessage(id, parts, ORIGIN, "end", "end_turn", usage, cost, AT + 4)  # type: ignore[arg-type]
    return replace(whole, **more)  # type: ignore[arg-type]


def asked(id: str, turn: int, step: int, after: str, answer: str | None, **more: object) -> Exchange:
    """A request that was answered."""
    frames = (
        Frame("message_start", '{"type":"message_start"}', 0.8),
        Frame("", "two\nlines", 1.5),
        Frame("message_stop", '{"type":"message_stop"}', 4.2),
    )
    wire = Wire(
        b'{"model":"smart","messages":[]}',
        (("content-type", "application/json"), ("x-api-key", "…")),
        (("content-type", "text/event-stream"), ("x-litellm-call-id", "call-17")),
        frames,
    )
    done = Exchange(
        id,
        turn,
        step,
        AT + step,
        ROUTE,
        after,
        answer,
        "done",
        200,
        SERVED,
        4.2,
        0.8,
        3,
        2,
        Usage(1_204, 18_330, None, None, 611, 500),
        Cost(Decimal("0.0123"), "proxy-header"),
        thinking_seconds={0: 3.1},
        wire=wire,
    )
    return replace(done, **more)  # type: ignore[arg-type]


def session() -> SessionRecord:
    """Three turns with tools, a failure, a stop, and a second branch."""
    sealed = Opaque(ORIGIN, {"type": "thinking", "thinking": "x", "signature": "EqQBCg"})
    calls = (
        ToolCall("toolu_1", "read_file", '{"path": "logs/b.txt", "limit": 40}'),
        ToolCall("toolu_2", "shell", '{"command": "grep -c leak logs/*.txt\\nwc -l logs/*.txt"}'),
    )
    results = (
        ToolResult("toolu_1", (Text("\n".join(f"09:{m:02d} rss={300 + 4 * m} MB" for m in range(20))),)),
        ToolResult("toolu_2", (Text("grep: logs: No such file"),), is_error=True),
    )
    nodes = (
        Node(
            prompt(
                "u1",
                "Which of these logs shows the leak? Use the tool.",
                Image("image/png", png(), "chart.png"),
                Document("application/pdf", "JVBERi0xLjQ=", "report.pdf", 3),
            )
        ),
        Node(
            answered(
                "a1",
                Reasoning("The user wants one of two candidates.\n\nI shall read both.", "signed", sealed),
                Text("Let me look."),
                *calls,
                stop="tool_use",
                stop_raw="tool_use",
            ),
            "u1",
        ),
        Node(
            ToolMessage("t1", results, AT + 5),
            "a1",
            calls=(
                CallFacts("toolu_1", 0.012),
                CallFacts("toolu_2", 1.4, Answer("session", "user")),
            ),
        ),
        Node(answered("a2", Reasoning("", "redacted", sealed), Text(ANSWER)), "t1"),
        Node(prompt("u2", "And how do I\nprove it?\n\n    ps -o rss", at=AT + 90), "a2"),
        Node(
            answered(
                "a3",
                Text("Run it under load and wat"),
                Foreign("server_tool_use", Opaque(ORIGIN, {"type": "server_tool_use"})),
                usd=None,
                stop="cancelled",
                stop_raw=None,
                unfinished=frozenset({0}),
            ),
            "u2",
        ),
        Node(prompt("u3", "How is it mended?", at=AT + 200), "a2"),
        Node(answered("a4", Text("Use a context manager.")), "u3"),
    )
    failure = Failure(
        "invalid-signature",
        "vendor",
        "The vendor refused the request",
        "a seal is not its own",
        "fork without the sealed blocks",
        400,
        "messages.1.content.0: Invalid `signature` in `thinking` block",
    )
    refusal = Wire(
        b'{"model":"smart"}',
        (("content-type", "application/json"),),
        (("content-type", "application/json"),),
        (Frame(WHOLE_BODY, '{"error":{"message":"Invalid `signature`"}}', 0.3),),
    )
    exchanges = (
        asked("x1", 1, 1, "u1", "a1"),
        asked("x2", 1, 2, "t1", "a2", findings=(Finding("cache-miss", "the prefix changed", mend="fork"),)),
        asked(
            "x3",
            2,
            3,
            "u2",
            None,
            state="failed",
            status=400,
            failure=failure,
            usage=None,
            cost=Cost(None, "unknown"),
            seconds=0.3,
            ttft_s=None,
            wire=refusal,
        ),
        asked("x4", 2, 4, "u2", "a3", state="stopped", cost=Cost(None, "unknown"), seconds=2.0),
        asked("x5", 3, 5, "u3", "a4"),
        asked(
            "x6",
            4,
            6,
            "gone",
            None,
            state="open",
            status=None,
            served=None,
            wire=Wire(b"{}"),
            usage=None,
            cost=Cost(None, "unknown"),
            seconds=None,
            ttft_s=None,
        ),
    )
    info = SessionInfo("0123456789ab", "Which log leaks? <b>bold</b> & | pipes", created=AT)
    state = SessionState("smart", leaf="a3", system="You are terse.\n```\nnever break out\n```")
    return SessionRecord(info, state, nodes, exchanges)


def long_session(messages: int) -> SessionRecord:
    """As many messages as wished, in turns of four with a tool, every one different."""
    nodes: list[Node] = []
    exchanges: list[Exchange] = []
    leaf: str | None = None
    for turn in range(1, messages // 4 + 1):
        call = ToolCall(f"c{turn}", "read_file", f'{{"path": "logs/{turn}.txt"}}')
        thought = Reasoning(f"Number {turn} may be the one. " * 6, "signed")
        steps = (
            prompt(f"u{turn}", f"What is in log {turn}?"),
            answered(f"a{turn}", thought, call, stop="tool_use"),
            ToolMessage(f"t{turn}", (ToolResult(f"c{turn}", (Text(f"line {turn}\n" * 10),)),), AT),
            answered(f"b{turn}", Text(f"Turn {turn}.\n\n{ANSWER}")),
        )
        for message in steps:
            nodes.append(Node(message, leaf))
            leaf = message.id
        exchanges += [
            asked(f"x{turn}", turn, 2 * turn - 1, f"u{turn}", f"a{turn}", wire=None),
            asked(f"y{turn}", turn, 2 * turn, f"t{turn}", f"b{turn}", wire=None),
        ]
    info = SessionInfo("0123456789ab", "A long one", created=AT)
    return SessionRecord(info, SessionState(leaf=leaf), tuple(nodes), tuple(exchanges))
