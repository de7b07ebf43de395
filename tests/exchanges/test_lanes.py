"""One history over three endpoints: what each request kept, read from its own bytes."""

import json
from dataclasses import replace
from decimal import Decimal

from tests.engine.scripted import route
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.record import Exchange, Failure
from tui.chat.usage import Cost, Usage
from tui.exchanges.lanes import Lane, rows, spread
from tui.exchanges.sent_parts import Sent, SentPart, sent

MESSAGES = {
    "system": [{"type": "text", "text": "Be brief."}],
    "tools": [{"name": "clock"}],
    "messages": [
        {"role": "user", "content": "when?"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "I look", "signature": "S"},
                {"type": "text", "text": "Let me see"},
                {"type": "tool_use", "id": "toolu_1", "name": "clock", "input": {}},
            ],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "noon"}]},
    ],
}
CHAT = {
    "tools": [{"type": "function", "function": {"name": "clock"}}],
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "when?"},
        {
            "role": "assistant",
            "content": "Let me see",
            "tool_calls": [{"id": "toolu_1", "function": {"name": "clock", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "toolu_1", "content": "noon"},
    ],
}
RESPONSES = {
    "instructions": "Be brief.",
    "input": [
        {"role": "user", "content": "when?"},
        {"role": "assistant", "content": [{"type": "output_text", "text": "<thinking>I look</thinking>"}]},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Let me see"}]},
        {"type": "function_call", "call_id": "call_9", "name": "clock", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_9", "output": "noon"},
    ],
}


def read(value: object, dialect: str) -> Sent:
    return sent(json.dumps(value).encode(), dialect)  # type: ignore[arg-type]


def test_the_three_formats_are_read_in_the_same_words() -> None:
    native = read(MESSAGES, "messages")
    assert native == Sent(
        (
            SentPart("thinking", "I look", sealed=True),
            SentPart("text", "Let me see"),
            SentPart("call", "clock", "toolu_1"),
            SentPart("result", "noon", "toolu_1"),
        ),
        "Be brief.",
        ("clock",),
    )
    assert read(CHAT, "chat") == replace(native, parts=native.parts[1:])
    sealed = {"type": "reasoning", "encrypted_content": "x", "summary": [{"text": "a"}]}
    assert read({"input": [sealed]}, "responses").parts == (SentPart("thinking", "a", sealed=True),)
    for nonsense in (b"\xff", b"[]", b'{"messages": [3, {"role": 4, "content": {"a": 1}}], "tools": 7}'):
        assert sent(nonsense, "messages") == Sent()


def lane(sent: Sent, *parts: Text | Reasoning | ToolCall, **facts: object) -> Lane:
    exchange = Exchange("e", 1, 1, 0.0, route(), state="done", seconds=1.0, ttft_s=0.5)
    return Lane(replace(exchange, **facts), sent, parts, "end_turn")  # type: ignore[arg-type]


def test_the_table_says_what_each_kept_and_lost() -> None:
    original = lane(
        read(MESSAGES, "messages"),
        Reasoning("hm", "signed"),
        Text("It is noon"),
        ToolCall("toolu_12", "clock", "{}", True),
        seals_sent=1,
        seals_received=1,
        usage=Usage(10, 5, None, None, 7, 3),
        cost=Cost(Decimal("0.5"), "proxy-stream"),
    )
    chat = lane(read(CHAT, "chat"), Text("It is noon"))
    rendered = lane(read(RESPONSES, "responses"), Text("It is not"), seconds=None)
    broken = lane(Sent(), state="failed", failure=Failure("x", "vendor", "\x1b[31mNo"))
    table = {(row.group, row.name): row for row in rows([original, chat, rendered, broken])}
    assert table["request", "thinking sent"].cells[:3] == ("1", "0 of 1, 1 dropped", "0 of 1, 1 as text")
    assert table["request", "order"].cells[:3] == ("kept", "kept, thinking left out", "changed")
    assert table["request", "tool ids"].cells[:3] == ("1 kept", "1 kept", "0 kept, 1 renamed")
    assert table["request", "tools"].cells[:3] == ("1", "1", "not sent")
    assert table["answer", "order"].cells[:2] == ("thinking ◆, text, call clock", "text")
    assert table["answer", "tool ids"].cells[:2] == ("toolu_… (8)", "no call")
    assert table["answer", "text"].cells[1:3] == ("10 characters", "9 characters, 67% alike")
    assert table["took", "of them cached"].cells[:2] == ("5", "?")
    assert table["took", "cost"].cells[:2] == ("$0.5000 (proxy stream)", "cost unknown")
    assert table["took", "time"].cells[2] == "?"
    assert "\x1b" not in "".join(cell for row in table.values() for cell in row.cells)
    assert table["answer", "order"].differs(1)
    assert not table["request", "tools"].differs(1)


def test_the_spread_of_several() -> None:
    one = lane(Sent(), Text("a"), cost=Cost(Decimal("0.01"), "computed"), usage=Usage(1, output=10))
    two = lane(Sent(), Text("b"), cost=Cost(Decimal("0.03"), "computed"), seconds=3.0)
    lost = lane(Sent(), state="failed")
    told = dict(spread([one, two, lost]))
    assert told["answers"] == "2 of 3 came whole"
    assert told["time"] == "1.0 s to 3.0 s, half below 2.0 s"
    assert told["cost"] == "$0.0100 to $0.0300, half below $0.0200"
    assert told["tokens out"] == "10"
    assert told["different texts"] == "2"
    assert told["stops"] == "end_turn ×2"
    assert dict(spread([lost]))["time"] == "not told"
