"""The client over a real socket: bytes out as given, frames in as they came, nothing added unasked."""

import asyncio
import importlib
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count

import httpx2
import pytest

from tests.gateway.answering import Server, answering
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.route import Route
from tui.errors import CallFailed
from tui.gateway import client as client_module
from tui.gateway.client import REST_S, Answer, Endpoint, Gateway, served
from tui.sim.server import SimServer
from tui.sim.state import SimState

KEY = "sk-simulated"
BODY = {
    "model": "smart",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hello é ✓"}],
    "stream": True,
}


def route(url: str, provider: str = "litellm-anthropic") -> Route:
    base = url if "anthropic" in provider else f"{url}/v1"
    return Route("smart", provider, base, "smart", None, "anthropic", "claude-opus-4-5")  # type: ignore[arg-type]


@asynccontextmanager
async def gateway(**fields: object) -> AsyncIterator[Gateway]:
    made = Gateway(Endpoint(key=lambda: KEY, **fields), time.monotonic)  # type: ignore[arg-type]
    await made.ready()
    try:
        yield made
    finally:
        await made.aclose()


async def frames(client: Gateway, to: Route, body: dict[str, object], *, stream: bool = True) -> list[Frame]:
    async with client.open(to, json.dumps(body).encode(), stream=stream) as answer:
        return [frame async for frame in answer.frames()]


@pytest.fixture
def sim() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


async def test_frames_keep_event_names_and_arrive_with_the_headers_facts(sim: SimServer) -> None:
    async with gateway() as client:
        async with client.open(route(sim.url), json.dumps(BODY).encode(), stream=True) as answer:
            assert answer.served.group == "smart"
            assert answer.served.proxy_version
            seen = [frame async for frame in answer.frames()]
        names = [frame.event for frame in seen]
        assert names[0] == "message_start"
        assert names[-1] == "message_stop"
        assert all(json.loads(f.data)["type"] == f.event for f in seen if f.event != "ping")
        assert seen == sorted(seen, key=lambda f: f.at)
        chat = {**BODY, "stream_options": {"include_usage": True}}
        names = [f.event for f in await frames(client, route(sim.url, "litellm"), chat)]
        assert set(names) == {""}


async def test_a_whole_answer_is_one_frame(sim: SimServer) -> None:
    body = {k: v for k, v in BODY.items() if k != "stream"}
    async with gateway() as client:
        (frame,) = await frames(client, route(sim.url), body, stream=False)
    assert frame.event == WHOLE_BODY
    assert json.loads(frame.data)["type"] == "message"


async def test_the_bytes_go_out_as_given_with_our_headers_only(
    sim: SimServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_CUSTOM_HEADERS", "OPENAI_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "x-sneaky: yes")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-sneaky")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-elsewhere")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    async with gateway(headers={"x-team": "research"}) as client:
        await frames(client, route(sim.url), BODY)
        await frames(client, route(sim.url, "litellm"), BODY)
    native, chat = sim.state.seen("litellm")[-2:]
    for exchange in (native, chat):
        assert exchange.body == BODY
        assert exchange.headers["authorization"] == f"Bearer {KEY}"
        assert exchange.headers["x-team"] == "research"
        assert not [v for v in exchange.headers.values() if "sneaky" in v or "elsewhere" in v]
    assert native.headers["anthropic-version"] == "2023-06-01"


@pytest.mark.parametrize("provider", ["litellm-anthropic", "litellm"])
async def test_headers_of_a_request_go_along_and_never_replace_ours(sim: SimServer, provider: str) -> None:
    given = {
        "x-run": "7",
        "x-team": "mine",
        "Authorization": "Bearer other",
        "x-api-key": "other",
        "HOST": "h",
    }
    body = json.dumps(BODY).encode()
    async with gateway(headers={"x-team": "research"}) as client:
        async with client.open(route(sim.url, provider), body, stream=True, headers=given) as answer:
            assert [frame async for frame in answer.frames()]
        await frames(client, route(sim.url, provider), BODY)
    first, second = (exchange.headers for exchange in sim.state.seen("litellm")[-2:])
    assert (first["x-run"], first["x-team"]) == ("7", "mine")
    assert (first["authorization"], first["content-type"]) == (f"Bearer {KEY}", "application/json")
    assert not [value for value in first.values() if "other" in value or value == "h"]
    assert ("x-run" in second, second["x-team"]) == (False, "research")


async def test_a_secret_in_a_header_of_the_request_is_masked_where_the_server_repeats_it() -> None:
    said = '{"error": {"message": "who is tea-at-nine, and who is sesame-0815?"}}'
    given = {"x-gateway-token": "tea-at-nine"}
    with answering({"/v1/messages": (401, said)}) as server:
        async with gateway(headers={"x-gateway-token": "sesame-0815"}) as client:
            with pytest.raises(CallFailed) as caught:
                async with client.open(route(server.url), b"{}", stream=True, headers=given):
                    pass
    assert "who is …, and who is …?" in str(caught.value)


LONG_KEY = 'tea"at\\nine/' + "x1" * 40


@pytest.mark.parametrize("status", [400, 200])
@pytest.mark.parametrize(
    "spelled", [json.dumps(LONG_KEY)[1:-1], "".join(f"\\u{ord(char):04x}" for char in LONG_KEY)]
)
async def test_no_half_of_a_secret_is_left_where_a_refusal_is_shortened(status: int, spelled: str) -> None:
    """The sentence is cut in the middle of the secret, wherever that stands in it."""
    for before in (0, 450, 480, 1960):
        said = f'{{"error": {{"message": "{"w " * (before // 2)}{spelled} {"w " * 4000}"}}}}'
        with answering({"/v1/messages": (status, said)}) as server:
            async with gateway() as client:
                with pytest.raises(CallFailed) as caught:
                    async with client.open(
                        route(server.url), b"{}", stream=True, headers={"x-token": LONG_KEY}
                    ) as answer:
                        [frame async for frame in answer.frames()]
        error = caught.value
        kept = error.answer.body if error.answer else ""
        told = f"{error} {error.vendor_message} {error.hint} {kept} {error.__cause__!r}"
        assert "x1x1" not in told
        assert "tea" not in told
        assert client.sent == {LONG_KEY}


@pytest.mark.parametrize(
    ("event", "data", "is_said"),
    [
        ("error", '{"type":"error","error":{"message":"KEY"}}', False),
        ("", '{"error":{"message":"KEY"}}', False),
        ("", '{"error":"KEY"}', False),
        ("response.failed", '{"type":"response.failed","response":{"error":{"message":"KEY"}}}', False),
        ("error", "no JSON: KEY", False),
        ("", '{"choices":[{"delta":{"content":"KEY"}}],"error":null}', True),
        ("", '{"choices":[{"delta":{"content":"\\"error\\" KEY"}}]}', True),
    ],
)
async def test_a_failure_in_a_stream_forgets_secrets_and_what_is_said_stays(
    event: str, data: str, is_said: bool
) -> None:
    stream = f"event: {event}\ndata: {data.replace('KEY', KEY)}\n\n"
    told = {"content-type": "text/event-stream"}
    with answering({"/v1/messages": (200, stream)}, headers=told) as server:
        async with gateway() as client, client.open(route(server.url), b"{}", stream=True) as answer:
            (frame,) = [frame async for frame in answer.frames()]
    assert (KEY in frame.data) is is_said
    assert frame.data == data.replace("KEY", KEY if is_said else "…")


@pytest.mark.parametrize("provider", ["litellm-anthropic", "litellm"])
async def test_refusals_are_read_from_status_and_body(sim: SimServer, provider: str) -> None:
    async with gateway() as client:
        with pytest.raises(CallFailed) as caught:
            await frames(client, route(sim.url, provider), {**BODY, "model": "nope-nope"})
    assert caught.value.status == 400
    assert caught.value.cls == "unknown-model"


async def test_a_page_instead_of_a_stream_is_said_to_be_one(sim: SimServer) -> None:
    page = {**BODY, "messages": [{"role": "user", "content": "html"}]}
    async with gateway() as client:
        with pytest.raises(CallFailed) as caught:
            await frames(client, route(sim.url), page)
    assert caught.value.cls == "not-a-stream"
    assert "502 Bad Gateway" in str(caught.value)


async def test_json_where_a_stream_was_asked_for_is_taken_whole_or_as_the_error_it_holds() -> None:
    async with gateway() as client:
        with answering({"/v1/messages": (200, '{"type": "message", "content": []}')}) as server:
            (frame,) = await frames(client, route(server.url), BODY)
            assert frame.event == WHOLE_BODY
        error = (200, '{"error": {"message": "no luck"}}')
        with answering({"/v1/messages": error}) as server, pytest.raises(CallFailed, match="no luck"):
            await frames(client, route(server.url), BODY)


async def test_a_redirect_is_not_followed_with_the_key() -> None:
    def asked(server: Server) -> int:
        return len(server.asked)

    with answering({}) as other:
        moved = {"location": f"{other.url}/v1/messages"}
        with answering({"/v1/messages": (307, "")}, headers=moved) as server:
            async with gateway() as client:
                with pytest.raises(CallFailed) as caught:
                    await frames(client, route(server.url), BODY)
        assert caught.value.status == 307
        assert asked(other) == 0


async def test_nothing_listens() -> None:
    async with gateway() as client:
        with pytest.raises(CallFailed) as caught:
            await frames(client, route("http://127.0.0.1:1"), BODY)
    assert caught.value.cls == "proxy-unreachable"
    assert caught.value.never_sent


async def test_a_socket_that_breaks_inside_the_answer(sim: SimServer) -> None:
    cut = {**BODY, "messages": [{"role": "user", "content": "cut stream"}]}
    async with gateway() as client:
        with pytest.raises(CallFailed) as caught:
            await frames(client, route(sim.url), cut)
    assert caught.value.cls == "stream-cut"


def test_headers_that_are_missing_or_odd_are_not_told() -> None:
    facts = served({"x-litellm-attempted-retries": "two", "x-litellm-model-id": "d1"})
    assert facts.attempted_retries is None
    assert facts.model_id == "d1"
    assert facts.model is None


async def test_events_that_came_in_one_read_let_the_loop_turn() -> None:
    ticks, turned = count(), 0
    answer = Answer(
        httpx2.Response(
            200,
            headers={"content-type": "text/event-stream"},
            content=b"data: {}\n\n" * 100,
            request=httpx2.Request("POST", "http://127.0.0.1/"),
        ),
        route("http://127.0.0.1"),
        # A millisecond each time it is asked.
        lambda: next(ticks) / 1000,
    )

    async def turning() -> None:
        nonlocal turned
        while True:
            await asyncio.sleep(0)
            turned += 1

    other = asyncio.create_task(turning())
    assert len([frame async for frame in answer.frames()]) == 100
    other.cancel()
    assert turned >= 100 / (1000 * REST_S + 2)


@pytest.mark.parametrize(("provider", "sdk"), [("litellm-anthropic", "anthropic"), ("litellm", "openai")])
def test_only_the_sdk_of_the_route_is_loaded_and_a_failed_import_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, provider: str, sdk: str
) -> None:
    asked: list[str] = []
    missing = True

    def load(name: str) -> None:
        asked.append(name)
        if missing and name == sdk:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(client_module, "_loaded", set())
    monkeypatch.setattr(importlib, "import_module", load)
    there = route("http://localhost", provider)
    with pytest.raises(ModuleNotFoundError, match=sdk):
        Gateway.warm(there)
    missing = False
    assert Gateway.warm(there)
    assert not Gateway.warm(there)
    assert {"anthropic", "openai"} & set(asked) == {sdk}
    assert asked.count(sdk) == 2
