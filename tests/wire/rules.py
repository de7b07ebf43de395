"""What vendors demand of a request, as assertions: written from their rules, not from our encoders."""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any

_ANTHROPIC_ID = re.compile(r"^[a-zA-Z0-9_-]+$")
_ITEM_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_PREFIXES = {"reasoning": "rs_", "message": "msg_", "function_call": "fc_"}


def check(dialect: str, body: dict[str, Any], *, claude: bool = True) -> None:
    """Assert that ``body`` is a request the vendor would take; only Claude is strict about ids."""
    if dialect == "messages":
        check_messages(body, claude=claude)
    elif dialect == "responses":
        check_responses(body)
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
        case "image":
            assert base64.b64decode(block["source"]["data"])
        case "document" if block["source"]["type"] == "text":
            assert block["source"]["data"].strip()
            assert block["title"]
        case "document":
            assert block["source"]["media_type"] == "application/pdf"
            assert block["title"]
        case "tool_result":
            for inner in block.get("content", ()):
                assert inner["type"] in ("text", "image", "document")
                _check_block(inner)


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
        if isinstance(message["content"], list):
            assert all(part["type"] in ("text", "image_url", "file") for part in message["content"])
    assert not pending


def check_responses(
    body: dict[str, Any], made: Sequence[Sequence[dict[str, Any]]] = (), *, openai: bool = False
) -> None:
    """The rules of items; ``made`` are the vendor's earlier answers, ``openai`` whether it is that strict."""
    assert body["store"] is False
    assert "reasoning.encrypted_content" in body["include"]
    items = body["input"]
    assert items[-1].get("type") not in ("reasoning", "function_call")
    _check_pairs(items)
    for item in items:
        _check_item(item)
    if openai:
        reasoning = [item for item in items if item.get("type") == "reasoning"]
        assert all(item["encrypted_content"] and isinstance(item["summary"], list) for item in reasoning)
        _check_ids(items, made)


def _check_pairs(items: list[dict[str, Any]]) -> None:
    """Each call is answered once, after it and before anybody else speaks."""
    pending: list[str] = []
    for item in items:
        match item.get("type"):
            case "function_call":
                assert item["call_id"] not in pending
                pending.append(item["call_id"])
            case "function_call_output":
                pending.remove(item["call_id"])
            case _:
                assert item.get("role") != "user" or not pending
    assert not pending


def _check_item(item: dict[str, Any]) -> None:
    match item.get("type"):
        case "reasoning":
            # The proxy's own items, made of other vendors' thoughts, have them as content.
            assert isinstance(item.get("summary", item.get("content")), list)
        case "function_call":
            assert item["name"]
            assert isinstance(json.loads(item["arguments"] or "{}"), dict)
            assert None not in item.values()
        case "function_call_output":
            assert item["output"]
        case "message":
            assert {piece["type"] for piece in item["content"]} <= {"output_text", "refusal"}
        case None:
            assert item["role"] == "user"
            assert item["content"]


def _check_ids(items: list[dict[str, Any]], made: Sequence[Sequence[dict[str, Any]]]) -> None:
    """An id is fit, said once, and only with the reasoning before and what followed that."""
    ids = [item["id"] for item in items if "id" in item]
    assert len(set(ids)) == len(ids)
    for item in items:
        if "id" in item:
            assert _ITEM_ID.match(item["id"])
            assert item["id"].startswith(_PREFIXES.get(str(item.get("type")), ""))
            assert item["id"] in {known["id"] for answer in made for known in answer}
    for number, item in enumerate(items):
        answer, place = next(
            ((a, p) for a in made for p, known in enumerate(a) if known["id"] == item.get("id")), ((), 0)
        )
        if not answer:
            continue
        needed = [known["id"] for known in answer[:place] if known["type"] == "reasoning"]
        assert [id for id in ids if id in needed] == needed
        assert ids.index(item["id"]) >= len(needed)
        if item["type"] == "reasoning" and place + 1 < len(answer):
            assert items[number + 1].get("id") == answer[place + 1]["id"]
