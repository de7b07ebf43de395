"""What the screen needs from the rest of the program, as types; the composition root provides it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.errors import UsageError
from tui.tools.toolbox import Toolbox

if TYPE_CHECKING:
    from tui.chat.budget import Budget
    from tui.chat.catalog import Catalog, Refusal
    from tui.chat.conversation import Conversation
    from tui.chat.events import Event
    from tui.chat.finding import Finding
    from tui.chat.messages import UserMessage
    from tui.chat.parts import Attachment
    from tui.chat.record import Exchange, Node, Wire
    from tui.chat.route import Route
    from tui.chat.settings import Overrides, Preset, Settings
    from tui.chat.tree import Tree
    from tui.chat.usage import Cost, Usage
    from tui.engine.reruns import Edits, Plan
    from tui.engine.routing import Choice
    from tui.tools.approval import Approvals
    from tui.truth.lookups import KeyInfo, LogRow, PriceList
    from tui.ui.attention import Notify
    from tui.ui.probe_ports import ProbePort
    from tui.ui.session_ports import Opened, StorePort


class ChoicePort(Protocol):
    """A model and the road to it."""

    @property
    def model(self) -> str:
        """The name as the user gave it; empty while none is chosen."""
        ...

    @property
    def endpoint(self) -> str:
        """auto, messages, chat or responses."""
        ...


class TotalsPort(Protocol):
    """Sums over a session."""

    @property
    def turns(self) -> int:
        """Turns that were started."""
        ...

    @property
    def usage(self) -> Usage:
        """Tokens of all steps."""
        ...

    @property
    def cost(self) -> Cost:
        """What all steps cost together."""
        ...


class RerunsPort(Protocol):
    """Plans requests that are no part of the conversation, and sends them."""

    async def replay(self, id: str, edits: Edits = ...) -> Plan:
        """An exchange once more; raises UsageError."""
        ...

    async def shadow(self, id: str, choice: Choice) -> Plan:
        """The history of an exchange for another model or endpoint; raises UsageError."""
        ...

    def run(self, plan: Plan, times: int = 1) -> AsyncIterator[Event]:
        """Send it, one after another."""
        ...


class SessionPort(Protocol):
    """One conversation with whoever answers it."""

    @property
    def id(self) -> str:
        """The id it is stored under."""
        ...

    overrides: Overrides
    """What the user set, laid over what is configured for the model."""

    budget: Budget
    """What may be spent unasked; it may be changed while a question about it waits."""

    @property
    def conversation(self) -> Conversation:
        """The history as it happened."""
        ...

    @property
    def catalog(self) -> Catalog:
        """The models known now; empty until read."""
        ...

    @property
    def route(self) -> Route:
        """Where the next turn goes; UsageError while no known model is chosen."""
        ...

    @property
    def settings(self) -> Settings:
        """What the next turn is sent with; built-in ones while no known model is chosen."""
        ...

    @property
    def choice(self) -> ChoicePort:
        """What the user chose for the coming turns."""
        ...

    @property
    def system(self) -> str | None:
        """The system prompt of the next turn."""
        ...

    @property
    def toolbox(self) -> Toolbox:
        """The tools offered."""
        ...

    @property
    def approvals(self) -> Approvals:
        """What was decided about tools in this session."""
        ...

    @property
    def totals(self) -> TotalsPort:
        """Sums over the session."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a turn is running."""
        ...

    @property
    def context_used(self) -> int | None:
        """Tokens of the history at the last answer; None when not told."""
        ...

    def send(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncIterator[Event]:
        """One turn for a prompt."""
        ...

    def revise(self, *, system: str | None, toolbox: Toolbox) -> None:
        """Another system prompt or other tools from the next turn on: a fork once something was said."""
        ...

    def retry(self) -> AsyncIterator[Event]:
        """The last turn again, from what the history holds."""
        ...

    @property
    def path(self) -> Sequence[Node]:
        """The messages of the conversation with what is kept of each."""
        ...

    @property
    def exchanges(self) -> Mapping[str, Exchange]:
        """The exchanges that left an answer, by its id."""
        ...

    @property
    def fruitless(self) -> Sequence[Exchange]:
        """The exchanges that left no answer, in the order they ended."""
        ...

    @property
    def log(self) -> Mapping[str, Exchange]:
        """Every exchange by its id, in the order they were begun, the running one as it stands."""
        ...

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange, as far as it came; None where it is not known."""
        ...

    @property
    def reruns(self) -> RerunsPort:
        """Requests made once more, or over another route to compare."""
        ...

    @property
    def refused(self) -> UserMessage | None:
        """The prompt that got no answer and may be asked again; it is not in the conversation."""
        ...

    async def nodes(self, leaf: str) -> Sequence[Node]:
        """The path to a message of any branch."""
        ...

    async def tree(self) -> Tree:
        """All branches."""
        ...

    def edit(
        self, message_id: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> AsyncIterator[Event]:
        """One turn for another prompt in place of an earlier one."""
        ...

    def regenerate(self, message_id: str) -> AsyncIterator[Event]:
        """One turn for another answer in place of an earlier one."""
        ...

    async def go_to(self, message_id: str | None, *, exact: bool = False) -> None:
        """Stand at the newest end of the branch through a message, or with ``exact`` right after it."""
        ...

    async def rewind(self) -> UserMessage | None:
        """Take back the newest user turn; its prompt."""
        ...

    async def cut(self, message_id: str) -> None:
        """Delete a message and everything after it."""
        ...

    def fork_needed(self) -> Finding | None:
        """What going on would cost, because system prompt or tools are not those of the conversation."""
        ...

    def accept_fork(self) -> None:
        """Go on as a fork."""
        ...

    def keep_as_made(self) -> None:
        """Go on with the system prompt and tools of the conversation; UsageError when they are not known."""
        ...

    def stop(self) -> None:
        """End the running turn in the ordinary way, soon."""
        ...

    def preview(self, name: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        """Where ``name`` would go and what the history would lose; UsageError when it is unknown."""
        ...

    def switch(self, name: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        """Use ``name`` from the next user turn on; UsageError when it is unknown."""
        ...


class LookupsPort(Protocol):
    """What the proxy tells of costs beside its answers; free requests, made only when asked for."""

    @property
    def prices(self) -> PriceList | Refusal | None:
        """Its price list, or why there is none; None until it was asked for."""
        ...

    @property
    def key(self) -> KeyInfo | None:
        """What the key may spend and has, when it was last asked for."""
        ...

    @property
    def rows(self) -> Mapping[str, LogRow]:
        """What its spend logs hold, by the exchange it was asked for."""
        ...

    async def read_prices(self, version: str | None) -> PriceList | Refusal:
        """Read the price list, once for each version of the proxy."""
        ...

    async def read_row(self, exchange: str, ids: Sequence[str]) -> LogRow:
        """Look an exchange up in the spend logs, where it goes by one of ``ids``."""
        ...

    async def read_key(self) -> KeyInfo:
        """Ask what the key may spend and has spent."""
        ...


def route_of(session: SessionPort) -> Route | None:
    """Where the next turn goes; None while no known model is chosen."""
    try:
        return session.route
    except UsageError:
        return None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sessions that are stored, and the ways to another one on the same proxy."""

    store: StorePort
    open: Callable[[str], Awaitable[Home]]
    """A stored session by its id, as it was left; raises SightlineError."""
    temporary: Callable[[], Home]
    """A fresh session that is kept nowhere."""
    problem: str = ""
    """Why sessions are in memory only although they should be saved, and what to do; empty otherwise."""
    remark: str = ""
    """What is worth knowing of where they are saved."""


@dataclass(frozen=True, slots=True)
class Home:
    """One proxy the screen is connected to."""

    label: str
    """How people call it: the configured name, else the host."""
    simulated: bool
    session: SessionPort
    renew: Callable[[], Home]
    """The same proxy and model with a fresh session."""
    load_catalog: Callable[[], Awaitable[Catalog]]
    """Read the models, give them to the session and choose one if none is; raises SightlineError."""
    resolve: Callable[[str, Catalog], Route]
    """Where a name would go, by these models; pure, raises UsageError."""
    tools: Toolbox = field(default_factory=Toolbox)
    """Every tool there is; the session offers some of them."""
    presets: Mapping[str, Preset] = field(default_factory=dict)
    save_preset: Callable[[str, Preset], Path] | None = None
    """Write a preset into the configuration and tell where; raises SightlineError."""
    shelf: Shelf | None = None
    """None where nothing is stored at all."""
    opened: Opened | None = None
    """What was stored of the session; None when it is fresh."""
    is_temporary: bool = False
    """Whether the session shall leave nothing behind."""
    probes: ProbePort | None = None
    """Ways to try its models out; None where there are none."""
    leave: Callable[[], None] = lambda: None
    """Let go of what the session holds; may wait for the disk."""
    key_for: Callable[[str], str | None] = lambda _: None
    """The key that would be sent to a base URL now; None where it is another's or not known yet."""
    is_ours: Callable[[str], bool] = lambda _: False
    """Whether a base URL is that of this proxy."""
    lookups: LookupsPort | None = None
    """Where the proxy can be asked about costs."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What ``/connect`` found: a proxy that answered, not yet in use."""

    home: Home
    server: str
    """What answers there, such as ``LiteLLM 1.106.2``."""
    models: int
    remarks: tuple[str, ...] = ()
    """What could not be read or is worth knowing, one sentence each."""
    save: Callable[[], Path] | None = None
    """Write it into the configuration without the key and tell where; None when it is already there."""


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything the application is given."""

    home: Home
    data_dir: Path
    connect: Callable[[str, str], Awaitable[Connection]]
    """Test a base URL with a key; raises SightlineError."""
    warm: Callable[[Route | None], bool]
    """Slow imports for calls on a route, run in a thread after the first paint; whether any was missing."""
    clock: Callable[[], float]
    """Seconds, the same clock the events' ``at`` is on."""
    now: Callable[[], float]
    """Unix time in seconds."""
    theme: str | None = None
    """The configured theme; None leaves it to what is remembered."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Configured keys by command id, comma separated."""
    still: bool = False
    """Whether as little as possible is to move: no counting seconds, no pictures, a calmer pace."""
    notify: Notify = "bell"
    """How a person who looks elsewhere is called when a long turn ends or a tool asks."""
    secrets: Callable[[], Sequence[str]] = tuple
    """Every secret value known now: none of them may get into a picture or an export."""
