"""``sightline probe``: what a model can do over an endpoint, tried out; the cost is asked about first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import TextIO

from tui.chat.figures import money
from tui.clean import visible
from tui.cli.json_events import dump
from tui.cli.table import harmless_for
from tui.cli.terminal import Terminal
from tui.errors import UsageError
from tui.probing.probe import Plan, Probe, TrialStarted
from tui.probing.report import MARKS, TITLES, Report, report_to_json

_TITLE = max(map(len, TITLES.values()))
_LEAST_EVIDENCE = 30


async def run(
    plans: Sequence[Plan],
    start: Callable[[Plan], Probe],
    save: Callable[[Report], None],
    *,
    agreed: bool,
    as_json: bool,
) -> int:
    """Make each plan after a yes, print and keep its report; UsageError where nobody can be asked."""
    if not agreed and not await _agrees(plans):
        print("nothing was sent", file=sys.stderr)
        return 0
    for plan in plans:
        probe = start(plan)
        async with aclosing(probe.run()) as progress:
            async for item in progress:
                if isinstance(item, TrialStarted) and sys.stderr.isatty():
                    print(
                        f"{plan.route.endpoint}  {item.number}/{item.of}  {item.trial.name}", file=sys.stderr
                    )
        save(probe.report)
        if as_json:
            print(dump(report_to_json(probe.report)), flush=True)
        else:
            print_report(probe.report, sys.stdout)
    return 0


def print_report(report: Report, out: TextIO) -> None:
    """A line a capability: what was seen, what the proxy claims where that is otherwise, and the evidence."""
    harmless = harmless_for(out)
    version = f" · LiteLLM {report.proxy_version}" if report.proxy_version else ""
    upstream = f" → {report.upstream}" if report.upstream else ""
    print(harmless(f"{report.model}{upstream} · {report.provider} · {report.endpoint}{version}"), file=out)
    width = shutil.get_terminal_size().columns if out.isatty() else None
    for result in report.results:
        says = result.says
        if result.contradicts:
            says = f"the proxy claims {'it can' if result.claimed else 'it cannot'}; {says}"
        line = f"  {MARKS[result.verdict]} {TITLES[result.capability]:<{_TITLE}}  {result.verdict:<7}  "
        if width is None:
            print(line + says, file=out)
        else:
            print(line + visible(says, max(_LEAST_EVIDENCE, width - len(line))), file=out)
    went = f"cost {money(report.cost)} · {report.seconds:.1f} s"
    where = f" · the exchanges are in session {report.session}" if report.session else ""
    print(f"  {went}{where}", file=out)


def announced(plans: Sequence[Plan]) -> list[str]:
    """What would be done and what it may cost, one line a plan."""
    lines = []
    for plan in plans:
        cost = "its cost is unknown: the proxy lists no price"
        if plan.estimate.usd is not None:
            cost = f"about ${plan.estimate.usd:.2f}"
        requests = sum(trial.requests for trial in plan.made)
        where = f"{visible(plan.route.requested)} over {plan.route.endpoint}"
        lines.append(f"{where}: {len(plan.made)} trials, {requests} prompts, {cost}")
    return lines


async def _agrees(plans: Sequence[Plan]) -> bool:
    terminal = Terminal.open()
    if terminal is None:
        raise UsageError(
            "probe",
            f"it costs money, and there is no terminal to ask at; {'; '.join(announced(plans))}",
            hint="--yes agrees beforehand",
        )
    try:
        terminal.write("\n".join([*announced(plans), "go on? [y/N] "]))
        answer = await terminal.line()
    finally:
        terminal.close()
    return (answer or "").strip().lower() in ("y", "yes")
