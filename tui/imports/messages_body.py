"""A request body of /v1/messages as a history."""

from __future__ import annotations

from tui.chat.parts import Document, Image, Json, Text, ToolResult, UserPart
from tui.imports.answers import said
from tui.imports.fields import objects, text
from tui.imports.limits import refused
from tui.imports.media import messages_part
from tui.imports.parameters import messages_overrides
from tui.imports.reading import Reading
from tui.imports.remarks import CHANGED
from tui.imports.told import Asked, Told, asked


def read_messages(
    body: dict[str, Json], reading: Reading, at: float, *, provider: str = "", upstream: str = ""
) -> Asked:
    """The request in ``body``; UsageError with the path where it is none.

    ``at`` is when it was sent; ``upstream`` the model behind an alias, where a file tells it.
    """
    history = History(reading, at, upstream or text(body, "model"), provider)
    wire = body.get("messages")
    if not isinstance(wire, list):
        raise refused("the request has no list of messages")
    history.add_all(wire)
    system, exact = system_in(body.get("system"), reading)
    history.told.is_exact = history.told.is_exact and exact
    return asked(body, reading, history.told, history.origin, system, messages_overrides(body, reading))


def system_in(system: Json, reading: Reading) -> tuple[str | None, bool]:
    """A system prompt given as text or blocks, and whether it goes out again as it is."""
    if isinstance(system, str):
        return system or None, True
    if not isinstance(system, list):
        return None, True
    texts = [text(block, "text") for block in system if isinstance(block, dict)]
    said_texts = [piece for piece in texts if piece]
    if len(said_texts) > 1:
        says = f"The system prompt's {len(said_texts)} blocks are one text now, parted by blank lines."
        reading.remarks.say(CHANGED, says, "system")
    return "\n\n".join(said_texts) or None, len(said_texts) < 2


class History:
    """Reads the messages of the Messages format one by one; neighbours of one role are one message."""

    def __init__(self, reading: Reading, at: float, model: str, provider: str = "") -> None:
        self.told = Told(reading, at)
        self.origin = reading.origin("messages", model, provider=provider)
        self._reading = reading

    def add_all(self, wire: list[Json]) -> None:
        """Take all messages of a request."""
        place = 0
        while place < len(wire):
            message = wire[place]
            path = f"messages.{place}"
            if not isinstance(message, dict):
                raise refused(f"{path} is no object")
            role = message.get("role")
            place += 1
            if role == "assistant":
                blocks = self._blocks(message, path)
                while place < len(wire) and isinstance(wire[place], dict) and wire[place].get("role") == role:
                    blocks += self._blocks(wire[place], f"messages.{place}")
                    place += 1
                self._answer(blocks, path)
            elif role == "user":
                self.user(self._blocks(message, path), path)
            elif role in ("system", "developer"):
                said_text = "\n".join(text(b, "text") for b in self._blocks(message, path))
                self.told.changed("A system message among the others is kept as a prompt.", path)
                self.told.user([Text(f"[system] {said_text}")])
            else:
                raise refused(f"{path} has no role that a request to /v1/messages takes: {role!r:.40}")

    def user(self, blocks: list[dict[str, Json]], path: str = "") -> None:
        """Take a prompt's blocks: results apart from what else was said."""
        results: list[ToolResult] = []
        parts: list[UserPart] = []
        for block in blocks:
            if block.get("type") == "tool_result":
                if parts:
                    self.told.changed("Tool results that stood behind other words are put first.", path)
                results.append(self.result(block, path))
            else:
                parts.append(self.part(block, path))
        self.told.results(results)
        self.told.user(parts)

    def result(self, block: dict[str, Json], path: str = "") -> ToolResult:
        """The result in a ``tool_result`` block."""
        content = block.get("content")
        parts: list[Text | Image | Document] = []
        if isinstance(content, str):
            parts = [Text(content)] if content else []
        elif isinstance(content, list):
            parts = [self.part(_plain(piece), path) for piece in content if isinstance(piece, dict)]
        elif content is not None:
            raise refused(f"{path}: the content of a tool result is neither text nor blocks")
        return ToolResult(text(block, "tool_use_id"), tuple(parts), block.get("is_error") is True)

    def part(self, block: dict[str, Json], path: str) -> UserPart:
        """The part in any other block of a prompt."""
        part, exact = messages_part(block)
        if not exact:
            kind = text(block, "type") or "untyped"
            self.told.changed(f"A {kind[:40]} block is kept in another form than it was sent in.", path)
        return part

    def _answer(self, blocks: list[dict[str, Json]], path: str) -> None:
        try:
            self.told.answer(said({"type": "message", "content": blocks}, self.origin), self.origin)
        except ValueError as error:
            raise refused(f"{path} cannot be read: {error}") from None

    def _blocks(self, message: dict[str, Json], path: str) -> list[dict[str, Json]]:
        content = message.get("content")
        if isinstance(content, str):
            return [{"type": "text", "text": content}]
        if not isinstance(content, list):
            raise refused(f"{path}.content is neither text nor a list of blocks")
        if not all(isinstance(block, dict) for block in content):
            raise refused(f"{path}.content holds what is no block")
        return [_plain(block) for block in content]


def message_blocks(message: dict[str, Json]) -> list[dict[str, Json]]:
    """The blocks of a message; none where it has no content that can be read."""
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return [_plain(block) for block in objects(message, "content")]


def _plain(block: dict[str, Json]) -> dict[str, Json]:
    """A block without its cache marker, which is the sender's and no part of what was said.

    Four are taken a request, and ours goes at its top.
    """
    return {key: value for key, value in block.items() if key != "cache_control"}
