"""A proxy whose every word attacks the terminal: names, headers, errors, answers, tools and reasoning."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

MARK = "PWNED"
"""Stands in every attack; it may be painted as text and nothing else."""
ATTACK = (
    f"{MARK}\x1b]52;c;{MARK}\x1b\\\x1b]52;c;{MARK}\x07\x1b]0;{MARK}\x07\x1b]8;;http://{MARK}.invalid/\x1b\\"
    f"\x1b[2J\x1b[6n\x1bP{MARK}\x1b\\\x1b[?1049l\x1bc\x9b6n\x9d0;{MARK}\x9c\x90{MARK}\x9c\x00\x08\x0e\x7f"
    f"\u202e{MARK}\u2066\u061c\u200e\u200b\u2060\ufeff\u3164\U000e0041\U000e0100[/x][@click=app.quit]{MARK}[/]"
    "[link='http://a']\t|\r\n\x0b\x0c\x1c\x85\u2028\u2029\ud800tail"
)
LINE = "".join(c for c in ATTACK if c not in "\r\n\x00\ud800")
"""What can stand in a header of a sloppy server, once encoded."""
LONG = f"{MARK}{'x' * 100_000}"

Json = Any


def hostile(word: str) -> str:
    """A word to recognise, followed by the attack."""
    return word + ATTACK


class _Handler(BaseHTTPRequestHandler):
    server: "HostileServer"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the terminal of the tests."""

    def do_GET(self) -> None:
        """The discovery routes."""
        path = self.path.partition("?")[0]
        if path == "/health/liveliness":
            self._json(200, "I'm alive!")
        elif path == "/health/readiness/details":
            self._json(200, {"litellm_version": hostile("version")})
        elif path == "/model/info" and self.server.lists:
            self._json(200, {"data": self.server.entries()})
        elif path == "/model_group/info":
            self._json(403, {"error": {"message": "no," + self._echo() + hostile("grouprefused")}})
        else:
            self._page(500)

    def do_POST(self) -> None:
        """A call: the last prompt chooses how it ends."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(body)
        prompt = _last([m for m in body["messages"] if m["role"] == "user"][-1]["content"])
        answered = body["messages"][-1]["role"] == "tool" or "tool_result" in prompt
        if "beta" in prompt:
            error = {"type": hostile("kind"), "code": ATTACK, "message": "refused" + self._echo() + ATTACK}
            self._json(400, {"type": "error", "error": error})
        elif "gamma" in prompt:
            self._page(200)
        elif self.path.endswith("/messages"):
            self._stream(_messages(prompt, answered=answered, echo=self._echo()))
        else:
            self._stream(_chunks(prompt, answered=answered, echo=self._echo()))

    def _echo(self) -> str:
        """The secrets of the request, as a careless relay repeats them."""
        names = ("authorization", "x-api-key", "x-secret")
        return " got " + ", ".join(f"{n} {self.headers[n]}" for n in names if self.headers[n])

    def _head(self, status: int, kind: str) -> None:
        self.send_response_only(status, "OK")
        self.send_header("content-type", kind)
        for name in ("call-id", "model-id", "model-name", "model-group", "model-api-base", "version"):
            value = f"{name}{LINE if self.server.raw_headers else _without_c0(LINE)}"
            # The base class writes Latin-1; these bytes are UTF-8.
            self.send_header(f"x-litellm-{name}", value.encode("utf-8").decode("latin-1"))
        self.send_header("connection", "close")
        self.end_headers()

    def _json(self, status: int, body: Json) -> None:
        self._head(status, "application/json")
        self.wfile.write(json.dumps(body).encode())

    def _page(self, status: int) -> None:
        self._head(status, "text/html")
        text = f"<!doctype html><html><title>{hostile('page')}</title><body>{ATTACK}{LONG}</body></html>"
        self.wfile.write(text.encode("utf-8", "replace"))

    def _stream(self, events: list[Json]) -> None:
        self._head(200, "text/event-stream")
        for event in events:
            name = f"event: {event['type']}\n" if "type" in event else ""
            name = (
                "".join(c for c in name if c >= " " and not 0xD800 <= ord(c) < 0xE000) + "\n" if name else ""
            )
            self.wfile.write(f"{name}data: {json.dumps(event)}\n\n".encode())
        if "type" not in events[0]:
            self.wfile.write(b"data: [DONE]\n\n")


class HostileServer(ThreadingHTTPServer):
    """Serves on a free loopback port until the ``with`` block ends."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lists = True
        self.raw_headers = False
        self.requests: list[Json] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""

    def entries(self) -> list[Json]:
        """What ``/model/info`` lists: every word of it an attack."""
        return [
            _entry("claude-one", "anthropic/claude-opus-4-5"),
            _entry("claude-one", "anthropic/claude-sonnet-4-5"),
            _entry("gpt-two", "openai/gpt-5.1"),
            _entry("third", hostile("vendor") + "/thing"),
            _entry("anthropic/*", "anthropic/*"),
            {"model_name": LONG, "litellm_params": {"model": LONG}},
        ]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        socketserver.TCPServer.server_close(self)


def _last(content: Json) -> str:
    """The last block of a message: an unanswered prompt before it is not meant any more."""
    return json.dumps(content[-1]) if isinstance(content, list) else str(content)


def _entry(name: str, upstream: str) -> Json:
    info = {
        "id": hostile("id"),
        "mode": "chat",
        "litellm_provider": ATTACK,
        "supports_function_calling": True,
    }
    listed = name if name.endswith("*") else hostile(name)
    params = {"model": hostile(upstream), "api_base": ATTACK, "thinking": {"type": ATTACK}}
    return {"model_name": listed, "litellm_params": params, "model_info": info}


def _block(index: int, start: Json, *deltas: Json) -> list[Json]:
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def _call(index: int, name: str, arguments: str) -> list[Json]:
    start = {"type": "tool_use", "id": hostile("toolu"), "name": name, "input": {}}
    return _block(index, start, {"type": "input_json_delta", "partial_json": arguments})


def _messages(prompt: str, *, answered: bool, echo: str) -> list[Json]:
    """The events of an answer on ``/v1/messages``."""
    usage = {"input_tokens": 5, "output_tokens": 5, "service_tier": ATTACK}
    message = {"id": ATTACK, "type": "message", "role": "assistant", "model": ATTACK, "content": []}
    opening = {"type": "message_start", "message": message | {"usage": usage}}
    if "delta" in prompt:
        error = {"type": hostile("kind"), "message": "midstream" + echo + ATTACK}
        return [opening, {"type": "error", "error": error}]
    if not answered and "omega" in prompt:
        command = "".join(c for c in hostile("echo asked ") if c not in "\x00\ud800")
        stop = "tool_use"
        blocks = [
            *_block(0, {"type": "redacted_thinking", "data": ATTACK}),
            *_call(1, "shell", json.dumps({"command": f"{command}\n{command}", "seconds": None})),
            *_call(2, "write_file", json.dumps({"path": f"{MARK}.txt", "content": command})),
        ]
    elif not answered and "alpha" in prompt:
        zone = json.dumps({"timezone": hostile("zone")})
        sealed = {"type": "signature_delta", "signature": ATTACK}
        thought = {"type": "thinking_delta", "thinking": hostile("thought ") + "\n" + LONG[:5000]}
        stop = "tool_use"
        blocks = [
            *_block(0, {"type": "thinking", "thinking": "", "signature": ""}, thought, sealed),
            *_block(1, {"type": "redacted_thinking", "data": ATTACK}),
            *_call(2, "current_time", zone),
            *_call(3, hostile("tool"), json.dumps({ATTACK: hostile("argument"), "b": [ATTACK, LONG]})),
            *_call(4, "calculator", hostile("not json")),
        ]
    else:
        said = f"{hostile('said ')}\n\n# {ATTACK}\n\n- {ATTACK}\n\n> {ATTACK}\n\n| {LINE} | b |\n|---|---|\n"
        said += (
            f"| {LINE} | `{LINE}` |\n\n```{LINE}\n{ATTACK}\n```\n\n[{LINE}](http://{MARK}.invalid/{LINE})\n"
        )
        said += f"![{LINE}](x) &#27;[2J &#x9b;6n &#x202e;\n\n{LONG}\n\nTHE-END"
        pieces = [{"type": "text_delta", "text": said[i : i + 977]} for i in range(0, len(said), 977)]
        unknown = {"type": hostile("block"), "title": ATTACK, "content": ATTACK}
        search = {"type": "server_tool_use", "id": ATTACK, "name": hostile("search"), "input": {"q": ATTACK}}
        stop = hostile("stopped")
        blocks = [
            *_block(0, unknown, {"type": hostile("grow"), "text": ATTACK}),
            *_block(1, search),
            *_block(2, {"type": "text", "text": ""}, *pieces),
        ]
    delta = {"stop_reason": stop, "stop_sequence": ATTACK, "stop_details": {"explanation": ATTACK}}
    closing = {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 9}}
    return [opening, *blocks, {"type": hostile("event")}, closing, {"type": "message_stop"}]


def _chunks(prompt: str, *, answered: bool, echo: str) -> list[Json]:
    """The chunks of an answer on ``/v1/chat/completions``."""
    if not answered and "alpha" in prompt:
        zone = {"name": "current_time", "arguments": json.dumps({"timezone": hostile("zone")})}
        calls = [
            {"index": 0, "id": ATTACK, "type": "function", "function": zone},
            {"index": 1, "id": "b", "type": ATTACK, "function": {"name": ATTACK, "arguments": ATTACK}},
        ]
        deltas: list[Json] = [
            {"reasoning_content": hostile("thought ") + LONG, "role": ATTACK},
            {"thinking_blocks": [{"type": "redacted_thinking", "data": ATTACK}, {"type": ATTACK}]},
            {"tool_calls": calls},
        ]
        finish = "tool_calls"
    else:
        refusal = {"refusal": hostile("declined")}
        deltas, finish = [{"content": hostile("said ")}, refusal, {ATTACK: ATTACK}], hostile("finished")
        deltas.append({"content": "THE-END"})
    if "delta" in prompt:
        return [{"error": {"message": "midstream" + echo + ATTACK, "code": "500", "type": ATTACK}}]
    common = {"id": ATTACK, "object": "chat.completion.chunk", "model": ATTACK}
    chunks = [{**common, "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    last = {**common, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    return [*chunks, last, {**common, "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}]


def _without_c0(text: str) -> str:
    return "".join(c for c in text if c >= " " and c != "\x7f")
