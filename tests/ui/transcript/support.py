"""A screen with nothing but a transcript, and how tests look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.pilot import Pilot

from tui.ui.line_filter import ControlFilter
from tui.ui.transcript.view import Transcript


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Bench(App[None]):
    """Mounts one transcript and keeps the messages it sends."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.sent: list[Any] = []

    def compose(self) -> ComposeResult:
        yield Transcript(clock=self.clock)

    def on_mount(self) -> None:
        self.query_one(Transcript).focus()

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), ControlFilter()]

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def on_transcript_block_focused(self, message: Transcript.BlockFocused) -> None:
        self.sent.append(message)

    def on_transcript_action_chosen(self, message: Transcript.ActionChosen) -> None:
        self.sent.append(message)

    def on_transcript_copy_requested(self, message: Transcript.CopyRequested) -> None:
        self.sent.append(message)

    def of(self, kind: type) -> list[Any]:
        """The messages of one kind, in order."""
        return [message for message in self.sent if isinstance(message, kind)]


def rows(transcript: Transcript) -> list[str]:
    """What stands on the screen, without the margin."""
    return [transcript.render_line(y).text[2:].rstrip() for y in range(transcript.window)]


async def wait_until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app run until ``condition`` holds; fails when it never does."""
    for _ in range(3000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("waited in vain")


async def drawn(pilot: Pilot[None], transcript: Transcript) -> None:
    """Let the app run until all text that arrived is drawn."""
    await wait_until(pilot, lambda: transcript.backlog == 0)
    await pilot.pause()
