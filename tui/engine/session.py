"""A running session: the history, the route of the next turn, the totals, one turn at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import Event, StepFinished, TurnFinished
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Attachment, Dialect, Origin, Reasoning, Text
from tui.chat.route import Route
from tui.chat.seals import seal_kind
from tui.chat.settings import Overrides, Settings, overlaid
from tui.chat.usage import Cost, Totals
from tui.engine.brake import Brake
from tui.engine.ports import Clocks, GatewayPort
from tui.engine.turn import History, Turn
from tui.errors import UsageError
from tui.tools.approval import Approvals
from tui.tools.toolbox import Toolbox
from tui.wire.chat_completions import ChatCodec
from tui.wire.codec import Codec
from tui.wire.messages import MessagesCodec
from tui.wire.responses import ResponsesCodec

CODECS: dict[Dialect, Codec] = {
    "messages": MessagesCodec(),
    "chat": ChatCodec(),
    "responses": ResponsesCodec(),
}


def codec_for(route: Route) -> Codec:
    """The codec of the route's dialect."""
    return CODECS[route.dialect]


@dataclass(slots=True)
class Choice:
    """What the user chose for the coming turns."""

    model: str
    endpoint: str = "auto"


RouteFor = Callable[[str, str, Catalog, str | None], Route]
"""(model, endpoint, catalog, pin) -> Route; the composition root binds base URL and rules."""


class Session:
    """One conversation with a proxy; the terminal UI and the command line drive it alike.

    ``begin`` gives the empty conversation, system prompt included, that the first turn starts from;
    ``observe`` is told every event with the session's id, before anybody shows it.
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
    ) -> None:
        self.id = clocks.new_id()
        self.catalog = catalog
        self.choice = choice
        self.totals = Totals()
        self.overrides: Overrides = overrides or {}
        """What the user set, laid over what is configured for the model."""
        self._gateway = gateway
        self._route_for = route_for
        self._settings_for = settings_for
        self._toolbox = toolbox
        self._approvals = approvals or Approvals()
        self._own_system: tuple[str | None] | None = None
        """The system prompt the user set, in place of the configured one; None while none was set."""
        self._clocks = clocks
        self._history = History(Conversation())
        self._begin = begin
        self._max_steps = max_steps
        self._observe = observe
        self._brake: Brake | None = None
        self._unpinned = False
        self._has_spent = False
        self._chosen_at = 0
        """How many messages there were when the model was chosen."""
        self._said: set[str] = set()
        self._refused: UserMessage | None = None

    @property
    def conversation(self) -> Conversation:
        """Everything said so far."""
        return self._history.conversation

    @property
    def busy(self) -> bool:
        """Whether a turn is running."""
        return self._brake is not None

    @property
    def route(self) -> Route:
        """Where the next turn would go; UsageError for a model nobody knows."""
        return self._resolve(self.choice, self.conversation)

    @property
    def settings(self) -> Settings:
        """What the next turn is sent with; built-in ones while no known model is chosen."""
        try:
            route = self.route
        except UsageError:
            return overlaid(Settings(), self.overrides)
        return self._settings(route)

    @property
    def system(self) -> str | None:
        """The system prompt of the next turn."""
        if self.conversation.messages:
            return self.conversation.system
        if self._own_system is not None:
            return self._own_system[0]
        try:
            return self._begin(self.route).system
        except UsageError:
            return None

    @property
    def toolbox(self) -> Toolbox:
        """The tools offered."""
        return self._toolbox

    @property
    def approvals(self) -> Approvals:
        """What was decided about tools in this session."""
        return self._approvals

    def revise(self, *, system: str | None, toolbox: Toolbox) -> None:
        """Another system prompt or other tools from the next turn on: a fork once something was said.

        What prefix-bound models sealed before a fork is not sent to them again; the history keeps it.
        """
        self._must_be_idle()
        is_other = system != self.system
        if self.conversation.messages and (is_other or toolbox.specs != self._toolbox.specs):
            self._history.conversation = self.conversation.revised(system)
        if is_other:
            self._own_system = (system,)
        self._toolbox = toolbox

    def take_over(self, old: Session) -> None:
        """What the user set in another session holds in this one, too: knobs, tools, system prompt."""
        self.overrides, self._toolbox, self._own_system = old.overrides, old._toolbox, old._own_system

    @property
    def context_used(self) -> int | None:
        """Tokens of the newest counted step, in and out: what the next request starts from."""
        for message in reversed(self.conversation.messages):
            if isinstance(message, AssistantMessage) and message.usage is not None:
                total = message.usage.input_total
                return None if total is None else total + (message.usage.output or 0)
        return None

    def preview(self, model: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        """Where ``model`` would go, and what the switch does to the history; changes nothing."""
        route = self._resolve(Choice(model, endpoint), self.conversation)
        found = codec_for(route).foresee(self.conversation, route, self._settings(route), self._toolbox.specs)
        return route, found

    def switch(self, model: str, endpoint: str = "auto") -> tuple[Route, tuple[Finding, ...]]:
        """Take ``model`` from the next user turn on; UsageError leaves the choice as it was."""
        seen = self.preview(model, endpoint)
        self.choice = Choice(model, endpoint)
        self._chosen_at = len(self.conversation.messages)
        self._unpinned = False
        return seen

    def stop(self) -> None:
        """Stop the running turn; its last events follow in the ordinary way."""
        if self._brake is not None:
            self._brake.press()

    async def send(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncGenerator[Event, None]:
        """Run one turn; a prompt that got no answer at all is taken out of the history again."""
        prompt = UserMessage(self._clocks.new_id(), (*attachments, Text(text)), self._clocks.wall())
        async with aclosing(self._run(prompt)) as events:
            async for event in events:
                yield event

    async def retry(self) -> AsyncGenerator[Event, None]:
        """Ask again where the last turn failed or was stopped; UsageError when there is nothing to ask."""
        self._must_be_idle()
        before = self.conversation
        last = before.messages[-1] if before.messages else None
        if self._refused is None and isinstance(last, AssistantMessage):
            if last.stop not in ("failed", "cancelled"):
                raise UsageError("nothing to retry", "the last turn ended well", hint="send a new prompt")
            self._history.conversation = before.fork(len(before.messages) - 1)
        elif self._refused is None and last is None:
            raise UsageError("nothing to retry", "nothing was sent yet", hint="send a prompt")
        asked = self.conversation
        try:
            async with aclosing(self._run(self._refused)) as events:
                async for event in events:
                    yield event
        finally:
            if self.conversation is asked:
                # No answer took its place, so what was there stays.
                self._history.conversation = before

    async def _run(self, prompt: UserMessage | None) -> AsyncGenerator[Event, None]:
        self._must_be_idle()
        if not self.conversation.messages:
            begun = self._begin(self.route)
            own = self._own_system
            self._history.conversation = begun if own is None else replace(begun, system=own[0])
        before = self.conversation
        if prompt is not None:
            self._history.append(prompt)
        self._refused = None
        try:
            async with aclosing(self._turn()) as events:
                async for event in events:
                    yield event
        finally:
            if prompt is not None and self.conversation.messages[-1] is prompt:
                # A refused prompt would be refused again with every later one.
                self._history.conversation, self._refused = before, prompt

    async def _turn(self) -> AsyncGenerator[Event, None]:
        self._brake = Brake()
        try:
            turn = self._new_turn(self._brake)
            async with aclosing(turn.run()) as events:
                async for event in events:
                    self._observe(self.id, event)
                    if isinstance(event, StepFinished):
                        self._add(event.message)
                    elif isinstance(event, TurnFinished):
                        for cost in turn.lost:
                            self._add_cost(cost)
                    yield event
        finally:
            self._brake = None

    def _must_be_idle(self) -> None:
        if self._brake is not None:
            raise UsageError("busy", "a turn is running", hint="stop it, or wait until it ends")

    def _new_turn(self, brake: Brake) -> Turn:
        choice = self.choice
        route = self._resolve(choice, self.conversation)
        self.totals = Totals(self.totals.turns + 1, self.totals.steps, self.totals.usage, self.totals.cost)
        return Turn(
            history=self._history,
            route_for=lambda conversation: self._resolve(choice, conversation),
            unpin=self._unpin,
            codecs=codec_for,
            settings=self._settings(route),
            toolbox=self._toolbox,
            approvals=self._approvals,
            catalog=lambda: self.catalog,
            gateway=self._gateway,
            clocks=self._clocks,
            brake=brake,
            number=self.totals.turns,
            first_step=self.totals.steps + 1,
            max_steps=self._max_steps,
            said=self._said,
        )

    def _settings(self, route: Route) -> Settings:
        return overlaid(self._settings_for(route), self.overrides)

    def _add(self, message: AssistantMessage) -> None:
        self._add_cost(message.cost)
        old = self.totals
        usage = old.usage if message.usage is None else old.usage + message.usage
        self.totals = Totals(old.turns, old.steps + 1, usage, old.cost)

    def _add_cost(self, cost: Cost) -> None:
        total = self.totals.cost + cost if self._has_spent else cost
        self._has_spent = True
        self.totals = replace(self.totals, cost=total)

    def _speaks(self, choice: Choice, conversation: Conversation) -> bool:
        """Whether the newest answer was asked of ``choice``: another model's loop holds nobody."""
        return choice is self.choice and len(conversation.messages) > self._chosen_at

    def _can_hold(self, pin: str, route: Route, choice: Choice, conversation: Conversation) -> bool:
        """Whether ``pin`` may be sent in place of the model's name."""
        patterns = (
            deployment for card in self.catalog.cards if card.wildcard for deployment in card.deployments
        )
        if any(deployment.id == pin for deployment in patterns):
            # Called by its id, a pattern's deployment would ask its vendor for the model named "*".
            return False
        return pin in route.deployments or self._speaks(choice, conversation)

    def _unpin(self) -> None:
        self._unpinned = True

    def _resolve(self, choice: Choice, conversation: Conversation) -> Route:
        route = self._route_for(choice.model, choice.endpoint, self.catalog, None)
        if self._unpinned:
            return route
        pin = pin_for(conversation, route)
        if pin is None or not self._can_hold(pin, route, choice, conversation):
            return route
        pinned = self._route_for(choice.model, choice.endpoint, self.catalog, pin)
        # A fallback to a vendor of another format cannot take over what was said in this one.
        return pinned if pinned.dialect == route.dialect else route


def pin_for(conversation: Conversation, route: Route) -> str | None:
    """The deployment to hold, if any: where its seals would be lost on another.

    Of a mixed group that is the one in whose tool loop we are, or whose seals we keep; of any group
    the one that sealed reasoning as OpenAI does, which another account cannot read; and inside a tool
    loop that a fallback answered, the one it fell back to.
    """
    looped = conversation.last_answer if conversation.in_tool_loop else None
    if looped is not None and looped.origin.deployment and route.deployments:
        origin = looped.origin
        own = origin.deployment in route.deployments
        strange = (origin.vendor, origin.model) != (route.vendor, route.generation)
        if route.mixed if own else strange:
            return origin.deployment
    if len(route.deployments) < 2:
        return None
    for message in reversed(conversation.messages):
        if not isinstance(message, AssistantMessage):
            continue
        sealed = any(isinstance(p, Reasoning) and p.state != "unsigned" for p in message.parts)
        if sealed and _holds(message.origin, route):
            return message.origin.deployment
    return None


def _holds(origin: Origin, route: Route) -> bool:
    """Whether what ``origin`` sealed is lost on another deployment of the route's group."""
    if origin.deployment not in route.deployments:
        return False
    return route.mixed or seal_kind(origin, "signed") == "openai"
