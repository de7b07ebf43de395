"""``python -m benchmarks``: measures, prints the table, and keeps it in docs/speed.md and history.jsonl."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import table
from benchmarks.bench import Bench
from benchmarks.circumstances import circumstances, in_words
from benchmarks.measure import Measure, Result, run
from benchmarks.measures import ALL
from benchmarks.server import Server

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "speed.md"
HISTORY = HERE / "history.jsonl"


def main(words: Sequence[str] | None = None) -> int:
    """Measure; returns the exit code."""
    names = [measure.name for measure in ALL]
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--runs", type=int, metavar="N", help="look so often, instead of as often as is due")
    args = parser.parse_args(words)
    # Nothing that is measured may compile at every start.
    sys.dont_write_bytecode = False
    chosen = [measure for measure in ALL if not args.only or measure.name in args.only]
    told = circumstances()
    results = measure_all(chosen, args.runs)
    print(table.as_text(results))
    if not args.only and not args.runs:
        keep(told, results)
    return 0


def measure_all(chosen: Sequence[Measure], runs: int | None = None) -> list[Result]:
    """The results of some measures, made one after another; says on standard error how far it is."""
    results: list[Result] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Server() as server:
        bench = Bench(Path(folder), server)
        for measure in chosen:
            began = time.perf_counter()
            found = run(measure, bench, runs)
            results += found
            print(f"{measure.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return results


def keep(told: dict[str, str], results: Sequence[Result]) -> None:
    """Put a whole run into the page and at the end of the history."""
    table.put(PAGE, f"{in_words(told)}\n\n{table.as_markdown(results)}")
    figures = {r.row.name: [_short(r.ours), _short(r.floor), _short(r.ratio)] for r in results}
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**told, "figures": figures}) + "\n")


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


if __name__ == "__main__":
    sys.exit(main())
