"""The ordered content of a message: what a model said, thought, called, and was given.

A part carries the vendor's own wire block (``Opaque``) only where our rendering would not
reproduce it; plain text and plain tool calls carry none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
"""A JSON value as ``json.loads`` gives it: dict, list, str, int, float, bool or None."""

Dialect = Literal["messages", "chat", "responses"]
ReasoningState = Literal["signed", "redacted", "omitted", "unsigned"]
KnownBy = Literal["header", "catalog", "route", "body"]
SealKind = Literal["claude", "openai", "gemini", "unsigned"]
"""Whose way of sealing reasoning; ``unsigned`` means it is not sealed at all."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who minted a part, and so who may have it back."""

    dialect: Dialect
    vendor: str
    model: str
    """Canonical generation id (see ``tui.generations.canonical``), never an alias."""
    deployment: str | None = None
    known_by: KnownBy = "route"
    seals: SealKind = "unsigned"
    """How this model seals its reasoning, as ``tui.generations`` knows it."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """One wire block, verbatim; only codecs look inside, nobody edits it."""

    origin: Origin
    data: Json


@dataclass(frozen=True, slots=True)
class Text:
    """Visible text."""

    text: str
    opaque: Opaque | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """A thinking block; ``omitted`` is sealed with empty text, ``redacted`` has no text at all."""

    text: str
    state: ReasoningState
    opaque: Opaque | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for; ``id`` is opaque and goes back byte for byte."""

    id: str
    name: str
    arguments: str
    """JSON text; as the vendor streamed it when ``as_sent``, else our dump of the object received."""
    as_sent: bool = True
    opaque: Opaque | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image; ``data`` is base64 text, ``name`` what the user calls it."""

    media_type: str
    data: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document such as a PDF; ``data`` is base64 text, ``name`` what the user calls it."""

    media_type: str
    data: str
    name: str = ""
    pages: int | None = None
    """How many pages a PDF says it has; None when not known."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered; ``is_error`` tells the model the call did not work."""

    call_id: str
    parts: tuple[Text | Image | Document, ...]
    is_error: bool = False
    full: str | None = None
    """Everything the tool said, where ``parts`` hold only a piece of it; None when they hold it all."""

    @property
    def text(self) -> str:
        """The text parts joined by newlines."""
        return "\n".join(p.text for p in self.parts if isinstance(p, Text))


@dataclass(frozen=True, slots=True)
class Foreign:
    """A block we have no word for; kept and returned verbatim."""

    label: str
    opaque: Opaque


AssistantPart: TypeAlias = Text | Reasoning | ToolCall | Foreign
Attachment: TypeAlias = Image | Document
UserPart: TypeAlias = Text | Attachment
Part: TypeAlias = Text | Reasoning | ToolCall | ToolResult | Image | Document | Foreign
