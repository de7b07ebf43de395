"""The pages of the exchange viewer at work: ``python -m benchmarks.pages small|large``, a program of its own.

For each page: to open it, to page through it, to scrub through the stream, to search it and to follow it live
at 2,000 frames a second. Prints the longest hold of the event loop and the 95th percentile in ms, and the CPU
in s. A hold is counted in CPU time of the loop's thread, so that other programs do not count.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from textual.app import App, ComposeResult
from textual.containers import Vertical

from tui.chat.frame import Frame
from tui.chat.record import Exchange, Timing, Wire
from tui.chat.route import Route
from tui.ui.wire.page import Page
from tui.ui.wire.pages import PAGES
from tui.ui.wire.seen import Seen

SIZE = (120, 40)
PAGES_MEASURED = ("Request", "Frames", "Answer", "Timing")
TICK_S = 0.002
ROUTE = Route("smart", "litellm-anthropic", "http://x", "smart", None, "anthropic", "claude-opus-4-5")
PARAGRAPH = (
    "The pool holds 32 connections, and max_idle is half of that; see the notes on each of them. " * 10
)


def body(megabytes: float) -> bytes:
    """A conversation of that size."""
    messages = [
        {"role": "assistant" if n % 2 else "user", "content": [{"type": "text", "text": f"{n} {PARAGRAPH}"}]}
        for n in range(max(2, int(megabytes * 1_000_000 / len(PARAGRAPH))))
    ]
    return json.dumps({"model": "smart", "max_tokens": 8000, "messages": messages}).encode()


def stream(count: int) -> tuple[Frame, ...]:
    """An answer of that many frames, a fifth of them thinking, 2,000 a second."""
    frames: list[Frame] = []

    def add(**data: object) -> None:
        frames.append(Frame(str(data["type"]), json.dumps(data), 0.5 + len(frames) / 2000))

    add(type="message_start", message={"model": "claude-opus-4-5", "usage": {"input_tokens": 12}})
    for index, (kind, share) in enumerate((("thinking", 0.2), ("text", 0.8))):
        add(type="content_block_start", index=index, content_block={"type": kind, kind: ""})
        for n in range(int(share * count)):
            delta = {"type": f"{kind}_delta", kind: f"tok{n} " + ("\n" if n % 40 == 0 else "")}
            add(type="content_block_delta", index=index, delta=delta)
        add(type="content_block_stop", index=index)
    add(type="message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": count})
    add(type="message_stop")
    return tuple(frames)


def seen_of(frames: int, megabytes: float) -> Seen:
    """A finished exchange of that size."""
    whole = stream(frames)
    end = whole[-1].at
    exchange = Exchange(
        "x", 1, 1, 1e9, ROUTE, state="done", seconds=end, ttft_s=0.6, timing=Timing(0.01, 0.1, 0.4)
    )
    return Seen(exchange, Wire(body(megabytes), (), (), whole))


class Bench(App[None]):
    """One page, as the viewer would show it."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def compose(self) -> ComposeResult:
        """The page alone."""
        with Vertical():
            yield self.page


@dataclass
class Lag:
    """How late the event loop was."""

    held: list[float]
    cpu: float = 0.0

    @property
    def worst(self) -> float:
        """The longest hold in ms."""
        return max(self.held, default=0.0) * 1000

    @property
    def p95(self) -> float:
        """What 95 of 100 looks stayed under, in ms."""
        return sorted(self.held)[int(len(self.held) * 0.95)] * 1000 if self.held else 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Lag]:
    """Look at the loop every few milliseconds."""
    lag = Lag([])

    async def watch() -> None:
        while True:
            spent = time.thread_time()
            await asyncio.sleep(TICK_S)
            lag.held.append(time.thread_time() - spent)

    watching = asyncio.create_task(watch())
    cpu = time.process_time()
    try:
        yield lag
    finally:
        lag.cpu = time.process_time() - cpu
        watching.cancel()


async def settled(app: App[None]) -> None:
    """Wait until no worker runs and everything is painted."""
    await asyncio.sleep(0.05)
    await app.workers.wait_for_complete()
    await asyncio.sleep(0.1)


async def opening(app: App[None], page: Page, seen: Seen) -> None:
    """Show an exchange."""
    page.show(seen)
    await settled(app)


async def paging(app: App[None], page: Page, _: Seen) -> None:
    """To the end and back, and page by page."""
    for key in ("end", "home", *["pagedown"] * 20, "end", *["pageup"] * 20):
        page.move(key)
        await asyncio.sleep(0.02)
    await settled(app)


async def scrubbing(app: App[None], page: Page, _: Seen) -> None:
    """To and fro through the stream, as fast as keys repeat."""
    keys = ["less_than_sign"] * 10 + ["greater_than_sign"] * 7 + ["comma"] * 20 + ["full_stop"] * 20
    for key in keys:
        page.press(key)
        await asyncio.sleep(0.033)
    await settled(app)


async def searching(app: App[None], page: Page, _: Seen) -> None:
    """Look for words that stand near the end."""
    page.find("tok399")
    await settled(app)
    page.find("")


async def following(app: App[None], page: Page, seen: Seen) -> None:
    """The last fifth of the stream comes live, told four times a second."""
    wire = seen.wire or Wire()
    running = replace(seen.exchange, id="live", state="open", seconds=None)
    count = len(wire.frames)
    for taken in range(count - count // 5, count + 1, 500):
        page.show(replace(seen, exchange=running, wire=replace(wire, frames=wire.frames[:taken])))
        await asyncio.sleep(0.25)
    await settled(app)


Doing = Callable[[App[None], Page, Seen], Awaitable[None]]
DOINGS: tuple[tuple[str, Doing, tuple[str, ...]], ...] = (
    ("open", opening, PAGES_MEASURED),
    ("page", paging, PAGES_MEASURED),
    ("scrub", scrubbing, ("Answer",)),
    ("search", searching, ("Request", "Frames", "Answer")),
    ("live", following, ("Frames", "Answer", "Timing")),
)


async def measured(page: type[Page], seen: Seen) -> dict[str, Lag]:
    """Everything that can be done on a page, in order."""
    made = page()
    app = Bench(made)
    out: dict[str, Lag] = {}
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        gc.collect()
        gc.freeze()
        # As the application does: full collections over what is frozen would be the longest holds.
        gc.set_threshold(20_000, 20, 100)
        for name, doing, where in DOINGS:
            if page.TITLE in where:
                async with watched() as lag:
                    await doing(app, made, seen)
                out[name] = lag
    return out


def command(size: str) -> list[str]:
    """The command line that measures the pages on a ``small`` or ``large`` exchange."""
    return [sys.executable, "-m", "benchmarks.pages", size]


def main(size: str) -> None:
    """Measure and print."""
    seen = seen_of(50_000, 20) if size == "large" else seen_of(500, 0.02)
    held: list[float] = []
    cpu = 0.0
    for page in (page for page in PAGES if page.TITLE in PAGES_MEASURED):
        for lag in asyncio.run(measured(page, seen)).values():
            held += lag.held
            cpu += lag.cpu
    every = Lag(held)
    print(json.dumps({"held": every.worst, "p95": every.p95, "cpu": cpu}))


if __name__ == "__main__":
    main(sys.argv[1])
