"""What the transcript is made from again, asked of a running session."""

from __future__ import annotations

from tui.chat.record import Node
from tui.ui.ports import SessionPort
from tui.ui.transcript.history import Past


async def past_of(session: SessionPort) -> Past:
    """The branch a session stands on, with the prompts on its way that nobody answered."""
    path = session.path
    here = {node.message.id for node in path}
    refused = session.refused
    asked = [one.after for one in session.fruitless if one.after is not None and one.after not in here]
    if refused is not None:
        asked.append(refused.id)
    aside: dict[str, Node] = {}
    for id in dict.fromkeys(asked):
        nodes = await session.nodes(id)
        if nodes and (nodes[-1].parent is None or nodes[-1].parent in here):
            aside[id] = nodes[-1]
    exchanges = [*session.exchanges.values(), *session.fruitless]
    return Past.on(path, exchanges, aside.values(), None if refused is None else refused.id)
