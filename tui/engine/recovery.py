"""What a program that died left of a session, made into messages: nothing that came is lost.

An answer that had begun becomes a message of what came of it, as if the connection had been cut; one to
a request that was only made to compare ends, and becomes none.
Results of calls whose message was never made become that message; a call without a result is left
to the repair of the history. Ids follow from what they are made of, so that doing it twice is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from tui import resolver
from tui.chat.catalog import Catalog
from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionRecord, SessionState
from tui.chat.route import Served
from tui.chat.settings import fingerprint
from tui.chat.tree import Tree
from tui.chat.usage import UNKNOWN_COST
from tui.engine.accounts import account
from tui.engine.keeping import Ledger
from tui.engine.ports import ExchangeWriter, SessionWriter
from tui.engine.resuming import has_spent
from tui.engine.routing import codec_for
from tui.engine.unkept import twig_of
from tui.wire.codec import Decoder, Reply


class LeftResult(Protocol):
    """The result of a call of answer ``after``, whose message was not made."""

    @property
    def after(self) -> str: ...
    @property
    def result(self) -> ToolResult: ...
    @property
    def facts(self) -> CallFacts: ...


class Left(Protocol):
    """What dead programs left: exchanges that are still open, with their wires, and results."""

    @property
    def exchanges(self) -> Sequence[Exchange]: ...
    @property
    def results(self) -> Sequence[LeftResult]: ...


class Rewriter(SessionWriter, Protocol):
    """A writer that can end what another program began."""

    def reopen(self, exchange: Exchange) -> ExchangeWriter:
        """An exchange that was left, to be finished."""
        ...


async def recover(
    left: Left, record: SessionRecord, writer: Rewriter, catalog: Catalog | None = None
) -> SessionRecord:
    """``record`` with what was ``left`` as messages, written through ``writer``; it can be gone on with."""
    work = _Recovery(record, writer, catalog or Catalog())
    for after in dict.fromkeys(one.after for one in left.results):
        await work.results(after, [one for one in left.results if one.after == after])
    for exchange in left.exchanges:
        await work.exchange(exchange)
    await work.stand()
    return work.record


@dataclass(slots=True)
class _Recovery:
    record: SessionRecord
    writer: Rewriter
    catalog: Catalog
    nodes: dict[str, Node] = field(init=False)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.nodes = {node.message.id: node for node in self.record.nodes}
        self.ledger = Ledger(self.record.state.totals, spent=has_spent(self.record))

    async def results(self, after: str, given: Sequence[LeftResult]) -> None:
        """The message of an answer's results, in the order of its calls."""
        answer = self.nodes.get(after)
        if answer is None or not isinstance(answer.message, AssistantMessage):
            return
        places = {call.id: place for place, call in enumerate(answer.message.calls)}
        given = sorted(given, key=lambda one: places.get(one.result.call_id, len(places)))
        message = ToolMessage(_id("results", after), tuple(one.result for one in given), answer.message.at)
        node = replace(answer, message=message, parent=after, calls=tuple(one.facts for one in given))
        self._take(node)
        await self.writer.node(node, self.record.state)

    async def exchange(self, exchange: Exchange) -> None:
        """The answer of an exchange that did not end, as far as it came."""
        self.ledger.count(exchange.turn)
        known = _Decoded.of(exchange, self.catalog)
        reply, served = known.reply, exchange.served or Served()
        is_whole = known.is_done
        ended = replace(
            exchange,
            state="done" if is_whole else "lost",
            seconds=known.seconds,
            ttft_s=known.ttft_s,
            thinking_seconds=known.thinking,
            wire=None,
        )
        node = None
        if reply is None or not (reply.parts or is_whole):
            self.ledger.pay(UNKNOWN_COST)
        else:
            paid = account(reply, served, self.catalog, exchange.route, cut=not is_whole, whole=known.whole)
            message = AssistantMessage(
                id=_id("answer", exchange.id),
                parts=reply.parts,
                origin=resolver.origin_of(served, self.catalog, exchange.route),
                stop=(reply.stop or "end") if is_whole else "failed",
                stop_raw=reply.stop_raw,
                usage=reply.usage,
                cost=paid.cost,
                at=exchange.at + (known.seconds or 0.0),
                unfinished=reply.unfinished,
            )
            ended = replace(
                ended,
                usage=reply.usage,
                cost=paid.cost,
                figures=paid.figures,
                seals_received=reply.seals_received,
            )
            if exchange.purpose == "turn":
                self.ledger.step(message)
                node = self._after(exchange, message)
                ended = replace(ended, answer=message.id)
                self._take(node)
            else:
                self.ledger.aside(message)
        self._set(replace(self.record.state, totals=self.ledger.totals))
        kept = [ended if one.id == exchange.id else one for one in self.record.exchanges]
        self.record = replace(self.record, exchanges=tuple(kept))
        await self.writer.reopen(exchange).finish(ended, node, self.record.state)

    async def stand(self) -> None:
        """Leave a prompt that got no answer: to another answer of it, else it is set aside."""
        state = self.record.state
        leaf = self.nodes.get(state.leaf or "")
        if leaf is None or not isinstance(leaf.message, UserMessage):
            return
        tree = Tree(tuple(twig_of(node) for node in self.nodes.values()))
        newest = tree.newest_leaf(leaf.message.id)
        end = self.nodes[newest or leaf.message.id]
        if isinstance(end.message, UserMessage):
            state = replace(state, refused=end.message.id)
            end_id = end.parent
        else:
            end_id = end.message.id
        stood = self.nodes.get(end_id or "")
        if stood is not None:
            state = replace(state, system=stood.system, bound_from=stood.bound_from)
        self._set(replace(state, leaf=end_id))
        await self.writer.state(self.record.state)

    def _after(self, exchange: Exchange, message: AssistantMessage) -> Node:
        """Where the answer belongs, and what it was made under."""
        state, parent = self.record.state, self.nodes.get(exchange.after or "")
        if exchange.after == state.leaf or parent is None:
            # So the session stood when the request went out; what is offered may be newer than the prompt.
            tools = fingerprint(state.tools)
            return Node(message, exchange.after, state.system, state.bound_from, tools=tools)
        return replace(parent, message=message, parent=exchange.after, calls=())

    def _take(self, node: Node) -> None:
        """``node`` in the record; the session stands on it where it stood before it."""
        self.nodes[node.message.id] = node
        self.record = replace(self.record, nodes=tuple(self.nodes.values()))
        if self.record.state.leaf == node.parent:
            self._set(replace(self.record.state, leaf=node.message.id))

    def _set(self, state: SessionState) -> None:
        self.record = replace(self.record, state=state)


@dataclass(slots=True)
class _Decoded:
    """What the frames of an exchange tell, up to the first that cannot be read."""

    reply: Reply | None = None
    is_done: bool = False
    whole: bool = False
    """Whether it came in one piece instead of a stream."""
    seconds: float | None = None
    """When the last frame came, since the request went out."""
    ttft_s: float | None = None
    thinking: dict[int, float] = field(default_factory=dict)

    @staticmethod
    def of(exchange: Exchange, catalog: Catalog) -> _Decoded:
        """Everything the decoder makes of what came."""
        out = _Decoded()
        frames: Sequence[Frame] = exchange.wire.frames if exchange.wire is not None else ()
        if not frames or (exchange.status or 200) >= 400:
            return out
        try:
            origin = resolver.origin_of(exchange.served or Served(), catalog, exchange.route)
            decoder = codec_for(exchange.route).decoder(origin)
            out._feed(decoder, frames)
            out.reply = decoder.finish()
            out.is_done = decoder.done and decoder.error is None
        except Exception:
            # The frames stay as they came; a session that cannot be opened any more would lose everything.
            out.reply, out.is_done = None, False
        return out

    def _feed(self, decoder: Decoder, frames: Sequence[Frame]) -> None:
        began: dict[int, float] = {}
        try:
            for frame in frames:
                self.seconds, self.whole = frame.at, self.whole or frame.event == WHOLE_BODY
                for event in decoder.feed(frame):
                    if isinstance(event, PartDelta) and self.ttft_s is None and not self.whole:
                        self.ttft_s = frame.at
                    if isinstance(event, PartStarted) and event.kind == "thinking":
                        began[event.index] = frame.at
                    elif isinstance(event, PartFinished) and event.index in began and not self.whole:
                        self.thinking[event.index] = frame.at - began[event.index]
        except Exception:
            # What follows a frame that cannot be read means nothing any more.
            return


def _id(what: str, of: str) -> str:
    return hashlib.sha256(f"{what} {of}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
