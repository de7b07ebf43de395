"""Claude Code's transcripts: a tree of lines, several to one answer, as the tree of messages they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.json_text import dump_text
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Json, ToolResult
from tui.chat.record import SessionRecord, SessionState
from tui.imports.answers import heard, message_of
from tui.imports.draft import Draft
from tui.imports.fields import obj, text, unix_time
from tui.imports.limits import quoted, refused
from tui.imports.messages_body import History, message_blocks
from tui.imports.reading import Reading
from tui.imports.remarks import CUT, UNREAD
from tui.imports.source import Source

_TITLES = (("custom-title", "customTitle"), ("ai-title", "aiTitle"), ("summary", "summary"))
"""Kinds of lines that name a session, the best first, and the field with the name."""
_MADE_UP = "<synthetic>"
"""What stands for the model where the program says something itself."""
_OUTSIDE = "<persisted-output>"


def is_line(line: Json) -> bool:
    """Whether a line is one of a transcript's messages."""
    kind = text(line, "type")
    return kind in ("user", "assistant") and "uuid" in line and isinstance(line.get("message"), dict)


def read_claude_code(source: Source, reading: Reading) -> SessionRecord:
    """The session in a transcript; UsageError when it holds no message."""
    lines = source.objects()
    tree = _Tree(reading)
    for number, line in lines:
        tree.take(line, f"line {number}")
    return tree.record(_title(lines))


@dataclass(slots=True)
class _Said:
    """One message as the file tells it."""

    path: str
    parent: str | None
    """Key of the message it follows."""
    at: float
    blocks: list[dict[str, Json]]
    role: str
    """user, assistant, or tool for results."""
    is_side: bool
    model: str = ""
    stop: str = ""
    usage: dict[str, Json] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    """Its blocks as text: which are there already."""


class _Tree:
    """Messages by their keys: an answer's is the vendor's id of it, any other's is its line's.

    Results are one message with their calls' answer before it, however many lines tell them and
    wherever in the chain those stand.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._keys: dict[str, str | None] = {}
        """By a line's id, the key of its message, or of the last message before it."""
        self._said: dict[str, _Said] = {}
        self._calls: dict[str, str] = {}
        """By a call's id, the key of the answer it is in."""
        self._ids: dict[str, str] = {}
        """By key, the id of the message that was made."""
        self._draft = Draft(reading)

    def take(self, line: dict[str, Json], path: str) -> None:
        """Take one line."""
        uuid = text(line, "uuid")
        if not uuid:
            return
        if uuid in self._keys:
            self._reading.remarks.say(CUT, "A line whose id is taken already is left out.", path)
            return
        before = text(line, "parentUuid")
        parent = self._keys.get(before)
        if before and before not in self._keys and is_line(line):
            says = "A message follows one that is not in the file; it begins a branch of its own."
            self._reading.remarks.say(CUT, says, path)
        if not is_line(line) or not self._is_said(line, path):
            # Its place in the chain counts: what follows it follows what stands before it.
            self._keys[uuid] = parent
        elif text(line, "type") == "assistant":
            self._keys[uuid] = self._answer(line, uuid, parent, path)
        else:
            self._keys[uuid] = self._user(line, uuid, parent, path)

    def record(self, title: str) -> SessionRecord:
        """The whole session."""
        main: str | None = None
        for key, said in self._said.items():
            id = self._made(key)
            if id is not None and not said.is_side:
                main = id
        leaf = main or self._draft.last
        remarks = self._reading.remarks
        if any(said.is_side for said in self._said.values()):
            remarks.say(UNREAD, "What subagents said stands beside the conversation, as branches.")
        says = (
            "The system prompt and the tools are not in the file: a model that binds its thinking to them "
            "does not get it back."
        )
        remarks.say(UNREAD, says, mend="the conversation goes on without that thinking")
        model = self._model(leaf)
        bound = self._draft.depth(leaf)
        state = SessionState(model=model, leaf=leaf, bound_from=bound)
        return self._draft.record(source="claude-code", state=state, title=title)

    def _is_said(self, line: dict[str, Json], path: str) -> bool:
        """Whether a message was really said: errors of the interface are told as answers, too."""
        if line.get("isApiErrorMessage") is True:
            self._reading.remarks.say(UNREAD, "A failed call is left out.", path)
            return False
        return line.get("isVisibleInTranscriptOnly") is not True

    def _answer(self, line: dict[str, Json], uuid: str, parent: str | None, path: str) -> str:
        message = obj(line, "message")
        key = text(message, "id") or uuid
        said = self._said.get(key)
        if said is None:
            said = self._new(key, line, parent, path, "assistant")
            said.model = text(message, "model")
        for block in message_blocks(message):
            written = dump_text(block)
            if written not in said.written:
                # Some versions write what came before again with each line.
                said.written.add(written)
                said.blocks.append(block)
                if block.get("type") == "tool_use":
                    self._calls.setdefault(text(block, "id"), key)
        said.stop = text(message, "stop_reason") or said.stop
        said.usage = obj(message, "usage") or said.usage
        return key

    def _user(self, line: dict[str, Json], uuid: str, parent: str | None, path: str) -> str | None:
        key = parent
        others: list[dict[str, Json]] = []
        for block in message_blocks(obj(line, "message")):
            if block.get("type") == "tool_result":
                key = self._result(block, line, parent, path)
            else:
                others.append(block)
        if others:
            self._new(uuid, line, key, path, "user").blocks = others
            key = uuid
        return key

    def _result(self, block: dict[str, Json], line: dict[str, Json], parent: str | None, path: str) -> str:
        owner = self._calls.get(text(block, "tool_use_id"), parent)
        key = f"{owner} results"
        said = self._said.get(key) or self._new(key, line, owner, path, "tool")
        if _OUTSIDE in dump_text(block):
            says = "A tool's long output is in a file beside the transcript; its beginning is here."
            self._reading.remarks.say(CUT, says, path)
        said.blocks.append(block)
        return key

    def _new(self, key: str, line: dict[str, Json], parent: str | None, path: str, role: str) -> _Said:
        at = unix_time(line.get("timestamp")) or 0.0
        side = line.get("isSidechain") is True
        said = self._said[key] = _Said(path, parent, at, [], role, side)
        return said

    def _made(self, key: str) -> str | None:
        """The id of the message of ``key``, made now if need be; None where nothing was said."""
        if key in self._ids:
            return self._ids[key]
        said = self._said[key]
        message = self._message(said)
        parent = self._parent(said)
        if message is None:
            return parent
        bound = self._draft.depth(parent) + 1
        self._ids[key] = self._draft.add(message, parent, bound_from=bound)
        return self._ids[key]

    def _parent(self, said: _Said) -> str | None:
        """The id of the message before: behind an answer with calls, their results come first."""
        key = said.parent
        while key is not None:
            results = f"{key} results"
            if said.role != "tool" and results in self._said and self._said[results] is not said:
                return self._made(results)
            if key in self._ids:
                return self._ids[key]
            key = self._said[key].parent if key in self._said else None
        return None

    def _message(self, said: _Said) -> Message | None:
        history = History(self._reading, said.at, said.model)
        new_id = self._reading.new_id
        if said.role == "tool":
            results: dict[str, ToolResult] = {}
            for block in said.blocks:
                result = history.result(block, said.path)
                results.setdefault(result.call_id, result)
            return ToolMessage(new_id(), tuple(results.values()), said.at)
        if said.role == "user":
            return UserMessage(new_id(), tuple(history.part(b, said.path) for b in said.blocks), said.at)
        return self._reply(said)

    def _reply(self, said: _Said) -> AssistantMessage | None:
        model = "" if said.model == _MADE_UP else said.model
        origin = self._reading.origin("messages", model)
        usage = said.usage
        if not said.stop:
            # Before the end is told, the count of what came out is a placeholder.
            usage = {key: value for key, value in usage.items() if key != "output_tokens"}
        body = {"type": "message", "content": said.blocks, "stop_reason": said.stop, "usage": usage}
        found = heard((Frame(WHOLE_BODY, dump_text(body), said.at),), origin)
        if found.broken:
            raise refused(f"{said.path} cannot be read: {quoted(found.broken, 120)}")
        if not found.reply.parts:
            return None
        return message_of(self._reading.new_id(), found.reply, origin, said.at)

    def _model(self, leaf: str | None) -> str:
        """The name of the model that answered last before ``leaf``."""
        names = {self._ids[key]: said.model for key, said in self._said.items() if key in self._ids}
        while leaf is not None:
            if names.get(leaf, "") not in ("", _MADE_UP):
                return names[leaf]
            leaf = self._draft[leaf].parent
        return ""


def _title(lines: Sequence[tuple[int, dict[str, Json]]]) -> str:
    for kind, name in _TITLES:
        titles = [text(line, name) for _, line in lines if text(line, "type") == kind]
        if any(titles):
            return next(title for title in reversed(titles) if title)
    return ""
