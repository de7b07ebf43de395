"""The copied curl through the real proxy: what the vendor gets of it is what it got of ours."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exchanges.curl import path_with_curl
from tests.proxy.drive import Talk
from tests.proxy.harness import RealProxy
from tests.proxy.tap import Call
from tui.exchanges.copy_as import copy_as
from tui.exchanges.sent import KEY_VARIABLE


@pytest.mark.parametrize("endpoint", ["messages", "chat", "responses"])
async def test_the_vendor_gets_the_same(
    endpoint: str,
    talk: Callable[..., Talk],
    calls: Callable[[], list[Call]],
    proxy: RealProxy,
    tmp_path: Path,
) -> None:
    async with talk("anthropic/claude-sonnet-4-5-20250929", endpoint=endpoint) as opened:
        await opened.say("What is 12*7? Use the calculator.")
        session = opened.session
        last = list(session.log.values())[-1]
        wire = await session.wire(last.id)
    before = calls()
    command = copy_as("curl", last, wire).text
    environment = {"PATH": path_with_curl(tmp_path), KEY_VARIABLE: proxy.key}
    ran = await asyncio.to_thread(
        subprocess.run, ["sh", "-c", command], env=environment, capture_output=True, check=True
    )
    assert b"84" in ran.stdout
    (again,) = calls()[len(before) :]
    assert (again.path, again.body) == (before[-1].path, before[-1].body)
