"""The table of the peers: a column for each program, a line for each measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.peers.looks import CALM_RATE, CALM_TOKENS, TOKENS, Found
from benchmarks.table import amount

MARKS = ("<!-- peers: begin -->", "<!-- peers: end -->")
_CALM = f"{CALM_TOKENS:,} tokens at {CALM_RATE:.0f}/s"
ROWS = {
    "ready": ("start to the prompt", "ms"),
    "ready.ratio": ("… times an empty Textual app", ""),
    "help": ("`--help`", "ms"),
    "fast.cpu": (f"{TOKENS:,} tokens as fast as they come: CPU", "s"),
    "fast.shown": ("… on the screen after", "s"),
    "fast.written": ("… bytes to the terminal", "kB"),
    "memory": ("… memory then", "MB"),
    "calm.cpu": (f"{_CALM}: CPU", "s"),
    "calm.shown": ("… on the screen after", "s"),
    "calm.written": ("… bytes to the terminal", "kB"),
    "keys.idle": ("key to screen, idle: p50", "ms"),
    "keys.p50": ("… at 1,000 tokens/s: p50", "ms"),
    "keys.max": ("… at 1,000 tokens/s: most", "ms"),
}
"""The lines, by the names of figures: what it says, and its unit."""

Column = tuple[str, Mapping[str, Found]]
"""A program with its version, and its figures."""


def as_markdown(columns: Sequence[Column]) -> str:
    """The table in Markdown."""
    heads = ["measure", *(name for name, _ in columns)]
    lines = [heads, ["---"] + ["--:"] * len(columns)]
    for name, (what, unit) in ROWS.items():
        lines.append([what, *(_cell(found.get(name), unit) for _, found in columns)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(found: Found | None, unit: str) -> str:
    if found is None:
        return "–"
    return f"{'> ' if found.least else ''}{amount(found.value, unit)}"


def remarks(missing: Mapping[str, str]) -> str:
    """Who was not measured, and why."""
    return " ".join(f"Not measured: {name}, {why}." for name, why in missing.items())
