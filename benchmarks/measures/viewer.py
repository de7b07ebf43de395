"""How smooth the exchange viewer stays on 50,000 frames and a request of 20 MB, against a small exchange."""

from __future__ import annotations

import json

from benchmarks.bench import Bench
from benchmarks.measure import Figure, Measure, Row
from benchmarks.pages import PAGES_MEASURED, command
from benchmarks.processes import run


def _sample(bench: Bench) -> dict[str, Figure]:
    told = {size: json.loads(run(command(size), env=bench.house().env).output) for size in ("small", "large")}
    few, many = told["small"], told["large"]
    return {
        "viewer.held": Figure(many["held"], few["held"]),
        "viewer.p95": Figure(many["p95"], few["p95"]),
        "viewer.cpu": Figure(many["cpu"], few["cpu"]),
    }


SMALL = "an exchange of 500 frames"
MEASURES = (
    Measure(
        "viewer",
        (
            Row(
                "viewer.held",
                f"exchange viewer, 50,000 frames: longest hold on {', '.join(PAGES_MEASURED)}",
                "ms",
                SMALL,
                50,
                "ours",
            ),
            Row("viewer.p95", "exchange viewer, 50,000 frames: holds, p95", "ms", SMALL, None, "ours"),
            Row("viewer.cpu", "exchange viewer, 50,000 frames: CPU of it all", "s", SMALL),
        ),
        _sample,
    ),
)
