"""A request as it can be sent again by somebody else: its address, its own headers, where its keys go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from tui.chat.frame import Headers
from tui.chat.route import Route
from tui.secrets import MASK, is_telling

_NOISE = frozenset(
    {
        *("accept", "accept-encoding", "connection", "content-length", "content-type", "expect", "host"),
        *("keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
        *("traceparent", "tracestate", "x-litellm-call-id"),
    }
)
"""Headers of one connection, of one program and of one call; whoever sends again has their own."""
_LABELS = frozenset({"x-litellm-session-id", "x-litellm-trace-id"})
"""Labels of the session; a request that is sent again gets those of its own."""
_NOISY = ("x-stainless-", "anthropic-dangerous-")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_KEYS = ("authorization", "x-api-key")
_VARIABLES = {
    "anthropic": "ANTHROPIC_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openai-responses": "OPENAI_API_KEY",
}
_HOSTS = {
    "anthropic": "api.anthropic.com",
    "openai": "api.openai.com",
    "openai-responses": "api.openai.com",
}
"""Where the keys of those variables belong, whoever made the file."""
KEY_VARIABLE = "LITELLM_PROXY_API_KEY"
"""Where the key of a proxy is looked for by this program, too."""
VERSION = ("anthropic-version", "2023-06-01")
_SAFE = "%:/?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request; where its value is secret, the variable that holds it instead."""

    name: str
    value: str
    """With ``variable``, what stands before the secret, such as ``Bearer``."""
    variable: str = ""

    @property
    def is_key(self) -> bool:
        """Whether it says who asks."""
        return self.name in _KEYS


def key_variable(route: Route, *, is_ours: bool = True) -> str:
    """The environment variable the key is looked for in.

    A file somebody else made names any server: it would be handed a key if the variable were one that is set.
    """
    try:
        host = urlsplit(route.base_url).hostname or ""
    except ValueError:
        host = ""
    if is_ours or host == _HOSTS.get(route.provider):
        return _VARIABLES.get(route.provider, KEY_VARIABLE)
    return f"KEY_FOR_{_word(host) or 'THIS_HOST'}"


def url_of(route: Route) -> str:
    """Where the request went, without anybody's password; only printable ASCII."""
    base = plain_base(route.base_url) or "http://unknown.invalid"
    # The OpenAI SDK is given a base that ends in the version.
    return base + (route.endpoint.removeprefix("/v1") if base.endswith("/v1") else route.endpoint)


def plain_base(url: str) -> str:
    """A base URL without user, query and closing slash, only printable ASCII; empty where it is none."""
    try:
        split = urlsplit(url)
        if split.scheme not in ("http", "https") or not split.hostname:
            return ""
    except ValueError:
        return ""
    host = split.netloc.rpartition("@")[2]
    clean = urlunsplit((split.scheme, host, split.path, "", "")).rstrip("/")
    return quote(clean, safe=_SAFE)


def headers_of(route: Route, sent: Headers, *, is_ours: bool = True) -> tuple[Header, ...]:
    """What makes this request another than any: its key, format, beta words and the person's own headers.

    Names are in lower case. What cannot stand in a header, as in a file somebody else made, is left out.
    """
    key = key_variable(route, is_ours=is_ours)
    found = tuple(filter(None, (_header(name.lower(), value, key) for name, value in sent)))
    known = {header.name for header in found}
    out = list(dict.fromkeys(found))
    if not known & set(_KEYS):
        plain = route.provider == "anthropic"
        out.insert(0, Header("x-api-key", "", key) if plain else _bearer(key))
    if route.dialect == "messages" and VERSION[0] not in known:
        out.append(Header(*VERSION))
    return tuple(out)


def own_headers(headers: Headers) -> dict[str, str]:
    """The headers a person added to a request, as far as they were kept; secret ones have the value MASK."""
    leave = _NOISE | _LABELS | set(_KEYS) | {VERSION[0]}
    return {
        name: MASK if MASK in value else value
        for name, value in headers
        if name.lower() not in leave and not name.lower().startswith(_NOISY)
    }


def _bearer(key: str) -> Header:
    return Header("authorization", "Bearer ", key)


def _header(name: str, value: str, key: str) -> Header | None:
    if name in _NOISE or name.startswith(_NOISY) or not _NAME.fullmatch(name):
        return None
    if name == "authorization":
        return _bearer(key)
    if name == "x-api-key":
        return Header(name, "", key)
    if is_telling(name) or MASK in value:
        # Never the bare name: a file may have a header called like a variable that holds something else.
        return Header(name, "", f"HEADER_{_word(name) or 'SECRET'}")
    if not (value.isascii() and value.isprintable()):
        return None
    return Header(name, value)


def _word(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
