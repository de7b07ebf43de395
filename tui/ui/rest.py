"""What the first frame does without: imported behind it, before somebody needs it and would wait for it."""

from __future__ import annotations

import sys
from importlib import import_module
from time import sleep

from textual.worker import get_current_worker

REST = (
    # What the first turn needs, from sending it to showing its answer.
    "tui.engine.turn",
    "tui.wire.messages",
    "tui.wire.chat_completions",
    "tui.wire.responses",
    "tui.ui.transcript.history",
    "tui.ui.transcript.markdown.document",
    "tui.ui.transcript.markdown.lexed",
    "tui.ui.asked",
    # What a key opens, the likeliest first.
    "tui.ui.screens.models",
    "tui.ui.screens.settings",
    "tui.ui.screens.sessions",
    "tui.ui.screens.help",
    "tui.ui.widgets.inspector_wire",
    "tui.ui.widgets.inspector_seals",
    "tui.ui.screens.inspector",
    "tui.ui.wire.viewer",
    "tui.ui.screens.tree",
    "tui.ui.screens.tools",
    "tui.ui.screens.exports",
    "tui.ui.screens.costs",
    "tui.ui.wire.diff_screen",
    "tui.ui.wire.lanes_screen",
    "tui.ui.wire.replay_form",
    "tui.ui.wire.shadow_form",
    "tui.ui.screens.probe",
    "tui.ui.screens.limits",
    # At a crash nothing should have to be read any more.
    "rich.traceback",
)
"""The modules, in the order they are imported; each brings what it needs itself."""
BREATH_S = 0.01
"""Between two of them keys come first."""


def import_rest() -> None:
    """Import it in the thread of a worker; ends early when the worker is cancelled."""
    worker = get_current_worker()
    for name in REST:
        if name in sys.modules:
            continue
        if worker.is_cancelled:
            return
        import_module(name)
        sleep(BREATH_S)
