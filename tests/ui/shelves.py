"""Stored sessions to pick from: a real store in memory, and the way to open one as a played session."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Opaque, Origin, Reasoning, Text
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.chat.usage import UNKNOWN_COST, Cost, Totals, Usage
from tui.store import Store
from tui.ui.ports import Deps, Home, Shelf
from tui.ui.session_ports import Opened

NOW = 1_763_800_000.0
"""The time ``deps_for`` gives the screen."""


def kept(
    id: str,
    prompt: str,
    answer: str = "It scatters.",
    *,
    title: str = "",
    thought: str = "",
    model: str = "claude-opus-4-5",
    usd: str | None = "0.0123",
    at_least: bool = False,
    ago: float = 3600.0,
    turns: int = 1,
    pinned: bool = False,
    source: str = "",
) -> SessionRecord:
    """A session of one prompt and its answer."""
    at = NOW - ago
    origin = Origin("messages", "anthropic", model, None, "header")
    cost = UNKNOWN_COST if usd is None else Cost(Decimal(usd), "computed", at_least)
    parts = (Reasoning(thought, "signed", Opaque(origin, {})), Text(answer)) if thought else (Text(answer),)
    asked = UserMessage(f"u{id}", (Text(prompt),), at)
    said = AssistantMessage(f"a{id}", parts, origin, "end", "end_turn", Usage(output=12), cost, at)
    totals = Totals(turns, turns, Usage(output=12), cost)
    return SessionRecord(
        SessionInfo(
            id, title or prompt.splitlines()[0], created=at, changed=at, pinned=pinned, source=source
        ),
        SessionState(model="smart", leaf=said.id, totals=totals),
        (Node(asked), Node(said, asked.id)),
    )


def filled() -> tuple[SessionRecord, ...]:
    """Sessions that show what a list has to show."""
    return (
        kept("0c0ffee00001", "Why is the sky blue?", thought="Rayleigh, or Tyndall?", ago=40),
        kept(
            "0c0ffee00002",
            "Which of these logs shows the leak? Use the tool, then say what would mend it",
            "b.txt: RSS grows 4 MB a minute while the pool stays at twelve.",
            ago=7200,
            turns=14,
            usd="0.4211",
            at_least=True,
        ),
        kept("0c0ffee00003", "Compare prices", model="gpt-5.5", usd=None, ago=86_400 * 3),
        kept(
            "0c0ffee00004",
            "\x1b[2Jred \u202e[bold]x[/]",
            model="\x1b]0;m\x07odel",
            ago=86_400 * 30,
        ),
        kept("0c0ffee00005", "空はなぜ青いのですか。詳しく説明してください。", ago=86_400 * 400, pinned=True),
        kept("0c0ffee00006", "A session of another tool", source="codex", turns=0, usd=None, ago=86_400 * 9),
    )


@contextmanager
def store_of(*records: SessionRecord, problem: str = "", file: Path | None = None) -> Iterator[Store]:
    """A store that holds these sessions, in memory if not in ``file``."""
    store = Store.open(file, lambda: NOW) if file else Store.in_memory(lambda: NOW, problem)
    try:
        for record in records:
            store.add(record)
        yield store
    finally:
        store.close()


def home_with(store: Store, session: ScriptedSession, *, simulated: bool = True) -> Home:
    """A home whose session is one of the store's, or will be; opening one replays what it holds."""

    async def open_session(id: str) -> Home:
        record = store.load(id)
        there = ScriptedSession(record.state.model, id)
        there.catalog = session.catalog
        there.conversation = Conversation(None, tuple(node.message for node in record.path()))
        return replace(home_with(store, there, simulated=simulated), opened=Opened(record, store.draft(id)))

    def temporary() -> Home:
        there = ScriptedSession(session.choice.model, "7e3707a7aaaa")
        there.catalog = session.catalog
        return replace(home_with(store, there, simulated=simulated), is_temporary=True)

    def renew() -> Home:
        there = ScriptedSession(session.choice.model, "f7e540000000")
        there.catalog = session.catalog or Catalog()
        return home_with(store, there, simulated=simulated)

    plain = home_for(session, simulated=simulated)
    return replace(plain, renew=renew, shelf=Shelf(store, open_session, temporary, problem=store.problem))


def deps_with(
    data_dir: Path, store: Store, session: ScriptedSession | None = None, *, simulated: bool = True
) -> Deps:
    """Everything the application is given, with a store."""
    chosen = session or ScriptedSession()
    return deps_for(data_dir, chosen, home=home_with(store, chosen, simulated=simulated))
