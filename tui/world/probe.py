"""What a probe is given: its plans, a session that is kept, and where its report goes."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.chat.catalog import Catalog
from tui.chat.route import ENDPOINTS
from tui.engine.session import Choice
from tui.spellings import masked
from tui.world.build import CLOCKS, Link, World

if TYPE_CHECKING:
    from tui.probing.probe import Plan, Probe
    from tui.probing.report import Report


async def run(args: Namespace, world: World) -> int:
    """``sightline probe``."""
    from tui.cli import probe as command

    try:
        _, catalog = await asyncio.gather(world.link.gateway.ready(), world.link.catalog())
        probes = Probes(world, world.link, lambda: catalog)
        words = list(ENDPOINTS) if args.endpoint == "all" else [args.endpoint]
        plans = [probes.plan(args.model, word) for word in words]
        return await command.run(plans, probes.start, probes.keep, agreed=args.yes, as_json=args.json)
    finally:
        await world.link.gateway.aclose()


class Probes:
    """Probes of one proxy's models, each in a session that is kept like any other; ``tui.ui.probe_ports``."""

    def __init__(self, world: World, link: Link, catalog: Callable[[], Catalog]) -> None:
        self._world = world
        self._link = link
        self._catalog = catalog

    def plan(self, model: str, endpoint: str = "auto") -> Plan:
        """What would be tried, and what it may cost; UsageError for a model nobody knows."""
        from tui.probing.probe import plan_for

        catalog = self._catalog()
        return plan_for(self._world.route_for(self._link)(model, endpoint, catalog, None), catalog)

    def start(self, plan: Plan) -> Probe:
        """The probe of a plan; sends nothing before it is run."""
        from tui.probing.probe import Probe

        choice = Choice(plan.route.requested, plan.route.dialect)
        session = self._world.session(self._link, choice, self._catalog())
        world = self._world
        return Probe(plan, session, world.all_tools(), CLOCKS, lambda text: masked(text, world.secrets()))

    def keep(self, report: Report) -> None:
        """Keep a report for the next time, and name its session."""
        from tui.probing.kept import save_report

        if not self._world.temporary:
            save_report(self._world.data_dir, self._link.proxy.url, report)
            self._world.store.rename(report.session, f"Probe of {report.model} over {report.endpoint}")

    def reports(self) -> tuple[Report, ...]:
        """The newest report of each model and endpoint, the newest last."""
        from tui.probing.kept import load_reports

        return load_reports(self._world.data_dir, self._link.proxy.url)
