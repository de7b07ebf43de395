"""The composition root: parses the command line, builds the world, runs one command."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from tui.cli import streams
from tui.cli.args import parse

# Not from typing: that alone would cost --help a fifth of its time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from signal import Signals

    from tui.chat.parts import Attachment
    from tui.config.ui import Ui
    from tui.errors import SightlineError
    from tui.world.build import World
    from tui.world.opening import Opening


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and prints two lines for whatever a person can be told."""
    words = list(sys.argv[1:] if argv is None else argv)
    streams.prepare()
    try:
        code = _outcome(words)
        sys.stdout.flush()
    except BrokenPipeError:
        streams.silence_output()
        return 141
    except KeyboardInterrupt:
        streams.silence_output()
        return 130
    except OSError as error:
        streams.silence_output()
        return _complain(words, _error_of(error))
    return code


def _outcome(words: list[str]) -> int:
    try:
        return _run(parse(words))
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        return _complain(words, _error_of(error))


def _error_of(error: Exception) -> SightlineError:
    """What is told of ``error``; of what slipped through two lines, the traceback only to who asks for it."""
    from tui.errors import SightlineError, Unexpected, disk_hint

    if isinstance(error, SightlineError):
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT) and not error.filename:
        # No file has a name here but where the output goes.
        found = Unexpected("output", f"cannot be written: {error.strerror}", hint=disk_hint(error))
    else:
        hint = "start with --debug to see where it comes from"
        found = Unexpected(type(error).__name__, str(error) or "no reason given", hint=hint)
    found.__cause__ = error
    return found


def _complain(words: list[str], error: SightlineError) -> int:
    from tui.cli.printer import print_error, print_traceback

    if "--debug" in words:
        print_traceback(error, sys.stderr)
    try:
        if "--json" in words:
            from tui.cli.json_events import Lines, dump, error_fields

            print(dump(Lines(None, 0.0).line("error", 0.0, error_fields(error))), flush=True)
    finally:
        print_error(error, sys.stderr)
    return error.exit_code


def _run(args: Namespace) -> int:
    if args.command == "sim":
        from tui.cli import sim

        return sim.run(args.port, args.key_budget)
    if args.command is None:
        return _chat(args)
    from tui.cli.signals import ending_on_termination

    with ending_on_termination():
        if args.command in ("sessions", "show", "export", "import", "costs"):
            from tui.world.archive import run

            return run(args)
        return _run_command(args)


def _run_command(args: Namespace) -> int:
    import asyncio

    if args.command == "ask":
        # Before there is an event loop: reading may wait long, and Ctrl+C shall end it.
        args.attachments = _attachments(args)
        args.prompts = _prompts(args)
    from tui.cli.signals import until_terminated
    from tui.world.build import open_world

    # A person watches the simulated models type; a script does not want to wait for them.
    speed = 1.0 if sys.stdout.isatty() else 0.0
    command = {"ask": _ask, "models": _models, "route": _route, "setup": _setup, "probe": _probe}[
        args.command
    ]
    with open_world(args, sim_speed=speed) as world:
        if world.link.simulated and not getattr(args, "sim", False) and not getattr(args, "quiet", False):
            print("no proxy is configured: this is the simulated gateway, no real model", file=sys.stderr)
        return asyncio.run(until_terminated(command(args, world)))


def _prompts(args: Namespace) -> list[str]:
    from tui.cli import ask

    prompts = ask.gather_prompts(args.prompts, sys.stdin)
    watched = sys.stdin.isatty() or sys.stderr.isatty()
    if watched and not args.quiet and ask.looks_unquoted(args.prompts):
        warning = f"warning: {len(prompts)} prompts are {len(prompts)} paid turns; quote a sentence"
        print(warning, file=sys.stderr)
    return prompts


def _attachments(args: Namespace) -> list[Attachment]:
    if not args.attach:
        return []
    from pathlib import Path

    from tui.attachments import load

    return [load(text, Path.cwd()) for text in args.attach]


async def _ask(args: Namespace, world: World) -> int:
    from tui.cli import ask
    from tui.cli.approver import Approver
    from tui.world.ask import session_of
    from tui.world.build import CLOCKS

    if args.budget is not None:
        world.budget = world.budget.limited("session", args.budget)
    # Without a limit and without questions about tools nothing is asked for, and the terminal is left alone.
    approver = Approver.open() if args.approve == "ask" or world.budget else None
    world.can_ask = approver is not None
    try:
        session, told = await session_of(args, world, can_ask=approver is not None)
        output = ask.Output(args.json, args.quiet, getattr(args, "debug", False))
        return await ask.run(
            session, args.prompts, output, CLOCKS.monotonic, args.attachments, approver, told
        )
    finally:
        if approver is not None:
            await approver.aclose()
        await world.link.gateway.aclose()


async def _models(args: Namespace, world: World) -> int:
    from tui.cli import models

    catalog = await world.link.read_catalog()
    return models.run(catalog, world.route_for(world.link), as_json=args.json)


async def _route(args: Namespace, world: World) -> int:
    from tui.cli import route

    catalog = await world.link.catalog()
    return route.run(world.route_for(world.link)(args.model, args.endpoint, catalog, None), as_json=args.json)


async def _probe(args: Namespace, world: World) -> int:
    from tui.world.probe import run

    return await run(args, world)


async def _setup(args: Namespace, world: World) -> int:
    from tui.cli import setup
    from tui.errors import UsageError

    if world.link.simulated:
        what = "the simulated gateway ends with this command, so nothing could reach it"
        hint = "run sightline sim --port 4000 elsewhere, and set LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY"
        raise UsageError("setup", what, hint=hint)
    offer = setup.offer_of(
        await world.link.read_catalog(),
        world.route_for(world.link),
        world.link.proxy,
        wanted=args.model,
        preferred=world.config.default_model,
    )
    return setup.run(args.tool, offer)


def _chat(args: Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from tui.errors import UsageError

        raise UsageError(
            "no terminal", "the chat needs one", hint='without a terminal use: sightline ask "your prompt"'
        )
    import asyncio
    import gc

    # What is imported is no garbage: to look for it all the time takes about a twentieth of that.
    gc.set_threshold(20_000, 20, 100)
    from tui.cli.signals import ending_on_termination, until_terminated
    from tui.config.early import load_ui
    from tui.world.opening import Opening

    with ending_on_termination(), Opening(args) as opening:
        ui = load_ui(os.environ, file=getattr(args, "config", None))
        if args.plain or ui.plain or os.environ.get("TERM") == "dumb":
            from tui.world.plain import chat

            return asyncio.run(until_terminated(chat(opening.world())))
        return asyncio.run(_screen(opening, ui))


async def _screen(opening: Opening, ui: Ui) -> int:
    """The chat on the whole screen; a signal closes it in the ordinary way."""
    import asyncio

    from tui.cli.signals import EXIT_BY_SIGNAL, on_termination
    from tui.ui.app import SightlineApp

    loop = asyncio.get_running_loop()
    app = SightlineApp(opening.start(ui))

    def leave(number: Signals) -> None:
        loop.call_soon_threadsafe(app.exit, None, EXIT_BY_SIGNAL[number])

    with on_termination(leave) as app.hung_up:
        await app.run_async(mouse=ui.mouse)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
