"""What a probe found out, as the screen shows it: lines of a report, marks for the model picker; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.chat.figures import money
from tui.clean import visible
from tui.probing.probe import Plan
from tui.probing.report import MARKS, TITLES, Capability, Report, Result, Verdict

ROLES: Mapping[Verdict, str] = {
    "yes": "$text-success",
    "no": "$text-error",
    "refused": "$text-error",
    "unclear": "$text-warning",
    "skipped": "$foreground-muted",
}
TITLE_CELLS = max(map(len, TITLES.values()))
PICKED: Mapping[str, Capability] = {"thinking": "thinking", "tools": "tools", "vision": "vision"}
"""Which capability stands behind a badge of the model picker."""
SEEN = "".join(dict.fromkeys(MARKS[verdict] for verdict in ("yes", "no", "refused")))
"""The marks of what was proved."""
_EVIDENCE = 600


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """One capability as it is shown."""

    mark: str
    style: str
    title: str
    says: str
    """Clean."""


def rows_of(report: Report) -> list[ProbeRow]:
    """A row a result, in the order they were made."""
    return [_row(result) for result in report.results]


def planned_rows(plan: Plan) -> list[ProbeRow]:
    """A row a capability before anything is sent: what would be asked, or why it is not tried."""
    return [
        ProbeRow(
            MARKS["skipped"] if trial.skip else "·",
            ROLES["skipped"],
            TITLES[capability],
            visible(trial.skip or trial.prompts[0], _EVIDENCE),
        )
        for trial in plan.trials
        for capability in trial.tells
    ]


def plan_text(plan: Plan) -> str:
    """What a probe would do and may cost, in one sentence."""
    requests = sum(trial.requests for trial in plan.made)
    usd = plan.estimate.usd
    cost = "its cost is unknown, for the proxy lists no price" if usd is None else f"about ${usd:.2f}"
    return f"{len(plan.made)} trials with {requests} prompts over {plan.route.endpoint}: {cost}."


def end_text(report: Report, plan: Plan | None = None) -> str:
    """What a probe cost and took; held against ``plan``, that it was stopped before its end."""
    version = f" · LiteLLM {visible(report.proxy_version, 30)}" if report.proxy_version else ""
    planned = 0 if plan is None else sum(len(trial.tells) for trial in plan.trials)
    known = len(report.results)
    stopped = f"stopped with {known} of {planned} found out · " if known < planned else ""
    return f"{stopped}{money(report.cost)} · {report.seconds:.1f} s{version}"


def observed(reports: Iterable[Report]) -> dict[str, Report]:
    """The newest report of each model, whatever its endpoint; later ones win."""
    return {report.model: report for report in reports}


def badge(word: str, report: Report | None) -> str:
    """A badge of the picker with what was seen of it: ``tools✓``; the word alone where nothing was."""
    verdict = report.verdict(PICKED[word]) if report is not None and word in PICKED else None
    return word if verdict is None or MARKS[verdict] not in SEEN else f"{word}{MARKS[verdict]}"


def summary(report: Report) -> str:
    """Every verdict in one line."""
    short = (f"{MARKS[r.verdict]} {r.capability}" for r in report.results if r.verdict != "skipped")
    return " · ".join(short)


def plain_text(report: Report) -> str:
    """The report as text to copy."""
    head = f"{visible(report.model, 80)} · {report.endpoint}"
    lines = (f"{row.mark} {row.title:<{TITLE_CELLS}}  {row.says}" for row in rows_of(report))
    return "\n".join([head, *lines, end_text(report)])


def _row(result: Result) -> ProbeRow:
    says = visible(result.says, _EVIDENCE)
    if result.contradicts:
        says = f"the proxy claims {'it can' if result.claimed else 'it cannot'}; {says}"
    return ProbeRow(MARKS[result.verdict], ROLES[result.verdict], TITLES[result.capability], says)
