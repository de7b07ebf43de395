"""What the plain chat does with stored sessions, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tui.chat.record import SessionInfo
from tui.clean import visible
from tui.cli.plain_words import cost_words, counted
from tui.cli.sessions import since
from tui.engine.session import Session
from tui.errors import UsageError

if TYPE_CHECKING:
    from tui.store.search import Hit

MOST = 10
"""Sessions that are read out at once."""


class SessionsPort(Protocol):
    """The stored sessions; everything here may wait for the disk and raise SightlineError."""

    async def found(self, query: str) -> Sequence[Hit]:
        """Those that match, the newest first."""
        ...

    async def resumed(self, name: str, old: Session) -> tuple[Session, Sequence[str]]:
        """A session by id, beginning of an id, title or ``last`` in place of ``old``, and remarks."""
        ...

    async def rename(self, session: str, title: str) -> None:
        """Give a session a title."""
        ...

    async def export(self, session: str, words: str) -> str:
        """Write a session as ``FORMAT [PATH]`` says; the path."""
        ...


@dataclass(frozen=True, slots=True)
class PlainSessions:
    """The commands about sessions; ``say`` says a sentence, ``now`` is Unix time in seconds."""

    port: SessionsPort
    say: Callable[[str], None]
    now: Callable[[], float]

    async def list(self, query: str) -> None:
        """Read out the newest that match."""
        hits = await self.port.found(query)
        if not hits:
            self.say("No session matches." if query else "No session is stored yet.")
            return
        shown = hits[:MOST]
        more = f" The {MOST} newest of {len(hits)}; add words to find others." if len(hits) > MOST else ""
        self.say(f"{counted(len(hits), 'session')}.{more}")
        for hit in shown:
            self.say(describe(hit.info, self.now()))

    async def resume(self, name: str, old: Session) -> Session:
        """Go on with another session than ``old``."""
        if not name:
            raise UsageError("resume", "which session?", hint="/sessions lists them; /resume ID, or last")
        session, told = await self.port.resumed(name, old)
        for says in told:
            self.say(f"Note: {visible(says)}")
        messages = len(session.conversation.messages)
        self.say(f"Session {session.id} goes on, with {counted(messages, 'message')}.")
        return session

    async def rename(self, session: Session, title: str) -> None:
        """Name the present session."""
        if not title:
            raise UsageError("rename", "how shall it be called?", hint="/rename TITLE")
        await self.port.rename(session.id, title)
        self.say(f"This session is called {visible(title)} now.")

    async def export(self, session: Session, words: str) -> None:
        """Write the present session to a file, without secrets."""
        self.say(
            f"Written to {visible(await self.port.export(session.id, words))}. Secrets in it are masked."
        )


def describe(info: SessionInfo, now: float) -> str:
    """One session as a sentence."""
    model = info.models[-1] if info.models else info.model or "no model"
    facts = [f"{since(info.changed, now)} ago", counted(info.totals.turns, "turn"), visible(model)]
    facts.append(cost_words(info.totals.cost))
    marks = [word for word, holds in (("pinned", info.pinned), ("open elsewhere", info.is_open)) if holds]
    return f"{info.id}: {visible(info.title) or 'untitled'}, {', '.join([*facts, *marks])}."
