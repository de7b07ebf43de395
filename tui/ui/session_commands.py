"""What a person can do with sessions, as rows of the table of commands: find, open, branch, hand on."""

from __future__ import annotations

from tui.ui.command import Command

SESSIONS = (
    Command(
        "session.new",
        "New conversation",
        "Start over with an empty history; proxy, model, settings and tools stay.",
        "new",
        slash=("new", "clear"),
    ),
)
