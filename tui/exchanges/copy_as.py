"""An exchange's request as something to send it again with: curl, Python, its JSON; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tui.chat.json_text import load_text
from tui.chat.parts import Json
from tui.chat.record import Exchange, Wire
from tui.errors import UsageError
from tui.exchanges.copy_curl import curl
from tui.exchanges.copy_python import python
from tui.exchanges.sent import headers_of, plain_base, url_of
from tui.spellings import kept_headers, masked_bytes

Kind = Literal["curl", "python", "json", "exact"]
KINDS: dict[Kind, str] = {
    "curl": "a command for sh, bash and zsh: the very same bytes",
    "python": "a program on the anthropic or openai SDK: an equal body",
    "json": "the body alone",
    "exact": "curl, with the secrets that stand in the body",
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What is handed on."""

    text: str
    masked: int = 0
    """How many secrets in the body were masked; those in headers are variables."""
    held: int = 0
    """How many secrets still stand in the body, as was asked for."""
    variables: tuple[str, ...] = ()
    """The environment variables that must be set."""


def kind_named(word: str) -> Kind:
    """The kind a word names; UsageError when it names none."""
    low = word.strip().lower()
    found = next((kind for kind in get_args(Kind) if low and kind.startswith(low)), None)
    if found is None:
        raise UsageError("copy as", f"{word or 'nothing'} is no form", hint=f"say {', '.join(KINDS)}")
    kind: Kind = found
    return kind


def copy_as(
    kind: Kind, exchange: Exchange, wire: Wire | None, secrets: Sequence[str] = (), *, is_ours: bool = True
) -> Copied:
    """The request as ``kind``; UsageError where it is not known, or no JSON where that is needed.

    ``secrets`` are masked wherever headers and body hold them, however they are spelled; ``exact`` alone
    leaves those of the body. What did not go to a proxy that ``is_ours`` asks for keys of its own, never
    for ours. Slow for a body of many megabytes.
    """
    if wire is None or not wire.body:
        raise UsageError("copy as", "what was sent for this exchange is not known")
    known = tuple(secrets)
    body, found = masked_bytes(wire.body, known)
    told = kept_headers(wire.request_headers, known)
    headers = headers_of(exchange.route, told, is_ours=is_ours)
    variables = tuple(dict.fromkeys(one.variable for one in headers if one.variable))
    match kind:
        case "curl":
            return Copied(curl(url_of(exchange.route), headers, body), found, variables=variables)
        case "exact":
            line = curl(url_of(exchange.route), headers, wire.body)
            return Copied(line, held=found, variables=variables)
        case "json":
            return Copied(_shown(body), found)
        case "python":
            base = plain_base(exchange.route.base_url) or "http://unknown.invalid"
            if exchange.route.dialect != "messages" and not base.endswith("/v1"):
                base += "/v1"
            value, text = _object(body)
            text = python(exchange.route.dialect, base, headers, value, text)
            return Copied(text, found, variables=variables)


def _object(body: bytes) -> tuple[dict[str, Json], str]:
    try:
        text = body.decode()
        value = load_text(text)
    except ValueError as error:
        raise UsageError("copy as", f"the body is no JSON: {error}", hint="copy it as curl") from None
    if not isinstance(value, dict):
        raise UsageError("copy as", "the body is no JSON object", hint="copy it as curl")
    return value, text


def _shown(body: bytes) -> str:
    """The body's text; what cannot be printed as JSON's escapes, which mean the same within its strings."""
    text = body.decode("utf-8", "replace")
    strange = {char for char in set(text) if not (char.isprintable() or char in "\n\r\t")}
    table = {ord(char): _escape(char) for char in strange}
    return text.translate(table) if table else text


def _escape(char: str) -> str:
    pair = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[n : n + 4]}" for n in range(0, len(pair), 4))
