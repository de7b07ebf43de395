"""A session as it is read: branches of turns, each step beside the request it came from; pure.

What was said is never told twice: a branch begins where it leaves another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.record import CallFacts, Exchange, Node, SessionRecord
from tui.chat.tree import Tree, Twig
from tui.chat.usage import UNKNOWN_COST, Cost, Usage, total_cost


@dataclass(frozen=True, slots=True)
class Step:
    """One request and what came of it; results alone where a branch begins with them."""

    exchange: Exchange | None
    """None where it was never seen, as in an imported session."""
    message: AssistantMessage | None
    """None where nothing came that could be kept."""
    results: ToolMessage | None = None
    calls: Mapping[str, CallFacts] = field(default_factory=dict)

    @property
    def usage(self) -> Usage | None:
        """Tokens, as the request or else the message tells them."""
        told = self.exchange.usage if self.exchange else None
        return told or (self.message.usage if self.message else None)

    @property
    def cost(self) -> Cost:
        """What it cost, as the request or else the message tells it."""
        told = [thing.cost for thing in (self.exchange, self.message) if thing is not None]
        return next((cost for cost in told if cost.usd is not None), told[0] if told else UNKNOWN_COST)

    @property
    def model(self) -> str:
        """Who answered, else who was asked."""
        if self.message is not None:
            return self.message.origin.model
        if self.exchange is None:
            return ""
        served = self.exchange.served
        return (served and served.model) or self.exchange.route.requested

    @property
    def aside(self) -> str:
        """What it was made for that is no part of the conversation; empty for a step of a turn."""
        purpose = self.exchange.purpose if self.exchange else "turn"
        return {"turn": "", "replay": "replay", "shadow": "other route"}[purpose]

    @property
    def is_asked(self) -> bool:
        """Whether a model was asked, so that it counts among the steps."""
        return self.exchange is not None or self.message is not None


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt with the steps it led to."""

    number: int | None
    """Over the session; in a session without any request, along its branch. None where not known."""
    prompt: UserMessage | None
    """None where a branch begins with another answer."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A stretch of the conversation up to a message nothing follows."""

    number: int
    """1 is where the session stands."""
    after: str | None
    """The id of the message it goes on from; None where it begins anew."""
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All of a session in the order it is told."""

    branches: tuple[Branch, ...]
    places: Mapping[str, int]
    """By message id, its place among all messages, from 1."""
    turn_of: Mapping[str, str]
    """By message id, how the turn it stands in is called."""
    forks: Mapping[str | None, tuple[int, ...]]
    """By message id, the branches that go on from there elsewhere; None stands before the first message."""
    strays: tuple[Step, ...]
    """Requests whose place in the conversation is gone."""

    @property
    def steps(self) -> Iterable[Step]:
        """Every step a model was asked in, branch by branch."""
        for branch in self.branches:
            for turn in branch.turns:
                yield from (step for step in turn.steps if step.is_asked)
        yield from self.strays

    @property
    def cost(self) -> Cost:
        """The sum over all steps."""
        return total_cost([step.cost for step in self.steps])


def story_of(record: SessionRecord) -> Story:
    """The record put in order, in time linear in its messages."""
    teller = _Teller(record)
    branches = tuple(teller.branches())
    forks: dict[str | None, tuple[int, ...]] = {}
    for branch in branches[1:]:
        forks[branch.after] = (*forks.get(branch.after, ()), branch.number)
    places = {node.message.id: place for place, node in enumerate(record.nodes, 1)}
    return Story(branches, places, teller.turn_of, forks, teller.strays())


class _Teller:
    """Goes through a record once; what is told is crossed off."""

    def __init__(self, record: SessionRecord) -> None:
        self._record = record
        self._nodes = {node.message.id: node for node in record.nodes}
        self._tree = Tree(tuple(map(_twig, record.nodes)))
        self._told: set[str] = set()
        self._answers: dict[str, Exchange] = {}
        self._unanswered: dict[str, list[Exchange]] = {}
        self.turn_of: dict[str, str] = {}
        self._counted = {} if record.exchanges else _counted(record.nodes)
        answers = {n.message.id for n in record.nodes if isinstance(n.message, AssistantMessage)}
        for exchange in record.exchanges:
            answer = exchange.answer
            if answer is not None and answer in answers and answer not in self._answers:
                self._answers[answer] = exchange
            else:
                self._unanswered.setdefault(exchange.after or "", []).append(exchange)

    def branches(self) -> Iterable[Branch]:
        """Where the session stands first, then the others by the age of their first message."""
        main = self._record.path()
        if main or not self._nodes:
            yield self._branch(1, None, main)
        number = 2 if main or not self._nodes else 1
        for node in self._record.nodes:
            if node.message.id not in self._told:
                yield self._branch(number, node.parent, self._untold(node))
                number += 1

    def strays(self) -> tuple[Step, ...]:
        """What was asked after messages that are not there; only true once all branches are told."""
        return tuple(Step(exchange, None) for waiting in self._unanswered.values() for exchange in waiting)

    def _untold(self, first: Node) -> tuple[Node, ...]:
        at: str | None = self._tree.newest_leaf(first.message.id)
        path: list[Node] = []
        while at is not None and at in self._nodes and at not in self._told:
            path.append(self._nodes[at])
            at = self._nodes[at].parent
        return tuple(reversed(path))

    def _branch(self, number: int, after: str | None, path: tuple[Node, ...]) -> Branch:
        self._told.update(node.message.id for node in path)
        return Branch(number, after, tuple(self._turns(path)))

    def _turns(self, path: tuple[Node, ...]) -> Iterable[Turn]:
        prompt: UserMessage | None = None
        steps: list[Step] = []
        told: ToolMessage | None = None
        for place, node in enumerate(path):
            message = node.message
            if isinstance(message, UserMessage):
                if prompt is not None or steps:
                    yield self._turn(prompt, steps)
                prompt, steps = message, []
            elif isinstance(message, AssistantMessage):
                told, facts = _results(path, place)
                steps.append(Step(self._answers.get(message.id), message, told, facts))
            elif told is not message:
                steps.append(Step(None, None, message, _facts(node)))
            steps += [Step(exchange, None) for exchange in self._unanswered.pop(message.id, ())]
        if prompt is not None or steps:
            yield self._turn(prompt, steps)

    def _turn(self, prompt: UserMessage | None, steps: list[Step]) -> Turn:
        number = next((step.exchange.turn for step in steps if step.exchange), None)
        if number is None and prompt is not None:
            number = self._counted.get(prompt.id)
        called = f"turn {number}" if number is not None else "a turn"
        for thing in (prompt, *(m for step in steps for m in (step.message, step.results))):
            if thing is not None:
                self.turn_of[thing.id] = called
        return Turn(number, prompt, tuple(steps))


def _results(path: tuple[Node, ...], place: int) -> tuple[ToolMessage | None, Mapping[str, CallFacts]]:
    following = path[place + 1] if place + 1 < len(path) else None
    if following is None or not isinstance(following.message, ToolMessage):
        return None, {}
    return following.message, _facts(following)


def _facts(node: Node) -> Mapping[str, CallFacts]:
    return {facts.call_id: facts for facts in node.calls}


def _counted(nodes: Iterable[Node]) -> dict[str, int]:
    """By message id, which prompt of its branch it is or belongs to."""
    counted: dict[str, int] = {}
    for node in nodes:
        before = counted.get(node.parent or "", 0)
        counted[node.message.id] = before + isinstance(node.message, UserMessage)
    return counted


def _twig(node: Node) -> Twig:
    message = node.message
    if isinstance(message, UserMessage):
        return Twig(message.id, node.parent, "user", message.at)
    return Twig(
        message.id, node.parent, "tool" if isinstance(message, ToolMessage) else "assistant", message.at
    )
