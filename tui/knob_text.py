"""A knob's value from what a person wrote, and back: words, numbers, stop texts, schemas, headers.

Every reader raises UsageError titled with the knob's name, and says what would have been right.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from tui.chat.parts import Json
from tui.chat.settings import OutputSchema
from tui.errors import UsageError
from tui.nearest import nearest

ReadFile: TypeAlias = Callable[[str], str]
"""The text of a file by its path as a person wrote it; OSError or ValueError when it cannot be read."""

_OWN_HEADERS = """
    accept accept-encoding anthropic-version api-key authorization connection content-encoding
    content-length content-type expect host keep-alive proxy-authorization te trailer
    transfer-encoding upgrade x-api-key x-litellm-api-key
"""
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""How a configuration names an environment variable."""

OWN_HEADERS = frozenset(_OWN_HEADERS.split())
"""Headers that carry the key, the format or the connection: what is set for them elsewhere counts."""

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SCHEMA_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")
_UNNAMED = "answer"
_YES = ("on", "true", "yes")
_NO = ("off", "false", "no")


def word(name: str, text: str, words: Sequence[str]) -> str:
    """One of ``words``."""
    if text not in words:
        raise UsageError(name, f"{text!r} is not valid", hint=nearest(text, words, "valid"))
    return text


def switch(name: str, text: str) -> bool:
    """On or off, also as true or false, yes or no."""
    if text in _YES or text in _NO:
        return text in _YES
    raise UsageError(name, f"must be on or off, not {text!r}")


def whole(name: str, text: str) -> int:
    """A positive whole number."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 12 or int(text) == 0:
        raise UsageError(name, f"must be a positive whole number, not {text!r}")
    return int(text)


def between(name: str, text: str, low: float, high: float) -> float:
    """A number from ``low`` to ``high``."""
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        hint = "write it with a point" if "," in text else ""
        raise UsageError(name, f"must be a number from {low:g} to {high:g}, not {text!r}", hint=hint)
    return value


def word_or_tokens(name: str, text: str, words: Sequence[str]) -> str | int:
    """One of ``words``, or a positive number of tokens."""
    if text.isascii() and text.isdecimal():
        return whole(name, text)
    if text not in words:
        hint = nearest(text, words, "valid, beside a number of tokens")
        raise UsageError(name, f"{text!r} is not valid", hint=hint)
    return text


def texts(name: str, text: str) -> tuple[str, ...]:
    """The texts of a JSON list; what is no such list is one text, as it stands."""
    listed = _json_or_none(text) if text.startswith("[") else None
    if isinstance(listed, list) and all(isinstance(item, str) for item in listed):
        found = tuple(listed)
    else:
        found = (text,)
    if not all(found):
        raise UsageError(name, "must not be empty", hint='line ends are written as a list: ["\\n\\n"]')
    return found


def schema(name: str, text: str, read: ReadFile | None) -> OutputSchema:
    """A JSON Schema, alone or as ``{"name": …, "schema": …}``, inline or ``@`` and the path of its file."""
    if not text.startswith("@"):
        return schema_of(name, _object(name, text), _UNNAMED)
    path = text[1:]
    if read is None:
        raise UsageError(name, "a file cannot be named here", hint="write the schema itself")
    try:
        written = read(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "is not readable text"
        raise UsageError(name, f"{path}: {reason}", hint="check the path after the @") from error
    stem = path.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return schema_of(name, _object(name, written, f"{path}: "), stem)


def schema_of(name: str, value: Json, otherwise: str = _UNNAMED) -> OutputSchema:
    """The schema in a JSON object; its name is the one given, else its title, else ``otherwise``."""
    if not isinstance(value, dict) or not value:
        raise UsageError(name, "must be a JSON Schema, which is an object", hint='{"type": "object", …}')
    if "schema" in value and value.keys() <= {"name", "schema", "strict"}:
        return _wrapped(name, value, otherwise)
    title = value.get("title")
    named = _NOT_IN_NAMES.sub("_", title if isinstance(title, str) else otherwise)[:64].strip("_")
    return OutputSchema(named or _UNNAMED, value)


def _wrapped(name: str, value: dict[str, Json], otherwise: str) -> OutputSchema:
    if value.get("strict", True) is not True:
        raise UsageError(name, "strict is always true", hint="leave strict out")
    inner = schema_of(name, value["schema"], otherwise)
    given = value.get("name", inner.name)
    if not isinstance(given, str) or not _SCHEMA_NAME.fullmatch(given):
        raise UsageError(name, "its name is at most 64 letters, digits, dashes and underscores")
    return OutputSchema(given, inner.schema)


def show_schema(value: OutputSchema) -> str:
    """The schema with its name, as JSON."""
    return json.dumps({"name": value.name, "schema": value.schema}, ensure_ascii=False)


def body_value(name: str, text: str) -> Json:
    """Any JSON value."""
    try:
        return _strict(text)
    except (ValueError, RecursionError):
        hint = f"a text goes in double quotes: {name}={json.dumps(text, ensure_ascii=False)}"
        raise UsageError(name, f"must be JSON, not {_start(text)!r}", hint=hint) from None


def header_complaint(name: str, value: str) -> str:
    """What is wrong with a request header, to be read after its name; empty when nothing is."""
    if not _TOKEN.fullmatch(name):
        return "is not a header's name"
    if name.lower() in OWN_HEADERS:
        return "is not for a knob to set: the key, the format and the connection are configured elsewhere"
    if missing := VARIABLE.search(value):
        return f"waits for the environment variable {missing[1]}, which is not set"
    if not value.strip() or any(ord(c) < 32 or ord(c) > 126 for c in value):
        return "needs a value of printable ASCII in one line"
    return ""


def _object(name: str, text: str, where: str = "") -> Json:
    try:
        return _strict(text)
    except RecursionError:
        what = "is nested too deeply"
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg} in line {error.lineno}"
    except ValueError:
        what = "is not JSON: it holds a number JSON does not have"
    raise UsageError(name, f"{where}{what}", hint="a file is named after an @: schema=@answer.json")


def _json_or_none(text: str) -> Json:
    try:
        return _strict(text)
    except (ValueError, RecursionError):
        return None


def _strict(text: str) -> Json:
    value: Any = json.loads(text, parse_constant=_no_constant)
    json.dumps(value, allow_nan=False)
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _start(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
