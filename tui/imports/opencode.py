"""opencode's exports: messages of parts, a call and its result in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.json_text import dump_text
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Dialect, Foreign, Json, Text, ToolResult, UserPart
from tui.chat.record import SessionRecord, SessionState
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.generations import vendor_named
from tui.imports.answers import heard, message_of
from tui.imports.draft import Draft
from tui.imports.fields import decimal, obj, objects, text, unix_time, whole
from tui.imports.limits import quoted, refused
from tui.imports.media import attachment
from tui.imports.reading import Reading
from tui.imports.remarks import CUT, UNREAD
from tui.imports.source import Source

_SILENT = frozenset({"step-start", "step-finish", "snapshot", "patch", "agent", "retry", "compaction"})
"""Parts that tell what the program did, and went to no model."""


def is_export(value: Json) -> bool:
    """Whether a value is an exported session."""
    messages = value.get("messages") if isinstance(value, dict) else None
    if not isinstance(messages, list) or not isinstance(value.get("info"), dict):
        return False
    return all(isinstance(m, dict) and isinstance(m.get("info"), dict) for m in messages)


def read_opencode(source: Source, reading: Reading) -> SessionRecord:
    """The session in an export; UsageError when it holds no message."""
    info = obj(source.value, "info")
    draft = Draft(reading)
    leaf: str | None = None
    model = ""
    system: str | None = None
    for number, message in enumerate(objects(source.value, "messages")):
        told = obj(message, "info")
        model = text(told, "modelID") or text(obj(told, "model"), "modelID") or model
        reader = _Message(message, f"messages.{number}", reading)
        for said in reader.messages():
            bound = draft.depth(leaf) + 1
            leaf = draft.add(said, leaf, system=system, bound_from=bound)
    says = (
        "The system prompt and the tools are not in the file: a model that binds its thinking to them "
        "does not get it back."
    )
    reading.remarks.say(UNREAD, says)
    state = SessionState(model=model, leaf=leaf, bound_from=draft.depth(leaf))
    created = unix_time(obj(info, "time").get("created"))
    return draft.record(source="opencode", state=state, title=text(info, "title"), created=created)


class _Message:
    """One exported message: a prompt, or an answer of one or more steps with the results of its calls."""

    def __init__(self, message: dict[str, Json], path: str, reading: Reading) -> None:
        self._info = obj(message, "info")
        self._parts = list(objects(message, "parts"))
        self._path = path
        self._reading = reading
        time = obj(self._info, "time")
        self._begun = unix_time(time.get("created")) or 0.0
        self._at = unix_time(time.get("completed")) or self._begun

    def messages(self) -> Iterator[Message]:
        """The messages it stands for."""
        role = text(self._info, "role")
        if role == "user":
            parts = tuple(self._prompt())
            if parts:
                yield UserMessage(self._reading.new_id(), parts, self._begun)
        elif role == "assistant":
            yield from self._answers()
        else:
            raise refused(f"{self._path} has no role that a session takes: {quoted(role)}")

    def _prompt(self) -> Iterator[UserPart]:
        for part in self._parts:
            kind = text(part, "type")
            if kind == "text":
                if part.get("ignored") is not True:
                    yield Text(text(part, "text"))
            elif kind == "file":
                yield attachment("file", text(part, "url"), text(part, "filename"))
            elif kind not in _SILENT:
                self._unread(kind)

    def _answers(self) -> Iterator[Message]:
        steps = list(self._steps())
        for parts in steps:
            blocks = list(self._blocks(parts))
            answer = self._reply(blocks, parts, only=len(steps) == 1)
            if answer is not None:
                yield answer
            results = tuple(self._result(part) for part in parts if _has_ended(part))
            if results:
                yield ToolMessage(self._reading.new_id(), results, self._at)
        if obj(self._info, "error"):
            name = text(obj(self._info, "error"), "name")
            self._reading.remarks.say(CUT, f"An answer ended in an error: {quoted(name)}.", self._path)

    def _steps(self) -> Iterator[list[dict[str, Json]]]:
        """The parts of each step; older versions put several into one message."""
        step: list[dict[str, Json]] = []
        for part in self._parts:
            if text(part, "type") == "step-start" and step:
                yield step
                step = []
            step.append(part)
        if step:
            yield step

    def _blocks(self, parts: list[dict[str, Json]]) -> Iterator[dict[str, Json]]:
        """The parts as blocks of the Messages format, whose order of things they have."""
        for part in parts:
            kind = text(part, "type")
            if kind == "text" and part.get("ignored") is not True:
                yield {"type": "text", "text": text(part, "text")}
            elif kind == "reasoning":
                yield _thinking(part)
            elif kind == "tool":
                given = obj(obj(part, "state"), "input")
                id, name = text(part, "callID"), text(part, "tool")
                yield {"type": "tool_use", "id": id, "name": name, "input": given}
            elif kind not in _SILENT and kind != "text":
                self._unread(kind)

    def _reply(
        self, blocks: list[dict[str, Json]], parts: list[dict[str, Json]], *, only: bool
    ) -> AssistantMessage | None:
        provider = text(self._info, "providerID")
        dialect: Dialect = "messages" if any("signature" in b or "data" in b for b in blocks) else "chat"
        known = provider if vendor_named(provider) in _VENDORS else ""
        origin = self._reading.origin(dialect, text(self._info, "modelID"), provider=known)
        body = {"type": "message", "content": blocks}
        # The blocks are read by the one format that keeps thoughts, words and calls in their order.
        found = heard((Frame(WHOLE_BODY, dump_text(body), self._at),), replace(origin, dialect="messages"))
        if found.broken:
            raise refused(f"{self._path} cannot be read: {quoted(found.broken, 120)}")
        if not found.reply.parts:
            return None
        said = found.reply.parts
        if dialect != "messages":
            said = tuple(replace(part, opaque=None) for part in said if not isinstance(part, Foreign))
        answer = message_of(self._reading.new_id(), replace(found.reply, parts=said), origin, self._at)
        told = self._info if only else next((p for p in parts if text(p, "type") == "step-finish"), {})
        return replace(answer, usage=_usage(obj(told, "tokens")), cost=_cost(told))

    def _result(self, part: dict[str, Json]) -> ToolResult:
        state = obj(part, "state")
        failed = text(state, "status") == "error"
        said = text(state, "error" if failed else "output")
        parts: list[UserPart] = [Text(said)] if said else []
        files = objects(state, "attachments")
        parts += [attachment("file", text(file, "url"), text(file, "filename")) for file in files]
        return ToolResult(text(part, "callID"), tuple(parts), failed)

    def _unread(self, kind: str) -> None:
        self._reading.remarks.say(UNREAD, f"A {quoted(kind, 30)} part is left out.", self._path)


_VENDORS = frozenset({"anthropic", "openai", "gemini", "xai", "bedrock", "vertex", "azure", "deepseek"})


def _has_ended(part: dict[str, Json]) -> bool:
    status = text(obj(part, "state"), "status")
    return text(part, "type") == "tool" and status in ("completed", "error")


def _thinking(part: dict[str, Json]) -> dict[str, Json]:
    """A thought; with the seal where the export has kept what the vendor said about it."""
    kept = obj(obj(part, "metadata"), "anthropic")
    if redacted := text(kept, "redactedData"):
        return {"type": "redacted_thinking", "data": redacted}
    block: dict[str, Json] = {"type": "thinking", "thinking": text(part, "text")}
    signature = text(kept, "signature")
    return {**block, "signature": signature} if signature else block


def _usage(tokens: dict[str, Json]) -> Usage | None:
    cache = obj(tokens, "cache")
    reasoning, output = whole(tokens, "reasoning"), whole(tokens, "output")
    if reasoning and output is not None:
        # The export counts reasoning beside the output.
        output += reasoning
    usage = Usage(
        input=whole(tokens, "input"),
        cache_read=whole(cache, "read"),
        cache_write_5m=whole(cache, "write"),
        output=output,
        reasoning=reasoning,
    )
    return usage if any((usage.input, usage.cache_read, usage.cache_write_5m, usage.output)) else None


def _cost(told: dict[str, Json]) -> Cost:
    """What the export computed; its zero stands for a price it does not know."""
    usd = decimal(told.get("cost"))
    return Cost(usd, "computed") if usd else UNKNOWN_COST
