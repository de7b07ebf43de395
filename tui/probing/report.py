"""What a probe found out: a result a capability, each with its evidence; kept as JSON between runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from tui.chat.usage import UNKNOWN_COST, Cost, CostSource

Capability = Literal[
    "streaming",
    "usage",
    "cost",
    "tools",
    "parallel",
    "forced",
    "vision",
    "schema",
    "thinking",
    "sealed",
    "kept",
    "interleaved",
    "caching",
    "prefill",
]

TITLES: Mapping[Capability, str] = {
    "streaming": "answers stream",
    "usage": "tokens are told",
    "cost": "cost is told",
    "tools": "calls tools",
    "parallel": "several calls at once",
    "forced": "a forced call",
    "vision": "sees images",
    "schema": "holds to a schema",
    "thinking": "shows thinking",
    "sealed": "seals thinking",
    "kept": "seals hold over turns",
    "interleaved": "thinks between calls",
    "caching": "reads its cache",
    "prefill": "goes on from a prefill",
}

Verdict = Literal["yes", "no", "refused", "unclear", "skipped"]
"""``refused``: an error came back; ``unclear``: it was done, and what came proves neither."""

MARKS: Mapping[Verdict, str] = {"yes": "✓", "no": "✗", "refused": "✗", "unclear": "?", "skipped": "–"}


@dataclass(frozen=True, slots=True)
class Result:
    """What was seen of one capability."""

    capability: Capability
    verdict: Verdict
    says: str
    """The evidence in words; holds texts of the model and the vendor, not cleaned."""
    claimed: bool | None = None
    """What the proxy's catalog says of it; None where it says nothing."""
    exchanges: tuple[str, ...] = ()
    """The ids of the exchanges it rests on."""

    @property
    def contradicts(self) -> bool:
        """Whether the proxy claims otherwise."""
        seen = {"yes": True, "no": False, "refused": False}.get(self.verdict)
        return self.claimed is not None and seen is not None and seen != self.claimed


@dataclass(frozen=True, slots=True)
class Report:
    """One probe of a model over one endpoint."""

    model: str
    """As it was asked for."""
    endpoint: str
    """The path, such as ``/v1/messages``."""
    provider: str
    upstream: str | None
    at: float
    """Unix time in seconds at which it began."""
    session: str = ""
    """The id of the session that holds its exchanges; empty where it was kept nowhere."""
    proxy_version: str | None = None
    results: tuple[Result, ...] = ()
    cost: Cost = UNKNOWN_COST
    seconds: float = 0.0

    def verdict(self, capability: Capability) -> Verdict | None:
        """What was seen of a capability; None where it was not tried."""
        return next((r.verdict for r in self.results if r.capability == capability), None)

    def plus(self, result: Result) -> Report:
        """With one more result."""
        return replace(self, results=(*self.results, result))


def report_to_json(report: Report) -> dict[str, Any]:
    """A report as JSON; the cost as its decimal text."""
    data = asdict(report)
    usd = report.cost.usd
    data["cost"]["usd"] = None if usd is None else format(usd, "f")
    return data


def report_from_json(data: Any) -> Report | None:
    """The report in ``data``; None where it is none that this version can read."""
    try:
        fields = dict(data)
        fields["results"] = tuple(_result(one) for one in fields["results"])
        fields["cost"] = _cost(fields["cost"])
        report = Report(**fields)
    except (TypeError, ValueError, KeyError, InvalidOperation):
        return None
    texts = (report.model, report.endpoint, report.provider, report.session)
    is_whole = all(isinstance(text, str) for text in texts) and isinstance(report.at, int | float)
    return report if is_whole else None


def _result(data: Any) -> Result:
    one = Result(**{**data, "exchanges": tuple(map(str, data.get("exchanges", ())))})
    if one.capability not in TITLES or one.verdict not in MARKS or not isinstance(one.says, str):
        raise ValueError(one.capability)
    return one


def _cost(data: Any) -> Cost:
    if data["source"] not in get_args(CostSource):
        raise ValueError(data["source"])
    return Cost(None if data["usd"] is None else Decimal(data["usd"]), data["source"], bool(data["at_least"]))
