"""The plain chat with everything it needs: the terminal, its first session, the stored ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from tui.chat.catalog import Catalog
from tui.cli.plain import PlainChat
from tui.cli.terminal import Terminal
from tui.engine.session import Choice, Session
from tui.errors import UsageError
from tui.store.search import Hit
from tui.ui.preferences import load_preferences
from tui.world.build import World, first_model
from tui.world.sessions import Reopened, not_kept, reopened


async def chat(world: World) -> int:
    """Chat line by line until the end of input; the exit code."""
    _, catalog = await asyncio.gather(world.link.gateway.ready(), world.link.catalog())
    terminal = Terminal.open()
    if terminal is None:
        raise UsageError("no terminal", "the chat needs one", hint='use: sightline ask "your prompt"')
    sessions = _Sessions(world, catalog)
    plain = PlainChat(
        terminal,
        sessions.first(),
        sessions.renewed,
        simulated=world.link.simulated,
        sessions=sessions,
        remarks=sessions.remarks(),
        now=time.time,
    )
    try:
        return await plain.run()
    finally:
        await plain.aclose()
        await world.link.gateway.aclose()


class _Sessions:
    """The stored sessions for the commands of the plain chat."""

    def __init__(self, world: World, catalog: Catalog) -> None:
        self._world = world
        self._catalog = catalog

    def first(self) -> Session:
        """The session asked for on the command line, else a new one."""
        world = self._world
        if world.opened is not None:
            return self._resumed(world.opened)
        model = first_model(self._catalog, world.config, load_preferences(world.data_dir).recents)
        if not model:
            raise UsageError("no model", "the server lists none", hint="configure default_model")
        return world.session(world.link, Choice(model), self._catalog)

    def _resumed(self, opened: Reopened) -> Session:
        state = opened.record.state
        choice = Choice(state.model, state.endpoint)
        return self._world.session(self._world.link, choice, self._catalog, resumed=opened.record)

    def renewed(self, old: Session) -> Session:
        """An empty session with the same model."""
        self._leave(old)
        return self._world.session(self._world.link, old.choice, self._catalog)

    def remarks(self) -> Sequence[str]:
        """What is worth knowing before the first prompt."""
        failure = self._world.lazy_store.failure
        told = list(self._world.opened.told) if self._world.opened else []
        if failure is not None and not self._world.temporary:
            told.append(not_kept(failure))
        return [" ".join(filter(None, (finding.says, finding.mend))) for finding in told]

    async def found(self, query: str) -> Sequence[Hit]:
        """Those that match, the newest first."""
        return await asyncio.to_thread(self._world.store.sessions, query)

    async def resumed(self, name: str, old: Session) -> tuple[Session, Sequence[str]]:
        """Another session as it stood, in place of ``old``."""
        info = await asyncio.to_thread(self._world.store.find, name)
        if info.id == old.id:
            raise UsageError(
                "resume", f"{info.id} is the session you are in", hint="/sessions lists the others"
            )
        opened = await reopened(self._world.store, info.id, self._catalog)
        session = self._resumed(opened)
        await asyncio.to_thread(self._leave, old)
        return session, [finding.says for finding in opened.told]

    def _leave(self, old: Session) -> None:
        if not self._world.temporary:
            self._world.store.release(old.id)

    async def rename(self, session: str, title: str) -> None:
        """Give a session a title."""
        await asyncio.to_thread(self._world.store.rename, session, title)

    async def export(self, session: str, words: str) -> str:
        """Write a session without its secrets."""
        from tui.world.archive import written

        format, _, path = words.partition(" ")
        return await asyncio.to_thread(
            written, self._world.store, session, format, path.strip(), self._world.secrets(), Path.cwd()
        )
