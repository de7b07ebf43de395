"""What a long session costs to open, scroll and search: figures, and ratios against a short one.

Run ``python benchmarks/open_session.py``. A message is a prompt, an answer with thinking and a tool call,
or its result, of one to three kilobytes. Absolute times depend on the machine.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

from textual.app import App, ComposeResult

from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.chat.tree import Tree, Twig
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.store import Store
from tui.ui.screens.branching import AT_ONCE
from tui.ui.transcript.history import Past, history_blocks
from tui.ui.transcript.view import Transcript
from tui.ui.tree_rows import rows_of

SIZE = (120, 40)
SHORT, LONG = 200, 10_000
RUNS = 3
ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")
LINE = "The pool is **bounded** at 40 connections — see `pool.py`; the count stays flat while RSS grows. "
SEAL = Opaque(ORIGIN, {"type": "thinking", "thinking": LINE * 4, "signature": "A" * 600})


def talk(count: int) -> tuple[Message, ...]:
    """``count`` messages: prompt, thinking and call, result, answer, and again."""
    messages: list[Message] = []
    usage = Usage(1200, 18_000, None, None, 600, 500)
    for n in range(count // 4):
        call = ToolCall(f"c{n}", "read_file", f'{{"path": "logs/{n}.txt"}}')
        thought = Reasoning(LINE * 4, "signed", SEAL)
        messages += [
            UserMessage(f"u{n}", (Text(f"question {n}: {LINE}"),), 1.0 + n),
            AssistantMessage(
                f"a{n}",
                (thought, Text(LINE), call),
                ORIGIN,
                "tool_use",
                None,
                usage,
                UNKNOWN_COST,
                1.1 + n,
            ),
            ToolMessage(f"t{n}", (ToolResult(call.id, (Text(f"{LINE}\n" * 20),)),), 1.2 + n),
            AssistantMessage(
                f"b{n}",
                (Text("\n\n".join([LINE * 2] * 4)),),
                ORIGIN,
                "end",
                None,
                usage,
                UNKNOWN_COST,
                1.3 + n,
            ),
        ]
    return tuple(messages)


def record(messages: tuple[Message, ...]) -> SessionRecord:
    """A session of one branch."""
    parents = (None, *(message.id for message in messages))
    nodes = tuple(Node(m, parent) for m, parent in zip(messages, parents, strict=False))
    return SessionRecord(SessionInfo("5e5510170001"), SessionState(leaf=messages[-1].id), nodes)


class Bench(App[None]):
    """Nothing but a transcript."""

    def compose(self) -> ComposeResult:
        """The transcript alone."""
        yield Transcript()


async def painted(view: Transcript, act: Callable[[], object]) -> float:
    """Seconds from ``act`` until what it changed is painted."""
    began = time.perf_counter()
    act()
    done = asyncio.Event()
    view.call_after_refresh(done.set)
    await done.wait()
    for y in range(view.window):
        view.render_line(y)
    return time.perf_counter() - began


async def opened(past: Past) -> dict[str, float]:
    """Seconds by what is done with a session that is in hand."""
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        view = app.query_one(Transcript)
        await pilot.pause()
        gc.collect()
        end = past.newest(AT_ONCE)
        figures = {"open": await painted(view, lambda: view.show(history_blocks(end), {}))}
        figures["the rest"] = await painted(view, lambda: view.show(history_blocks(past), {}))
        keys = [await painted(view, lambda: view.go(view.top - 1)) for _ in range(20)]
        pages = [await painted(view, lambda: view.action_page(-1)) for _ in range(20)]
        figures["a row up"], figures["a page up"] = median(keys), median(pages)
        figures["first row"] = await painted(view, view.action_top)
        began = time.perf_counter()
        await view.seek("question 1")
        figures["find"] = time.perf_counter() - began
        figures["next match"] = await painted(view, lambda: view.step_match(1))
        return figures


def memory(past: Past) -> float:
    """Megabytes the blocks of a session take beside its messages, a thousand messages."""
    gc.collect()
    tracemalloc.start()
    view = Transcript()
    view.page.extend(history_blocks(past))
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / 1e6 / (len(past.messages) / 1000)


def stored(kept: SessionRecord) -> tuple[float, float]:
    """Seconds to read a session from the store, and to make its tree; it was written before."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "sessions.db", time.time)
        try:
            id = store.add(kept)
            began = time.perf_counter()
            store.load(id)
            read = time.perf_counter() - began
            began = time.perf_counter()
            store.tree(id)
            return read, time.perf_counter() - began
        finally:
            store.close()


def forked(count: int, forks: int) -> Tree:
    """A tree of ``count`` messages with ``forks`` branches beside the first."""
    twigs = [Twig("0", None, "user", 1.0, "prompt 0")]
    every = max(1, count // forks)
    for n in range(1, count):
        role = "user" if n % 2 == 0 else "assistant"
        parent = str(n - 1) if n % every else str(max(0, n - every // 2 * 2 - 1))
        twigs.append(Twig(str(n), parent, role, 1.0 + n, f"{role} {n}: {LINE}", "claude-opus-4-5"))
    return Tree(tuple(twigs))


async def main() -> None:
    """Print the table."""
    runs = {count: [await opened(Past(talk(count))) for _ in range(RUNS)] for count in (SHORT, LONG)}
    print(f"{'ms':<12}{SHORT:>8,}{LONG:>10,}{'ratio':>9}")
    for what in runs[SHORT][0]:
        short, long = (median(run[what] for run in runs[count]) * 1000 for count in (SHORT, LONG))
        print(f"{what:<12}{short:>8.1f}{long:>10.1f}{long / short:>8.1f}x")
    print(f"memory of blocks: {memory(Past(talk(LONG))):.2f} MB a 1,000 messages")
    read, tree = stored(record(talk(LONG)))
    print(f"from the store: {read * 1000:.0f} ms to read, {tree * 1000:.0f} ms for the tree")
    shape = forked(LONG, 200)
    began = time.perf_counter()
    rows = rows_of(shape, shape.twigs[-1].id)
    spent = (time.perf_counter() - began) * 1000
    print(f"tree of {LONG:,} messages, 200 forks: {len(rows):,} rows, {spent:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
