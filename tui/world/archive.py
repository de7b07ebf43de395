"""The commands about stored sessions: they need the store and the configuration, and no proxy."""

from __future__ import annotations

import asyncio
import os
import sys
import time
import uuid
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tui.chat.record import SessionRecord
from tui.chat.record_stream import RecordStream
from tui.cli.printer import print_finding, print_remark
from tui.config import paths
from tui.config.load import load_config
from tui.exports import pieces
from tui.store.store import Store
from tui.world.sessions import LazyStore, known_secrets, made_whole

ALL = 1_000_000
"""More sessions than anybody has; a list in a pipe is whole."""


def run(args: Namespace) -> int:
    """Run ``sessions``, ``show``, ``export``, ``import`` or ``costs``; the exit code.

    StoreError where the store cannot be used, UsageError for a session there is not.
    """
    lazy = LazyStore(paths.data_dir(getattr(args, "data_dir", None), os.environ), time.time)
    with closing(lazy):
        command = {
            "sessions": _sessions,
            "show": _show,
            "export": _export,
            "import": _import,
            "costs": _costs,
        }[args.command]
        return command(args, lazy)


def _opened(lazy: LazyStore) -> Store:
    store = lazy.must_open()
    if store.remark:
        print_remark(f"sessions: {store.remark}", sys.stderr)
    return store


def _sessions(args: Namespace, lazy: LazyStore) -> int:
    from tui.cli import sessions

    query = " ".join(args.query)
    hits = _opened(lazy).sessions(query, archived=args.archived, deleted=args.deleted, limit=ALL)
    return sessions.run(hits, as_json=args.json, now=time.time())


def _costs(args: Namespace, lazy: LazyStore) -> int:
    from tui.cli import costs

    total, rows = _opened(lazy).spending(args.by, args.days)
    return costs.run(total, rows, args.by, as_json=args.json)


def _show(args: Namespace, lazy: LazyStore) -> int:
    from tui.cli import show

    record = _whole(_opened(lazy), args.session)
    return show.run(record, as_json=args.json, colour=not os.environ.get("NO_COLOR"))


def _export(args: Namespace, lazy: LazyStore) -> int:
    from tui.cli import export as command

    format = command.format_of(args.format, args.output)
    store = _opened(lazy)
    stream = _redacted(store.stream(_whole(store, args.session).info.id), args)
    return command.run(pieces(stream, format), args.output, force=args.force)


def _whole(store: Store, name: str) -> SessionRecord:
    """A session by name; what a program that died over it had received is saved first, and that is said."""
    record, told = asyncio.run(made_whole(store, store.find(name).id))
    for finding in told:
        print_finding(finding, sys.stderr)
    return record


def _redacted(stream: RecordStream, args: Namespace) -> RecordStream:
    """The session without secrets, unless they shall stay; says which could not be looked for."""
    from tui.exports.redaction import Redaction

    if args.keep_secrets and not args.redact_text:
        return stream
    config = load_config(os.environ, file=getattr(args, "config", None), proxy=getattr(args, "proxy", None))
    secrets = known_secrets(config, os.environ)
    for proxy in secrets.untold:
        says = "comes from a command, which was not run: such a key is masked by its shape alone"
        print_remark(f"export: the key of {proxy} {says}", sys.stderr)
    return Redaction(stream, secrets.values, texts=args.redact_text).stream


def written(
    store: Store, session: str, format: str, path: str, secrets: Sequence[str], directory: Path
) -> str:
    """Write a session without ``secrets``; the file's path, below ``directory`` unless ``path`` says else."""
    from tui.cli import export as command
    from tui.exports import file_name
    from tui.exports.redaction import Redaction

    known = command.format_of(format or "md", None)
    stream = Redaction(store.stream(session), secrets).stream
    target = directory / (paths.at_home(path) if path else file_name(stream.record, known))
    command.write(target, pieces(stream, known), force=False)
    return str(target)


def _import(args: Namespace, lazy: LazyStore) -> int:
    from tui.cli import import_
    from tui.imports import read

    data = import_.read(args.file, sys.stdin)
    name = "standard input" if args.file == "-" else args.file
    found = read(name, data, now=time.time(), new_id=lambda: uuid.uuid4().hex[:12], format=args.format)
    session = _opened(lazy).add(found.stream)
    return import_.run(session, found.format, found.warnings, as_json=args.json)
