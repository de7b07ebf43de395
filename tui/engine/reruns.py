"""Requests made once more, as they were or edited, and the same history over another route to compare.

Each is an exchange like any other, kept beside the one it is made from; nothing of the conversation
changes, and no tool is run. Everything is planned first, so that it can be shown what will be sent and
what it may cost; only ``run`` sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from tui.chat.conversation import Conversation
from tui.chat.events import BudgetDecided, Event
from tui.chat.finding import Finding
from tui.chat.json_text import load_text
from tui.chat.parts import Json, Origin
from tui.chat.record import Exchange
from tui.chat.route import Accepts, Route
from tui.chat.settings import Settings, ToolSpec
from tui.chat.usage import UNKNOWN_COST, Cost, total_cost
from tui.engine.brake import Brake, Stopped
from tui.engine.routing import SPOKEN, Choice, codec_for
from tui.engine.spending import NOTHING, Spent
from tui.engine.stand import Stand
from tui.engine.step import Aside, Step
from tui.engine.turns import Turns
from tui.errors import UsageError
from tui.exchanges.sent import own_headers
from tui.secrets import MASK
from tui.truth.budget import Estimate, estimate, estimate_again
from tui.wire.body import dump
from tui.wire.codec import Decoder, Request
from tui.wire.sealed import seals_in_request

MOST_TIMES = 100


@dataclass(frozen=True, slots=True)
class Edits:
    """What is another than the first time; what is None or empty is as it was."""

    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    """All headers of the person's own."""
    model: str = ""
    endpoint: str = ""
    """messages, chat or responses; the body stays what it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that can be sent."""

    route: Route
    request: Request
    headers: Mapping[str, str]
    streams: bool
    aside: Aside
    turn: int
    step: int
    estimate: Estimate
    """Of sending it once."""
    findings: tuple[Finding, ...] = ()
    """What is lost or different, before anything is sent."""


class Reruns:
    """Plans and sends them for one session; nothing else runs in it meanwhile."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def replay(self, id: str, edits: Edits = Edits()) -> Plan:
        """An exchange once more; UsageError where it is not known, or an edit cannot be sent."""
        exchange, keeper = self._exchange(id), self._turns.keeper
        wire = await keeper.wire(id)
        if wire is None or not wire.body:
            raise UsageError("replay", "what was sent for this exchange is not known")
        body, value = wire.body, _object(edits.body if edits.body is not None else wire.body)
        if edits.body is not None:
            body, _ = dump(value)
        said = value.get("model")
        named = said if isinstance(said, str) and said != exchange.route.wire_model else ""
        route = self._route(exchange, edits.model or named, edits.endpoint)
        if edits.model:
            value = {**value, "model": route.wire_model}
            body, _ = dump(value)
        headers, lost = self._headers(wire.request_headers, edits, route)
        findings = (*lost, *_elsewhere(exchange.route, route))
        return Plan(
            route,
            Request(body, _seals(route, body), findings, value),
            headers,
            value.get("stream") is True,
            Aside("replay", id, exchange.after, await self._history(exchange)),
            exchange.turn,
            exchange.step,
            _estimate(exchange, route, edits),
            findings,
        )

    async def shadow(self, id: str, choice: Choice) -> Plan:
        """The history an exchange was made from, written for another model or endpoint.

        UsageError for a model nobody knows, or where that model cannot be sent what is set.
        """
        turns, exchange = self._turns, self._exchange(id)
        history = await self._history(exchange)
        if not history.messages:
            raise UsageError("other endpoint", "the history this exchange was made from is not known")
        route = turns.router.resolve(history, choice)
        settings = turns.settings_for(route)
        known = await self._tools(exchange)
        tools = known if known is not None else turns.offers.toolbox.specs
        tools = tools if route.accepts.tools is not False else ()
        request = await asyncio.to_thread(codec_for(route).encode, history, route, settings, tools)
        remarks = () if known is not None else (_OTHER_TOOLS,)
        return Plan(
            route,
            request,
            settings.headers,
            settings.stream,
            Aside("shadow", id, exchange.after, history),
            exchange.turn,
            exchange.step,
            estimate(history, route, settings, tools, turns.clocks.wall()),
            (*remarks, *request.findings),
        )

    async def run(self, plan: Plan, times: int = 1) -> AsyncGenerator[Event, None]:
        """Send it, one after another, until it is stopped, refused by a limit, or no use to go on.

        Raises nothing once it has begun: how each one ended is in the session's log.
        """
        turns = self._turns
        costs: list[Cost] = []
        run = f"{plan.aside.purpose} {len(turns.keeper.log)}"
        with turns.alone() as brake:
            for _ in range(max(1, min(times, MOST_TIMES))):
                refused = False
                async with aclosing(self._gate(plan, run, costs, brake)) as asked:
                    async for event in asked:
                        refused = isinstance(event, BudgetDecided) and not event.go_on
                        turns.observe(event)
                        yield event
                if refused or brake.pressed:
                    return
                step = self._step(plan, brake)
                async with aclosing(step.run()) as events:
                    async for event in events:
                        turns.observe(event)
                        yield event
                costs += _paid(step)
                if step.stopped or (step.error is not None and not step.error.retry_helps):
                    return

    async def _gate(
        self, plan: Plan, run: str, costs: Sequence[Cost], brake: Brake
    ) -> AsyncGenerator[Event, None]:
        """Asks first where it may break a limit; all that is sent at once counts like one turn."""
        turns = self._turns
        so_far = total_cost(list(costs)) if costs else NOTHING
        spent = Spent(so_far, turns.keeper.ledger.spent, run)
        gate = turns.spending.gate(spent, lambda: plan.estimate, brake, turns.clocks)
        try:
            async with aclosing(gate) as events:
                async for event in events:
                    yield event
        except Stopped:
            return

    def _step(self, plan: Plan, brake: Brake) -> Step:
        turns = self._turns
        return Step(
            route=plan.route,
            codec=_AsPlanned(plan),
            settings=replace(Settings(), stream=plan.streams, headers=plan.headers),
            tools=(),
            catalog=turns.router.catalog,
            gateway=turns.gateway,
            clocks=turns.clocks,
            brake=brake,
            turn=plan.turn,
            number=plan.step,
            keeper=turns.keeper,
            # What was foreseen is shown with the plan.
            said={finding.says for finding in plan.request.findings},
            aside=plan.aside,
        )

    def _exchange(self, id: str) -> Exchange:
        found = self._turns.keeper.log.get(id)
        if found is None:
            raise UsageError("replay", f"the session has no exchange {id[:40]}")
        return found

    async def _history(self, exchange: Exchange) -> Conversation:
        keeper = self._turns.keeper
        if exchange.after is None:
            return Conversation()
        return Stand.at(await keeper.writer.nodes(exchange.after), keeper.foreign).conversation

    async def _tools(self, exchange: Exchange) -> tuple[ToolSpec, ...] | None:
        nodes = await self._turns.keeper.writer.nodes(exchange.after)
        return self._turns.offers.specs_of(nodes[-1].tools) if nodes else None

    def _route(self, exchange: Exchange, model: str, endpoint: str) -> Route:
        """The road as it is now: a stored session may name a proxy that must not get this one's key."""
        router, was = self._turns.router, exchange.route
        dialect = endpoint or was.dialect
        if dialect not in SPOKEN:
            raise UsageError("replay", f"{dialect} is no endpoint", hint=f"say {', '.join(SPOKEN)}")
        try:
            found = router.route_for(model or was.requested, dialect, router.catalog, None)
        except UsageError as error:
            if not router.choice.model:
                raise error from None
            found = router.route_for(router.choice.model, dialect, router.catalog, None)
            return replace(
                _unknown(model, found) if model else replace(was, provider=found.provider),
                base_url=found.base_url,
            )
        if model:
            return found
        return replace(was, provider=found.provider, base_url=found.base_url, price=found.price)

    def _headers(
        self, sent: Sequence[tuple[str, str]], edits: Edits, route: Route
    ) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
        """The headers to send, and those whose secret value nobody kept."""
        wanted = edits.headers if edits.headers is not None else own_headers(tuple(sent))
        now = {name.lower(): value for name, value in self._turns.settings_for(route).headers.items()}
        filled = {
            name: now.get(name.lower(), value) if value == MASK else value for name, value in wanted.items()
        }
        lost = tuple(_lost_header(name) for name, value in filled.items() if value == MASK)
        return {name: value for name, value in filled.items() if value != MASK}, lost


_OTHER_TOOLS = Finding(
    "other-tools", "The tools of this exchange are not known any more; those offered now are sent."
)


def parsed(text: str) -> bytes:
    """An edited body as bytes to send; UsageError names line and column of what is no JSON."""
    value = _object(text.encode("utf-8", "surrogatepass"))
    return dump(value)[0]


def _object(body: bytes) -> dict[str, Json]:
    try:
        value = load_text(body.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError as error:
        raise UsageError("edit", f"byte {error.start:,} of the body is not UTF-8") from None
    except ValueError as error:
        line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
        where = f"line {line}, column {column}: " if line else ""
        what = getattr(error, "msg", str(error))
        raise UsageError("edit", f"{where}the body is no JSON: {what}") from None
    if not isinstance(value, dict):
        raise UsageError("edit", "line 1, column 1: the body of a request is a JSON object")
    return value


def _estimate(exchange: Exchange, route: Route, edits: Edits) -> Estimate:
    """As much as the first time; at another model's price where it goes to another."""
    is_same = route.requested == exchange.route.requested
    found = estimate_again(exchange.cost if is_same else UNKNOWN_COST, exchange.usage, route.price)
    return found if edits.body is None else replace(found, assumes=f"{found.assumes}, before the edit")


def _seals(route: Route, body: bytes) -> int:
    try:
        return len(seals_in_request(route.dialect, body))
    except ValueError:
        return 0


def _unknown(model: str, like: Route) -> Route:
    """A model nobody lists, asked for all the same: the proxy may know it."""
    return replace(
        like,
        requested=model,
        wire_model=model,
        upstream=None,
        vendor="",
        generation=model,
        accepts=Accepts(),
        price=None,
        pinned=None,
        why=(),
        configured_thinking=None,
        context=None,
        max_output=None,
        mixed=False,
        deployments=(),
    )


def _elsewhere(was: Route, now: Route) -> tuple[Finding, ...]:
    if was.base_url == now.base_url or was.dialect != now.dialect:
        return ()
    says = f"The first one went to {was.base_url}; this one goes to {now.base_url}."
    return (Finding("other-proxy", says),)


def _lost_header(name: str) -> Finding:
    says = f"The header {name} is left out: its value is secret and was not kept."
    return Finding("header-lost", says, path=name, mend="set it again with /set header")


def _paid(step: Step) -> list[Cost]:
    if step.message is not None:
        return [step.message.cost]
    return [] if step.spent is None else [step.spent]


@dataclass(frozen=True, slots=True)
class _AsPlanned:
    """The codec of a plan: its bytes are made already."""

    plan: Plan

    def encode(
        self,
        conversation: Conversation,  # noqa: ARG002
        route: Route,  # noqa: ARG002
        settings: Settings,  # noqa: ARG002
        tools: Sequence[ToolSpec],  # noqa: ARG002
    ) -> Request:
        """The planned request."""
        return self.plan.request

    def foresee(
        self,
        conversation: Conversation,  # noqa: ARG002
        route: Route,  # noqa: ARG002
        settings: Settings,  # noqa: ARG002
        tools: Sequence[ToolSpec],  # noqa: ARG002
    ) -> tuple[Finding, ...]:
        """What was foreseen when it was planned."""
        return self.plan.findings

    def decoder(self, origin: Origin) -> Decoder:
        """That of the plan's route."""
        return codec_for(self.plan.route).decoder(origin)
