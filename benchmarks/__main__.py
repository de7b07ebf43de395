"""``python -m benchmarks``: measures, prints the table, and keeps it in docs/speed.md and history.jsonl."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from benchmarks import check, table
from benchmarks.bench import Bench
from benchmarks.circumstances import circumstances, in_words
from benchmarks.measure import Measure, Result, run
from benchmarks.measures import ALL
from benchmarks.measures.short import SHORT
from benchmarks.peers import run as peers
from benchmarks.server import Server

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "speed.md"
HISTORY = HERE / "history.jsonl"
RECORDED = HERE / "recorded.json"
RECORD_ROUNDS = 3


def main(words: Sequence[str] | None = None) -> int:
    """Measure; returns the exit code, 1 when something slipped or could not be measured."""
    args = _parse(words)
    # Nothing that is measured may compile at every start.
    sys.dont_write_bytecode = False
    told = circumstances()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Server() as server:
        bench = Bench(Path(folder), server)
        if args.check:
            return _check(bench)
        if args.peers:
            return _peers(bench, args)
        chosen = [m for m in (SHORT if args.short else ALL) if not args.only or m.name in args.only]
        rounds = [_all(chosen, bench, args.runs) for _ in range(RECORD_ROUNDS if args.record else 1)]
    results = check.worst([results for results, _ in rounds])
    failed = dict.fromkeys(name for _, missing in rounds for name in missing)
    print(table.as_text(results))
    if failed:
        # What is not whole is not kept.
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
        return 1
    if args.record:
        check.save(RECORDED, results, told)
    elif not (args.short or args.only):
        _keep({**told, "looks": f"{args.runs} each"} if args.runs else told, results)
    return 0


def _parse(words: Sequence[str] | None) -> Namespace:
    names = [measure.name for measure in (*ALL, *SHORT)]
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--runs", type=int, metavar="N", help="look so often, instead of as often as is due")
    parser.add_argument("--short", action="store_true", help="the steady few that CI looks at")
    parser.add_argument("--check", action="store_true", help="hold the short form against what is recorded")
    parser.add_argument("--record", action="store_true", help="record the short form, to be held against")
    parser.add_argument("--peers", action="store_true", help="other terminal chats beside ours, nothing else")
    parser.add_argument("--peers-dir", type=Path, metavar="DIR", help="look for them there before the PATH")
    args = parser.parse_args(words)
    if (args.check or args.record) and (not args.short or args.only):
        parser.error("--check and --record are for --short, and all of it")
    return args


def _all(chosen: Sequence[Measure], bench: Bench, runs: int | None) -> tuple[list[Result], list[str]]:
    """The results of all that could be measured, and the names of what could not."""
    results: list[Result] = []
    failed: list[str] = []
    for measure in chosen:
        try:
            results += _timed(measure, bench, runs)
        except (TimeoutError, SystemExit) as error:
            print(f"{measure.name}: {error}", file=sys.stderr)
            failed.append(measure.name)
    return results, failed


def _timed(measure: Measure, bench: Bench, runs: int | None = None) -> list[Result]:
    """The results of a measure; says on standard error how long it took."""
    began = time.perf_counter()
    found = run(measure, bench, runs)
    print(f"{measure.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def _peers(bench: Bench, args: Namespace) -> int:
    told = peers.run(bench, args.peers_dir, args.runs)
    print(told)
    table.put(PAGE, told, peers.MARKS)
    return 0


def _check(bench: Bench) -> int:
    results, slips = check.check(SHORT, check.load(RECORDED), lambda measure: _timed(measure, bench))
    print(table.as_text(results))
    for slip in slips:
        print(slip, file=sys.stderr)
    return 1 if slips else 0


def _keep(told: dict[str, str], results: Sequence[Result]) -> None:
    """Put a whole run into the page and at the end of the history."""
    table.put(PAGE, f"{in_words(told)}\n\n{table.as_markdown(results)}")
    figures = {r.row.name: [_short(r.ours), _short(r.floor), _short(r.ratio)] for r in results}
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**told, "figures": figures}) + "\n")


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


if __name__ == "__main__":
    sys.exit(main())
