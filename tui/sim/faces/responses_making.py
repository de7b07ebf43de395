"""One answer of ``/v1/responses`` in the making: output items, their seals, and the events they cause."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tui.sim.beats import Call, Fail, Say, Stop, Think
from tui.sim.faces.chat_dialect import CREATED, error_of
from tui.sim.faces.chat_scene import prompt_tokens
from tui.sim.faces.play import Begin, End, Piece, Played
from tui.sim.faces.responses_ids import ItemId
from tui.sim.faces.responses_rules import UNREADABLE
from tui.sim.pace import count_tokens
from tui.sim.seals import SealKind, Seals, digest

_SHORT = 24
"""How much of a seal ``output_item.added`` already shows; whoever keeps that has a broken seal."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and reads the encrypted reasoning of one organisation at one vendor."""

    seals: Seals
    kind: SealKind
    organisation: str
    """Whose key asks; another's reasoning cannot be read."""

    def seal(self, model: str, facts: dict[str, Any]) -> str:
        """Encrypted content for a stretch of reasoning."""
        return self.seals.seal(self.kind, model, {**facts, "organisation": digest(self.organisation)})

    def fault(self, sealed: str, model: str) -> str | None:
        """Why ``model`` may not read ``sealed``, in the vendor's words; None when it may."""
        found = self.seals.open(self.kind, sealed)
        if found is None or found["model"] != model:
            return UNREADABLE
        if found.get("organisation") != digest(self.organisation):
            return "Encrypted content organization_id did not match the target organization."
        return None


class Making:
    """One answer in the making: its output items so far, and the events each played beat causes."""

    def __init__(
        self,
        body: dict[str, Any],
        chat: dict[str, Any],
        sealer: Sealer,
        mark: str,
        struck: int | None = None,
    ) -> None:
        """``mark`` makes the ids; ``struck`` is the number of the stretch a fault never lets end."""
        self.failed: dict[str, Any] | None = None
        self._body = body
        self._chat = chat
        self._sealer = sealer
        self._struck = struck
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
            case End(number=number) if number == self._struck:
                return []
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
    def id(self) -> str:
        """The response's id."""
        return f"resp_{self._token}"

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
            "id": self.id,
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
            "previous_response_id": self._body.get("previous_response_id"),
            "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
            "service_tier": "default",
            "store": self._body.get("store", True),
            "temperature": self._body.get("temperature", 1.0),
            "text": self._body.get("text") or {"format": {"type": "text"}},
            "tool_choice": self._body.get("tool_choice", "auto"),
            "tools": self._body.get("tools") or [],
            "top_p": self._body.get("top_p", 1.0),
            "truncation": "disabled",
            "usage": None if self._status in ("in_progress", "failed") else self._usage(),
            "user": None,
            "metadata": self._body.get("metadata") or {},
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
        return self._sealer.seal(self._body["model"], {"response": self._token, "place": number})

    def _id(self, prefix: str, number: int) -> str:
        stored = self._body.get("store") is not False
        needs = None if prefix == "rs" else self._reasoning
        return str(ItemId(prefix, self._token, stored, number, needs))
