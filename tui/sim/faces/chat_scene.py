"""Turns a request in the chat dialect into the scene a simulated model sees."""

from __future__ import annotations

import json
import zlib
from typing import Any

from tui.sim.beats import Offered, Result, Scene
from tui.sim.faces.openai_media import media_of
from tui.sim.pace import count_tokens

ANY_OBJECT = {"type": "object", "properties": {"answer": {"type": "string"}}}
"""What stands in for a schema where any JSON object will do."""


def text_of(content: Any) -> str:
    """The text of a message's content, whether it is text or a list of parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "\n".join(str(part.get("text", "")) for part in content if "text" in part)


def offered_of(tools: Any) -> tuple[Offered, ...]:
    """The function tools of a request, in either of OpenAI's two shapes."""
    functions = [tool.get("function", tool) for tool in tools or ()]
    return tuple(Offered(f["name"], f.get("parameters") or {}) for f in functions if "name" in f)


def scene_of(body: dict[str, Any], *, thinks: bool, attempt: int = 1) -> Scene:
    """The scene of a request that keeps the rules."""
    messages: list[dict[str, Any]] = body["messages"]
    asked = [n for n, message in enumerate(messages) if message["role"] == "user"]
    opened = asked[-1] if asked else -1
    loop = messages[opened + 1 :]
    names = {
        call["id"]: call["function"]["name"] for message in loop for call in message.get("tool_calls") or ()
    }
    prompt = text_of(messages[opened]["content"]) if asked else ""
    tools = () if body.get("tool_choice") == "none" else offered_of(body.get("tools"))
    return Scene(
        prompt=prompt,
        model=str(body["model"]),
        tools=tools,
        results=tuple(
            Result(names[message["tool_call_id"]], text_of(message["content"]))
            for message in loop
            if message["role"] == "tool"
        ),
        step=1 + sum(1 for message in loop if message.get("tool_calls")),
        turn=max(1, len(asked)),
        seed=zlib.crc32(prompt.encode("utf-8", "replace")),
        thinks=thinks,
        thinks_always=thinks,
        forced=_forced(body.get("tool_choice")),
        parallel=body.get("parallel_tool_calls") is not False,
        attempt=attempt,
        schema=schema_of(body.get("response_format")),
        media=tuple(m for message in messages for m in media_of(message.get("content"))),
    )


def schema_of(wanted: Any) -> dict[str, Any] | None:
    """The schema a wanted format holds the answer to; any object for mere JSON, None for text."""
    if not isinstance(wanted, dict) or wanted.get("type") not in ("json_object", "json_schema"):
        return None
    given = (wanted.get("json_schema") or {}).get("schema")
    return given if isinstance(given, dict) else ANY_OBJECT


def _forced(choice: Any) -> str | None:
    if isinstance(choice, dict):
        return str((choice.get("function") or choice).get("name") or "any")
    return "any" if choice == "required" else None


def prompt_tokens(body: dict[str, Any]) -> tuple[int, int]:
    """Tokens of the prompt, and how many of them were in the vendor's cache.

    What an earlier answer already had before it counts as cached, in steps of 64.
    """
    messages: list[dict[str, Any]] = body["messages"]
    answered = [n for n, message in enumerate(messages) if message["role"] == "assistant"]
    before = messages[: answered[-1]] if answered else []
    tools = count_tokens(_dump(body.get("tools"))) if body.get("tools") else 0
    total = tools + sum(_tokens(message) for message in messages)
    cached = tools + sum(_tokens(message) for message in before) if before else 0
    return total, cached // 64 * 64


def _tokens(message: dict[str, Any]) -> int:
    """What a message fills of the window; the bytes of images and files do not count as text."""
    content = message.get("content")
    shown = sum(medium.tokens for medium in media_of(content))
    if shown and isinstance(content, list):
        message = {**message, "content": [part for part in content if "text" in part]}
    return count_tokens(_dump(message)) + shown


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
