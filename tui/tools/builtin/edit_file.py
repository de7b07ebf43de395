"""Changes a part of a text file: one text for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from tui.chat.events import Ask
from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin.files import shown
from tui.tools.builtin.files.changes import Before, Changes, Make, call_key
from tui.tools.builtin.files.content import Content
from tui.tools.builtin.files.root import Root
from tui.tools.builtin.files.threads import in_thread
from tui.tools.builtin.write_file import ask_for
from tui.tools.toolbox import ToolError

_MOST_NAMED = 10
_MOST_COMPARED = 5_000
_QUOTED_CHARS = 600


class EditFile:
    """Asks with a diff, then replaces in one step; encoding and line ends of the file are kept."""

    spec = ToolSpec(
        "edit_file",
        "Replace a text in a file of the working directory. old must be exactly what is in the file, and be"
        " there only once (give lines around it to make it so), unless all is true.",
        {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "relative to the working directory"},
                "old": {"type": "string", "description": "the text as it is, with its white space"},
                "new": {"type": "string", "description": "what to put there; empty to delete"},
                "all": {
                    "type": ["boolean", "null"],
                    "description": "replace every occurrence; null for the one there is",
                },
            },
            "required": ["path", "old", "new", "all"],
            "additionalProperties": False,
        },
    )

    def __init__(self, root: Root, changes: Changes) -> None:
        self._root = root
        self._changes = changes

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        """What would be changed, with the diff; ToolError where it cannot be."""
        make, key = _plan(arguments)
        change = await in_thread(lambda _: self._changes.look(self._root, arguments["path"], make, key))
        places = " everywhere" if arguments["all"] else ""
        path = change.before.path
        return ask_for(change, f"edit {path}{places}", f"every edit_file of {path}")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """Replace, and say how often; ToolError when nothing was changed."""
        make, key = _plan(arguments)
        change = await in_thread(
            lambda still_wanted: self._changes.make(
                self._root, arguments["path"], make, key, still_wanted, merges=True
            )
        )
        before = change.before
        assert before.content is not None
        first = _places(*_comparable(before.content, arguments["old"]))[0]
        return f"edited {before.path} from line {first:,}; it has {shown.size(change.size)} now"


def _plan(arguments: Mapping[str, Json]) -> tuple[Make, str]:
    """What makes the new content, and what tells the call from others."""
    old, new, everywhere = arguments["old"], arguments["new"], bool(arguments["all"])
    if not old:
        raise ToolError("old is empty; give the text to replace, or write a new file with write_file")
    if old == new:
        raise ToolError("old and new are the same; nothing would change")
    if "\0" in new:
        raise ToolError("new has a NUL character in it; only text is written")

    def make(before: Before) -> Content:
        if before.content is None:
            raise ToolError(f"there is no {before.path}; write_file makes new files")
        return replace(before.content, text=replaced(before.content, before.path, old, new, everywhere))

    return make, call_key("edit_file", arguments)


def replaced(content: Content, path: str, old: str, new: str, everywhere: bool) -> str:
    """The file's text with ``new`` for ``old``; ToolError unless it is there once, or ``everywhere``."""
    text, wanted = _comparable(content, old)
    places = _places(text, wanted)
    if not places:
        raise ToolError(f"old is not in {path}{_hint(text, wanted, content)}")
    if len(places) > 1 and not everywhere:
        named = ", ".join(f"{line:,}" for line in places[:_MOST_NAMED])
        more = " and more" if len(places) > _MOST_NAMED else ""
        raise ToolError(
            f"old is {len(places):,} times in {path}, at lines {named}{more};"
            " give lines around it so that only one fits, or set all to true"
        )
    put = new.replace("\r\n", "\n") if content.line_ends == "CRLF" else new
    text = text.replace(wanted, put)
    return text.replace("\n", "\r\n") if content.line_ends == "CRLF" else text


def _comparable(content: Content, old: str) -> tuple[str, str]:
    """Text and what is looked for in it; where all lines end in CRLF, a model's plain newlines mean those."""
    if content.line_ends == "CRLF":
        return content.text.replace("\r\n", "\n"), old.replace("\r\n", "\n")
    return content.text, old


def _places(text: str, wanted: str) -> list[int]:
    """The line, from 1, of each occurrence; those that overlap count, for any of them might be meant."""
    places: list[int] = []
    at, line, passed = text.find(wanted), 1, 0
    while at >= 0:
        line += text.count("\n", passed, at)
        places.append(line)
        passed = at
        at = text.find(wanted, at + 1)
    return places


def _hint(text: str, wanted: str, content: Content) -> str:
    """What is there instead: the same but for white space, or a line like the first one wanted."""
    if content.line_ends == "mixed" and wanted in text.replace("\r\n", "\n"):
        return "; the lines of this file end partly in CRLF, so give one line at a time"
    lines = text.split("\n")
    plain = [line.strip() for line in lines]
    sought = [line.strip() for line in wanted.strip().split("\n")]
    for start, line in enumerate(plain):
        if line == sought[0] and plain[start : start + len(sought)] == sought:
            there = "\n".join(lines[start : start + len(sought)])[:_QUOTED_CHARS]
            return f"; from line {start + 1:,} it differs only in white space, there it is:\n{there}"
    near = get_close_matches(sought[0], plain[:_MOST_COMPARED], n=1)
    if not near:
        return "; read the file again and copy the text exactly"
    start = plain.index(near[0])
    return f"; the nearest line is {start + 1:,}:\n{lines[start][:_QUOTED_CHARS]}"
