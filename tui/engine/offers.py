"""The system prompt and the tools of the coming turns, and what it costs to change them.

Some models refuse sealed thinking once anything before it changed. Then the choice is the user's:
go on as a fork that leaves those seals out, or keep everything as the conversation was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning
from tui.chat.route import Route, Target
from tui.chat.seals import is_returnable
from tui.chat.settings import ToolSpec, fingerprint
from tui.engine.past_tools import as_they_were
from tui.engine.stand import Foreign, Stand
from tui.errors import UsageError
from tui.tools.toolbox import Toolbox

FORK = "anthropic-prefix-bound"


class Offers:
    """What is offered from the next turn on, whatever the conversation was made with."""

    def __init__(self, toolbox: Toolbox, begin: Callable[[Route], Conversation]) -> None:
        self.begin = begin
        """The empty conversation, configured system prompt included, that a first turn starts from."""
        self.own: tuple[str | None] | None = None
        """The system prompt the user set, in place of the configured one; None while none was set."""
        self.system: str | None = None
        """The system prompt a conversation with messages goes on with."""
        self._known: dict[str, tuple[ToolSpec, ...]] = {}
        self._every = toolbox
        self._accepted: tuple[str | None, str, str | None] | None = None
        self.take(toolbox)

    @property
    def toolbox(self) -> Toolbox:
        """The tools offered."""
        return self._toolbox

    @property
    def tools(self) -> str:
        """Their fingerprint."""
        return self._tools

    def set_system(self, system: str | None) -> None:
        """Take the system prompt the user set."""
        self.own, self.system = (system,), system

    def coming_system(self, stand: Stand, route: Callable[[], Route]) -> str | None:
        """The system prompt of the next turn, which may go over ``route``; None while no model is known."""
        if stand.nodes:
            return self.system
        if self.own is not None:
            return self.own[0]
        try:
            return self.begin(route()).system
        except UsageError:
            return None

    def take(self, toolbox: Toolbox) -> None:
        """Offer these tools."""
        self._toolbox = toolbox
        self._tools = self.learn(toolbox.specs)

    def learn(self, specs: Sequence[ToolSpec], every: Toolbox | None = None) -> str:
        """Remember tools a conversation may have been made with; ``every`` are all that can be run now."""
        self._every = every or self._every
        known = fingerprint(specs)
        self._known[known] = tuple(specs)
        return known

    def opening(self, route: Route, foreign: Foreign | None) -> Stand:
        """Where a first turn starts from; ``foreign`` holds where the session has begun before."""
        begun = self.begin(route)
        self.system = begun.system if self.own is None else self.own[0]
        empty = Conversation(self.system, (), foreign or begun.foreign_reasoning, begun.bound_from)
        return Stand((), empty, self._tools)

    def applied(self, stand: Stand) -> Stand:
        """Where the next turn starts from: a fork of ``stand`` if it was made under something else."""
        return stand.under(self.system, self._tools) if stand.nodes else stand

    def fork(self, stand: Stand, route: Route) -> Finding | None:
        """What going on would cost; None when nothing is lost or the user knows."""
        then = self.applied(stand)
        if then is stand or self._accepted == (self.system, self._tools, stand.leaf):
            return None
        lost = _lost(stand.conversation, then.conversation, route.target)
        if not lost:
            return None
        seals = f"{lost} sealed part{'s' if lost > 1 else ''} of thinking"
        return Finding(
            FORK,
            f"{self._changes(stand)} since this conversation was made. {route.requested} refuses sealed "
            f"thinking after such a change, so going on is a fork: {seals} will not be sent to it again.",
            path="system" if self._tools == stand.tools else "tools",
            mend="go on as a fork, or keep the system prompt and the tools as they were"
            if self._can_keep(stand)
            else "go on as a fork",
        )

    def accept(self, stand: Stand) -> None:
        """The user knows: go on from ``stand`` as a fork."""
        self._accepted = (self.system, self._tools, stand.leaf)

    def reconsider(self) -> None:
        """The user has come from elsewhere: what was accepted is offered again."""
        self._accepted = None

    def specs_of(self, tools: str) -> tuple[ToolSpec, ...] | None:
        """The tools of that fingerprint; None where they are not known any more."""
        return self._known.get(tools)

    def keep(self, stand: Stand) -> None:
        """Go on as ``stand`` was made; UsageError when its tools are not known any more."""
        if not self._can_keep(stand):
            raise UsageError(
                "keep the tools",
                "what this branch was offered is not known any more",
                hint="go on as a fork, or from a message made with the tools of now",
            )
        self.system = stand.conversation.system
        if stand.tools != self._tools:
            self.take(as_they_were(self._known[stand.tools], self._every))

    def _can_keep(self, stand: Stand) -> bool:
        return stand.tools in self._known

    def _changes(self, stand: Stand) -> str:
        what = []
        if self.system != stand.conversation.system:
            what.append("the system prompt")
        if self._tools != stand.tools:
            what.append(f"the tools{self._tool_changes(stand.tools)}")
        said = " and ".join(what)
        return f"{said[:1].upper()}{said[1:]} {'have' if said != 'the system prompt' else 'has'} changed"

    def _tool_changes(self, before: str) -> str:
        if before not in self._known:
            return ""
        old = {spec.name: spec for spec in self._known[before]}
        new = {spec.name: spec for spec in self._toolbox.specs}
        told = [f"without {name}" for name in old if name not in new]
        told += [f"with {name}" for name in new if name not in old]
        told += [f"{name} is described anew" for name in new if name in old and old[name] != new[name]]
        return f" ({', '.join(told)})" if told else " (in another order)"


def _lost(now: Conversation, then: Conversation, target: Target) -> int:
    """Sealed parts the model gets back as ``now`` stands, and would not as ``then`` does."""
    count = 0
    for index, message in enumerate(now.messages):
        if isinstance(message, AssistantMessage):
            before, after = now.reader(index, target), then.reader(index, target)
            thoughts = [part for part in message.parts if isinstance(part, Reasoning)]
            count += sum(is_returnable(p, before) and not is_returnable(p, after) for p in thoughts)
    return count
