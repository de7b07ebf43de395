"""Grows an answer of the Messages format from its frames: raw blocks first, parts from those."""

from __future__ import annotations

from collections.abc import Iterator

from tui.chat.conversation import arguments_object
from tui.chat.events import DeltaKind, PartDelta, PartFinished, PartKind, PartStarted
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import Stop
from tui.chat.parts import AssistantPart, Json, Origin, Reasoning
from tui.wire.codec import Decoded, Reply
from tui.wire.fields import exact_cost, joined, load_object, object_in, objects_in, text_in
from tui.wire.messages_blocks import part_of
from tui.wire.messages_usage import usage_of

STOPS: dict[str, Stop] = {
    "end_turn": "end",
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "stop_sequence": "stop_sequence",
    "refusal": "refusal",
    "pause_turn": "pause",
    "model_context_window_exceeded": "context_full",
}
"""Our word for each stop reason; one the vendor adds later counts as an ordinary end."""

_KINDS: dict[str, PartKind] = {
    "thinking": "thinking",
    "redacted_thinking": "thinking",
    "text": "text",
    "tool_use": "tool_call",
}
_FIELDS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}
"""The block's field each delta of a known type grows, named alike in both."""

_SHOWN: dict[tuple[PartKind, str], DeltaKind] = {
    ("text", "text"): "text",
    ("thinking", "thinking"): "thinking",
}


class MessagesDecoder:
    """One answer, streamed or whole; its parts carry ``origin``."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._blocks: list[_Block] = []
        self._open: dict[int, int] = {}
        self._start_usage: dict[str, Json] = {}
        self._end_usage: dict[str, Json] | None = None
        self._cost: str | None = None
        self._stop_raw: str | None = None
        self._model: str | None = None
        self._error: Json = None
        self._done = False

    @property
    def done(self) -> bool:
        """Whether message_stop, or a whole body, was seen and no error."""
        return self._done and self._error is None

    @property
    def error(self) -> Json:
        """The error object the stream or body carried, else None."""
        return self._error

    def feed(self, frame: Frame) -> Iterator[Decoded]:
        """Take one frame; ValueError when it is not what the format allows."""
        text = frame.data.strip()
        if frame.event == "ping" or not text or text == "[DONE]":
            return
        if frame.event == "error":
            self._error = _error_in(frame.data)
            return
        data = load_object(frame.data)
        kind = text_in(data, "type") or ("" if frame.event == WHOLE_BODY else frame.event)
        if kind == "error" or data.get("error") is not None:
            self._error = data.get("error") or data
        elif kind == "content_block_delta" and frame.event != WHOLE_BODY:
            # First of all, for nearly every frame is one.
            if grown := self._grown(data, frame.at):
                yield grown
        elif frame.event == WHOLE_BODY:
            yield from self._whole(data, frame)
        elif kind == "message_start":
            message = object_in(data, "message")
            self._model = text_in(message, "model") or self._model
            self._start_usage = object_in(message, "usage")
        elif kind == "content_block_start":
            yield from self._started(data, frame.at)
        elif kind == "content_block_stop":
            yield from self._stopped(_index(data), frame.at)
        elif kind == "message_delta":
            self._stop_raw = text_in(object_in(data, "delta"), "stop_reason") or self._stop_raw
            self._ending(data, frame.data)
        elif kind == "message_stop":
            for index in tuple(self._open):
                yield from self._stopped(index, frame.at)
            self._done = True

    def finish(self) -> Reply:
        """Everything known now; may be asked again at any time."""
        parts = tuple(block.part(self._origin) for block in self._blocks)
        unfinished = frozenset(i for i, block in enumerate(self._blocks) if block.finished is None)
        stop: Stop | None = None
        if self._stop_raw is not None:
            stop = STOPS.get(self._stop_raw, "end")
        seals = sum(
            isinstance(part, Reasoning) and part.state != "unsigned" and i not in unfinished
            for i, part in enumerate(parts)
        )
        usage = usage_of(self._start_usage, self._end_usage)
        return Reply(parts, unfinished, stop, self._stop_raw, usage, self._cost, self._model, seals)

    def _whole(self, message: dict[str, Json], frame: Frame) -> Iterator[Decoded]:
        if not isinstance(message.get("content"), list):
            raise ValueError("the body is not a message: it has no content")
        for block in objects_in(message, "content"):
            opened = _Block(block)
            yield from self._open_block(len(self._blocks), opened, frame.at)
        for index in tuple(self._open):
            yield from self._stopped(index, frame.at)
        self._model = text_in(message, "model") or None
        self._stop_raw = text_in(message, "stop_reason") or None
        self._ending(message, frame.data)
        self._done = True

    def _ending(self, holder: dict[str, Json], data: str) -> None:
        if usage := object_in(holder, "usage"):
            self._end_usage = {**(self._end_usage or {}), **usage}
            if "cost" in usage:
                self._cost = exact_cost(data, "usage", "cost")

    def _started(self, data: dict[str, Json], at: float) -> Iterator[Decoded]:
        index = _index(data)
        if index in self._open:
            raise ValueError(f"block {index} started twice")
        yield from self._open_block(index, _Block(object_in(data, "content_block")), at)

    def _open_block(self, index: int, block: _Block, at: float) -> Iterator[Decoded]:
        position = self._open[index] = len(self._blocks)
        self._blocks.append(block)
        yield PartStarted(at, position, block.kind, block.label)
        if first := block.opening():
            yield PartDelta(at, position, *first)

    def _grown(self, data: dict[str, Json], at: float) -> PartDelta | None:
        index = _index(data)
        position = self._open.get(index)
        if position is None:
            raise ValueError(f"a delta for block {index}, which is not open")
        shown = self._blocks[position].grow(object_in(data, "delta"))
        return PartDelta(at, position, *shown) if shown and shown[1] else None

    def _stopped(self, index: int, at: float) -> Iterator[Decoded]:
        position = self._open.pop(index, None)
        if position is None:
            raise ValueError(f"the end of block {index}, which is not open")
        block = self._blocks[position]
        block.finished = block.part(self._origin)
        yield PartFinished(at, position, block.finished)


class _Block:
    """One raw block as the wire builds it: key order, unknown keys and unknown kinds kept."""

    def __init__(self, raw: dict[str, Json]) -> None:
        self.raw = raw
        kind = text_in(raw, "type")
        self.kind: PartKind = _KINDS.get(kind, "foreign")
        self.label = text_in(raw, "name") if self.kind == "tool_call" else ""
        if self.kind == "foreign":
            self.label = kind
        self.finished: AssistantPart | None = None
        self._grown: dict[str, list[str]] = {}
        self._arguments: list[str] = []

    def opening(self) -> tuple[DeltaKind, str] | None:
        """What the block already shows when it opens."""
        for (kind, field), shown in _SHOWN.items():
            if kind == self.kind and (text := text_in(self.raw, field)):
                return shown, text
        return None

    def grow(self, delta: dict[str, Json]) -> tuple[DeltaKind, str] | None:
        """Take one delta; what of it is to be shown, if anything."""
        kind = text_in(delta, "type")
        if field := _FIELDS.get(kind):
            piece = text_in(delta, field)
            self._lengthen(field, piece)
            shown = _SHOWN.get((self.kind, field))
            return (shown, piece) if shown else None
        if kind == "input_json_delta":
            piece = text_in(delta, "partial_json")
            self._arguments.append(piece)
            return ("tool_arguments", piece) if self.kind == "tool_call" else None
        if kind == "citations_delta":
            if "citation" in delta:
                self._append("citations", [delta["citation"]])
            return None
        for field, value in delta.items():
            if field != "type":
                self._grow_unknown(field, value)
        return None

    def part(self, origin: Origin) -> AssistantPart:
        """The part as it stands; the finished one once the block has ended."""
        if self.finished is not None:
            return self.finished
        raw = dict(self.raw)
        for field, pieces in self._grown.items():
            raw[field] = joined([raw.get(field) or "", *pieces])
        streamed = joined(self._arguments)
        if streamed and (given := arguments_object(streamed)) is not None:
            raw["input"] = given
        elif self.kind == "tool_call" and not isinstance(raw.get("input"), dict):
            raw["input"] = {}
        return part_of(raw, streamed or None, origin)

    def _lengthen(self, field: str, piece: str) -> None:
        text_in(self.raw, field)
        self._grown.setdefault(field, []).append(piece)

    def _append(self, field: str, values: list[Json]) -> None:
        held = self.raw.get(field)
        if held is not None and not isinstance(held, list):
            raise ValueError(f"{field}: expected a list, found {type(held).__name__}")
        self.raw[field] = [*(held or []), *values]

    def _grow_unknown(self, field: str, value: Json) -> None:
        """Keep what a delta of a kind nobody knows brings, in the field of the same name."""
        held = self.raw.get(field)
        if isinstance(value, str) and (held is None or isinstance(held, str)):
            self._lengthen(field, value)
        elif field in self._grown:
            raise ValueError(f"{field}: expected more text, found {type(value).__name__}")
        elif isinstance(held, list):
            self._append(field, value if isinstance(value, list) else [value])
        elif isinstance(held, dict) and isinstance(value, dict):
            self.raw[field] = {**held, **value}
        else:
            self.raw[field] = value


def _index(data: dict[str, Json]) -> int:
    index = data.get("index", 0)
    if type(index) is not int:
        raise ValueError("index: expected a whole number")
    return index


def _error_in(data: str) -> Json:
    try:
        value = load_object(data)
    except ValueError:
        return {"message": data}
    return value.get("error") or value
