"""The session ``ask`` sends its prompts in: a new one, or a stored one under what the flags say."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Sequence

from tui.chat.catalog import Catalog
from tui.chat.finding import Finding
from tui.chat.record import SessionRecord
from tui.chat.settings import Overrides, Preset, layered
from tui.cli.ask import tool_names
from tui.cli.knob_flags import overrides_of
from tui.engine.session import Choice, Session
from tui.errors import UsageError
from tui.tools.toolbox import Toolbox
from tui.ui.preferences import load_preferences
from tui.world.build import World, first_model
from tui.world.sessions import not_kept, reopened

NEW = "new"


async def session_of(args: Namespace, world: World, *, can_ask: bool) -> tuple[Session, Sequence[Finding]]:
    """The session, and what is to be said before its first event; nothing was sent yet."""
    preset = world.config.preset(args.preset) if args.preset else Preset()
    overrides = overrides_of(args, preset)
    names = preset.tools if args.tools is None else tool_names(args.tools)
    toolbox = None if names is None else world.toolbox(names)
    stored = await _named(getattr(args, "session", NEW), world)
    # What every call needs loads in a thread while the proxy lists its models; which SDK, the route tells.
    _, catalog = await asyncio.gather(world.link.gateway.ready(), world.link.catalog())
    found = await reopened(world.store, stored, catalog) if stored else None
    record = found.record if found else None
    # Where nobody can be asked, nothing that asks is approved.
    approvals = world.approvals("none" if args.approve == "ask" and not can_ask else args.approve)
    choice = _choice(args, preset, record, catalog, world)
    system = preset.system if args.system is None else args.system
    session = world.session(
        world.link,
        choice,
        catalog,
        overrides=overrides,
        system=system,
        toolbox=toolbox,
        approvals=approvals,
        resumed=record,
    )
    if record is not None:
        _change(session, choice, overrides, system, toolbox)
    return session, found.told if found else _unkept(world)


async def _named(name: str, world: World) -> str | None:
    """The id of the session that is named, None for a new one; looked up before anything is asked for."""
    lazy = world.lazy_store
    if name != NEW:
        store = await asyncio.to_thread(lazy.must_open)
        return (await asyncio.to_thread(store.find, name)).id
    if not world.temporary:
        await asyncio.to_thread(lazy.open)
    return None


def _unkept(world: World) -> tuple[Finding, ...]:
    failure = world.lazy_store.failure
    return () if failure is None else (not_kept(failure),)


def _choice(
    args: Namespace, preset: Preset, record: SessionRecord | None, catalog: Catalog, world: World
) -> Choice:
    """The model and the road to it: by flag or preset, else as the session has it, else the usual one."""
    named, endpoint = args.model or preset.model, args.endpoint or (preset.endpoint if args.preset else None)
    if record is not None and record.state.model:
        # Another model's road is found anew.
        kept = record.state.endpoint if named in (None, record.state.model) else "auto"
        return Choice(named or record.state.model, endpoint or kept)
    model = named or first_model(catalog, world.config, load_preferences(world.data_dir).recents)
    if not model:
        raise UsageError("no model", "the server lists none", hint="name one with -m MODEL")
    return Choice(model, endpoint or "auto")


def _change(
    session: Session, choice: Choice, overrides: Overrides, system: str | None, toolbox: Toolbox | None
) -> None:
    """Lay what the flags say over a resumed session; the turn itself warns of a fork that loses something."""
    if choice != session.choice:
        session.switch(choice.model, choice.endpoint)
    if overrides:
        session.overrides = layered(session.overrides, overrides)
    if system is not None or toolbox is not None:
        session.revise(
            system=session.system if system is None else system,
            toolbox=session.toolbox if toolbox is None else toolbox,
        )
