"""What a probe is given: its plans, a session that is kept, and where its report goes."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from tui.chat.catalog import Catalog
from tui.chat.route import ENDPOINTS
from tui.cli import probe as command
from tui.engine.session import Choice
from tui.probing.kept import save_report
from tui.probing.probe import Plan, Probe, plan_for
from tui.probing.report import Report
from tui.world.build import CLOCKS, Link, World


async def run(args: Namespace, world: World) -> int:
    """``sightline probe``."""
    try:
        _, catalog = await asyncio.gather(world.link.gateway.ready(), world.link.catalog())
        plans = plans_for(world, world.link, args.model, args.endpoint, catalog)
        return await command.run(
            plans,
            lambda plan: probe_of(world, world.link, plan, args.endpoint, catalog),
            lambda report: keep(world, world.link, report),
            agreed=args.yes,
            as_json=args.json,
        )
    finally:
        await world.link.gateway.aclose()


def plans_for(world: World, link: Link, model: str, endpoint: str, catalog: Catalog) -> list[Plan]:
    """A plan for the endpoint, or with ``all`` for each; UsageError for an unknown model."""
    resolve = world.route_for(link)
    words = list(ENDPOINTS) if endpoint == "all" else [endpoint]
    return [plan_for(resolve(model, word, catalog, None), catalog) for word in words]


def probe_of(world: World, link: Link, plan: Plan, endpoint: str, catalog: Catalog) -> Probe:
    """The probe of a plan, in a session of its own that is kept like any other."""
    word = plan.route.dialect if endpoint == "all" else endpoint
    session = world.session(link, Choice(plan.route.requested, word), catalog)
    return Probe(plan, session, world.all_tools(), CLOCKS)


def keep(world: World, link: Link, report: Report) -> None:
    """Keep a report for the next time, and name its session; what cannot be kept was still shown."""
    if world.temporary:
        return
    save_report(world.data_dir, link.proxy.url, report)
    world.store.rename(report.session, f"Probe of {report.model} over {report.endpoint}")
