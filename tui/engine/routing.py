"""Where the next request goes: the chosen model, held to one deployment where its seals demand it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Dialect, Origin, Reasoning
from tui.chat.record import Exchange
from tui.chat.route import Route
from tui.chat.seals import seal_kind
from tui.wire.codec import Codec

SPOKEN: tuple[Dialect, ...] = ("messages", "chat", "responses")
"""The dialects there is a codec for."""


def codec_for(route: Route) -> Codec:
    """The codec of the route's dialect."""
    return _codec(route.dialect)


@cache
def _codec(dialect: Dialect) -> Codec:
    # Imported with the first request: the screen is there before one of them is needed.
    if dialect == "messages":
        from tui.wire.messages import MessagesCodec

        return MessagesCodec()
    if dialect == "chat":
        from tui.wire.chat_completions import ChatCodec

        return ChatCodec()
    from tui.wire.responses import ResponsesCodec

    return ResponsesCodec()


@dataclass(slots=True)
class Choice:
    """What the user chose for the coming turns."""

    model: str
    endpoint: str = "auto"


RouteFor = Callable[[str, str, Catalog, str | None], Route]
"""(model, endpoint, catalog, pin) -> Route; the composition root binds base URL and rules."""


@dataclass(slots=True)
class Router:
    """What a session knows about its road: the choice, the models there are, and whether it may be held."""

    route_for: RouteFor
    choice: Choice
    catalog: Catalog
    unpinned: bool = False
    """Whether the key may not call deployments by their ids."""
    chosen_at: int = 0
    """How many messages there were when the model was chosen."""

    def resolve(self, conversation: Conversation, choice: Choice | None = None) -> Route:
        """The route of the next request, pinned where needed; UsageError for a model nobody knows."""
        choice = choice or self.choice
        route = self.route_for(choice.model, choice.endpoint, self.catalog, None)
        if self.unpinned:
            return route
        pin = pin_for(conversation, route)
        if pin is None or not self._can_hold(pin, route, choice, conversation):
            return route
        pinned = self.route_for(choice.model, choice.endpoint, self.catalog, pin)
        # A fallback to a vendor of another format cannot take over what was said in this one.
        return pinned if pinned.dialect == route.dialect else route

    def choose(self, choice: Choice, length: int) -> None:
        """Take ``choice`` for what comes after ``length`` messages."""
        self.choice, self.chosen_at, self.unpinned = choice, length, False

    def moved(self, conversation: Conversation, exchanges: Mapping[str, Exchange]) -> None:
        """After a move to another branch, whose newest answer tells whether its model is the chosen one."""
        length, answer = len(conversation.messages), conversation.last_answer
        exchange = None if answer is None else exchanges.get(answer.id)
        is_asked = exchange is not None and exchange.route.requested == self.choice.model
        self.chosen_at = min(self.chosen_at, length - 1) if is_asked else length

    def _can_hold(self, pin: str, route: Route, choice: Choice, conversation: Conversation) -> bool:
        """Whether ``pin`` may be sent in place of the model's name."""
        patterns = (
            deployment for card in self.catalog.cards if card.wildcard for deployment in card.deployments
        )
        if any(deployment.id == pin for deployment in patterns):
            # Called by its id, a pattern's deployment would ask its vendor for the model named "*".
            return False
        return pin in route.deployments or self._speaks(choice, conversation)

    def _speaks(self, choice: Choice, conversation: Conversation) -> bool:
        """Whether the newest answer was asked of ``choice``: another model's loop holds nobody."""
        return choice is self.choice and len(conversation.messages) > self.chosen_at


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
