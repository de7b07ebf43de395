"""Addresses of the web: one reading each, and none for whatever plays on two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tools.builtin.urls import joined, parse
from tui.tools.toolbox import ToolError

PLAIN = [
    ("http://example.com", "http://example.com/"),
    ("HTTP://Example.COM:80/x", "http://example.com/x"),
    ("https://example.com:443", "https://example.com/"),
    ("https://example.com:80/", "https://example.com:80/"),
    ("https://example.com./a#frag", "https://example.com/a"),
    ("https://example.com?q=1", "https://example.com/?q=1"),
    ("https://example.com/a/../b/./c", "https://example.com/b/c"),
    ("https://example.com/a/%2e%2E/b", "https://example.com/b"),
    ("https://example.com/../../etc", "https://example.com/etc"),
    ("https://example.com/..", "https://example.com/"),
    ("https://example.com/a//b/", "https://example.com/a//b/"),
    ("https://example.com/ü?q=ö", "https://example.com/%C3%BC?q=%C3%B6"),
    ("https://example.com/a%20b?c=%zz", "https://example.com/a%20b?c=%zz"),
    ("https://xn--mller-kva.de/", "https://xn--mller-kva.de/"),
    ("http://192.0.2.1:8080/", "http://192.0.2.1:8080/"),
    ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
]


@pytest.mark.parametrize(("text", "plain"), PLAIN)
def test_one_spelling_each(text: str, plain: str) -> None:
    assert str(parse(text)) == plain
    assert str(parse(plain)) == plain


TRICKS = [
    "",
    "example.com",
    "//example.com/",
    "http:example.com",
    "http:/example.com",
    "http:///example.com",
    "http://",
    "http://:80/",
    "http://./",
    "http://..",
    "http://example..com/",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "gopher://127.0.0.1:70/_x",
    "ftp://example.com/",
    "data:text/html,x",
    "javascript:alert(1)",
    "jar:http://example.com!/",
    "view-source:http://example.com",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://a@127.0.0.1/",
    "http://example.com@127.0.0.1/",
    "http://127.0.0.1%00@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com\\.evil.com/",
    "http:\\\\127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.01/",
    "http://127.0.0.1.1/",
    "http://0/",
    "http://1.2.3.4.5.6/",
    "http://256.1.1.1/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.0.0.1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://lοcalhost/",
    "http://exa\u00admple.com/",
    "http://exa\u200bmple.com/",
    "http://\u202eexample.com/",
    "http://ex%61mple.com/",
    "http://%6c%6f%63alhost/",
    "http://example.com:0/",
    "http://example.com:65536/",
    "http://example.com:99999999/",
    "http://example.com:-1/",
    "http://example.com:80:80/",
    "http://example.com:٨٠/",
    "http://example.com:8o/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[127.0.0.1]/",
    "http://[fe80::1%eth0]/",
    "http://[fe80::1%25eth0]/",
    "http://[v1.x]/",
    "http://exa mple.com/",
    "http://example.com/a b",
    "http://example.com/\r\nX-Injected: 1",
    "http://example.com/\nHost: evil",
    "http://example.com\t/",
    " http://example.com/",
    "http://example.com/\x00",
    "http://example.com/\x7f",
    "http://example.com/\x1b[31m",
    "http://example.com/\u2028",
    "http://example.com/\ud800",
    "http://example.com/<script>",
    'http://example.com/"',
    "http://example.com/" + "a" * 5000,
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 200 + "com/",
]


@pytest.mark.parametrize("text", TRICKS)
def test_whatever_has_two_readings_is_refused_with_words(text: str) -> None:
    with pytest.raises(ToolError) as refused:
        parse(text)
    says = str(refused.value)
    assert says
    assert says.isprintable()
    assert len(says) < 400


def told(text: str) -> str:
    """The plain spelling, or the words of the refusal behind a mark."""
    try:
        return str(parse(text))
    except ToolError as refused:
        return f"!{refused}"


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_words(text: str) -> None:
    for whole in (text, f"http://{text}", f"https://example.com/{text}"):
        says = told(whole)
        assert says.isprintable()
        if not says.startswith("!"):
            assert told(says) == says
            assert says.isascii()
            assert "/../" not in says.partition("?")[0]
            assert " " not in says


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/x", "https://example.com/x"),
        ("x?y", "https://example.com/a/x?y"),
        ("?y", "https://example.com/a/b?y"),
        ("//other.com/x", "https://other.com/x"),
        ("http://other.com", "http://other.com/"),
    ],
)
def test_a_redirect_may_be_relative(location: str, target: str) -> None:
    assert str(joined(parse("https://example.com/a/b"), location)) == target


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://x", "http://a@b", "javascript:1", "http://[", "\\\\127.0.0.1\\x"],
)
def test_a_redirect_is_read_as_strictly(location: str) -> None:
    with pytest.raises((ToolError, ValueError)):
        joined(parse("https://example.com/a/b"), location)
