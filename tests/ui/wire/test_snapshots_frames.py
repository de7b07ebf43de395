"""How the pages of frames, of the answer and of the timing look, without the viewer around them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, WIDE, until
from tests.ui.scripted_session import ScriptedSession
from tests.ui.wire.exchanges import ok
from tests.wire.streams import frames
from tui.chat.frame import Frame
from tui.chat.record import CallFacts, Timing
from tui.ui.wire.answer_page import AnswerPage
from tui.ui.wire.frames_page import FramesPage
from tui.ui.wire.page import Page
from tui.ui.wire.seen import Seen
from tui.ui.wire.timing_page import TimingPage

Compare = Callable[..., bool]


def odd() -> Seen:
    """An answer with thinking and a call, a long gap, a ping, a frame that cannot be read."""
    exchange, wire = ok(ScriptedSession(), "one", 1, 1, seconds=4.4, timing=Timing(None, 0.02, 0.4))
    came = [
        Frame(f.event, f.data, 0.5 + f.at * 0.13 + (0.8 if n > 9 else 0.0))
        for n, f in enumerate(frames("messages_interleaved"))
    ]
    came.insert(12, Frame("content_block_delta", "<html>Bad gateway</html>", 2.75))
    after = replace(exchange, id="two", at=exchange.at + 7.5)
    calls = (CallFacts("call-one", 1.25), CallFacts("call-two", None))
    return Seen(exchange, replace(wire, frames=tuple(came)), calls=calls, after=after)


class Alone(App[None]):
    """A page and nothing else."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def compose(self) -> ComposeResult:
        """The page."""
        yield self.page


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("kind", [FramesPage, AnswerPage, TimingPage], ids=lambda kind: kind.TITLE)
def test_the_page(snap_compare: Compare, size: tuple[int, int], kind: type[Page]) -> None:
    page = kind()

    async def steps(pilot: Pilot[None]) -> None:
        page.show(odd())
        await pilot.pause()
        for _ in range(8):
            page.press("comma")
        for _ in range(12 if kind is FramesPage else 4):
            page.move("down")
        await pilot.app.workers.wait_for_complete()
        await until(lambda: page.copied)
        await pilot.pause()

    assert snap_compare(Alone(page), terminal_size=size, run_before=steps)
