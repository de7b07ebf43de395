"""All peers that are installed, beside ours, in one run: every look at one after the look at the other."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.circumstances import circumstances, in_words
from benchmarks.peers import claude_code, codex, elia, opencode, page
from benchmarks.peers.found import find
from benchmarks.peers.looks import ROUNDS, START_S, Look, medians
from benchmarks.peers.subject import Subject, markdown_stream, other, ours

PEERS = (claude_code.PEER, codex.PEER, opencode.PEER, elia.PEER)


MARKS = page.MARKS


def run(bench: Bench, folder: Path | None, runs: int | None = None) -> str:
    """Measure; the table in Markdown. ``folder`` is searched for the programs, before the PATH.

    ``runs`` is how often to look at the most; None for as often as is due.
    """
    # Whoever ends this run ends what it started, too: an exception passes all the ``with``.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    told = circumstances()
    missing = {
        peer.name: f"there is no `{peer.program}`" for peer in PEERS if find(peer.program, folder) is None
    }
    subjects = [ours(bench), markdown_stream(bench)]
    for peer in PEERS:
        program = find(peer.program, folder)
        if program is not None:
            subjects.append(other(peer, program, bench))
    looks = _looked(subjects, bench, runs or max(times for _, times in ROUNDS), missing)
    columns = [(f"{s.name} {s.version}".rstrip(), medians(looks[s.name])) for s in subjects]
    return "\n\n".join(filter(None, (in_words(told), page.as_markdown(columns), page.remarks(missing))))


def _looked(
    subjects: list[Subject], bench: Bench, runs: int, missing: dict[str, str]
) -> dict[str, list[Look]]:
    """What was seen, by the programs' names; what failed is put into ``missing``."""
    looks: dict[str, list[Look]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        # The first start compiles, and makes itself at home.
        with _told(subject.name, "first start", missing), subject.open() as terminal:
            terminal.wait_for(subject.ready, START_S)
            terminal.quiet(1.0, timeout=5.0)
    for look, times in ROUNDS:
        going = list(subjects)
        for _ in range(min(times, runs)):
            for subject in list(going):
                # What did not come in time is not waited for again.
                going.remove(subject)
                with _told(subject.name, look.__name__, missing):
                    found = look(subject, bench)
                    looks[subject.name].append(found)
                    if not any(figure.least for figure in found.values()):
                        going.append(subject)
    return looks


@contextmanager
def _told(name: str, what: str, missing: dict[str, str]) -> Iterator[None]:
    """Say on standard error how far it is; what does not come in time ends this look only."""
    began = time.perf_counter()
    try:
        yield
    except (OSError, SystemExit, subprocess.TimeoutExpired) as error:
        missing[f"{name}, {what}"] = str(error).splitlines()[0].rstrip(":")
        print(error, file=sys.stderr)
    print(f"{name}, {what}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
