"""Recorded calls of one conversation, as the tests of several formats wrap them."""

import json
from typing import Any

MODEL = "claude-sonnet-4-5-20250929"
KEY = "sk-ant-planted-0123456789"
SIGNATURE = "EqQBCkYIBxgCKkD"
TOOL = {"name": "add", "description": "adds", "input_schema": {"type": "object", "properties": {}}}
THOUGHT = {"type": "thinking", "thinking": "I add.", "signature": SIGNATURE}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"a": 1}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "2"}


def body(*messages: Any, **fields: Any) -> dict[str, Any]:
    """A request to /v1/messages."""
    settled = {"model": MODEL, "max_tokens": 900, "system": "be exact", "tools": [TOOL], "stream": True}
    return {**settled, "messages": list(messages), **fields}


ASKED = {"role": "user", "content": "1+1?"}
ANSWERED = {"role": "assistant", "content": [THOUGHT, CALL]}
FIRST = body(ASKED, thinking={"type": "enabled", "budget_tokens": 2048}, metadata={"user_id": "u"})
SECOND = body(ASKED, ANSWERED, {"role": "user", "content": [RESULT]})


def event(type: str, **data: Any) -> str:
    """One server-sent event of /v1/messages."""
    return f"event: {type}\ndata: {json.dumps({'type': type, **data})}\n\n"


def streamed(*blocks: dict[str, Any], stop: str) -> str:
    """An answer of /v1/messages as it is streamed."""
    usage = {"input_tokens": 11, "output_tokens": 1}
    out = event("message_start", message={"id": "msg_1", "model": MODEL, "usage": usage, "content": []})
    for index, block in enumerate(blocks):
        out += event("content_block_start", index=index, content_block=block)
        out += event("content_block_stop", index=index)
    out += event("message_delta", delta={"stop_reason": stop}, usage={"output_tokens": 33})
    return out + event("message_stop")


FIRST_ANSWER = streamed(THOUGHT, CALL, stop="tool_use")
SECOND_ANSWER = streamed({"type": "text", "text": "It is 2."}, stop="end_turn")
