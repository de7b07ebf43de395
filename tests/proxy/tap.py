"""Listens between the proxy and the simulated vendors, and rebuilds what a vendor sent on its own.

What it says is independent of the program's decoders and of the vendors' own books: requests and
answers as bytes on the wire, and Anthropic's blocks put together from its stream events.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Call:
    """One request to a vendor with its answer, as bytes."""

    path: str
    status: int = 0
    request: bytes = b""
    answer: bytearray = field(default_factory=bytearray)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> Any:
        """The request's JSON."""
        return json.loads(self.request)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The content blocks of Anthropic's answer, streamed or not."""
        text = self.answer.decode("utf-8")
        if text.startswith("{"):
            return list(json.loads(text)["content"])
        events = [json.loads(line[5:]) for line in text.splitlines() if line.startswith("data:")]
        return _rebuilt(events)


class Tap:
    """An application around another that keeps every call to a path below ``/vendor``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.calls: list[Call] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/vendor"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        call = Call(scope["path"], headers=headers)
        self.calls.append(call)

        async def receiving() -> Message:
            message = await receive()
            call.request += message.get("body", b"")
            return message

        async def sending(message: Message) -> None:
            call.status = message.get("status", call.status)
            call.answer += message.get("body", b"")
            await send(message)

        await self._app(scope, receiving, sending)


def _rebuilt(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    arguments: dict[int, str] = {}
    for event in events:
        if event["type"] == "content_block_start":
            blocks.append(dict(event["content_block"]))
        if event["type"] != "content_block_delta":
            continue
        block, delta = blocks[event["index"]], event["delta"]
        match delta["type"]:
            case "text_delta":
                block["text"] += delta["text"]
            case "thinking_delta":
                block["thinking"] += delta["thinking"]
            case "signature_delta":
                block["signature"] = delta["signature"]
            case "input_json_delta":
                arguments[event["index"]] = arguments.get(event["index"], "") + delta["partial_json"]
            case unknown:
                raise AssertionError(f"no rule for {unknown}")
    for index, text in arguments.items():
        blocks[index]["input"] = json.loads(text or "{}")
    return blocks
