"""Writes a whole text file, new or in the place of what is there."""

from __future__ import annotations

from collections.abc import Mapping

from tui.chat.events import Ask
from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin.files import shown
from tui.tools.builtin.files.changes import Change, Changes, Make, call_key
from tui.tools.builtin.files.content import Content
from tui.tools.builtin.files.diff import line_count, unified
from tui.tools.builtin.files.root import Root
from tui.tools.builtin.files.threads import in_thread
from tui.tools.toolbox import ToolError


class WriteFile:
    """Asks with a diff, then writes in one step; refuses when the file changed since it asked."""

    spec = ToolSpec(
        "write_file",
        "Write a text file in the working directory: a new one, or instead of everything in an existing one."
        " Missing directories are made. To change a part of a file, use edit_file.",
        {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "relative to the working directory"},
                "content": {"type": "string", "description": "the whole text"},
            },
            "required": ["path", "content"],
            "additionalProperties": False,
        },
    )

    def __init__(self, root: Root, changes: Changes) -> None:
        self._root = root
        self._changes = changes

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        """What would be written where, with the diff; ToolError where it cannot be."""
        path, make, key = _plan(arguments)
        change = await in_thread(lambda _: self._changes.look(self._root, path, make, key))
        return ask_for(change, _says(change), f"every write_file to {change.before.path}")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """Write, and say what was written; ToolError when nothing was."""
        path, make, key = _plan(arguments)
        change = await in_thread(
            lambda still_wanted: self._changes.make(self._root, path, make, key, still_wanted)
        )
        done = "created" if change.before.content is None else "rewrote"
        lines = shown.amount(line_count(arguments["content"]), "line")
        return f"{done} {change.before.path}: {lines}, {shown.size(change.size)}"


def ask_for(change: Change, says: str, grants: str) -> Ask:
    """The question about a change of a file; a yes for the session is one for that file."""
    before, path = change.before, change.before.path
    old = "" if before.content is None else before.content.text
    return Ask(
        says=says,
        subject=before.subject,
        grant=f"change {path}",
        grants=grants,
        diff=unified(old, change.after.text, path),
    )


def _plan(arguments: Mapping[str, Json]) -> tuple[str, Make, str]:
    """The path, what makes the new content, and what tells the call from others."""
    content: str = arguments["content"]
    if arguments["path"].endswith("/"):
        raise ToolError("the path ends in /, so it names a directory; name a file")
    if "\0" in content:
        raise ToolError("content has a NUL character in it; only text is written")
    return arguments["path"], lambda _: Content(content, "utf-8"), call_key("write_file", arguments)


def _says(change: Change) -> str:
    before = change.before.content
    after = change.after
    lines = shown.amount(line_count(after.text), "line")
    if before is None:
        return f"create {change.before.path} with {lines}"
    says = f"rewrite {change.before.path}: {shown.amount(line_count(before.text), 'line')} become {lines}"
    if before.line_ends != after.line_ends:
        says += f"; line ends change from {before.line_ends} to {after.line_ends}"
    if before.codec != after.codec or before.bom != after.bom:
        says += f"; the encoding changes ({before.remark or 'it was UTF-8'})"
    return says
