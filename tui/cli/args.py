"""The command line: its flags and their checks.

``--help`` costs little more than argparse: what a command takes is put together once that command is
meant, and the tables behind it, ``typing`` and ``dataclasses`` (as much again as argparse) come with it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from tui.cli import session_args

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any, NoReturn

DISTRIBUTION = "sightline-tui"

_ABOUT = "See what a model really does behind a LiteLLM proxy: thinking, route, cost, live."
_EPILOG = """\
without a command: the chat; without any configuration: on the simulated gateway
examples:
  sightline                                   open the chat
  sightline ask "What is 6*7?" "And times 2?" two turns of one session
  git diff | sightline ask "Review this" -    standard input behind a prompt
  sightline ask -s last "And why?"            go on with the session of before
  sightline route smart                       where this model would go, and why
"""


class _Parser(argparse.ArgumentParser):
    """Complains like the rest of the program instead of leaving it; has its flags once they are needed."""

    adding: Callable[[argparse.ArgumentParser], None] | None = None
    """Adds what this command takes."""

    def error(self, message: str) -> NoReturn:
        from tui.errors import UsageError

        raise UsageError("command line", message, hint=f"see {self.prog} --help")

    def filled(self) -> _Parser:
        """This parser with everything its command takes."""
        if self.adding is not None:
            add, self.adding = self.adding, None
            add(self)
        return self

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What argparse calls for the one command that is meant."""
        return super(_Parser, self.filled()).parse_known_args(args, namespace)


class _Version(argparse.Action):
    """Looks the version up only when asked: importlib.metadata is slow."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version(DISTRIBUTION)
        except PackageNotFoundError:
            number = "not installed"
        print(f"sightline {number}")
        parser.exit()


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The parsed command line; UsageError when it is wrong."""
    return _parser()[0].parse_args(argv)


def parser() -> argparse.ArgumentParser:
    """The whole command line as argparse sees it."""
    top, commands = _parser()
    for command in commands:
        command.filled()
    return top


def _parser() -> tuple[_Parser, list[_Parser]]:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_common(common)
    top = _Parser(
        allow_abbrev=False,
        prog="sightline",
        description=_ABOUT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    top.add_argument("--plain", action="store_true", help="line by line, for screen readers")
    session_args.add_session(top)
    top.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    made = []
    for name, (about, adding) in COMMANDS.items():
        command = commands.add_parser(
            name, help=about, description=about, parents=[common], allow_abbrev=False
        )
        command.adding = adding
        made.append(command)
    return top, made


ENDPOINTS = ("auto", "messages", "chat", "responses")
_ENDPOINT = "default: auto, the one where the model loses nothing"
SETUP_TOOLS = ("opencode", "claude-code", "codex", "env")


def _add_common(to: argparse.ArgumentParser) -> None:
    to.add_argument("--config", metavar="FILE", help="read this file instead of the usual config.yaml")
    to.add_argument("--proxy", metavar="NAME", help="a proxy of the configuration, or env")
    to.add_argument("--sim", action="store_true", help="use the simulated gateway")
    to.add_argument("--data-dir", metavar="DIR", help="where sessions, drafts, choices and logs are kept")
    to.add_argument("--debug", action="store_true", help="show tracebacks")


def _add_ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("prompts", nargs="+", metavar="PROMPT", help="each one a turn; - is standard input")
    ask.add_argument("-m", "--model", metavar="MODEL", help="default: the session's, else the one used last")
    session_args.add_session(ask)
    ask.add_argument("--endpoint", choices=ENDPOINTS, help=_ENDPOINT)
    ask.add_argument("--system", metavar="TEXT", help="system prompt")
    ask.add_argument("--preset", metavar="NAME", help="a preset of the configuration; every other flag wins")
    ask.add_argument(
        "--thinking",
        type=_knob("thinking"),
        default=argparse.SUPPRESS,
        metavar="HOW",
        help="off, on, minimal … max, or tokens",
    )
    ask.add_argument(
        "--max-tokens",
        type=_knob("max_tokens"),
        default=argparse.SUPPRESS,
        metavar="N",
        help="most tokens of one answer",
    )
    ask.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"a knob: {_knobs_to_set()}; again for more",
    )
    ask.add_argument(
        "--attach",
        action="append",
        default=[],
        metavar="FILE",
        help="an image, PDF or text file for the first prompt; again for more",
    )
    ask.add_argument("--no-stream", action="store_true", help="ask for the answer in one piece")
    ask.add_argument("--tools", metavar="NAMES", help="comma-separated, or none; default: all that never ask")
    ask.add_argument(
        "--approve",
        choices=("ask", "all", "none"),
        default="ask",
        help="tools that may not run unasked: ask on the terminal (default), all, or none",
    )
    ask.add_argument(
        "--budget",
        type=_amount,
        metavar="USD",
        help="ask before the session costs more; exit 6 where nobody can be asked",
    )
    ask.add_argument("--json", action="store_true", help="every event as one JSON line")
    ask.add_argument("--quiet", action="store_true", help="nothing but the answer and errors")


def _add_models(models: argparse.ArgumentParser) -> None:
    models.add_argument("--json", action="store_true", help="one JSON object a line")


def _add_route(route: argparse.ArgumentParser) -> None:
    route.add_argument("model", metavar="MODEL")
    route.add_argument("--endpoint", choices=ENDPOINTS, default="auto", help=_ENDPOINT)
    route.add_argument("--json", action="store_true", help="one JSON object")


def _add_probe(probe: argparse.ArgumentParser) -> None:
    probe.add_argument("model", metavar="MODEL")
    probe.add_argument(
        "--endpoint", choices=(*ENDPOINTS, "all"), default="auto", help=f"{_ENDPOINT}; all: each"
    )
    probe.add_argument("--yes", action="store_true", help="agree to the cost beforehand")
    probe.add_argument("--json", action="store_true", help="one JSON object an endpoint")


def _add_setup(setup: argparse.ArgumentParser) -> None:
    setup.add_argument("tool", choices=SETUP_TOOLS, metavar="TOOL", help=", ".join(SETUP_TOOLS))
    setup.add_argument("-m", "--model", metavar="MODEL", help="the model the tool begins with")


def _add_sim(sim: argparse.ArgumentParser) -> None:
    sim.add_argument("--port", type=_port, default=4000, metavar="N", help="default 4000; 0 takes a free one")
    sim.add_argument(
        "--key-budget", type=_amount, metavar="USD", help="with a database, and so much for its key to spend"
    )


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "ask": ("send prompts and print the answers", _add_ask),
    "models": ("what the proxy offers", _add_models),
    "route": ("where a model would go, and why; calls no model", _add_route),
    "probe": ("what a model can do, tried out; asks before it costs anything", _add_probe),
    **session_args.COMMANDS,
    "setup": ("another tool's configuration for this proxy", _add_setup),
    "sim": ("the simulated gateway alone, until stopped", _add_sim),
}
"""Every command: what it is for, and what adds its flags."""


def _knobs_to_set() -> str:
    from tui.knobs import KNOBS

    return ", ".join(f"{knob.prefix}NAME" if knob.prefix else name for name, knob in KNOBS.items())


def _knob(name: str) -> Callable[[str], object]:
    """Reads the value of a flag that sets one knob."""

    def parse_value(text: str) -> object:
        from tui.errors import UsageError
        from tui.knobs import KNOBS

        try:
            return KNOBS[name].parse(text)
        except UsageError as error:
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(flag, error.what, hint=error.hint or "see sightline ask --help") from error

    return parse_value


def _amount(text: str) -> Decimal:
    from tui.chat.budget import amount

    return amount(text)


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port number")
