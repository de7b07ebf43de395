"""What every codec offers: a request to bytes, frames to neutral events; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from tui.chat.conversation import Conversation
from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.finding import Finding
from tui.chat.frame import Frame
from tui.chat.messages import Stop
from tui.chat.parts import AssistantPart, Json, Origin
from tui.chat.route import Route
from tui.chat.settings import Settings, ToolSpec
from tui.chat.usage import Usage

Decoded: TypeAlias = PartStarted | PartDelta | PartFinished


@dataclass(frozen=True, slots=True)
class Request:
    """A request dumped once: these bytes are sent, shown and stored."""

    body: bytes
    seals_sent: int
    """Sealed parts (signed, redacted, omitted) in the body."""
    findings: tuple[Finding, ...] = ()
    """What ``foresee`` says, found on the way, and what had to be changed to make the request sendable."""
    value: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """The body before it was dumped; not to be changed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything a decoder learned from one answer, whole or cut."""

    parts: tuple[AssistantPart, ...]
    unfinished: frozenset[int]
    stop: Stop | None
    """None when no stop reason was seen."""
    stop_raw: str | None
    usage: Usage | None
    stream_cost: str | None = None
    """The figure of ``usage.cost`` as text, where the proxy put one into the answer."""
    model: str | None = None
    """What the body calls the model; proxies rewrite it, so it is only a word."""
    seals_received: int = 0
    findings: tuple[Finding, ...] = field(default=())


class Decoder(Protocol):
    """Grows one answer from its frames; ``finish`` serves the end and any interruption alike."""

    @property
    def done(self) -> bool:
        """Whether the last word of the protocol was seen; without it the stream was cut."""
        ...

    @property
    def error(self) -> Json:
        """The error object of an error frame inside a 200 stream, else None."""
        ...

    def feed(self, frame: Frame) -> Iterator[Decoded]:
        """Take one frame; raises ValueError when its data is not what the format allows."""
        ...

    def finish(self) -> Reply:
        """What is known now; idempotent."""
        ...


class Codec(Protocol):
    """One wire format in both directions."""

    def encode(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> Request:
        """The request for the conversation's next step; UsageError for a setting the model cannot take."""
        ...

    def foresee(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> tuple[Finding, ...]:
        """What will not survive or will be refused on this route, before anything is sent."""
        ...

    def decoder(self, origin: Origin) -> Decoder:
        """A fresh decoder whose parts carry ``origin``."""
        ...
