"""What went through the tap: the seals a vendor made, and those a tool brought back."""

import json
from typing import Any

from tests.proxy.tap import Call


def of_the_conversation(calls: list[Call]) -> list[Call]:
    """The calls to Claude that offer tools: a tool's own errands, such as making a title, do not."""
    return [call for call in calls if call.path.endswith("/v1/messages") and "tools" in call.body]


def sealed(blocks: list[dict[str, Any]]) -> list[str]:
    """The thinking blocks among ``blocks``, as text to compare."""
    return [json.dumps(block, sort_keys=True) for block in blocks if "thinking" in block["type"]]


def brought_back(call: Call) -> list[str]:
    """The thinking blocks in a request's history."""
    answers = [m["content"] for m in call.body["messages"] if m["role"] == "assistant"]
    return sealed([block for content in answers if isinstance(content, list) for block in content])
