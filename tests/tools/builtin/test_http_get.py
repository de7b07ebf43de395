"""``http_get`` against servers that mean no good; every byte they send is written here."""

import asyncio
import gzip
import resource
import socket
import ssl
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tui.chat.events import Ask
from tui.chat.parts import ToolCall, ToolResult
from tui.tools.builtin.http_get import HttpGet
from tui.tools.builtin.http_text import MOST_BYTES
from tui.tools.builtin.names_to_addresses import resolved
from tui.tools.toolbox import Toolbox, ToolError

CERTIFICATE = Path(__file__).parent / "data" / "site.example.pem"
"""Self-signed for site.example, with its key; made for this test and good for nothing else."""

Reply = bytes | Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Plays a raw reply for each target; keeps what was asked."""

    def __init__(self, replies: dict[str, Reply]) -> None:
        self.replies = replies
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.open = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            target = head[0].split(" ")[1]
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
            self.asked.append((target, headers))
            reply = self.replies[target]
            if callable(reply):
                await reply(reader, writer)
            else:
                writer.write(reply)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self.open -= 1

    def url(self, target: str = "/") -> str:
        return f"http://site.example:{self.port}{target}"


@asynccontextmanager
async def served(**replies: Reply) -> AsyncIterator[Server]:
    server = Server({f"/{name}": reply for name, reply in replies.items()})
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server
        await until(lambda: not server.open)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in a server's callback
            await asyncio.sleep(0.005)


def answer(body: bytes = b"hello", status: str = "200 OK", **headers: str) -> bytes:
    told = {"content-type": "text/plain", "content-length": str(len(body))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, location=location)


async def here(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def tool(**changes: Any) -> HttpGet:
    fields: dict[str, Any] = {"hosts": ("site.example", "other.example"), "resolve": here, "seconds": 10.0}
    return HttpGet(**{**fields, **changes})


async def got(url: str, **changes: Any) -> str:
    return await tool(**changes).run({"url": url})


async def refused(url: str, **changes: Any) -> str:
    with pytest.raises(ToolError) as caught:
        await got(url, **changes)
    assert str(caught.value).isprintable()
    return str(caught.value)


# What is asked


async def test_the_question_names_the_address_and_grants_its_host_and_port() -> None:
    ask = await HttpGet().ask({"url": "HTTPS://Example.com/a/../b?x=1#frag"})
    assert ask == Ask(
        "get https://example.com/b?x=1",
        "https://example.com/b?x=1",
        "example.com:443",
        "every page of example.com",
    )
    other = await HttpGet().ask({"url": "http://example.com:8080"})
    assert (other.grant, other.grants) == ("example.com:8080", "every page of example.com:8080")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "file:///x",
    ],
)
async def test_what_cannot_be_got_is_not_even_asked_about(url: str) -> None:
    box = Toolbox([HttpGet()])
    found = await box.ask(ToolCall("c", "http_get", f'{{"url": "{url}"}}'))
    assert isinstance(found, ToolResult)
    assert found.is_error


# What is got


async def test_a_page_comes_with_its_status_and_nothing_else_is_told_to_the_server() -> None:
    async with served(page=answer("grüße".encode(), content_type="text/html; charset=utf-8")) as server:
        text = await got(server.url("/page"))
    assert text == f"200 OK · text/html · {server.url('/page')}\n\ngrüße"
    ((_, headers),) = server.asked
    assert headers["host"] == f"site.example:{server.port}"
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_proxies_and_credentials_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine site.example login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    async with served(page=answer()) as server:
        assert "hello" in await got(server.url("/page"))
    assert "authorization" not in server.asked[0][1]


@pytest.mark.parametrize(
    ("status", "shown"),
    [("404 Not Found", "404 Not Found"), ("500 \x1b[31mOops", "500 Internal Server Error"), ("599 X", "599")],
)
async def test_a_refusal_of_the_server_is_an_answer(status: str, shown: str) -> None:
    async with served(page=answer(b"why not", status)) as server:
        assert await got(server.url("/page")) == f"{shown} · text/plain · {server.url('/page')}\n\nwhy not"


@pytest.mark.parametrize(
    "reply", [b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 Not Modified\r\n\r\n", answer(b"")]
)
async def test_an_answer_without_a_body_says_so(reply: bytes) -> None:
    async with served(page=reply) as server:
        assert (await got(server.url("/page"))).endswith(" · no text")


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"\xe4", "ä"),
        ('text/plain; charset="windows-1252"', b"\x80", "€"),
        ("text/plain; charset=utf-16", "ä".encode("utf-16"), "ä"),
        ("text/plain", b"a\xffb", "a\ufffdb"),
        ("text/plain; charset=no-such", b"a\xffb", "a\ufffdb"),
        ("text/plain; charset=cp9999", b"x", "x"),
        ("text/plain; charset=zlib", b"x", "x"),
        ("text/plain; charset=idna", b"x", "x"),
        ("text/plain; charset=unicode_escape", b"\\x41", "\\x41"),
        ("application/json", b"{}", "{}"),
        ("application/problem+json", b"{}", "{}"),
        ("image/svg+xml", b"<svg/>", "<svg/>"),
        ("", b"x", "x"),
    ],
)
async def test_text_of_any_encoding(kind: str, body: bytes, text: str) -> None:
    async with served(page=answer(body, content_type=kind)) as server:
        assert (await got(server.url("/page"))).partition("\n\n")[2] == text


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("image/png", b"\x89PNG", "image/png, 4 bytes; only text"),
        ("application/octet-stream", b"x" * 1234, "application/octet-stream, 1,234 bytes"),
        ("application/zip\x1b[31m", b"PK", "application/zip␛[31m"),
        ("text/plain", b"a\0b", "no text but 3 bytes"),
        ("", b"\x7fELF\0", "no text but 5 bytes"),
    ],
)
async def test_what_is_no_text_is_named_with_its_size(kind: str, body: bytes, says: str) -> None:
    async with served(page=answer(body, content_type=kind)) as server:
        assert says in await refused(server.url("/page"))


async def test_packed_text_is_unpacked() -> None:
    packed = gzip.compress(b"hello " * 1000)
    async with served(
        gzip=answer(packed, content_encoding="gzip"),
        deflate=answer(zlib.compress(b"hi"), content_encoding="deflate"),
    ) as server:
        assert "hello hello" in await got(server.url("/gzip"))
        assert (await got(server.url("/deflate"))).endswith("\n\nhi")


@pytest.mark.parametrize(
    ("way", "body"), [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"no gzip"), ("zstd", b"x")]
)
async def test_what_is_packed_otherwise_or_broken_is_said(way: str, body: bytes) -> None:
    async with served(page=answer(body, content_encoding=way)) as server:
        assert "packed" in await refused(server.url("/page"))


# Where it may go


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
    ],
)
async def test_a_name_with_any_private_address_is_not_called(addresses: list[str]) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    says = await refused("http://innocent.example/", hosts=(), resolve=resolve)
    assert "not on the public internet" in says
    assert "http.allow" in says


async def test_a_name_is_asked_for_once_and_the_checked_address_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that says something else the second time is not asked a second time."""
    told: list[str] = []
    asked_system: list[Any] = []
    real = socket.getaddrinfo

    def watched(host: Any, *args: Any, **kwargs: Any) -> Any:
        asked_system.append(host)
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", watched)

    async def flipping(host: str, port: int) -> Sequence[str]:
        told.append(host)
        return ["127.0.0.1"] if len(told) == 1 else ["127.0.0.2"]

    async with served(page=answer()) as server:
        await got(server.url("/page"), hosts=("127.0.0.1",), resolve=flipping)
        assert told == ["site.example"]
        assert "site.example" not in asked_system
        # The second answer of the same name server is private and not allowed.
        assert "127.0.0.2" in await refused(server.url("/page"), hosts=("127.0.0.1",), resolve=flipping)
    assert len(server.asked) == 1


async def test_the_next_address_is_tried_when_one_takes_no_connection() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.9", "::1", "127.0.0.1"]

    async with served(page=answer()) as server:
        assert "hello" in await got(server.url("/page"), resolve=resolve)


async def test_an_address_with_brackets_is_called() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    server = Server({"/page": answer()})
    try:
        listening = await asyncio.start_server(server.serve, "::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        assert "hello" in await got(f"http://[::1]:{port}/page", hosts=("::1",))
    assert server.asked[0][1]["host"] == f"[::1]:{port}"


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label too long")])
async def test_a_name_nobody_knows_is_said(error: Exception) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise error

    assert "there is no host nowhere.example" in await refused("http://nowhere.example/", resolve=resolve)


async def test_a_name_without_an_address_is_said() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return []

    assert "has no address" in await refused("http://nowhere.example/", resolve=resolve)


async def test_the_system_resolves_without_holding_anything_up() -> None:
    assert "127.0.0.1" in await resolved("localhost", 80) or "::1" in await resolved("localhost", 80)
    with pytest.raises(OSError, match=r"not known|resolution|nodename"):
        await resolved("no-such-name.invalid", 80)


async def test_a_certificate_counts_for_the_name_and_not_for_the_address() -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(CERTIFICATE)
    asked: list[str | None] = []
    own.sni_callback = lambda _, name, __: asked.append(name)
    server = Server({"/page": answer()})
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=own)
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        strict = tool()
        for name in ("site.example", "other.example"):
            # Nobody the system trusts has signed it.
            with pytest.raises(ToolError, match="CERTIFICATE_VERIFY_FAILED"):
                await strict.run({"url": f"https://{name}:{port}/page"})
        strict._trust = ssl.create_default_context(cafile=str(CERTIFICATE))
        assert "hello" in await strict.run({"url": f"https://site.example:{port}/page"})
        with pytest.raises(ToolError, match="Hostname mismatch"):
            await strict.run({"url": f"https://other.example:{port}/page"})
    assert set(asked) == {"site.example", "other.example"}
    assert len(server.asked) == 1


# Redirects


async def test_a_redirect_on_the_same_host_is_followed() -> None:
    async with served(
        a=redirect("/b"), b=redirect("c?d=1", "307 Temporary Redirect"), **{"c?d=1": answer()}
    ) as server:
        assert (await got(server.url("/a"))).startswith(f"200 OK · text/plain · {server.url('/c?d=1')}")
    assert [target for target, _ in server.asked] == ["/a", "/b", "/c?d=1"]


@pytest.mark.parametrize(
    "location",
    [
        "http://other.example/",
        "//other.example/",
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://site.example:1/",
        "https://site.example/",
    ],
)
async def test_a_redirect_to_another_place_is_named_and_not_followed(location: str) -> None:
    async with served(a=redirect(location)) as server:
        says = await refused(server.url("/a"))
    assert "another place; call http_get with that URL" in says
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "gopher://site.example/",
        "http://me@site.example/",
        "http://2130706433/",
        "javascript:1",
        "http://[",
    ],
)
async def test_a_redirect_to_what_is_no_address_is_said(location: str) -> None:
    async with served(a=redirect(location)) as server:
        assert "redirects to a place that cannot be got" in await refused(server.url("/a"))


async def test_the_address_is_checked_again_at_each_redirect() -> None:
    """The first look at the name is public, the second private: DNS rebinding between two hops."""
    looks = 0

    async def resolve(host: str, port: int) -> Sequence[str]:
        nonlocal looks
        looks += 1
        return ["127.0.0.1"] if looks == 1 else ["127.0.0.2"]

    async with served(a=redirect("/b"), b=answer()) as server:
        says = await refused(server.url("/a"), hosts=("127.0.0.1",), resolve=resolve)
    assert "127.0.0.2" in says
    assert len(server.asked) == 1


async def test_redirects_end() -> None:
    chain: dict[str, Reply] = {f"r{n}": redirect(f"/r{n + 1}") for n in range(10)}
    async with served(
        loop=redirect("/pool"), pool=redirect("/loop"), self=redirect("/self"), **chain
    ) as server:
        assert "in a circle" in await refused(server.url("/loop"))
        assert "in a circle" in await refused(server.url("/self"))
        server.asked.clear()
        assert "more than 5 redirects" in await refused(server.url("/r0"))
        assert len(server.asked) == 6


async def test_http_may_become_https_on_the_usual_ports() -> None:
    web = HttpGet(resolve=here)
    from tui.tools.builtin.urls import parse

    assert str(web._redirected(parse("http://a.example/x"), "https://a.example/y")) == "https://a.example/y"
    for start, end in [
        ("https://a.example/", "http://a.example/"),
        ("http://a.example/", "https://a.example:8443/"),
        ("http://a.example:8080/", "https://a.example/"),
        ("http://a.example/", "http://a.example:443/"),
    ]:
        with pytest.raises(ToolError, match="another place"):
            web._redirected(parse(start), end)


async def test_a_rule_holds_for_what_a_redirect_leads_to() -> None:
    def denied(tool: str, subject: str) -> bool:
        return tool == "http_get" and subject.endswith("/admin")

    async with served(a=redirect("/admin"), admin=answer()) as server:
        assert "a rule of the user forbids that" in await refused(server.url("/a"), denied=denied)
    assert len(server.asked) == 1


async def test_cookies_are_not_kept() -> None:
    async with served(
        a=answer(b"", "302 Found", location="/b", set_cookie="id=1; Path=/"), b=answer()
    ) as server:
        await got(server.url("/a"))
    assert "cookie" not in server.asked[1][1]


# Servers that mean no good


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def drip_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def informs(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.005)


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_a_body_without_end_is_cut() -> None:
    async with served(page=endless) as server:
        text = await got(server.url("/page"))
    assert f"cut after {MOST_BYTES:,} bytes" in text
    assert text.count("x") >= MOST_BYTES


@pytest.mark.parametrize("reply", [drip, drip_headers, informs, silent])
async def test_a_slow_server_is_left_in_time(reply: Reply) -> None:
    async with served(page=reply) as server:
        assert "took longer than 0.3 s" in await refused(server.url("/page"), seconds=0.3)


async def test_a_slow_name_server_is_left_in_time() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    assert "took longer" in await refused("http://slow.example/", resolve=resolve, seconds=0.05)


async def test_a_bomb_is_put_down_while_it_goes_off() -> None:
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(b"\x20" * 10_000_000) for _ in range(10)) + packer.flush()
    assert len(bomb) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with served(page=answer(bomb, content_encoding="gzip")) as server:
        assert "cut after" in await got(server.url("/page"))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000 * (1024 if sys.platform == "darwin" else 1)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00" * 1000,
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 60_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffffffffffff\r\n",
        b"HTTP/1.1 -1 OK\r\n\r\n",
    ],
    ids=range(11),
)
async def test_what_is_no_http_is_said(reply: bytes) -> None:
    async with served(page=reply) as server:
        says = await refused(server.url("/page"))
    assert "cannot be got" in says
    assert len(says) < 500


async def test_a_port_where_nobody_listens_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "cannot be got" in await refused(f"http://site.example:{port}/")


async def test_a_cancelled_call_leaves_no_connection() -> None:
    async with served(page=drip) as server:
        work = asyncio.create_task(got(server.url("/page")))
        await until(lambda: bool(server.open))
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
