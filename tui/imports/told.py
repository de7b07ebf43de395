"""A history as it is read from a request: prompts, answers and results in the order we keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Dialect, Json, Origin, ToolResult, UserPart
from tui.chat.settings import Overrides, ToolSpec
from tui.imports.answers import message_of
from tui.imports.fields import text
from tui.imports.limits import MAX_MESSAGES, MAX_RESULTS, refused
from tui.imports.reading import Reading
from tui.imports.remarks import CHANGED
from tui.imports.tool_specs import specs_in
from tui.wire.codec import Reply


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as read from a file."""

    dialect: Dialect
    model: str
    """As the request names it; empty where it names none."""
    origin: Origin
    """Who would answer it, as far as the file tells."""
    messages: tuple[Message, ...]
    system: str | None = None
    tools: tuple[ToolSpec, ...] = ()
    overrides: Overrides = field(default_factory=dict)
    is_exact: bool = True
    """Whether system, tools and messages say what the file says: only then do seals bound to them hold."""
    body: Mapping[str, Json] = field(default_factory=dict)


def asked(
    body: dict[str, Json],
    reading: Reading,
    told: Told,
    origin: Origin,
    system: str | None,
    overrides: Overrides,
) -> Asked:
    """The request in ``body`` with the history that was read from it, and the tools it offers."""
    tools, all_tools = specs_in(body, reading)
    return Asked(
        dialect=origin.dialect,
        model=text(body, "model"),
        origin=origin,
        messages=tuple(told.messages),
        system=system,
        tools=tools,
        overrides=overrides,
        is_exact=told.is_exact and all_tools,
        body=body,
    )


def numbered(wire: Sequence[Json], key: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """Each object of a list with its path; UsageError that names the first which is none."""
    for number, item in enumerate(wire):
        path = f"{key}.{number}"
        if not isinstance(item, dict):
            raise refused(f"{path} is no object")
        yield path, item


class Told:
    """Grows a history; results stand right behind the calls they answer, whatever was said between."""

    def __init__(self, reading: Reading, at: float) -> None:
        self.messages: list[Message] = []
        self.is_exact = True
        self._reading = reading
        self.at = at
        """When what comes next was said."""

    def user(self, parts: Sequence[UserPart]) -> None:
        """A prompt."""
        if parts:
            self._add(UserMessage(self._reading.new_id(), tuple(parts), self.at))

    def answer(self, reply: Reply, origin: Origin) -> None:
        """What a model said before; nothing is known of its cost."""
        if not reply.parts:
            return
        self._add(message_of(self._reading.new_id(), reply, origin, self.at))

    def results(self, results: Sequence[ToolResult]) -> None:
        """What tools answered."""
        if not results:
            return
        place = end = len(self.messages)
        while place and isinstance(self.messages[place - 1], UserMessage):
            place -= 1
        before = self.messages[place - 1] if place else None
        if isinstance(before, ToolMessage):
            if len(before.results) + len(results) > MAX_RESULTS:
                raise refused(f"more than {MAX_RESULTS:,} tool results stand in a row")
            whole = ToolMessage(before.id, (*before.results, *results), before.at)
            self.messages[place - 1] = whole
        elif isinstance(before, AssistantMessage) and before.calls:
            self.messages.insert(place, ToolMessage(self._reading.new_id(), tuple(results), self.at))
        else:
            self._add(ToolMessage(self._reading.new_id(), tuple(results), self.at))
            return
        if place < end:
            self.changed("Tool results that stood behind other words are put right behind their calls.")

    def changed(self, says: str, path: str = "") -> None:
        """Remark that what is kept is not what the file says, so that seals bound to it no longer hold."""
        self.is_exact = False
        self._reading.remarks.say(CHANGED, says, path)

    @property
    def last_call_id(self) -> str:
        """The id of the newest call; empty before any."""
        for message in reversed(self.messages):
            if isinstance(message, AssistantMessage) and message.calls:
                return message.calls[-1].id
        return ""

    def _add(self, message: Message) -> None:
        if len(self.messages) >= MAX_MESSAGES:
            raise refused(f"it holds more than {MAX_MESSAGES:,} messages")
        self.messages.append(message)
