"""After a stop in thinking, text, tool arguments or a running tool, every vendor goes on."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from tests.proxy.drive import Talk
from tests.proxy.tap import Call
from tui.chat.conversation import CANCELLED
from tui.chat.events import Event, PartDelta, PartFinished
from tui.chat.parts import Json, Reasoning
from tui.chat.settings import Settings
from tui.sim.server import SimServer
from tui.tools.builtin.calculator import Calculator
from tui.tools.toolbox import Toolbox

THINKING = {
    "anthropic/claude-sonnet-4-5-20250929": None,
    "gpt-killer": "on",
    "anthropic/claude-sonnet-4-6": "on",
    "anthropic/claude-opus-4-7": "on",
    "anthropic/claude-fable-5-1": None,
    "gemini/gemini-3-pro-preview": None,
    "deepseek/deepseek-reasoner": None,
    "openai/gpt-5.1": None,
    "openai/gpt-5.5": "low",
    "xai/grok-4": None,
}
"""Every vendor, and what its thinking is set to."""
SILENT = ("gemini/gemini-3-pro-preview", "openai/gpt-5.1", "openai/gpt-5.5", "xai/grok-4")
"""Models whose thinking never shows on their default route."""


class StoppedInside(Calculator):
    """A calculator during whose first run the user presses stop; it would never end by itself."""

    def __init__(self) -> None:
        self.stop: Callable[[], None] | None = None
        self.cancelled = 0

    async def run(self, arguments: Mapping[str, Json]) -> str:
        if self.stop is None:
            return await super().run(arguments)
        stop, self.stop = self.stop, None
        stop()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        raise AssertionError("nobody stopped the tool")


def in_thinking(event: Event) -> bool:
    """Thinking is being read, or, where its text is omitted, has just been sealed."""
    if isinstance(event, PartDelta):
        return event.kind == "thinking"
    return isinstance(event, PartFinished) and isinstance(event.part, Reasoning)


def in_text(event: Event) -> bool:
    return isinstance(event, PartDelta) and event.kind == "text"


def in_arguments(event: Event) -> bool:
    return isinstance(event, PartDelta) and event.kind == "tool_arguments"


def never(_: Event) -> bool:
    return False


STOPS: tuple[tuple[str, str, Callable[[Event], bool]], ...] = (
    ("thinking", "two thoughts: what is 3+4?", in_thinking),
    ("text", "Tell me a story, long 100", in_text),
    ("arguments", "What is 11*11?", in_arguments),
    ("tool", "What is 12*12?", never),
)


@pytest.mark.parametrize(
    ("model", "endpoint"),
    [
        *((model, "auto") for model in THINKING),
        ("anthropic/claude-sonnet-4-5-20250929", "chat"),
        ("anthropic/claude-fable-5-1", "chat"),
    ],
)
async def test_the_next_prompt_works_after_every_stop(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str, endpoint: str
) -> None:
    calculator = StoppedInside()
    settings = Settings(thinking=THINKING[model])
    box = Toolbox((calculator,))
    async with talk(model, settings=settings, endpoint=endpoint, toolbox=box) as session:
        for where, prompt, at in STOPS:
            if where == "thinking" and model in SILENT:
                continue
            calculator.stop = session.session.stop if where == "tool" else None
            seen = await session.say(prompt, at)
            assert (seen.end.stop, seen.error) == ("cancelled", None), where
            # A stop hides what was spent: it is a lower bound, or unknown, and never a sum.
            assert seen.end.cost.at_least or seen.end.cost.usd is None or where == "tool"
            if where == "tool":
                assert (seen.tools, calculator.cancelled) == ([CANCELLED], 1)
            else:
                assert seen.tools == [], where
            again = await session.say("And what is 2*3? Use the calculator.")
            assert again.error is None, (where, again.error)
            # What was asked before the stop is in the history, and may be answered too.
            assert (again.tools[-1], again.end.stop) == ("6", "end"), where
    assert {c.status for c in calls()} == {200}


async def test_a_stop_reaches_the_vendor(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], vendors: SimServer
) -> None:
    async with talk("anthropic/claude-sonnet-4-6") as session:
        seen = await session.say("hang midway, please", in_text)
        assert seen.end.stop == "cancelled"
        mine = vendors.state.exchanges[-1]
        async with asyncio.timeout(20):
            # The vendor runs in a thread of its own, and there is no event across threads to wait for.
            while mine.outcome == "open":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert mine.outcome == "cancelled"
    assert len(calls()) == 1
