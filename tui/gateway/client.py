"""The only user of the SDKs: posts finished bytes to the proxy and hands back headers and frames.

The SDKs are used for their transport only: their typed streams hide event names, interpret
blocks and end silently on broken streams. Everything they would read from the environment is
passed explicitly, so no variable adds a header behind our back.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import astuple, dataclass, field
from typing import Any

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.record import Timing
from tui.chat.route import Route, Served
from tui.errors import CallFailed, RawAnswer
from tui.gateway.call_times import CallTimes, watched
from tui.gateway.secrets import kept_headers, masked, masking, secrets_in
from tui.knob_text import OWN_HEADERS

MODULES = ("httpx2", "httpcore2", "anyio._backends._asyncio")
"""Imported before the first call, with its SDK; the last two would else be within it, on the event loop."""
REST_S = 0.008
"""How long the frames of an answer, and what is made of them, may keep the event loop at most."""
_HIDDEN_SETTINGS = (
    "ANTHROPIC_CUSTOM_HEADERS",
    "OPENAI_CUSTOM_HEADERS",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "ANTHROPIC_LOG",
    "OPENAI_LOG",
)
"""Environment variables that would change requests or write bodies to the terminal."""


_loaded: set[str] = set()
"""Modules whose import has come to its end; in ``sys.modules`` they stand from its beginning."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How to reach one proxy; ``key`` gives the secret at first use. Times in seconds."""

    key: Callable[[], str]
    headers: Mapping[str, str] = field(default_factory=dict)
    connect_timeout: float = 10.0
    first_byte_timeout: float = 600.0
    idle_timeout: float = 120.0
    ca_file: str | None = None
    anthropic_version: str = "2023-06-01"


class Answer:
    """One answer whose headers have arrived; read ``frames`` at most once."""

    def __init__(
        self,
        response: Any,
        route: Route,
        clock: Callable[[], float],
        secrets: tuple[str, ...] = (),
        timing: Timing = Timing(),  # noqa: B008  # frozen
    ) -> None:
        self._response = response
        self._route = route
        self._clock = clock
        self._secrets = secrets
        self._headers: dict[str, str] = dict(response.headers)
        self.status: int = response.status_code
        self.served = served(self._headers)
        self.headers = kept_headers(response.headers, secrets)
        """For people and files: secrets are masked."""
        self.request_headers = kept_headers(response.request.headers, secrets)
        self.timing = timing

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Every server-sent event as it comes, pings included; CallFailed when there is none or it breaks."""
        from tui.gateway import failures

        try:
            async with aclosing(self._frames()) as frames:
                async for frame in frames:
                    yield frame
        except CallFailed:
            raise
        except Exception as error:
            raise failures.from_exception(error, "stream", self._route) from error

    async def _frames(self) -> AsyncGenerator[Frame, None]:
        from tui.gateway import failures

        kind = self._headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            # Some servers answer a stream request whole; the decoders take that as one frame.
            body = await self._response.aread()
            text = body.decode("utf-8", "replace")
            if _is_error_body(text):
                # Before it is read: what is shortened afterwards could keep half of a secret.
                text = masked(text, self._secrets)
                failed = failures.from_response(
                    self.status, self._headers, text, self._route.endpoint, self._route
                )
                raise self._kept(failed, text)
            yield Frame(WHOLE_BODY, text, self._clock())
            return
        if kind != "text/event-stream":
            body = await self._response.aread()
            text = masked(body.decode("utf-8", "replace"), self._secrets)
            raise self._kept(failures.not_a_stream(kind, text[:2000]), text)
        import httpx2

        rested = self._clock()
        # The default size limit would refuse long signatures and big tool inputs.
        async for event in httpx2.EventSource(self._response, max_event_size=None):
            name = "" if event.event == "message" else event.event
            data = event.data
            if (name == "error" or '"error"' in data) and _is_error_frame(data):
                # As in a refusal: what a relay repeats there was not said in the conversation.
                data = masked(data, self._secrets)
            at = self._clock()
            if at - rested >= REST_S:
                # One read of the socket holds hundreds of events, and nothing below yields between them.
                await asyncio.sleep(0)
                rested = self._clock()
            yield Frame(name, data, at)

    def _kept(self, failed: CallFailed, text: str) -> CallFailed:
        """``failed`` with the answer as it came but for secrets, which was no stream."""
        failed.answer = RawAnswer(self.request_headers, self.headers, text)
        return failed


class Gateway:
    """Our client of one proxy; SDKs are imported at the first call or by ``warm``."""

    def __init__(self, endpoint: Endpoint, clock: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._http: Any = None
        self._tls: ssl.SSLContext | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clients: dict[tuple[str, str], Any] = {}
        self.sent: set[str] = set()
        """Secret values of headers that went along with calls, beside those of the endpoint."""

    @property
    def first_byte_timeout(self) -> float:
        """Seconds until the first frame at the latest."""
        return self._endpoint.first_byte_timeout

    @property
    def idle_timeout(self) -> float:
        """Seconds between two frames at the most."""
        return self._endpoint.idle_timeout

    @staticmethod
    def warm(*routes: Route) -> bool:
        """Import what calls on ``routes`` need; whether anything was missing.

        An SDK takes a second or more, so run it in a thread after the first paint.
        """
        missing = [name for name in _modules(routes) if name not in _loaded]
        with _clean_environment():
            for name in missing:
                importlib.import_module(name)
                _loaded.add(name)
        return bool(missing)

    async def ready(self, *routes: Route) -> None:
        """Get the key and import what is missing for calls on ``routes``, without holding the event loop."""
        await asyncio.to_thread(self._endpoint.key)
        if not _loaded.issuperset(_modules(routes)):
            await asyncio.to_thread(self.warm, *routes)
        if self._tls is None:
            # Reading the system's certificates takes longer than keys may wait.
            self._tls = await asyncio.to_thread(self._trust)

    @asynccontextmanager
    async def open(
        self, route: Route, body: bytes, *, stream: bool, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[Answer]:
        """Post ``body`` and yield the answer once its headers are there; CallFailed on any refusal.

        ``headers`` go along but for those of the connection, the format and the key. What the caller
        raises while it holds the answer, a stop above all, passes unchanged.
        """
        from tui.gateway import failures

        own = {name: value for name, value in (headers or {}).items() if name.lower() not in OWN_HEADERS}
        self.sent.update(secrets_in(own))
        times = CallTimes(self._clock)
        with masking(lambda: self._secrets(own)):
            try:
                with times.running():
                    response = await self._post(self._client(route), route, body, stream, own)
            except CallFailed:
                raise
            except Exception as error:
                refused = getattr(error, "response", None)
                if refused is not None and hasattr(refused, "status_code"):
                    raise await self._refusal(refused, route, self._secrets(own), times) from error
                raise failures.from_exception(error, "connect", route) from error
            try:
                yield Answer(response, route, self._clock, self._secrets(own), times.timing)
            finally:
                await response.aclose()

    def _secrets(self, headers: Mapping[str, str]) -> tuple[str, ...]:
        ours = secrets_in({"authorization": self._endpoint.key(), **self._endpoint.headers})
        return (*ours, *secrets_in(headers))

    async def _post(
        self, client: Any, route: Route, body: bytes, stream: bool, headers: Mapping[str, str]
    ) -> Any:
        import httpx2

        path = "/v1/messages" if route.dialect == "messages" else route.endpoint.removeprefix("/v1")
        format = {"content-type": "application/json", "accept": "text/event-stream, application/json"}
        options = {"headers": {**headers, **format}}
        if not stream:
            return await client.post(path, content=body, cast_to=httpx2.Response, options=options)
        module = importlib.import_module(_sdk(route))
        opened = await client.post(
            path,
            content=body,
            cast_to=object,
            stream=True,
            stream_cls=module.AsyncStream[object],
            options=options,
        )
        return opened.response

    async def _refusal(
        self, response: Any, route: Route, secrets: tuple[str, ...], times: CallTimes
    ) -> CallFailed:
        from tui.gateway import failures

        try:
            # Masked before it is read: what is shortened afterwards could keep half of a secret.
            text = masked((await response.aread()).decode("utf-8", "replace"), secrets)
        except Exception:
            # The body of a refusal may be cut; its status still tells the class.
            text = ""
        failed = failures.from_response(
            response.status_code, dict(response.headers), text, route.endpoint, route
        )
        failed.answer = RawAnswer(
            kept_headers(response.request.headers, secrets),
            kept_headers(response.headers, secrets),
            text,
            astuple(times.timing),
        )
        return failed

    def _client(self, route: Route) -> Any:
        """The SDK client for this route's dialect and base URL, made once."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # Connections of an event loop that has ended can neither be used nor closed.
            self._loop, self._http = loop, None
            self._clients.clear()
        wanted = (_sdk(route), route.base_url)
        if wanted not in self._clients:
            with _clean_environment():
                self._clients[wanted] = self._new_client(route)
        return self._clients[wanted]

    def _new_client(self, route: Route) -> Any:
        key = self._endpoint.key()
        common: dict[str, Any] = {
            "api_key": key or "none",
            "base_url": route.base_url,
            "http_client": self._transport(),
            "max_retries": 0,
        }
        headers = dict(self._endpoint.headers)
        if route.dialect == "messages":
            import anthropic

            headers.setdefault("anthropic-version", self._endpoint.anthropic_version)
            if route.provider == "anthropic":
                headers.setdefault("x-api-key", key)
            return anthropic.AsyncAnthropic(**common, default_headers=headers, open_telemetry=False)
        import openai

        return openai.AsyncOpenAI(**common, default_headers=headers)

    def _transport(self) -> Any:
        """One connection pool for both SDKs; no redirects, or keys would follow to other hosts."""
        if self._http is None:
            import httpx2

            self._http = httpx2.AsyncClient(
                timeout=httpx2.Timeout(None, connect=self._endpoint.connect_timeout),
                follow_redirects=False,
                trust_env=False,
                verify=self._tls or self._trust(),
                event_hooks={"request": [watched]},
            )
        return self._http

    def _trust(self) -> ssl.SSLContext:
        """Whom connections trust."""
        import httpx2

        ca_file = self._endpoint.ca_file
        if ca_file:
            return ssl.create_default_context(cafile=ca_file)
        return httpx2.create_ssl_context(trust_env=False)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._http is not None and self._loop is asyncio.get_running_loop():
            await self._http.aclose()
        self._http = None
        self._clients.clear()


def _sdk(route: Route) -> str:
    return "anthropic" if route.dialect == "messages" else "openai"


def _modules(routes: Iterable[Route]) -> list[str]:
    return [*MODULES, *map(_sdk, routes)]


def served(headers: Mapping[str, str]) -> Served:
    """Who answered, as the proxy's headers tell it."""

    def number(name: str) -> int | None:
        text = headers.get(name, "")
        return int(text) if text.isdecimal() else None

    return Served(
        call_id=headers.get("x-litellm-call-id"),
        model_id=headers.get("x-litellm-model-id"),
        model=headers.get("x-litellm-model-name"),
        group=headers.get("x-litellm-model-group"),
        api_base=headers.get("x-litellm-model-api-base"),
        attempted_retries=number("x-litellm-attempted-retries"),
        attempted_fallbacks=number("x-litellm-attempted-fallbacks"),
        proxy_version=headers.get("x-litellm-version"),
        response_cost=headers.get("x-litellm-response-cost"),
    )


def _is_error_body(text: str) -> bool:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and isinstance(body.get("error"), dict | str)


def _is_error_frame(text: str) -> bool:
    """Whether a frame tells of a failure, itself or in the response it holds; what is no JSON may."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return True
    if not isinstance(frame, dict):
        return False
    response = frame.get("response")
    return bool(frame.get("error") or (isinstance(response, dict) and response.get("error")))


@contextmanager
def _clean_environment() -> Any:
    """Run SDK code without the variables it would act on."""
    hidden = {name: os.environ.pop(name) for name in _HIDDEN_SETTINGS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


for _name in ("httpx2", "httpcore2", "anthropic", "openai"):
    # Debug logs of the SDKs hold bodies and headers; ours never do.
    logging.getLogger(_name).setLevel(logging.WARNING)
