"""opencode's exports: calls with their results, steps, what they cost, and seals where they were kept."""

from decimal import Decimal
from typing import Any

from tests.imports.reading import classes, imported
from tests.wire.streams import CODECS, TOOLS, route_to
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Image, Reasoning, Text, ToolCall
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST, Cost, Usage

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def message(role: str, *parts: dict[str, Any], **info: Any) -> dict[str, Any]:
    """An exported message."""
    time = {"created": 1786363200000, "completed": 1786363205000}
    return {"info": {"id": "msg_1", "role": role, "time": time, **info}, "parts": list(parts)}


def tool(id: str, status: str, **state: Any) -> dict[str, Any]:
    """A part that is a call, with its result once it has ended."""
    return {
        "type": "tool",
        "callID": id,
        "tool": "read",
        "state": {"status": status, "input": {"a": 1}, **state},
    }


MODEL = {"providerID": "anthropic", "modelID": "claude-sonnet-4-5"}
START, END = {"type": "step-start"}, {"type": "step-finish", "cost": 0.5, "tokens": {"input": 9, "output": 1}}
THOUGHT = {"type": "reasoning", "text": "hm", "metadata": {"anthropic": {"signature": "EqQB"}}}
USER = message(
    "user",
    {"type": "text", "text": "look at this"},
    {"type": "text", "text": "not sent", "ignored": True},
    {"type": "file", "mime": "image/png", "filename": "a.png", "url": PIXEL},
    {"type": "file", "mime": "text/plain", "filename": "b.txt", "url": "file:///home/ada/b.txt"},
)
TOKENS = {"input": 10, "output": 5, "reasoning": 3, "cache": {"read": 7, "write": 2}}


def export(*messages: Any) -> dict[str, Any]:
    """An export."""
    return {
        "info": {"id": "ses_1", "title": "A look", "time": {"created": 1786363100000}},
        "messages": list(messages),
    }


def test_an_answer_is_its_words_thoughts_and_calls_with_the_results_behind() -> None:
    answer = message(
        "assistant",
        START,
        THOUGHT,
        {"type": "text", "text": "I look."},
        tool("c1", "completed", output="it is red", attachments=[{"url": PIXEL, "filename": "x.png"}]),
        tool("c2", "error", error="no such file"),
        tool("c3", "running"),
        END,
        {"type": "patch", "hash": "x", "files": []},
        **MODEL,
        cost=0.0123,
        tokens=TOKENS,
    )
    found = imported(export(USER, answer))
    prompt, said, results = found.record.conversation().messages
    assert isinstance(prompt, UserMessage)
    assert [type(p) for p in prompt.parts] == [Text, Image, Text]
    assert "file:///home/ada/b.txt" in prompt.text
    assert isinstance(said, AssistantMessage)
    assert [type(p) for p in said.parts] == [Reasoning, Text, ToolCall, ToolCall, ToolCall]
    assert said.usage == Usage(10, 7, 2, None, 8, 3)
    assert said.cost == Cost(Decimal("0.0123"), "computed")
    assert isinstance(results, ToolMessage)
    assert [(r.call_id, r.text, r.is_error) for r in results.results] == [
        ("c1", "it is red", False),
        ("c2", "no such file", True),
    ]
    assert (found.record.info.title, found.record.info.created) == ("A look", 1786363100.0)
    assert "tool-use-without-result" in classes(found)
    route = route_to("messages", "claude-sonnet-4-5", deployments=())
    assert CODECS["messages"].encode(found.record.conversation(), route, Settings(), TOOLS).seals_sent == 1


def test_steps_of_one_message_are_answers_of_their_own() -> None:
    steps = [START, tool("c1", "completed", output="1"), END, START, {"type": "text", "text": "done"}, END]
    found = imported(export(USER, message("assistant", *steps, **MODEL, cost=1.0, tokens=TOKENS)))
    kinds = [type(m) for m in found.record.conversation().messages]
    assert kinds == [UserMessage, AssistantMessage, ToolMessage, AssistantMessage]
    first = found.record.nodes[1].message
    assert isinstance(first, AssistantMessage)
    assert (first.cost, first.usage) == (Cost(Decimal("0.5"), "computed"), Usage(input=9, output=1))


def test_unsealed_thoughts_unknown_prices_and_errors() -> None:
    thought = {"type": "reasoning", "text": "hm"}
    said = {"type": "text", "text": "yes"}
    mine = {"providerID": "my-proxy", "modelID": "claude-sonnet-4-5"}
    failed = message("assistant", thought, said, **mine, cost=0, error={"name": "APIError"})
    found = imported(export(USER, failed))
    answer = found.record.path()[-1].message
    assert isinstance(answer, AssistantMessage)
    assert (answer.cost, answer.usage, answer.origin.vendor) == (UNKNOWN_COST, None, "anthropic")
    assert isinstance(answer.parts[0], Reasoning)
    assert (answer.parts[0].state, answer.parts[0].opaque) == ("unsigned", None)
    assert {"anthropic-signature-missing", "import-cut"} <= classes(found)
