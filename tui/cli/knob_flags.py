"""What the flags of ``ask`` say about knobs: a preset, then ``--set``, then the flags of their own."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tui.chat.settings import Overrides, Preset, layered
from tui.knobs import parse_assignments

_MOST_CHARS = 1_000_000


def overrides_of(args: Namespace, preset: Preset | None = None) -> Overrides:
    """What is laid over the configured settings; UsageError for an assignment that is none."""
    flags = {name: getattr(args, name) for name in ("thinking", "max_tokens") if hasattr(args, name)}
    if args.no_stream:
        flags["stream"] = False
    return layered(preset.overrides if preset else {}, parse_assignments(args.set, read_text), flags)


def read_text(path: str) -> str:
    """The text of a file named on the command line; OSError or ValueError when it cannot be read."""
    file = Path(path).expanduser()
    if file.exists() and not file.is_file():
        raise OSError(0, "is not a file")
    with file.open(encoding="utf-8-sig") as opened:
        text = opened.read(_MOST_CHARS + 1)
    if len(text) > _MOST_CHARS:
        raise OSError(0, f"is longer than {_MOST_CHARS} characters")
    return text
