"""Request bodies for tests of anatomy and diff: ordinary ones of each format, and any JSON at all."""

import json
from typing import Any

from hypothesis import strategies as st

from tui.chat.parts import Dialect

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
_roles = st.sampled_from(["user", "assistant", "system", "developer", "tool", "\x1b[31m", ""])
_texts = st.sampled_from(["", "hi", "hello world", "\x1b[2J evil", "\u202eabc", "a b c d"])
_blocks = st.one_of(
    JSON,
    st.builds(lambda t: {"type": "text", "text": t}, _texts),
    st.builds(lambda t: {"type": "thinking", "thinking": t, "signature": "Eo8B" + t}, _texts),
    st.builds(lambda t: {"type": "tool_use", "id": "t1", "name": t, "input": {"q": t}}, _texts),
    st.builds(lambda t: {"id": "c1", "type": "function", "function": {"name": t, "arguments": "{}"}}, _texts),
    st.builds(lambda t: {"type": "tool_result", "tool_use_id": "t1", "content": t}, _texts),
)
_messages = st.one_of(
    JSON,
    st.fixed_dictionaries(
        {"role": _roles},
        optional={
            "content": _texts | st.none() | st.lists(_blocks, max_size=3) | JSON,
            "tool_calls": st.lists(_blocks, max_size=2) | JSON,
            "thinking_blocks": st.lists(_blocks, max_size=2),
            "reasoning_content": _texts | JSON,
            "type": st.sampled_from(["message", "function_call", "reasoning", "function_call_output"]),
            "name": _texts,
        },
    ),
)
_history = st.lists(_messages, max_size=4) | JSON
bodies = st.fixed_dictionaries(
    {},
    optional={
        "model": _texts,
        "tools": st.lists(st.builds(lambda n: {"name": n, "input_schema": {}}, _texts) | JSON, max_size=3),
        "functions": JSON,
        "system": _texts | st.lists(_blocks, max_size=2) | JSON,
        "instructions": _texts | JSON,
        "messages": _history,
        "input": _history | _texts,
        "temperature": JSON,
    },
)
dialects: st.SearchStrategy[Dialect] = st.sampled_from(["messages", "chat", "responses"])


def packed(body: Any) -> bytes:
    """``body`` as it would be sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _schema(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def messages_body() -> dict[str, Any]:
    """A request of /v1/messages in the middle of a turn with tools."""
    return {
        "model": "claude-sonnet-4-5",
        "max_tokens": 4096,
        "cache_control": {"type": "ephemeral"},
        "tools": [
            {"name": "search", "description": "Look it up.", "input_schema": _schema("query", "limit")},
            {"name": "clock", "description": "Tells the time.", "input_schema": _schema()},
        ],
        "system": "You are a kind and careful helper who says what is known.",
        "messages": [
            {"role": "user", "content": "What is a seal?"},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "Let me see.", "signature": "Eo8BAAA="},
                    {"type": "text", "text": "I look it up."},
                    {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {"query": "seal"}},
                ],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "A mark."}],
            },
        ],
        "stream": True,
    }


def chat_body() -> dict[str, Any]:
    """The same for /v1/chat/completions."""
    return {
        "model": "gpt-5",
        "tools": [
            {"type": "function", "function": {"name": "search", "parameters": _schema("query", "limit")}},
            {"type": "function", "function": {"name": "clock", "parameters": _schema()}},
        ],
        "messages": [
            {"role": "system", "content": "You are a kind and careful helper who says what is known."},
            {"role": "user", "content": "What is a seal?"},
            {
                "role": "assistant",
                "content": "I look it up.",
                "thinking_blocks": [{"type": "thinking", "thinking": "Let me see.", "signature": "Eo8BAAA="}],
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"name": "search", "arguments": '{"query":"seal"}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": "A mark."},
        ],
        "stream": True,
    }


def responses_body() -> dict[str, Any]:
    """The same for /v1/responses."""
    return {
        "model": "gpt-5",
        "tools": [
            {"type": "function", "name": "search", "parameters": _schema("query", "limit")},
            {"type": "function", "name": "clock", "parameters": _schema()},
        ],
        "instructions": "You are a kind and careful helper who says what is known.",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "What is a seal?"}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAAB"},
            {
                "type": "message",
                "role": "assistant",
                "id": "msg_1",
                "content": [{"type": "output_text", "text": "I look it up."}],
            },
            {"type": "function_call", "call_id": "call_1", "name": "search", "arguments": '{"query":"seal"}'},
            {"type": "function_call_output", "call_id": "call_1", "output": "A mark."},
        ],
        "store": False,
    }


BODIES: dict[Dialect, Any] = {"messages": messages_body, "chat": chat_body, "responses": responses_body}
