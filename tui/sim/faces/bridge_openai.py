"""The chat bridge to vendors that speak chat themselves: passed on, cleaned of nulls, ids cut short."""

from __future__ import annotations

from typing import Any

from tui.sim.faces import chat_dialect
from tui.sim.faces.bridge_media import with_images_moved
from tui.sim.faces.bridge_parts import (
    Bits,
    Delta,
    Opening,
    Whole,
    bare_id,
    own_words,
    recorded,
    spent_openai,
    streamed,
    whole,
)
from tui.sim.refusal import Refusal
from tui.sim.state import SimState
from tui.sim.transport import Reply, StreamReply

_HABITS = {
    "openai": chat_dialect.OPENAI,
    "xai": chat_dialect.XAI,
    "deepseek": chat_dialect.DEEPSEEK,
}
_OPENING = ("system_fingerprint", "service_tier")


def translate(body: dict[str, Any], model: str, vendor: str) -> dict[str, Any]:
    """The request as the vendor gets it; other vendors' fields in messages are left out."""
    sent = {k: v for k, v in own_words(body).items() if k not in ("metadata", "extra_body")}
    sent |= body.get("extra_body") or {}
    sent["model"] = model
    messages = with_images_moved(body["messages"])
    sent["messages"] = [_message(message, vendor) for message in messages]
    if vendor == "openai" and model.startswith("gpt-5") and "max_tokens" in sent:
        sent["max_completion_tokens"] = sent.pop("max_tokens")
    if vendor == "xai" and "max_completion_tokens" in sent:
        sent["max_tokens"] = sent.pop("max_completion_tokens")
    if vendor == "deepseek" and "reasoning_effort" in sent:
        # This vendor only knows on and off.
        off = sent.pop("reasoning_effort") == "none"
        sent.setdefault("thinking", {"type": "disabled" if off else "enabled"})
    if vendor == "deepseek":
        sent.pop("user", None)
        thinking = sent.pop("thinking", None)
        if isinstance(thinking, dict) and thinking.get("type") in ("enabled", "disabled"):
            sent["thinking"] = {"type": thinking["type"]}
    if sent.get("stream"):
        sent["stream_options"] = {"include_usage": True}
    return sent


def _message(message: Any, vendor: str) -> Any:
    if not isinstance(message, dict):
        return message
    foreign = {"thinking_blocks", "reasoning_items", "provider_specific_fields"}
    if vendor != "deepseek":
        foreign.add("reasoning_content")
    kept = {key: value for key, value in message.items() if key not in foreign}
    if isinstance(kept.get("tool_call_id"), str):
        kept["tool_call_id"] = bare_id(kept["tool_call_id"])
    if isinstance(kept.get("tool_calls"), list):
        kept["tool_calls"] = [_call(call) for call in kept["tool_calls"]]
    content = kept.get("content")
    if vendor == "deepseek" and isinstance(content, list):
        # Whatever is no text is left out, without a word to the client.
        kept["content"] = "".join(str(part.get("text") or "") for part in content)
    if content is None and vendor == "deepseek":
        kept.pop("content", None)
    return kept


def _call(call: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in call.items() if key != "provider_specific_fields"}
    return {**kept, "id": bare_id(kept["id"])} if isinstance(kept.get("id"), str) else kept


async def ask(state: SimState, body: dict[str, Any], model: str, vendor: str) -> Bits | Whole:
    """Ask the vendor; raises its ``Refusal``."""
    sent = translate(body, model, vendor)
    exchange = state.record(vendor, f"/vendor/{vendor}/v1/chat/completions", {}, sent)
    reply: Reply = await recorded(exchange, chat_dialect.answer(state, _HABITS[vendor], sent))
    if isinstance(reply, StreamReply):
        return _bits(streamed(reply))
    return _whole(whole(reply))


def _opening(chunk: dict[str, Any]) -> Opening:
    return Opening(chunk["id"], {key: chunk[key] for key in _OPENING if key in chunk})


async def _bits(reply: StreamReply) -> Bits:
    opened = False
    async for event in reply.events:
        chunk = event.data
        if chunk == "[DONE]":
            return
        if "error" in chunk:
            raise Refusal(500, chunk)
        if not opened:
            yield _opening(chunk)
            opened = True
        for choice in chunk["choices"]:
            delta = {key: value for key, value in choice["delta"].items() if value is not None}
            yield Delta(delta, choice["finish_reason"])
        if chunk.get("usage"):
            yield spent_openai(chunk["usage"])


def _whole(body: dict[str, Any]) -> Whole:
    choice = body["choices"][0]
    message = {key: value for key, value in choice["message"].items() if key != "refusal"}
    message["provider_specific_fields"] = {"refusal": None}
    return Whole(_opening(body), message, choice["finish_reason"], spent_openai(body["usage"]))
