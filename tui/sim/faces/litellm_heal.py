"""The proxy's silent self-heal: strip all thinking after a bad seal and try once more."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from tui.sim.refusal import Refusal

_HEALED = re.compile(r"Invalid `signature` in `thinking`|signature.*valid string|must contain thinking")
_SEALED = ("thinking", "redacted_thinking")


def is_healable(refusal: Refusal, sent: Mapping[str, Any]) -> bool:
    """Whether the proxy would try again without thinking; an explicit ``error`` binding forbids it."""
    if refusal.status != 400 or not _HEALED.search(refusal.body["error"]["message"]):
        return False
    thinking = sent.get("thinking")
    binding = thinking.get("block_binding") if isinstance(thinking, dict) else None
    return not (isinstance(binding, dict) and binding.get("prefix_mismatch_behavior") == "error")


def healed(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The request without ``thinking`` and without any thinking block; emptied messages go too."""
    body = {k: v for k, v in sent.items() if k != "thinking"}
    body["messages"] = []
    for message in sent["messages"]:
        content = message["content"]
        if isinstance(content, list):
            content = [b for b in content if b.get("type") not in _SEALED]
        if content:
            body["messages"].append({**message, "content": content})
    return body


def spoilt(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The request with every signature damaged, so that the self-heal can be seen at work.

    A history without thinking gets a block nobody sealed, for the vendor to refuse.
    """
    body = copy.deepcopy(dict(sent))
    signed = [
        block
        for message in body["messages"]
        for block in (message["content"] if isinstance(message["content"], list) else ())
        if block.get("type") == "thinking"
    ]
    for block in signed:
        block["signature"] = str(block.get("signature", ""))[::-1]
    if not signed:
        unsealed = {"type": "thinking", "thinking": "Nobody sealed this.", "signature": "c3BvaWx0"}
        answer = {"role": "assistant", "content": [unsealed, {"type": "text", "text": "Hm."}]}
        body["messages"] = [{"role": "user", "content": "Hello."}, answer, *body["messages"]]
    return body
