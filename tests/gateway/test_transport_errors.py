"""Exceptions of the transport and the SDKs end in their class, with the next step."""

import asyncio
import json
import socket
import ssl

import httpx2
import pytest

from tests.gateway.error_shapes import openai_shape
from tui.errors import CallFailed
from tui.gateway import failures


def caused(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


class APIConnectionError(Exception):
    """Named as in both SDKs."""


class APITimeoutError(APIConnectionError):
    """Named as in both SDKs."""


@pytest.mark.parametrize(
    ("error", "phase", "cls", "code", "word"),
    [
        (httpx2.ConnectError("All connection attempts failed"), "connect", "proxy-unreachable", 3, "refused"),
        (
            caused(APIConnectionError("Connection error."), ConnectionRefusedError(111, "no")),
            "connect",
            "proxy-unreachable",
            3,
            "refused",
        ),
        (
            caused(httpx2.ConnectError(""), socket.gaierror(-2, "Name or service not known")),
            "connect",
            "proxy-unreachable",
            3,
            "host name",
        ),
        (
            caused(httpx2.ConnectError(""), ssl.SSLCertVerificationError("self-signed")),
            "connect",
            "proxy-unreachable",
            3,
            "certificate",
        ),
        (httpx2.ConnectTimeout(""), "connect", "proxy-unreachable", 3, "in time"),
        (
            caused(APITimeoutError(""), httpx2.ConnectTimeout("")),
            "connect",
            "proxy-unreachable",
            3,
            "in time",
        ),
        (httpx2.ReadTimeout(""), "connect", "timeout-first-byte", 3, "first byte"),
        (APITimeoutError("Request timed out."), "connect", "timeout-first-byte", 3, "first byte"),
        (TimeoutError(), "connect", "timeout-first-byte", 3, "first byte"),
        (httpx2.ReadTimeout(""), "stream", "timeout-idle", 5, "too long"),
        (TimeoutError(), "stream", "timeout-idle", 5, "too long"),
        (httpx2.RemoteProtocolError("peer closed connection"), "stream", "stream-cut", 5, "peer closed"),
        (caused(APIConnectionError("x"), httpx2.ReadError("reset")), "stream", "stream-cut", 5, "broke"),
        (ConnectionResetError(104, "reset by peer"), "stream", "stream-cut", 5, "reset"),
        (httpx2.RemoteProtocolError("no answer"), "connect", "proxy-unreachable", 3, "no answer"),
        (json.JSONDecodeError("Expecting value", "x", 0), "stream", "not-a-stream", 5, "decoded"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "stream", "not-a-stream", 5, "decoded"),
        (ValueError("index out of order"), "stream", "not-a-stream", 5, "index"),
        (httpx2.UnsupportedProtocol("ftp"), "connect", "bad-config", 2, "address"),
        (RuntimeError("odd"), "stream", "bad-request", 4, "odd"),
        (ExceptionGroup("g", [httpx2.ReadTimeout("")]), "stream", "timeout-idle", 5, "too long"),
    ],
)
def test_exceptions(error: Exception, phase: failures.Phase, cls: str, code: int, word: str) -> None:
    failed = failures.from_exception(error, phase)
    assert (failed.cls, failed.exit_code) == (cls, code)
    assert word in failed.what
    assert failed.hint


def test_what_cannot_be_reached_is_named_without_its_user() -> None:
    request = httpx2.Request("POST", "http://me:secret@proxy.lan:4000/v1/messages")
    connected = httpx2.ConnectError("All connection attempts failed", request=request)
    named = failures.from_exception(caused(APIConnectionError("Connection error."), connected))
    assert named.what == "connection refused: nothing listens at proxy.lan:4000"
    unnamed = failures.from_exception(httpx2.ConnectError("All connection attempts failed"))
    assert unnamed.what.endswith("nothing listens at the base URL")


def test_circular_causes_come_to_an_end() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert failures.from_exception(first).cls == "bad-request"


@pytest.mark.parametrize("sdk", ["anthropic", "openai"])
def test_refusals_as_the_sdks_raise_them(sdk: str) -> None:
    module = __import__(sdk)
    body = openai_shape("Authentication Error, no", "auth_error", "401")

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(401, text=body, headers={"content-type": "application/json"})

    async def call() -> CallFailed:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            kind = module.AsyncAnthropic if sdk == "anthropic" else module.AsyncOpenAI
            client = kind(api_key="k", base_url="http://127.0.0.1/v1", http_client=http, max_retries=0)
            try:
                await client.post("/x", body={}, cast_to=object)
            except Exception as error:
                return failures.from_exception(error)
            raise AssertionError("no error")

    failed = asyncio.run(call())
    assert (failed.cls, failed.layer, failed.status) == ("proxy-key-refused", "proxy", 401)
