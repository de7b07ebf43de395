"""The form that asks in a test: a session whose calls all wait, and waiting until its keys work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.asking_session import AskingSession
from tests.ui.pilots import NARROW, chat, ready, running, until
from tests.ui.scripted_session import deps_for
from tui.ui import deliberation
from tui.ui.app import SightlineApp
from tui.ui.widgets import approval, asking_form
from tui.ui.widgets.approval import Approval


def be_quick(monkeypatch: pytest.MonkeyPatch, read: float = 0.05, meant: float = 0.03) -> None:
    """Reading takes a moment, so that a test does."""
    for module in (deliberation, approval, asking_form):
        monkeypatch.setattr(module, "READ_S", read)
    monkeypatch.setattr(asking_form, "MEANT_S", meant)


@asynccontextmanager
async def asking(
    tmp_path: Path, session: AskingSession, size: tuple[int, int] = NARROW
) -> AsyncIterator[tuple[SightlineApp, Pilot[None], Approval]]:
    """The form with every call of the session waiting."""
    async with running(deps_for(tmp_path, session), size) as (app, pilot):
        await ready(app)
        chat(app).offer("Tidy up.")
        await until(lambda: chat(app).approval.waiting == len(session.calls))
        yield app, pilot, chat(app).approval


async def readable(app: SightlineApp) -> None:
    """Wait until the keys of the form work."""
    form = chat(app).approval
    await until(lambda: form.has_focus)
    # Time itself is what is waited for: the question has to stand on the screen for a while.
    await asyncio.sleep(deliberation.READ_S * 1.2)
