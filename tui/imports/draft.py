"""A session being put together from a file: its nodes in their tree, and at last the whole record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tui.chat.messages import AssistantMessage, Message, UserMessage
from tui.chat.record import Exchange, Node, SessionInfo, SessionRecord, SessionState
from tui.chat.usage import Totals, Usage, total_cost
from tui.clean import visible
from tui.imports.limits import MAX_MESSAGES, refused
from tui.imports.reading import Reading

_TITLE = 80


class Draft:
    """Nodes by the ids of their messages; a parent is added before its children."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._nodes: dict[str, Node] = {}
        self._depths: dict[str, int] = {}

    def add(
        self,
        message: Message,
        parent: str | None,
        *,
        system: str | None = None,
        bound_from: int = 0,
        tools: str = "",
    ) -> str:
        """A message after ``parent``; gives its id."""
        if len(self._nodes) >= MAX_MESSAGES:
            raise refused(f"it holds more than {MAX_MESSAGES:,} messages")
        self._nodes[message.id] = Node(message, parent, system, bound_from, (), tools)
        self._depths[message.id] = 1 + (self._depths[parent] if parent else 0)
        return message.id

    def add_all(
        self,
        messages: Iterable[Message],
        parent: str | None = None,
        *,
        system: str | None = None,
        bound_from: int = 0,
    ) -> str | None:
        """Messages one after the other; gives the id of the last."""
        for message in messages:
            parent = self.add(message, parent, system=system, bound_from=bound_from)
        return parent

    def __getitem__(self, id: str) -> Node:
        return self._nodes[id]

    def depth(self, id: str | None) -> int:
        """How many messages the conversation that ends there has."""
        return self._depths[id] if id else 0

    def replace_node(self, node: Node) -> None:
        """Another message, of the same id, at the same place."""
        self._nodes[node.message.id] = node

    @property
    def last(self) -> str | None:
        """The id of the message that was added last."""
        return next(reversed(self._nodes), None)

    def record(
        self,
        *,
        source: str,
        state: SessionState,
        title: str = "",
        exchanges: tuple[Exchange, ...] = (),
        created: float | None = None,
    ) -> SessionRecord:
        """The session; UsageError when nothing was said in it."""
        nodes = tuple(self._nodes.values())
        if not nodes:
            raise refused("there is no message in it that could be taken")
        answers = [n.message for n in nodes if isinstance(n.message, AssistantMessage)]
        totals = _totals(nodes, answers)
        parents = {node.parent for node in nodes}
        times = [node.message.at for node in nodes if node.message.at]
        info = SessionInfo(
            id=self._reading.new_id(),
            title=visible(title.strip()[: 4 * _TITLE], _TITLE) or _beginning(nodes),
            created=created or min(times, default=self._reading.now),
            changed=self._reading.now,
            source=source,
            model=state.model,
            models=tuple(dict.fromkeys(a.origin.model for a in answers if a.origin.model)),
            messages=len(nodes),
            forks=sum(node.message.id not in parents for node in nodes) - 1,
            totals=totals,
        )
        return SessionRecord(info, replace(state, totals=totals), nodes, exchanges)


def _beginning(nodes: Iterable[Node]) -> str:
    """The first words of the first prompt."""
    for node in nodes:
        if isinstance(node.message, UserMessage) and node.message.text.strip():
            line = node.message.text.strip().split("\n", 1)[0]
            return visible(line[: 4 * _TITLE], _TITLE)
    return ""


def _totals(nodes: Iterable[Node], answers: list[AssistantMessage]) -> Totals:
    usage = Usage()
    for answer in answers:
        usage = usage + (answer.usage or Usage())
    turns = sum(isinstance(node.message, UserMessage) for node in nodes)
    return Totals(turns, len(answers), usage, total_cost([answer.cost for answer in answers]))
