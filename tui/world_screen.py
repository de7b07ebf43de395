"""What the chat screen is given: its home, and the way to another one."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from tui.chat.catalog import Catalog
from tui.config import paths
from tui.config.load import KEY_VARIABLE
from tui.config.schema import ProxySettings, Secret, check_url
from tui.config.write import add_proxy
from tui.engine.session import Choice, Session
from tui.errors import UsageError
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Gateway
from tui.gateway.detect import detect
from tui.resolver import root_of
from tui.ui.ports import Connection, Deps, Home
from tui.ui.preferences import load_preferences
from tui.world import CLOCKS, Link, World, first_model


def screen_deps(world: World) -> Deps:
    """Everything the application is given."""
    return Deps(
        home=home(world, world.link),
        data_dir=world.data_dir,
        connect=lambda url, key: connect(world, url, key),
        warm=Gateway.warm,
        clock=CLOCKS.monotonic,
        now=CLOCKS.wall,
        theme=world.config.ui.theme,
        keymap=world.config.ui.keymap,
        still=world.config.ui.motion == "reduced",
        notify=world.config.ui.notify,
    )


def home(world: World, link: Link, old: Session | None = None) -> Home:
    """A proxy with a fresh session; the models of ``old``, or those known last time, are there at once."""
    known = old.catalog if old else link.cached_catalog() or Catalog()
    resolve = world.route_for(link)

    def pick(catalog: Catalog) -> str:
        return first_model(catalog, world.config, load_preferences(world.data_dir).recents)

    choice = Choice(old.choice.model, old.choice.endpoint) if old else Choice(pick(known))
    session = world.session(link, choice, known)
    if old is not None:
        session.take_over(old)

    async def load_catalog() -> Catalog:
        session.catalog = await link.read_catalog()
        if not session.choice.model:
            session.choice = Choice(pick(session.catalog), session.choice.endpoint)
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
    )


async def connect(world: World, url: str, key: str) -> Connection:
    """Test a base URL with a key; raises SightlineError when nothing usable answers there."""
    complaint = check_url(url)
    if complaint:
        raise UsageError("the address", complaint)
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
    path = Path(world.config.file) if world.config.file else paths.config_file()
    add_proxy(path, name, url, key=f"${{{KEY_VARIABLE}}}", environ=os.environ)
    return path
