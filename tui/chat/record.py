"""A session as it is kept: its messages in their tree, its exchanges, and how it stood when it was left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tui.chat.conversation import Conversation
from tui.chat.events import Answer
from tui.chat.finding import Finding
from tui.chat.frame import Frame, Headers
from tui.chat.messages import Message
from tui.chat.route import Route, Served
from tui.chat.settings import Overrides, ToolSpec
from tui.chat.usage import UNKNOWN_COST, Cost, Figure, Totals, Usage
from tui.errors import CallFailed, Layer

ExchangeState = Literal["open", "done", "stopped", "failed", "lost"]
"""``open`` while it runs; ``lost`` when the program ended before the answer did."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an exchange failed: the fields of the error that was shown."""

    cls: str
    layer: Layer
    title: str
    what: str = ""
    hint: str = ""
    status: int | None = None
    vendor_message: str | None = None
    retry_helps: bool = False

    @property
    def error(self) -> CallFailed:
        """The error it was made of."""
        return CallFailed(
            self.title,
            self.what,
            hint=self.hint,
            layer=self.layer,
            cls=self.cls,
            status=self.status,
            vendor_message=self.vendor_message,
            retry_helps=self.retry_helps,
        )


@dataclass(frozen=True, slots=True)
class Wire:
    """What went over the line: the request as sent, the answer as it came.

    An answer that was not streamed, a refusal's body included, is one frame named ``WHOLE_BODY``.
    """

    body: bytes = b""
    request_headers: Headers = ()
    headers: Headers = ()
    frames: tuple[Frame, ...] = ()
    """``at`` is seconds since the request went out."""


Purpose = Literal["turn", "replay", "shadow"]
"""Why a request was made: for the conversation, once more, or over another route to compare."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When the parts of a call were over, in seconds since the request went out; None = not seen."""

    connected: float | None = None
    """The connection stood, its encryption included; None where one was used again."""
    sent: float | None = None
    """The request had left."""
    headers: float | None = None
    """The answer's headers were there."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with everything seen of its answer."""

    id: str
    turn: int
    """Counts from 1 over the session, as does ``step``."""
    step: int
    at: float
    """Unix time in seconds at which the request went out."""
    route: Route
    """Without what the model accepts, which is not kept."""
    after: str | None = None
    """The id of the last message the request was made from."""
    answer: str | None = None
    """The id of the message made of its answer."""
    state: ExchangeState = "open"
    status: int | None = None
    served: Served | None = None
    seconds: float | None = None
    ttft_s: float | None = None
    seals_sent: int = 0
    seals_received: int = 0
    usage: Usage | None = None
    cost: Cost = UNKNOWN_COST
    """As billed at the moment; never computed anew."""
    failure: Failure | None = None
    findings: tuple[Finding, ...] = ()
    """What was warned of with this request."""
    thinking_seconds: Mapping[int, float] = field(default_factory=dict)
    """How long each thinking part took, by its index."""
    timing: Timing = Timing()
    figures: tuple[Figure, ...] = ()
    """Every cost figure there was for it when it ended; ``cost`` is the one that counts."""
    observed: tuple[Finding, ...] = ()
    """What was odd about who answered and how, as its headers and its end told."""
    purpose: Purpose = "turn"
    repeats: str | None = None
    """The id of the exchange this one was made from, where it was not made for a turn."""
    wire: Wire | None = None
    """None where it was not read with the rest, or is not known."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of a tool call beside its result."""

    call_id: str
    seconds: float | None = None
    answer: Answer | None = None
    """How its approval was decided; None where nobody was asked."""
    diff: str = ""
    """The change a person was asked about, as a unified diff."""


@dataclass(frozen=True, slots=True)
class Node:
    """A message at its place in the tree; a message's id is unique in its session."""

    message: Message
    parent: str | None = None
    """The id of the message before it; None at the root."""
    system: str | None = None
    """The system prompt of the conversation that ends here."""
    bound_from: int = 0
    """As in the conversation that ends here."""
    calls: tuple[CallFacts, ...] = ()
    """Of a tool message: one a result, in their order."""
    tools: str = ""
    """The fingerprint of the tools offered when it was made; empty where not known."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """How a session stands: everything needed to go on exactly there."""

    model: str = ""
    endpoint: str = "auto"
    overrides: Overrides = field(default_factory=dict)
    own_system: tuple[str | None] | None = None
    """The system prompt the user set; None while none was set."""
    tools: tuple[ToolSpec, ...] = ()
    """The tools as they are offered."""
    leaf: str | None = None
    """The id of the conversation's last message; None while it is empty."""
    system: str | None = None
    bound_from: int = 0
    foreign_reasoning: Literal["drop", "text"] = "drop"
    chosen_at: int = 0
    """How many messages there were when the model was chosen."""
    unpinned: bool = False
    said: frozenset[str] = frozenset()
    """Warnings already given."""
    refused: str | None = None
    """The id of a prompt that got no answer and may be retried; it is not in the conversation."""
    totals: Totals = field(default_factory=Totals)


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What a list of sessions shows."""

    id: str
    title: str = ""
    titled_by: Literal["auto", "user"] = "auto"
    created: float = 0.0
    """Unix time in seconds, as is ``changed``."""
    changed: float = 0.0
    pinned: bool = False
    archived: bool = False
    deleted_at: float | None = None
    source: str = ""
    """The format it was imported from; empty for our own."""
    forked_from: str | None = None
    """The id of the session it was copied from."""
    model: str = ""
    """The model of the coming turns, as the user named it."""
    models: tuple[str, ...] = ()
    """Canonical names of all models that answered, in the order they first did."""
    messages: int = 0
    """In all branches."""
    forks: int = 0
    """Branches beside the first."""
    totals: Totals = field(default_factory=Totals)
    is_open: bool = False
    """Whether another program that runs now has it open."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A whole session; parents stand before their children, exchanges in the order they were begun."""

    info: SessionInfo
    state: SessionState = field(default_factory=SessionState)
    # Not told: ``asyncio.run`` makes a text of what its task gave, which took as long as the whole start.
    nodes: tuple[Node, ...] = field(default=(), repr=False)
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)

    def path(self, leaf: str | None = None) -> tuple[Node, ...]:
        """The nodes from the root to ``leaf``, by default to where the session stands."""
        at = leaf or self.state.leaf
        out: list[Node] = []
        for node in reversed(self.nodes):
            if node.message.id == at:
                out.append(node)
                at = node.parent
        return tuple(reversed(out))

    def conversation(self) -> Conversation:
        """What the next request would be made from, before any repair."""
        state = self.state
        messages = tuple(node.message for node in self.path())
        return Conversation(state.system, messages, state.foreign_reasoning, state.bound_from)
