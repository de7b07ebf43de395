"""What the transcript is made from again, asked of a running session."""

from __future__ import annotations

from collections.abc import Sequence

from tui.chat.messages import UserMessage
from tui.chat.record import Node
from tui.ui.ports import SessionPort
from tui.ui.transcript.history import Past


async def past_of(session: SessionPort, newest: int | None = None) -> Past:
    """The branch a session stands on, with the prompts on its way that nobody answered.

    With ``newest`` only the last turns of it, of about so many messages; the others are not looked at.
    """
    whole, refused = session.path, session.refused
    pending = None if refused is None else refused.id
    aside = await _aside(session, whole, pending)
    path = whole if newest is None else _last_turns(whole, newest)
    if len(path) == len(whole):
        return Past.on(path, [*session.exchanges.values(), *session.fruitless], aside, pending)
    ids = [node.message.id for node in path]
    answered = [session.exchanges[id] for id in ids if id in session.exchanges]
    # What was sent before the first of these turns stands above it.
    aside = [node for node in aside if node.parent in ids]
    return Past.on(path, [*answered, *session.fruitless], aside, pending)


def _last_turns(path: Sequence[Node], count: int) -> Sequence[Node]:
    first = max(0, len(path) - count)
    while first and not isinstance(path[first].message, UserMessage):
        first -= 1
    return path[first:]


async def _aside(session: SessionPort, path: Sequence[Node], pending: str | None) -> list[Node]:
    """The prompts that nobody answered, where they were sent from the branch; ``pending`` is one of them."""
    asked = [one.after for one in session.fruitless if one.after is not None]
    if not asked and pending is None:
        return []
    here = {node.message.id for node in path}
    asked = [id for id in asked if id not in here]
    if pending is not None:
        asked.append(pending)
    found: list[Node] = []
    for id in dict.fromkeys(asked):
        nodes = await session.nodes(id)
        if nodes and (nodes[-1].parent is None or nodes[-1].parent in here):
            found.append(nodes[-1])
    return found
