"""A request with anything at all in any place is answered or refused, never a crash."""

import copy
import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from tests.sim import pictures
from tests.sim.faces.asking import FUNCTION, SCHEMA, TOOL, asking
from tests.sim.faces.claude import HEADERS
from tui.sim.faces import (
    anthropic,
    bridge,
    chat_dialect,
    gemini,
    litellm_messages,
    litellm_responses,
    responses,
)
from tui.sim.refusal import Broken, Page, Refusal
from tui.sim.state import MASTER_KEY, SimState
from tui.sim.transport import StreamReply

PNG = pictures.url("image/png", pictures.png(2, 2))
CODED = PNG.partition(",")[2]
CALL = {"id": "call_1", "type": "function", "function": {"name": "calculator", "arguments": "{}"}}
CLOSED = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
FORMAT = {"type": "json_schema", "json_schema": {"name": "x", "schema": CLOSED, "strict": True}}
CHAT: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": PNG}}],
        },
        {"role": "assistant", "content": None, "reasoning_content": "Hm.", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "84"},
    ],
    "tools": [TOOL],
    "tool_choice": "auto",
    "temperature": 1,
    "stream": True,
    "stream_options": {"include_usage": True},
    "response_format": FORMAT,
}
PLAIN = {k: v for k, v in CHAT.items() if k != "response_format"}
PLAIN["messages"] = [{"role": "user", "content": [{"type": "text", "text": "hi"}]}, *CHAT["messages"][2:]]
ITEMS: dict[str, Any] = {
    "input": [
        {
            "role": "user",
            "content": [{"type": "input_text", "text": "hi"}, {"type": "input_image", "image_url": PNG}],
        },
        {"role": "assistant", "content": [{"type": "output_text", "text": "Hm."}]},
        {"type": "function_call", "call_id": "call_1", "name": "calculator", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "84"},
    ],
    "instructions": "Be brief.",
    "tools": [{"type": "function", **FUNCTION, "strict": False}],
    "reasoning": {"effort": "low", "summary": "auto"},
    "include": ["reasoning.encrypted_content"],
    "text": {"format": {"type": "json_schema", "name": "x", "schema": CLOSED}},
    "store": False,
    "previous_response_id": None,
    "parallel_tool_calls": True,
    "max_output_tokens": 100,
    "stream": False,
}
MESSAGES: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 4000,
    "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": CODED}},
                {"type": "text", "text": "hi"},
            ],
        },
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "t1", "name": "calculator", "input": {}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "84"}]},
    ],
    "tools": [{"name": "calculator", "input_schema": SCHEMA}],
    "tool_choice": {"type": "auto"},
    "output_config": {"format": {"type": "json_schema", "schema": CLOSED}},
    "stop_sequences": ["END"],
    "metadata": {"user_id": "me"},
}
DUMMY = "skip_thought_signature_validator"
GEMINI: dict[str, Any] = {
    "contents": [
        {"role": "user", "parts": [{"text": "hi"}, {"inlineData": {"mimeType": "image/png", "data": CODED}}]},
        {
            "role": "model",
            "parts": [{"functionCall": {"name": "calculator", "args": {}}, "thoughtSignature": DUMMY}],
        },
        {"role": "user", "parts": [{"functionResponse": {"name": "calculator", "response": {"result": 84}}}]},
    ],
    "tools": [{"functionDeclarations": [FUNCTION]}],
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}},
}
GOOGLE = "gemini-3-pro-preview"
THOUGHT = {
    **ITEMS,
    "text": None,
    "input": [{"type": "reasoning", "summary": [{"text": "Hm."}]}, *ITEMS["input"][2:]],
}
KEY = {"authorization": f"Bearer {MASTER_KEY}", **HEADERS}
PATHS = (
    "/vendor/openai/v1/chat/completions",
    "/vendor/openai/v1/responses",
    "/vendor/xai/v1/chat/completions",
    "/vendor/deepseek/chat/completions",
    f"/vendor/gemini/v1beta/models/{GOOGLE}:generateContent",
    "/vendor/anthropic/v1/messages",
)
Asking = Callable[[SimState, dict[str, Any]], Coroutine[Any, Any, Any]]


def raw(body: Any) -> bytes:
    return json.dumps(body).encode()


def at_chat(habits: chat_dialect.Habits) -> Asking:
    return lambda state, body: chat_dialect.answer(state, habits, body)


async def at_proxy_chat(state: SimState, body: dict[str, Any]) -> Any:
    return await bridge.chat_completions(state, KEY, raw(body))


async def at_proxy_responses(state: SimState, body: dict[str, Any]) -> Any:
    return await litellm_responses.responses(state, KEY, raw(body))


FACES: dict[str, tuple[dict[str, Any], Asking]] = {
    "anthropic": (MESSAGES, lambda s, b: anthropic.answer(s, HEADERS, raw(b))),
    "openai": ({**CHAT, "model": "gpt-5.1"}, at_chat(chat_dialect.OPENAI)),
    "xai": ({**CHAT, "model": "grok-4"}, at_chat(chat_dialect.XAI)),
    "deepseek": ({**PLAIN, "model": "deepseek-reasoner"}, at_chat(chat_dialect.DEEPSEEK)),
    "responses": ({**ITEMS, "model": "gpt-5.5"}, lambda s, b: responses.answer(s, b)),
    "gemini": (
        GEMINI,
        lambda s, b: gemini.answer(s, GOOGLE, "generateContent", s.record("gemini", "", {}, b)),
    ),
    "proxy messages": (
        {**MESSAGES, "model": "smart"},
        lambda s, b: litellm_messages.messages(s, KEY, raw(b)),
    ),
    "proxy chat to claude": ({**CHAT, "model": "smart"}, at_proxy_chat),
    "proxy chat to gpt": ({**CHAT, "model": "openai/gpt-5.5", "reasoning_effort": "low"}, at_proxy_chat),
    "proxy chat to gemini": ({**CHAT, "model": f"gemini/{GOOGLE}"}, at_proxy_chat),
    "proxy chat to deepseek": ({**PLAIN, "model": "deepseek/deepseek-reasoner"}, at_proxy_chat),
    "proxy responses to claude": ({**ITEMS, "model": "smart", "reasoning": None}, at_proxy_responses),
    "proxy responses to gpt": ({**ITEMS, "model": "openai/gpt-5.5"}, at_proxy_responses),
    "proxy responses to gemini": ({**ITEMS, "model": f"gemini/{GOOGLE}"}, at_proxy_responses),
    "proxy responses to deepseek": ({**THOUGHT, "model": "deepseek/deepseek-reasoner"}, at_proxy_responses),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from places(inner, (*path, key))


GONE = object()
JUNK: list[Any] = [
    *(None, True, -2, 1.5, 10**30, "", "x", "auto", "user", "text", "a" * 70),
    *([], {}, [None], [[]], ["x"], [{}], {"type": None}, {"type": "text"}, {"a": 1}),
]


def spoilt(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with each place gone, and with something else in it."""
    for number, path in enumerate(places(body)):
        for junk in (GONE, JUNK[number % len(JUNK)], JUNK[(7 * number + 3) % len(JUNK)]):
            changed = copy.deepcopy(body)
            holder: Any = changed
            for key in path[:-1]:
                holder = holder[key]
            if junk is GONE:
                del holder[path[-1]]
            else:
                holder[path[-1]] = copy.deepcopy(junk)
            yield changed


async def answered(ask: Asking, body: dict[str, Any]) -> bool:
    try:
        reply = await ask(SimState(speed=0), body)
        if isinstance(reply, StreamReply):
            async for _ in reply.events:
                pass
    except (Refusal, Page, Broken):
        return False
    return True


@pytest.mark.parametrize("face", FACES)
async def test_a_whole_request_passes(face: str) -> None:
    body, ask = FACES[face]
    assert await answered(ask, body)


@pytest.mark.parametrize("face", FACES)
async def test_anything_anywhere_is_answered_or_refused(face: str) -> None:
    body, ask = FACES[face]
    outcomes = [await answered(ask, changed) for changed in spoilt(body)]
    assert set(outcomes) == {False, True}


@pytest.mark.parametrize("path", [*PATHS, "/v1/messages", "/v1/chat/completions", "/v1/responses"])
def test_half_a_character_is_no_text(path: str) -> None:
    with asking() as sim:
        answer = sim.post(path, b'{"model": "smart", "messages": "\\ud800"}', x_api_key="k")
        assert answer.status == 400
