"""Builds everything a command needs from configuration: the proxy, the gateway, the models, sessions."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import ref

from tui import resolver
from tui.chat.budget import Budget
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import Event
from tui.chat.route import Route
from tui.chat.settings import Overrides, Preset, Settings
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.config import paths
from tui.config.load import Revealer, load_config, reveal_headers
from tui.config.schema import Config, ProxySettings, Secret
from tui.engine.ports import Clocks
from tui.errors import CallFailed
from tui.gateway.catalog_cache import load_cached, save_cached
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.labels import Labelled, Labels
from tui.log import Log
from tui.secrets import secrets_in
from tui.spellings import masked
from tui.tools.approval import ApprovalMode, ApprovalRules, Approvals
from tui.world.sessions import LazyStore, Reopened, known_secrets
from tui.world.tools import process_environment, reach_of, rules_of
from tui.world.tracing import traces_of

if TYPE_CHECKING:
    # Sessions, tools and the store are half of what there is to load; ``route`` and ``models`` need none.
    from tui.chat.record import SessionRecord
    from tui.engine.session import Choice, Session
    from tui.gateway.detect import Detected
    from tui.sim.server import SimServer
    from tui.store.store import Store
    from tui.telemetry.traces import Traces
    from tui.tools.toolbox import Toolbox

HOPELESS = frozenset({"proxy-unreachable", "proxy-key-refused", "bad-config"})
"""Failures of discovery after which no call can work either."""

CLOCKS = Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex[:12])


@dataclass(slots=True)
class Link:
    """One proxy with a way to reach it."""

    proxy: ProxySettings
    endpoint: Endpoint
    key: Revealer
    simulated: bool = False
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = Gateway(self.endpoint, CLOCKS.monotonic)

    async def read_catalog(self) -> Catalog:
        """The models the server lists now, also kept for the next start; CallFailed as ``fetch_catalog``."""
        from tui.gateway.catalog import fetch_catalog

        server = await self._server()
        catalog = await fetch_catalog(self.proxy.url, self.endpoint, server)
        if not self.simulated:
            save_cached(paths.cache_dir(), self.proxy.url, catalog)
        return catalog

    def labels(self, session: str) -> Labels:
        """What the calls of a session carry for the proxy's logs; headers that are configured stay."""
        fixed = frozenset(name.lower() for name in self.endpoint.headers)
        return Labels(session, self.proxy.log_ids, self.proxy.tags, fixed)

    async def _server(self) -> Detected:
        from tui.gateway.detect import Detected, detect

        if self.proxy.server == "auto":
            return await detect(self.proxy.url, self.endpoint)
        return Detected(self.proxy.server, "the configuration says so")

    def cached_catalog(self) -> Catalog | None:
        """The models as they were listed last time."""
        return None if self.simulated else load_cached(paths.cache_dir(), self.proxy.url)

    async def catalog(self) -> Catalog:
        """The models as listed now, else as listed last time; empty when the server hides the list."""
        try:
            return await self.read_catalog()
        except CallFailed as error:
            if error.cls in HOPELESS:
                raise
            return self.cached_catalog() or Catalog()


@dataclass(slots=True)
class World:
    """What every command shares."""

    config: Config
    link: Link
    data_dir: Path
    temporary: bool = False
    """Whether sessions leave nothing behind."""
    log: Log = field(init=False)
    lazy_store: LazyStore = field(init=False)
    opened: Reopened | None = None
    """The stored session the chat begins with."""
    links: list[Link] = field(init=False)
    """Every proxy that was reached in this run."""
    rules: ApprovalRules = field(init=False)
    budget: Budget = field(init=False)
    """What a new session may spend unasked."""
    can_ask: bool = True
    """Whether somebody can be asked when it wants to spend more."""
    traces: Traces | None = None
    """Where spans of sessions go, once that was begun."""
    sessions: list[ref[Session]] = field(init=False)
    """Every session that was made."""
    presets: dict[str, Preset] = field(init=False)
    """Those configured, and those saved since."""

    def __post_init__(self) -> None:
        self.presets = dict(self.config.presets)
        self.budget = self.config.budget
        self.log = Log(self.data_dir, lambda text: masked(text, self.secrets()))
        self.sessions = []
        self.lazy_store = LazyStore(self.data_dir, CLOCKS.wall)
        self.links = [self.link]
        self.rules = rules_of(self.config.tools)

    @property
    def store(self) -> Store:
        """Where sessions are kept; in memory where its file cannot be used, and ``problem`` says why."""
        return self.lazy_store.open()

    def secrets(self) -> tuple[str, ...]:
        """Every secret value known to this run, the longest first."""
        # The simulated gateway's is known to all, and a word that stands in what it says.
        keys = (link.key for link in self.links if not link.simulated)
        told = {value for link in self.links for value in tuple(link.gateway.sent)}
        for made in self.sessions:
            if (session := made()) is not None:
                told.update(secrets_in(session.overrides.get("headers", {})))
        return known_secrets(self.config, os.environ, keys, told).values

    def route_for(self, link: Link) -> Callable[[str, str, Catalog, str | None], Route]:
        """The resolver bound to a proxy's address and the configured rules."""
        routing = self.config.routing
        memo: tuple[Catalog | None, dict[tuple[str, str, str | None], Route]] = (None, {})

        def resolve(model: str, endpoint: str, catalog: Catalog, pin: str | None) -> Route:
            nonlocal memo
            of, known = memo
            # Session and screen ask for the same some twenty times a turn.
            if catalog is not of:
                known = {}
                memo = (catalog, known)
            found = known.get((model, endpoint, pin))
            if found is None:
                found = known[model, endpoint, pin] = resolved(model, endpoint, catalog, pin)
            return found

        def resolved(model: str, endpoint: str, catalog: Catalog, pin: str | None) -> Route:
            return resolver.resolve(
                model,
                catalog,
                routing.rules,
                pin,
                base_url=link.proxy.url,
                endpoint=endpoint,  # type: ignore[arg-type]  # argparse and the screen allow no other word
                openai_reasoning=routing.openai_reasoning,
            )

        return resolve

    def settings_for(self, route: Route) -> Settings:
        """What is configured for a route's model."""
        return self.config.settings_for(*_names(route))

    def save_preset(self, name: str, preset: Preset) -> Path:
        """Write a preset into the configuration; the file's path, or ConfigError when it cannot be added."""
        from tui.config.write import add_preset

        path = Path(self.config.file) if self.config.file else paths.config_file()
        add_preset(path, name, preset, environ=os.environ)
        self.presets[name] = preset
        return path

    def toolbox(self, names: Sequence[str] | None = None) -> Toolbox:
        """The tools to offer: those named, else those configured, else all that never ask."""
        from tui.tools.builtin import unasked

        wanted = names if names is not None else self.config.tools.offered
        return unasked(self.all_tools()) if wanted is None else self.all_tools().only(wanted)

    def all_tools(self) -> Toolbox:
        """Every tool there is; ConfigError for an approval rule about none of them."""
        from tui.tools.builtin import everything

        proxies = (*self.config.proxies.values(), self.link.proxy)
        traced = self.config.traces.headers.values() if self.config.traces is not None else ()
        environment = process_environment(proxies, self.link.endpoint, traced)
        reach = reach_of(self.config, self.data_dir, self.rules, environment)
        tools = everything(lambda: datetime.now(UTC), reach)
        self.rules.must_name([spec.name for spec in tools.specs])
        return tools

    def approvals(self, mode: ApprovalMode = "ask") -> Approvals:
        """Who decides in a new session."""
        return Approvals(self.rules, mode)

    def session(
        self,
        link: Link,
        choice: Choice,
        catalog: Catalog,
        *,
        overrides: Overrides | None = None,
        system: str | None = None,
        toolbox: Toolbox | None = None,
        approvals: Approvals | None = None,
        resumed: SessionRecord | None = None,
        temporary: bool = False,
    ) -> Session:
        """A session that is kept unless ``temporary``; ``overrides`` are laid over the configured settings.

        With ``resumed`` it goes on as that one stood, whatever else is given.
        """

        from tui.engine.session import Session
        from tui.engine.spending import Spending

        def begin(route: Route) -> Conversation:
            configured = self.config.system_for(*_names(route))
            return Conversation(configured, foreign_reasoning=self.config.routing.foreign_reasoning)

        id = CLOCKS.new_id() if resumed is None else resumed.info.id
        kept = not (temporary or self.temporary)
        session = Session(
            gateway=Labelled(link.gateway, link.labels(id), CLOCKS.new_id),
            route_for=self.route_for(link),
            settings_for=self.settings_for,
            overrides=overrides,
            toolbox=self.toolbox() if toolbox is None else toolbox,
            approvals=approvals or self.approvals(),
            clocks=CLOCKS,
            choice=choice,
            catalog=catalog,
            begin=begin,
            max_steps=self.config.max_steps,
            observe=self._observer(kept),
            id=id,
            writer=self.store.writer(id) if kept else None,
            resumed=resumed,
            available=None if resumed is None else self.all_tools(),
            spending=Spending(self.budget, self._spent_today, is_kept=kept, asks=self.can_ask),
        )
        self.sessions.append(ref(session))
        if system is not None and resumed is None:
            # The user's own: it holds when the session is gone on with, whatever is configured then.
            session.revise(system=system, toolbox=session.toolbox)
        return session

    def _observer(self, kept: bool) -> Callable[[str, Event], None]:
        """Who is told what happens in a session; what leaves nothing behind is not traced either."""
        if self.traces is None or not kept:
            return self.log.event
        traces = self.traces

        def both(session: str, event: Event) -> None:
            self.log.event(session, event)
            traces.event(session, event)

        return both

    async def _spent_today(self) -> Cost:
        from tui.store.failure import StoreError

        try:
            return await asyncio.to_thread(lambda: self.store.spent_today())
        except StoreError:
            # What cannot be read is not known; that nothing is being kept is said elsewhere.
            return UNKNOWN_COST

    def link_to(self, proxy: ProxySettings, *, simulated: bool = False) -> Link:
        """A way to reach a proxy; its secrets are got at the first call."""
        link = _link(self.config, proxy, simulated)
        self.links.append(link)
        return link


def first_model(catalog: Catalog, config: Config, recents: tuple[str, ...]) -> str:
    """The model to begin with: last used here, else configured, else the first chat model with tools."""
    listed = {card.id for card in catalog.cards}
    used = next((name for name in recents if name in listed), None)
    if used or config.default_model:
        return used or config.default_model or ""
    chat = [card for card in catalog.cards if card.mode in ("chat", None) and not card.wildcard]
    able = [card for card in chat if card.supports.get("tools")]
    return (able or chat)[0].id if chat else ""


def _names(route: Route) -> tuple[str, ...]:
    names = (route.requested, route.wire_model, route.upstream or "")
    return tuple(dict.fromkeys(name for name in names if name))


def _link(config: Config, proxy: ProxySettings, simulated: bool) -> Link:
    key = Revealer(proxy.key, os.environ)
    endpoint = Endpoint(
        key=key,
        headers=reveal_headers(proxy, os.environ),
        connect_timeout=proxy.timeout.connect,
        first_byte_timeout=proxy.timeout.first_byte,
        idle_timeout=proxy.timeout.idle,
        ca_file=proxy.ca_file,
        anthropic_version=config.anthropic_version,
    )
    return Link(proxy, endpoint, key, simulated)


@contextmanager
def open_world(args: Namespace, *, sim_speed: float) -> Iterator[World]:
    """The world of one command; runs the simulated gateway where it is asked for or nothing is configured."""
    config = load_config(os.environ, file=getattr(args, "config", None), proxy=getattr(args, "proxy", None))
    data_dir = paths.data_dir(getattr(args, "data_dir", None), os.environ)
    with ExitStack() as stack:
        if config.proxies and not getattr(args, "sim", False):
            proxy, simulated = config.proxy(), False
        else:
            server = stack.enter_context(simulated_gateway(sim_speed))
            key = Secret(template=server.state.master_key)
            proxy, simulated = ProxySettings("simulated", server.url, key, "litellm"), True
        temporary = getattr(args, "temporary", False)
        world = World(config, _link(config, proxy, simulated), data_dir, temporary)
        stack.callback(world.log.close)
        world.traces = traces_of(config, world.secrets, world.log)
        if world.traces is not None:
            stack.callback(world.traces.close)
        stack.callback(world.lazy_store.close)
        yield world


@contextmanager
def simulated_gateway(speed: float) -> Iterator[SimServer]:
    """Our own proxy and vendors on a free loopback port."""
    from tui.sim.server import SimServer
    from tui.sim.state import SimState

    with SimServer(SimState(speed=speed)) as server:
        yield server
