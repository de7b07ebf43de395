"""What an exception below HTTP means: no route, no trust, no time, no end.

Exceptions are told apart by the names of their classes and causes, so nothing here imports an SDK.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from tui.errors import Layer


@dataclass(frozen=True, slots=True)
class Trouble:
    """Class, sentence, layer and next step; ``retry`` = the same request may pass next time."""

    cls: str
    says: str
    hint: str
    layer: Layer = "proxy"
    retry: bool = True
    never_sent: bool = False


_TIMEOUTS = frozenset(
    {"ReadTimeout", "WriteTimeout", "PoolTimeout", "TimeoutException", "APITimeoutError", "TimeoutError"}
)
_BROKEN = frozenset(
    {"RemoteProtocolError", "ReadError", "WriteError", "CloseError", "IncompleteReadError", "StreamClosed"}
    | {"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}
)
_UNDECODABLE = frozenset(
    {"JSONDecodeError", "UnicodeDecodeError", "DecodingError", "SSEError", "APIResponseValidationError"}
)


def trouble(error: BaseException, phase: str) -> Trouble:
    """What ``error`` means when it came in ``phase``: ``connect`` or ``stream``."""
    chain = list(_chain(error))
    names = {cls.__name__ for one in chain for cls in type(one).__mro__}
    words = " ".join(str(one) for one in chain)[:2000]
    if phase == "connect" and (found := _unreachable(names, words, _address(chain))):
        return found
    if names & _TIMEOUTS:
        if phase == "stream":
            hint = "What arrived is kept. Retry, or raise idle_timeout for models that pause long."
            return Trouble("timeout-idle", "nothing came for too long", hint)
        hint = "Retry, raise first_byte_timeout, or choose a faster model."
        return Trouble("timeout-first-byte", "no first byte came", hint)
    if names & _UNDECODABLE:
        hint = (
            "Something on the way mangles answers: look at the raw answer, and at what is before the proxy."
        )
        return Trouble("not-a-stream", f"the answer cannot be decoded: {_say(error)}", hint)
    if names & _BROKEN or "APIConnectionError" in names or "ConnectError" in names:
        if phase == "stream":
            hint = "What arrived is kept. Retry sends the same request again, which costs again."
            return Trouble("stream-cut", f"the connection broke: {_say(error)}", hint)
        hint = "The proxy closed the connection without an answer: look at its log, then retry."
        return Trouble("proxy-unreachable", _say(error), hint)
    if phase == "stream" and isinstance(error, ValueError):
        hint = "Look at the raw answer: it is not what the format allows."
        return Trouble("not-a-stream", _say(error), hint)
    hint = "Start with --debug to see where it comes from."
    return Trouble("bad-request", _say(error), hint, layer="client", retry=False)


def _unreachable(names: set[str], words: str, address: str) -> Trouble | None:
    """Why no connection to ``address`` came about, as precisely as can be told."""
    if names & {"SSLError", "SSLCertVerificationError", "CertificateError"} or "CERTIFICATE_VERIFY" in words:
        hint = "Set ca_file to your company's certificate authority, or correct the proxy's certificate."
        return Trouble(
            "proxy-unreachable", "its certificate is not trusted, or it speaks no TLS", hint, retry=False
        )
    if names & {"gaierror"} or "Name or service not known" in words or "nodename nor servname" in words:
        hint = "Check the host name in the base URL, and the network or VPN."
        return Trouble("proxy-unreachable", f"the host name of {address} is not known", hint)
    if (
        names & {"ConnectionRefusedError"}
        or "Connection refused" in words
        or "connection attempts failed" in words
    ):
        hint = "Start the proxy, or check host and port in the base URL."
        says = f"connection refused: nothing listens at {address}"
        return Trouble("proxy-unreachable", says, hint, never_sent=True)
    if names & {"ConnectTimeout"}:
        hint = "Check the network or VPN, and host and port in the base URL."
        return Trouble("proxy-unreachable", f"no connection to {address} in time", hint)
    if names & {"UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}:
        hint = "Correct the base URL, or a header of this proxy, in the configuration."
        return Trouble(
            "bad-config", "the address or a header cannot be sent", hint, layer="client", retry=False
        )
    if names & {"ProxyError"}:
        return Trouble("proxy-unreachable", "a network proxy on the way refused", "Check the network proxy.")
    if names & {"ConnectError"}:
        return Trouble("proxy-unreachable", words, "Check the network and the base URL.")
    return None


def _address(chain: list[BaseException]) -> str:
    """Host and port that were called, never the user or the key in an address; its place where untold."""
    for one in chain:
        # Both SDKs and httpx2 keep the request; httpx2 raises where an exception was made without one.
        with suppress(AttributeError, RuntimeError):
            return str(one.request.url.netloc, "ascii")  # type: ignore[attr-defined]
    return "the base URL"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes, and the members of groups; bounded, for causes may be circular."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 20:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _say(error: BaseException) -> str:
    text = str(error).strip()
    return text if text else type(error).__name__
