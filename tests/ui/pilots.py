"""Running the application in a test: a size, a session, and waiting for what should come."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from textual import events
from textual._context import visible_screen_stack
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tui.ui.app import SightlineApp
from tui.ui.ports import Deps
from tui.ui.screens.chat import ChatScreen
from tui.ui.widgets.header import HeaderBar, Heading
from tui.world.build import open_world
from tui.world.screen import screen_deps

NARROW, WIDE, VAST = (80, 24), (120, 40), (200, 60)
PATIENCE_S = 60.0


async def until(condition: Callable[[], object]) -> None:
    """Give the application time until ``condition`` holds; fails when it never does."""
    end = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < end, "the condition never came true"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def running(
    deps: Deps, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[SightlineApp, Pilot[None]]]:
    """The application with its models read."""
    app = SightlineApp(deps)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(lambda: isinstance(app.screen, ChatScreen))
        if deps.home.session.catalog.cards:
            await pilot.pause()
        yield app, pilot


@asynccontextmanager
async def simulated(data_dir: Path, *, speed: float = 0.0) -> AsyncIterator[Deps]:
    """What the application is given on the simulated gateway, over a real socket, closed at the end."""
    with open_world(Namespace(sim=True, data_dir=str(data_dir)), sim_speed=speed) as world:
        try:
            yield screen_deps(world)
        finally:
            await world.link.gateway.aclose()


def chat(app: SightlineApp) -> ChatScreen:
    """The chat, whatever lies over it."""
    return next(s for s in reversed(app.screen_stack) if isinstance(s, ChatScreen))


def heading(app: SightlineApp) -> Heading:
    """What the header says."""
    return chat(app).query_one(HeaderBar).heading


async def ready(app: SightlineApp) -> None:
    """Wait until a route is known."""
    await until(lambda: chat(app).is_mounted and heading(app).route is not None)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Press the keys of ``text`` as one burst, as a terminal hands on what was typed while it was busy."""
    driver = pilot.app._driver
    assert driver is not None
    for char in text:
        key = events.Key(char if char.isalnum() else _character_to_key(char), char)
        key.set_sender(pilot.app)
        driver.send_message(key)
    await pilot.pause()


def notices(app: SightlineApp) -> list[str]:
    """The texts of all notices."""
    return [n.message for n in app._notifications]


def shown(app: SightlineApp) -> str:
    """The text on the screen, line by line."""
    width, height = app.size
    # What a dialog draws of the screens below it is kept: without them it would stay empty.
    visible_screen_stack.set(app._background_screens)
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text[:width].rstrip() for strip in lines[:height])
