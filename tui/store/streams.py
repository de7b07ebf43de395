"""Reads the wires of one session one after the other; what a request repeats of the last is read once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol, TypeVar

from tui.chat.record import Exchange, SessionRecord, Wire
from tui.chat.record_stream import RecordStream
from tui.store import exchanges
from tui.store.failure import StoreError

T = TypeVar("T")
Db = sqlite3.Connection


class Read(Protocol):
    """Runs a read on some connection and one state of the file."""

    def __call__(self, read: Callable[[Db], T], /) -> T: ...


def stream(record: SessionRecord, rows: list[int], read: Read) -> RecordStream:
    """``record``, read without its wires, and its exchanges from these rows.

    Each wire is read by itself, so that no state of the file is held as long as somebody writes an export;
    of an exchange that is deleted meanwhile the wire is not known.
    """

    def all_wired() -> Iterator[Exchange]:
        bodies = exchanges.Bodies()
        for row, exchange in zip(rows, record.exchanges, strict=True):
            try:
                wire = read(_one(row, exchange.id, bodies))
            except ValueError as error:
                says = f"exchange {exchange.id} of session {record.info.id} cannot be read: {error}"
                raise StoreError("session", says) from error
            yield replace(exchange, wire=wire)

    return RecordStream(record, all_wired)


def _one(row: int, id: str, bodies: exchanges.Bodies) -> Callable[[Db], Wire | None]:
    return lambda db: exchanges.wire_at(db, row, id, bodies)
