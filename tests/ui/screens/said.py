"""Turns on the real engine, waited for; and what the transcript shows of their prompts."""

from pathlib import Path

from tests.ui.pilots import chat, until
from tui.chat.messages import UserMessage
from tui.ui.app import SightlineApp
from tui.ui.prompted import attach
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.model import UserBlock


async def idle(app: SightlineApp, turns: int) -> None:
    screen = chat(app)
    await until(lambda: screen.session.totals.turns == turns and not screen.running)
    await until(lambda: not [w for w in screen.workers if w.group == "branch" and not w.is_finished])


async def say(app: SightlineApp, prompt: str, *files: str) -> None:
    screen = chat(app)
    turns = screen.session.totals.turns
    screen.offer(prompt, tuple(attach(path, Path("/")) for path in files))
    await idle(app, turns + 1)


def prompts(app: SightlineApp) -> list[str]:
    """The prompts on the transcript, and which version of each."""
    blocks = [entry.block for entry in chat(app).transcript.page.entries]
    return [
        f"{b.text} {b.fork.place}/{b.fork.of}" if b.fork else b.text
        for b in blocks
        if isinstance(b, UserBlock)
    ]


def said(screen: ChatScreen) -> list[str]:
    return [m.text for m in screen.session.conversation.messages if isinstance(m, UserMessage)]
