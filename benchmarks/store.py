"""What keeping sessions costs, as ratios: growth with turns, a frame, opening and searching.

Run ``python -m benchmarks.store``. Figures hold for one machine; those marked x do not depend on it.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.store.talk import ROUTE, Talk, keep
from tui.chat.frame import Frame
from tui.chat.record import Exchange, SessionInfo, SessionRecord
from tui.store import Store

ID = "aaaaaaaaaaaa"
RUNS = 5


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(growth(Path(directory) / "growth.db"))
        asyncio.run(frames(Path(directory) / "frames.db"))
        opening(Path(directory) / "opening.db")
        searching(Path(directory) / "searching.db")


async def growth(path: Path) -> None:
    """Bytes and time by the length of a session with tools."""
    store, talk = Store.open(path, time.time), Talk()
    writer = store.writer(ID)
    empty = used(store)
    for turns in (100, 200):
        took = []
        for step in talk.turns(100):
            begun = time.process_time()
            await keep(writer, step)
            took.append(time.process_time() - begun)
        held = used(store) - empty
        print(
            f"{turns} turns with tools: {held / 1e6:.2f} MB for {talk.said / 1e6:.2f} MB said"
            f" = x{held / talk.said:.2f}; the last body was {len(step.body) / 1e6:.2f} MB;"
            f" a step of {len(step.frames)} frames takes {1000 * median(took[-20:]):.1f} ms of CPU"
        )
    store.close()


async def frames(path: Path) -> None:
    """What a frame costs whoever streams, and everybody together."""
    store, step = Store.open(path, time.time), next(iter(Talk().turns(1)))
    writer = store.writer(ID)
    await writer.node(step.before, step.state)
    exchange = await writer.exchange(Exchange("x", 1, 1, 1.0, ROUTE), step.body)
    data = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word "}}'
    count = 20_000
    some = [Frame("content_block_delta", data, n / 500) for n in range(count)]
    cpu, at, commits = time.process_time(), time.perf_counter(), store._thread.commits
    for frame in some:
        exchange.frame(frame)
    put = time.perf_counter() - at
    await exchange.finish(Exchange("x", 1, 1, 1.0, ROUTE, state="done"), step.answer, step.state)
    cpu = time.process_time() - cpu
    print(
        f"a frame: {put / count * 1e6:.2f} us to hand over, {cpu / count * 1e6:.1f} us of CPU in all;"
        f" {store._thread.commits - commits} commits for {count:,}"
    )
    store.close()


def opening(path: Path) -> None:
    """Reading a whole session, against the least it could take: reading the JSON of its messages."""
    store, talk = Store.open(path, time.time), Talk()
    nodes, exchanges = [], []
    for step in talk.turns(2500):
        nodes += [step.before, step.answer]
        exchanges.append(step.exchange)
        talk.forget()
    store.add(SessionRecord(SessionInfo(ID), step.state, tuple(nodes), tuple(exchanges)))
    floor = json.dumps([{"id": n.message.id, "text": str(n.message)[:1200]} for n in nodes])
    least = best(lambda: json.loads(floor))
    for name, call in (("load", store.load), ("tree", store.tree)):
        took = best(lambda call=call: call(ID))  # type: ignore[misc]
        print(f"{name} of {len(nodes):,} messages: {1000 * took:.0f} ms, x{took / least:.1f} json.loads")
    store.close()


def searching(path: Path) -> None:
    """Listing and searching 1,000 sessions of 40 messages."""
    store, talk = Store.open(path, time.time), Talk()
    for number in range(1000):
        nodes, last = [], None
        for step in talk.turns(10):
            nodes += [replace(step.before, parent=last), step.answer]
            last = step.answer.message.id
            talk.forget()
        record = SessionRecord(SessionInfo(f"{number:012x}"), replace(step.state, leaf=last), tuple(nodes))
        store.add(record)
    rare, common = talk.text(400).split(), talk.text(1).split()[0]
    rare_word = max(rare, key=len)
    queries = (
        "",
        common[:2],
        common,
        rare_word[:3],
        rare_word,
        f"{rare_word} {common}",
        "cost>1 model:sonnet",
    )
    for query in queries:
        took = best(lambda query=query: store.sessions(query))  # type: ignore[misc]
        print(f"search {query!r}: {1000 * took:.1f} ms for {len(store.sessions(query))} sessions")
    store.close()


def best(call: Callable[[], object]) -> float:
    """Seconds the fastest of some runs took."""
    took = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        call()
        took.append(time.perf_counter() - begun)
    return min(took)


def used(store: Store) -> int:
    """Bytes of the file in use."""
    counts = "SELECT (page_count - freelist_count) * 4096 FROM pragma_page_count, pragma_freelist_count"
    return int(store._read(lambda db: db.execute(counts).fetchone()[0]))


if __name__ == "__main__":
    main()
