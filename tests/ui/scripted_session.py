"""A session that plays written events: deterministic times and ids, gates a test opens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from tui.chat.budget import Budget
from tui.chat.catalog import Catalog, Deployment, ModelCard, Price
from tui.chat.conversation import Conversation
from tui.chat.events import (
    Answering,
    Event,
    Observed,
    PartDelta,
    PartFinished,
    PartStarted,
    StepFinished,
    StepStarted,
    TurnFailed,
    TurnFinished,
)
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, Stop, UserMessage
from tui.chat.parts import Attachment, Opaque, Origin, Reasoning, Text
from tui.chat.record import Exchange, Node, Wire
from tui.chat.route import Accepts, Provider, Reason, Route, Served
from tui.chat.settings import Overrides, Settings, overlaid
from tui.chat.tree import Tree, Twig
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.engine.session import Choice
from tui.errors import CallFailed, UsageError
from tui.generations import canonical
from tui.tools.approval import Approvals
from tui.tools.toolbox import Toolbox
from tui.truth.observations import at_headers
from tui.truth.observed import Step as Observable
from tui.ui.ports import Connection, Deps, Home
from tui.wire.chat_completions import ChatCodec
from tui.wire.messages import MessagesCodec

PRICE = Price(Decimal("0.000005"), Decimal("0.000025"), Decimal("0.0000005"))


def card(name: str, upstream: str, context: int = 200_000, **supports: bool) -> ModelCard:
    vendor = upstream.partition("/")[0]
    return ModelCard(
        name,
        (Deployment(f"dep-{name}", upstream, vendor),),
        mode="chat",
        context=context,
        price=PRICE,
        supports={"reasoning": True, "tools": True, **supports},
    )


CARDS = (
    card("smart", "anthropic/claude-opus-4-5", vision=True),
    card("gpt-killer", "anthropic/claude-opus-4-5"),
    card("anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929"),
    card("openai/gpt-5.1", "openai/gpt-5.1", 400_000),
    card("openai/gpt-5.5", "openai/gpt-5.5", 400_000),
    card("gemini/gemini-3-pro-preview", "gemini/gemini-3-pro-preview", 1_000_000, vision=True),
    card("xai/grok-4", "xai/grok-4", 256_000),
    card("deepseek/deepseek-reasoner", "deepseek/deepseek-reasoner", 128_000),
    ModelCard("anthropic/*"),
)


def resolve(name: str, catalog: Catalog) -> Route:
    found = next((c for c in catalog.cards if c.id == name and not c.wildcard), None)
    if found is None:
        raise UsageError(
            "unknown model", f"{name} is not offered", hint="^O lists what is", cls="unknown-model"
        )
    at = found.deployments[0] if found.deployments else Deployment(None, None, "unknown")
    claude = at.vendor == "anthropic"
    return Route(
        name,
        "litellm-anthropic" if claude else "litellm",
        "http://proxy",
        name,
        at.upstream,
        at.vendor or "",
        canonical(at.upstream or ""),
        price=found.price,
        context=found.context,
        why=(Reason(f"model/info: the vendor is {at.vendor}", "catalog"),),
        deployments=(at.id or "",),
        accepts=Accepts(frozenset({"disabled", "enabled"}), efforts=("low", "high")),
    )


def forced(route: Route, endpoint: str) -> Route:
    providers: dict[str, Provider] = {
        "messages": "litellm-anthropic",
        "chat": "litellm",
        "responses": "litellm-responses",
    }
    return replace(route, provider=providers.get(endpoint, route.provider))


@dataclass
class Totals:
    turns: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: Cost = UNKNOWN_COST


def twig_of(node: Node) -> Twig:
    message = node.message
    role: Literal["user", "assistant", "tool"] = "tool"
    if isinstance(message, UserMessage | AssistantMessage):
        role = "user" if isinstance(message, UserMessage) else "assistant"
        return Twig(message.id, node.parent, role, message.at, message.text)
    return Twig(message.id, node.parent, role, message.at)


class ScriptedSession:
    """Plays ``script(self, text)`` for each prompt; ``at`` counts tenths of seconds by event."""

    def __init__(self, model: str = "smart", id: str = "5e551017aaaa") -> None:
        self.id = id
        self.conversation = Conversation()
        self.catalog = Catalog()
        self.overrides: Overrides = {}
        self.budget = Budget()
        self.system: str | None = None
        self.toolbox = Toolbox()
        self.approvals = Approvals()
        self.choice = Choice(model)
        self.totals = Totals()
        self.context_used: int | None = None
        self.busy = False
        self.sent: list[str] = []
        self.attached: list[Sequence[Attachment]] = []
        self.retries = 0
        self.stopped = asyncio.Event()
        self.gate: asyncio.Event | None = None
        """When set, an answer waits for it in its middle."""
        self.served = Served("call", "dep-smart", "anthropic/claude-opus-4-5", "smart", None, 0, 0, "1.106.2")
        self.fail: CallFailed | None = None
        self._at = 100.0
        self.exchanges: dict[str, Exchange] = {}
        self.fruitless: list[Exchange] = []
        self.log: dict[str, Exchange] = {}
        self.wires: dict[str, Wire] = {}
        self.reruns: Any = None
        """Set where a test has some; the others cannot send again."""
        self.refused: UserMessage | None = None
        self.went: list[tuple[str | None, bool]] = []
        self.cuts: list[str] = []
        self.costs: Finding | None = None
        """What going on would cost, until somebody decides."""
        self.kept = False

    @property
    def settings(self) -> Settings:
        return overlaid(Settings(), self.overrides)

    @property
    def route(self) -> Route:
        return forced(resolve(self.choice.model, self.catalog), self.choice.endpoint)

    def revise(self, *, system: str | None, toolbox: Toolbox) -> None:
        self.system, self.toolbox = system, toolbox

    def preview(self, name: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        route = forced(resolve(name, self.catalog), endpoint)
        codec = MessagesCodec() if route.dialect == "messages" else ChatCodec()
        return route, codec.foresee(self.conversation, route, Settings(), ())

    def switch(self, name: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        seen = self.preview(name, endpoint)
        self.choice = Choice(name, endpoint)
        return seen

    async def wire(self, exchange: str) -> Wire | None:
        return self.wires.get(exchange)

    def stop(self) -> None:
        self.stopped.set()

    def tick(self, seconds: float = 0.1) -> float:
        self._at = round(self._at + seconds, 3)
        return self._at

    @property
    def path(self) -> Sequence[Node]:
        messages = self.conversation.messages
        parents = (None, *(message.id for message in messages))
        return [Node(message, parent) for message, parent in zip(messages, parents, strict=False)]

    async def nodes(self, leaf: str) -> Sequence[Node]:
        ids = [node.message.id for node in self.path]
        return self.path[: ids.index(leaf) + 1] if leaf in ids else ()

    async def tree(self) -> Tree:
        return Tree(tuple(twig_of(node) for node in self.path))

    def edit(
        self, message_id: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> AsyncIterator[Event]:
        self._fork(message_id)
        return self.send(text, attachments)

    def regenerate(self, message_id: str) -> AsyncIterator[Event]:
        prompt = self._fork(message_id)
        return self.send(prompt)

    def _fork(self, message_id: str) -> str:
        """Stand before the turn a message belongs to; the text of its prompt."""
        messages = self.conversation.messages
        place = [message.id for message in messages].index(message_id)
        while not isinstance(messages[place], UserMessage):
            place -= 1
        self.conversation = self.conversation.fork(place)
        prompt = messages[place]
        assert isinstance(prompt, UserMessage)
        return prompt.text

    async def go_to(self, message_id: str | None, *, exact: bool = False) -> None:
        self.went.append((message_id, exact))

    async def rewind(self) -> UserMessage | None:
        prompts = [m for m in self.conversation.messages if isinstance(m, UserMessage)]
        if prompts:
            self._fork(prompts[-1].id)
        return prompts[-1] if prompts else None

    async def cut(self, message_id: str) -> None:
        self.cuts.append(message_id)

    def fork_needed(self) -> Finding | None:
        return self.costs

    def accept_fork(self) -> None:
        self.costs = None

    def keep_as_made(self) -> None:
        self.costs, self.kept = None, True

    async def retry(self) -> AsyncIterator[Event]:
        self.retries += 1
        if not self.sent:
            raise UsageError("nothing to retry", "nothing was sent yet", hint="send a prompt")
        async for event in self._play(self.sent[-1]):
            yield event

    async def send(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncIterator[Event]:
        self.sent.append(text)
        self.attached.append(attachments)
        async for event in self._play(text):
            yield event

    async def _play(self, text: str) -> AsyncIterator[Event]:
        self.stopped.clear()
        self.totals.turns += 1
        route, begun = self.route, self.tick()
        yield StepStarted(begun, route, self.totals.turns, self.totals.turns)
        if self.fail is not None:
            failure, self.fail = self.fail, None
            yield TurnFailed(self.tick(), failure)
            yield TurnFinished(self.tick(), "failed", "", Usage(), UNKNOWN_COST, 1)
            return
        yield Answering(self.tick(0.4), self.served)
        if odd := at_headers(Observable(route, self.catalog, self.served)):
            yield Observed(self.tick(), odd)
        origin = Origin("messages", "anthropic", canonical(self.served.model or "smart"), None, "header")
        thought = Reasoning("Two candidates: scattering or reflection.", "signed", Opaque(origin, {}))
        yield PartStarted(self.tick(), 0, "thinking")
        yield PartDelta(self.tick(), 0, "thinking", thought.text)
        yield PartFinished(self.tick(), 0, thought)
        yield PartStarted(self.tick(), 1, "text")
        said = ""
        for word in ("The sky is blue ", "because short waves ", "scatter ", "more than long ones."):
            yield PartDelta(self.tick(0.5), 1, "text", word)
            said += word
            if self.gate is not None and not await self._passed(self.gate):
                break
        for event in self._end(text, said, (thought, Text(said)), origin, begun):
            yield event

    async def _passed(self, gate: asyncio.Event) -> bool:
        """Whether the gate opened before the turn was stopped."""
        waits = [asyncio.ensure_future(e.wait()) for e in (gate, self.stopped)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return not self.stopped.is_set()

    def _end(
        self, text: str, said: str, parts: tuple[Reasoning | Text, ...], origin: Origin, begun: float
    ) -> list[Event]:
        stop: Stop = "cancelled" if self.stopped.is_set() else "end"
        usage = Usage(1204, 18330, None, None, 611, 500)
        cost = Cost(Decimal("0.030460"), "proxy-header", at_least=stop == "cancelled")
        number = self.totals.turns
        message = AssistantMessage(f"a{number}", parts, origin, stop, None, usage, cost, 0.0)
        self.conversation = self.conversation.append(UserMessage(f"u{number}", (Text(text),), 0.0), message)
        self.totals.cost = cost if number == 1 else self.totals.cost + cost
        self.totals.usage = self.totals.usage + usage
        self.context_used = 20_145
        return [
            PartFinished(self.tick(), 1, parts[1]),
            StepFinished(self.tick(), message, self.tick(0) - begun, 0.6, 3, 1),
            TurnFinished(self.tick(), stop, said, usage, cost, 1),
        ]


async def refuse(url: str, key: str) -> Connection:
    raise CallFailed("proxy unreachable", f"nothing answers at {url}", hint="is it running?", layer="proxy")


def home_for(
    session: ScriptedSession,
    *,
    simulated: bool = True,
    cards: tuple[ModelCard, ...] = CARDS,
    gate: Callable[[], Awaitable[Any]] | None = None,
) -> Home:
    async def load() -> Catalog:
        if gate is not None:
            await gate()
        session.catalog = Catalog(cards, True, 0.0, (), "/model/info", "litellm", "1.106.2")
        return session.catalog

    def renew() -> Home:
        fresh = ScriptedSession(session.choice.model)
        fresh.catalog = session.catalog
        return home_for(fresh, simulated=simulated, cards=cards)

    return Home("team-proxy", simulated, session, renew, load, resolve)


def deps_for(
    data_dir: Path,
    session: ScriptedSession | None = None,
    *,
    home: Home | None = None,
    connect: Callable[[str, str], Awaitable[Connection]] = refuse,
    warm: Callable[[Route | None], bool] = lambda _: False,
) -> Deps:
    chosen = session or ScriptedSession()
    return Deps(
        home or home_for(chosen),
        data_dir,
        connect,
        warm,
        clock=lambda: chosen.tick(0),
        now=lambda: 1_763_800_000.0,
    )
