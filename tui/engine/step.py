"""One request and its answer: encode, send, decode, account; whole, cut, stopped or failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace

from tui import resolver
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import (
    Answering,
    Event,
    Observed,
    PartDelta,
    PartStarted,
    StepFinished,
    StepStarted,
    Warned,
)
from tui.chat.frame import WHOLE_BODY, Frame, Headers
from tui.chat.messages import AssistantMessage, Stop
from tui.chat.parts import Origin
from tui.chat.record import Exchange, ExchangeState, Purpose
from tui.chat.route import Accepts, Route, Served
from tui.chat.settings import Settings, ToolSpec
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.engine.accounts import Account, account
from tui.engine.brake import Brake, Stopped
from tui.engine.keeping import ExchangeLog, Keeper
from tui.engine.observing import Observing
from tui.engine.ports import AnswerPort, Clocks, GatewayPort
from tui.errors import CallFailed, SightlineError
from tui.gateway import failures
from tui.truth.known import EMPTY_ANSWER
from tui.wire.codec import Codec, Decoded, Decoder, Reply, Request

END_WAIT_S = 2.0
"""How long a server may hold the connection after its last word; read to the end, it can be used again."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What a request is made for that is no part of the conversation."""

    purpose: Purpose
    repeats: str
    """The id of the exchange it is made from."""
    after: str | None
    """The id of the last message it is made from."""
    conversation: Conversation
    """The history as it stood then."""


@dataclass(slots=True)
class Step:
    """The making of one step; after ``run`` the outcome is in ``message``, ``error`` and ``stopped``."""

    route: Route
    codec: Codec
    settings: Settings
    tools: tuple[ToolSpec, ...]
    catalog: Catalog
    gateway: GatewayPort
    clocks: Clocks
    brake: Brake
    turn: int
    number: int
    keeper: Keeper
    """Takes the request before it goes out, and the message before it is shown as finished."""
    said: set[str]
    """Warnings already given in this session, so that each is said once."""
    aside: Aside | None = None
    """Set where the answer shall not become part of the conversation."""
    message: AssistantMessage | None = None
    error: SightlineError | None = None
    stopped: bool = False
    spent: Cost | None = None
    """What a step without any message may still have cost; None when it was refused or never sent."""
    _observing: Observing | None = None
    _decoder: Decoder | None = None
    _served: Served = field(default_factory=Served)
    _sent_at: float | None = None
    """When the request went out; None until then."""
    _first_at: float | None = None
    _whole: bool = False
    _frames_seen: int = 0
    _paid: Account = field(default_factory=Account)
    _headers: Headers = ()

    async def run(self) -> AsyncGenerator[Event, None]:
        """The step's events; what arrived before a failure or stop is kept in ``message``."""
        try:
            request = await self.brake.guard(self._encoded())
        except Stopped:
            self.stopped = True
            return
        except SightlineError as error:
            self.error = error
            return
        self._observing = Observing(
            self.route, self.catalog, request, self._conversation, self.keeper.exchanges, self._sent_before()
        )
        exchange = self._exchange(request)
        yield StepStarted(
            self.clocks.monotonic(), self.route, self.turn, self.number, request.body, exchange.id
        )
        for finding in request.findings:
            if finding.says not in self.said:
                self.said.add(finding.says)
                yield Warned(self.clocks.monotonic(), finding)
        beginning = asyncio.ensure_future(self.keeper.begin(exchange, request.body))
        try:
            log = await asyncio.shield(beginning)
            await self.brake.guard(self.gateway.ready(self.route))
            self._sent_at = log.sent_at = self.clocks.monotonic()
            async with aclosing(self._stream(request.body, log)) as events:
                async for event in events:
                    yield event
        except Stopped:
            self.stopped = True
        except SightlineError as error:
            self.error = error
        except BaseException:
            # Who read this has left, or the program ends: what came is kept all the same.
            self.stopped = True
            await asyncio.shield(self._left(beginning))
            raise
        before = len(self._observing.found)
        finished = await self._finish(log)
        if observed := self._observing.found[before:]:
            # Of the same moment as the end of the step: the times of events never go back.
            yield Observed(finished.at if finished else self.clocks.monotonic(), observed)
        if finished is not None:
            yield finished
            if not finished.message.parts:
                yield Warned(finished.at, EMPTY_ANSWER)

    async def _encoded(self) -> Request:
        """The request; made in a thread, for a long history takes longer than keys may wait."""
        return await asyncio.to_thread(
            self.codec.encode, self._conversation, self.route, self.settings, self.tools
        )

    def _sent_before(self) -> tuple[str, bytes] | None:
        live = self.keeper.live
        return None if live is None else (live.exchange, live.body)

    @property
    def _conversation(self) -> Conversation:
        return self.keeper.conversation if self.aside is None else self.aside.conversation

    def _exchange(self, request: Request) -> Exchange:
        """What is known of the exchange before the request goes out."""
        aside = self.aside
        return Exchange(
            id=self.clocks.new_id(),
            turn=self.turn,
            step=self.number,
            at=self.clocks.wall(),
            route=replace(self.route, accepts=Accepts()),
            after=self.keeper.stand.leaf if aside is None else aside.after,
            seals_sent=request.seals_sent,
            findings=request.findings,
            purpose="turn" if aside is None else aside.purpose,
            repeats=None if aside is None else aside.repeats,
        )

    async def _stream(self, body: bytes, log: ExchangeLog) -> AsyncGenerator[Event, None]:
        async with AsyncExitStack() as stack:
            deadline = self.clocks.monotonic() + self.gateway.first_byte_timeout
            opening = self.gateway.open(
                self.route, body, stream=self.settings.stream, headers=self.settings.headers
            )
            answer = await self._await_first(stack.enter_async_context(opening), deadline)
            self._served, self._headers = answer.served, answer.headers
            assert self._observing is not None
            observed = self._observing.answering(self._served)
            log.answering(answer, observed)
            yield Answering(self.clocks.monotonic(), self._served, answer.headers)
            if observed:
                yield Observed(self.clocks.monotonic(), observed)
            decoder = self._decoder = self.codec.decoder(self._origin())
            frames = await stack.enter_async_context(aclosing(self._frames(answer, deadline)))
            async for frame in frames:
                self._frames_seen += 1
                log.frame(frame)
                self._whole = self._whole or frame.event == WHOLE_BODY
                try:
                    for decoded in decoder.feed(frame):
                        # Text first: nearly every event is some.
                        if isinstance(decoded, PartDelta):
                            if self._first_at is None:
                                self._first_at = frame.at
                        else:
                            self._noted(decoded, frame.at, log)
                        yield decoded
                except ValueError as error:
                    raise failures.from_exception(error, "stream") from error
                if decoder.error is not None:
                    raise failures.from_stream_error(decoder.error, self.route.endpoint, self.route)
            if not decoder.done:
                raise failures.cut() if self._frames_seen else failures.no_events()

    def _noted(self, decoded: Decoded, at: float, log: ExchangeLog) -> None:
        """A part that begins or ends."""
        # A call without arguments has no delta; its start is the first thing told.
        if self._first_at is None and isinstance(decoded, PartStarted) and decoded.kind == "tool_call":
            self._first_at = at
        if not self._whole:
            log.told(decoded)

    async def _await_first(self, opening: Awaitable[AnswerPort], deadline: float) -> AnswerPort:
        try:
            return await self.brake.guard(opening, deadline - self.clocks.monotonic())
        except TimeoutError:
            raise failures.from_exception(TimeoutError(), "connect") from None

    async def _frames(self, answer: AnswerPort, deadline: float) -> AsyncGenerator[Frame, None]:
        """The answer's frames, each awaited under the brake and a time limit; the end is awaited briefly."""
        seconds, idle = max(deadline - self.clocks.monotonic(), 0.0), self.gateway.idle_timeout
        first = True
        async with aclosing(answer.frames()) as source:
            while True:
                done = self._decoder is not None and self._decoder.done
                try:
                    frame = await self.brake.guard(anext(source), END_WAIT_S if done else seconds)
                except StopAsyncIteration:
                    return
                except Exception as error:
                    if done:
                        # The answer is whole; neither a stop nor how its connection ends changes it.
                        return
                    if isinstance(error, TimeoutError):
                        raise failures.from_exception(error, "connect" if first else "stream") from None
                    raise
                first, seconds = False, idle
                yield frame

    def _origin(self) -> Origin:
        return resolver.origin_of(self._served, self.catalog, self.route)

    async def _left(self, beginning: asyncio.Future[ExchangeLog]) -> None:
        """End what nobody waits for any more, also where even its beginning was still being written."""
        await self._finish(await beginning)

    async def _finish(self, log: ExchangeLog) -> StepFinished | None:
        """Account for what came and keep it; None when nothing did, so there is no message."""
        now = self.clocks.monotonic()
        reply = self._account()
        if self._observing is not None:
            self._observing.ended(None if self.stopped else self.message, self.error)
            if self.message is not None:
                self._observing.paid(log.exchange, self.message, self._paid.figures, self._headers)
        state: ExchangeState = "stopped" if self.stopped else "done" if self.error is None else "failed"
        sent_at = self._sent_at or 0.0
        ttft = None if self._first_at is None or self._whole else self._first_at - sent_at
        received = reply.seals_received if reply is not None else 0
        await log.end(
            now,
            state,
            message=self.message,
            error=self.error,
            spent=self.spent,
            observed=self._observing.found if self._observing is not None else (),
            ttft_s=ttft,
            seals_received=received,
            figures=self._paid.figures,
        )
        if self.message is None:
            return None
        sent = log.exchange.seals_sent
        return StepFinished(now, self.message, now - sent_at, ttft, sent, received, self._paid.figures)

    def _account(self) -> Reply | None:
        """Make the message of what came, or say what a step without one may have cost."""
        refused = isinstance(self.error, CallFailed) and (
            self.error.status is not None or self.error.never_sent
        )
        if self._sent_at is None:
            return None
        if self._decoder is None:
            self.spent = None if refused else UNKNOWN_COST
            return None
        reply = self._decoder.finish()
        cut = self.stopped or self.error is not None
        paid = account(reply, self._served, self.catalog, self.route, cut=cut, whole=self._whole)
        if cut and not reply.parts:
            if not refused or reply.usage is not None:
                self._paid, self.spent = paid, paid.cost
            return reply
        self._paid = paid
        self.message = AssistantMessage(
            id=self.clocks.new_id(),
            parts=reply.parts,
            origin=self._origin(),
            stop=self._stop(reply),
            stop_raw=reply.stop_raw,
            usage=reply.usage,
            cost=paid.cost,
            at=self.clocks.wall(),
            unfinished=reply.unfinished,
        )
        return reply

    def _stop(self, reply: Reply) -> Stop:
        if self.stopped:
            return "cancelled"
        if self.error is not None:
            return "failed"
        return reply.stop or "end"
