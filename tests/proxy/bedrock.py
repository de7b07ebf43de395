"""Bedrock in front of the simulated Anthropic: Invoke is checked as strictly, Converse is only answered."""

import json
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PATH = re.compile(r"(/vendor)/bedrock/model/(?P<model>[^/]+)/(?P<how>invoke|converse)")
_OWN = ("anthropic_version", "anthropic_beta")
_CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hello."}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
    "metrics": {"latencyMs": 1},
}


class Bedrock:
    """An application around the simulated vendors that also takes Bedrock's two paths, in one piece."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _PATH.fullmatch(scope.get("path", ""))
        if found is None:
            await self._app(scope, receive, send)
            return
        body = json.loads(await _read(receive))
        if found["how"] == "converse":
            await _answer(send, _CONVERSED)
            return
        # The vendor's name and version around the model are Bedrock's own.
        model = re.sub(r"^(\w+\.)?anthropic\.|-v\d+:\d+$", "", found["model"])
        inner = {"model": model, **{key: value for key, value in body.items() if key not in _OWN}}
        data = json.dumps(inner).encode()
        headers = [(b"content-type", b"application/json"), (b"x-api-key", b"key-of-bedrock")]
        headers += [(b"anthropic-version", b"2023-06-01"), (b"content-length", str(len(data)).encode())]
        path = f"{found[1]}/anthropic/v1/messages"
        native = {**scope, "path": path, "raw_path": path.encode(), "headers": headers}
        messages: list[Message] = [{"type": "http.request", "body": data, "more_body": False}]

        async def receiving() -> Message:
            return messages.pop() if messages else await receive()

        await self._app(native, receiving, send)


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


async def _answer(send: Send, body: object) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
