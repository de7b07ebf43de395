"""The chat bridge to Anthropic's answers: blocks are flattened, their order and numbers are lost."""

from __future__ import annotations

import json
from typing import Any

from tui.sim.deployments import Deployment
from tui.sim.faces import anthropic
from tui.sim.faces.anthropic_format import OLDER_BETA
from tui.sim.faces.bridge_claude_request import translate
from tui.sim.faces.bridge_parts import Bits, Delta, Opening, Spent, Whole, streamed, whole
from tui.sim.refusal import Refusal
from tui.sim.state import SimState
from tui.sim.transport import StreamReply

_FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}
_STATUS = {"overloaded_error": 500, "rate_limit_error": 429}


async def ask(
    state: SimState, body: dict[str, Any], deployment: Deployment, headers: dict[str, str]
) -> Bits | Whole:
    """Ask the strict vendor; raises its ``Refusal``. There is no second try without thinking here."""
    sent = translate(body, deployment)
    passed = {k: v for k, v in headers.items() if k in ("anthropic-beta", "anthropic-version")}
    passed = {"anthropic-version": "2023-06-01", "x-api-key": "sk-ant-simulated", **passed}
    if not sent.get("stream"):
        sent.pop("stream", None)
    if "output_format" in sent:
        betas = [*passed.get("anthropic-beta", "").split(","), OLDER_BETA]
        passed["anthropic-beta"] = ",".join(dict.fromkeys(b.strip() for b in betas if b.strip()))
    raw = json.dumps(sent).encode()
    reply = await anthropic.call(state, passed, raw)
    if isinstance(reply, StreamReply):
        return _bits(streamed(reply))
    return _whole(whole(reply))


async def _bits(reply: StreamReply) -> Bits:
    calls = -1
    usage: dict[str, Any] = {}
    async for event in reply.events:
        data = event.data
        match data["type"]:
            case "message_start":
                usage = dict(data["message"]["usage"])
                yield Opening(f"chatcmpl-{data['message']['id'][6:]}", {})
                yield _spent(usage)
            case "content_block_start":
                block = data["content_block"]
                if block["type"] == "redacted_thinking":
                    yield _thinking(block, "")
                elif block["type"] == "tool_use":
                    calls += 1
                    function = {"arguments": "", "name": block["name"]}
                    call = {"id": block["id"], "function": function, "type": "function", "index": calls}
                    yield Delta({"content": "", "tool_calls": [call]})
            case "content_block_delta":
                yield _delta(data["delta"], calls)
            case "message_delta":
                usage |= data["usage"]
                yield Delta({}, _FINISH[data["delta"]["stop_reason"]])
                yield _spent(usage)
            case "error":
                raise Refusal(_STATUS.get(data["error"]["type"], 500), data)


def _delta(delta: dict[str, Any], calls: int) -> Delta:
    match delta["type"]:
        case "text_delta":
            return Delta({"content": delta["text"]})
        case "thinking_delta":
            return _thinking({"type": "thinking", "thinking": delta["thinking"]}, delta["thinking"])
        case "signature_delta":
            block = {"type": "thinking", "thinking": "", "signature": delta["signature"]}
            return _thinking(block, "")
        case _:
            function = {"arguments": delta["partial_json"]}
            piece = {"function": function, "type": "function", "index": calls}
            return Delta({"content": "", "tool_calls": [piece]})


def _thinking(block: dict[str, Any], text: str) -> Delta:
    """One block or piece of one; nothing says which piece belongs to which block."""
    return Delta(
        {
            "reasoning_content": text,
            "thinking_blocks": [block],
            "provider_specific_fields": {"thinking_blocks": [block]},
            "content": "",
        }
    )


def _whole(body: dict[str, Any]) -> Whole:
    content = body["content"]
    thoughts = [block for block in content if block["type"] in ("thinking", "redacted_thinking")]
    text = "".join(block["text"] for block in content if block["type"] == "text")
    calls = [
        {
            # The real proxy counts blocks here, not calls.
            "index": number,
            "function": {"arguments": json.dumps(block["input"]), "name": block["name"]},
            "id": block["id"],
            "type": "function",
        }
        for number, block in enumerate(content)
        if block["type"] == "tool_use"
    ]
    message: dict[str, Any] = {"content": text or None, "role": "assistant"}
    if calls:
        message["tool_calls"] = calls
    if thoughts:
        message["reasoning_content"] = "".join(block.get("thinking", "") for block in thoughts)
        message["thinking_blocks"] = thoughts
    message["provider_specific_fields"] = {"citations": None, "thinking_blocks": thoughts or None}
    opening = Opening(f"chatcmpl-{body['id'][6:]}", {})
    return Whole(opening, message, _FINISH[body["stop_reason"]], _spent(body["usage"]))


def _spent(usage: dict[str, Any]) -> Spent:
    fresh, said = usage["input_tokens"], usage["output_tokens"]
    read = usage.get("cache_read_input_tokens") or 0
    written = usage.get("cache_creation_input_tokens") or 0
    prompt = fresh + read + written
    thoughts = (usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0
    told = {
        "completion_tokens": said,
        "prompt_tokens": prompt,
        "total_tokens": prompt + said,
        "completion_tokens_details": {"reasoning_tokens": thoughts, "text_tokens": said - thoughts},
        "prompt_tokens_details": {
            "cached_tokens": read,
            "cache_creation_tokens": written,
            "cache_write_tokens": written,
            "text_tokens": fresh,
        },
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
    }
    return Spent(told, usage)
