"""The rows of a session's exchanges, kept up to date at the price of what changed; no Textual."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tui.chat.record import Exchange
from tui.ui.wire.rows import Row


class RowLog:
    """Follows a log that grows at its end and whose newest exchanges change while they run.

    A session of ten thousand exchanges is told of several times in each step, so a row is made once.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        """Every exchange, in the order they were begun."""
        self._known: list[Exchange] | None = None
        self._marked: frozenset[str] = frozenset()
        self._first: dict[int, int] = {}
        """The lowest number of a step, by turn."""
        self._asked: dict[tuple[int, int], int] = {}
        """How many requests were made for a turn and step."""

    def follow(self, log: Mapping[str, Exchange], marked: Collection[str] = ()) -> bool:
        """Take over what changed since the last time; whether anything did."""
        now, marks = list(log.values()), frozenset(marked)
        if now == self._known and marks == self._marked:
            return False
        rows = self._going_on(now) if marks == self._marked else None
        if rows is None or any(one.step < self._first.get(one.turn, one.step) for one in now[len(rows) :]):
            rows, self._asked, self._first = [], {}, {}
            for one in now:
                if one.step < self._first.get(one.turn, one.step + 1):
                    self._first[one.turn] = one.step
        self._marked, self._known, self.rows = marks, now, rows
        rows += [self._row(one) for one in now[len(rows) :]]
        return True

    def _going_on(self, now: list[Exchange]) -> list[Row] | None:
        """The rows of what was known, those that changed made anew; None where the log is another one."""
        known = self._known
        if known is None or len(now) < len(known):
            return None
        rows = self.rows.copy()
        for place, before in enumerate(known):
            exchange = now[place]
            if exchange is before:
                continue
            if (exchange.id, exchange.turn, exchange.step) != (before.id, before.turn, before.step):
                return None
            old = rows[place]
            rows[place] = Row(exchange, old.step, old.again, old.marked)
        return rows

    def _row(self, exchange: Exchange) -> Row:
        turn, place, again = exchange.turn, (exchange.turn, exchange.step), 0
        first = self._first.setdefault(turn, exchange.step)
        if exchange.purpose == "turn":
            again = self._asked.get(place, 0)
            self._asked[place] = again + 1
        return Row(exchange, exchange.step - first + 1, again, exchange.id in self._marked)
