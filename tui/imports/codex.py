"""Codex's rollouts: of the two logs in one file the one that holds what the model saw."""

from __future__ import annotations

from dataclasses import replace

from tui.chat.messages import AssistantMessage
from tui.chat.parts import Json
from tui.chat.record import SessionRecord, SessionState
from tui.chat.usage import Usage
from tui.errors import UsageError
from tui.imports.draft import Draft
from tui.imports.fields import obj, objects, text, unix_time, whole
from tui.imports.limits import quoted
from tui.imports.reading import Reading
from tui.imports.remarks import CHANGED, CUT, UNREAD
from tui.imports.responses_body import Items, is_local
from tui.imports.source import Source

_KINDS = frozenset({"session_meta", "turn_context", "response_item", "event_msg", "compacted", "world_state"})
_ITEMS = frozenset({"message", "reasoning", "function_call", "function_call_output", "local_shell_call"})


def is_line(line: Json) -> bool:
    """Whether a line is one of a rollout."""
    return text(line, "type") in _KINDS and isinstance(line.get("payload"), dict)


def is_old_line(line: Json) -> bool:
    """Whether a line is a bare item, as the first versions wrote them."""
    return text(line, "type") in _ITEMS and ("role" in line or "call_id" in line or "summary" in line)


def read_codex(source: Source, reading: Reading) -> SessionRecord:
    """The session in a rollout; UsageError when it holds no message."""
    rollout = _Rollout(reading)
    for number, line in source.objects():
        path = f"line {number}"
        try:
            rollout.take(line, path)
        except UsageError as error:
            says = "An item that cannot be read is left out."
            reading.remarks.say(UNREAD, says, f"{path}: {quoted(error.what, 120)}")
    return rollout.record()


class _Rollout:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._model = ""
        self._provider = ""
        self._title = ""
        self._system: str | None = None
        self._items = self._fresh()
        self._before: list[Items] = []
        """What was said before the history was made shorter."""

    def take(self, line: dict[str, Json], path: str) -> None:
        """Take one line."""
        at = unix_time(line.get("timestamp"))
        if at is not None:
            self._items.told.at = at
        if is_old_line(line):
            self._items.add(line, path)
            return
        kind, payload = text(line, "type"), obj(line, "payload")
        if kind == "session_meta":
            self._meta(payload)
        elif kind == "turn_context":
            self._turn(payload)
        elif kind == "response_item":
            if not is_local(payload, self._reading, path):
                self._items.add(payload, path)
        elif kind == "compacted":
            self._compacted(payload, path)
        elif kind == "event_msg":
            self._event(payload, path)

    def record(self) -> SessionRecord:
        """The whole session."""
        draft = Draft(self._reading)
        leaf: str | None = None
        for items in (*self._before, self._items):
            items.close()
            system = items.system
            if self._system:
                system = f"{self._system}\n\n{system}" if system else self._system
            leaf = draft.add_all(items.told.messages, system=system) or leaf
        if self._before:
            says = "The history was made shorter on the way; what was said before stands as branches."
            self._reading.remarks.say(CHANGED, says)
        system = draft[leaf].system if leaf else None
        state = SessionState(
            model=self._model,
            endpoint="responses",
            own_system=(system,) if system else None,
            leaf=leaf,
            system=system,
        )
        return draft.record(source="codex", state=state, title=self._title)

    def _fresh(self) -> Items:
        return Items(self._reading, 0.0, self._model, self._provider)

    def _meta(self, payload: dict[str, Json]) -> None:
        told = text(payload, "instructions") or text(obj(payload, "base_instructions"), "text")
        self._system = told or self._system
        self._provider = text(payload, "model_provider") or self._provider
        self._renamed(self._model)

    def _turn(self, payload: dict[str, Json]) -> None:
        self._items.close()
        self._renamed(text(payload, "model") or self._model)

    def _renamed(self, model: str) -> None:
        self._model = model
        self._items.origin = self._reading.origin("responses", model, provider=self._provider)

    def _compacted(self, payload: dict[str, Json], path: str) -> None:
        self._items.close()
        at = self._items.told.at
        self._before.append(self._items)
        self._items = self._fresh()
        self._items.told.at = at
        kept = list(objects(payload, "replacement_history"))
        for item in kept:
            self._items.add(item, path)
        if not kept and (summary := text(payload, "message")):
            self._items.add({"role": "user", "content": summary}, path)

    def _event(self, payload: dict[str, Json], path: str) -> None:
        kind = text(payload, "type")
        if kind == "token_count":
            self._items.close()
            self._counted(obj(obj(payload, "info"), "last_token_usage"))
        elif kind == "exec_command_end":
            self._ended(payload)
        elif kind == "thread_rolled_back":
            says = "Turns that were taken back are still there."
            self._reading.remarks.say(CHANGED, says, path)
        elif kind == "thread_name_updated":
            self._title = text(payload, "thread_name") or self._title
        elif kind == "turn_aborted":
            self._reading.remarks.say(CUT, "A turn was stopped before its end.", path)

    def _counted(self, told: dict[str, Json]) -> None:
        """The newest answer's tokens; a count that was told already is not told again."""
        messages = self._items.told.messages
        total, cached = whole(told, "input_tokens"), whole(told, "cached_input_tokens")
        fresh = total - (cached or 0) if total is not None and (cached or 0) <= total else total
        usage = Usage(
            input=fresh,
            cache_read=cached,
            output=whole(told, "output_tokens"),
            reasoning=whole(told, "reasoning_output_tokens"),
        )
        for place in range(len(messages) - 1, -1, -1):
            message = messages[place]
            if isinstance(message, AssistantMessage):
                if message.usage is None and usage != Usage():
                    messages[place] = replace(message, usage=usage)
                return

    def _ended(self, payload: dict[str, Json]) -> None:
        """A command that failed: its result says so nowhere else."""
        code = payload.get("exit_code")
        if isinstance(code, int) and code != 0:
            self._items.failed.add(text(payload, "call_id"))
