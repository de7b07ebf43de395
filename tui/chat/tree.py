"""The shape of a session: which message follows which, and where it branches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from tui.chat.messages import Stop
from tui.chat.usage import UNKNOWN_COST, Cost


@dataclass(frozen=True, slots=True)
class Twig:
    """One message of the tree, as much of it as a list shows."""

    id: str
    parent: str | None
    role: Literal["user", "assistant", "tool"]
    at: float
    """Unix time in seconds."""
    preview: str = ""
    """The beginning of its text, or of its calls where it has none; not cleaned."""
    model: str = ""
    """Who answered, by canonical name; empty for prompts and results."""
    stop: Stop | None = None
    cost: Cost = UNKNOWN_COST


@dataclass(frozen=True, slots=True)
class Tree:
    """All messages of a session, in the order they were made; a parent stands before its children."""

    twigs: tuple[Twig, ...] = ()
    _by_id: dict[str, Twig] = field(init=False, repr=False, compare=False)
    _children: dict[str | None, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _newest: dict[str, int] = field(init=False, repr=False, compare=False)
    """By message, the place of the newest message of its branch."""

    def __post_init__(self) -> None:
        children: dict[str | None, list[str]] = {}
        for twig in self.twigs:
            children.setdefault(twig.parent, []).append(twig.id)
        object.__setattr__(self, "_by_id", {twig.id: twig for twig in self.twigs})
        object.__setattr__(self, "_children", {parent: tuple(ids) for parent, ids in children.items()})
        newest: dict[str, int] = {}
        for place in range(len(self.twigs) - 1, -1, -1):
            twig = self.twigs[place]
            mine = newest.setdefault(twig.id, place)
            if twig.parent is not None:
                newest[twig.parent] = max(newest.get(twig.parent, 0), mine)
        object.__setattr__(self, "_newest", newest)

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def __getitem__(self, id: str) -> Twig:
        return self._by_id[id]

    def children(self, id: str | None) -> tuple[str, ...]:
        """What was said after a message, the oldest first; None stands before the first message."""
        return self._children.get(id, ())

    def alternatives(self, id: str) -> tuple[str, ...]:
        """The messages at the same place, itself among them, the oldest first."""
        twig = self._by_id.get(id)
        return () if twig is None else self.children(twig.parent)

    def path(self, id: str | None) -> tuple[str, ...]:
        """The ids from the root to a message."""
        out: list[str] = []
        while id is not None and id in self._by_id:
            out.append(id)
            id = self._by_id[id].parent
        return tuple(reversed(out))

    def newest_leaf(self, id: str | None) -> str | None:
        """Where the branch through a message ends; at each fork the one taken last is followed."""
        while below := self.children(id):
            id = self.newest(below)
        return id

    def newest(self, ids: Iterable[str]) -> str:
        """The one of several messages whose branch was used last."""
        return max(ids, key=lambda one: self._newest.get(one, 0))

    def below(self, id: str) -> Iterator[str]:
        """A message and everything after it, in every branch."""
        waiting = [id]
        while waiting:
            at = waiting.pop()
            yield at
            waiting += self.children(at)

    @property
    def leaves(self) -> tuple[str, ...]:
        """Messages nothing follows, the oldest first."""
        return tuple(twig.id for twig in self.twigs if twig.id not in self._children)
