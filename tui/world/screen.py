"""What the chat screen is given: its home, and the way to another one."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import urlsplit

from tui.chat.catalog import Catalog
from tui.config import paths
from tui.config.load import KEY_VARIABLE
from tui.config.schema import A_URL, ProxySettings, Secret, check_url
from tui.engine.session import Choice, Session
from tui.errors import UsageError
from tui.gateway.client import Gateway
from tui.resolver import root_of
from tui.ui.ports import Connection, Deps, Home, Shelf
from tui.ui.preferences import load_preferences
from tui.ui.session_ports import Opened
from tui.world.build import CLOCKS, Link, World, first_model
from tui.world.sessions import Reopened, reopened


def screen_deps(world: World) -> Deps:
    """Everything the application is given; it begins with the stored session the world opened, if any."""
    first = world.opened
    draft = world.store.draft(first.record.info.id) if first is not None else None
    return Deps(
        home=home(world, world.link) if first is None else _taken_up(world, world.link, first, draft),
        data_dir=world.data_dir,
        connect=lambda url, key: connect(world, url, key),
        warm=lambda route: Gateway.warm(*([route] if route else [])),
        clock=CLOCKS.monotonic,
        now=CLOCKS.wall,
        theme=world.config.ui.theme,
        keymap=world.config.ui.keymap,
        still=world.config.ui.motion == "reduced",
        notify=world.config.ui.notify,
        secrets=world.secrets,
    )


def home(world: World, link: Link, old: Session | None = None, *, temporary: bool = False) -> Home:
    """A proxy with a fresh session; the models of ``old``, or those known last time, are there at once."""
    known = _known(link, old)
    choice = Choice(old.choice.model, old.choice.endpoint) if old else Choice(_pick(world, known))
    session = world.session(link, choice, known, temporary=temporary)
    if old is not None:
        session.take_over(old)
    return _home(world, link, session, is_temporary=temporary or world.temporary)


async def open_stored(world: World, link: Link, id: str, old: Session) -> Home:
    """A stored session as it was left, with the models of ``old``; raises SightlineError."""
    found = await reopened(world.store, id)
    draft = await asyncio.to_thread(world.store.draft, found.record.info.id)
    return _taken_up(world, link, found, draft, old)


def _taken_up(
    world: World, link: Link, found: Reopened, draft: str | None, old: Session | None = None
) -> Home:
    known, state = _known(link, old), found.record.state
    choice = Choice(state.model or _pick(world, known), state.endpoint)
    session = world.session(link, choice, known, resumed=found.record)
    if not session.choice.model:
        # What was imported may not tell which model it was said to.
        session.choice = choice
    opened = Opened(found.record, draft, tuple(finding.says for finding in found.told))
    return _home(world, link, session, opened=opened)


def _home(
    world: World,
    link: Link,
    session: Session,
    *,
    opened: Opened | None = None,
    is_temporary: bool = False,
) -> Home:
    from tui.world.lookups import Lookups
    from tui.world.probe import Probes

    resolve = world.route_for(link)

    def is_ours(url: str) -> bool:
        return root_of(url) == root_of(link.proxy.url)

    async def load_catalog() -> Catalog:
        session.catalog = await link.read_catalog()
        if not session.choice.model:
            session.choice = Choice(_pick(world, session.catalog), session.choice.endpoint)
        return session.catalog

    return Home(
        label=link.proxy.name,
        simulated=link.simulated,
        session=session,
        renew=lambda: home(world, link, session),
        load_catalog=load_catalog,
        resolve=lambda name, catalog: resolve(name, "auto", catalog, None),
        tools=world.all_tools(),
        presets=world.presets,
        save_preset=world.save_preset,
        shelf=_shelf(world, link, session),
        opened=opened,
        is_temporary=is_temporary,
        probes=Probes(world, link, lambda: session.catalog),
        leave=lambda: world.store.release(session.id),
        lookups=Lookups(link, lambda: session.catalog),
        key_for=lambda url: (link.key.told or None) if is_ours(url) else None,
        is_ours=is_ours,
    )


def _shelf(world: World, link: Link, session: Session) -> Shelf:
    store, failure = world.store, world.lazy_store.failure
    return Shelf(
        store,
        open=lambda name: open_stored(world, link, name, session),
        temporary=lambda: home(world, link, session, temporary=True),
        problem=f"{failure}. {failure.hint}" if failure is not None else "",
        remark=store.remark,
    )


def _known(link: Link, old: Session | None) -> Catalog:
    return old.catalog if old else link.cached_catalog() or Catalog()


def _pick(world: World, catalog: Catalog) -> str:
    return first_model(catalog, world.config, load_preferences(world.data_dir).recents)


async def connect(world: World, url: str, key: str) -> Connection:
    """Test a base URL with a key; raises SightlineError when nothing usable answers there."""
    from tui.gateway.catalog import fetch_catalog
    from tui.gateway.detect import detect

    complaint = check_url(url)
    if complaint:
        raise UsageError("the address", complaint, hint=A_URL)
    root = root_of(url)
    name = urlsplit(root).hostname or root
    proxy = ProxySettings(name, root, Secret(template=key) if key else None)
    link = world.link_to(proxy)
    server = await detect(root, link.endpoint)
    catalog = await fetch_catalog(root, link.endpoint, server)
    if not catalog.cards:
        if server.kind == "litellm":
            raise UsageError("connect", f"{root} lists no models for this key", hint="check its permissions")
        hint = "check the address: neither a proxy's routes nor a list of models is there"
        raise UsageError("connect", f"no LiteLLM proxy answers at {root}", hint=hint)
    link.simulated = server.simulated
    there = home(world, link)
    kind = {"litellm": "LiteLLM"}.get(server.kind, f"{server.kind}-like server")
    return Connection(
        home=there,
        server=f"{kind} {server.version}" if server.version else kind,
        models=len(catalog.cards),
        remarks=tuple(f"{r.path}: {r.says}" for r in catalog.refusals),
        save=lambda: _save(world, name, root),
    )


def _save(world: World, name: str, url: str) -> Path:
    """Write the proxy into the configuration; its key stays in the environment."""
    from tui.config.write import add_proxy

    path = Path(world.config.file) if world.config.file else paths.config_file()
    add_proxy(path, name, url, key=f"${{{KEY_VARIABLE}}}", environ=os.environ)
    return path
