"""A streamed chat answer as the proxy turns it into events of ``/v1/responses``.

As in the real proxy no event has a name, items end out of order (calls before the text they follow),
later thinking goes on under a closed item, and only the last event holds the sealed thinking blocks.
"""

from __future__ import annotations

import json
from typing import Any

from tui.sim.faces.bridge_errors import failed_event, late_words, lost_words, stream_words
from tui.sim.faces.bridge_output import minted
from tui.sim.faces.bridge_parts import Bits, Delta, Opening, Spent, billed
from tui.sim.faces.bridge_said import (
    ECHOED,
    CallSaid,
    Said,
    call_item,
    incomplete_of,
    status_of,
    text_part,
    usage_of,
)
from tui.sim.faces.chat_dialect import CREATED
from tui.sim.faces.litellm import Served, shown_name
from tui.sim.faces.litellm_cost import booked
from tui.sim.faces.litellm_ids import packed
from tui.sim.pace import count_tokens
from tui.sim.refusal import Broken, Refusal
from tui.sim.transport import Events, SseEvent

_STARTED = ("instructions", "temperature", "text", "truncation", "user", "metadata")
_PIECE = 10
"""The most characters of a call's arguments in one event."""


async def stream(bits: Bits, body: dict[str, Any], served: Served) -> Events:
    """The events of a streamed answer; what goes wrong inside becomes ``response.failed``."""
    making = _Making(body, served)
    try:
        async for bit in bits:
            for event in making.take(bit):
                yield event
    except Refusal as refusal:
        code, words = stream_words(refusal, served)
        yield making.failed(code, words)
    except Broken as broken:
        if broken.whole_way:
            raise
        yield making.failed("server_error", lost_words(served))
    else:
        # A vendor that just stops is taken for one that has finished.
        for event in making.end():
            yield event
    yield SseEvent("[DONE]")


async def refused(refusal: Refusal) -> Events:
    """The stream of an answer that never began."""
    code, words = late_words(refusal)
    yield failed_event({}, code, words, 0)
    yield SseEvent("[DONE]")


class _Making:
    """One streamed answer in the making, with the real proxy's counting of events."""

    def __init__(self, body: dict[str, Any], served: Served) -> None:
        self._body = body
        self._served = served
        self._opening: Opening | None = None
        self._said = Said(minted("rs"), minted("msg"))
        self._spent: Spent | None = None
        self._finish: str | None = None
        self._fields: dict[str, Any] = {}
        self._numbers = 0
        self._indexes = 0
        self._places: dict[str, int] = {}
        self._began = False
        self._reasoning_open = False
        self._message_open = False

    def take(self, bit: Opening | Delta | Spent) -> list[SseEvent]:
        """The events of one bit of the chat answer."""
        match bit:
            case Opening():
                self._opening = bit
                return self._start()
            case Spent():
                self._spent = bit
                return []
            case Delta(fields, finish):
                return self._delta(fields, finish)

    def _start(self) -> list[SseEvent]:
        response = self._response("in_progress", []) | {
            "parallel_tool_calls": True,
            "top_p": self._body.get("top_p", 1.0),
            "reasoning": {"effort": None, "summary": None},
            "store": True,
        }
        self._numbers += 2
        return [self._event(f"response.{word}", response=response) for word in ("created", "in_progress")]

    def _delta(self, fields: dict[str, Any], finish: str | None) -> list[SseEvent]:
        self._finish = finish or self._finish
        self._fields |= fields.get("provider_specific_fields") or {}
        reasoning = fields.get("reasoning_content") or ""
        blocks, content, calls = (
            fields.get("thinking_blocks"),
            fields.get("content"),
            fields.get("tool_calls"),
        )
        sealed = any(b.get("signature") or b.get("data") for b in blocks or ())
        events = self._begin(bool(reasoning) or sealed, bool(content), bool(calls), finish)
        self._keep(blocks or [])
        if self._reasoning_open and not (reasoning or blocks) and (content or calls or finish):
            events += self._end_reasoning()
        if reasoning:
            # Thinking that comes after text goes on under the item that was already closed.
            self._said.reasoning += reasoning
            place = self._reasoning_place()
            return [*events, self._event("response.reasoning_summary_text.delta", **place, delta=reasoning)]
        if content:
            events += self._text_delta(content)
        for call in calls or ():
            events += self._call_delta(call)
        return events

    def _begin(self, reasons: bool, speaks: bool, calls: bool, finish: str | None) -> list[SseEvent]:
        """The first item of the answer, whatever it is."""
        if self._began or not (reasons or speaks or calls or finish):
            return []
        self._began = True
        self._numbers += 1
        if reasons:
            self._reasoning_open = True
            item = {"id": self._said.reasoning_id, "type": "reasoning", "status": "in_progress"}
            return [self._event("response.output_item.added", output_index=self._index("rs"), item=item)]
        return [] if calls else self._open_message()

    def _keep(self, blocks: list[dict[str, Any]]) -> None:
        """Put streamed thinking blocks together: each goes on until its signature."""
        for block in blocks:
            last = self._said.blocks[-1] if self._said.blocks else None
            if last is None or "data" in last or "signature" in last or block["type"] == "redacted_thinking":
                self._said.blocks.append(dict(block))
            else:
                last["thinking"] += block["thinking"]
                last |= {k: v for k, v in block.items() if k == "signature"}

    def _end_reasoning(self) -> list[SseEvent]:
        self._reasoning_open = False
        text = self._said.reasoning
        place = {**self._reasoning_place(), "summary_index": 0}
        part = {"type": "summary_text", "text": text}
        item = {"id": self._said.reasoning_id, "type": "reasoning", "summary": [part]}
        self._numbers += 3
        first = self._numbers - 2
        return [
            self._event("response.reasoning_summary_text.done", **place, sequence_number=first, text=text),
            self._event(
                "response.reasoning_summary_part.done", **place, sequence_number=first + 1, part=part
            ),
            self._event(
                "response.output_item.done",
                output_index=self._index("rs"),
                sequence_number=first + 2,
                item=item,
            ),
        ]

    def _open_message(self) -> list[SseEvent]:
        self._message_open = True
        self._said.text = self._said.text or ""
        self._numbers += 2
        item = {
            "id": self._said.message_id,
            "type": "message",
            "role": "assistant",
            "status": "in_progress",
            "content": list[Any](),
        }
        part = {"type": "output_text", "text": "", "annotations": list[Any]()}
        return [
            self._event("response.output_item.added", output_index=self._index("msg"), item=item),
            self._event("response.content_part.added", **self._message_place(), part=part),
        ]

    def _text_delta(self, text: str) -> list[SseEvent]:
        events = [] if self._message_open else self._open_message()
        self._said.text = f"{self._said.text or ''}{text}"
        self._numbers += 1
        return [*events, self._event("response.output_text.delta", **self._message_place(), delta=text)]

    def _call_delta(self, piece: dict[str, Any]) -> list[SseEvent]:
        index, function = piece.get("index", 0), piece["function"]
        id = piece.get("id") or next(k for k, c in self._said.calls.items() if c.index == index)
        events: list[SseEvent] = []
        if id not in self._said.calls:
            call = CallSaid(function.get("name") or "", index=index)
            call.fields = piece.get("provider_specific_fields")
            self._said.calls[id] = call
            self._numbers += 1
            item = call_item(id, call.name, "", "in_progress")
            events.append(self._event("response.output_item.added", output_index=self._index(id), item=item))
        text = function.get("arguments") or ""
        self._said.calls[id].arguments += text
        place = {"item_id": f"fc_{id}", "output_index": self._index(id)}
        for at in range(0, len(text), _PIECE):
            self._numbers += 1
            delta = text[at : at + _PIECE]
            events.append(self._event("response.function_call_arguments.delta", **place, delta=delta))
        return events

    def end(self) -> list[SseEvent]:
        """The ends of all items, calls first, and the whole response once more."""
        if self._opening is None:
            return []
        events: list[SseEvent] = [] if self._began else self._delta({}, "stop")
        for id, call in self._said.calls.items():
            self._numbers += 2
            place = {"output_index": self._index(id)}
            done = {"item_id": f"fc_{id}", **place, "arguments": call.arguments}
            item = call_item(id, call.name, call.arguments, "completed")
            events += [
                self._event("response.function_call_arguments.done", **done),
                self._event("response.output_item.done", **place, sequence_number=self._numbers, item=item),
            ]
        if self._message_open:
            events += self._close_message()
        finish = self._finish or "stop"
        response = self._finished(finish)
        return [*events, self._event(f"response.{response['status']}", response=response)]

    def _close_message(self) -> list[SseEvent]:
        part = text_part(self._said.text or "")
        place = self._message_place()
        item = {
            "id": self._said.message_id,
            "status": "completed",
            "type": "message",
            "role": "assistant",
            "content": [part],
        }
        return [
            self._event("response.output_text.done", **place, text=self._said.text),
            self._event("response.content_part.done", **place, part=part),
            self._event(
                "response.output_item.done", output_index=self._index("msg"), sequence_number=1, item=item
            ),
        ]

    def _finished(self, finish: str) -> dict[str, Any]:
        status = status_of(finish)
        items = self._said.items(status)
        places = {"reasoning": "rs", "message": "msg"}
        items.sort(key=lambda i: self._places.get(places.get(i["type"], i.get("call_id", "")), 99))
        response = self._response(status, items) | {"parallel_tool_calls": False, "text": {}}
        response |= {k: self._body[k] for k in ECHOED if self._body.get(k) is not None}
        response |= {"metadata": self._body.get("metadata") or {}}
        incomplete = incomplete_of(finish)
        if incomplete:
            response["incomplete_details"] = incomplete
        spent = self._spent if self._finish else self._estimate()
        if spent is not None:
            cost = booked(self._served, spent.billed)
            usage = usage_of(spent.usage, nulls=False)
            response["usage"] = {**usage, **({} if cost is None else {"cost": float(cost)})}
        if self._fields:
            response["provider_specific_fields"] = self._fields
        return response

    def _estimate(self) -> Spent:
        """The usage of an answer whose end never came: counted from what did."""
        known = self._spent
        if known is None:
            prompt = count_tokens(json.dumps(self._body.get("input")))
            known = Spent({"prompt_tokens": prompt}, billed(prompt, 0, 0))
        thought, said = count_tokens(self._said.reasoning), count_tokens(self._said.text or "")
        usage = {
            **known.usage,
            "completion_tokens": thought + said,
            "total_tokens": known.usage["prompt_tokens"] + thought + said,
            "completion_tokens_details": {"reasoning_tokens": thought, "text_tokens": said},
        }
        return Spent(usage, {**known.billed, "output_tokens": thought + said})

    def failed(self, code: str, words: str) -> SseEvent:
        """The event a failure ends with."""
        began = self._response("failed", []) if self._opening is not None else {}
        return failed_event(began, code, words, self._numbers + 1 if self._opening is not None else 0)

    def _response(self, status: str, output: list[dict[str, Any]]) -> dict[str, Any]:
        opening = self._opening or Opening(minted("resp"), {})
        body = self._body
        return {
            "id": packed(self._served, opening.id),
            "created_at": CREATED,
            "model": self._served.deployment.model,
            "object": "response",
            "output": output,
            "tool_choice": body.get("tool_choice") or "auto",
            "tools": body.get("tools") or [],
            **{k: body[k] for k in _STARTED if body.get(k) is not None},
            "status": status,
        }

    def _index(self, what: str) -> int:
        """The output index of an item, given when it is first needed."""
        if what not in self._places:
            self._places[what] = self._indexes
            self._indexes += 1
        return self._places[what]

    def _reasoning_place(self) -> dict[str, Any]:
        return {"item_id": self._said.reasoning_id, "output_index": self._index("rs")}

    def _message_place(self) -> dict[str, Any]:
        return {"item_id": self._said.message_id, "output_index": self._index("msg"), "content_index": 0}

    def _event(self, type: str, **fields: Any) -> SseEvent:
        return SseEvent({"type": type, **fields, "model": shown_name(self._served)})
