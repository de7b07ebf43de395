"""A branch another program cuts while somebody stands on it: what is said there can be gone on with."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.engine.kill.desk import gateway, open_store, reopened, session
from tui.chat.events import Event, PartStarted, TurnFailed, TurnFinished
from tui.chat.messages import UserMessage
from tui.engine.session import Session
from tui.sim.server import SimServer
from tui.sim.state import SimState

ID, MODEL = "cutelsewhere", "anthropic/claude-fable-5-1"


async def turn(chat: Session, prompt: str, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
    events: list[Event] = []
    async for event in chat.send(prompt):
        events.append(event)
        if meanwhile is not None and isinstance(event, PartStarted):
            await meanwhile()
            meanwhile = None
    assert not [event.error for event in events if isinstance(event, TurnFailed)]
    assert isinstance(events[-1], TurnFinished)


@pytest.mark.parametrize("when", ["idle", "answering"])
async def test_what_is_said_on_a_branch_that_was_cut_elsewhere_can_be_gone_on_with(
    when: str, tmp_path: Path
) -> None:
    path = tmp_path / "sessions.db"
    through = gateway()
    one, two = open_store(path), open_store(path)
    with SimServer(SimState(speed=0)) as sim:
        try:
            mine = session(one, ID, sim.url, MODEL, through, None)
            await turn(mine, "think hard: what is 17*23?")
            await turn(mine, "two thoughts: what is 9*9?")
            first = next(node.message.id for node in mine.path if isinstance(node.message, UserMessage))

            async def cut() -> None:
                theirs = session(two, ID, sim.url, MODEL, through, await reopened(two, ID))
                await theirs.cut(first)

            if when == "idle":
                await cut()
            await turn(mine, "two thoughts: what is 7*9?", cut if when == "answering" else None)
            assert one.trouble is None
            again = session(two, ID, sim.url, MODEL, through, await reopened(two, ID))
            # What was cut is gone, what was said since is there.
            assert again.conversation.messages == mine.conversation.messages[-len(again.path) :]
            assert isinstance(again.conversation.messages[0], UserMessage)
            await turn(again, "and what is 3*4?")
            assert {one.outcome for one in sim.state.exchanges} == {"answered"}
        finally:
            await through.aclose()
            await asyncio.to_thread(one.close)
            await asyncio.to_thread(two.close)
