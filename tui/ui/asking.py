"""The calls that wait for a yes or a no, one of them in front; plain values, no Textual."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tui.chat.events import Answer, ApprovalNeeded, Approved, Event, ToolFinished, TurnFinished
from tui.chat.parts import ToolCall


@dataclass(slots=True)
class Asking:
    """Follows a turn's events; a call leaves when it is decided, has ended, or the turn is over."""

    _calls: list[ApprovalNeeded] = field(default_factory=list)
    _came: list[float] = field(default_factory=list)
    place: int = 0
    """Which of the calls is in front."""

    def __len__(self) -> int:
        return len(self._calls)

    @property
    def front(self) -> ApprovalNeeded | None:
        """The call that is asked about now."""
        return self._calls[self.place] if self._calls else None

    def follow(self, event: Event, now: float) -> None:
        """Take note of an event seen at ``now``."""
        if isinstance(event, ApprovalNeeded):
            self._calls.append(event)
            self._came.append(now)
        elif isinstance(event, Approved | ToolFinished):
            self._leave(place for place, one in enumerate(self._calls) if _is(one.call, event.call))
        elif isinstance(event, TurnFinished):
            self.clear()

    def clear(self) -> None:
        """Nothing waits any more."""
        self._leave(range(len(self._calls)))

    def look(self, step: int) -> None:
        """Bring another call to the front, round and round."""
        if self._calls:
            self.place = (self.place + step) % len(self._calls)

    def decide(self, answer: Answer) -> None:
        """Answer the call in front; the next one takes its place."""
        if self._calls:
            self._decide([self.place], answer)

    def decide_all(self, answer: Answer, before: float) -> None:
        """Answer every call that came before ``before``: later ones nobody has seen yet."""
        self._decide([place for place, came in enumerate(self._came) if came <= before], answer)

    def _decide(self, places: list[int], answer: Answer) -> None:
        decided = [self._calls[place] for place in places]
        self._leave(places)
        for needed in decided:
            needed.decide(answer)

    def _leave(self, places: Iterable[int]) -> None:
        gone = set(places)
        before = sum(place < self.place for place in gone)
        self._calls = [one for place, one in enumerate(self._calls) if place not in gone]
        self._came = [came for place, came in enumerate(self._came) if place not in gone]
        self.place = max(0, min(self.place - before, len(self._calls) - 1))


def _is(a: ToolCall, b: ToolCall) -> bool:
    """Whether both are the same call: ids are not enough, some vendors give one to several calls."""
    return a is b
