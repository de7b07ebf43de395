"""Moves in the tree of a session: nothing said is ever taken away by them, only left aside."""

from __future__ import annotations

from dataclasses import dataclass

from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.record import Node, SessionRecord
from tui.chat.tree import Tree
from tui.engine.keeping import Keeper
from tui.engine.offers import Offers
from tui.engine.stand import Stand
from tui.errors import UsageError


@dataclass(frozen=True, slots=True)
class Asked:
    """A place in the tree and what is asked there; without a prompt, the same as was asked before."""

    base: Stand
    prompt: UserMessage | None = None
    kept: Node | None = None
    """The prompt's node, where it is in the tree already."""


class Branches:
    """Walks the tree for a session that is idle; the keeper stands where it leads."""

    def __init__(self, keeper: Keeper, offers: Offers) -> None:
        self._keeper = keeper
        self._offers = offers
        self.unanswered: Asked | None = None
        """A prompt that got no answer at all, and where it was asked."""

    @property
    def refused(self) -> UserMessage | None:
        """The prompt that got no answer at all."""
        return self.unanswered.prompt if self.unanswered is not None else None

    def resume(self, record: SessionRecord) -> None:
        """Stand where a kept session stood."""
        state = record.state
        self._keeper.stand = self._stand(record.path())
        if state.refused is not None and self.unanswered is None:
            path = record.path(state.refused)
            self.unanswered = self.aside(Stand.at(path, state.foreign_reasoning))

    def retry(self) -> Asked:
        """What is asked again; UsageError when there is nothing to ask."""
        stand = self._keeper.stand
        if self.unanswered is not None:
            return self.unanswered
        last = stand.conversation.messages[-1] if stand.nodes else None
        if last is None:
            raise UsageError("nothing to retry", "nothing was sent yet", hint="send a prompt")
        if not isinstance(last, AssistantMessage):
            return Asked(stand)
        if last.stop not in ("failed", "cancelled"):
            raise UsageError("nothing to retry", "the last turn ended well", hint="send a new prompt")
        return Asked(stand.fork(len(stand.nodes) - 1))

    async def edit(self, id: str, prompt: UserMessage) -> Asked:
        """``prompt`` in place of the one named ``id``."""
        path = await self._path(id)
        if path.unanswered is None:
            raise UsageError("edit", f"message {id} is no prompt", hint="only prompts can be edited")
        return Asked(path.fork(len(path.nodes) - 1), prompt)

    async def regenerate(self, id: str) -> Asked:
        """Another answer in place of the one named ``id``, or to the prompt or results of that name."""
        path = await self._path(id)
        is_answer = isinstance(path.nodes[-1].message, AssistantMessage)
        base = path.fork(len(path.nodes) - 1) if is_answer else path
        if not base.nodes:
            raise UsageError("regenerate", "nothing was asked before this answer", hint="send a prompt")
        return Asked(base)

    async def go_to(self, id: str | None, *, exact: bool) -> None:
        """Stand at the newest end below a message, or at it; None is before the first message."""
        tree = await self._keeper.writer.tree()
        _must_hold(tree, id)
        nodes = await self._nodes(id if exact else _newest_end(tree, id))
        self.unanswered = None
        self._offers.reconsider()
        self._keeper.stand = self._stand(nodes)
        if nodes:
            self._offers.system = self._keeper.conversation.system

    def rewind(self) -> UserMessage | None:
        """Stand before the newest prompt, and give it; None when there is none."""
        if self.unanswered is not None:
            prompt, self.unanswered = self.unanswered.prompt, None
            return prompt
        stand = self._keeper.stand
        for place in range(len(stand.nodes) - 1, -1, -1):
            message = stand.nodes[place].message
            if isinstance(message, UserMessage):
                self._keeper.stand = stand.fork(place)
                return message
        return None

    async def cut(self, id: str) -> None:
        """Delete a message and everything after it, in every branch."""
        tree = await self._keeper.writer.tree()
        _must_hold(tree, id)
        gone = set(tree.below(id))
        if self.refused is not None and self.refused.id in gone:
            self.unanswered = None
        stand = self._keeper.stand
        left = next((i for i, node in enumerate(stand.nodes) if node.message.id in gone), None)
        if left is not None:
            self._keeper.stand = self._stand(stand.nodes[:left])
        # First where the session stands: a program that dies here must not leave it on nothing.
        await self._keeper.save()
        await self._keeper.cut(id, gone)

    @staticmethod
    def aside(stand: Stand) -> Asked | None:
        """What was asked by the prompt at the end of a path, to be asked again."""
        prompt = stand.unanswered
        if prompt is None:
            return None
        return Asked(stand.fork(len(stand.nodes) - 1), prompt, stand.nodes[-1])

    def _stand(self, nodes: tuple[Node, ...]) -> Stand:
        """The end of a path; a prompt there that nobody answered is set aside, to be retried."""
        stand = Stand.at(nodes, self._keeper.foreign)
        if stand.unanswered is None:
            return stand
        self.unanswered = self.aside(stand)
        return stand.fork(len(stand.nodes) - 1)

    async def _path(self, id: str) -> Stand:
        """The path to a message as it was made; UsageError for one that is not in the tree."""
        stand = self._keeper.stand
        place = stand.place(id)
        if place is not None:
            return stand.fork(place + 1)
        _must_hold(await self._keeper.writer.tree(), id)
        return Stand.at(await self._nodes(id), self._keeper.foreign)

    async def _nodes(self, leaf: str | None) -> tuple[Node, ...]:
        nodes = await self._keeper.writer.nodes(leaf)
        if leaf is not None and not nodes:
            trouble = self._keeper.writer.trouble
            why = trouble.says if trouble else f"message {leaf} cannot be read"
            raise UsageError("the session's tree", why, hint="the branch you are on can go on")
        return nodes


def _newest_end(tree: Tree, id: str | None) -> str | None:
    """Where the branch through a message ends; one that was answered goes before a prompt that never was."""
    bare = {t.id for t in tree.twigs if t.role == "user" and not tree.children(t.id)}
    end = Tree(tuple(t for t in tree.twigs if t.id not in bare or t.id == id)).newest_leaf(id)
    asked = [child for child in tree.children(end) if child in bare]
    return asked[-1] if asked else end


def _must_hold(tree: Tree, id: str | None) -> None:
    if id is not None and id not in tree:
        raise UsageError("unknown message", f"the session holds no message {id}", hint="F7 shows its tree")
