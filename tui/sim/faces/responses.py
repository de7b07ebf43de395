"""OpenAI's ``/v1/responses``: output items with ids of their own, reasoning sealed in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

from tui.sim.beats import Call, Fail, Say, Stop, Think
from tui.sim.faces.chat_dialect import CREATED, error_of
from tui.sim.faces.chat_params import thinks_at
from tui.sim.faces.chat_scene import prompt_tokens, scene_of
from tui.sim.faces.play import Begin, End, Piece, Played, play, refused
from tui.sim.faces.responses_ids import ItemId
from tui.sim.faces.responses_rules import check_request, type_of
from tui.sim.pace import Pacer, count_tokens
from tui.sim.refusal import Broken, Refusal
from tui.sim.script import write
from tui.sim.seals import Seals, digest
from tui.sim.state import SimState
from tui.sim.transport import JsonReply, Reply, SseEvent, StreamReply

_SHORT = 24
"""How much of a seal ``output_item.added`` already shows; whoever keeps that has a broken seal."""


async def answer(state: SimState, body: dict[str, Any]) -> Reply:
    """Answer one request strictly; raises ``Refusal``, ``Page`` or ``Broken``."""
    seals = state.seals
    items = check_request(body, lambda sealed, model: seals.check("openai", model, {}, sealed))
    chat = _as_chat(items, body)
    attempt = state.attempt("openai responses", body["model"], items)
    effort = (body.get("reasoning") or {}).get("effort")
    scene = scene_of(chat, thinks=thinks_at(body["model"], effort), attempt=attempt)
    beats = write(scene)
    refuse = refused(beats)
    if refuse is not None:
        raise Refusal(refuse.status, error_of(refuse.type, refuse.message), refuse.headers)
    seed = f"{scene.seed}.{scene.turn}.{scene.step}"
    playing = play(beats, Pacer(state.speed, seed), seed, body.get("max_output_tokens"))
    making = _Making(body, chat, seals, digest([items, attempt]))
    if body.get("stream"):
        return StreamReply(_stream(making, playing))
    async for played in playing:
        for _event in making.take(played):
            pass
    if making.failed is not None:
        raise Refusal(500, making.failed)
    if not making.done:
        raise Broken
    return JsonReply(making.response())


async def _stream(making: _Making, playing: AsyncIterator[Played]) -> AsyncIterator[SseEvent]:
    number = 0
    for word in ("response.created", "response.in_progress"):
        yield _event(word, number, {"response": making.response()})
        number += 1
    async for played in playing:
        for word, fields in making.take(played):
            yield _event(word, number, fields)
            number += 1


def _event(word: str, number: int, fields: dict[str, Any]) -> SseEvent:
    return SseEvent({"type": word, "sequence_number": number, **fields}, word)


def _as_chat(items: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The same conversation in the chat dialect, for the scene and the count of tokens."""
    messages: list[dict[str, Any]] = []
    if body.get("instructions"):
        messages.append({"role": "system", "content": body["instructions"]})
    for item in items:
        word = type_of(item)
        if word == "message":
            messages.append({"role": item["role"], "content": item["content"]})
        elif word == "function_call":
            call = {
                "id": item["call_id"],
                "function": {"name": item["name"], "arguments": item["arguments"]},
            }
            last = messages[-1] if messages else {}
            if last.get("tool_calls"):
                last["tool_calls"].append(call)
            else:
                messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        elif word == "function_call_output":
            messages.append({"role": "tool", "tool_call_id": item["call_id"], "content": item["output"]})
        else:
            # Sealed reasoning fills the window like anything else.
            messages.append({"role": "assistant", "content": str(item.get("encrypted_content") or "")})
    tools = [t for t in body.get("tools") or () if t.get("type") == "function"]
    return {
        "model": body["model"],
        "messages": messages,
        "tools": tools or None,
        "tool_choice": body.get("tool_choice"),
        "parallel_tool_calls": body.get("parallel_tool_calls"),
    }


class _Making:
    """One answer in the making: its output items so far, and the events each played beat causes."""

    def __init__(self, body: dict[str, Any], chat: dict[str, Any], seals: Seals, mark: str) -> None:
        self.failed: dict[str, Any] | None = None
        self._body = body
        self._chat = chat
        self._seals = seals
        self._token = hashlib.sha256(mark.encode()).hexdigest()[:36]
        self._items: list[dict[str, Any]] = []
        self._reasoning: int | None = None
        self._status = "in_progress"
        self._incomplete: dict[str, str] | None = None
        self._said = 0
        self._reasoned = 0

    def take(self, played: Played) -> list[tuple[str, dict[str, Any]]]:
        """The events of one played beat, as name and fields."""
        match played:
            case Begin(number, beat):
                return self._begin(number, beat)
            case Piece(number, beat, text):
                return self._piece(number, beat, text)
            case End(number, beat, text, cut):
                return self._end(number, beat, text, cut)
            case Fail(type, message):
                self._status = "failed"
                self.failed = error_of(type, message)
                return [("response.failed", {"response": self.response()})]
            case Stop(word):
                self._status = "completed"
                if word in ("max_tokens", "refusal"):
                    self._status = "incomplete"
                    reason = "max_output_tokens" if word == "max_tokens" else "content_filter"
                    self._incomplete = {"reason": reason}
                return [(f"response.{self._status}", {"response": self.response()})]

    @property
    def done(self) -> bool:
        """Whether the last words were said."""
        return self._status != "in_progress"

    def response(self) -> dict[str, Any]:
        """The response object as it stands; ``usage`` null until it is over."""
        error = None
        if self.failed is not None:
            detail = self.failed["error"]
            error = {"code": detail["code"] or detail["type"], "message": detail["message"]}
        reasoning = self._body.get("reasoning") or {}
        return {
            "id": f"resp_{self._token}",
            "object": "response",
            "created_at": CREATED + int(self._token[:4], 16),
            "status": self._status,
            "background": False,
            "error": error,
            "incomplete_details": self._incomplete,
            "instructions": self._body.get("instructions"),
            "max_output_tokens": self._body.get("max_output_tokens"),
            "model": self._body["model"],
            "output": [json.loads(json.dumps(item)) for item in self._items],
            "parallel_tool_calls": self._body.get("parallel_tool_calls", True),
            "previous_response_id": None,
            "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
            "service_tier": "default",
            "store": self._body.get("store", True),
            "temperature": 1.0,
            "text": self._body.get("text") or {"format": {"type": "text"}},
            "tool_choice": self._body.get("tool_choice", "auto"),
            "tools": self._body.get("tools") or [],
            "top_p": 1.0,
            "truncation": "disabled",
            "usage": None if self._status in ("in_progress", "failed") else self._usage(),
            "user": None,
            "metadata": {},
        }

    def _usage(self) -> dict[str, Any]:
        total, cached = prompt_tokens(self._chat)
        return {
            "input_tokens": total,
            "input_tokens_details": {"cached_tokens": cached},
            "output_tokens": self._said + self._reasoned,
            "output_tokens_details": {"reasoning_tokens": self._reasoned},
            "total_tokens": total + self._said + self._reasoned,
        }

    def _begin(self, number: int, beat: Think | Say | Call) -> list[tuple[str, dict[str, Any]]]:
        place = {"output_index": number}
        if isinstance(beat, Think):
            item: dict[str, Any] = {"id": self._id("rs", number), "type": "reasoning", "summary": []}
            if self._seals_wanted:
                item["encrypted_content"] = self._seal(number)[:_SHORT]
            self._reasoning = number
        elif isinstance(beat, Say):
            id = self._id("msg", number)
            item = {"id": id, "type": "message", "status": "in_progress", "role": "assistant", "content": []}
        else:
            call_id = f"call_{hashlib.sha256(f'{self._token}{number}'.encode()).hexdigest()[:24]}"
            item = {
                "id": self._id("fc", number),
                "type": "function_call",
                "status": "in_progress",
                "call_id": call_id,
                "name": beat.name,
                "arguments": "",
            }
        self._items.append(item)
        events = [("response.output_item.added", {**place, "item": dict(item)})]
        place = {"item_id": item["id"], **place}
        if isinstance(beat, Say):
            part: dict[str, Any] = {"type": "output_text", "text": "", "annotations": []}
            events.append(("response.content_part.added", {**place, "content_index": 0, "part": part}))
        elif isinstance(beat, Think) and self._shows(beat):
            part = {"type": "summary_text", "text": ""}
            events.append(
                ("response.reasoning_summary_part.added", {**place, "summary_index": 0, "part": part})
            )
        return events

    def _piece(self, number: int, beat: Think | Say | Call, text: str) -> list[tuple[str, dict[str, Any]]]:
        place = {"item_id": self._items[number]["id"], "output_index": number}
        if isinstance(beat, Call):
            return [("response.function_call_arguments.delta", {**place, "delta": text})]
        if isinstance(beat, Say):
            return [("response.output_text.delta", {**place, "content_index": 0, "delta": text})]
        if not self._shows(beat):
            return []
        return [("response.reasoning_summary_text.delta", {**place, "summary_index": 0, "delta": text})]

    def _end(
        self, number: int, beat: Think | Say | Call, text: str, cut: bool
    ) -> list[tuple[str, dict[str, Any]]]:
        item = self._items[number]
        place: dict[str, Any] = {"item_id": item["id"], "output_index": number}
        events: list[tuple[str, dict[str, Any]]] = []
        if isinstance(beat, Think):
            self._reasoned += count_tokens(text) or 24
            if self._shows(beat):
                part = {"type": "summary_text", "text": text}
                item["summary"] = [part]
                place["summary_index"] = 0
                events = [
                    ("response.reasoning_summary_text.done", {**place, "text": text}),
                    ("response.reasoning_summary_part.done", {**place, "part": part}),
                ]
            if self._seals_wanted:
                item["encrypted_content"] = self._seal(number)
        elif isinstance(beat, Say):
            self._said += count_tokens(text)
            said: dict[str, Any] = {
                "type": "output_text",
                "text": text,
                "annotations": [],
                "logprobs": [],
            }
            item["content"] = [said]
            place["content_index"] = 0
            events = [
                ("response.output_text.done", {**place, "text": text}),
                ("response.content_part.done", {**place, "part": said}),
            ]
        else:
            self._said += count_tokens(text) + 12
            item["arguments"] = text
            events = [("response.function_call_arguments.done", {**place, "arguments": text})]
        if not isinstance(beat, Think):
            item["status"] = "incomplete" if cut else "completed"
        return [*events, ("response.output_item.done", {"output_index": number, "item": dict(item)})]

    @property
    def _seals_wanted(self) -> bool:
        return "reasoning.encrypted_content" in (self._body.get("include") or [])

    def _shows(self, beat: Think) -> bool:
        asked = (self._body.get("reasoning") or {}).get("summary")
        return asked is not None and bool(beat.text) and not beat.redacted

    def _seal(self, number: int) -> str:
        return self._seals.seal("openai", self._body["model"], {"response": self._token, "place": number})

    def _id(self, prefix: str, number: int) -> str:
        stored = self._body.get("store") is not False
        needs = None if prefix == "rs" else self._reasoning
        return str(ItemId(prefix, self._token, stored, number, needs))
