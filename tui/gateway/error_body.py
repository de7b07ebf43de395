"""Finds the sentence somebody really said inside an error body, however often it was wrapped.

LiteLLM puts the vendor's JSON into a message behind its own exception names, as text, as a bytes
literal or escaped once more, and adds remarks of its own; relays do the same. Nothing here trusts
the body: sizes and depths are bounded, control characters go, secrets are masked.
"""

from __future__ import annotations

import ast
import html
import json
import re
from dataclasses import dataclass, replace

from tui.chat.parts import Json
from tui.gateway.secrets import without_known_shapes

MAX_BODY = 200_000
"""Characters of a body that are looked at."""
MAX_SENTENCE = 4_000
_MAX_LITERAL = 20_000
_MAX_DEPTH = 10

_REMARKS = re.compile(
    r"\n\nLiteLLM: model group|\.?\s*Received Model Group=|\s*Available Model Group Fallbacks="
    r"|\s*LiteLLM Retried: \d|\s*LiteLLM Max Retries: \d|\s*Error doing the fallback: "
    r"|\.?\s*Handle with `?litellm\.|\nmodel=[^\n]{1,300}?\. context_window_fallbacks="
)
_WRAPPER = re.compile(
    r"\s*(?:litellm\.\w{1,60}:\s+"
    r"|[A-Za-z_]{1,40}(?:Exception|Error)(?:\s+[A-Za-z]{1,40}Error)?\s*(?: - |:\s)\s*"
    r"|Error code: \d{3} - )"
)
_CUT_MESSAGE = re.compile(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)')
_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)[^>]{0,200}>([^<]{1,300})<", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What an error body says: the innermost sentence, and the words around it."""

    sentence: str
    whole: str
    """The outermost message, wrappers and remarks included."""
    kinds: frozenset[str] = frozenset()
    """Every ``type`` and ``code`` met on the way in, in lower case."""
    wrapped: bool = False
    """Whether the proxy put its own exception name before somebody else's words."""
    page: bool = False
    """Whether the body was an HTML page."""
    told: bool = True
    """False when the body was empty or had no message."""


def read_error(body: Json) -> Told:
    """The innermost sentence of an error body, given as text or as the JSON of an error frame."""
    if isinstance(body, str):
        text = body[:MAX_BODY].strip()
        if text[:1] == "<" or (text[:1] not in "{[" and _PAGE.search(text[:1000])):
            title = _page_title(text)
            return Told(title, title, page=True)
        parsed = _as_json(text)
        found = _message_of(parsed) if isinstance(parsed, dict | list) else None
        if found is None:
            cut = _CUT_MESSAGE.search(text) if text[:1] == "{" else None
            found = (_unescaped(cut.group(1)) if cut else text, frozenset())
    else:
        found = _message_of(body) or ("", frozenset())
    message, kinds = found
    told = Told(message, message, kinds, told=bool(message.strip()))
    for _ in range(_MAX_DEPTH):
        deeper = _peeled(told)
        if deeper == told:
            break
        told = deeper
    page = _PAGE.search(told.sentence)
    if page and not told.page:
        # A page quoted inside a message: its title says what it is.
        title = f"an HTML page, “{_page_title(told.sentence)}”"
        told = replace(told, sentence=f"{told.sentence[: page.start()]}{title}")
    return replace(told, sentence=told.sentence[:MAX_SENTENCE].strip(), whole=told.whole[:MAX_SENTENCE])


def harmless(text: str, limit: int = 600) -> str:
    """``text`` on one line without control characters or secrets, at most ``limit`` characters."""
    visible = "".join(c if c.isprintable() else " " for c in text[: 4 * limit + 1000])
    line = without_known_shapes(" ".join(visible.split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _peeled(told: Told) -> Told:
    """One wrapper less, or the same."""
    text = told.sentence.strip()
    remark = _REMARKS.search(text)
    if remark and remark.start() > 0:
        text = text[: remark.start()]
    wrapped = told.wrapped
    while (prefix := _WRAPPER.match(text)) and prefix.end() < len(text):
        text, wrapped = text[prefix.end() :], True
    inner = _embedded(text)
    if inner is None:
        return replace(told, sentence=text, wrapped=wrapped)
    message, kinds = inner
    # A bytes literal is the vendor's body as the proxy read it.
    wrapped = wrapped or text.startswith(("b'", 'b"'))
    return replace(told, sentence=message, kinds=told.kinds | kinds, wrapped=wrapped)


def _embedded(text: str) -> tuple[str, frozenset[str]] | None:
    """The message of a JSON object, a bytes literal or a Python dict that ``text`` is or ends in."""
    literal = re.match(r"b(['\"])", text)
    if literal and (end := text.rfind(literal.group(1))) > 2:
        value = _as_literal(text[: end + 1])
        return _embedded(value.decode("utf-8", "replace")) if isinstance(value, bytes) else None
    start = text.find("{")
    if start < 0:
        return None
    value = _first_json(text[start:])
    end = text.rfind("}")
    candidate = text[start : end + 1] if end > start else text[start:]
    if value is None and '\\"' in candidate[:40]:
        value = _as_json(_unescaped(candidate))
    if value is None:
        value = _as_literal(candidate)
    found = _message_of(value) if isinstance(value, dict) else None
    if found is not None and (start <= 1 or "error" in value):
        return found
    cut = _CUT_MESSAGE.search(candidate) if start == 0 and value is None else None
    return (_unescaped(cut.group(1)), frozenset()) if cut and cut.group(1) else None


def _message_of(value: Json) -> tuple[str, frozenset[str]] | None:
    """Message and kinds of an error object in any of the shapes servers use."""
    kinds: set[str] = set()
    for _ in range(_MAX_DEPTH):
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str):
            return value, frozenset(kinds)
        if not isinstance(value, dict):
            return None
        kinds.update(
            str(value[k]).lower() for k in ("type", "code", "status") if isinstance(value.get(k), str | int)
        )
        metadata = value.get("metadata")
        raw = metadata.get("raw") if isinstance(metadata, dict) else None
        if isinstance(raw, str | dict) and raw:
            value = raw
            continue
        names = ("error", "response", "message", "Message", "detail", "msg", "error_description")
        value = next((value[n] for n in names if value.get(n)), None)
    return None


def _as_json(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _first_json(text: str) -> Json:
    """The JSON value ``text`` begins with; None when it does not."""
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _as_literal(text: str) -> Json | bytes:
    if len(text) > _MAX_LITERAL:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def _unescaped(text: str) -> str:
    try:
        value = json.loads(f'"{text}"', strict=False)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, str) else text.replace('\\"', '"')


def _page_title(page: str) -> str:
    found = _TITLE.search(page[:20_000])
    return html.unescape(found.group(2)).strip() if found else "a page without a title"
