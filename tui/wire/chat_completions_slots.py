"""The growing pieces of a chat answer: text, thoughts, calls and fields nobody knows; each becomes a part."""

from __future__ import annotations

import json

from tui.chat.events import PartKind
from tui.chat.parts import AssistantPart, Foreign, Json, Opaque, Origin, Reasoning, Text, ToolCall
from tui.wire.chat_completions_blocks import call_entry
from tui.wire.fields import joined, object_in, same_json, text_in

EXTRAS = "message"
"""Key under which a part's wire data holds message-level fields nobody knows."""


class TextSlot:
    """Visible text that came in ``field``: content, or a refusal."""

    kind: PartKind = "text"
    label = ""

    def __init__(self, field: str) -> None:
        self.field = field
        self.finished = False
        self.pieces: list[str] = []
        self.verbatim: list[Json] | None = None
        """The field's value where it was not a plain string."""

    def keep_list(self, value: Json) -> None:
        """Remember content that came as a list of content parts."""
        if isinstance(value, list):
            self.verbatim = [*(self.verbatim or []), *value]
        elif self.verbatim is not None:
            self.verbatim = [*self.verbatim, {"type": "text", "text": value}]

    def part(self, origin: Origin, extras: dict[str, Json]) -> Text:
        """The text so far; with its wire form where plain content would not give it back."""
        text = joined(self.pieces)
        if self.field == "content" and self.verbatim is None and not extras:
            return Text(text)
        data: dict[str, Json] = {self.field: text if self.verbatim is None else self.verbatim}
        return Text(text, Opaque(origin, data | ({EXTRAS: extras} if extras else {})))


class ThoughtSlot:
    """One thought: a Claude-style block, or plain reasoning text that came in ``field``."""

    kind: PartKind = "thinking"
    label = ""

    def __init__(self, field: str = "reasoning_content") -> None:
        self.field = field
        self.finished = False
        self.pieces: list[str] = []
        self._block: dict[str, Json] | None = None
        self._signature: list[str] = []

    @property
    def text(self) -> str:
        """The thinking text so far."""
        return joined(self.pieces)

    @property
    def is_block(self) -> bool:
        """Whether any of it came as a thinking block."""
        return self._block is not None

    def grow(self, delta: dict[str, Json]) -> str:
        """Take a piece of a thinking block; the text in it that is new."""
        piece = text_in(delta, "thinking")
        if self._block is None:
            self._block = {} if "type" in delta else {"type": "thinking"}
            if self.pieces and piece == self.text:
                # The same text came before as reasoning_content.
                piece = ""
        for key, value in delta.items():
            if key != "index" and value is not None:
                self._block[key] = value
        self._signature.append(text_in(delta, "signature"))
        if piece:
            self.pieces.append(piece)
        return piece

    def part(self, origin: Origin) -> Reasoning:
        """The thought so far; a block as the vendor itself would have it, ready to go back."""
        if self._block is None:
            return Reasoning(self.text, "unsigned", Opaque(origin, {self.field: self.text}))
        if self._block.get("type") == "redacted_thinking":
            return Reasoning("", "redacted", Opaque(origin, dict(self._block)))
        signature = joined(self._signature)
        block = {**self._block, "thinking": self.text}
        if signature or "signature" in block:
            block["signature"] = signature
        if not signature:
            return Reasoning(self.text, "unsigned", Opaque(origin, block))
        return Reasoning(self.text, "signed" if self.text else "omitted", Opaque(origin, block))


class CallSlot:
    """One tool call; ``number`` is what it is called by while no id has come."""

    kind: PartKind = "tool_call"

    def __init__(self, number: int) -> None:
        self.finished = False
        self._number = number
        self._entry: dict[str, Json] = {}
        self._arguments: list[str] = []
        self._object: dict[str, Json] | None = None

    @property
    def id(self) -> str:
        """The vendor's id, empty while none has come."""
        return str(self._entry.get("id") or "")

    @property
    def label(self) -> str:
        """The tool's name."""
        function = self._entry.get("function")
        return str(function.get("name") or "") if isinstance(function, dict) else ""

    def grow(self, delta: dict[str, Json]) -> str:
        """Take a piece of the call; the argument text in it."""
        text_in(delta, "id")
        function = dict(object_in(delta, "function"))
        given = function.get("arguments")
        if isinstance(given, dict):
            # Some vendors send an object where the format wants its text.
            self._object, piece = given, json.dumps(given, ensure_ascii=False)
        else:
            piece = text_in(function, "arguments")
            self._arguments.append(piece)
        text_in(function, "name")
        for key, value in delta.items():
            if key == "function":
                self._entry["function"] = _filled(self._entry.get("function") or {}, function)
            elif value is not None or key not in self._entry:
                self._entry[key] = _filled_value(self._entry.get(key), value)
        return piece

    def part(self, origin: Origin) -> ToolCall | Foreign:
        """The call so far, with its entry where our rendering would not give it back."""
        entry = dict(self._entry)
        function = dict(object_in(entry, "function"))
        text = joined(self._arguments)
        if "function" in entry:
            function["arguments"] = self._object if self._object is not None else text
            entry["function"] = function
        if not self.label:
            return Foreign(str(entry.get("type") or "tool_call"), Opaque(origin, {"tool_call": entry}))
        if self._object is not None:
            text = json.dumps(self._object, ensure_ascii=False)
        call = ToolCall(self.id or f"call_{self._number}", self.label, text, as_sent=self._object is None)
        if not self.id or same_json(call_entry(call, call.id, own=True), entry):
            return call
        return ToolCall(call.id, call.name, call.arguments, call.as_sent, Opaque(origin, entry))


class ExtraSlot:
    """Message-level fields nobody knows, where no text is there to carry them."""

    kind: PartKind = "foreign"
    finished = False

    def __init__(self, fields: dict[str, Json]) -> None:
        self._fields = fields

    @property
    def label(self) -> str:
        """The fields' names."""
        return ", ".join(self._fields)

    def part(self, origin: Origin) -> Foreign:
        """The fields as one part."""
        return Foreign(self.label, Opaque(origin, {EXTRAS: dict(self._fields)}))


Slot = TextSlot | ThoughtSlot | CallSlot | ExtraSlot


def part_in(slot: Slot, origin: Origin, extras: dict[str, Json]) -> AssistantPart:
    """The part of a slot; ``extras`` go with a text."""
    return slot.part(origin, extras) if isinstance(slot, TextSlot) else slot.part(origin)


def grown_extra(held: Json, value: Json) -> Json:
    """An unknown field after one more piece of it."""
    if held is None:
        return value
    if isinstance(held, list) and isinstance(value, list):
        return [*held, *value]
    if isinstance(held, dict) and isinstance(value, dict):
        return {**held, **{key: _grown_inside(held.get(key), item) for key, item in value.items()}}
    if isinstance(held, str) and isinstance(value, str) and held != value:
        return held + value
    return value


def _grown_inside(held: Json, value: Json) -> Json:
    return value if isinstance(value, str) else grown_extra(held, value)


def _filled(held: dict[str, Json], piece: dict[str, Json]) -> dict[str, Json]:
    """``held`` with what ``piece`` adds; a name or id once told stays."""
    return {**held, **{key: _filled_value(held.get(key), value) for key, value in piece.items()}}


def _filled_value(held: Json, value: Json) -> Json:
    if isinstance(held, dict) and isinstance(value, dict):
        return {**held, **value}
    return held if held not in (None, "") else value
