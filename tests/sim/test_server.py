"""The simulated gateway over real sockets: starting, streaming, breaking, stopping."""

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tui.sim.pace import Pacer
from tui.sim.server import SimServer
from tui.sim.state import SimState

HEADERS = {"authorization": "Bearer sk-simulated"}


@pytest.fixture
def server() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


@pytest.fixture
def client(server: SimServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, headers=HEADERS, trust_env=False) as client:
        yield client


def ask(prompt: str, **fields: Any) -> dict[str, Any]:
    return {"model": "smart", "max_tokens": 2000, "messages": [{"role": "user", "content": prompt}], **fields}


def until(done: Callable[[], bool]) -> None:
    finished = threading.Event()
    for _ in range(12000):
        if done():
            return
        finished.wait(0.005)
    raise AssertionError("the condition never came true")


def test_a_free_port_is_taken_and_given_back() -> None:
    with SimServer() as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert httpx2.get(f"{server.url}/health/liveliness", trust_env=False).text == '"I\'m alive!"'
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", server.port))


def test_a_taken_port_is_an_error(server: SimServer) -> None:
    with pytest.raises(OSError, match="in use"):
        SimServer(port=server.port)


def test_stopping_twice_is_fine() -> None:
    with SimServer() as server:
        pass
    server.stop()


def test_a_whole_and_a_streamed_answer(client: httpx2.Client) -> None:
    whole = client.post("/v1/messages", json=ask("hello"))
    assert whole.status_code == 200
    assert whole.headers["x-sightline-simulated"] == "1"
    assert whole.headers["x-litellm-version"].endswith("-simulated")
    with client.stream("POST", "/v1/messages", json=ask("hello", stream=True)) as streamed:
        assert streamed.headers["content-type"].startswith("text/event-stream")
        text = streamed.read().decode()
    assert text.startswith("event: message_start\ndata: {")
    assert text.endswith('event: message_stop\ndata: {"type":"message_stop"}\n\n')


@pytest.mark.parametrize("path", ["/v1/messages", "/vendor/anthropic/v1/messages"])
def test_a_cut_breaks_the_connection_inside_an_event(client: httpx2.Client, path: str) -> None:
    model = "smart" if path == "/v1/messages" else "claude-opus-4-5"
    headers = {"anthropic-version": "2023-06-01", "x-api-key": "k"}
    seen: list[bytes] = []

    def read() -> None:
        body = ask("cut stream", stream=True, model=model)
        with client.stream("POST", path, json=body, headers=headers) as answer:
            seen.extend(answer.iter_raw())

    with pytest.raises(httpx2.RemoteProtocolError):
        read()
    text = b"".join(seen)
    assert b"message_start" in text
    assert b"message_stop" not in text
    assert not text.endswith(b"\n")


@pytest.mark.parametrize("word", ["cut stream", "clean cut"])
def test_a_whole_answer_breaks_too(client: httpx2.Client, word: str) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        client.post("/v1/messages", json=ask(word))


def test_a_clean_cut_ends_http_well_without_the_last_words(client: httpx2.Client) -> None:
    with client.stream("POST", "/v1/messages", json=ask("clean cut", stream=True)) as answer:
        text = answer.read()
    assert b"content_block_delta" in text
    assert b"message_stop" not in text


def test_a_page_is_html_with_status_200(client: httpx2.Client) -> None:
    answer = client.post("/v1/messages", json=ask("html", stream=True))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_a_client_that_leaves_is_noticed(server: SimServer, client: httpx2.Client) -> None:
    with client.stream("POST", "/v1/messages", json=ask("hang midway", stream=True)) as answer:
        next(answer.iter_raw())
    until(lambda: server.state.seen("litellm")[0].outcome == "cancelled")


def test_a_client_that_gives_up_waiting_is_noticed(server: SimServer, client: httpx2.Client) -> None:
    with pytest.raises(httpx2.ReadTimeout):
        client.post("/v1/messages", json=ask("hang"), timeout=0.1)
    until(lambda: server.state.seen("litellm")[0].outcome == "cancelled")


def test_stopping_ends_what_hangs() -> None:
    failed = threading.Event()

    def hang(url: str) -> None:
        try:
            httpx2.post(f"{url}/v1/messages", json=ask("hang"), headers=HEADERS, trust_env=False, timeout=30)
        except httpx2.HTTPError:
            failed.set()

    with SimServer(SimState(speed=0)) as server:
        caller = threading.Thread(target=hang, args=(server.url,))
        caller.start()
        until(lambda: bool(server.state.exchanges))
    caller.join(10)
    assert failed.is_set() or not caller.is_alive()


def test_exchanges_tell_what_arrived_and_what_became_of_it(server: SimServer, client: httpx2.Client) -> None:
    client.post("/v1/messages", json=ask("hello"))
    client.post("/v1/messages", json=ask("error 400"))
    client.post("/v1/messages", content=b"{")
    ours, vendors = server.state.seen("litellm"), server.state.seen("anthropic")
    assert [(e.path, e.status) for e in ours] == [("/v1/messages", s) for s in (200, 400, 400)]
    assert ours[0].body["model"] == "smart"
    assert ours[2].body == "{"
    assert [v.outcome.split(":")[0] for v in vendors] == ["answered", "refused"]
    assert vendors[0].body["model"] == "claude-opus-4-5"


def test_it_writes_nothing_to_the_terminal(
    client: httpx2.Client, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "uvicorn"):
        client.post("/v1/messages", json=ask("hello"))
        with pytest.raises(httpx2.RemoteProtocolError):
            client.post("/v1/messages", json=ask("cut stream", stream=True))
        client.get("/nowhere")
    assert capfd.readouterr() == ("", "")


def test_streams_are_paced_when_the_speed_says_so() -> None:
    async def seconds(state: SimState) -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        pacer = Pacer(state.speed)
        for _ in range(5):
            await pacer.after("word ")
        return loop.time() - begun

    assert asyncio.run(seconds(SimState(speed=1))) > 0.03
    assert asyncio.run(seconds(SimState(speed=0))) < 0.03


def test_a_dead_socket_does_not_stop_the_server(server: SimServer, client: httpx2.Client) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
    assert json.loads(client.get("/health/liveliness").text) == "I'm alive!"
