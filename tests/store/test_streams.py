"""A session gone through exchange by exchange: the same as all at once, in the room of one request."""

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.talk import Talk
from tui.chat.record import Exchange, SessionInfo, SessionRecord, Wire
from tui.exports import Format, pieces
from tui.exports.redaction import Redaction
from tui.store import Store

TURNS = 50


@pytest.fixture(scope="module", params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    def clock() -> float:
        return 5.0

    path = tmp_path_factory.mktemp("streams") / "sessions.db"
    made = Store.open(path, clock) if request.param == "file" else Store.in_memory(clock)
    nodes, exchanges = [], []
    for step in Talk().turns(TURNS):
        nodes += [step.before, step.answer]
        exchanges.append(replace(step.exchange, wire=Wire(step.body, frames=step.frames)))
    made.add(SessionRecord(SessionInfo("aaaaaaaaaaaa"), step.state, tuple(nodes), tuple(exchanges)))
    yield made
    made.close()


def test_it_is_the_same_as_all_at_once_as_often_as_wanted(store: Store) -> None:
    stream, record = store.stream("aaaaaaaaaaaa"), store.record("aaaaaaaaaaaa")
    assert stream.record == store.load("aaaaaaaaaaaa")
    assert stream.whole() == record
    assert stream.whole() == record


@pytest.mark.parametrize("format", ["json", "har"])
def test_exports_hold_one_request_at_a_time(store: Store, format: Format) -> None:
    bodies = [len(one.wire.body) for one in store.stream("aaaaaaaaaaaa").exchanges() if one.wire]

    def write() -> int:
        out = Redaction(store.stream("aaaaaaaaaaaa"), ["somebodys-secret"]).stream
        return sum(len(piece) for piece in pieces(out, format))

    size, peak = _traced(write)
    assert (size > sum(bodies)) if format == "har" else (size < sum(bodies) / 4)
    assert peak < sum(bodies) / 3


def _traced(work: Callable[[], int]) -> tuple[int, int]:
    """What ``work`` gives, and the most bytes it held."""
    work()
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_of_what_is_deleted_meanwhile_the_wire_is_not_known(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "sessions.db", lambda: 5.0)
    try:
        step = next(iter(Talk().turns(1)))
        made = Exchange("x", 1, 1, 1.0, step.exchange.route, state="done", wire=Wire(step.body))
        one = SessionRecord(SessionInfo("bbbbbbbbbbbb"), step.state, (step.before, step.answer), (made,))
        stream = store.stream(store.add(one))
        store.purge("bbbbbbbbbbbb")
        other = replace(made, id="y", wire=Wire(b"{}"))
        store.add(replace(one, info=SessionInfo("cccccccccccc"), exchanges=(other,)))
        assert [exchange.wire for exchange in stream.exchanges()] == [None]
    finally:
        store.close()
