"""What calls cost, added up: each once, whatever becomes of its session."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.store.talk import ROUTE, Talk, keep
from tui.chat.catalog import Price
from tui.chat.record import Exchange, Failure, SessionState
from tui.chat.spend import SPEND_KEYS
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.store import Store, database, spend

NOW = 1_767_268_800.0
TODAY = date.fromtimestamp(NOW).isoformat()
DAY = 86_400.0
PRICE = Price(Decimal("0.000003"), Decimal("0.000015"), Decimal("0.0000003"), Decimal("0.00000375"))
SONNET = replace(ROUTE, price=PRICE, generation="claude-sonnet-4-5")
GPT = replace(ROUTE, provider="litellm", vendor="openai", generation="gpt-5")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "sessions.db", lambda: NOW)
    yield opened
    opened.close()


def call(id: str, usd: str | None, at: float = NOW, **fields: Any) -> Exchange:
    cost = UNKNOWN_COST if usd is None else Cost(Decimal(usd), fields.pop("source", "computed"))
    made = Exchange(id, 1, 1, at, SONNET, state="done", status=200, seconds=1.0, cost=cost)
    return replace(made, **fields)


async def run(store: Store, session: str, *exchanges: Exchange) -> None:
    """Have calls end in a session that holds one turn of its own."""
    writer = store.writer(session)
    for exchange in exchanges:
        kept = await writer.exchange(replace(exchange, state="open"), b"{}")
        await kept.finish(exchange, None, SessionState())


def spent(store: Store) -> list[tuple[str, Decimal | None]]:
    return [(day.key, day.cost.usd) for day in store.spending("day")[1]]


async def test_a_call_counts_once_it_has_ended(store: Store) -> None:
    assert store.spent_today() == Cost(Decimal(0), "computed")
    writer = store.writer("aaaaaaaaaaaa")
    kept = await writer.exchange(call("x1", None, state="open"), b"{}")
    assert store.spending("day")[0].calls == 0
    await kept.finish(call("x1", "0.25"), None, SessionState())
    assert store.spent_today() == Cost(Decimal("0.25"), "computed")
    # Its figure is looked up later, and is another.
    await writer.reopen(call("x1", None)).finish(call("x1", "0.5", source="proxy-log"), None, SessionState())
    assert store.spent_today() == Cost(Decimal("0.5"), "proxy-log")


async def test_unknown_costs_are_counted_apart_and_refusals_not_at_all(store: Store) -> None:
    refused = Failure("vendor-error", "vendor", "no", status=400)
    await run(
        store,
        "aaaaaaaaaaaa",
        call("x1", "0.1", source="proxy-header"),
        call("x2", None),
        call("x3", None, state="failed", failure=refused),
        call("x4", "1e30"),
        call("x5", "0.000000001", purpose="replay", repeats="x1"),
    )
    everything = store.spending("day")[0]
    assert (everything.calls, everything.unknown) == (4, 2)
    assert everything.cost == store.spent_today() == Cost(Decimal("0.100000001"), "computed", at_least=True)


async def test_sums_by_model_day_endpoint_and_session(store: Store) -> None:
    cached = Usage(100, 1000, 200, None, 50, None)
    await run(
        store,
        "aaaaaaaaaaaa",
        call("x1", "0.0021", usage=cached),
        call("x2", "0.5", at=NOW - 8 * DAY, route=GPT, usage=Usage(10, output=20, reasoning=5)),
    )
    await run(store, "bbbbbbbbbbbb", call("x3", "0.0021", at=NOW - 2 * DAY, usage=cached))
    store.rename("aaaaaaaaaaaa", "The first")
    total, models = store.spending("model")
    assert [(m.key, m.calls, m.cost.usd) for m in models] == [
        ("gpt-5", 1, Decimal("0.5")),
        ("claude-sonnet-4-5", 2, Decimal("0.0042")),
    ]
    sonnet, gpt = models[1], models[0]
    assert sonnet.usage == Usage(200, 2000, 400, None, 100, None)
    assert sonnet.cached_share == 2000 / 2600
    assert sonnet.saved == 2 * (1000 * Decimal("0.0000027") - 200 * Decimal("0.00000075"))
    assert (sonnet.reasoning_share, gpt.reasoning_share, gpt.saved) == (None, 0.25, Decimal(0))
    assert total.cost.usd == Decimal("0.5042")
    days = [date.fromtimestamp(NOW - n * DAY).isoformat() for n in (8, 2, 0)]
    assert [day.key for day in store.spending("day")[1]] == days
    assert [day.key for day in store.spending("day", 7)[1]] == days[1:]
    assert [day.key for day in store.spending("day", 1)[1]] == [TODAY]
    assert [e.key for e in store.spending("endpoint")[1]] == ["/v1/chat/completions", "/v1/messages"]
    assert [(s.key, s.title) for s in store.spending("session")[1]] == [
        ("aaaaaaaaaaaa", "The first"),
        ("bbbbbbbbbbbb", ""),
    ]


async def test_a_copy_and_an_import_cost_nothing(store: Store) -> None:
    for step in Talk().turns(2):
        await keep(store.writer("aaaaaaaaaaaa"), step)
    before = spent(store)
    copy = store.copy("aaaaaaaaaaaa")
    store.add(store.record("aaaaaaaaaaaa"))
    assert spent(store) == before
    await run(store, copy, call("new", "1"))
    assert {s.key: s.cost.usd for s in store.spending("session")[1]}[copy] == 1


async def test_a_day_costs_what_it_cost_when_its_sessions_are_cut_and_deleted(store: Store) -> None:
    steps = list(Talk().turns(2))
    for step in steps:
        await keep(store.writer("aaaaaaaaaaaa"), step)
    before = spent(store)
    await store.writer("aaaaaaaaaaaa").cut(steps[1].before.message.id)
    assert spent(store) == before
    store.delete("aaaaaaaaaaaa")
    assert [s.key for s in store.spending("session")[1]] == ["aaaaaaaaaaaa"]
    store.purge("aaaaaaaaaaaa")
    assert spent(store) == before
    assert [(s.key, s.title) for s in store.spending("session")[1]] == [("", "")]


def test_a_file_of_version_one_is_taken_over_with_what_it_knows(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    old = (Path(__file__).parent / "data" / "version_1.sql").read_text("utf-8")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(old)
    store = Store.open(path, lambda: NOW)
    total, sessions = store.spending("session")
    # The copy and the import do not count, nor do the refusal, what is open and the damaged row.
    assert (total.calls, total.unknown, total.cost.usd) == (2, 1, Decimal("0.0021"))
    assert total.saved == Decimal("0.00255")
    assert [s.key for s in sessions] == ["aaaaaaaaaaaa"]
    assert store.spent_today().at_least
    store.close()
    with closing(sqlite3.connect(tmp_path / "sessions.db.v1.bak")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1
        assert db.execute("SELECT count(*) FROM exchange").fetchone()[0] == 7
    with closing(sqlite3.connect(path)) as migrated, closing(database.open_memory()) as fresh:
        assert _shape(migrated) == _shape(fresh)


def _shape(db: sqlite3.Connection) -> set[tuple[str, tuple[Any, ...]]]:
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type != 'trigger'")]
    columns = {(name, tuple(row)) for name in names for row in db.execute(f"PRAGMA table_info({name})")}
    return columns | {
        (name, tuple(row)) for name in names for row in db.execute(f"PRAGMA index_info({name})")
    }


def test_a_thousand_sessions_are_added_up_in_no_time(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "sessions.db", lambda: NOW)

    def fill(db: sqlite3.Connection) -> None:
        db.executemany(
            "INSERT INTO session (id, name, title, titled_by, title_words, created, changed, source)"
            " VALUES (?, ?, 'Some title', 'auto', '', 1, 1, '')",
            [(n, f"session{n}") for n in range(1, 1001)],
        )
        for n in range(0, 40_000, 40):
            at, model = NOW - n // 450 * DAY, replace(SONNET, generation=f"model{n % 7}")
            spend.keep(db, n // 40 + 1, call(f"x{n}", "0.01", at, route=model))
            db.execute(
                "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 38)"
                " INSERT INTO spend SELECT NULL, exchange || '-' || n, session, day, at, model, endpoint,"
                " provider, purpose, usd, source, at_least, 1, 2, 3, 4, 5, 6, 7 FROM spend, more"
                " WHERE exchange = ?",
                (f"x{n}",),
            )
            spend.keep(db, n // 40 + 1, call(f"x{n}-last", "0.01", at, route=model))

    store._thread.call(fill)
    for key in SPEND_KEYS:
        assert store.spending(key)[0].calls == 40_000
        assert sum(row.calls for row in store.spending(key)[1]) == 40_000
        # On a quiet machine 5 ms.
        assert min(_timed(partial(store.spending, key)) for _ in range(5)) < 0.05
    # Asked before every call where there is a limit for the day.
    assert min(_timed(store.spent_today) for _ in range(5)) < 0.01
    store.close()


def _timed(run: Any) -> float:
    before = time.process_time()
    run()
    return time.process_time() - before


def test_two_programs_share_the_day(tmp_path: Path) -> None:
    one, other = (Store.open(tmp_path / "sessions.db", lambda: NOW) for _ in range(2))
    asyncio.run(run(one, "aaaaaaaaaaaa", call("x1", "0.25")))
    asyncio.run(run(other, "bbbbbbbbbbbb", call("x2", "0.5")))
    assert one.spent_today() == other.spent_today() == Cost(Decimal("0.75"), "computed")
    one.close()
    other.close()
