"""A session that nobody stores: its tree is held while it runs, so that its branches can be walked."""

from __future__ import annotations

from dataclasses import replace

from tui.chat.finding import Finding
from tui.chat.frame import Frame, Headers
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionState, Wire
from tui.chat.tree import Tree, Twig

PREVIEW = 200
"""Characters of a message in a tree."""
MOST_BYTES = 64_000_000
"""Of what went over the line."""


class Unkept:
    """A SessionWriter that holds messages in memory, and what went over the line lately."""

    def __init__(self, nodes: tuple[Node, ...] = ()) -> None:
        self._nodes = {node.message.id: node for node in nodes}
        self._wires: dict[str, Wire] = {}

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

    async def exchange(self, exchange: Exchange, body: bytes) -> _Unwritten:
        """Held until what came later needs the room."""
        return _Unwritten(self, exchange.id, body)

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line, if it is still held."""
        return self._wires.get(exchange)

    def hold(self, exchange: str, wire: Wire) -> None:
        """Remember a wire, and forget the oldest beyond ``MOST_BYTES``."""
        self._wires[exchange] = wire
        sizes = {id: wire_bytes(held) for id, held in self._wires.items()}
        for id in list(self._wires)[:-1]:
            if sum(sizes.values()) <= MOST_BYTES:
                break
            del self._wires[id], sizes[id]

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
    def __init__(self, session: Unkept, id: str, body: bytes) -> None:
        self._session = session
        self._id = id
        self._wire = Wire(body)
        self._frames: list[Frame] = []

    def answering(self, exchange: Exchange, headers: Headers, request_headers: Headers) -> None:  # noqa: ARG002
        """The headers came."""
        self._wire = replace(self._wire, headers=headers, request_headers=request_headers)

    def frame(self, frame: Frame) -> None:
        """One frame."""
        self._frames.append(frame)

    async def finish(
        self,
        exchange: Exchange,  # noqa: ARG002
        node: Node | None,
        state: SessionState,
    ) -> None:
        """Its message, and for a while its wire."""
        self._session.hold(self._id, replace(self._wire, frames=tuple(self._frames)))
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


def wire_bytes(wire: Wire) -> int:
    """About what a wire takes."""
    return len(wire.body) + sum(len(frame.data) for frame in wire.frames)
