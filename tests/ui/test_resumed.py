"""What was said stands on the screen as it stood while it was said, whoever opens it again."""

from pathlib import Path

import pytest

from tests.ui.pilots import VAST, chat, ready, running, simulated, until
from tui.ui.app import SightlineApp
from tui.ui.ports import Deps
from tui.ui.prompted import attach
from tui.ui.screens.past import past_of
from tui.ui.transcript.blocks import render
from tui.ui.transcript.history import history_blocks
from tui.ui.transcript.model import Block, FooterBlock, MediaBlock, UserBlock
from tui.ui.transcript.palette import PLAIN


def painted(blocks: list[Block]) -> list[str]:
    """Every row of the blocks, folds as they are."""
    return [line.text.rstrip() for block in blocks for line in render(block, 100, PLAIN)]


def live(app: SightlineApp) -> list[str]:
    return painted([entry.block for entry in chat(app).transcript.page.entries])


async def again(app: SightlineApp) -> list[str]:
    screen = chat(app)
    view = screen.transcript
    blocks = history_blocks(
        await past_of(screen.session),
        thinking_folded=view.thinking_folded,
        tools_folded=view.tools_folded,
        simulated=True,
    )
    for block in blocks:
        if isinstance(block, MediaBlock):
            block.drawable = view.draws_pictures
        elif isinstance(block, UserBlock | FooterBlock):
            block.fork = view.fork_of(block.group)
    return painted(blocks)


async def say(app: SightlineApp, prompt: str, *, files: tuple[str, ...] = ()) -> None:
    screen = chat(app)
    turns = screen.session.totals.turns
    screen.queue.held = False
    screen.offer(prompt, tuple(attach(path, Path("/")) for path in files))
    await until(lambda: screen.session.totals.turns > turns and not screen.running)


async def test_a_session_opens_as_the_lines_it_streamed_as(deps: Deps, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("what is in the note\n", encoding="utf-8")
    async with running(deps, VAST) as (app, pilot):
        await ready(app)
        screen = chat(app)
        screen.transcript.toggle_tools()
        await say(app, "Think about it, then tell me in two sentences why the sky is blue.")
        await say(app, "What is 17 * 23, and what time is it in Paris? Use the tools.")
        assert await again(app) == live(app)
        await say(app, "What does it say?", files=(str(note),))
        await say(app, "Show me what happens with error 400.")
        assert await again(app) == live(app)
        assert sum("[r] retry" in row for row in live(app)) == 1
        await say(app, "Go on.")
        assert await again(app) == live(app)
        assert not any("[r] retry" in row for row in live(app))
        assert any("✗" in row for row in live(app))
        await pilot.pause()


async def test_what_was_stopped_and_asked_again_opens_as_it_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    async with simulated(tmp_path, speed=1.0) as deps, running(deps, VAST) as (app, pilot):
        await ready(app)
        screen = chat(app)
        screen.offer("long 4000")
        await until(lambda: screen.turn.first_at is not None)
        await until(lambda: any("long" in row or len(row) > 20 for row in live(app)[1:]))
        await pilot.press("escape")
        await until(lambda: not screen.running)
        assert any("stopped by you" in row for row in live(app))
        assert await again(app) == live(app)
        answer = screen.session.conversation.messages[-1]
        screen.action_retry()
        await until(lambda: screen.turn.turn == 2 and screen.turn.first_at is not None)
        await pilot.press("escape")
        await until(lambda: not screen.running)
        assert screen.session.conversation.messages[-1] != answer
        assert await again(app) == live(app)
        assert sum("stopped by you" in row for row in live(app)) == 1
        fork = screen.transcript.fork_of(screen.session.conversation.messages[-1].id)
        assert fork == (2, 2)


async def test_a_prompt_stopped_before_any_answer_makes_room_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    async with simulated(tmp_path, speed=1.0) as deps, running(deps, VAST) as (app, pilot):
        await ready(app)
        screen = chat(app)
        screen.offer("hello")
        await until(lambda: bool(screen.session.log))
        await pilot.press("escape")
        await until(lambda: not screen.running)
        assert live(app)[-1].endswith("stopped by you")
        assert await again(app) == live(app)
        await say(app, "hi")
        assert await again(app) == live(app)
