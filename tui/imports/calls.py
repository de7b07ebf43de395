"""Calls of one file as one session: histories that extend one another share their messages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tui.chat.conversation import arguments_object
from tui.chat.json_text import dump_text
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Json, Reasoning, Text, UserPart
from tui.chat.record import Exchange, SessionRecord, SessionState
from tui.chat.settings import fingerprint
from tui.chat.usage import UNKNOWN_COST
from tui.imports.draft import Draft
from tui.imports.limits import MAX_CALLS, refused
from tui.imports.reading import Reading, route_of
from tui.imports.recorded import Call
from tui.imports.remarks import CHANGED
from tui.wire.sealed import seals_in_request

LOST_THINKING = "import-thinking-not-returned"


def session_of(calls: Sequence[Call], reading: Reading, source: str, title: str = "") -> SessionRecord:
    """The session made of ``calls``, open where the longest conversation ends; UsageError for none."""
    if len(calls) > MAX_CALLS:
        raise refused(f"it holds more than {MAX_CALLS:,} calls")
    joined = _Joined(reading)
    for call in calls:
        joined.add(call)
    return joined.record(source, title)


_Terms: TypeAlias = tuple[str | None, str]
"""What a message is said under: the system prompt, and the tools by their fingerprint."""


@dataclass(slots=True)
class _End:
    """Where a call's conversation ends in the tree."""

    call: Call
    leaf: str


class _Joined:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._draft = Draft(reading)
        self._children: dict[tuple[str | None, str], str] = {}
        self._under: dict[str, _Terms] = {}
        """By message, the system prompt and tools it was sent under."""
        self._ends: list[_End] = []
        self._exchanges: list[Exchange] = []
        self._turn = 0

    def add(self, call: Call) -> None:
        """Take one call; messages that are there already are not taken twice."""
        terms = (call.asked.system, fingerprint(call.asked.tools))
        parent: str | None = None
        for message in call.asked.messages:
            parent = self._child(message, parent, call, terms)
        after = parent
        if call.answer is not None:
            parent = self._new(call.answer, parent, call, terms)
        if parent is None:
            return
        self._ends.append(_End(call, parent))
        if call.wire is not None or call.answer is not None or call.failure is not None:
            self._exchange(call, after)

    def record(self, source: str, title: str) -> SessionRecord:
        """The whole session."""
        if not self._ends:
            raise refused("there is no message in it that could be taken")
        end = self._ends[0]
        for later in self._ends:
            if self._draft.depth(later.leaf) >= self._draft.depth(end.leaf):
                end = later
        asked, node = end.call.asked, self._draft[end.leaf]
        roots = sum(parent is None for parent, _ in self._children)
        if roots > 1:
            says = f"{roots} conversations stand side by side as branches; the longest is the open one."
            self._reading.remarks.say(CHANGED, says)
        state = SessionState(
            model=asked.model,
            endpoint=asked.dialect,
            overrides=asked.overrides,
            own_system=(asked.system,),
            tools=asked.tools,
            leaf=end.leaf,
            system=asked.system,
            bound_from=node.bound_from,
        )
        created = min((call.at for call in (e.call for e in self._ends) if call.at), default=None)
        exchanges = tuple(self._exchanges)
        return self._draft.record(
            source=source, state=state, title=title, exchanges=exchanges, created=created
        )

    def _child(self, message: Message, parent: str | None, call: Call, terms: _Terms) -> str:
        found = self._children.get((parent, _key(message)))
        if found is None:
            return self._new(message, parent, call, terms)
        kept = self._draft[found].message
        if _sealed(message) < _sealed(kept):
            says = "The client sent an answer back without all of its sealed thinking; the session has it."
            self._reading.remarks.say(LOST_THINKING, says, call.path)
        return found

    def _new(self, message: Message, parent: str | None, call: Call, terms: _Terms) -> str:
        if parent is None or not call.asked.is_exact:
            bound = 0
        elif self._under[parent] == terms:
            bound = self._draft[parent].bound_from
        else:
            bound = self._draft.depth(parent)
        system, tools = terms
        id = self._draft.add(message, parent, system=system, bound_from=bound, tools=tools)
        if not call.asked.is_exact:
            self._draft.replace_node(replace(self._draft[id], bound_from=self._draft.depth(id)))
        self._under[id] = terms
        self._children[parent, _key(message)] = id
        return id

    def _exchange(self, call: Call, after: str | None) -> None:
        asked, answer = call.asked, call.answer
        last = asked.messages[-1] if asked.messages else None
        if not self._exchanges or not isinstance(last, ToolMessage):
            self._turn += 1
        origin = answer.origin if answer else asked.origin
        proxy = call.served is not None
        self._exchanges.append(
            Exchange(
                id=self._reading.new_id(),
                turn=self._turn,
                step=len(self._exchanges) + 1,
                at=call.at,
                route=route_of(replace(origin, dialect=asked.dialect), asked.model, call.url, proxy=proxy),
                after=after,
                answer=answer.id if answer else None,
                state=call.state,
                status=call.status,
                served=call.served,
                seconds=call.seconds,
                seals_sent=_seals_sent(call),
                seals_received=call.seals_received,
                usage=answer.usage if answer else None,
                cost=answer.cost if answer else UNKNOWN_COST,
                failure=call.failure,
                wire=call.wire,
            )
        )


def _seals_sent(call: Call) -> int:
    try:
        return len(seals_in_request(call.asked.dialect, call.wire.body)) if call.wire else 0
    except ValueError:
        return 0


def _sealed(message: Message) -> int:
    if not isinstance(message, AssistantMessage):
        return 0
    return sum(isinstance(p, Reasoning) and p.state != "unsigned" for p in message.parts)


def _key(message: Message) -> str:
    """What a message says, whoever sends it and however; thinking apart, which clients drop."""
    match message:
        case UserMessage(parts=parts):
            return _hash(["user", [_part(part) for part in parts]])
        case ToolMessage(results=results):
            return _hash(["tool", [[r.call_id, r.is_error, [_part(p) for p in r.parts]] for r in results]])
        case AssistantMessage():
            calls = [[c.id, c.name, arguments_object(c.arguments) or c.arguments] for c in message.calls]
            return _hash(["assistant", message.text.strip(), calls])


def _part(part: UserPart) -> Json:
    return part.text if isinstance(part, Text) else [part.media_type, part.data, part.name]


def _hash(value: Json) -> str:
    # Clients reorder the keys of arguments.
    data = dump_text(_sorted(value)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
