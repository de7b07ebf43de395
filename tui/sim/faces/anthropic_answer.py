"""One answer of the simulated Anthropic, as the stream of events it is made of, or folded into a message."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.sim.faces.anthropic_cache import Input
from tui.sim.faces.anthropic_format import schema_of
from tui.sim.faces.anthropic_media import media_of
from tui.sim.faces.anthropic_request import Request, refuse
from tui.sim.faces.anthropic_seals import Minter
from tui.sim.faces.play import Begin, End, Piece, cut_at, play, struck_stretch
from tui.sim.pace import Pacer, count_tokens
from tui.sim.refusal import Broken
from tui.sim.script import (
    Beat,
    Call,
    Fail,
    Offered,
    Result,
    Say,
    Scene,
    Stop,
    Think,
)
from tui.sim.transport import Events, SseEvent

_STOPS = {"end": "end_turn", "tool_use": "tool_use", "max_tokens": "max_tokens", "refusal": "refusal"}
_STATUS = {"overloaded_error": 529, "rate_limit_error": 429}
_PIECES_PER_PING = 40
_CALL_TOKENS = 12


def scene_of(request: Request, attempt: int = 1, seed: int = 0) -> Scene:
    """What the model sees of a request."""
    body = request.body
    opener = request.turns[request.opened] if request.opened >= 0 else None
    said = [b.data["text"] for b in opener.blocks if b.type == "text"] if opener else []
    prompt = "\n".join(said)
    loop = request.loop
    names = {b.data["id"]: b.data["name"] for t in loop for b in t.blocks if b.type == "tool_use"}
    results = tuple(
        Result(
            names[b.data["tool_use_id"]], _result_text(b.data.get("content")), bool(b.data.get("is_error"))
        )
        for t in loop
        for b in t.blocks
        if b.type == "tool_result"
    )
    step = 1 + sum(t.role == "assistant" for t in loop)
    choice = body.get("tool_choice") or {}
    offered = () if choice.get("type") == "none" else tuple(body.get("tools") or ())
    thinking = request.thinking
    between = request.interleaves or "interleaved" in prompt.lower()
    return Scene(
        prompt=prompt,
        model=request.model,
        tools=tuple(Offered(str(t["name"]), t.get("input_schema") or {}) for t in offered),
        results=results,
        step=step,
        turn=max(1, sum(t.role == "user" and not t.answers_tools for t in request.turns)),
        seed=seed ^ zlib.crc32(prompt.encode("utf-8", "replace")),
        thinks=thinking.on and (between if step > 1 else thinking.type != "between_tools"),
        thinks_always=thinking.manual,
        forced=None if choice.get("type") in (None, "auto", "none") else str(choice.get("name") or "any"),
        parallel=not choice.get("disable_parallel_tool_use", False),
        attempt=attempt,
        schema=schema_of(body),
        media=tuple(m for t in request.turns for b in t.blocks for m in media_of(b.data)),
    )


@dataclass(slots=True)
class Answer:
    """Plays beats as Anthropic's events; ``events`` may be iterated once."""

    request: Request
    beats: Sequence[Beat]
    minter: Minter
    input: Input
    pacer: Pacer
    thought_tokens: int = 0
    output_tokens: int = 0
    _index: int = -1
    _open: bool = False
    _pieces: int = 0
    _stopped_by: str | None = None
    _kept: dict[str, Any] = field(default_factory=dict)

    async def events(self) -> Events:
        """Every event of the answer; raises ``Broken`` where the script hangs up."""
        yield SseEvent({"type": "message_start", "message": self._head()}, "message_start")
        yield _PING
        limit = int(self.request.body["max_tokens"])
        beats, self._stopped_by = cut_at(self.beats, self.request.body.get("stop_sequences") or [])
        if limit == 0:
            beats = (Stop("max_tokens"),)
        struck = struck_stretch(beats)
        async for played in play(beats, self.pacer, self.minter.message_id, limit):
            match played:
                case Begin(beat=beat):
                    if not isinstance(beat, Say):
                        yield self._start(beat)
                case Piece(beat=beat, text=text):
                    for event in self._piece(beat, text):
                        yield event
                case End(number=number, beat=beat, text=text):
                    if number == struck:
                        continue
                    for event in self._end(beat, text):
                        yield event
                case Fail(type=type, message=message):
                    error = {"type": type, "message": message}
                    yield SseEvent({"type": "error", "error": error}, "error")
                    return
                case Stop(word=word):
                    for event in self._last_words(word):
                        yield event

    def _head(self) -> dict[str, Any]:
        usage = {
            **self.input.usage,
            "cache_creation": self.input.writes,
            "output_tokens": 1,
            "service_tier": "standard",
        }
        head: dict[str, Any] = {
            "id": self.minter.message_id,
            "type": "message",
            "role": "assistant",
            "model": self.request.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        if self.request.transformations:
            head["input_transformations"] = self.request.transformations
        return head

    def _start(self, beat: Think | Say | Call) -> SseEvent:
        self._index += 1
        self._open = True
        block: dict[str, Any]
        match beat:
            case Think(text=text, redacted=True):
                block = {"type": "redacted_thinking", "data": self.minter.seal(text, redacted=True)}
            case Think():
                block = {"type": "thinking", "thinking": "", "signature": ""}
            case Say():
                block = {"type": "text", "text": ""}
            case Call(name=name):
                block = {"type": "tool_use", "id": self.minter.tool_id(), "name": name, "input": {}}
        self._kept = block
        return self._event("content_block_start", content_block=block)

    def _piece(self, beat: Think | Say | Call, text: str) -> Iterator[SseEvent]:
        if not self._open:
            yield self._start(beat)
        delta: dict[str, str] | None = None
        match beat:
            case Think(redacted=redacted):
                if not redacted and not self.request.thinking.omitted:
                    delta = {"type": "thinking_delta", "thinking": text}
            case Say():
                delta = {"type": "text_delta", "text": text}
            case Call():
                delta = {"type": "input_json_delta", "partial_json": text}
        if delta:
            yield self._event("content_block_delta", delta=delta)
        self._pieces += 1
        if self._pieces % _PIECES_PER_PING == 0:
            yield _PING

    def _end(self, beat: Think | Say | Call, text: str) -> Iterator[SseEvent]:
        tokens = count_tokens(text)
        self.output_tokens += tokens
        if not self._open:
            return
        match beat:
            case Think(redacted=redacted):
                self.thought_tokens += tokens
                if not redacted:
                    seal = self.minter.seal(text, redacted=False)
                    yield self._event(
                        "content_block_delta", delta={"type": "signature_delta", "signature": seal}
                    )
            case Say():
                self.minter.add({"type": "text", "text": text})
            case Call(name=name):
                self.output_tokens += _CALL_TOKENS
                call = {"type": "tool_use", "id": self._kept["id"], "name": name, "input": _input(text)}
                self.minter.add(call)
        self._open = False
        yield self._event("content_block_stop")

    def _last_words(self, word: str) -> Iterator[SseEvent]:
        delta: dict[str, Any] = {"stop_reason": _STOPS[word], "stop_sequence": None}
        if word == "end" and self._stopped_by is not None:
            delta = {"stop_reason": "stop_sequence", "stop_sequence": self._stopped_by}
        if word == "refusal":
            explanation = "The simulated model was asked to refuse."
            delta["stop_details"] = {"type": "refusal", "category": None, "explanation": explanation}
        usage: dict[str, Any] = {
            **self.input.usage,
            "output_tokens": max(min(1, int(self.request.body["max_tokens"])), self.output_tokens),
        }
        if self.request.thinking.on:
            usage["output_tokens_details"] = {"thinking_tokens": self.thought_tokens}
        yield SseEvent({"type": "message_delta", "delta": delta, "usage": usage}, "message_delta")
        yield SseEvent({"type": "message_stop"}, "message_stop")

    def _event(self, type: str, **fields: Any) -> SseEvent:
        return SseEvent({"type": type, "index": self._index, **fields}, type)


async def fold(events: Events) -> dict[str, Any]:
    """The whole message that ``events`` stream; an error inside them becomes a refusal.

    Raises ``Broken`` when the last words never come.
    """
    message: dict[str, Any] = {}
    arguments: dict[int, str] = {}
    done = False
    async for event in events:
        data = event.data
        match event.event:
            case "message_start":
                message = data["message"]
            case "content_block_start":
                message["content"].append(dict(data["content_block"]))
            case "content_block_delta":
                _fold_delta(message["content"][data["index"]], data["delta"], arguments, data["index"])
            case "message_delta":
                message |= data["delta"]
                message["usage"] |= data["usage"]
            case "message_stop":
                done = True
            case "error":
                error = data["error"]
                refuse(error["message"], status=_STATUS.get(error["type"], 500), type=error["type"])
    if not done:
        raise Broken
    for index, text in arguments.items():
        message["content"][index]["input"] = _input(text)
    return message


def _fold_delta(block: dict[str, Any], delta: dict[str, str], arguments: dict[int, str], index: int) -> None:
    match delta["type"]:
        case "text_delta":
            block["text"] += delta["text"]
        case "thinking_delta":
            block["thinking"] += delta["thinking"]
        case "signature_delta":
            block["signature"] += delta["signature"]
        case "input_json_delta":
            arguments[index] = arguments.get(index, "") + delta["partial_json"]


def _input(text: str) -> dict[str, Any]:
    """Tool arguments as an object; what is no JSON object goes under the vendor's own marker."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"INVALID_JSON": text}


def _result_text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content or () if "text" in part)


_PING = SseEvent({"type": "ping"}, "ping")
