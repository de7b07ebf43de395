"""Grows an answer of the Responses format from its events: items by their place, parts from those.

Event names are taken from the data: the proxy sends no ``event:`` lines. Items may end in any order,
text may go on in an item that was called done, and some are told whole in the last event only.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import Stop
from tui.chat.parts import AssistantPart, Json, Origin, Reasoning, ToolCall
from tui.wire.codec import Decoded, Reply
from tui.wire.fields import exact_cost, load_object, object_in, objects_in, text_in
from tui.wire.responses_items import checked, is_refusal
from tui.wire.responses_slots import Slot
from tui.wire.responses_usage import usage_of

_INCOMPLETE: dict[str, Stop] = {
    "max_output_tokens": "max_tokens",
    "max_tokens": "max_tokens",
    "content_filter": "refusal",
}
"""Our word for why an answer is incomplete; a reason added later counts as an ordinary end."""

_GROWING: dict[str, str] = {
    "response.reasoning_summary_text.delta": "reasoning",
    "response.reasoning_text.delta": "reasoning",
    "response.output_text.delta": "message",
    "response.refusal.delta": "message",
    "response.function_call_arguments.delta": "function_call",
}
"""Events that bring more text, and the type of item they belong to."""

_PARAGRAPHS = frozenset({"response.reasoning_summary_part.added", "response.content_part.added"})
_LAST = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_ENDED = frozenset({"completed", "incomplete"})


class ResponsesDecoder:
    """One answer, streamed or whole; its parts carry ``origin``."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._slots: list[Slot] = []
        self._by_id: dict[str, Slot] = {}
        self._by_place: dict[int, Slot] = {}
        self._status = ""
        self._reason = ""
        self._usage: dict[str, Json] = {}
        self._cost: str | None = None
        self._model: str | None = None
        self._error: Json = None

    @property
    def done(self) -> bool:
        """Whether the response was told to have ended, and no error."""
        return self._status in _ENDED and self._error is None

    @property
    def error(self) -> Json:
        """The error object the stream or body carried, else None."""
        return self._error

    def feed(self, frame: Frame) -> Iterator[Decoded]:
        """Take one frame; ValueError when it is not what the format allows."""
        text = frame.data.strip()
        if frame.event == "ping" or not text or text == "[DONE]":
            return
        data = load_object(text)
        kind = text_in(data, "type") or frame.event
        self._model = text_in(data, "model") or self._model
        if frame.event == WHOLE_BODY:
            yield from self._whole(data, frame)
        elif kind == "error" or data.get("error") is not None:
            self._error = data.get("error") or data
        elif kind in _LAST:
            response = object_in(data, "response")
            self._told(response)
            if "cost" in object_in(response, "usage"):
                self._cost = exact_cost(text, "response", "usage", "cost")
            yield from self._last(response, kind.partition(".")[2], frame.at)
        elif kind in ("response.created", "response.in_progress"):
            self._told(object_in(data, "response"))
        elif kind == "response.output_item.added":
            yield from self._open(self._place(data, len(self._slots)), object_in(data, "item"), frame.at)
        elif kind == "response.output_item.done":
            yield from self._item_done(data, frame.at)
        elif kind in _GROWING:
            yield from self._grown(data, _GROWING[kind], frame.at)
        elif kind in _PARAGRAPHS and (slot := self._meant(text_in(data, "item_id"), data, "reasoning")):
            slot.paragraph()

    def finish(self) -> Reply:
        """Everything known now; may be asked again at any time."""
        slots = sorted(self._slots, key=lambda slot: slot.place)
        parts = tuple(slot.part(self._origin) for slot in slots)
        unfinished = frozenset(i for i, slot in enumerate(slots) if not slot.finished)
        seals = sum(
            isinstance(part, Reasoning) and part.state != "unsigned" and i not in unfinished
            for i, part in enumerate(parts)
        )
        raw = self._reason or self._status
        stop = self._stop(parts) if self._status in _ENDED else None
        usage = usage_of(self._usage)
        return Reply(parts, unfinished, stop, raw or None, usage, self._cost, self._model, seals)

    def _stop(self, parts: tuple[AssistantPart, ...]) -> Stop:
        if self._status == "incomplete":
            return _INCOMPLETE.get(self._reason, "end")
        if any(isinstance(part, ToolCall) for part in parts):
            return "tool_use"
        refused = any(slot.type == "message" and is_refusal(slot.item) for slot in self._slots)
        return "refusal" if refused else "end"

    def _whole(self, body: dict[str, Json], frame: Frame) -> Iterator[Decoded]:
        if body.get("error") is not None:
            self._error = body["error"]
            return
        if not isinstance(body.get("output"), list):
            raise ValueError("the body is not a response: it has no output")
        self._told(body)
        if "cost" in object_in(body, "usage"):
            self._cost = exact_cost(frame.data, "usage", "cost")
        yield from self._last(body, "completed", frame.at)

    def _told(self, response: dict[str, Json]) -> None:
        self._model = self._model or text_in(response, "model") or None
        self._usage = object_in(response, "usage") or self._usage

    def _last(self, response: dict[str, Json], word: str, at: float) -> Iterator[Decoded]:
        """The end of the response: its output completes what the stream did not tell."""
        status = text_in(response, "status") or word
        if status not in _ENDED:
            # Words such as queued belong to answers that are fetched later, which nobody asked for.
            self._error = response.get("error") or {"message": f"the response ended as {status}"}
            return
        reason = text_in(object_in(response, "incomplete_details"), "reason")
        unclaimed = list(self._slots)
        for place, item in enumerate(objects_in(response, "output")):
            slot = self._by_id.get(text_in(item, "id"))
            if slot not in unclaimed:
                # Ids may change on the way: the first of its type is meant.
                slot = next((s for s in unclaimed if s.type == item.get("type")), None)
            if slot is None:
                slot = yield from self._open(place, item, at)
            else:
                unclaimed.remove(slot)
            if not slot.finished:
                yield from self._completed(slot, item, at, final=True)
        for slot in self._slots:
            if not slot.finished:
                yield self._finished(slot, at)
        self._status, self._reason = status, reason

    def _open(self, place: int, item: dict[str, Json], at: float) -> Generator[Decoded, None, Slot]:
        slot = Slot(len(self._slots), place, checked(item))
        self._slots.append(slot)
        self._by_place[place] = slot
        if id := text_in(item, "id"):
            self._by_id[id] = slot
        yield PartStarted(at, slot.number, slot.kind, slot.label)
        return slot

    def _item_done(self, data: dict[str, Json], at: float) -> Iterator[Decoded]:
        item = object_in(data, "item")
        id = text_in(item, "id")
        slot = self._meant(id, data, text_in(item, "type"))
        if slot is not None and slot.finished and id in self._by_id:
            return
        if slot is None or slot.finished:
            slot = yield from self._open(self._place(data, len(self._slots)), item, at)
        yield from self._completed(slot, item, at, final=False)

    def _completed(self, slot: Slot, item: dict[str, Json], at: float, *, final: bool) -> Iterator[Decoded]:
        """Take the whole item; what may still change stays open unless this is the ``final`` word."""
        rest = slot.complete(item)
        if rest and slot.shows:
            yield PartDelta(at, slot.number, slot.shows, rest)
        if final or slot.is_settled:
            yield self._finished(slot, at)

    def _finished(self, slot: Slot, at: float) -> PartFinished:
        slot.finished = True
        return PartFinished(at, slot.number, slot.part(self._origin))

    def _grown(self, data: dict[str, Json], type: str, at: float) -> Iterator[Decoded]:
        slot = self._meant(text_in(data, "item_id"), data, type)
        if slot is None:
            slot = yield from self._open(self._place(data, len(self._slots)), {"type": type}, at)
        if slot.finished:
            # The whole item was told; what comes late is in it.
            return
        shown = slot.grow(text_in(data, "delta"))
        if shown and slot.shows:
            yield PartDelta(at, slot.number, slot.shows, shown)

    def _meant(self, id: str, data: dict[str, Json], type: str) -> Slot | None:
        """The item of this type an event is about: by its id, else by its place."""
        place = self._place(data, len(self._slots) - 1)
        found = (self._by_id.get(id), self._by_place.get(place))
        return next((slot for slot in found if slot is not None and slot.type == type), None)

    @staticmethod
    def _place(data: dict[str, Json], default: int) -> int:
        place = data.get("output_index")
        if place is None:
            return default
        if isinstance(place, bool) or not isinstance(place, int):
            raise ValueError("output_index: expected a whole number")
        return place
