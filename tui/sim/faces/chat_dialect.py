"""One answer in the chat dialect, as OpenAI, xAI and DeepSeek give it: whole, or in unnamed chunks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from tui.sim.beats import Call, Fail, Say, Scene, Stop, Think
from tui.sim.faces.chat_params import check_params, thinks, thinks_at
from tui.sim.faces.chat_rules import check_dialogue
from tui.sim.faces.chat_scene import prompt_tokens, scene_of
from tui.sim.faces.openai_refusal import error_body
from tui.sim.faces.play import Begin, End, Piece, Played, cut_at, play, refused
from tui.sim.pace import Pacer, count_tokens
from tui.sim.refusal import Broken, Refusal
from tui.sim.script import write
from tui.sim.state import SimState
from tui.sim.transport import JsonReply, Reply, SseEvent, StreamReply

CREATED = 1_790_000_000
FINISH = {"end": "stop", "tool_use": "tool_calls", "max_tokens": "length", "refusal": "content_filter"}
_TYPES = {
    "authentication_error": ("invalid_request_error", "invalid_api_key"),
    "rate_limit_error": ("requests", "rate_limit_exceeded"),
    "api_error": ("server_error", None),
    "overloaded_error": ("server_error", "server_is_overloaded"),
}
_STATUS = {"rate_limit_error": 429, "overloaded_error": 503}


@dataclass(frozen=True, slots=True)
class Habits:
    """What one vendor of the chat dialect does in its own way."""

    vendor: str
    shows_reasoning: bool = False
    """Streams ``reasoning_content``."""
    whole_calls: bool = False
    """Sends each tool call in a single chunk."""
    usage_apart: bool = True
    """Sends usage in a last chunk without choices, else together with the finish reason."""


OPENAI = Habits("openai")
XAI = Habits("xai", whole_calls=True)
DEEPSEEK = Habits("deepseek", shows_reasoning=True, usage_apart=False)


async def answer(state: SimState, habits: Habits, body: dict[str, Any]) -> Reply:
    """Answer one request strictly; raises ``Refusal``, ``Page`` or ``Broken``."""
    check_params(body, habits.vendor)
    check_dialogue(body, habits.vendor)
    attempt = state.attempt(habits.vendor, body["model"], body["messages"])
    scene = scene_of(body, thinks=_thinks(habits.vendor, body), attempt=attempt)
    beats = write(scene)
    refuse = refused(beats)
    if refuse is not None:
        raise Refusal(refuse.status, error_of(refuse.type, refuse.message), refuse.headers)
    seed = f"{scene.seed}.{scene.turn}.{scene.step}"
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    stop = body.get("stop") or []
    beats, _ = cut_at(beats, [stop] if isinstance(stop, str) else stop)
    playing = play(beats, Pacer(state.speed, seed), seed, limit)
    head = _Head(habits, body, scene)
    if body.get("stream"):
        return StreamReply(_stream(head, playing), head.headers())
    return JsonReply(await _whole(head, playing), head.headers())


def error_of(type: str, message: str) -> dict[str, Any]:
    """A fault in Anthropic's words as an OpenAI error body."""
    word, code = _TYPES.get(type, ("invalid_request_error", None))
    return error_body(message, word, code=code)


def _thinks(vendor: str, body: dict[str, Any]) -> bool:
    model = body["model"]
    if vendor == "deepseek":
        return thinks(model, body)
    if vendor == "xai":
        return True
    return thinks_at(model, body.get("reasoning_effort"))


class _Head:
    """The fields every chunk of one answer shares, and the count of its tokens."""

    def __init__(self, habits: Habits, body: dict[str, Any], scene: Scene) -> None:
        self.habits = habits
        self.body = body
        text = json.dumps([body["messages"], scene.attempt], ensure_ascii=True, sort_keys=True)
        self._mark = hashlib.sha256(text.encode()).hexdigest()
        self.id = f"chatcmpl-{self._mark[:29]}"
        self.thinks = scene.thinks
        self.created = CREATED + int(self._mark[:4], 16)
        self.said = 0
        self.reasoned = 0

    def headers(self) -> dict[str, str]:
        return {"x-request-id": f"req_{self._mark[:32]}", "openai-processing-ms": "42"}

    def call_id(self, number: int) -> str:
        return f"call_{hashlib.sha256(f'{self._mark}{number}'.encode()).hexdigest()[:24]}"

    def count(self, end: End) -> None:
        if isinstance(end.beat, Think):
            # A blank or redacted stretch of thinking was still paid for.
            self.reasoned += count_tokens(end.text) or 24
        elif isinstance(end.beat, Call):
            self.said += count_tokens(end.text) + 12
        else:
            self.said += count_tokens(end.text)

    def usage(self) -> dict[str, Any]:
        total, cached = prompt_tokens(self.body)
        usage: dict[str, Any] = {
            "prompt_tokens": total,
            "completion_tokens": self.said + self.reasoned,
            "total_tokens": total + self.said + self.reasoned,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": self.reasoned,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }
        if self.habits.vendor == "deepseek":
            usage |= {"prompt_cache_hit_tokens": cached, "prompt_cache_miss_tokens": total - cached}
        return usage

    def envelope(self, object: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": object,
            "created": self.created,
            "model": self.body["model"],
            "service_tier": "default",
            "system_fingerprint": f"fp_{self.habits.vendor}",
        }

    def chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = {**self.envelope("chat.completion.chunk"), "choices": [choice]}
        if self.wants_usage:
            chunk["usage"] = None
        return chunk

    @property
    def wants_usage(self) -> bool:
        return bool((self.body.get("stream_options") or {}).get("include_usage"))


async def _stream(head: _Head, playing: AsyncIterator[Played]) -> AsyncIterator[SseEvent]:
    first: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None}
    if head.habits.shows_reasoning:
        first = {"role": "assistant", "content": None, "reasoning_content": ""}
    yield SseEvent(head.chunk(first))
    calls = 0
    async for played in playing:
        match played:
            case Begin(number, Call(name)) if not head.habits.whole_calls:
                yield SseEvent(head.chunk({"tool_calls": [_call(calls, head.call_id(number), name, "")]}))
            case Piece(_, Say(), text):
                yield SseEvent(head.chunk({"content": text}))
            case Piece(_, Think(redacted=False), text) if head.habits.shows_reasoning:
                yield SseEvent(head.chunk({"content": None, "reasoning_content": text}))
            case Piece(_, Call(), text) if not head.habits.whole_calls:
                delta = {"index": calls, "function": {"arguments": text}}
                yield SseEvent(head.chunk({"tool_calls": [delta]}))
            case End(number, beat, text):
                head.count(played)
                if isinstance(beat, Call):
                    if head.habits.whole_calls:
                        whole = _call(calls, head.call_id(number), beat.name, text)
                        yield SseEvent(head.chunk({"tool_calls": [whole]}))
                    calls += 1
            case Fail(type, message):
                yield SseEvent(error_of(type, message))
                return
            case Stop(word):
                for event in _last(head, FINISH[word]):
                    yield event


def _last(head: _Head, finish: str) -> list[SseEvent]:
    chunk = head.chunk({}, finish)
    events = [SseEvent(chunk)]
    if head.wants_usage and head.habits.usage_apart:
        usage = {**head.envelope("chat.completion.chunk"), "choices": [], "usage": head.usage()}
        events.append(SseEvent(usage))
    elif not head.habits.usage_apart:
        chunk["usage"] = head.usage()
    return [*events, SseEvent("[DONE]")]


def _call(index: int, id: str, name: str, arguments: str) -> dict[str, Any]:
    return {"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


async def _whole(head: _Head, playing: AsyncIterator[Played]) -> dict[str, Any]:
    text, reasoning, finish = "", "", ""
    calls: list[dict[str, Any]] = []
    async for played in playing:
        match played:
            case End(number, beat, said):
                head.count(played)
                if isinstance(beat, Call):
                    call = _call(0, head.call_id(number), beat.name, said)
                    del call["index"]
                    calls.append(call)
                elif isinstance(beat, Think):
                    reasoning += "" if beat.redacted else said
                else:
                    text += said
            case Fail(type, fault):
                raise Refusal(_STATUS.get(type, 500), error_of(type, fault))
            case Stop(word):
                finish = FINISH[word]
    if not finish:
        raise Broken
    content = text or (None if calls else "")
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
    if head.thinks and head.habits.shows_reasoning:
        message["reasoning_content"] = reasoning
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    return {**head.envelope("chat.completion"), "choices": [choice], "usage": head.usage()}
