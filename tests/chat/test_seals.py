"""Who may have reasoning back: the table, row by row."""

import pytest

from tui.chat.parts import Dialect, Opaque, Origin, Reasoning, ReasoningState
from tui.chat.route import Target
from tui.chat.seals import is_returnable

CLAUDE = Origin("messages", "anthropic", "claude-opus-4-5", "d1", seals="claude")
ON_CHAT = Origin("chat", "anthropic", "claude-opus-4-5", "d1", seals="claude")
GPT = Origin("messages", "openai", "gpt-5.1", "d1", seals="openai")
GEMINI = Origin("messages", "gemini", "gemini-3-pro-preview", seals="gemini")
ON_VERTEX = Origin("messages", "vertex", "claude-opus-4-5", seals="claude")
DEEPSEEK = Origin("messages", "deepseek", "deepseek-reasoner")
GPT_ITEM = Origin("responses", "openai", "gpt-5.1", "d1", seals="openai")
PLAIN_GPT = Origin("responses", "openai", "gpt-5.1", seals="openai")
CLAUDE_ITEM = Origin("responses", "anthropic", "claude-opus-4-5", "d1", seals="claude")
DEEPSEEK_ITEM = Origin("responses", "deepseek", "deepseek-reasoner", "d1")
GROK_ITEM = Origin("responses", "xai", "grok-4", "d1")


def _target(dialect: Dialect, vendor: str, model: str, deployment: str | None = None) -> Target:
    return Target(dialect, vendor, model, deployment)


@pytest.mark.parametrize(
    ("origin", "state", "target", "returned"),
    [
        (CLAUDE, "signed", _target("messages", "anthropic", "claude-opus-4-5", "d2"), True),
        (CLAUDE, "omitted", _target("chat", "anthropic", "claude-opus-4-5"), True),
        (ON_CHAT, "redacted", _target("messages", "anthropic", "claude-opus-4-5"), True),
        (CLAUDE, "signed", _target("messages", "anthropic", "claude-sonnet-4-5"), False),
        (CLAUDE, "signed", _target("messages", "bedrock", "claude-opus-4-5"), False),
        (CLAUDE, "unsigned", _target("messages", "anthropic", "claude-opus-4-5"), False),
        (ON_VERTEX, "unsigned", _target("messages", "vertex", "claude-opus-4-5"), False),
        (GPT, "redacted", _target("messages", "openai", "gpt-5.1", "d1"), True),
        (GPT, "redacted", _target("messages", "openai", "gpt-5.1", "d2"), False),
        (GPT, "redacted", _target("messages", "openai", "gpt-5.5", "d1"), False),
        (GPT, "redacted", _target("chat", "openai", "gpt-5.1", "d1"), False),
        (GEMINI, "unsigned", _target("messages", "gemini", "gemini-2.5-pro"), True),
        (GEMINI, "signed", _target("messages", "anthropic", "claude-opus-4-5"), False),
        (DEEPSEEK, "unsigned", _target("messages", "deepseek", "deepseek-reasoner"), True),
        (DEEPSEEK, "unsigned", _target("chat", "deepseek", "deepseek-chat"), True),
        (DEEPSEEK, "unsigned", _target("chat", "moonshot", "kimi-k2"), False),
        (GPT_ITEM, "omitted", _target("responses", "openai", "gpt-5.1", "d1"), True),
        (GPT_ITEM, "signed", _target("responses", "openai", "gpt-5.1", "d2"), False),
        (GPT_ITEM, "signed", _target("responses", "openai", "gpt-5.1"), False),
        (PLAIN_GPT, "signed", _target("responses", "openai", "gpt-5.1"), True),
        (PLAIN_GPT, "signed", _target("responses", "openai", "gpt-5.1", "d1"), False),
        (GPT_ITEM, "signed", _target("responses", "azure", "gpt-5.1", "d1"), True),
        (GPT_ITEM, "signed", _target("messages", "openai", "gpt-5.1", "d1"), False),
        (GPT, "redacted", _target("responses", "openai", "gpt-5.1", "d1"), False),
        (GPT_ITEM, "unsigned", _target("responses", "openai", "gpt-5.1", "d1"), False),
        (GPT, "unsigned", _target("responses", "openai", "gpt-5.1", "d1"), False),
        (CLAUDE_ITEM, "signed", _target("responses", "anthropic", "claude-opus-4-5", "d2"), True),
        (CLAUDE_ITEM, "signed", _target("responses", "anthropic", "claude-sonnet-4-5", "d1"), False),
        (CLAUDE_ITEM, "signed", _target("messages", "anthropic", "claude-opus-4-5", "d1"), False),
        (CLAUDE_ITEM, "signed", _target("chat", "anthropic", "claude-opus-4-5", "d1"), False),
        (CLAUDE, "signed", _target("responses", "anthropic", "claude-opus-4-5", "d1"), False),
        (DEEPSEEK_ITEM, "unsigned", _target("chat", "deepseek", "deepseek-chat"), True),
        (DEEPSEEK_ITEM, "unsigned", _target("messages", "deepseek", "deepseek-chat"), False),
        (DEEPSEEK, "unsigned", _target("responses", "deepseek", "deepseek-chat"), True),
        (GROK_ITEM, "omitted", _target("responses", "xai", "grok-4", "d1"), True),
        (GROK_ITEM, "omitted", _target("responses", "xai", "grok-3", "d1"), False),
    ],
)
def test_who_may_have_reasoning_back(
    origin: Origin, state: ReasoningState, target: Target, returned: bool
) -> None:
    assert is_returnable(Reasoning("hm", state, Opaque(origin, {})), target) is returned


def test_without_its_wire_block_reasoning_goes_nowhere() -> None:
    target = _target("messages", "anthropic", "claude-opus-4-5")
    assert not is_returnable(Reasoning("hm", "signed"), target)
