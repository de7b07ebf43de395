"""A stored conversation opens as the blocks it streamed as."""

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Foreign, Image, Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.route import Target
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.ui.transcript.history import history_blocks
from tui.ui.transcript.model import (
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
TALK = Conversation(
    None,
    (
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
    ),
)


def test_every_message_becomes_its_blocks() -> None:
    user, image, thinking, text, one, two, foreign, footer, cut, _ = history_blocks(TALK)
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
    assert cut == TextBlock("b-0", "half", "b", "cut off here")


def test_reasoning_that_may_not_be_sent_says_so() -> None:
    own = Target("messages", "anthropic", "claude-opus-4-5")
    other = Target("chat", "openai", "gpt-5.5")
    badges = [
        block.badge
        for target in (own, other)
        for block in history_blocks(TALK, target)
        if isinstance(block, ThinkingBlock)
    ]
    assert badges == ["✓ sealed", "foreign: not sent on this route"]


def test_a_call_without_a_result_is_no_success() -> None:
    blocks = history_blocks(Conversation(None, TALK.messages[:2]), thinking_folded=True, tools_folded=False)
    tools = [block for block in blocks if isinstance(block, ToolBlock)]
    assert [(tool.state, tool.note, tool.folded) for tool in tools] == [("error", "no result", False)] * 2
    assert all(block.folded for block in blocks if isinstance(block, ThinkingBlock))
