"""What the flags of ``ask`` say about knobs: a preset, then ``--set``, then the flags of their own."""

from __future__ import annotations

from argparse import Namespace

from tui.chat.settings import Overrides, Preset, layered
from tui.config.text_file import read_text
from tui.knobs import parse_assignments


def overrides_of(args: Namespace, preset: Preset | None = None) -> Overrides:
    """What is laid over the configured settings; UsageError for an assignment that is none."""
    flags = {name: getattr(args, name) for name in ("thinking", "max_tokens") if hasattr(args, name)}
    if args.no_stream:
        flags["stream"] = False
    return layered(preset.overrides if preset else {}, parse_assignments(args.set, read_text), flags)
