"""A model server on loopback that streams the known answer at a given rate, in a process of its own.

It speaks ``/v1/messages``, ``/v1/chat/completions`` and ``/v1/responses``, and lists its models as a LiteLLM
proxy does. ``Server`` starts it; ``play`` says what the next requests are answered with.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from benchmarks.answer import pieces
from benchmarks.responses import responses

CLAUDE, GPT = "bench-claude", "bench-gpt"
"""The models listed: one is reached by ``/v1/messages``, the other by ``/v1/chat/completions``."""
SMALL = "bench-small"
"""Always answered with a few words: what other programs ask beside the prompt, for a title."""
KEY = "sk-bench"
AT_ONCE = 64_000
"""Bytes written in one go when there is no rate."""
_MARKS = count(1)


class Server:
    """The server as its user holds it; a context manager. ``url`` has no ``/v1``."""

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.server"], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def play(self, tokens: int, rate: float | None = None) -> str:
        """Answer from now on with so many tokens, at ``rate`` a second or as fast as they are taken.

        The mark that is returned is the last word of the answer, and stands nowhere else.
        """
        mark = f"Endmark{next(_MARKS)}x"
        self._ask("POST", "/_play", {"tokens": tokens, "rate": rate, "mark": mark})
        return mark

    def told(self) -> Told:
        """What became of the newest answer."""
        return Told(**self._ask("GET", "/_told"))

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, json.dumps(body) if body else None)
        told: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return told


@dataclass
class Told:
    """The newest answer: when its first and last byte were written, by ``time.perf_counter``; 0 before."""

    answers: int = 0
    tokens: int = 0
    began: float = 0.0
    ended: float = 0.0


# What follows runs in the server's process.


@dataclass
class Played:
    """What the next requests are answered with."""

    tokens: int = 100
    rate: float | None = None
    mark: str = "Endmark0x"


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _messages(model: str, said: list[str]) -> Iterator[bytes]:
    usage = {"input_tokens": 12, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": []}
    begun = {**message, "stop_reason": None, "stop_sequence": None, "usage": usage}
    yield _event("message_start", {"type": "message_start", "message": begun})
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    yield _event("content_block_start", start)
    for piece in said:
        delta = {"type": "text_delta", "text": piece}
        yield _event("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": delta})
    yield _event("content_block_stop", {"type": "content_block_stop", "index": 0})
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    usage = {"input_tokens": 12, "output_tokens": len(said)}
    yield _event("message_delta", {"type": "message_delta", "delta": end, "usage": usage})
    yield _event("message_stop", {"type": "message_stop"})


def _chat(model: str, said: list[str]) -> Iterator[bytes]:
    def chunk(delta: dict[str, Any], reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
        return f"data: {json.dumps({**head, 'choices': [choice], **more})}\n\n".encode()

    yield chunk({"role": "assistant", "content": ""})
    for piece in said:
        yield chunk({"content": piece})
    used = {"prompt_tokens": 12, "completion_tokens": len(said), "total_tokens": 12 + len(said)}
    yield chunk({}, "stop", usage=used)
    yield b"data: [DONE]\n\n"


DIALECTS: dict[str, Callable[[str, list[str]], Iterator[bytes]]] = {
    "/v1/messages": _messages,
    "/v1/chat/completions": _chat,
    "/v1/responses": responses,
}
"""How an answer is written, by the path it is asked for at."""


@lru_cache(maxsize=8)
def _events(path: str, model: str, tokens: int, mark: str) -> tuple[bytes, ...]:
    return tuple(DIALECTS[path](model, pieces(tokens, mark)))


def _listed(path: str) -> Any:
    """What a LiteLLM proxy would answer to a question about itself; None for what it does not know."""
    upstream = {CLAUDE: "anthropic/claude-opus-4-5", GPT: "openai/gpt-5.1"}
    info: dict[str, Any] = {"mode": "chat", "max_input_tokens": 2_000_000, "max_output_tokens": 128_000}
    info |= {"input_cost_per_token": 1e-9, "output_cost_per_token": 1e-9}
    if path == "/health/liveliness":
        return "I'm alive!"
    if path == "/model/info":
        rows = [
            {"model_name": m, "litellm_params": {"model": u}, "model_info": {"id": m, **info}}
            for m, u in upstream.items()
        ]
        return {"data": rows}
    if path == "/v1/models":
        models = [
            {"id": m, "object": "model", "type": "model", "created": 1, "owned_by": "x"} for m in upstream
        ]
        return {"object": "list", "data": models}
    return None


class _Serving:
    """The server itself."""

    def __init__(self) -> None:
        self.played = Played()
        self.told = Told()

    async def serve(self) -> None:
        """Print the port, answer until killed."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = (await reader.readline()).decode()
        if not line:
            return False
        path = line.split()[1].partition("?")[0]
        headers: dict[str, str] = {}
        while row := (await reader.readline()).decode().strip():
            name, _, value = row.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = json.loads(body) if body.startswith(b"{") else {}
        if path in DIALECTS and asked.get("stream"):
            await self._stream(writer, path, str(asked.get("model")))
            return True
        if path == "/_play":
            self.played, self.told = Played(**asked), Told(self.told.answers)
            told: Any = {}
        elif path == "/_told":
            told = self.told.__dict__
        else:
            told = _listed(path)
        text = json.dumps({"error": {"message": "not here"}} if told is None else told).encode()
        status = "404 Not Found" if told is None else "200 OK"
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
        writer.write(head.encode() + text)
        await writer.drain()
        return True

    async def _stream(self, writer: asyncio.StreamWriter, path: str, model: str) -> None:
        played, told = self.played, self.told
        if model == SMALL:
            played, told = Played(3, None, "title"), Told()
        events = _events(path, model, played.tokens, played.mark)
        kind = "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\ncache-control: no-cache"
        writer.write(f"HTTP/1.1 200 OK\r\n{kind}\r\n\r\n".encode())
        told.began = time.perf_counter()
        for some in _whole(events) if played.rate is None else _due(events, played.rate):
            if isinstance(some, float):
                await asyncio.sleep(some)
                continue
            writer.write(b"%x\r\n%b\r\n" % (len(some), some))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        told.ended, told.tokens, told.answers = time.perf_counter(), played.tokens, told.answers + 1


def _whole(events: tuple[bytes, ...]) -> Iterator[bytes]:
    joined = b"".join(events)
    for start in range(0, len(joined), AT_ONCE):
        yield joined[start : start + AT_ONCE]


def _due(events: tuple[bytes, ...], rate: float) -> Iterator[bytes | float]:
    """What is due by the clock, and how long to sleep until the next."""
    began, sent = time.perf_counter(), 0
    while sent < len(events):
        due = min(len(events), int((time.perf_counter() - began) * rate) + 1)
        if due > sent:
            yield b"".join(events[sent:due])
            sent = due
        yield max(0.001, began + sent / rate - time.perf_counter())


if __name__ == "__main__":
    asyncio.run(_Serving().serve())
