"""What keeping sessions costs: a chunk of a stream, the file, reading and searching it, and exports."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measure import Figure, Measure, Row
from benchmarks.processes import run
from tests.store.talk import ROUTE, Talk, keep
from tui.chat.frame import Frame
from tui.chat.record import Exchange, SessionInfo, SessionRecord
from tui.exports import FORMATS
from tui.store import Store

ID = "aaaaaaaaaaaa"
CHUNKS = 20_000
BATCH, BATCH_S = 20, 0.002
"""Chunks that come at once, and seconds between."""
TURNS = 100
SESSIONS = 300
_JSON = "import json, sys; text = open(sys.argv[1]).read(); json.dumps(json.loads(text))"


def chunk(bench: Bench) -> dict[str, Figure]:
    """What the store takes for a chunk of a stream, beside what the SDK took to read it."""
    with tempfile.TemporaryDirectory() as folder:
        cpu, held = asyncio.run(_stored(Path(folder) / "chunks.db"))
    floor = bench.raw_loop("messages", 5000)
    return {"chunk.cpu": Figure(cpu, floor), "chunk.held": Figure(held)}


async def _stored(path: Path) -> tuple[float, float]:
    """Microseconds of CPU a chunk, of all threads, and the longest hold of those that came at once in ms."""
    store, step = Store.open(path, time.time), next(iter(Talk().turns(1)))
    writer = store.writer(ID)
    await writer.node(step.before, step.state)
    exchange = await writer.exchange(Exchange("x", 1, 1, 1.0, ROUTE), step.body)
    data = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word"}}'
    some = [Frame("content_block_delta", data, n / 500) for n in range(CHUNKS)]
    cpu, slept, held = time.process_time(), 0.0, 0.0
    for start in range(0, CHUNKS, BATCH):
        # Looking at the clock for each took a seventh of what was measured.
        at = time.perf_counter()
        for frame in some[start : start + BATCH]:
            exchange.frame(frame)
        held = max(held, time.perf_counter() - at)
        # The sleeping is not the store's.
        before = time.thread_time()
        await asyncio.sleep(BATCH_S)
        slept += time.thread_time() - before
    await exchange.finish(Exchange("x", 1, 1, 1.0, ROUTE, state="done"), step.answer, step.state)
    cpu = time.process_time() - cpu - slept
    store.close()
    return cpu / CHUNKS * 1e6, held * 1000


def _file(_: Bench) -> dict[str, Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store, talk = Store.open(Path(folder) / "file.db", time.time), Talk()
        empty = _used(store)
        asyncio.run(_fill(store, talk, TURNS))
        held = _used(store) - empty
        read = _cpu(lambda: store.load(ID))
        tree = _cpu(lambda: store.tree(ID))
        record = store.load(ID)
        store.close()
    text = json.dumps([{"id": n.message.id, "text": str(n.message)[:1200]} for n in record.nodes])
    least = _cpu(lambda: json.loads(text))
    return {
        "file.size": Figure(held / 1e6, talk.said / 1e6),
        "file.load": Figure(read, least),
        "file.tree": Figure(tree, least),
    }


async def _fill(store: Store, talk: Talk, turns: int) -> None:
    writer = store.writer(ID)
    for step in talk.turns(turns):
        await keep(writer, step)


def _search(_: Bench) -> dict[str, Figure]:
    talk = Talk()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "search.db", time.time)
        for number in range(SESSIONS):
            nodes, last = [], None
            for step in talk.turns(10):
                nodes += [replace(step.before, parent=last), step.answer]
                last = step.answer.message.id
                talk.forget()
            state = replace(step.state, leaf=last)
            store.add(SessionRecord(SessionInfo(f"{number:012x}"), state, tuple(nodes)))
        word, common = max(talk.text(400).split(), key=len), talk.text(1).split()[0]
        every = _cpu(lambda: store.sessions(""))
        found = {
            name: _cpu(partial(store.sessions, query)) for name, query in (("rare", word), ("common", common))
        }
        store.close()
    return {f"search.{name}": Figure(took, every) for name, took in found.items()}


def _exports(bench: Bench) -> dict[str, Figure]:
    folder = bench.folder / f"exports{next(_NUMBERS)}"
    folder.mkdir()
    store = Store.open(folder / "sessions.db", time.time)
    asyncio.run(_fill(store, Talk(), TURNS))
    store.close()
    cpu = {}
    for format in FORMATS:
        out = folder / f"out.{format}"
        words = ("export", ID, "--data-dir", str(folder), "-o", str(out))
        cpu[format] = run((sys.executable, "-m", "tui", *words), env=bench.house().env).cpu * 1000
    # As many bytes read and written as the largest of them has.
    largest = folder / "out.json"
    least = run((sys.executable, "-c", _JSON, str(largest)), env=bench.house().env).cpu * 1000
    return {f"export.{format}": Figure(took, least) for format, took in cpu.items()}


_NUMBERS = count(1)


def _cpu(call: Callable[[], object]) -> float:
    """Milliseconds of CPU of the cheapest of three calls."""
    took = []
    for _ in range(3):
        begun = time.process_time()
        call()
        took.append((time.process_time() - begun) * 1000)
    return min(took)


def _used(store: Store) -> int:
    """Bytes of the file in use."""
    counts = "SELECT (page_count - freelist_count) * 4096 FROM pragma_page_count, pragma_freelist_count"
    return int(store._read(lambda db: db.execute(counts).fetchone()[0]))


MEASURES = (
    Measure(
        "chunk",
        (
            Row("chunk.cpu", "storing a chunk, CPU", "µs", "the SDK's raw loop for it", 0.1),
            Row("chunk.held", "storing the chunks of a burst, longest hold", "ms", "", 10, "ours"),
        ),
        chunk,
    ),
    Measure(
        "file",
        (
            Row("file.size", f"the file of {TURNS} turns with tools", "MB", "what was said"),
            Row("file.load", "reading it, CPU", "ms", "`json.loads` of its messages"),
            Row("file.tree", "its tree, CPU", "ms", "`json.loads` of its messages"),
        ),
        _file,
    ),
    Measure(
        "search",
        (
            Row("search.rare", f"a rare word in {SESSIONS} sessions, CPU", "ms", "listing them"),
            Row("search.common", f"a common word in {SESSIONS} sessions, CPU", "ms", "listing them"),
        ),
        _search,
    ),
    Measure(
        "export",
        tuple(
            Row(
                f"export.{format}",
                f"export of {TURNS} turns as {format}, CPU",
                "ms",
                "Python, reading and writing it as JSON",
            )
            for format in FORMATS
        ),
        _exports,
    ),
)
