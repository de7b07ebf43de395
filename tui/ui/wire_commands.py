"""What a person can do with exchanges and costs, as rows of the table of commands."""

from __future__ import annotations

from tui.ui.command import Command

WIRE: tuple[Command, ...] = ()
