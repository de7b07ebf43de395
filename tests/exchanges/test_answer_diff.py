"""The diff of two answers: parts in order, seals by what they hold, and the facts around them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given

from tests.chat import records
from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Opaque, Origin, Reasoning, Text, ToolCall
from tui.chat.record import Exchange
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.exchanges.answer_diff import answer_diff, answer_pieces

ORIGIN = Origin("messages", "anthropic", "claude-sonnet-4-5", seals="claude")
ROUTE = Route(
    "sonnet", "litellm-anthropic", "http://127.0.0.1", "sonnet", None, "anthropic", "claude-sonnet-4-5"
)


def thought(seal: str) -> Reasoning:
    block = {"type": "thinking", "thinking": "Let me see.", "signature": seal}
    return Reasoning("Let me see.", "signed", Opaque(ORIGIN, block))


def answer(*parts: AssistantPart, **fields: Any) -> AssistantMessage:
    return replace(AssistantMessage("a", parts, ORIGIN, "end", "end_turn", None, UNKNOWN_COST, 0.0), **fields)


def exchange(**fields: Any) -> Exchange:
    return replace(Exchange("e", 1, 1, 0.0, ROUTE, state="done", status=200), **fields)


def test_parts_and_facts_that_differ() -> None:
    before = answer(thought("Eo8BAAA="), Text("It is a mark."), ToolCall("c1", "search", '{"q":"a"}'))
    now = answer(Text("It is a seal."), ToolCall("c2", "search", '{"q": "a"}'), stop="max_tokens")
    old = exchange(usage=Usage(10, 2048, 0, None, 50), cost=Cost(Decimal("0.01"), "proxy-header"))
    new = exchange(usage=Usage(2058, 0, 0, None, 50), served=Served(call_id="x", model="other"))
    says = [change.says for change in answer_diff(old, before, new, now).changes]
    assert says == [
        "assistant thinking (sealed edb9…) is gone",
        "assistant text: “It is a mark.” → “It is a seal.”",
        "stop: end → max_tokens",
        "cost: $0.0100 (proxy header) → not told",
        "fresh input tokens: 10 → 2,058",
        "tokens read from cache: 2,048 → 0",
        "served model: not told → other",
    ]


def test_seals_count_by_what_they_hold() -> None:
    one, same, other = answer(thought("Eo8BAAA=")), answer(thought("Eo8BAAA=")), answer(thought("Eo8BBBB="))
    assert answer_diff(exchange(), one, exchange(), same).changes == ()
    [change] = answer_diff(exchange(), one, exchange(), other).changes
    assert "seal edb9… → " in change.says


def test_parts_that_changed_places() -> None:
    one, two = answer(thought("Eo8BAAA="), Text("hi")), answer(Text("hi"), thought("Eo8BAAA="))
    [change] = answer_diff(exchange(), one, exchange(), two).changes
    assert change.kind == "moved"


def test_an_answer_that_is_missing_is_told_part_by_part() -> None:
    [change] = answer_diff(exchange(), answer(Text("hi")), exchange(), None).changes[:1]
    assert change.says == "assistant text is gone"


@given(message=records.assistant_messages)
def test_any_answer_equals_itself(message: AssistantMessage) -> None:
    assert answer_diff(exchange(), message, exchange(), message).changes == ()
    assert len(answer_pieces(message)) == len(message.parts)
