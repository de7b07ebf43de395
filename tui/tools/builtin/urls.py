"""Web addresses in one plain spelling: strict about what is taken, so that nothing has two readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from tui.clean import exposed
from tui.tools.builtin.addresses import is_name
from tui.tools.toolbox import ToolError

MOST_CHARS = 4_000
PORTS = {"http": 80, "https": 443}
_SHOWN = 200
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<place>[^/?#]*)(?P<rest>.*)")
_PLACE = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?")
_NEVER = frozenset('\\"<>^`{|}')
_DOT = re.compile(r"%2e", re.IGNORECASE)
_KEPT = "%/:?@!$&'()*+,;=-._~[]#"


@dataclass(frozen=True, slots=True)
class Url:
    """A web address: ``host`` in lower case without brackets or a last dot, ``target`` path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """Host and, unless it is the usual one, port, as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def grant(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


def parse(text: str) -> Url:
    """The address in ``text``, its fragment left out; ToolError for anything but plain http and https."""
    if len(text) > MOST_CHARS:
        raise ToolError(f"the URL has {len(text):,} characters; at most {MOST_CHARS:,} are taken")
    shown = exposed(text)[:_SHOWN]
    if any(not char.isprintable() or char.isspace() or char in _NEVER for char in text):
        raise ToolError(f"the URL {shown} has a blank, a backslash or another character no URL holds")
    found = _URL.fullmatch(text)
    scheme = found["scheme"].lower() if found else ""
    if found is None or scheme not in PORTS:
        raise ToolError(f"{shown} does not begin with http:// or https://; nothing else can be got")
    if "@" in found["place"]:
        raise ToolError("the URL has a user or a password in it; give it without")
    place = _PLACE.fullmatch(found["place"])
    if place is None:
        raise ToolError(f"{shown} has no host, or a port that is no number")
    port = int(place["port"]) if place["port"] else PORTS[scheme]
    if not 0 < port < 65536:
        raise ToolError(f"{port} is no port")
    host = _v6(place["v6"]) if place["v6"] else _host(place["host"])
    return Url(scheme, host, port, _target(found["rest"]))


def joined(base: Url, location: str) -> Url:
    """Where a redirect from ``base`` leads; ToolError as ``parse``."""
    return parse(urljoin(str(base), location))


def _v6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise ToolError(f"[{text}] is no IPv6 address") from None


def _host(text: str) -> str:
    if not text.isascii():
        raise ToolError(f"the host {exposed(text)} has letters beyond ASCII; give its ASCII form (xn--…)")
    host = text.lower().removesuffix(".")
    if is_name(host):
        return host
    try:
        return str(IPv4Address(host))
    except ValueError:
        hint = "an address is four decimal numbers, such as 192.0.2.1"
        raise ToolError(f"{exposed(text)[:_SHOWN]} is no host name; {hint}") from None


def _target(rest: str) -> str:
    path, mark, query = rest.partition("#")[0].partition("?")
    encoded = quote(_without_dots(path), safe=_KEPT.replace("#", "").replace("?", ""))
    return f"{encoded}?{quote(query, safe=_KEPT.replace('#', ''))}" if mark else encoded


def _without_dots(path: str) -> str:
    """The path with its ``.`` and ``..`` gone, so that rules see what the server will serve."""
    kept: list[str] = []
    steps = path.split("/")[1:] or [""]
    for place, step in enumerate(steps):
        plain = _DOT.sub(".", step)
        if plain == "..":
            kept = kept[:-1]
        if plain not in (".", ".."):
            kept.append(step)
        elif place == len(steps) - 1:
            kept.append("")
    return "/" + "/".join(kept)
