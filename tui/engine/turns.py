"""One turn at a time: what is asked is put at its place, run, and set aside again when nobody answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.chat.events import Event, PartDelta, Warned
from tui.chat.finding import Finding
from tui.chat.messages import UserMessage
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.chat.unread import read, unread_of
from tui.engine.brake import Brake
from tui.engine.branches import Asked, Branches
from tui.engine.keeping import Keeper
from tui.engine.offers import Offers
from tui.engine.ports import Clocks, GatewayPort
from tui.engine.routing import Router, codec_for
from tui.engine.spending import Spending
from tui.engine.stand import Stand
from tui.errors import UsageError
from tui.tools.approval import Approvals

if TYPE_CHECKING:
    from tui.engine.turn import Turn

NEWS_EVERY_S = 0.25
"""How often is looked at the latest, while text comes, whether all is being kept."""


@dataclass(slots=True)
class Turns:
    """Runs the turns of one session, and lets nothing else happen meanwhile."""

    keeper: Keeper
    branches: Branches
    offers: Offers
    router: Router
    gateway: GatewayPort
    settings_for: Callable[[Route], Settings]
    approvals: Approvals
    clocks: Clocks
    spending: Spending
    max_steps: int
    observe: Callable[[Event], None]
    """Is told every event before anybody shows it."""
    said: set[str] = field(default_factory=set)
    """Warnings already given in this session."""
    _brake: Brake | None = None

    @property
    def busy(self) -> bool:
        """Whether a turn is running, or a move in the tree."""
        return self._brake is not None

    def stop(self) -> None:
        """Stop the running turn; its last events follow in the ordinary way."""
        if self._brake is not None:
            self._brake.press()

    def must_be_idle(self) -> None:
        """UsageError while a turn is running."""
        if self._brake is not None:
            raise UsageError("busy", "a turn is running", hint="stop it, or wait until it ends")

    @contextmanager
    def alone(self) -> Iterator[Brake]:
        """Nothing else runs meanwhile; UsageError when something does."""
        self.must_be_idle()
        self._brake = Brake()
        try:
            yield self._brake
        finally:
            self._brake = None

    async def run(self, asked: Asked) -> AsyncGenerator[Event, None]:
        """One turn; without any answer the session stands where it stood, and the prompt is set aside."""
        with self.alone() as brake:
            keeper, router = self.keeper, self.router
            if late := unread_of(asked.base.conversation.messages):
                # All of it goes out: ten thousand messages would hold the loop while they are read.
                await asyncio.to_thread(read, late)
            opened, fork = self._opened(asked.base), self.fork_needed(asked.base)
            before, chosen_at, unanswered = keeper.stand, router.chosen_at, self.branches.unanswered
            keeper.stand, self.branches.unanswered = opened, None
            if asked.base is not before:
                router.moved(keeper.conversation, keeper.exchanges)
            try:
                await self._put(asked)
                if fork is not None:
                    self.offers.accept(asked.base)
                    yield self._told(Warned(self.clocks.monotonic(), fork))
                async with aclosing(self._turn(brake)) as events:
                    async for event in events:
                        yield event
            finally:
                made = keeper.stand.nodes[len(asked.base.nodes) :]
                if all(isinstance(node.message, UserMessage) for node in made):
                    # A refused prompt would be refused again with every later one.
                    aside = self.branches.aside(keeper.stand) if made else None
                    self.branches.unanswered = aside or unanswered
                    keeper.stand, router.chosen_at = before, chosen_at
                await asyncio.shield(keeper.save())

    def _opened(self, base: Stand) -> Stand:
        """Where a turn starts from, under what is offered now."""
        if base.nodes:
            return self.offers.applied(base)
        opened = self.offers.opening(self.router.resolve(base.conversation), self.keeper.foreign)
        self.keeper.foreign = opened.conversation.foreign_reasoning
        return opened

    def fork_needed(self, base: Stand) -> Finding | None:
        """What going on from ``base`` costs under what is offered now; None when nothing is lost."""
        try:
            return self.offers.fork(base, self.router.resolve(base.conversation))
        except UsageError:
            # Without a model nobody can refuse anything.
            return None

    async def _put(self, asked: Asked) -> None:
        """The prompt at the end of the conversation; one that stands in the tree just so is not put twice."""
        keeper, prompt = self.keeper, asked.prompt
        if prompt is None or (asked.kept is not None and asked.kept == keeper.stand.node(prompt)):
            keeper.stand = keeper.stand if asked.kept is None else keeper.stand.then(asked.kept)
            # What the answer will be made under, should this program not live to see it.
            await keeper.save()
            return
        if asked.kept is not None:
            prompt = replace(prompt, id=self.clocks.new_id())
        await keeper.append(prompt)

    async def _turn(self, brake: Brake) -> AsyncGenerator[Event, None]:
        async with aclosing(self._new_turn(brake).run()) as events:
            looked_at = float("-inf")
            async for event in events:
                # With each word of thousands a second it would be asked in vain.
                if not isinstance(event, PartDelta) or event.at - looked_at >= NEWS_EVERY_S:
                    looked_at = event.at
                    if (news := self.keeper.news()) is not None:
                        yield self._told(Warned(event.at, news))
                yield self._told(event)

    def _told(self, event: Event) -> Event:
        self.observe(event)
        return event

    def _new_turn(self, brake: Brake) -> Turn:
        from tui.engine.turn import Turn

        choice = self.router.choice
        route = self.router.resolve(self.keeper.conversation)
        number = self.keeper.ledger.turn()
        return Turn(
            keeper=self.keeper,
            route_for=lambda conversation: self.router.resolve(conversation, choice),
            unpin=self._unpin,
            codecs=codec_for,
            settings=self.settings_for(route),
            toolbox=self.offers.toolbox,
            approvals=self.approvals,
            catalog=lambda: self.router.catalog,
            gateway=self.gateway,
            clocks=self.clocks,
            brake=brake,
            spending=self.spending,
            number=number,
            first_step=self.keeper.ledger.totals.steps + 1,
            max_steps=self.max_steps,
            said=self.said,
        )

    def _unpin(self) -> None:
        self.router.unpinned = True
