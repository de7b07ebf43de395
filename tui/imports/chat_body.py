"""A request body of /v1/chat/completions as a history."""

from __future__ import annotations

from tui.chat.parts import Json, Text, ToolResult, UserPart
from tui.imports.answers import said
from tui.imports.fields import objects, text
from tui.imports.limits import refused
from tui.imports.media import chat_part
from tui.imports.parameters import chat_overrides
from tui.imports.reading import Reading
from tui.imports.remarks import CHANGED
from tui.imports.told import Asked, Told, asked, numbered


def read_chat(
    body: dict[str, Json], reading: Reading, at: float, *, provider: str = "", upstream: str = ""
) -> Asked:
    """The request in ``body``; UsageError with the path where it is none.

    ``at`` is when it was sent; ``upstream`` the model behind an alias, where a file tells it.
    """
    wire = body.get("messages")
    if not isinstance(wire, list):
        raise refused("the request has no list of messages")
    history = _History(reading, at, upstream or text(body, "model"), provider)
    for path, message in numbered(wire, "messages"):
        history.add(message, path)
    return asked(body, reading, history.told, history.origin, history.system, chat_overrides(body, reading))


class _History:
    def __init__(self, reading: Reading, at: float, model: str, provider: str) -> None:
        self.told = Told(reading, at)
        self.origin = reading.origin("chat", model, provider=provider)
        self.system: str | None = None
        self._reading = reading

    def add(self, message: dict[str, Json], path: str) -> None:
        role = message.get("role")
        if role in ("system", "developer"):
            self._system(message, path)
        elif role == "user":
            self.told.user(self._parts(message.get("content"), path))
        elif role == "assistant":
            self._answer(message, path)
        elif role == "tool":
            self._result(text(message, "tool_call_id"), message, path)
        elif role == "function":
            self._result(self.told.last_call_id, message, path)
        else:
            raise refused(f"{path} has no role that a request takes: {role!r:.40}")

    def _system(self, message: dict[str, Json], path: str) -> None:
        content = message.get("content")
        pieces = (
            [content] if isinstance(content, str) else [text(p, "text") for p in objects(message, "content")]
        )
        words = "\n\n".join(piece for piece in pieces if piece)
        if self.told.messages:
            self.told.changed("A system message among the others is kept as a prompt.", path)
            self.told.user([Text(f"[system] {words}")])
        elif self.system is None:
            self.system = words or None
        elif words:
            self.told.changed("Several system messages are one now, parted by blank lines.", path)
            self.system = f"{self.system}\n\n{words}"

    def _answer(self, message: dict[str, Json], path: str) -> None:
        plain = {key: value for key, value in message.items() if key != "cache_control"}
        if isinstance(plain.get("content"), list):
            plain["content"] = [_plain(piece) for piece in plain["content"]]
        body = {"choices": [{"index": 0, "message": plain, "finish_reason": "stop"}]}
        try:
            reply = said(body, self.origin)
        except ValueError as error:
            raise refused(f"{path} cannot be read: {error}") from None
        if not reply.parts:
            self._reading.remarks.say(CHANGED, "An answer that says nothing is left out.", path)
        self.told.answer(reply, self.origin)

    def _result(self, id: str, message: dict[str, Json], path: str) -> None:
        parts = self._parts(message.get("content"), path)
        self.told.results([ToolResult(id, tuple(parts))])

    def _parts(self, content: Json, path: str) -> list[UserPart]:
        if content is None:
            return []
        if isinstance(content, str):
            return [Text(content)]
        if not isinstance(content, list):
            raise refused(f"{path}.content is neither text nor a list")
        out: list[UserPart] = []
        for piece in content:
            if isinstance(piece, str):
                piece = {"type": "text", "text": piece}
            if not isinstance(piece, dict):
                raise refused(f"{path}.content holds what is no content part")
            part, exact = chat_part(_plain(piece))
            if not exact:
                kind = (text(piece, "type") or "untyped")[:40]
                self.told.changed(f"A {kind} part is kept in another form than it was sent in.", path)
            out.append(part)
        return out


def _plain(piece: Json) -> Json:
    """A content part without its cache marker, which is the sender's."""
    if not isinstance(piece, dict):
        return piece
    return {key: value for key, value in piece.items() if key != "cache_control"}
