"""What a person can do with exchanges and costs, as rows of the table of commands."""

from __future__ import annotations

from tui.ui.command import Command

_VIEWER = (
    Command(
        "wire.viewer",
        "Exchange viewer",
        "What exactly was sent and came back: the newest request, or that of TURN.STEP, page by page.",
        "wire",
        keys="f12",
        shown="F12",
        slash=("wire",),
        argument="[TURN.STEP]",
        priority=True,
    ),
)

_DIFF = (
    Command(
        "wire.diff",
        "Compare two exchanges",
        "What differs between two requests and their answers; by itself the newest and the one before it.",
        "diff",
        slash=("diff",),
        argument="[A] [B]",
        group="Wire and cost",
    ),
)

WIRE: tuple[Command, ...] = (*_VIEWER, *_DIFF,)
