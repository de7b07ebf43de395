"""A request as a Python program on the vendor's SDK that sends an equal body; pure."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tui.chat.parts import Dialect, Json
from tui.exchanges.sent import VERSION, Header

WRITTEN_FOR = {"anthropic": "2", "openai": "3"}
"""The versions of the SDKs the programs are tried with."""
_MOST_LITERAL = 200_000
"""Characters of a body that is written as Python values; a larger or a deep one is read from its text."""
_DEEPEST = 40
_MOST_BITS = 10_000
"""Of a whole number that is written as one; Python refuses to write far longer ones."""
_WIDE = 96
_CREATE: dict[Dialect, tuple[str, tuple[str, ...]]] = {
    "messages": ("messages", ("model", "max_tokens", "messages")),
    "chat": ("chat.completions", ("model", "messages")),
    "responses": ("responses", ("model", "input")),
}


def python(
    dialect: Dialect, base_url: str, headers: tuple[Header, ...], body: dict[str, Json], text: str
) -> str:
    """The program; it prints what comes. Secrets are read from environment variables.

    ``text`` is the JSON of ``body``, for what is too large or too deep to be written as values.
    """
    by_text = len(text) > _MOST_LITERAL or _is_deep(body) or not _is_written(body)
    sdk = "anthropic" if dialect == "messages" else "openai"
    client = "anthropic.Anthropic" if dialect == "messages" else "openai.OpenAI"
    variable = next((one.variable for one in headers if one.is_key), "")
    lines = [
        f"# pip install '{sdk}>={WRITTEN_FOR[sdk]},<{int(WRITTEN_FOR[sdk]) + 1}'",
        *(("import json",) if by_text else ()),
        "import os",
        "",
        f"import {sdk}",
        "",
        f"client = {client}(",
        f'    api_key=os.environ["{variable}"],',
        f"    base_url={_text(base_url)},",
        "    max_retries=0,",
        "    timeout=600,",
        *_headers(headers),
        ")",
        f"body = json.loads({_text(text)})" if by_text else f"body = {_literal(body, 0)}",
        *_call(dialect, body),
    ]
    return "\n".join(lines) + "\n"


def _headers(headers: tuple[Header, ...]) -> Iterator[str]:
    own = [one for one in headers if not one.is_key and (one.name, one.value) != VERSION]
    if own:
        yield "    default_headers={"
        for one in own:
            value = f'os.environ["{one.variable}"]' if one.variable else _text(one.value)
            yield f"        {_text(one.name)}: {value},"
        yield "    },"


def _call(dialect: Dialect, body: dict[str, Json]) -> Iterator[str]:
    where, needed = _CREATE[dialect]
    streams = body.get("stream") is True
    # What the SDK's method knows by name it may change by its own rules; all else it passes on as it is.
    given = [name for name in needed if name in body]
    if "stream" in body:
        given.append("stream")
    if len(given) < len(needed) or not set(needed) <= set(body):
        yield f"# The method for it asks for {' and '.join(n for n in needed if n not in body)}."
        path = "/v1/messages" if dialect == "messages" else "/chat/completions"
        path = "/responses" if dialect == "responses" else path
        yield f'answer = client.post("{path}", body=body, cast_to=object)'
        yield "print(answer)"
        return
    yield f"answer = client.{where}.create("
    for name in given:
        yield f'    {name}=body.pop("{name}"),'
    yield "    extra_body=body,"
    yield ")"
    if streams:
        yield "for event in answer:"
        yield "    print(event.to_json(indent=None))"
    else:
        yield "print(answer.to_json())"


def _is_deep(value: Json) -> bool:
    level: list[Json] = [value]
    for _ in range(_DEEPEST):
        holders = [item for item in level if isinstance(item, (dict, list))]
        level = [item for one in holders for item in (one.values() if isinstance(one, dict) else one)]
    return bool(level)


def _is_written(value: Json) -> bool:
    """Whether Python writes each number as it reads it: none endless, none of thousands of digits."""
    if isinstance(value, (dict, list)):
        return all(map(_is_written, value.values() if isinstance(value, dict) else value))
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or value.bit_length() < _MOST_BITS


def _literal(value: Json, indent: int) -> str:
    """A value as Python writes it, in as many lines as it needs."""
    if not isinstance(value, (dict, list)):
        return _text(value) if isinstance(value, str) else repr(value)
    flat = _flat(value)
    if len(flat) + 4 * indent <= _WIDE or not value:
        return flat
    pad, end = "    " * (indent + 1), "    " * indent
    if isinstance(value, dict):
        rows = [f"{pad}{_text(name)}: {_literal(item, indent + 1)},\n" for name, item in value.items()]
        return "{\n" + "".join(rows) + end + "}"
    return "[\n" + "".join(f"{pad}{_literal(item, indent + 1)},\n" for item in value) + end + "]"


def _flat(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(name)}: {_flat(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    """A string in double quotes where that needs no more escapes; nothing unprintable stands in it."""
    written = repr(text)
    if written.startswith("'") and '"' not in text:
        return f'"{written[1:-1]}"'
    return written
