"""A request body of /v1/responses, or a list of its items, as a history."""

from __future__ import annotations

import json

from tui.chat.parts import Json, Text, ToolResult, UserPart
from tui.imports.answers import said
from tui.imports.fields import obj, text
from tui.imports.limits import quoted, refused
from tui.imports.media import responses_part
from tui.imports.parameters import responses_overrides
from tui.imports.reading import Reading
from tui.imports.remarks import CUT, UNREAD
from tui.imports.told import Asked, Told, asked, numbered

_RESULTS = frozenset(
    {
        "function_call_output",
        "custom_tool_call_output",
        "local_shell_call_output",
        "shell_call_output",
        "computer_call_output",
        "apply_patch_call_output",
        "tool_search_output",
    }
)
_CALLS = frozenset(
    {
        "custom_tool_call",
        "local_shell_call",
        "shell_call",
        "computer_call",
        "apply_patch_call",
        "tool_search_call",
    }
)
"""Calls of other kinds than functions: kept as functions' calls, so that their results have a place."""
_BARE = frozenset({"type", "id", "call_id", "status", "name", "input"})


def read_responses(
    body: dict[str, Json], reading: Reading, at: float, *, provider: str = "", upstream: str = ""
) -> Asked:
    """The request in ``body``; UsageError with the path where it is none.

    ``at`` is when it was sent; ``upstream`` the model behind an alias, where a file tells it.
    """
    items = body.get("input")
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    if not isinstance(items, list):
        raise refused("the request has no input")
    history = Items(reading, at, upstream or text(body, "model"), provider)
    history.system = text(body, "instructions") or None
    if body.get("previous_response_id"):
        says = "What was said before is stored with the vendor and not in the file."
        reading.remarks.say(CUT, says, "previous_response_id")
    for path, item in numbered(items, "input"):
        history.add(item, path)
    history.close()
    return asked(
        body, reading, history.told, history.origin, history.system, responses_overrides(body, reading)
    )


class Items:
    """Reads items one by one; what a model made in a row is one answer."""

    def __init__(self, reading: Reading, at: float, model: str, provider: str = "") -> None:
        self.told = Told(reading, at)
        self.origin = reading.origin("responses", model, provider=provider)
        self.system: str | None = None
        self.failed: set[str] = set()
        """Ids of calls that are known to have failed."""
        self._reading = reading
        self._made: list[dict[str, Json]] = []
        self._path = ""

    def add(self, item: dict[str, Json], path: str) -> None:
        """Take one item; ``path`` is its place in the file."""
        kind, role = text(item, "type") or "message", text(item, "role")
        if kind in _RESULTS:
            self.close()
            self.told.results([self._result(item, path)])
        elif kind == "message" and role != "assistant":
            self.close()
            self._said(role, item, path)
        elif kind == "item_reference":
            says = "An item that is stored with the vendor is not in the file."
            self._reading.remarks.say(CUT, says, path)
        else:
            self._path = self._path if self._made else path
            self._made.append(self._own(item, kind, path))

    def close(self) -> None:
        """The answer that was growing is whole."""
        made, self._made = self._made, []
        if not made:
            return
        try:
            reply = said({"output": made, "status": "completed"}, self.origin)
        except ValueError as error:
            raise refused(f"{self._path} cannot be read: {error}") from None
        self.told.answer(reply, self.origin)

    def _own(self, item: dict[str, Json], kind: str, path: str) -> dict[str, Json]:
        """An item of an answer in the form the wire has it in."""
        if kind in _CALLS:
            self.told.changed(f"A {kind} is kept as a function's call.", path)
            return _as_function(item, kind)
        if kind == "message":
            content = item.get("content")
            if isinstance(content, str):
                content = [{"type": "output_text", "text": content}]
            named = item if "type" in item else {"type": "message", **item}
            return {**named, "content": content if content is not None else []}
        return item

    def _said(self, role: str, item: dict[str, Json], path: str) -> None:
        parts = self._parts(item.get("content"), path)
        if role == "user":
            self.told.user(parts)
        elif role in ("system", "developer"):
            words = "\n\n".join(part.text for part in parts if isinstance(part, Text) and part.text)
            if self.told.messages:
                self.told.changed("A system message among the others is kept as a prompt.", path)
                self.told.user([Text(f"[{role}] {words}")])
            elif words:
                self.told.changed("System messages of the input are part of the system prompt now.", path)
                self.system = f"{self.system}\n\n{words}" if self.system else words
        else:
            raise refused(f"{path} has no role that a request takes: {quoted(role)}")

    def _result(self, item: dict[str, Json], path: str) -> ToolResult:
        output = item.get("output")
        is_error = text(item, "call_id") in self.failed
        if isinstance(output, dict):
            # Some writers keep beside the text whether the tool succeeded.
            is_error = is_error or output.get("success") is False
            output = output.get("content", output.get("output", json.dumps(output, ensure_ascii=False)))
        return ToolResult(text(item, "call_id"), tuple(self._parts(output, path)), is_error)

    def _parts(self, content: Json, path: str) -> list[UserPart]:
        if content is None:
            return []
        if isinstance(content, str):
            return [Text(content)]
        if not isinstance(content, list):
            raise refused(f"{path}: content is neither text nor a list")
        out: list[UserPart] = []
        for piece in content:
            if not isinstance(piece, dict):
                raise refused(f"{path}: content holds what is no content part")
            part, exact = responses_part(piece)
            if not exact:
                kind = (text(piece, "type") or "untyped")[:40]
                self.told.changed(f"A {kind} part is kept in another form than it was sent in.", path)
            out.append(part)
        return out


def is_local(item: dict[str, Json], reading: Reading, path: str) -> bool:
    """Whether an item is another program's own note, and never went to a model."""
    kind = text(item, "type")
    if kind not in ("ghost_snapshot", "other"):
        return False
    reading.remarks.say(UNREAD, f"A {kind} is another program's own note.", path)
    return True


def _as_function(item: dict[str, Json], kind: str) -> dict[str, Json]:
    """A call of another kind as a function's: its text as ``input``, or all that describes it."""
    if isinstance(item.get("input"), str):
        arguments: Json = {"input": item["input"]}
    else:
        arguments = obj(item, "action") or {k: v for k, v in item.items() if k not in _BARE}
    name = text(item, "name") or kind.removesuffix("_call")
    call_id = text(item, "call_id") or text(item, "id")
    written = json.dumps(arguments, ensure_ascii=False)
    return {"type": "function_call", "call_id": call_id, "name": name, "arguments": written}
