"""What the transcript shows, as plain values: one class for each kind of block, text already clean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ToolState = Literal["arguments", "approval", "running", "ok", "error"]
NoticeLevel = Literal["info", "warning", "error"]


@dataclass(slots=True)
class UserBlock:
    """A prompt; ``at`` is the time of day as shown."""

    key: str
    text: str
    at: str = ""
    group: str = ""


@dataclass(slots=True)
class TextBlock:
    """An answer's text in Markdown."""

    key: str
    text: str = ""
    group: str = ""
    note: str = ""
    """Said beneath a text that was cut."""


@dataclass(slots=True)
class ThinkingBlock:
    """Reasoning; ``badge`` says what became of its seal, ``tokens`` are an estimate when ``estimated``."""

    key: str
    text: str = ""
    badge: str = ""
    tokens: int | None = None
    estimated: bool = True
    seconds: float | None = None
    live: bool = False
    folded: bool = False
    group: str = ""


@dataclass(slots=True)
class ToolBlock:
    """A tool call with what became of it."""

    key: str
    name: str
    arguments: str = ""
    state: ToolState = "arguments"
    seconds: float | None = None
    result: str | None = None
    size: int | None = None
    """Bytes of the result."""
    note: str = ""
    """How the call was approved or why not."""
    folded: bool = True
    group: str = ""


@dataclass(slots=True)
class FooterBlock:
    """The quiet line below a step."""

    key: str
    text: str
    group: str = ""


@dataclass(slots=True)
class NoticeBlock:
    """A remark about the turn."""

    key: str
    text: str
    level: NoticeLevel = "info"
    hint: str = ""
    group: str = ""


@dataclass(slots=True)
class CardBlock:
    """A failure: what failed, in which layer, the vendor's own sentence, what to do, and keys to do it."""

    key: str
    title: str
    what: str = ""
    vendor_message: str = ""
    hint: str = ""
    layer: str = ""
    status: int | None = None
    actions: tuple[tuple[str, str], ...] = field(default=())
    """(key, label) of each action."""
    group: str = ""


Block: TypeAlias = UserBlock | TextBlock | ThinkingBlock | ToolBlock | FooterBlock | NoticeBlock | CardBlock
