"""The simulated proxy sends its vendors what the real proxy sends them, knob by knob and file by file."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.proxy.odd import FALLING
from tests.sim import pictures
from tui.sim.media import type_of
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY

PATHS = {"messages": "/v1/messages", "chat": "/v1/chat/completions", "responses": "/v1/responses"}
CLAUDES = (
    "anthropic/claude-sonnet-4-5-20250929",
    "smart",
    "anthropic/claude-haiku-4-5",
    "anthropic/claude-fable-5-1",
)
OTHERS = (
    "openai/gpt-5.1",
    "openai/gpt-5.5",
    "gemini/gemini-3-pro-preview",
    "xai/grok-4",
    "deepseek/deepseek-reasoner",
)
WAYS = [(m, e) for m in CLAUDES for e in PATHS] + [(m, e) for m in OTHERS for e in ("chat", "responses")]
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "n": {"type": "integer"}},
    "required": ["city", "n"],
    "additionalProperties": False,
}
NAMED = {"name": "place", "schema": SCHEMA, "strict": True}
EVERYWHERE: tuple[dict[str, Any], ...] = (
    {},
    {"temperature": 0.5},
    {"top_p": 0.97},
    {"top_k": 5},
    {"thinking": {"type": "enabled", "budget_tokens": 5000}},
    {"thinking": {"type": "adaptive", "display": "omitted"}},
    {"thinking": {"type": "disabled"}},
    {"output_config": {"effort": "low"}},
    {"service_tier": "auto"},
    {"wat": 1},
)
KNOBS: dict[str, tuple[dict[str, Any], ...]] = {
    "messages": (
        {"max_tokens": 50},
        {"stop_sequences": ["STOP"]},
        {"metadata": {"user_id": "me"}},
        {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
        {"output_config": {"effort": "high"}, "max_tokens": 3000},
        {"output_config": {"effort": "wat"}},
        {"output_config": {"effort": "low"}, "temperature": 0.5},
    ),
    "chat": (
        {"max_tokens": 50},
        {"max_completion_tokens": 50},
        {"stop": "STOP"},
        {"stop": ["STOP", "END"]},
        {"seed": 1},
        {"presence_penalty": 0.5},
        {"user": "me"},
        {"metadata": {"a": "b"}},
        {"response_format": {"type": "json_schema", "json_schema": NAMED}},
        {"response_format": {"type": "json_object"}},
        {"reasoning_effort": "none"},
        {"reasoning_effort": "low"},
        {"reasoning_effort": "xhigh"},
    ),
    "responses": (
        {"max_output_tokens": 50},
        {"max_output_tokens": 3},
        {"stop": ["STOP"]},
        {"user": "me"},
        {"metadata": {"a": "b"}},
        {"text": {"format": {"type": "json_schema", **NAMED}}},
        {"reasoning": {"effort": "low", "summary": "auto"}},
        {"reasoning": {"effort": "none"}},
        {"truncation": "auto"},
    ),
}


class Both:
    """The real proxy and the simulated one before the same vendors."""

    def __init__(self, real: httpx2.Client, simulated: httpx2.Client, vendors: SimServer) -> None:
        self._sides = {"real": real, "simulated": simulated}
        self._state = vendors.state

    def differences(self, endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the two make of one request where it is not the same: what was sent, else what was said."""
        told = {side: self._ask(client, PATHS[endpoint], body) for side, client in self._sides.items()}
        return {} if told["real"] == told["simulated"] else told

    def _ask(self, client: httpx2.Client, path: str, body: dict[str, Any]) -> tuple[Any, ...]:
        self._state.cooldowns.clear()
        before = len(self._state.exchanges)
        answer = client.post(path, json=body)
        asked = [e.body for e in self._state.exchanges[before:] if e.face != "litellm"]
        # Not to stream is what happens when nothing is said of it.
        sent = [{k: v for k, v in body.items() if (k, v) != ("stream", False)} for body in asked]
        if answer.status_code == 200:
            return 200, sent, None
        # The real one has one more group that falls back, and names all of them.
        return answer.status_code, sent, json.loads(answer.text.replace(f", {FALLING}", ""))["error"]


@pytest.fixture(scope="module")
def both(http: httpx2.Client, vendors: SimServer) -> Iterator[Both]:
    headers = {"authorization": f"Bearer {MASTER_KEY}"}
    with httpx2.Client(base_url=vendors.url, headers=headers, trust_env=False, timeout=60) as simulated:
        yield Both(http, simulated, vendors)


def asked(model: str, endpoint: str, content: Any) -> dict[str, Any]:
    turn = {"role": "user", "content": content}
    if endpoint == "responses":
        return {"model": model, "input": [turn]}
    body: dict[str, Any] = {"model": model, "messages": [turn]}
    return {**body, "max_tokens": 12_000} if endpoint == "messages" else body


@pytest.mark.parametrize(("model", "endpoint"), WAYS)
def test_a_knob_reaches_the_vendor_alike(both: Both, model: str, endpoint: str) -> None:
    found = {}
    for knob in (*EVERYWHERE, *KNOBS[endpoint]):
        body = {**asked(model, endpoint, "Say hi in JSON."), **knob}
        if different := both.differences(endpoint, body):
            found[str(knob)] = different
    assert not found


FILES = {
    "a.png": pictures.png(64, 48),
    "a.gif": pictures.gif(3, 2),
    "a.pdf": pictures.pdf(2),
    "a.txt": b"Plain words.",
}


def shown(endpoint: str, name: str, data: bytes) -> dict[str, Any]:
    """One file as a content part of an endpoint."""
    media_type, coded = type_of(data) or "text/plain", base64.b64encode(data).decode()
    url, image = f"data:{media_type};base64,{coded}", media_type.startswith("image/")
    match endpoint:
        case "messages":
            source = {"type": "base64", "media_type": media_type, "data": coded}
            if media_type == "text/plain":
                source = {"type": "text", "media_type": media_type, "data": data.decode()}
            return {"type": "image" if image else "document", "source": source}
        case "chat" if image:
            return {"type": "image_url", "image_url": {"url": url}}
        case "chat":
            return {"type": "file", "file": {"file_data": url, "filename": name}}
        case _ if image:
            return {"type": "input_image", "image_url": url}
        case _:
            return {"type": "input_file", "file_data": url, "filename": name}


@pytest.mark.parametrize(
    ("model", "endpoint"), [w for w in WAYS if w[0] not in (*CLAUDES[:1], *CLAUDES[2:], "openai/gpt-5.5")]
)
def test_a_file_reaches_the_vendor_alike(both: Both, model: str, endpoint: str) -> None:
    found = {}
    for name, data in FILES.items():
        text = {"type": "input_text" if endpoint == "responses" else "text", "text": "describe"}
        body = asked(model, endpoint, [text, shown(endpoint, name, data)])
        if different := both.differences(endpoint, body):
            found[name] = different
    assert not found
