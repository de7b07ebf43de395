"""When the parts of a call were over, as the HTTP library tells it while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tui.chat.record import Timing

_CONNECTED = ("connect_tcp.complete", "start_tls.complete")
_SENT = "send_request_body.complete"
_HEADERS = "receive_response_headers.complete"

_RUNNING: ContextVar[CallTimes | None] = ContextVar("call_times", default=None)
"""The call that is being made here; the SDKs hand nothing of the kind through to the transport."""


class CallTimes:
    """Notes one call from now on; what was not told stays None."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._connected: float | None = None
        self._sent: float | None = None
        self._headers: float | None = None

    @property
    def timing(self) -> Timing:
        """As far as the call came."""
        return Timing(self._connected, self._sent, self._headers)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Requests made in here, in this task, are this call."""
        token = _RUNNING.set(self)
        try:
            yield
        finally:
            _RUNNING.reset(token)

    async def note(self, name: str, _info: dict[str, Any]) -> None:
        """Take one word of the transport, such as ``connection.connect_tcp.complete``."""
        now = self._clock() - self._began
        if name.endswith(_CONNECTED):
            # With encryption the second word is the later one, and the one that counts.
            self._connected = now
        elif name.endswith(_SENT):
            self._sent = now
        elif name.endswith(_HEADERS):
            self._headers = now


async def watched(request: Any) -> None:
    """Hook of the HTTP client: let the transport tell the call that is running of this request."""
    times = _RUNNING.get()
    if times is not None:
        request.extensions["trace"] = times.note
