"""Drives the program's own session against the real proxy, with nothing replaced in between."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.proxy.overhear import Overhearing
from tui.chat.catalog import Catalog
from tui.chat.events import Event, StepFinished, ToolFinished, TurnFailed, TurnFinished, Warned
from tui.chat.finding import Finding
from tui.chat.parts import Attachment
from tui.chat.record import SessionRecord
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.engine.ports import Clocks, SessionWriter
from tui.engine.session import Choice, Session
from tui.errors import SightlineError
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.detect import detect
from tui.gateway.labels import Labelled, Labels
from tui.resolver import resolve
from tui.store.session_writer import StoredSession
from tui.tools.builtin import basic
from tui.tools.toolbox import Toolbox

E = TypeVar("E")


@dataclass
class Seen:
    """The events of one turn."""

    events: list[Event] = field(default_factory=list)

    def of(self, kind: type[E]) -> list[E]:
        """All events of one kind, in order."""
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def end(self) -> TurnFinished:
        """The last event."""
        last = self.events[-1]
        assert isinstance(last, TurnFinished)
        return last

    @property
    def error(self) -> SightlineError | None:
        """Why the turn failed, if it did."""
        failed = self.of(TurnFailed)
        return failed[0].error if failed else None

    @property
    def steps(self) -> list[StepFinished]:
        """The steps that left a message."""
        return self.of(StepFinished)

    @property
    def tools(self) -> list[str]:
        """What the tools answered, in the order of the calls: which ends first is chance."""
        asked = [id(call) for step in self.steps for call in step.message.calls]
        ended = sorted(self.of(ToolFinished), key=lambda e: asked.index(id(e.call)))
        return [e.result.text for e in ended]

    @property
    def warnings(self) -> list[Finding]:
        """What was warned of."""
        return [e.finding for e in self.of(Warned)]


class Talk:
    """A session with the program's parts put together as for a user; closes its connections."""

    def __init__(
        self,
        url: str,
        key: str,
        catalog: Catalog,
        model: str,
        *,
        settings: Settings | None = None,
        endpoint: str = "auto",
        timeout: float = 60.0,
        headers: Mapping[str, str] | None = None,
        toolbox: Toolbox | None = None,
        writer: SessionWriter | None = None,
        resumed: SessionRecord | None = None,
        labels: Labels | None = None,
    ) -> None:
        chosen = settings or Settings()
        tools = Toolbox(basic(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC)))
        proxy = Endpoint(key=lambda: key, first_byte_timeout=timeout, headers=headers or {})
        plain = Gateway(proxy, time.monotonic)
        labelled = plain if labels is None else Labelled(plain, labels, lambda: uuid.uuid4().hex)
        self.gateway = Overhearing(labelled)

        def route_for(model: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
            return resolve(model, catalog, (), pin, base_url=url, endpoint=endpoint)

        self.session = Session(
            gateway=self.gateway,
            route_for=route_for,
            settings_for=lambda _: chosen,
            toolbox=toolbox or tools,
            clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex),
            choice=Choice(model, endpoint),
            catalog=catalog,
            id=writer.id if isinstance(writer, StoredSession) else None,
            writer=writer,
            resumed=resumed,
            available=None if resumed is None else tools,
        )

    async def say(
        self,
        text: str,
        stop_at: Callable[[Event], bool] = lambda _: False,
        attachments: Sequence[Attachment] = (),
    ) -> Seen:
        """Send one prompt and collect the turn's events; stop at the first event ``stop_at`` tells."""
        return await self.see(self.session.send(text, attachments), stop_at)

    async def see(
        self, turn: AsyncGenerator[Event, None], stop_at: Callable[[Event], bool] = lambda _: False
    ) -> Seen:
        """Collect the events of a turn of the session."""
        seen = Seen()
        async for event in turn:
            seen.events.append(event)
            if stop_at(event):
                self.session.stop()
        return seen

    async def __aenter__(self) -> "Talk":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.aclose()


def read_catalog(url: str, key: str) -> Catalog:
    """The proxy's models as the program reads them."""
    endpoint = Endpoint(key=lambda: key)

    async def read() -> Catalog:
        return await fetch_catalog(url, endpoint, await detect(url, endpoint))

    return asyncio.run(read())
