"""Asks a simulated gateway over a real socket and takes its answers apart, for the tests of all faces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState

SCHEMA = {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]}
FUNCTION = {"name": "calculator", "description": "Calculates.", "parameters": SCHEMA}
TOOL = {"type": "function", "function": FUNCTION}
PROMPT = "What is 12*7?"


@dataclass
class Answer:
    """What came back: ``body`` of a whole answer, or ``events`` of a stream as name and data."""

    status: int
    headers: httpx2.Headers
    body: Any = None
    events: list[tuple[str | None, Any]] = field(default_factory=list)
    broken: bool = False
    """The connection broke before the body's end."""

    @property
    def data(self) -> list[Any]:
        return [data for _, data in self.events]

    @property
    def error(self) -> dict[str, Any]:
        error = self.body["error"]
        assert isinstance(error, dict)
        return error


class Asker:
    """A client of one running gateway."""

    def __init__(self, server: SimServer) -> None:
        self.server = server
        self._http = httpx2.Client(base_url=server.url, trust_env=False, timeout=20)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """Send one request and read all of its answer."""
        given = {"authorization": f"Bearer {MASTER_KEY}", "x-goog-api-key": "key"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        text, broken = "", False
        with self._http.stream("POST", path, content=raw, headers=given) as response:
            try:
                for piece in response.iter_bytes():
                    text += piece.decode()
            except httpx2.RemoteProtocolError:
                broken = True
        kind = response.headers.get("content-type", "")
        answer = Answer(response.status_code, response.headers, broken=broken)
        if kind.startswith("application/json"):
            answer.body = json.loads(text)
        elif kind.startswith("text/event-stream"):
            answer.events = list(_events(text))
        else:
            answer.body = text
        return answer

    def close(self) -> None:
        self._http.close()


@contextmanager
def asking(state: SimState | None = None) -> Iterator[Asker]:
    """A gateway whose models answer at once, and a client for it."""
    with SimServer(state or SimState(speed=0)) as server:
        asker = Asker(server)
        try:
            yield asker
        finally:
            asker.close()


def _events(text: str) -> Iterator[tuple[str | None, Any]]:
    for block in text.split("\n\n")[:-1]:
        name, data = None, ""
        for line in block.splitlines():
            key, _, value = line.partition(": ")
            name, data = (value, data) if key == "event" else (name, data + value)
        yield name, data if data == "[DONE]" else json.loads(data)


def chat_message(answer: Answer) -> dict[str, Any]:
    """The assistant message of a chat answer; a stream is put together as a careful client does."""
    if answer.body is not None:
        message = answer.body["choices"][0]["message"]
        assert isinstance(message, dict)
        return message
    made: dict[str, Any] = {"role": "assistant", "content": None}
    calls: dict[int, dict[str, Any]] = {}
    blocks: list[dict[str, Any]] = []
    for chunk in answer.data:
        if chunk == "[DONE]" or not chunk.get("choices"):
            continue
        delta = chunk["choices"][0]["delta"]
        for key in ("content", "reasoning_content"):
            if delta.get(key) is not None:
                made[key] = (made.get(key) or "") + delta[key]
        for piece in delta.get("tool_calls") or ():
            call = calls.setdefault(piece["index"], {"type": "function", "function": {"arguments": ""}})
            call |= {k: v for k, v in piece.items() if k in ("id", "provider_specific_fields")}
            call["function"]["arguments"] += piece["function"]["arguments"]
            if "name" in piece["function"]:
                call["function"]["name"] = piece["function"]["name"]
        for block in delta.get("thinking_blocks") or ():
            _assemble(blocks, block)
        if delta.get("reasoning_items"):
            made["reasoning_items"] = delta["reasoning_items"]
    if calls:
        made["tool_calls"] = [calls[n] for n in sorted(calls)]
    if blocks:
        made["thinking_blocks"] = blocks
    return made


def _assemble(blocks: list[dict[str, Any]], piece: dict[str, Any]) -> None:
    """Thinking goes on until a signature closes the block; redacted thinking stands alone."""
    closed = not blocks or "signature" in blocks[-1] or "data" in blocks[-1]
    if closed or piece["type"] == "redacted_thinking":
        blocks.append(dict(piece))
    else:
        blocks[-1]["thinking"] += piece["thinking"]
        blocks[-1] |= {k: v for k, v in piece.items() if k == "signature"}


def chat_results(message: dict[str, Any], text: str = "84") -> list[dict[str, Any]]:
    """A result for each call of a message."""
    return [
        {"role": "tool", "tool_call_id": call["id"], "content": text}
        for call in message.get("tool_calls") or ()
    ]
