"""Which addresses are the public internet, and what of the rest somebody allowed by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from tui.errors import ConfigError

Address = IPv4Address | IPv6Address

_KINDS_V4: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by carriers"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "a cloud's own service"),
    ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "for documentation"),
    ("192.52.193.0/24", "a relay"),
    ("192.88.99.0/24", "a relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "for benchmarks"),
    ("198.51.100.0/24", "for documentation"),
    ("203.0.113.0/24", "for documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
)
_KINDS_V6: tuple[tuple[str, str], ...] = (
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "an IPv4 address in disguise"),
    ("64:ff9b::/96", "an IPv4 address in disguise"),
    ("64:ff9b:1::/48", "an IPv4 address in disguise"),
    ("2001::/23", "reserved"),
    ("2001:db8::/32", "for documentation"),
    ("2002::/16", "an IPv4 address in disguise"),
    ("3fff::/20", "for documentation"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("ff00::/8", "multicast"),
)
_PUBLIC_V6 = IPv6Network("2000::/3")
"""Everything else of IPv6 is not given out."""
_V4 = tuple((IPv4Network(network), kind) for network, kind in _KINDS_V4)
_V6 = tuple((IPv6Network(network), kind) for network, kind in _KINDS_V6)
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def not_public(address: Address) -> str:
    """What kind of address it is if it does not belong to the public internet, else an empty string."""
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in _V4 if address in network), "")
    kind = next((kind for network, kind in _V6 if address in network), "")
    return kind or ("" if address in _PUBLIC_V6 else "reserved")


def is_name(text: str) -> bool:
    """Whether ``text``, in lower case, is a host's name and cannot be taken for a number."""
    return _NAME.fullmatch(text) is not None and not _NUMBER.fullmatch(text.rpartition(".")[2])


class Allowed:
    """The names, addresses and networks of ``http.allow``, called although they are not public."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for host in hosts:
            self._add(host)

    def _add(self, host: str) -> None:
        plain = host.strip().lower().removesuffix(".")
        try:
            self._networks.append(ip_network(plain.strip("[]"), strict=False))
        except ValueError:
            if not is_name(plain):
                hint = "such as build.example.com, 10.1.2.3 or 10.1.0.0/16"
                says = f"http.allow: {host!r} is no host name, address or network"
                raise ConfigError(says, hint=hint) from None
            self._names.add(plain)

    def refusal(self, host: str, address: Address) -> str:
        """Why ``address`` is not called for ``host``, or an empty string when it may be."""
        kind = not_public(address)
        if not kind or host in self._names or any(address in network for network in self._networks):
            return ""
        return kind


def literal(host: str) -> Address | None:
    """The address a host is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
