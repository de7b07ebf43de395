"""The ``http_get`` tool: one page of text from the web, after a yes, from nowhere but the public internet.

A name is resolved once a request; every address it has is checked, and the one that was checked is
the one connected to. Redirects are followed by hand and judged like the first address.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tui.chat.events import Ask
from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.clean import exposed
from tui.tools.builtin.addresses import Address, Allowed, literal
from tui.tools.builtin.http_text import text_of
from tui.tools.builtin.names_to_addresses import Resolve, resolved
from tui.tools.builtin.urls import PORTS, Url, joined, parse
from tui.tools.toolbox import ToolError

if TYPE_CHECKING:
    import httpx2

SECONDS = 30.0
"""For everything together: names, connections, redirects and the page."""
CONNECT_S = 8.0
MOST_REDIRECTS = 5
MOST_ADDRESSES = 8

_REDIRECTS = (301, 302, 303, 307, 308)


class HttpGet:
    """Gets pages; ``denied`` tells of an address met on the way whether a rule forbids it."""

    spec = ToolSpec(
        "http_get",
        "Get a web page or another text over http or https; the user is asked first. Gives the status and the"
        " text as it is, HTML included. Addresses inside private networks are refused; a redirect to another"
        " host is named instead of followed.",
        {
            "type": "object",
            "properties": {"url": {"type": "string", "description": "such as https://example.com/page"}},
            "required": ["url"],
            "additionalProperties": False,
        },
    )

    def __init__(
        self,
        hosts: Sequence[str] = (),
        denied: Callable[[str, str], bool] = lambda _tool, _subject: False,
        *,
        resolve: Resolve | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._allowed = Allowed(hosts)
        self._denied = denied
        self._resolve = resolve or resolved
        self._seconds = seconds
        self._trust: ssl.SSLContext | None = None

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        """The address in its plain form; a yes for the session is for every page of its host and port."""
        url = parse(arguments["url"])
        address = literal(url.host)
        if address is not None:
            self._must_be_callable(url, address)
        return Ask(f"get {url}", str(url), url.grant, f"every page of {url.netloc}")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """The status line and the text of the page; ToolError for everything that is none."""
        url = parse(arguments["url"])
        try:
            async with asyncio.timeout(self._seconds):
                return await self._page(url)
        except TimeoutError:
            raise ToolError(f"{url} took longer than {self._seconds:g} s") from None

    async def _page(self, url: Url) -> str:
        seen = {str(url)}
        for _ in range(MOST_REDIRECTS + 1):
            async with self._answer(url) as answer:
                location = answer.headers.get("location")
                if answer.status_code not in _REDIRECTS or location is None:
                    return await text_of(str(url), answer.status_code, answer.headers, answer.aiter_raw())
            url = self._redirected(url, location)
            if str(url) in seen:
                raise ToolError(f"{url} redirects in a circle")
            seen.add(str(url))
        raise ToolError(f"more than {MOST_REDIRECTS} redirects, the last to {url}")

    def _redirected(self, url: Url, location: str) -> Url:
        """Where a redirect leads; ToolError unless the yes that was given covers it."""
        try:
            target = joined(url, location)
        except (ToolError, ValueError) as error:
            raise ToolError(f"{url} redirects to a place that cannot be got: {error}") from error
        secured = (url.port, target.port, target.scheme) == (PORTS["http"], PORTS["https"], "https")
        same = target.grant == url.grant and target.scheme >= url.scheme
        if target.host != url.host or not (same or secured):
            raise ToolError(
                f"{url} redirects to {target}, another place; call http_get with that URL if it is wanted"
            )
        if self._denied(self.spec.name, str(target)):
            raise ToolError(f"{url} redirects to {target}, and a rule of the user forbids that")
        return target

    @asynccontextmanager
    async def _answer(self, url: Url) -> AsyncIterator[httpx2.Response]:
        """The answer of ``url`` with its body still to come; closed with its connection afterwards."""
        import httpx2

        addresses = await self._addresses(url)
        trust = await self._trusted(url.scheme)
        async with httpx2.AsyncHTTPTransport(verify=trust, trust_env=False) as transport:
            try:
                answer = await _first_answer(transport, url, addresses)
                try:
                    yield answer
                finally:
                    await answer.aclose()
            except httpx2.TimeoutException:
                raise ToolError(f"{url} does not answer") from None
            except (httpx2.TransportError, httpx2.InvalidURL) as error:
                raise ToolError(
                    f"{url} cannot be got: {exposed(str(error)) or type(error).__name__}"
                ) from error

    async def _trusted(self, scheme: str) -> ssl.SSLContext:
        """Whose certificates count: the system's, read once and only when needed, for it takes a while."""
        if scheme == "http":
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._trust is None:
            self._trust = await asyncio.to_thread(_system_trust)
        return self._trust

    async def _addresses(self, url: Url) -> list[Address]:
        """The addresses to connect to, every one of them checked."""
        address = literal(url.host)
        if address is not None:
            self._must_be_callable(url, address)
            return [address]
        try:
            told = await self._resolve(url.host, url.port)
        except (OSError, UnicodeError) as error:
            raise ToolError(f"there is no host {url.host}: {error}") from error
        found = [literal(text.partition("%")[0]) for text in dict.fromkeys(told)]
        addresses = [address for address in found if address is not None]
        if not addresses:
            raise ToolError(f"the host {url.host} has no address")
        for address in addresses:
            self._must_be_callable(url, address)
        return addresses[:MOST_ADDRESSES]

    def _must_be_callable(self, url: Url, address: Address) -> None:
        kind = self._allowed.refusal(url.host, address)
        if kind:
            raise ToolError(
                f"{url.host} is not called: its address {address} is not on the public internet ({kind});"
                " the user can allow it in the configuration (http.allow)"
            )


def _system_trust() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


async def _first_answer(
    transport: httpx2.AsyncHTTPTransport, url: Url, addresses: Sequence[Address]
) -> httpx2.Response:
    """The answer from the first address that takes the connection."""
    import httpx2

    for address in addresses[:-1]:
        try:
            return await transport.handle_async_request(_request(url, address))
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            continue
    return await transport.handle_async_request(_request(url, addresses[-1]))


def _request(url: Url, address: Address) -> httpx2.Request:
    """A request to an address, as the host: its name stands in the headers and in the certificate."""
    import httpx2

    times = {"connect": CONNECT_S, "read": SECONDS, "write": CONNECT_S, "pool": CONNECT_S}
    extensions: dict[str, Any] = {"timeout": times}
    if literal(url.host) is None:
        extensions["sni_hostname"] = url.host
    return httpx2.Request(
        "GET",
        httpx2.URL(scheme=url.scheme, host=str(address), port=url.port, raw_path=url.target.encode("ascii")),
        headers={
            "Host": url.netloc,
            "User-Agent": "sightline",
            "Accept": "text/*, application/json, */*;q=0.5",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        },
        extensions=extensions,
    )
