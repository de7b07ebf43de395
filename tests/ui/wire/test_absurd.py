"""What a file somebody else made holds: every page of the viewer, the diff and the copies stand it."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

from tests.ui.pilots import chat, ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import ok
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.record import Timing, Wire
from tui.chat.usage import Cost, Usage
from tui.errors import UsageError
from tui.exchanges.copy_as import Kind, copy_as
from tui.ui.app import SightlineApp
from tui.ui.wire.diff_screen import DiffScreen
from tui.ui.wire.pages import PAGES
from tui.ui.wire.viewer import Viewer

DEEP = b"[" * 1_200 + b"]" * 1_200
BODIES = (
    b"",
    b"\x00\xff\xfe\x1b]0;x\x07",
    b"null",
    b'{"messages":' + DEEP + b"}",
    b'{"messages":[{"role":"user","content":' + DEEP + b'}],"tools":' + DEEP + b"}",
    b'{"model":7,"messages":{"a":1},"tools":"x","system":[1,null,{"text":[]}],"max_tokens":1e999}',
    b'{"messages":[1,null,"x",[],{"role":[],"content":[1,null,{"type":{}},{"type":"tool_use","input":7}]}]}',
    b'{"input":[{"type":"reasoning","summary":7,"encrypted_content":[]},{"type":"function_call"},3]}',
    b'{"messages":[{"role":"user","content":"' + b"x" * 20_000 + b'"}]}',
    json.dumps({"messages": [{"role": "user", "content": "\ud800\x1b\u202e"}]}).encode(),
    b'{"n":' + b"9" * 6000 + b"}",
)
FRAMES = (
    (),
    (Frame("", "", 0.0), Frame("message_start", "{", -3.0), Frame("error", "\x1b]0;x\x07", -5.0)),
    (Frame("", DEEP.decode(), 1e11), Frame("x" * 5000, "[1,2]", 1e11)),
    tuple(
        Frame("", json.dumps({"type": kind, "index": -7, "delta": 5, "choices": 7, "response": []}), 0.1)
        for kind in ("message_start", "content_block_delta", "content_block_stop", "message_delta", "error")
    ),
    (Frame(WHOLE_BODY, '{"content":7,"usage":"x","choices":[1],"output":{"a":1}}', 0.5),),
)
HEADERS = (
    ("a\nb: c", "\x1b]0;x\x07\r\nd"),
    ("", ""),
    ("x" * 900, "\ud800" * 900),
    ("content-length", "9" * 900),
)
TIMES = (
    Timing(),
    Timing(-1.0, -3.0, 1e11),
    Timing(5.0, 4.0, 3.0),
    Timing(1e11, 1e11, 1e11),
)


def absurd() -> ScriptedSession:
    session = ScriptedSession()
    for n, body in enumerate(BODIES):
        exchange, _ = ok(session, f"x{n}", n + 1, 1)
        timing = TIMES[n % len(TIMES)]
        route = replace(
            exchange.route,
            provider=("litellm-anthropic", "litellm", "openai-responses")[n % 3],
            base_url=("", "http://[", "ftp://x", "http://e\x1b\n.example:99999999")[n % 4],
        )
        session.log[f"x{n}"] = replace(
            exchange,
            route=route,
            timing=timing,
            seconds=(None, -1.0, 1e11, 1e11, -3.0)[n % 5],
            ttft_s=(None, -1.0, 1e11)[n % 3],
            at=(0.0, 1e11, -1e11)[n % 3],
            status=(None, -1, 10**15)[n % 3],
            usage=Usage(10**15, -5, 0, None, None, 7) if n % 2 else None,
            cost=Cost(None, "unknown"),
        )
        session.wires[f"x{n}"] = Wire(body, HEADERS, HEADERS, FRAMES[n % len(FRAMES)])
    gone, _ = ok(session, "gone", 99, 1)
    session.log["gone"] = gone
    session.wires.pop("gone", None)
    return session


def shows(viewer: Viewer, exchange: str) -> bool:
    return viewer.seen is not None and viewer.seen.exchange.id == exchange


def is_open(viewer: Viewer, title: str) -> bool:
    return viewer.page is not None and title == viewer.page.TITLE


def compared(screen: DiffScreen, app: SightlineApp) -> bool:
    return screen.is_ready or "cannot" in shown(app)


async def test_every_page_stands_what_no_server_would_send(tmp_path: Path) -> None:
    session = absurd()
    async with running(deps_for(tmp_path, session), (100, 30)) as (app, pilot):
        await ready(app)
        chat(app).show_exchange("x0")
        await until(lambda: isinstance(app.screen, Viewer))
        viewer = app.screen
        assert isinstance(viewer, Viewer)
        for page in PAGES:
            await until(partial(is_open, viewer, page.TITLE))
            for id in session.log:
                viewer.show_exchange(id)
                await until(partial(shows, viewer, id))
                await until(lambda: all(worker.is_finished for worker in app.workers))
                assert viewer.page is not None
                assert isinstance(viewer.page.copied, str)
                viewer.page.find("x")
                viewer.page.move("end")
            viewer.action_page(1)
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))


async def test_any_two_can_be_compared_and_each_is_copied_or_refused(tmp_path: Path) -> None:
    session = absurd()
    for kind in get_args(Kind):
        for id, exchange in session.log.items():
            try:
                copied = copy_as(kind, exchange, session.wires.get(id), ["secret-0815"], is_ours=False)
            except UsageError:
                continue
            assert not set(copied.text) & set("\x00\x1b\x07\u202e\r")
    ids = list(session.log)
    async with running(deps_for(tmp_path, session), (100, 30)) as (app, pilot):
        await ready(app)
        for one, other in zip(ids, [*ids[1:], ids[0]], strict=True):
            app.push_screen(DiffScreen(chat(app), one, other))
            await until(lambda: isinstance(app.screen, DiffScreen))
            screen = app.screen
            assert isinstance(screen, DiffScreen)
            await until(partial(compared, screen, app))
            await pilot.press("a", "y", "escape")
            await until(lambda: app.screen is chat(app))
