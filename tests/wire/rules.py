"""What vendors demand of a request, as assertions: written from their rules, not from our encoders."""

import json
import re
from typing import Any

_ANTHROPIC_ID = re.compile(r"^[a-zA-Z0-9_-]+$")


def check(dialect: str, body: dict[str, Any], *, claude: bool = True) -> None:
    """Assert that ``body`` is a request the vendor would take; only Claude is strict about ids."""
    if dialect == "messages":
        check_messages(body, claude=claude)
    else:
        check_chat(body)


def check_messages(body: dict[str, Any], *, claude: bool = True) -> None:
    """Roles alternate, nothing is blank, calls are answered by what follows, ids are fit and unique."""
    messages = body["messages"]
    assert messages[0]["role"] == "user"
    ids: set[str] = set()
    pending: list[str] = []
    for number, message in enumerate(messages):
        role, content = message["role"], message["content"]
        assert content
        assert number == 0 or role != messages[number - 1]["role"]
        results = [block["tool_use_id"] for block in content if block["type"] == "tool_result"]
        assert sorted(results) == sorted(pending)
        assert all(block["type"] == "tool_result" for block in content[: len(results)])
        pending = []
        for block in content:
            _check_block(block)
            if block["type"] == "tool_use":
                assert role == "assistant"
                assert block["id"] not in (ids if claude else pending)
                assert not claude or _ANTHROPIC_ID.match(block["id"])
                ids.add(block["id"])
                pending.append(block["id"])
        if role == "assistant":
            assert content[-1]["type"] not in ("thinking", "redacted_thinking")
    assert not pending


def _check_block(block: dict[str, Any]) -> None:
    match block["type"]:
        case "text":
            assert block["text"].strip()
        case "thinking":
            assert isinstance(block["thinking"], str)
            assert isinstance(block["signature"], str)
        case "redacted_thinking":
            assert block["data"]
        case "tool_use":
            assert block["name"]
            assert isinstance(block["input"], dict)
        case "tool_result":
            assert all(inner["text"].strip() for inner in block.get("content", ()) if inner["type"] == "text")


def check_chat(body: dict[str, Any]) -> None:
    """Calls are answered at once and exactly, arguments are objects, every answer says something."""
    pending: list[str] = []
    for message in body["messages"]:
        role = message["role"]
        if role == "tool":
            assert message["tool_call_id"] in pending
            pending.remove(message["tool_call_id"])
            assert message["content"]
            continue
        assert not pending
        if role == "assistant":
            calls = message.get("tool_calls", [])
            assert calls or message["content"] or message.get("refusal")
            assert "tool_calls" not in message or calls
            pending = [call["id"] for call in calls]
            assert len(set(pending)) == len(pending)
            # A vendor may have blank arguments back if it sent them so itself.
            assert all(isinstance(json.loads(c["function"]["arguments"] or "{}"), dict) for c in calls)
            for block in message.get("thinking_blocks", ()):
                _check_block(block)
        else:
            assert message["content"]
    assert not pending
