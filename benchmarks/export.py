"""What exporting a long session with tools costs: seconds, memory and the size of the file, by format.

Run ``python -m benchmarks.export [TURNS]``. Each format is written by a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.store.talk import Talk, keep
from tui.exports import FORMATS
from tui.store import Store

ID = "aaaaaaaaaaaa"


def main(turns: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory:
        sent = asyncio.run(build(Path(directory) / "sessions.db", turns))
        print(f"{turns} turns with tools, {2 * turns} requests of {sent / 1e6:,.0f} MB together")
        for format in FORMATS:
            export(Path(directory), format)


async def build(path: Path, turns: int) -> int:
    """Keep a session; the bytes of all its requests."""
    store, sent = Store.open(path, time.time), 0
    writer = store.writer(ID)
    for step in Talk().turns(turns):
        await keep(writer, step)
        sent += len(step.body)
    store.close()
    return sent


def export(directory: Path, format: str) -> None:
    """Have one file written as a user does."""
    out = directory / f"out.{format}"
    command = (sys.executable, "-m", "tui", "export", ID, "--data-dir", str(directory), "-o", str(out))
    begun = time.perf_counter()
    # Only who waits for it himself is told what a process used.
    _, status, used = os.wait4(subprocess.Popen(command).pid, 0)
    took, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    if status:
        raise SystemExit(f"{format} was not written")
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    size = out.stat().st_size / 1e6
    print(f"{format}: {size:,.1f} MB, {took:.1f} s ({cpu:.1f} s of CPU), at most {peak:.0f} MB of memory")
    out.unlink(missing_ok=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
