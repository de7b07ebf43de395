"""A running session: where it stands, what the next turn is sent with, one turn at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.chat.budget import Budget
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import Event
from tui.chat.finding import Finding
from tui.chat.messages import UserMessage
from tui.chat.parts import Attachment, Text
from tui.chat.record import Exchange, Node, SessionRecord, SessionState, Wire
from tui.chat.route import Route
from tui.chat.settings import Overrides, Settings, overlaid
from tui.chat.tree import Tree
from tui.chat.usage import Totals
from tui.engine import resuming
from tui.engine.branches import Asked, Branches
from tui.engine.keeping import Keeper, Ledger
from tui.engine.offers import Offers
from tui.engine.ports import Clocks, GatewayPort, SessionWriter
from tui.engine.routing import Choice as Choice
from tui.engine.routing import RouteFor as RouteFor
from tui.engine.routing import Router, codec_for
from tui.engine.spending import Spending
from tui.engine.stand import Stand
from tui.engine.turns import Turns
from tui.engine.unkept import Unkept
from tui.errors import UsageError
from tui.tools.approval import Approvals
from tui.tools.toolbox import Toolbox

if TYPE_CHECKING:
    from tui.engine.reruns import Reruns


class Session:
    """One conversation with a proxy; the terminal UI and the command line drive it alike.

    ``begin`` gives the empty conversation, system prompt included, that the first turn starts from;
    ``observe`` is told every event with the session's id, before anybody shows it. ``writer`` is where
    all is kept; ``resumed`` what was kept of it before, of whose tools those in ``available`` are offered.
    """

    def __init__(
        self,
        *,
        gateway: GatewayPort,
        route_for: RouteFor,
        settings_for: Callable[[Route], Settings],
        toolbox: Toolbox,
        approvals: Approvals | None = None,
        overrides: Overrides | None = None,
        clocks: Clocks,
        choice: Choice,
        catalog: Catalog,
        begin: Callable[[Route], Conversation] = lambda _: Conversation(),
        max_steps: int = 50,
        observe: Callable[[str, Event], None] = lambda session, event: None,  # noqa: ARG005
        id: str | None = None,
        writer: SessionWriter | None = None,
        resumed: SessionRecord | None = None,
        available: Toolbox | None = None,
        spending: Spending | None = None,
    ) -> None:
        self.id = resumed.info.id if resumed is not None else id or clocks.new_id()
        self._overrides: Overrides = overrides or {}
        self._settings_for = settings_for
        self._approvals = approvals or Approvals()
        self._spending = spending or Spending()
        self._router = Router(route_for, choice, catalog)
        self._offers = Offers(toolbox, begin)
        self._clocks = clocks
        nodes = resumed.nodes if resumed is not None else ()
        self._keeper = Keeper(writer or Unkept(nodes), Ledger(), Stand(), lambda: self.state)
        self._branches = Branches(self._keeper, self._offers)
        self._turns = Turns(
            keeper=self._keeper,
            branches=self._branches,
            offers=self._offers,
            router=self._router,
            gateway=gateway,
            settings_for=self._settings,
            approvals=self._approvals,
            clocks=clocks,
            spending=self._spending,
            max_steps=max_steps,
            observe=lambda event: observe(self.id, event),
        )
        if resumed is not None:
            self._resume(resumed, available)

    def _resume(self, record: SessionRecord, available: Toolbox | None) -> None:
        state = record.state
        self._overrides = resuming.usable_overrides(state.overrides)
        self._turns.said, self._keeper.foreign = set(state.said), state.foreign_reasoning
        self._router.choose(Choice(state.model, state.endpoint), state.chosen_at)
        self._router.unpinned = state.unpinned
        self._keeper.ledger = Ledger(state.totals, spent=resuming.has_spent(record))
        self._keeper.exchanges, self._keeper.fruitless = resuming.exchanges_of(record)
        self._keeper.log = {e.id: resuming.bare(e) for e in record.exchanges}
        self._keeper.is_kept = True
        resuming.take_offers(self._offers, record, available)
        self._branches.resume(record)

    @property
    def reruns(self) -> Reruns:
        """Requests made once more, or over another route to compare."""
        from tui.engine.reruns import Reruns

        return Reruns(self._turns)

    @property
    def conversation(self) -> Conversation:
        """Everything said so far, as the next turn takes it up."""
        return self._offers.applied(self._keeper.stand).conversation

    @property
    def exchanges(self) -> Mapping[str, Exchange]:
        """The exchanges that left an answer, by its id; without what went over the line."""
        return self._keeper.exchanges

    @property
    def fruitless(self) -> Sequence[Exchange]:
        """The exchanges that left no answer, in the order they ended."""
        return self._keeper.fruitless

    @property
    def log(self) -> Mapping[str, Exchange]:
        """Every exchange by its id, in the order they were begun, the running one as it stands."""
        return self._keeper.log

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange, as far as it came; None where it is not known."""
        return await self._keeper.wire(exchange)

    @property
    def path(self) -> tuple[Node, ...]:
        """The messages of the conversation with what is kept of each."""
        return self._keeper.stand.nodes

    async def nodes(self, leaf: str) -> tuple[Node, ...]:
        """The path to a message of any branch."""
        return await self._keeper.writer.nodes(leaf)

    @property
    def refused(self) -> UserMessage | None:
        """The prompt that got no answer at all and may be retried; it is not in the conversation."""
        return self._branches.refused

    @property
    def totals(self) -> Totals:
        """Sums over the session, all branches included."""
        return self._keeper.ledger.totals

    @property
    def state(self) -> SessionState:
        """How the session stands: what is needed to go on exactly here."""
        at, choice = self.conversation, self._router.choice
        refused = self._branches.refused
        return SessionState(
            model=choice.model,
            endpoint=choice.endpoint,
            overrides=resuming.kept_overrides(self._overrides),
            own_system=self._offers.own,
            tools=self._offers.toolbox.specs,
            leaf=self._keeper.stand.leaf,
            system=at.system,
            bound_from=at.bound_from,
            foreign_reasoning=self._keeper.foreign or "drop",
            chosen_at=self._router.chosen_at,
            unpinned=self._router.unpinned,
            said=frozenset(self._turns.said),
            refused=None if refused is None else refused.id,
            totals=self.totals,
        )

    @property
    def busy(self) -> bool:
        """Whether a turn is running."""
        return self._turns.busy

    @property
    def catalog(self) -> Catalog:
        """The models known now."""
        return self._router.catalog

    @catalog.setter
    def catalog(self, catalog: Catalog) -> None:
        self._router.catalog = catalog

    @property
    def choice(self) -> Choice:
        """What the user chose for the coming turns."""
        return self._router.choice

    @choice.setter
    def choice(self, choice: Choice) -> None:
        self._router.choice = choice

    @property
    def overrides(self) -> Overrides:
        """What the user set, laid over what is configured for the model."""
        return self._overrides

    @overrides.setter
    def overrides(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._changed()

    @property
    def route(self) -> Route:
        """Where the next turn would go; UsageError for a model nobody knows."""
        return self._router.resolve(self.conversation)

    @property
    def settings(self) -> Settings:
        """What the next turn is sent with; built-in ones while no known model is chosen."""
        try:
            route = self.route
        except UsageError:
            return overlaid(Settings(), self._overrides)
        return self._settings(route)

    @property
    def system(self) -> str | None:
        """The system prompt of the next turn."""
        return self._offers.coming_system(self._keeper.stand, lambda: self.route)

    @property
    def toolbox(self) -> Toolbox:
        """The tools offered."""
        return self._offers.toolbox

    @property
    def approvals(self) -> Approvals:
        """What was decided about tools in this session."""
        return self._approvals

    @property
    def budget(self) -> Budget:
        """What may be spent without being asked; it may change at any time, also while a question waits."""
        return self._spending.budget

    @budget.setter
    def budget(self, budget: Budget) -> None:
        self._spending.budget = budget

    @property
    def context_used(self) -> int | None:
        """Tokens of the newest counted step, in and out: what the next request starts from."""
        return self._keeper.stand.context_used

    def revise(self, *, system: str | None, toolbox: Toolbox) -> None:
        """Another system prompt or other tools from the next turn on: a fork once something was said.

        What prefix-bound models sealed before a fork is not sent to them again; the history keeps it,
        and ``fork_needed`` says what that costs.
        """
        self._turns.must_be_idle()
        if system != self.system:
            self._offers.set_system(system)
        self._offers.take(toolbox)
        self._changed()

    def fork_needed(self) -> Finding | None:
        """What going on would cost, because system prompt or tools are not those of the conversation.

        None when nothing is lost, or once it was accepted.
        """
        return self._turns.fork_needed(self._keeper.stand)

    def accept_fork(self) -> None:
        """Go on as a fork, without another word."""
        self._offers.accept(self._keeper.stand)

    def keep_as_made(self) -> None:
        """Go on with the system prompt and the tools the conversation was made with.

        UsageError when its tools are not known any more.
        """
        self._turns.must_be_idle()
        self._offers.keep(self._keeper.stand)
        self._offers.own = (self._offers.system,)
        self._changed()

    def take_over(self, old: Session) -> None:
        """What the user set in another session holds in this one, too: knobs, tools, system prompt."""
        self._overrides, self._offers.own = old.overrides, old._offers.own
        self._offers.take(old.toolbox)
        self.budget = old.budget

    def preview(self, model: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        """Where ``model`` would go, and what the switch does to the history; changes nothing."""
        at = self.conversation
        route = self._router.resolve(at, Choice(model, endpoint))
        return route, codec_for(route).foresee(at, route, self._settings(route), self.toolbox.specs)

    def switch(self, model: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        """Take ``model`` from the next user turn on; UsageError leaves the choice as it was."""
        seen = self.preview(model, endpoint)
        self._router.choose(Choice(model, endpoint), len(self.conversation.messages))
        self._changed()
        return seen

    def stop(self) -> None:
        """Stop the running turn; its last events follow in the ordinary way."""
        self._turns.stop()

    async def send(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncGenerator[Event, None]:
        """Run one turn; a prompt that got no answer at all is taken out of the conversation again."""
        asked = Asked(self._keeper.stand, self._prompt(text, attachments))
        async with aclosing(self._turns.run(asked)) as events:
            async for event in events:
                yield event

    async def retry(self) -> AsyncGenerator[Event, None]:
        """Ask again where the last turn failed or was stopped; UsageError when there is nothing to ask.

        What was answered before stays in the tree, as an alternative.
        """
        self._turns.must_be_idle()
        async with aclosing(self._turns.run(self._branches.retry())) as events:
            async for event in events:
                yield event

    async def edit(
        self, message_id: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> AsyncGenerator[Event, None]:
        """Run one turn for another prompt in place of ``message_id``: a branch beside the old one."""
        with self._turns.alone():
            asked = await self._branches.edit(message_id, self._prompt(text, attachments))
        async with aclosing(self._turns.run(asked)) as events:
            async for event in events:
                yield event

    async def regenerate(self, message_id: str) -> AsyncGenerator[Event, None]:
        """Ask for another answer in place of ``message_id``, or after that prompt or those results."""
        with self._turns.alone():
            asked = await self._branches.regenerate(message_id)
        async with aclosing(self._turns.run(asked)) as events:
            async for event in events:
                yield event

    async def go_to(self, message_id: str | None, *, exact: bool = False) -> None:
        """Stand at the newest end of the branch through a message, or with ``exact`` right after it.

        None is before the first message. A prompt nobody answered is not stood upon, but ``refused``.
        """
        with self._turns.alone():
            await self._branches.go_to(message_id, exact=exact)
            self._moved()
            await self._keeper.save()

    async def rewind(self) -> UserMessage | None:
        """Take back the newest user turn, which stays in the tree; its prompt, or None without any."""
        with self._turns.alone():
            prompt = self._branches.rewind()
            self._moved()
            await self._keeper.save()
        return prompt

    async def tree(self) -> Tree:
        """All branches."""
        return await self._keeper.writer.tree()

    async def cut(self, message_id: str) -> None:
        """Delete a message and everything after it, in every branch; UsageError for one there is not."""
        with self._turns.alone():
            await self._branches.cut(message_id)
            self._moved()
            await self._keeper.save()

    async def saved(self) -> None:
        """Return once everything that was set between turns is kept, too."""
        await self._keeper.saved()

    def _prompt(self, text: str, attachments: Sequence[Attachment]) -> UserMessage:
        return UserMessage(self._clocks.new_id(), (*attachments, Text(text)), self._clocks.wall())

    def _settings(self, route: Route) -> Settings:
        return overlaid(self._settings_for(route), self._overrides)

    def _moved(self) -> None:
        """Another branch may have been answered by another model than the one chosen."""
        self._router.moved(self._keeper.conversation, self.exchanges)

    def _changed(self) -> None:
        """Keep what was set between turns; a turn keeps how the session stands by itself."""
        if not self.busy:
            self._keeper.save_soon()
