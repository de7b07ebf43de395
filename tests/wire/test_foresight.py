"""What is told before anything is sent, on any endpoint."""

from typing import Any

import pytest

from tests.wire.streams import (
    CODECS,
    TOOLS,
    answered,
    asked,
    origin_of,
    reply_of,
    results_for,
    route_to,
    talk,
)
from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Dialect, ToolCall
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST


def _foreseen(
    conversation: Conversation, model: str, settings: Settings | None = None, **fields: Any
) -> list[Finding]:
    route = route_to("messages", model, **fields)
    return list(CODECS["messages"].foresee(conversation, route, settings or Settings(), TOOLS))


@pytest.mark.parametrize(
    ("foreign", "tail"), [("drop", "to gpt-5.1."), ("text", "to gpt-5.1 as reasoning, only as text.")]
)
def test_foreign_reasoning_is_counted_by_its_maker(foreign: Any, tail: str) -> None:
    claude = answered(reply_of("messages_interleaved"), origin_of("messages", "claude-sonnet-4-5"))
    gemini = answered(reply_of("chat_gemini"), origin_of("chat", "gemini-3-pro-preview"))
    history = (asked(), claude, results_for(claude), gemini, results_for(gemini))
    findings = _foreseen(Conversation(None, history, foreign), "gpt-5.1")
    assert [f.says for f in findings] == [
        f"2 Claude blocks will not be sent {tail}",
        f"1 Gemini block will not be sent {tail}",
    ]
    assert {f.cls for f in findings} == {"anthropic-model-binding-drop"}


def test_max_tokens_below_the_configured_budget_is_fatal() -> None:
    configured = {"type": "enabled", "budget_tokens": 8000}
    history = talk(asked())
    model = "claude-sonnet-4-5"
    finding = _foreseen(history, model, Settings(max_tokens=900), configured_thinking=configured)[0]
    assert (finding.cls, finding.fatal) == ("anthropic-budget-bounds", True)
    for settings in (Settings(), Settings(max_tokens=9000), Settings("off", max_tokens=900)):
        assert _foreseen(history, model, settings, configured_thinking=configured) == []


@pytest.mark.parametrize(
    ("arguments", "rewritten"),
    [
        ('{"n": 9007199254740992}', False),
        ('{"n": 9007199254740993}', True),
        ('{"a": [{"n": -90071992547409930}]}', True),
        ('{"n": "9007199254740993", "t": true}', False),
        ("[9007199254740993]", False),
    ],
)
@pytest.mark.parametrize("dialect", ["messages", "chat"])
def test_numbers_the_proxy_rewrites(dialect: Dialect, arguments: str, rewritten: bool) -> None:
    origin = origin_of(dialect, "claude-sonnet-4-5")
    call = ToolCall("c1", "note", arguments)
    answer = AssistantMessage("a", (call,), origin, "tool_use", None, None, UNKNOWN_COST, 0.0)
    for plain in (False, True):
        route = route_to(dialect, "claude-sonnet-4-5", plain=plain)
        findings = CODECS[dialect].foresee(
            talk(asked(), answer, results_for(answer)), route, Settings(), TOOLS
        )
        expected = ["litellm-number-rewritten"] if rewritten and not plain else []
        assert [f.cls for f in findings] == expected
