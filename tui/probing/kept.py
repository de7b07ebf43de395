"""The newest report of each model and endpoint, in a file of the data directory."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from tui.probing.report import Report, report_from_json, report_to_json

NAME = "probes.json"
MOST = 2_000
"""Reports kept; the oldest go first."""


def load_reports(data_dir: Path, proxy: str) -> tuple[Report, ...]:
    """The reports of the proxy at this address, the newest last; none where the file cannot be read."""
    return tuple(report for address, report in _read(data_dir / NAME) if address == proxy)


def save_report(data_dir: Path, proxy: str, report: Report) -> Path:
    """Keep a report in place of the one before of the same model and endpoint; its file, or OSError."""
    path = data_dir / NAME
    mine = (proxy, report.model, report.endpoint)
    others = [(a, r) for a, r in _read(path) if (a, r.model, r.endpoint) != mine]
    _write(path, [*others, (proxy, report)][-MOST:])
    return path


def _read(path: Path) -> list[tuple[str, Report]]:
    try:
        data = json.loads(path.read_bytes())
        found = [(str(one["proxy"]), report_from_json(one["report"])) for one in data["reports"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    return [(address, report) for address, report in found if report is not None]


def _write(path: Path, reports: Sequence[tuple[str, Report]]) -> None:
    """All or nothing: another program may read meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"reports": [{"proxy": a, "report": report_to_json(r)} for a, r in reports]}
    with NamedTemporaryFile("w", dir=path.parent, prefix=f"{NAME}.", delete=False) as file:
        try:
            json.dump(data, file)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise
