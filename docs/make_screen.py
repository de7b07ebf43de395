"""Draws ``docs/screen.svg`` and ``docs/wire.svg``: chat and exchange viewer, on the simulated gateway.

Run it after a change of either: ``.venv/bin/python docs/make_screen.py``.
"""

import asyncio
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from tui.cli.args import parse
from tui.ui.app import SightlineApp
from tui.world.build import open_world
from tui.world.screen import screen_deps

PROMPTS = (
    "Think about it, then tell me in two sentences why the sky is blue.",
    "What is 17 * 23, and what time is it in Paris? Use the tools. parallel",
)
SIZE = (120, 38)
WIRE_SIZE = (120, 24)
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""The exporter names a font on somebody's server; a picture should load nothing."""


async def answered(pilot: Pilot[None], turns: int) -> None:
    """Wait until the session has finished that many turns."""
    session = pilot.app.deps.home.session  # type: ignore[attr-defined]
    while session.totals.turns < turns or session.busy:
        await pilot.pause(0.05)
    await pilot.pause(0.5)


async def frame_by_frame(pilot: Pilot[None]) -> None:
    """Open the viewer at the step that thought and called tools, on its Answer page, amid the stream."""
    app = pilot.app
    await pilot.resize_terminal(*WIRE_SIZE)
    app.screen.show_exchange(list(app.screen.session.log)[1], "Answer")  # type: ignore[attr-defined]
    await pilot.pause(1)
    await pilot.press("<", "<", "<", "<", ".", ".")
    await pilot.pause(1)


async def draw() -> dict[str, str]:
    """Ask the prompts and return what is on the screen as SVG, by the name of its file."""
    with (
        tempfile.TemporaryDirectory() as data,
        open_world(parse(["--sim", "--data-dir", data]), sim_speed=0.2) as world,
    ):
        app = SightlineApp(screen_deps(world))
        async with app.run_test(size=SIZE) as pilot:
            while not app.deps.home.session.catalog.cards:
                await pilot.pause(0.05)
            for turn, prompt in enumerate(PROMPTS, 1):
                await pilot.press(*prompt)
                await pilot.pause(0.2)
                await pilot.press("enter")
                await answered(pilot, turn)
            pictures = {"screen.svg": app.export_screenshot(title="sightline")}
            await frame_by_frame(pilot)
            return {**pictures, "wire.svg": app.export_screenshot(title="sightline")}


if __name__ == "__main__":
    for name, picture in asyncio.run(draw()).items():
        Path(__file__).with_name(name).write_text(_FONTS.sub("", picture), encoding="utf-8")
