"""Reads a text file, whole or some lines of it."""

from __future__ import annotations

from collections.abc import Mapping

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin.files import shown
from tui.tools.builtin.files.content import Content, content_of
from tui.tools.builtin.files.diff import line_count
from tui.tools.builtin.files.reading import text_bytes
from tui.tools.builtin.files.root import Root
from tui.tools.builtin.files.threads import in_thread
from tui.tools.toolbox import ToolError

MOST_CHARS = 25_000
"""Most characters of text in one answer, so that no result is cut in its middle."""
MOST_LINE_CHARS = 2_000


class ReadFile:
    """Text of one file below the root, under a line that says what it is and what is left out."""

    spec = ToolSpec(
        "read_file",
        "Read a text file in the working directory. The first line of the answer says which lines follow and"
        " how long the file is; then comes the text, exactly. Long files come in pieces: go on with offset.",
        {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "relative to the working directory"},
                "offset": {
                    "type": ["integer", "null"],
                    "description": "first line, from 1; negative counts from the end; null for the start",
                },
                "limit": {"type": ["integer", "null"], "description": "most lines; null for as many as fit"},
            },
            "required": ["path", "offset", "limit"],
            "additionalProperties": False,
        },
    )

    def __init__(self, root: Root) -> None:
        self._root = root

    async def subject(self, arguments: Mapping[str, Json]) -> str:
        """The real path below the root, for rules to judge."""
        return await in_thread(lambda _: self._root.subject(arguments["path"]))

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """The head line and the text; ToolError for what is no text file below the root."""
        offset, limit = arguments["offset"], arguments["limit"]
        if limit is not None and limit < 1:
            raise ToolError(f"limit is {limit}; it must be at least 1, or null")

        def read(_: object) -> str:
            with self._root.spot(arguments["path"]) as spot:
                data = text_bytes(spot)
                return _told(content_of(data), spot.shown, len(data), offset, limit)

        return await in_thread(read)


def _told(content: Content, path: str, size: int, offset: int | None, limit: int | None) -> str:
    text = content.text.replace("\r\n", "\n") if content.line_ends == "CRLF" else content.text
    total = line_count(text)
    lines = text.split("\n")[:total]
    first = _first(offset, total, path)
    wanted = lines[first - 1 :] if limit is None else lines[first - 1 : first - 1 + limit]
    taken, cut = _fitting(wanted)
    last = first + len(taken) - 1
    about = [path, shown.size(size)]
    if not total:
        about.append("empty")
    elif len(taken) == total:
        about.append(shown.amount(total, "line"))
    else:
        about.append(f"lines {first:,} to {last:,} of {total:,}")
    if last < total:
        about.append(f"go on with offset {last + 1}")
    if cut:
        about.append(f"{shown.amount(cut, 'line')} cut after {MOST_LINE_CHARS:,} characters, marked […]")
    if content.line_ends != "LF":
        about.append(f"{content.line_ends} line ends")
    if content.remark:
        about.append(content.remark)
    if last == total and text and not text.endswith("\n"):
        about.append("no newline at its end")
    end = "" if last == total and not text.endswith("\n") else "\n"
    return f"[{' · '.join(about)}]\n" + "\n".join(taken) + (end if taken else "")


def _first(offset: int | None, total: int, path: str) -> int:
    """The first line to show, counted from 1."""
    if offset is None or offset == 0:
        return 1
    if offset < 0:
        return max(total + offset + 1, 1)
    if offset > max(total, 1):
        raise ToolError(f"offset is {offset}, but {path} has {shown.amount(total, 'line')}")
    return offset


def _fitting(lines: list[str]) -> tuple[list[str], int]:
    """As many of the lines as one answer takes, and how many of them had to be cut."""
    taken: list[str] = []
    room, cut = MOST_CHARS, 0
    for line in lines:
        long = len(line) > MOST_LINE_CHARS
        piece = f"{line[:MOST_LINE_CHARS]} […]" if long else line
        room -= len(piece) + 1
        if room < 0:
            break
        taken.append(piece)
        cut += long
    return taken, cut
