"""A writer that notes what it is asked, in order, and gives it back as a session that was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tui.chat.finding import Finding
from tui.chat.frame import Frame, Headers
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionInfo, SessionRecord, SessionState, Wire
from tui.engine.unkept import Unkept


@dataclass
class LeftResult:
    after: str
    result: ToolResult
    facts: CallFacts


class RecordingWriter(Unkept):
    """``log`` holds one word for each call; a ``failing`` writer has nothing but trouble."""

    def __init__(self, nodes: Sequence[Node] = ()) -> None:
        super().__init__(tuple(nodes))
        self.log: list[str] = []
        self.kept = SessionState()
        self.exchanges: dict[str, Exchange] = {}
        self.results: list[LeftResult] = []
        self.failing: Finding | None = None

    @property
    def trouble(self) -> Finding | None:
        return self.failing

    async def node(self, node: Node, state: SessionState) -> None:
        self.log.append(f"node {type(node.message).__name__}")
        self.kept = state
        await super().node(node, state)
        self.results = [one for one in self.results if one.after != node.parent]

    async def state(self, state: SessionState) -> None:
        self.log.append("state")
        self.kept = state

    async def result(self, after: str, result: ToolResult, facts: CallFacts) -> None:
        self.log.append(f"result {result.call_id}")
        self.results.append(LeftResult(after, result, facts))

    async def exchange(self, exchange: Exchange, body: bytes) -> "RecordingExchange":  # type: ignore[override]
        self.log.append("exchange")
        self.exchanges[exchange.id] = replace(exchange, wire=Wire(body))
        return RecordingExchange(self, exchange.id)

    async def wire(self, exchange: str) -> Wire | None:
        kept = self.exchanges.get(exchange)
        return None if kept is None else kept.wire

    def reopen(self, exchange: Exchange) -> "RecordingExchange":
        return RecordingExchange(self, exchange.id)

    def record(self, id: str = "kept") -> SessionRecord:
        return SessionRecord(
            SessionInfo(id), self.kept, tuple(self._nodes.values()), tuple(self.exchanges.values())
        )


@dataclass
class RecordingExchange:
    session: RecordingWriter
    id: str
    frames: list[Frame] = field(default_factory=list)

    def answering(self, exchange: Exchange, headers: Headers, request_headers: Headers) -> None:
        self.session.log.append(f"answering {exchange.status}")
        wire = self.session.exchanges[self.id].wire or Wire()
        wire = replace(wire, headers=headers, request_headers=request_headers)
        self.session.exchanges[self.id] = replace(exchange, wire=wire)

    def frame(self, frame: Frame) -> None:
        kept = self.session.exchanges[self.id]
        assert kept.wire is not None
        wire = replace(kept.wire, frames=(*kept.wire.frames, frame))
        self.session.exchanges[self.id] = replace(kept, wire=wire)

    async def finish(self, exchange: Exchange, node: Node | None, state: SessionState) -> None:
        self.session.log.append(f"finish {exchange.state}")
        wire = self.session.exchanges[self.id].wire
        self.session.exchanges[self.id] = replace(exchange, wire=wire)
        self.session.kept = state
        if node is not None:
            await Unkept.node(self.session, node, state)


@dataclass
class Left:
    exchanges: Sequence[Exchange]
    results: Sequence[LeftResult]


def left_by(writer: RecordingWriter) -> Left:
    """What a program that died here would leave."""
    return Left([one for one in writer.exchanges.values() if one.state == "open"], list(writer.results))
