"""The composition root: parses the command line, builds the world, runs one command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.args import parse

if TYPE_CHECKING:
    from argparse import Namespace

    from tui.errors import SightlineError
    from tui.world import World


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and prints two lines for whatever a person can be told."""
    args = parse(argv)
    from tui.errors import SightlineError

    try:
        return _run(args)
    except SightlineError as error:
        if getattr(args, "debug", False):
            raise
        return _complain(args, error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _complain(args: Namespace, error: SightlineError) -> int:
    from tui.cli.json_events import Lines, dump, error_fields
    from tui.cli.printer import print_error

    if getattr(args, "json", False):
        print(dump(Lines(None, 0.0).line("error", 0.0, error_fields(error))), flush=True)
    print_error(error, sys.stderr)
    return error.exit_code


def _run(args: Namespace) -> int:
    if args.command == "sim":
        from tui.cli import sim

        return sim.run(args.port)
    if args.command is None:
        return _chat(args)
    import asyncio

    from tui.world import open_world

    # A person watches the simulated models type; a script does not want to wait for them.
    speed = 1.0 if sys.stdout.isatty() else 0.0
    command = {"ask": _ask, "models": _models, "route": _route}[args.command]
    with open_world(args, sim_speed=speed) as world:
        return asyncio.run(command(args, world))


async def _ask(args: Namespace, world: World) -> int:
    import asyncio

    from tui.cli import ask
    from tui.engine.session import Choice
    from tui.errors import UsageError
    from tui.world import CLOCKS, first_model, overlaid

    prompts = ask.gather_prompts(args.prompts, sys.stdin)
    if sys.stdin.isatty() and ask.looks_unquoted(args.prompts):
        print(
            f"warning: {len(prompts)} prompts are {len(prompts)} paid turns; quote a sentence",
            file=sys.stderr,
        )
    tools = None if args.tools is None else [] if args.tools == "none" else args.tools.split(",")
    toolbox = world.toolbox(tools)
    # The SDKs load in a thread while the proxy lists its models.
    _, catalog = await asyncio.gather(world.link.gateway.ready(), world.link.catalog())
    model = args.model or first_model(catalog, world.config, _recents(world))
    if not model:
        raise UsageError("no model", "the server lists none", hint="name one with -m MODEL")
    session = world.session(
        world.link,
        Choice(model, args.endpoint),
        catalog,
        adjust=lambda settings: overlaid(settings, args),
        system=args.system,
        toolbox=toolbox,
    )
    try:
        return await ask.run(session, prompts, ask.Output(args.json, args.quiet), CLOCKS.monotonic)
    finally:
        await world.link.gateway.aclose()


async def _models(args: Namespace, world: World) -> int:
    from tui.cli import models

    catalog = await world.link.catalog()
    return models.run(catalog, world.route_for(world.link), as_json=args.json)


async def _route(args: Namespace, world: World) -> int:
    from tui.cli import route

    catalog = await world.link.catalog()
    return route.run(world.route_for(world.link)(args.model, args.endpoint, catalog, None), as_json=args.json)


def _recents(world: World) -> tuple[str, ...]:
    from tui.ui.preferences import load_preferences

    return load_preferences(world.data_dir).recents


def _chat(args: Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from tui.errors import UsageError

        raise UsageError(
            "no terminal", "the chat needs one", hint='without a terminal use: sightline ask "your prompt"'
        )
    from tui.ui.app import SightlineApp
    from tui.world import open_world
    from tui.world_screen import screen_deps

    with open_world(args, sim_speed=1.0) as world:
        app = SightlineApp(screen_deps(world))
        app.run(mouse=world.config.ui.mouse)
        return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
