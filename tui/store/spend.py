"""One row for every call that may have cost something, and their sums.

A row is written in the transaction that ends the exchange, under the exchange's id, which a copy of its
session shares: so nothing counts twice. It outlives its session without a trace of it, so the sum of a day
does not shrink when a session is deleted. What was imported was paid elsewhere and has no row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tui.chat.record import Exchange
from tui.chat.spend import Spend, SpendKey
from tui.chat.usage import UNKNOWN_COST, WEAKEST_LAST, Cost, Usage
from tui.store.texts import from_sql, maybe_from_sql, to_sql
from tui.truth.spent import may_have_cost, model_of, saved_by_cache

Db = sqlite3.Connection

NANO = Decimal("1e-9")
"""US dollars in the unit of the columns: whole numbers are added exactly."""
MOST = Decimal(1_000_000)
"""US dollars; what claims to have cost more than that is a figure nobody can mean."""

_BUCKETS = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
_GROUP = ("session", "day", "model", "endpoint", "source")
_ADDED = ", ".join(f"sum({bucket})" for bucket in _BUCKETS)
_TOGETHER = (
    f"count(*), sum(usd IS NULL), sum(usd), max(at_least), {_ADDED}, sum(saved), sum(saved IS NULL), max(at)"
)
"""Of calls."""
_TRUST = " ".join(f"WHEN '{source}' THEN {place}" for place, source in enumerate(WEAKEST_LAST))
_SUMS = (
    "sum(calls), sum(unknown), sum(usd), max(at_least),"
    f" max(CASE WHEN usd IS NOT NULL THEN CASE source {_TRUST} END END),"
    f" {_ADDED}, sum(saved), sum(saved_unknown), max(at)"
)
"""Of sums."""


def keep(db: Db, session: int, exchange: Exchange) -> None:
    """Within a transaction: what an exchange that has ended cost, once."""
    if exchange.state == "open" or not may_have_cost(exchange):
        return
    usage, cost = exchange.usage or Usage(), exchange.cost
    usd = _nano(cost.usd)
    values = {
        "exchange": to_sql(exchange.id),
        "session": session,
        "day": day_of(exchange.at),
        "at": exchange.at,
        "model": to_sql(model_of(exchange)),
        "endpoint": to_sql(exchange.route.endpoint),
        "provider": to_sql(exchange.route.provider),
        "purpose": exchange.purpose,
        "usd": usd,
        "source": "unknown" if usd is None else cost.source,
        "at_least": int(cost.at_least),
        **{bucket: getattr(usage, bucket) for bucket in _BUCKETS},
        "saved": _nano(saved_by_cache(exchange)),
    }
    names = ", ".join(values)
    before = _group_of(db, exchange.id)
    # Ended once more when its figure is looked up later: the newest counts, where it was first.
    changed = ", ".join(f"{name} = excluded.{name}" for name in values if name not in ("exchange", "session"))
    db.execute(
        f"INSERT INTO spend ({names}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608  # our own names
        f" ON CONFLICT (exchange) DO UPDATE SET {changed}",
        tuple(values.values()),
    )
    for group in {before, _group_of(db, exchange.id)}:
        if group is not None:
            _add_up(db, group)


def _group_of(db: Db, exchange: str) -> tuple[Any, ...] | None:
    row = db.execute(f"SELECT {', '.join(_GROUP)} FROM spend WHERE exchange = ?", (to_sql(exchange),))  # noqa: S608
    found: tuple[Any, ...] | None = row.fetchone()
    return found


def _add_up(db: Db, group: tuple[Any, ...]) -> None:
    """The sums of one group anew: the calls of a session on a day are few."""
    where = " AND ".join(f"{name} IS ?" for name in _GROUP)
    db.execute(f"DELETE FROM spend_sum WHERE {where}", group)  # noqa: S608  # our own names
    names = ", ".join(_GROUP)
    db.execute(
        f"INSERT INTO spend_sum SELECT {names}, {_TOGETHER} FROM spend WHERE {where} GROUP BY {names}",  # noqa: S608
        group,
    )


def day_of(at: float) -> str:
    """The day a time falls on where the program runs, as ``2026-03-01``."""
    try:
        return date.fromtimestamp(at).isoformat()
    except (OverflowError, ValueError, OSError):
        return ""


def on_day(db: Db, day: str) -> Cost:
    """What all calls of a day cost; no cost at all, which is not unknown, where there were none."""
    row = db.execute(f"SELECT {_SUMS} FROM spend_sum WHERE day = ?", (day,)).fetchone()  # noqa: S608
    return _spend("", "", row).cost if row[0] else Cost(Decimal(0), "computed")


def total(db: Db, since: str = "") -> Spend:
    """All calls from a day on."""
    return _spend("", "", db.execute(f"SELECT {_SUMS} FROM spend_sum WHERE day >= ?", (since,)).fetchone())  # noqa: S608


def by(db: Db, key: SpendKey, since: str = "") -> Sequence[Spend]:
    """The calls from a day on by ``key``: days in their order, all else with the dearest first."""
    if key == "session":
        rows = db.execute(
            f"SELECT session.name, session.title, sums.* FROM (SELECT session, {_SUMS} FROM spend_sum"  # noqa: S608
            " WHERE day >= ? GROUP BY session) AS sums LEFT JOIN session ON session.id = sums.session",
            (since,),
        )
        found = [_spend(maybe_from_sql(row[0]) or "", maybe_from_sql(row[1]) or "", row[3:]) for row in rows]
    else:
        query = f"SELECT {key}, {_SUMS} FROM spend_sum WHERE day >= ? GROUP BY {key}"  # noqa: S608  # one of four words
        found = [_spend(from_sql(row[0]), "", row[1:]) for row in db.execute(query, (since,))]
    if key == "day":
        return sorted(found, key=lambda spend: spend.key)
    return sorted(found, key=lambda spend: (spend.cost.usd or Decimal(-1), spend.last), reverse=True)


def _spend(key: str, title: str, row: Sequence[Any]) -> Spend:
    calls, unknown, usd, at_least, source = row[:5]
    saved, saved_unknown, last = row[-3:]
    cost = UNKNOWN_COST
    if usd is not None:
        cost = Cost((usd * NANO).normalize(), WEAKEST_LAST[source], bool(at_least or unknown))
    return Spend(
        key,
        title,
        calls or 0,
        unknown or 0,
        cost,
        Usage(*row[5:-3]),
        None if saved is None else (saved * NANO).normalize(),
        saved_unknown or 0,
        last or 0.0,
    )


def _nano(usd: Decimal | None) -> int | None:
    return None if usd is None or abs(usd) > MOST else int((usd / NANO).to_integral_value())
