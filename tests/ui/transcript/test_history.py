"""A stored conversation opens as the blocks it streamed as."""

from dataclasses import replace
from typing import Any

from tui.chat.events import Answer
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Foreign, Image, Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import CallFacts, Exchange, Failure, Node, SessionInfo, SessionRecord, SessionState
from tui.chat.route import Route
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.ui.transcript.history import LOST, Past, history_blocks
from tui.ui.transcript.model import (
    Block,
    CardBlock,
    FooterBlock,
    MediaBlock,
    NoticeBlock,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    UserBlock,
)

ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")
SEAL = Opaque(ORIGIN, {"type": "thinking", "thinking": "hm", "signature": "s"})
ROUTE = Route("smart", "litellm-anthropic", "http://h", "smart", None, "anthropic", "claude-opus-4-5")
TALK = (
    UserMessage("u", (Text("see\x1b"), Image("image/png", "aGk=")), 0.0),
    AssistantMessage(
        "a",
        (
            Reasoning("hm", "signed", SEAL),
            Text("look"),
            ToolCall("c1", "calculator", '{"expression":"6*7"}'),
            ToolCall("c2", "current_time", "{}"),
            Foreign("server_tool_use", Opaque(ORIGIN, {})),
        ),
        ORIGIN,
        "tool_use",
        None,
        Usage(output=12),
        UNKNOWN_COST,
        1.0,
    ),
    ToolMessage("t", (ToolResult("c1", (Text("42"),)), ToolResult("c2", (Text("no"),), True)), 2.0),
    AssistantMessage(
        "b", (Text("half"),), ORIGIN, "cancelled", None, None, UNKNOWN_COST, 3.0, frozenset({0})
    ),
)


def said(blocks: list[Block]) -> list[str]:
    """What remarks and cards say, and the prompts between them."""
    shown = []
    for block in blocks:
        if isinstance(block, CardBlock):
            shown.append(f"✗ {block.title} {[key for key, _ in block.actions]}")
        elif isinstance(block, NoticeBlock | UserBlock):
            shown.append(block.text)
    return shown


def asked(id: str, at: float) -> UserMessage:
    return UserMessage(id, (Text(id),), at)


def answered(id: str, at: float, **values: Any) -> AssistantMessage:
    kept: dict[str, Any] = {"parts": (Text(id),), "stop": "end", "usage": None, **values}
    return AssistantMessage(id, origin=ORIGIN, stop_raw=None, cost=UNKNOWN_COST, at=at, **kept)


def exchange(id: str, after: str, answer: str | None = None, at: float = 0.0, **values: Any) -> Exchange:
    return Exchange(id, values.pop("turn", 1), 1, at, ROUTE, after, answer, **values)


REFUSED = Failure("bad-request", "vendor", "request refused", "too long", status=400)


def test_every_message_becomes_its_blocks() -> None:
    user, image, thinking, text, one, two, foreign, footer, cut, _, stopped = history_blocks(Past(TALK))
    assert user == UserBlock("u", "see␛", "", "u")
    assert isinstance(image, MediaBlock)
    assert (image.text, image.group) == ("image.png · png · 2 B", "u")
    assert isinstance(thinking, ThinkingBlock)
    assert (thinking.text, thinking.badge, thinking.folded) == ("hm", "✓ sealed", False)
    assert text == TextBlock("a-1", "look", "a")
    assert isinstance(one, ToolBlock)
    assert isinstance(two, ToolBlock)
    assert (one.state, one.result, one.size, one.note) == ("ok", "42", 2, "")
    assert (two.state, two.result) == ("error", "no")
    assert isinstance(foreign, NoticeBlock)
    assert footer == FooterBlock("a-footer", "cost unknown · 12 tok", "a")
    assert cut == TextBlock("b-0", "half", "b", "stopped here")
    assert isinstance(stopped, NoticeBlock)
    assert stopped.text == "stopped by you"


def test_what_an_exchange_knows_stands_below_its_answer() -> None:
    kept = exchange(
        "e", "t", "b", seconds=4.2, seals_sent=1, findings=(Finding("x", "left out", "messages.1"),)
    )
    blocks = history_blocks(Past(TALK, {"b": kept}), simulated=True)
    (line,) = [b.text for b in blocks if isinstance(b, FooterBlock) and b.group == "b"]
    assert line == "cost unknown · tokens unknown · 4.2 s · /v1/messages · 1 seal sent, 0 new"
    assert "left out (messages.1)" in said(blocks)


def test_a_warning_is_said_once() -> None:
    finding = Finding("x", "a foreign block was left out")
    messages = (asked("u", 1.0), answered("a", 2.0), asked("v", 3.0), answered("b", 4.0))
    exchanges = {id: exchange(id, "u", id, findings=(finding,)) for id in ("a", "b")}
    assert said(history_blocks(Past(messages, exchanges))) == ["u", finding.says, "v"]


def test_calls_say_how_they_were_decided_and_how_long_they_took() -> None:
    facts = (
        CallFacts("c1", 0.012, Answer("once", "user"), "+a line"),
        CallFacts("c2", 0.0, Answer("never", "user")),
    )
    blocks = history_blocks(Past(TALK, calls={"t": facts}))
    one, two = (block for block in blocks if isinstance(block, ToolBlock))
    assert (one.state, one.seconds, one.note) == ("ok", 0.012, "allowed by you, once")
    assert (one.diff, two.diff) == ("+a line", "")
    assert (two.state, two.seconds, two.note) == ("refused", 0.0, "refused by you")


def test_a_call_without_a_result_is_no_success() -> None:
    blocks = history_blocks(Past(TALK[:2]), thinking_folded=True, tools_folded=False)
    tools = [block for block in blocks if isinstance(block, ToolBlock)]
    assert [(tool.state, tool.folded) for tool in tools] == [("not run", False)] * 2
    assert all(block.folded for block in blocks if isinstance(block, ThinkingBlock))


def test_results_of_calls_with_one_id_go_to_them_in_their_order() -> None:
    calls = (ToolCall("c", "one", "{}"), ToolCall("c", "two", "{}"))
    results = ToolMessage("t", (ToolResult("c", (Text("1"),)), ToolResult("c", (Text("2"),))), 2.0)
    messages = (asked("u", 0.0), answered("a", 1.0, parts=calls, stop="tool_use"), results)
    tools = [block for block in history_blocks(Past(messages)) if isinstance(block, ToolBlock)]
    assert [(tool.name, tool.result) for tool in tools] == [("one", "1"), ("two", "2")]


def test_only_the_last_failure_can_be_retried() -> None:
    record = SessionRecord(
        SessionInfo("s"),
        SessionState(leaf="b", refused="w"),
        tuple(
            Node(message, parent)
            for message, parent in (
                (asked("u", 1.0), None),
                (asked("v", 3.0), None),
                (answered("b", 5.0), "v"),
                (asked("w", 7.0), "b"),
            )
        ),
        (
            exchange("1", "u", at=2.0, state="failed", failure=REFUSED),
            exchange("2", "v", "b", at=4.0, turn=2),
            exchange("3", "w", at=8.0, turn=3, state="failed", failure=REFUSED),
        ),
    )
    assert said(history_blocks(Past.of(record))) == [
        "u",
        "✗ request refused ['w']",
        "v",
        "w",
        "✗ request refused ['r', 'w']",
    ]


def test_a_retry_that_was_made_by_itself_is_no_failure() -> None:
    messages = (asked("u", 1.0), answered("a", 5.0))
    first = exchange("1", "u", at=2.0, state="failed", failure=REFUSED, turn=4)
    past = Past(messages, {"a": exchange("2", "u", "a", at=4.0, turn=4)}, (first,))
    assert said(history_blocks(past)) == ["u", "tried again (attempt 2): request refused: too long"]


def test_an_answer_that_failed_or_was_lost_says_so() -> None:
    cut = answered("a", 5.0, stop="failed", unfinished=frozenset({0}))
    failed = exchange("1", "u", "a", state="failed", failure=REFUSED)
    blocks = history_blocks(Past((asked("u", 1.0), cut), {"a": failed}))
    assert said(blocks) == ["u", "✗ request refused ['r', 'w']"]
    assert isinstance(blocks[1], TextBlock)
    assert blocks[1].note == "cut off here"
    lost = exchange("1", "u", "a", state="lost")
    assert said(history_blocks(Past((asked("u", 1.0), cut), {"a": lost}))) == ["u", LOST]


def test_a_prompt_that_was_stopped_before_any_answer_stands_there_while_it_may_be_asked_again() -> None:
    messages = (asked("u", 1.0), answered("a", 2.0))
    lone = (exchange("2", "v", at=4.0, state="stopped", turn=2),)
    past = Past(messages, {}, lone, (asked("v", 3.0),), {"v": "a"}, pending="v")
    assert said(history_blocks(past)) == ["u", "v", "stopped by you"]
    assert said(history_blocks(replace(past, pending=None))) == ["u"]
