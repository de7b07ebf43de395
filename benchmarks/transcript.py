"""What a streamed token costs the transcript, as ratios: long answers against short ones, full against empty.

Run ``python benchmarks/transcript.py``. A token is four characters of Markdown with headings, lists,
tables and code. Absolute times depend on the machine and are printed only to read the ratios by.
"""

from __future__ import annotations

import asyncio
import gc
import time
from statistics import median

from textual.app import App, ComposeResult

from tui.chat.parts import Text
from tui.ui.transcript.model import Block, TextBlock, UserBlock
from tui.ui.transcript.view import Transcript

SIZE = (120, 40)
TOKEN = 4
RUNS = 3
SECTION = """## What was measured

The pool holds **32** connections, and `max_idle` is *half* of that. See [the notes](https://example.org/n).

1. Open the pool
2. Watch it for ten minutes
   - the first value
   - the last one

| file | start | end |
|:--|--:|--:|
| a.txt | 120 MB | 121 MB |
| b.txt | 120 MB | 360 MB |

```python
def leak(pool: Pool, n: int = 3) -> list[str]:
    # every connection that was never closed
    return [c.name for c in pool if not c.closed][:n]
```

> One run only; the second one differs by less than a tenth.

"""


class Bench(App[None]):
    """Nothing but a transcript."""

    def compose(self) -> ComposeResult:
        """The transcript alone."""
        yield Transcript()


def history(count: int) -> list[Block]:
    """``count`` messages of a conversation."""
    return [
        UserBlock(f"h{i}", f"prompt {i}") if i % 2 == 0 else TextBlock(f"h{i}", SECTION) for i in range(count)
    ]


async def drained(view: Transcript, most: int) -> None:
    """Wait until at most ``most`` characters wait for the screen."""
    for _ in range(100_000):
        if view.backlog <= most:
            return
        await asyncio.sleep(0.01)


async def stream(tokens: int, above: int, *, rate: int | None) -> tuple[float, float]:
    """CPU microseconds a token, and the longest hold of the loop in ms, for an answer of ``tokens``."""
    text = (SECTION * (tokens * TOKEN // len(SECTION) + 1))[: tokens * TOKEN]
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.query_one(Transcript)
        view.load(history(above))
        await pilot.pause()
        gc.collect()
        held = 0.0

        async def watch() -> None:
            nonlocal held
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.005)
                held = max(held, time.perf_counter() - before - 0.005)

        watching = asyncio.create_task(watch())
        cpu, began = time.process_time(), time.perf_counter()
        view.start_part("answer", "text")
        for number, start in enumerate(range(0, len(text), TOKEN)):
            view.append("answer", text[start : start + TOKEN])
            if rate is None:
                if number % 20 == 0:
                    await asyncio.sleep(0)
            elif (wait := began + number / rate - time.perf_counter()) > 0.005:
                await asyncio.sleep(wait)
            await drained(view, 24_000)
        await drained(view, 0)
        view.finish_part("answer", Text(text))
        await pilot.pause()
        spent = time.process_time() - cpu
        watching.cancel()
    return spent / tokens * 1e6, held * 1000


async def opening(count: int) -> float:
    """Milliseconds to show a session of ``count`` messages."""
    blocks = history(count)
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.query_one(Transcript)
        view.load(history(2))
        await pilot.pause()
        began = time.perf_counter()
        view.load(blocks)
        return (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure and print."""
    cases = [
        ("1k tokens, as fast as it goes", 1_000, 0, None),
        ("5k tokens, as fast as it goes", 5_000, 0, None),
        ("20k tokens, as fast as it goes", 20_000, 0, None),
        ("5k tokens below 10,000 messages", 5_000, 10_000, None),
        ("2k tokens at 1,000 a second", 2_000, 0, 1_000),
        ("2k tokens at 200 a second", 2_000, 0, 200),
    ]
    asyncio.run(stream(500, 0, rate=None))
    base = 0.0
    print(f"{'case':36} {'us/token':>9} {'ratio':>6} {'held ms':>8}")
    for name, tokens, above, rate in cases:
        runs = [asyncio.run(stream(tokens, above, rate=rate)) for _ in range(RUNS)]
        cost, held = median(run[0] for run in runs), median(run[1] for run in runs)
        base = base or cost
        print(f"{name:36} {cost:9.0f} {cost / base:6.2f} {held:8.0f}")
    few, many = (median(asyncio.run(opening(count)) for _ in range(RUNS)) for count in (100, 10_000))
    print(f"opening 10,000 messages against 100: {many:.0f} ms / {few:.0f} ms = {many / few:.1f}")


if __name__ == "__main__":
    main()
