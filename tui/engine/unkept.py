"""A session that nobody stores: its tree is held while it runs, so that its branches can be walked."""

from __future__ import annotations

from tui.chat.finding import Finding
from tui.chat.frame import Frame
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Headers, Node, SessionState
from tui.chat.tree import Tree, Twig

PREVIEW = 200
"""Characters of a message in a tree."""


class Unkept:
    """A SessionWriter that keeps messages in memory, and nothing of the exchanges."""

    def __init__(self, nodes: tuple[Node, ...] = ()) -> None:
        self._nodes = {node.message.id: node for node in nodes}

    @property
    def trouble(self) -> Finding | None:
        """Nothing to fail."""
        return None

    async def node(self, node: Node, state: SessionState) -> None:  # noqa: ARG002
        """Hold a message."""
        self._nodes[node.message.id] = node

    async def state(self, state: SessionState) -> None:
        """The session itself knows how it stands."""

    async def result(self, after: str, result: ToolResult, facts: CallFacts) -> None:
        """The message of all results follows."""

    async def exchange(self, exchange: Exchange, body: bytes) -> _Unwritten:  # noqa: ARG002
        """Only the message made of it is held."""
        return _Unwritten(self)

    async def nodes(self, leaf: str | None) -> tuple[Node, ...]:
        """The path from the root to ``leaf``."""
        path = (await self.tree()).path(leaf)
        return tuple(self._nodes[id] for id in path)

    async def tree(self) -> Tree:
        """All branches."""
        return Tree(tuple(twig_of(node) for node in self._nodes.values()))

    async def cut(self, id: str) -> None:
        """Forget a message and everything after it."""
        for gone in list((await self.tree()).below(id)):
            del self._nodes[gone]


class _Unwritten:
    def __init__(self, session: Unkept) -> None:
        self._session = session

    def answering(self, exchange: Exchange, headers: Headers, request_headers: Headers) -> None:
        """Not held."""

    def frame(self, frame: Frame) -> None:
        """Not held."""

    async def finish(
        self,
        exchange: Exchange,  # noqa: ARG002
        node: Node | None,
        state: SessionState,
    ) -> None:
        """The message is what is left."""
        if node is not None:
            await self._session.node(node, state)


def twig_of(node: Node) -> Twig:
    """A message as the tree shows it."""
    message = node.message
    match message:
        case UserMessage():
            return Twig(message.id, node.parent, "user", message.at, message.text[:PREVIEW])
        case AssistantMessage():
            said = message.text or ", ".join(call.name for call in message.calls)
            return Twig(
                message.id,
                node.parent,
                "assistant",
                message.at,
                said[:PREVIEW],
                message.origin.model,
                message.stop,
                message.cost,
            )
        case ToolMessage():
            said = message.results[0].text if message.results else ""
            return Twig(message.id, node.parent, "tool", message.at, said[:PREVIEW])
