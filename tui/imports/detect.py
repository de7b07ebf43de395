"""Which format a file is in: told by what is in it, never by its name alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.chat.parts import Json
from tui.imports import claude_code, claude_trace, codex, litellm_log, opencode
from tui.imports.curl import looks_like_curl
from tui.imports.dialects import is_request
from tui.imports.fields import obj, objects
from tui.imports.limits import TAKEN, quoted, refused
from tui.imports.source import Source

REQUESTS = "request"
"""Stands for request bodies until their own format is known."""

_LOOKED_AT = 200
"""Lines that are looked at; a format shows itself in its first few."""

_BY_LINE: tuple[tuple[str, Callable[[Json], bool]], ...] = (
    ("claude-code", claude_code.is_line),
    ("codex", codex.is_line),
    ("claude-trace", claude_trace.is_entry),
    ("litellm-log", litellm_log.is_row),
    ("codex", codex.is_old_line),
)


def format_of(source: Source) -> str:
    """The format's name; UsageError that says what was found for one nobody knows."""
    if source.lines:
        return _of_lines([line for _, line in source.lines[:_LOOKED_AT]])
    if source.is_json:
        return _of_value(source.value)
    if looks_like_curl(source.text):
        return "curl"
    if source.text.lstrip()[:1] in ("{", "["):
        raise refused("no line of it is a JSON object")
    first = source.text.strip().split("\n", 1)[0]
    raise refused(f"it is neither JSON nor a curl command; it begins with: {quoted(first)}")


def _of_lines(lines: Sequence[Json]) -> str:
    for name, matches in _BY_LINE:
        if any(matches(line) for line in lines):
            return name
    if any(_is_requestlike(line) for line in lines):
        return REQUESTS
    raise refused(f"its lines are of no known kind; the first has {_keys(lines[0])}")


def _of_value(value: Json) -> str:
    if isinstance(value, list):
        return _of_list(value)
    if opencode.is_export(value):
        return "opencode"
    if isinstance(obj(value, "log").get("entries"), list):
        return "har"
    if litellm_log.is_row(value) or any(map(litellm_log.is_row, objects(value, "data"))):
        return "litellm-log"
    if claude_trace.is_entry(value):
        return "claude-trace"
    if claude_code.is_line(value):
        return "claude-code"
    if codex.is_line(value):
        return "codex"
    return REQUESTS if isinstance(value, dict) else _none(value)


def _of_list(values: list[Json]) -> str:
    if not values:
        raise refused("it is an empty list")
    if any(map(litellm_log.is_row, values[:_LOOKED_AT])):
        return "litellm-log"
    if all(isinstance(item, dict) for item in values[:_LOOKED_AT]):
        return REQUESTS
    raise refused("it is a list of what is no object")


def _is_requestlike(line: Json) -> bool:
    """Whether a line is a body, a pair, or one of a batch."""
    inner = obj(line, "body") or obj(line, "request") or obj(line, "params")
    return is_request(line) or is_request(inner) or is_request(obj(inner, "body"))


def _keys(value: Json) -> str:
    keys = ", ".join(quoted(key, 30) for key in list(value)[:8]) if isinstance(value, dict) else ""
    return f"the fields {keys}" if keys else "no fields"


def _none(value: Json) -> str:
    raise refused(f"it is a JSON {type(value).__name__}, and no session", hint=TAKEN)
