"""The tree of a session as rows of turns: a line stays in its column, what left it is set in; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tui.chat.tree import Tree, Twig
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.ui.transcript.model import Fork

Outcome = Literal["", "failed", "stopped", "no answer"]
DEEPEST = 12
"""Columns of forks within forks that are drawn; deeper ones stand in the last."""


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A prompt with all that came of it up to the next prompt or fork."""

    id: str
    """Its first message."""
    last: str
    """Its last message."""
    role: Literal["user", "assistant", "tool"]
    """Of the first message: a row that begins with an answer is another answer, not another prompt."""
    depth: int
    """How many forks of the line it is in lie within one another."""
    is_fork: bool
    """Whether it is the first row of a branch that left its line here."""
    preview: str
    """The beginning of its text; not cleaned."""
    said: str
    """The beginning of what was answered, where the row begins with a prompt; not cleaned."""
    at: float
    """Unix time in seconds of its last message."""
    model: str
    """Who answered last; empty while nobody did."""
    steps: int
    cost: Cost
    outcome: Outcome
    alternative: Fork | None
    """Which of how many at the same place it is, from 1; None where it is the only one."""
    is_on_path: bool
    is_here: bool
    """Whether the session stands at its end."""


def rows_of(tree: Tree, leaf: str | None) -> list[TurnRow]:
    """A row for each turn, parents above their children; at a fork, side branches stand before the line.

    The line of a fork is the branch the session stands on, else the one used last.
    """
    path = frozenset(tree.path(leaf))
    return list(_walk(tree, path, leaf))


def _walk(tree: Tree, path: Collection[str], leaf: str | None) -> Iterator[TurnRow]:
    waiting: list[tuple[str, int, bool]] = []

    def put(parent: str | None, depth: int) -> None:
        below = tree.children(parent)
        if not below:
            return
        line = _line(tree, below, path)
        waiting.append((line, depth, False))
        # Taken from the end: the oldest side branch comes first, the line last.
        waiting.extend((id, depth + 1, True) for id in reversed(below) if id != line)

    put(None, 0)
    while waiting:
        id, depth, is_fork = waiting.pop()
        chain = _chain(tree, id)
        yield _row(tree, chain, depth, is_fork, path, leaf)
        put(chain[-1].id, depth)


def _line(tree: Tree, ids: tuple[str, ...], path: Collection[str]) -> str:
    return next((id for id in ids if id in path), None) or tree.newest(ids)


def _chain(tree: Tree, id: str) -> list[Twig]:
    """A message and what follows it, up to the next prompt or the next fork."""
    chain = [tree[id]]
    while len(below := tree.children(chain[-1].id)) == 1 and tree[below[0]].role != "user":
        chain.append(tree[below[0]])
    return chain


def _row(
    tree: Tree, chain: list[Twig], depth: int, is_fork: bool, path: Collection[str], leaf: str | None
) -> TurnRow:
    first, last = chain[0], chain[-1]
    answers = [twig for twig in chain if twig.role == "assistant"]
    said = next((twig.preview for twig in reversed(answers) if twig.preview), "")
    beside = tree.alternatives(first.id)
    place = Fork(beside.index(first.id) + 1, len(beside)) if len(beside) > 1 else None
    return TurnRow(
        id=first.id,
        last=last.id,
        role=first.role,
        depth=min(depth, DEEPEST),
        is_fork=is_fork,
        preview=first.preview if first.role == "user" else said or first.preview,
        said=said if first.role == "user" else "",
        at=last.at,
        model=answers[-1].model if answers else "",
        steps=len(answers),
        cost=_sum([twig.cost for twig in answers]),
        outcome=_outcome(tree, last),
        alternative=place,
        is_on_path=first.id in path,
        is_here=leaf is not None and any(twig.id == leaf for twig in chain),
    )


def _outcome(tree: Tree, last: Twig) -> Outcome:
    if last.stop == "failed":
        return "failed"
    if last.stop == "cancelled":
        return "stopped"
    return "no answer" if last.role != "assistant" and not tree.children(last.id) else ""


def _sum(costs: list[Cost]) -> Cost:
    known = [cost for cost in costs if cost.usd is not None]
    total = known[0] if known else UNKNOWN_COST
    for cost in known[1:]:
        total = total + cost
    return total


def branch_size(tree: Tree, id: str) -> tuple[int, int]:
    """How many messages, and how many prompts among them, go with a branch that begins at ``id``."""
    below = [tree[each] for each in tree.below(id)]
    return len(below), sum(twig.role == "user" for twig in below)


def versions(tree: Tree, id: str) -> tuple[str, ...]:
    """The messages one can flip between at the place of ``id``, oldest first; unanswered prompts are none."""
    beside = tree.alternatives(id)
    return tuple(one for one in beside if one == id or tree[one].role != "user" or tree.children(one))


def forks_on(tree: Tree, path: Iterable[str]) -> dict[str, Fork]:
    """Of each message of a branch that has other versions: which one it is."""
    found = {}
    for id in path:
        beside = versions(tree, id)
        if len(beside) > 1:
            found[id] = Fork(beside.index(id) + 1, len(beside))
    return found
