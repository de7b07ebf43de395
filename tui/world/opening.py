"""The chat's way into the world: opened when the first frame stands, closed when the chat ends.

Nothing is imported here before it is needed; see ``tui.ui.start``.
"""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from tui.config import paths

if TYPE_CHECKING:
    from tui.config.ui import Ui
    from tui.ui.ports import Deps
    from tui.ui.start import Start
    from tui.world.build import World


class Opening:
    """The world of one chat, not there before it is asked for; a context manager."""

    def __init__(self, args: Namespace) -> None:
        self._args = args
        self._session: str = getattr(args, "session", "new")
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened; whoever opens it in a thread waits for that before."""
        self._stack.close()

    def world(self) -> World:
        """The world with the session that was asked for; from any thread, once. Raises SightlineError."""
        from tui.world.build import open_world
        from tui.world.sessions import reopened

        world = self._stack.enter_context(open_world(self._args, sim_speed=1.0))
        if self._session != "new":
            world.opened = asyncio.run(reopened(world.lazy_store.must_open(), self._session))
        return world

    def start(self, ui: Ui) -> Start:
        """What the screen begins with."""
        from tui.ui.start import Start

        return Start(
            self._deps,
            paths.data_dir(getattr(self._args, "data_dir", None), os.environ),
            theme=ui.theme,
            keymap=ui.keymap,
            notify=ui.notify,
            is_fresh=self._session == "new",
            keeps=not getattr(self._args, "temporary", False),
        )

    def _deps(self) -> Deps:
        world = self.world()
        from tui.world.screen import screen_deps

        return screen_deps(world)
