"""Which addresses are the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import ConfigError
from tui.tools.builtin.addresses import Allowed, is_name, not_public

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_public_internet(address: str) -> None:
    assert not_public(ip_address(address))
    assert Allowed().refusal("some.example", ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1111", "2a00::1"],
)
def test_what_is(address: str) -> None:
    assert not_public(ip_address(address)) == ""


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_called(address: IPv4Address | IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_link_local:
        assert not_public(address)


def test_names_addresses_and_networks_can_be_allowed() -> None:
    allowed = Allowed(["Build.Example.", "10.1.0.0/16", "127.0.0.1", "[::1]"])
    inside = ip_address("192.168.0.5")
    assert allowed.refusal("build.example", inside) == ""
    assert allowed.refusal("other.example", inside)
    assert allowed.refusal("x.build.example", inside)
    assert allowed.refusal("any.example", ip_address("10.1.2.3")) == ""
    assert allowed.refusal("any.example", ip_address("10.2.2.3"))
    assert allowed.refusal("any.example", ip_address("127.0.0.1")) == ""
    assert allowed.refusal("any.example", ip_address("127.0.0.2"))
    assert allowed.refusal("any.example", ip_address("::1")) == ""
    assert allowed.refusal("any.example", ip_address("::ffff:127.0.0.1"))


@pytest.mark.parametrize(
    "host", ["", "*", "*.example.com", "http://a", "a b", "10.0.0.0/99", "127.1", "a/b", "é.de"]
)
def test_what_cannot_be_allowed_is_said(host: str) -> None:
    with pytest.raises(ConfigError, match="no host name, address or network"):
        Allowed([host])


@given(st.text(max_size=60))
def test_a_name_is_plain_and_never_a_number(text: str) -> None:
    if is_name(text):
        assert text.isascii()
        assert text == text.lower()
        assert not set(text) & set("/?#@:[]\\% ")
        assert not text.rpartition(".")[2].isdecimal()
