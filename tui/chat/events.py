"""The one event stream of a turn; the terminal UI and the command line both consume exactly this.

``at`` is seconds on the session's clock; ``index`` is the 0-based part index within the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from tui.chat.finding import Finding
from tui.chat.frame import Headers
from tui.chat.messages import AssistantMessage, Stop
from tui.chat.parts import AssistantPart, ToolCall, ToolResult
from tui.chat.route import Route, Served
from tui.chat.usage import Cost, Figure, Usage
from tui.errors import SightlineError

PartKind = Literal["thinking", "text", "tool_call", "foreign"]
DeltaKind = Literal["thinking", "text", "tool_arguments"]
Decision = Literal["once", "session", "always", "never"]
DecidedBy = Literal["user", "rule", "flag"]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a tool wants to do, for a person and for the approval rules to judge."""

    says: str
    """One line, such as ``write 3 lines to notes.md``."""
    subject: str
    """What rule patterns are held against: the command, the URL, the path within the root."""
    grant: str
    """What a yes for the session is remembered under; other calls with the same grant run unasked."""
    grants: str
    """The same for a person, such as ``every GET to example.com``."""
    diff: str = ""
    """The change as a unified diff, where the call changes a file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an approval was decided; ``never`` refuses the call."""

    decision: Decision
    by: DecidedBy
    reason: str = ""
    """Why not, in words the model hears."""
    lasting: bool = False
    """A refusal that holds for the rest of the session."""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A request goes out; ``turn`` and ``step`` count from 1 over the session."""

    at: float
    route: Route
    turn: int
    step: int
    body: bytes = b""
    """Exactly what is sent."""
    exchange: str = ""
    """The id of the exchange that begins."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The answer's headers arrived."""

    at: float
    served: Served
    headers: Headers = ()
    """All of them, secrets masked."""


@dataclass(frozen=True, slots=True)
class PartStarted:
    """A part opened; ``label`` is the tool's name or the foreign block's type."""

    at: float
    index: int
    kind: PartKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class PartDelta:
    """More text of an open part; never empty."""

    at: float
    index: int
    kind: DeltaKind
    text: str


@dataclass(frozen=True, slots=True)
class PartFinished:
    """A part is complete, in its final form."""

    at: float
    index: int
    part: AssistantPart


@dataclass(frozen=True, slots=True)
class StepFinished:
    """The step's message, whole or cut; it is in the history before this is seen."""

    at: float
    message: AssistantMessage
    seconds: float
    ttft_s: float | None
    """Seconds from the request to the first thinking, text or argument; None when none came."""
    seals_sent: int
    seals_received: int
    figures: tuple[Figure, ...] = ()
    """Every figure of its cost there was when it ended."""


@dataclass(frozen=True, slots=True)
class ApprovalNeeded:
    """A tool wants to run that may not run unasked; call ``decide`` exactly once."""

    at: float
    call: ToolCall
    ask: Ask
    decide: Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Approved:
    """How an approval ended."""

    at: float
    call: ToolCall
    answer: Answer


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool begins to run."""

    at: float
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool ended; its result is what the model will see."""

    at: float
    call: ToolCall
    result: ToolResult
    seconds: float


@dataclass(frozen=True, slots=True)
class Retrying:
    """The one automatic retry is about to happen after ``wait_s`` seconds."""

    at: float
    attempt: int
    wait_s: float
    why: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A check has something to say; the turn goes on."""

    at: float
    finding: Finding


@dataclass(frozen=True, slots=True)
class Observed:
    """Something is odd about who answers or how; told once a step, as soon as it is known."""

    at: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Overrun:
    """The next call may break a limit on spending."""

    scope: Literal["turn", "session", "day"]
    limit: Decimal
    """US dollars, as are the others."""
    spent: Cost
    """In this scope so far."""
    estimate: Cost
    """Of the next call."""
    assumes: str = ""
    """What the estimate rests on, or why there is none."""


@dataclass(frozen=True, slots=True)
class BudgetNeeded:
    """The next call waits for a person, for it may break a limit; call ``decide`` exactly once."""

    at: float
    overrun: Overrun
    decide: Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class BudgetDecided:
    """Whether the call goes out all the same."""

    at: float
    overrun: Overrun
    go_on: bool


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The turn is over; usage and cost are sums over its steps, ``text`` is what was said in all of them."""

    at: float
    stop: Stop
    text: str
    usage: Usage
    cost: Cost
    steps: int


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The turn broke; a TurnFinished with stop ``failed`` follows."""

    at: float
    error: SightlineError


Event: TypeAlias = (
    StepStarted
    | Answering
    | PartStarted
    | PartDelta
    | PartFinished
    | StepFinished
    | ApprovalNeeded
    | Approved
    | ToolStarted
    | ToolFinished
    | Retrying
    | Warned
    | Observed
    | BudgetNeeded
    | BudgetDecided
    | TurnFinished
    | TurnFailed
)
