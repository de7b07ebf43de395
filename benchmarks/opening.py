"""A stored session read and shown: ``python -m benchmarks.opening FILE ID``, a program of its own.

Prints the milliseconds of CPU of that and of reading the same messages as plain JSON; and the megabytes that
Python holds for it, beside those of that JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
import tracemalloc
from pathlib import Path
from statistics import median

from textual.app import App, ComposeResult

from benchmarks.terminal import SIZE
from tui.store import Store
from tui.ui.transcript.history import Past, history_blocks
from tui.ui.transcript.view import Transcript

TIMES = 3


class Bench(App[None]):
    """Nothing but a transcript."""

    def compose(self) -> ComposeResult:
        """The transcript alone."""
        yield Transcript()


async def main(file: Path, id: str) -> None:
    """Measure and print."""
    store = Store.open(file, time.time)
    plain = json.dumps([str(node.message) for node in store.load(id).nodes])
    app, ours, floor = Bench(), [], []
    async with app.run_test(size=SIZE) as pilot:
        view = app.query_one(Transcript)
        for _ in range(TIMES):
            begun = time.process_time()
            _show(view, store, id)
            await pilot.pause()
            ours.append(time.process_time() - begun)
            begun = time.process_time()
            json.loads(plain)
            floor.append(time.process_time() - begun)
        view.load([])
        gc.collect()
        tracemalloc.start()
        kept = _show(view, store, id)
        await pilot.pause()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    store.close()
    took = {"ours": median(ours) * 1000, "floor": median(floor) * 1000}
    print(json.dumps({**took, "held": held / 1e6, "text": len(plain) / 1e6, "count": len(kept.messages)}))


def _show(view: Transcript, store: Store, id: str) -> Past:
    past = Past(tuple(node.message for node in store.load(id).nodes))
    view.load(history_blocks(past))
    return past


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
