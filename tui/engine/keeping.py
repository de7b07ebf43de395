"""What a session keeps, and when: each thing is durable before anybody is shown that it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tui.chat.conversation import Conversation
from tui.chat.events import PartFinished, PartStarted
from tui.chat.finding import Finding
from tui.chat.frame import WHOLE_BODY, Frame, Headers
from tui.chat.messages import AssistantMessage, Message
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, ExchangeState, Failure, Node, SessionState, Timing, Wire
from tui.chat.usage import UNKNOWN_COST, Cost, Figure, Totals
from tui.engine.ports import AnswerPort, ExchangeWriter, SessionWriter
from tui.engine.spending import NOTHING
from tui.engine.stand import Foreign, Stand
from tui.errors import CallFailed, SightlineError
from tui.wire.codec import Decoded

T = TypeVar("T")

STORE_FAILED = "store-failed"
WORKS_AGAIN = Finding(STORE_FAILED, "The session is being stored again; nothing of it is missing.")


class Ledger:
    """The sums of a session as its steps end."""

    def __init__(self, totals: Totals | None = None, *, spent: bool = False) -> None:
        self.totals = totals or Totals()
        self._spent = spent
        """Whether anything was ever paid for: unknown and nothing spent add up differently."""

    def turn(self) -> int:
        """Count a turn that begins; its number."""
        self.totals = replace(self.totals, turns=self.totals.turns + 1)
        return self.totals.turns

    @property
    def spent(self) -> Cost:
        """What was paid in all; nothing at all before the first call, which is not unknown."""
        return self.totals.cost if self._spent else NOTHING

    def count(self, turn: int) -> None:
        """A turn of that number was begun."""
        self.totals = replace(self.totals, turns=max(self.totals.turns, turn))

    def step(self, message: AssistantMessage) -> None:
        """Count a step that left a message."""
        usage = self.totals.usage if message.usage is None else self.totals.usage + message.usage
        self.totals = replace(self.totals, steps=self.totals.steps + 1, usage=usage)
        self.pay(message.cost)

    def aside(self, message: AssistantMessage) -> None:
        """Count what an answer took that is no step of the conversation."""
        usage = self.totals.usage if message.usage is None else self.totals.usage + message.usage
        self.totals = replace(self.totals, usage=usage)
        self.pay(message.cost)

    def pay(self, cost: Cost) -> None:
        """Add what a step cost, whether or not it left a message."""
        self.totals = replace(self.totals, cost=self.totals.cost + cost if self._spent else cost)
        self._spent = True


class Keeper:
    """Holds where a session stands and passes on what happens to its writer; nothing here raises.

    ``state`` gives how the session stands; it goes with every write.
    """

    def __init__(
        self, writer: SessionWriter, ledger: Ledger, stand: Stand, state: Callable[[], SessionState]
    ) -> None:
        self.writer = writer
        self.ledger = ledger
        self.stand = stand
        self.foreign: Foreign | None = None
        """What becomes of foreign reasoning; None until the conversation starts, then fixed."""
        self.exchanges: dict[str, Exchange] = {}
        """By the id of their answer."""
        self.fruitless: list[Exchange] = []
        """Those that left no answer, in the order they ended."""
        self.log: dict[str, Exchange] = {}
        """All exchanges by their id, in the order they were begun; the running one as it stands."""
        self.live: LiveWire | None = None
        """What went over the line for the newest exchange."""
        self.is_kept = False
        """Whether there is anything to come back to: a session without a message is not kept."""
        self._state = state
        self._kept_state: SessionState | None = None
        self._broken: Finding | None = None
        self._told: Finding | None = None
        self._saving: set[asyncio.Task[None]] = set()

    @property
    def conversation(self) -> Conversation:
        """What the next request of the running turn is made from."""
        return self.stand.conversation

    async def append(self, message: Message, calls: tuple[CallFacts, ...] = ()) -> None:
        """Put a message that is complete after everything else; durable on return."""
        node = self.stand.node(message, calls)
        self.stand, self.is_kept = self.stand.then(node), True
        state = self._state()
        await self._written(self.writer.node(node, state), state)

    async def result(self, result: ToolResult, facts: CallFacts) -> None:
        """One result of the newest answer's calls; durable on return."""
        await self._written(self.writer.result(self.stand.leaf or "", result, facts))

    async def save(self) -> None:
        """Keep how the session stands, if anything of it is kept and it stands otherwise."""
        state = self._state()
        if self.is_kept and state != self._kept_state:
            await self._written(self.writer.state(state), state)

    def save_soon(self) -> None:
        """The same as soon as the event loop comes to it; without a loop nothing is kept."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self.is_kept:
            task = loop.create_task(self.save())
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)

    async def saved(self) -> None:
        """Return once all that was to be saved soon is."""
        await asyncio.gather(*self._saving)

    async def cut(self, id: str, gone: Collection[str]) -> None:
        """Delete a message and everything after it, which is ``gone``."""
        self.exchanges = {answer: kept for answer, kept in self.exchanges.items() if answer not in gone}
        await self._written(self.writer.cut(id))

    async def begin(self, exchange: Exchange, body: bytes) -> ExchangeLog:
        """A request that is about to go out; durable on return."""
        self.log[exchange.id] = exchange
        self.live = LiveWire(exchange.id, body)
        writer = await self._written(self.writer.exchange(exchange, body))
        return ExchangeLog(self, exchange, writer, self.live)

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line so far; None where it is not known."""
        if self.live is not None and self.live.exchange == exchange:
            return self.live.wire
        return await self.writer.wire(exchange)

    async def end(self, writer: ExchangeWriter | None, exchange: Exchange, node: Node | None) -> None:
        """An exchange as it ended, with the message made of it; durable together on return."""
        self.log[exchange.id] = exchange
        if node is not None:
            self.stand = self.stand.then(node)
            self.exchanges[node.message.id] = exchange
        elif exchange.purpose == "turn":
            self.fruitless.append(exchange)
        state = self._state()
        if writer is not None:
            await self._written(writer.finish(exchange, node, state), state)
        elif node is not None:
            await self._written(self.writer.node(node, state), state)

    def news(self) -> Finding | None:
        """What changed about whether anything is being kept, once."""
        trouble = self.writer.trouble or self._broken
        if (trouble is None) == (self._told is None):
            return None
        self._told = trouble
        return trouble or WORKS_AGAIN

    async def _written(self, writing: Awaitable[T], state: SessionState | None = None) -> T | None:
        try:
            done = await writing
        except Exception as error:
            # No writer is meant to raise; one that does must not end a turn that is being paid for.
            self._broken = _failed(error)
            return None
        if state is not None:
            self._broken, self._kept_state = None, state
        return done


@dataclass(slots=True)
class LiveWire:
    """What goes over the line for the newest exchange, as far as it came."""

    exchange: str
    body: bytes
    request_headers: Headers = ()
    headers: Headers = ()
    frames: list[Frame] = field(default_factory=list)

    @property
    def wire(self) -> Wire:
        """As it is now."""
        return Wire(self.body, self.request_headers, self.headers, tuple(self.frames))


class ExchangeLog:
    """One exchange while it runs; what is noted here waits for nothing, ``end`` until it is durable."""

    def __init__(
        self, keeper: Keeper, exchange: Exchange, writer: ExchangeWriter | None, live: LiveWire
    ) -> None:
        self.exchange = exchange
        self.sent_at: float | None = None
        """When the request went out, on the session's clock; None until then."""
        self._keeper = keeper
        self._writer = writer
        self._live = live
        self._frames = 0
        self._thinking: dict[int, float] = {}
        self._began: dict[int, float] = {}

    def answering(self, answer: AnswerPort, observed: tuple[Finding, ...] = ()) -> None:
        """The headers came; ``observed`` is what is odd about them."""
        self.exchange = replace(
            self.exchange,
            status=answer.status,
            served=answer.served,
            timing=answer.timing,
            observed=observed,
        )
        self._keeper.log[self.exchange.id] = self.exchange
        self._live.request_headers, self._live.headers = answer.request_headers, answer.headers
        if self._writer is not None:
            self._writer.answering(self.exchange, answer.headers, answer.request_headers)

    def frame(self, frame: Frame) -> None:
        """One frame came, on the session's clock."""
        self._frames += 1
        sent_at = frame.at if self.sent_at is None else self.sent_at
        since = Frame(frame.event, frame.data, max(0.0, frame.at - sent_at))
        self._live.frames.append(since)
        if self._writer is not None:
            self._writer.frame(since)

    def told(self, event: Decoded) -> None:
        """What a frame of a stream told: how long each thinking part took."""
        if isinstance(event, PartStarted) and event.kind == "thinking":
            self._began[event.index] = event.at
        elif isinstance(event, PartFinished) and event.index in self._began:
            self._thinking[event.index] = event.at - self._began[event.index]

    async def end(
        self,
        at: float,
        state: ExchangeState,
        *,
        message: AssistantMessage | None = None,
        error: SightlineError | None = None,
        spent: Cost | None = None,
        ttft_s: float | None = None,
        seals_received: int = 0,
        figures: tuple[Figure, ...] = (),
        observed: tuple[Finding, ...] = (),
    ) -> None:
        """The end at ``at``, with the message made of it, else with what it may have cost without one."""
        if isinstance(error, CallFailed):
            self._refused(error, at)
        ledger, node = self._keeper.ledger, None
        if message is not None and self.exchange.purpose != "turn":
            ledger.aside(message)
        elif message is not None:
            node = self._keeper.stand.node(message)
            ledger.step(message)
        elif spent is not None:
            ledger.pay(spent)
        self.exchange = replace(
            self.exchange,
            answer=None if node is None else node.message.id,
            state=state,
            seconds=self._since(at),
            ttft_s=ttft_s,
            seals_received=seals_received,
            usage=None if message is None else message.usage,
            cost=message.cost if message is not None else spent or UNKNOWN_COST,
            figures=figures,
            observed=observed,
            failure=None if error is None else _failure(error),
            # What was cut off took until now.
            thinking_seconds={**{i: at - began for i, began in self._began.items()}, **self._thinking},
        )
        await self._keeper.end(self._writer, self.exchange, node)

    def _refused(self, error: CallFailed, at: float) -> None:
        """The refusal as it came: its headers where no answer had begun, and its body."""
        answer = error.answer
        if answer is None or self._frames:
            return
        body = Frame(WHOLE_BODY, answer.body, self._since(at) or 0.0)
        self._live.frames.append(body)
        if self.exchange.status is None:
            timing = Timing(*answer.timing)
            self.exchange = replace(self.exchange, status=error.status, timing=timing)
            self._live.request_headers, self._live.headers = answer.request_headers, answer.headers
            if self._writer is not None:
                self._writer.answering(self.exchange, answer.headers, answer.request_headers)
        if self._writer is not None:
            self._writer.frame(body)

    def _since(self, at: float) -> float | None:
        return None if self.sent_at is None else at - self.sent_at


def _failure(error: SightlineError) -> Failure:
    return Failure(
        cls=error.cls,
        layer=error.layer,
        title=error.title,
        what=error.what,
        hint=error.hint,
        status=error.status,
        vendor_message=error.vendor_message,
        retry_helps=error.retry_helps,
    )


def _failed(error: Exception) -> Finding:
    return Finding(
        STORE_FAILED,
        f"The session is not being stored: {type(error).__name__}: {error}",
        mend="the chat goes on; export the session before you leave",
    )
