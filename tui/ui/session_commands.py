"""What a person can do with sessions, as rows of the table of commands: find, open, branch, hand on."""

from __future__ import annotations

from tui.ui.command import Command

SESSIONS = (
    Command(
        "session.pick",
        "Sessions",
        "Search everything that was said in any session, and open, rename, pin, archive or delete one.",
        "sessions",
        keys="ctrl+r",
        shown="^R",
        label="sessions",
        slash=("sessions",),
        argument="[WORDS]",
        priority=True,
    ),
    Command(
        "session.new",
        "New conversation",
        "Start over with an empty history; proxy, model, settings and tools stay.",
        "new",
        slash=("new", "clear"),
    ),
    Command(
        "session.temporary",
        "Temporary conversation",
        "Start over with one that is kept nowhere: no session, no draft, no earlier prompts.",
        "temporary",
        slash=("temporary",),
    ),
    Command(
        "session.tree",
        "Branches",
        "The tree of the session, turn by turn: go to another branch, go on from any turn, cut one.",
        "tree",
        keys="f7",
        shown="F7",
        slash=("tree",),
        priority=True,
    ),
    Command(
        "session.rewind",
        "Take the last prompt back",
        "As Esc pressed twice: the prompt to be written anew; its answer stays in the tree.",
        "rewind",
        slash=("rewind",),
    ),
    Command(
        "session.rename",
        "Rename the session",
        "Give the present session a title of your own.",
        "rename",
        slash=("rename",),
        argument="[TITLE]",
    ),
    Command(
        "session.pin",
        "Pin the session",
        "Let the present session stand first in the list, or no longer.",
        "pin",
        slash=("pin",),
    ),
    Command(
        "session.archive",
        "Archive the session",
        "Take the present session out of the list, or put it back; it can still be searched and opened.",
        "archive",
        slash=("archive",),
    ),
    Command(
        "session.delete",
        "Delete the session",
        "Delete the present session and begin another; /undelete brings it back for a week.",
        "delete",
        slash=("delete",),
    ),
    Command(
        "session.undelete",
        "Bring the deleted session back",
        "Open the session that was deleted last.",
        "undelete",
        slash=("undelete",),
    ),
    Command(
        "session.export",
        "Export the session",
        "Write it to a file without secrets: Markdown, a page, JSON or HAR; text-hidden hides all texts.",
        "export",
        slash=("export",),
        argument="[FORMAT] [text-hidden] [PATH]",
    ),
    Command(
        "session.import",
        "Import a file as a session",
        "Make a session of a transcript, a request body, a HAR file, curl or a log, and open it.",
        "import",
        slash=("import",),
        argument="PATH",
    ),
)
