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

WIRE: tuple[Command, ...] = (*_VIEWER,)
