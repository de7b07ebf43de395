"""Where and with what a run was made, in general terms: no names of machines or people."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

PACKAGES = ("textual", "rich", "anthropic", "openai", "httpx2", "markdown-it-py", "pygments")


def circumstances() -> dict[str, str]:
    """Date, system, Python and the versions that matter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    busy = os.getloadavg()[0]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB",
        "load": f"{busy:.1f}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def in_words(told: dict[str, str]) -> str:
    """The circumstances as a sentence."""
    versions = ", ".join(f"{name} {told[name]}" for name in ("python", *PACKAGES))
    looks = f" Preliminary: looks taken, {told['looks']}." if "looks" in told else ""
    return f"{told['date']}; {told['machine']}, load before the run {told['load']}; {versions}.{looks}"
