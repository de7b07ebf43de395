"""What other processes use: seconds of CPU and bytes of memory, from outside."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ran to its end."""

    seconds: float
    cpu: float
    output: str


def run(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command; its wall-clock time and CPU, children included. SystemExit when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    # Only who waits for it himself is told what a process used.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Ran(seconds, used.ru_utime + used.ru_stime, output)


def cpu_of_tree(pid: int) -> float:
    """Seconds of CPU of a process and of its living descendants."""
    return sum(_cpu(one) for one in (pid, *descendants(pid)))


def descendants(pid: int) -> list[int]:
    """The living descendants of a process; empty where the system does not tell."""
    parents: dict[int, int] = {}
    for folder in _PROC.glob("[0-9]*") if _PROC.exists() else ():
        try:
            # The name in brackets may hold anything; the parent is the second word behind it.
            stat = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(stat[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _cpu(pid: int) -> float:
    if platform.system() == "Linux":
        try:
            # The CPU clock of another process, to the nanosecond; /proc counts hundredths.
            return time.clock_gettime((~pid << 3) | 2)
        except OSError:
            return 0.0
    told = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False)
    minutes, _, seconds = told.stdout.strip().rpartition(":")
    return int(minutes or 0) * 60 + float(seconds or 0)


def memory_of(pid: int) -> int:
    """Bytes of memory that are a process's own."""
    if not _PROC.exists():
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
        )
        return int(told.stdout) * 1024
    rows = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    parts = {row.split(":")[0]: int(row.split()[1]) for row in rows[1:]}
    return 1024 * (parts["Private_Clean"] + parts["Private_Dirty"])


def memory_of_tree(pid: int) -> int:
    """Bytes of memory of a process and its living descendants; what several share is counted in parts."""
    if not _PROC.exists():
        return sum(memory_of(one) for one in (pid, *descendants(pid)))
    total = 0
    for one in (pid, *descendants(pid)):
        with suppress(OSError):
            rows = (_PROC / str(one) / "smaps_rollup").read_text().splitlines()
            total += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total * 1024
