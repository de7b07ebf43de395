"""What a frame is and what is in it, in a word and a line, for each wire format; never an error."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import cast

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.parts import Dialect, Json
from tui.clean import visible

GIST = 160
"""The most characters of a gist."""
BIG = 64_000
"""Characters from which a frame is not read whole for its row: some repeat the entire answer."""
NOT_JSON = "not JSON"
EMPTY = "no data"

_TYPE = re.compile(r'"type"\s*:\s*"([^"\\]{1,80})"')
_HEAD = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to say of a frame, clean."""

    kind: str
    gist: str


def look(frame: Frame, dialect: Dialect) -> Look:
    """The row of a frame of this format."""
    kind, gist = _look(frame, dialect)
    return Look(visible(kind[:80]) or "?", visible(gist[:GIST]))


def _look(frame: Frame, dialect: Dialect) -> tuple[str, str]:
    head = frame.data[:_HEAD].strip()
    if frame.event == WHOLE_BODY:
        return "whole body", head
    if head == "[DONE]":
        return "[DONE]", ""
    if frame.event == "ping" or not head:
        return frame.event or EMPTY, ""
    if len(frame.data) > BIG:
        found = _TYPE.search(head)
        return _shortened(found[1] if found else frame.event), head
    try:
        value = json.loads(frame.data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return NOT_JSON, head
    data = cast("dict[str, Json]", value)
    if frame.event == "error" or data.get("type") == "error" or data.get("error") is not None:
        return "error", _error(data)
    if dialect == "messages":
        return _messages(data, frame.event)
    return _chat(data) if dialect == "chat" else _responses(data, frame.event)


def _messages(data: dict[str, Json], event: str) -> tuple[str, str]:
    kind = _text(data.get("type")) or event
    place = _count(data.get("index"))
    if kind == "content_block_delta":
        delta = _object(data.get("delta"))
        words = [_said(value) for key, value in delta.items() if key != "type"]
        return _text(delta.get("type")) or kind, " ".join((place, *words)).strip()
    if kind == "content_block_start":
        block = _object(data.get("content_block"))
        return kind, f"{place} {_text(block.get('type'))} {_text(block.get('name'))}"
    if kind == "message_start":
        message = _object(data.get("message"))
        return kind, f"{_text(message.get('model'))} {_numbers(message.get('usage'))}"
    if kind == "message_delta":
        stop = _text(_object(data.get("delta")).get("stop_reason"))
        return kind, f"{stop} {_numbers(data.get('usage'))}"
    return kind, place


def _chat(data: dict[str, Json]) -> tuple[str, str]:
    kinds: list[str] = []
    words: list[str] = []
    choices = data.get("choices")
    choice = _object(choices[0]) if isinstance(choices, list) and choices else {}
    for key, value in _object(choice.get("delta")).items():
        if value not in (None, "", [], {}):
            kinds.append(key)
            words.append(_said(value))
    if len(kinds) > 1 and kinds[0] == "role":
        # The first chunk of many servers names the role beside what it brings.
        del kinds[0], words[0]
    if choice.get("finish_reason") is not None:
        kinds.append("finish_reason")
        words.append(_said(choice["finish_reason"]))
    if data.get("usage") is not None:
        kinds.append("usage")
        words.append(_numbers(data["usage"]))
    return "+".join(kinds) or _text(data.get("object")) or "chunk", " ".join(words)


def _responses(data: dict[str, Json], event: str) -> tuple[str, str]:
    kind = _text(data.get("type")) or event
    place = _count(data.get("output_index"))
    response, item = _object(data.get("response")), _object(data.get("item"))
    if "delta" in data:
        words = _said(data["delta"])
    elif item:
        words = f"{_text(item.get('type'))} {_text(item.get('name'))} {_text(item.get('status'))}"
    elif response:
        words = f"{_text(response.get('status'))} {_numbers(response.get('usage'))}"
    else:
        words = next((_said(data[key]) for key in ("text", "arguments", "part") if key in data), "")
    return _shortened(kind), f"{place} {words}".strip()


def _shortened(kind: str) -> str:
    return kind.removeprefix("response.")


def _error(data: dict[str, Json]) -> str:
    error = data.get("error")
    said = error.get("message") if isinstance(error, dict) else error
    return _said(said if said is not None else data.get("message", data))


def _said(value: Json) -> str:
    if isinstance(value, str):
        return value[:GIST]
    return json.dumps(value, ensure_ascii=False)[:GIST]


def _numbers(usage: Json) -> str:
    """The counts of a usage object that are not nothing."""
    found = ((k, v) for k, v in _object(usage).items() if isinstance(v, int | float) and v)
    return " ".join(f"{key}={value}" for key, value in found)


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Json) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
