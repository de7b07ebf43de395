"""When a call connected, had left and was answered: over a real socket, and over one used again."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tui.chat.record import Timing
from tui.chat.route import Route
from tui.errors import CallFailed
from tui.gateway.client import Endpoint, Gateway
from tui.sim.server import SimServer
from tui.sim.state import SimState

BODY = {"model": "smart", "max_tokens": 50, "messages": [{"role": "user", "content": "hi"}], "stream": True}


def route(url: str, provider: str = "litellm-anthropic") -> Route:
    base = url if "anthropic" in provider else f"{url}/v1"
    return Route("smart", provider, base, "smart", None, "anthropic", "claude-opus-4-5")  # type: ignore[arg-type]


@asynccontextmanager
async def sim_and_gateway() -> AsyncIterator[tuple[str, Gateway]]:
    client = Gateway(Endpoint(key=lambda: "sk-simulated"), time.monotonic)
    with SimServer(SimState(speed=0)) as server:
        await client.ready()
        try:
            yield server.url, client
        finally:
            await client.aclose()


async def timing(client: Gateway, to: Route, body: dict[str, object], *, stream: bool = True) -> Timing:
    async with client.open(to, json.dumps(body).encode(), stream=stream) as answer:
        _ = [frame async for frame in answer.frames()]
        return answer.timing


@pytest.mark.parametrize("provider", ["litellm-anthropic", "litellm"])
async def test_a_first_call_connects_and_the_next_uses_the_connection_again(provider: str) -> None:
    async with sim_and_gateway() as (url, client):
        first = await timing(client, route(url, provider), BODY)
        assert first.connected is not None
        assert first.sent is not None
        assert first.headers is not None
        assert 0 < first.connected <= first.sent <= first.headers < 30
        again = await timing(client, route(url, provider), BODY)
        assert again.connected is None
        assert again.sent is not None
        assert again.headers is not None
        assert 0 < again.sent <= again.headers


async def test_an_answer_that_is_not_streamed_has_its_headers_before_its_body() -> None:
    body = {k: v for k, v in BODY.items() if k != "stream"}
    async with sim_and_gateway() as (url, client):
        began = time.monotonic()
        told = await timing(client, route(url), body, stream=False)
        assert told.headers is not None
        assert told.headers <= time.monotonic() - began


async def test_two_calls_at_once_are_timed_apart() -> None:
    async with sim_and_gateway() as (url, client):
        both = await asyncio.gather(*(timing(client, route(url), BODY) for _ in range(2)))
    assert all(each.connected is not None and each.sent is not None for each in both)
    assert both[0] != both[1]


async def test_a_refusal_tells_its_times_too() -> None:
    async with sim_and_gateway() as (url, client):
        with pytest.raises(CallFailed) as caught:
            await timing(client, route(url), {**BODY, "model": "no-such-model"})
    assert caught.value.answer is not None
    told = Timing(*caught.value.answer.timing)
    assert told.connected is not None
    assert told.sent is not None
    assert told.headers is not None
    assert told.connected <= told.sent <= told.headers
