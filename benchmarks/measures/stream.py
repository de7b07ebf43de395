"""What a streamed token costs the whole program: socket, engine, store and screen together."""

from __future__ import annotations

from benchmarks.bench import Bench, Dialect
from benchmarks.floors.markdown_stream import READY as FLOOR_READY
from benchmarks.measure import Figure, Measure, Row
from benchmarks.ours import ask
from benchmarks.terminal import Terminal

TOKENS = 5000
LENGTHS = (1_000, 5_000, 20_000, 100_000)
ABOVE = 10_000
"""Messages of the long session."""


def cost(terminal: Terminal, bench: Bench, tokens: int) -> float:
    """Microseconds of CPU a token, for an answer that comes as fast as it is taken."""
    return ask(terminal, bench.server, tokens).cpu / tokens * 1e6


def _token(dialect: Dialect, bench: Bench) -> Figure:
    with bench.chat(dialect=dialect) as terminal:
        ours = cost(terminal, bench, TOKENS)
    return Figure(ours, bench.raw_loop(dialect, TOKENS))


def _tokens(bench: Bench) -> dict[str, Figure]:
    return {f"token.{dialect}": _token(dialect, bench) for dialect in ("messages", "chat")}


def _growth(bench: Bench) -> dict[str, Figure]:
    with bench.chat() as terminal:
        least = min(cost(terminal, bench, LENGTHS[0]) for _ in range(3))
        longer = {n: cost(terminal, bench, n) for n in LENGTHS[1:]}
    with bench.chat("-s", bench.session(ABOVE)) as terminal:
        # What the long request costs is a matter of the turn, not of its tokens.
        turn = ask(terminal, bench.server, 10).cpu
        short = ask(terminal, bench.server, LENGTHS[0]).cpu
        long = (ask(terminal, bench.server, LENGTHS[-1]).cpu - turn) / LENGTHS[-1] * 1e6
    found = {f"growth.{n}": Figure(cpu, least) for n, cpu in longer.items()}
    found["growth.below"] = Figure(long, least)
    found["growth.turn"] = Figure(turn * 1000, least * LENGTHS[0] / 1000)
    found["growth.short"] = Figure(short * 1000, least * LENGTHS[0] / 1000)
    return found


def _calm(bench: Bench) -> dict[str, Figure]:
    tokens, rate = 2000, 200.0
    with bench.chat() as terminal:
        ours = ask(terminal, bench.server, tokens, rate)
    with bench.floor("markdown_stream", bench.server.url) as terminal:
        bench.ready(terminal, FLOOR_READY)
        ask(terminal, bench.server, 200)
        floor = ask(terminal, bench.server, tokens, rate)
    return {
        "calm.cpu": Figure(ours.cpu, floor.cpu),
        "calm.bytes": Figure(ours.written / 1000, floor.written / 1000),
    }


ONE = "1,000 tokens"
STREAM = "the same chat with MarkdownStream"
MEASURES = (
    Measure(
        "token",
        (
            Row("token.messages", "CPU a token, 5,000 as fast as they come, Messages", "µs", "raw loop", 2),
            Row("token.chat", "CPU a token, 5,000 as fast as they come, Chat", "µs", "raw loop", 2),
        ),
        _tokens,
    ),
    Measure(
        "growth",
        (
            Row("growth.5000", "CPU a token of 5,000", "µs", ONE),
            Row("growth.20000", "CPU a token of 20,000", "µs", ONE),
            Row("growth.100000", "CPU a token of 100,000", "µs", ONE, 1.2),
            Row("growth.below", "CPU a token of 100,000 below 10,000 messages", "µs", ONE, 1.2),
            Row("growth.turn", "CPU of a turn of 10 tokens below 10,000 messages", "ms", ONE),
            Row("growth.short", "CPU of a turn of 1,000 tokens below 10,000 messages", "ms", ONE),
        ),
        _growth,
    ),
    Measure(
        "calm",
        (
            Row("calm.cpu", "CPU of 2,000 tokens at 200 a second", "s", STREAM, 0.3),
            Row("calm.bytes", "bytes to the terminal for them", "kB", STREAM, 400, "ours"),
        ),
        _calm,
    ),
)
