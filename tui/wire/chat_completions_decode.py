"""Grows an answer of the chat format from its chunks into parts, in the order they first appear."""

from __future__ import annotations

from collections.abc import Iterator

from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import Stop
from tui.chat.parts import Json, Origin, Reasoning
from tui.wire.chat_completions_slots import (
    CallSlot,
    ExtraSlot,
    Slot,
    TextSlot,
    ThoughtSlot,
    grown_extra,
    part_in,
)
from tui.wire.chat_completions_usage import usage_of
from tui.wire.codec import Decoded, Reply
from tui.wire.fields import exact_cost, load_object, object_in, objects_in, text_in

STOPS: dict[str, Stop] = {
    "stop": "end",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "length": "max_tokens",
    "content_filter": "refusal",
}
"""Our word for each finish reason; one a vendor adds counts as an ordinary end."""

_KNOWN = frozenset({"role", "content", "refusal", "thinking_blocks", "tool_calls", "function_call"})
_REASONING = ("reasoning_content", "reasoning")
"""Names vendors give to plain reasoning text; of several in one delta the first counts."""

_TWICE = frozenset({"thinking_blocks", "reasoning_content", "reasoning", "refusal"})
"""What the proxy repeats inside provider_specific_fields."""


class ChatDecoder:
    """One answer, streamed or whole; its parts carry ``origin``."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._slots: list[Slot] = []
        self._calls: list[CallSlot] = []
        self._indexed: dict[int, CallSlot] = {}
        self._thoughts: dict[int, ThoughtSlot] = {}
        self._blocks_told = False
        self._extras: dict[str, Json] = {}
        self._usage: dict[str, Json] = {}
        self._cost: str | None = None
        self._finish: str | None = None
        self._model: str | None = None
        self._error: Json = None
        self._ended = False

    @property
    def done(self) -> bool:
        """Whether a finish reason and the last word were seen, and no error."""
        return self._ended and self._finish is not None and self._error is None

    @property
    def error(self) -> Json:
        """The error object the stream or body carried, else None."""
        return self._error

    def feed(self, frame: Frame) -> Iterator[Decoded]:
        """Take one frame; ValueError when it is not what the format allows."""
        text = frame.data.strip()
        if frame.event == "ping" or not text:
            return
        if text == "[DONE]":
            self._ended = True
            return
        data = load_object(text)
        if self._is_error(frame, data):
            self._error = data.get("error") or data
            return
        whole = frame.event == WHOLE_BODY
        self._model = text_in(data, "model") or self._model
        if usage := object_in(data, "usage"):
            self._usage = usage
            self._cost = exact_cost(text, "usage", "cost") if "cost" in usage else self._cost
        choices = objects_in(data, "choices")
        if whole and not choices:
            raise ValueError("the body is not a chat completion: it has no choices")
        for choice in choices:
            if choice.get("index") in (0, None):
                yield from self._choice(choice, frame.at, whole)
        self._ended = self._ended or whole

    def finish(self) -> Reply:
        """Everything known now; may be asked again at any time."""
        text = next((slot for slot in self._slots if isinstance(slot, TextSlot)), None)
        extras = self._extras
        slots = list(self._slots)
        if extras and text is None and not any(isinstance(slot, ExtraSlot) for slot in slots):
            slots.append(ExtraSlot(extras))
        parts = tuple(part_in(slot, self._origin, extras if slot is text else {}) for slot in slots)
        unfinished = frozenset(i for i, slot in enumerate(slots) if not slot.finished)
        seals = sum(
            isinstance(part, Reasoning) and part.state != "unsigned" and i not in unfinished
            for i, part in enumerate(parts)
        )
        stop: Stop | None = None if self._finish is None else STOPS.get(self._finish, "end")
        usage = usage_of(self._usage)
        return Reply(parts, unfinished, stop, self._finish, usage, self._cost, self._model, seals)

    def _is_error(self, frame: Frame, data: dict[str, Json]) -> bool:
        named = frame.event == "error" or data.get("object") == "error" or data.get("type") == "error"
        return named or data.get("error") is not None

    def _choice(self, choice: dict[str, Json], at: float, whole: bool) -> Iterator[Decoded]:
        delta = object_in(choice, "message" if whole else "delta")
        yield from self._thinking(delta, at, whole)
        for field in ("content", "refusal"):
            yield from self._visible(field, delta.get(field), at)
        for entry in objects_in(delta, "tool_calls"):
            yield from self._call(entry, at, whole)
        if function := object_in(delta, "function_call"):
            yield from self._call({"index": 0, "type": "function", "function": function}, at, False)
        self._keep_unknown(delta)
        if reason := text_in(choice, "finish_reason"):
            self._finish = reason
            yield from self._close(at)

    def _thinking(self, delta: dict[str, Json], at: float, whole: bool) -> Iterator[Decoded]:
        blocks = objects_in(delta, "thinking_blocks")
        for block in blocks:
            yield from self._thought(block, at, whole)
        if blocks or self._blocks_told:
            # The proxy tells the same text again as reasoning_content.
            return
        field = next((name for name in _REASONING if isinstance(delta.get(name), str) and delta[name]), None)
        if field is None:
            return
        slot = self._last()
        if not isinstance(slot, ThoughtSlot) or slot.finished or slot.is_block:
            slot = ThoughtSlot(field)
            yield from self._open(slot, at)
        slot.pieces.append(delta[field])
        yield PartDelta(at, self._slots.index(slot), "thinking", delta[field])

    def _thought(self, block: dict[str, Json], at: float, whole: bool) -> Iterator[Decoded]:
        """One entry of ``thinking_blocks``: whole, or a piece; a signature closes a block."""
        index = block.get("index") if isinstance(block.get("index"), int) and not whole else None
        self._blocks_told = self._blocks_told or bool(block.get("thinking"))
        sealed = text_in(block, "signature") or block.get("type") == "redacted_thinking"
        slot = self._thoughts.get(index) if index is not None else None
        last = self._last()
        if slot is None and isinstance(last, ThoughtSlot) and not last.finished and not whole:
            slot = last if block.get("type") != "redacted_thinking" else None
        if slot is None:
            if not sealed and not text_in(block, "thinking"):
                return
            slot = ThoughtSlot()
            yield from self._open(slot, at)
        if index is not None:
            self._thoughts[index] = slot
        position = self._slots.index(slot)
        if piece := slot.grow(block):
            yield PartDelta(at, position, "thinking", piece)
        if (sealed or whole) and not slot.finished:
            slot.finished = True
            yield PartFinished(at, position, slot.part(self._origin))

    def _visible(self, field: str, value: Json, at: float) -> Iterator[Decoded]:
        piece = _text_of(value, field)
        if not piece:
            return
        slot = self._last()
        if not isinstance(slot, TextSlot) or slot.finished or slot.field != field:
            slot = TextSlot(field)
            yield from self._open(slot, at)
        slot.pieces.append(piece)
        slot.keep_list(value)
        yield PartDelta(at, len(self._slots) - 1, "text", piece)

    def _call(self, entry: dict[str, Json], at: float, whole: bool) -> Iterator[Decoded]:
        slot = None if whole else self._call_meant(entry)
        opened = slot is None
        slot = slot or CallSlot(len(self._calls))
        piece = slot.grow(entry if whole else _unframed(entry))
        if opened:
            self._calls.append(slot)
            yield from self._open(slot, at)
        if isinstance(index := entry.get("index"), int):
            self._indexed[index] = slot
        if piece:
            yield PartDelta(at, self._slots.index(slot), "tool_arguments", piece)

    def _call_meant(self, entry: dict[str, Json]) -> CallSlot | None:
        """The call a piece belongs to; some vendors give no index, or the same to every call."""
        index, id = entry.get("index"), text_in(entry, "id")
        if isinstance(index, int):
            slot = self._indexed.get(index)
        else:
            slot = self._calls[-1] if self._calls else None
        if slot is not None and id and slot.id and slot.id != id:
            slot = next((call for call in self._calls if call.id == id), None)
        return slot

    def _keep_unknown(self, delta: dict[str, Json]) -> None:
        for field, value in delta.items():
            if field in _KNOWN or (field in _REASONING and isinstance(value, str | None)):
                continue
            if field == "provider_specific_fields" and isinstance(value, dict):
                value = {key: item for key, item in value.items() if key not in _TWICE}
            if not _is_empty(value):
                self._extras[field] = grown_extra(self._extras.get(field), value)

    def _last(self) -> Slot | None:
        return self._slots[-1] if self._slots else None

    def _open(self, slot: Slot, at: float) -> Iterator[Decoded]:
        """Begin a part; text and thoughts before it are over, calls may still grow."""
        for position, earlier in enumerate(self._slots):
            if not earlier.finished and not isinstance(earlier, CallSlot):
                yield from self._finished(position, at)
        self._slots.append(slot)
        yield PartStarted(at, len(self._slots) - 1, slot.kind, slot.label)

    def _close(self, at: float) -> Iterator[Decoded]:
        has_text = any(isinstance(slot, TextSlot) for slot in self._slots)
        if self._extras and not has_text and not any(isinstance(s, ExtraSlot) for s in self._slots):
            yield from self._open(ExtraSlot(self._extras), at)
        for position, slot in enumerate(self._slots):
            if not slot.finished:
                yield from self._finished(position, at)

    def _finished(self, position: int, at: float) -> Iterator[Decoded]:
        slot = self._slots[position]
        slot.finished = True
        yield PartFinished(at, position, part_in(slot, self._origin, {}))


def _text_of(value: Json, field: str) -> str:
    """Content as text; a list of content parts gives the text in it."""
    if isinstance(value, list):
        return "".join(text_in(item, "text") for item in value if isinstance(item, dict))
    return text_in({field: value}, field)


def _unframed(entry: dict[str, Json]) -> dict[str, Json]:
    """A streamed piece without ``index``, which belongs to the stream and not to the call."""
    return {key: value for key, value in entry.items() if key != "index"}


def _is_empty(value: Json) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(item) for item in value.values())
    return value is None or value in ("", [])
