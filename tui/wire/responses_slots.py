"""The growing items of a Responses answer: what was shown of each, and the part it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.chat.events import DeltaKind, PartKind
from tui.chat.parts import AssistantPart, Json, Origin, Reasoning, Text, ToolCall
from tui.wire.fields import joined, text_in
from tui.wire.responses_items import checked, is_sealed, message_text, part_of, reasoning_text

_KINDS: dict[str, tuple[PartKind, DeltaKind]] = {
    "reasoning": ("thinking", "thinking"),
    "message": ("text", "text"),
    "function_call": ("tool_call", "tool_arguments"),
}


@dataclass(slots=True, eq=False)
class Slot:
    """One item as it comes."""

    number: int
    """How many items were seen before it."""
    place: int
    """Its index among the answer's items."""
    item: dict[str, Json]
    """Its newest form: as it was opened, or whole."""
    finished: bool = False
    _is_whole: bool = False
    _pieces: list[str] = field(default_factory=list)
    _gap: str = ""

    @property
    def type(self) -> str:
        """The item's type."""
        return text_in(self.item, "type")

    @property
    def kind(self) -> PartKind:
        """What kind of part it becomes."""
        return _KINDS[self.type][0] if self.type in _KINDS else "foreign"

    @property
    def shows(self) -> DeltaKind | None:
        """The kind of its deltas; None when nothing of it is shown."""
        return _KINDS[self.type][1] if self.type in _KINDS else None

    @property
    def label(self) -> str:
        """The tool's name, or the type of an item nobody knows."""
        if self.kind == "tool_call":
            return text_in(self.item, "name")
        return self.type if self.kind == "foreign" else ""

    @property
    def is_settled(self) -> bool:
        """Whether its end is final once it is told: a proxy tells Claude's seals with the last word only."""
        return self.type != "reasoning" or is_sealed(self.item)

    def paragraph(self) -> None:
        """The next piece begins a new paragraph, if anything came before."""
        if self._pieces:
            self._gap = "\n\n"

    def grow(self, piece: str) -> str:
        """Take a piece of its text; what is to be shown of it."""
        if piece:
            piece, self._gap = self._gap + piece, ""
            self._pieces.append(piece)
        return piece

    def complete(self, item: dict[str, Json]) -> str:
        """Take the whole item; the text in it that was not shown yet."""
        self.item, self._is_whole = checked(item), True
        whole, so_far = self._text(), joined(self._pieces)
        rest = whole.removeprefix(so_far) if whole.startswith(so_far) else ""
        return self.grow(rest) if rest else ""

    def part(self, origin: Origin) -> AssistantPart:
        """The part as it stands; an item that was never told whole is not kept as an item."""
        if self.finished and self._is_whole:
            return part_of(self.item, origin)
        text = joined(self._pieces)
        match self.kind:
            case "thinking":
                return Reasoning(text, "unsigned")
            case "text":
                return Text(text)
            case "tool_call":
                return ToolCall(text_in(self.item, "call_id"), self.label, text)
        return part_of(self.item, origin)

    def _text(self) -> str:
        match self.kind:
            case "thinking":
                return reasoning_text(self.item)
            case "text":
                return message_text(self.item) or ""
            case "tool_call":
                return text_in(self.item, "arguments")
        return ""
