"""The command line of everything about stored sessions."""

from __future__ import annotations

import argparse
from collections.abc import Callable

EXPORTS = ("md", "html", "json", "har")
_NAMED = "an id, the beginning of one, last, or a title"
_FILES = (
    "a session of ours, a Claude Code or Codex transcript, an opencode export, a request body, HAR, "
    "a curl command line, LiteLLM log rows, a claude-trace log; - is standard input"
)


def add_session(to: argparse.ArgumentParser) -> None:
    """``-s SESSION`` and ``--temporary``; neither is there in what is parsed unless it was given."""
    chosen = to.add_mutually_exclusive_group()
    chosen.add_argument(
        "-s",
        "--session",
        metavar="SESSION",
        default=argparse.SUPPRESS,
        help=f"go on with a stored session: {_NAMED}; new (default) begins one",
    )
    chosen.add_argument(
        "--temporary", action="store_true", default=argparse.SUPPRESS, help="keep nothing of the session"
    )


def _add_sessions(sessions: argparse.ArgumentParser) -> None:
    sessions.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="words in titles and content; model:NAME, 'cost>0.1', 'age<7d'",
    )
    sessions.add_argument("--json", action="store_true", help="one JSON object a line")
    which = sessions.add_mutually_exclusive_group()
    which.add_argument("--archived", action="store_true", help="those that were archived")
    which.add_argument("--deleted", action="store_true", help="those deleted in the last seven days")


def _add_show(show: argparse.ArgumentParser) -> None:
    _named(show)
    show.add_argument("--json", action="store_true", help="one JSON object")


def _add_export(export: argparse.ArgumentParser) -> None:
    _named(export)
    export.add_argument(
        "--as", dest="format", choices=EXPORTS, help="the format; default: by the ending of FILE"
    )
    export.add_argument("-o", "--output", metavar="FILE", help="instead of standard output")
    export.add_argument("-f", "--force", action="store_true", help="replace FILE if it is there")
    export.add_argument(
        "--redact-text", action="store_true", help="also hide what was said; shapes, lengths and hashes stay"
    )
    export.add_argument("--keep-secrets", action="store_true", help="mask no keys, tokens and cookies")


def _add_costs(costs: argparse.ArgumentParser) -> None:
    from tui.chat.spend import SPEND_KEYS

    costs.add_argument("--by", choices=SPEND_KEYS, default="day", help="default: day")
    costs.add_argument(
        "--days", type=_days, metavar="N", help="the last N days, today among them; default: all"
    )
    costs.add_argument("--json", action="store_true", help="one JSON object a line, the sum of all last")


def _add_import(imported: argparse.ArgumentParser) -> None:
    imported.add_argument("file", metavar="FILE", help=_FILES)
    imported.add_argument(
        "--from", dest="format", metavar="FORMAT", help="what the file is; default: its content says"
    )
    imported.add_argument("--json", action="store_true", help="one JSON object")


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "sessions": ("the stored sessions, the newest first", _add_sessions),
    "show": ("print a session", _add_show),
    "export": ("write a session as a file for people or tools", _add_export),
    "costs": ("what calls cost, added up over the sessions", _add_costs),
    "import": ("make a session of another tool's file", _add_import),
}
"""Each command: what it is for, and what adds its flags."""


def _days(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 100_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of days")


def _named(to: argparse.ArgumentParser) -> None:
    to.add_argument("session", metavar="SESSION", help=_NAMED)
