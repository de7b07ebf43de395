"""Sends what happens to a collector, beside the program: nothing here waits for it or fails because of it.

Events are put into a queue and folded into spans by a thread of its own; the SDK's batch processor
posts them from another. A collector that is not there is said once in the log.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from tui.chat import events as ev
from tui.errors import ConfigError
from tui.telemetry.spans import Spans

INSTALL = "pip install 'sightline-tui[otel]'"
MOST_WAITING = 10_000
"""Events that may wait to be folded; beyond them new ones are left out, and that is said."""
CLOSE_S = 3.0
"""How long the end of the program waits for the last spans."""
_POST_S = 2.0
_SENT_EVERY_MS = 2000
_SKIPPED = (ev.PartStarted, ev.PartDelta, ev.PartFinished, ev.ApprovalNeeded, ev.BudgetNeeded)
"""Too many, or only of use to who answers them."""


class Traces:
    """Spans of all sessions of this run, to the OTLP collector at ``endpoint``.

    ConfigError where the packages for it are not installed. ``log`` takes one line; ``clean`` takes
    secrets out of what was said, which is sent only with ``said``.
    """

    def __init__(
        self,
        endpoint: str,
        headers: Mapping[str, str],
        *,
        said: bool = False,
        version: str = "",
        log: Callable[[str], None] = lambda says: None,  # noqa: ARG005
        clean: Callable[[str], str] = lambda text: text,
    ) -> None:
        self._log = log
        self._provider = _provider(endpoint, headers, version)
        self._logging = _Once(endpoint, log)
        self._spans = Spans(
            self._provider.get_tracer("sightline", version),
            said=said,
            clean=clean,
            began=time.time_ns(),
            clock=time.monotonic(),
        )
        self._waiting: queue.Queue[tuple[str, ev.Event] | None] = queue.Queue(MOST_WAITING)
        self._left_out = 0
        self._broken = False
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def event(self, session: str, event: ev.Event) -> None:
        """Take note of an event; returns at once and never raises."""
        if isinstance(event, _SKIPPED):
            return
        try:
            self._waiting.put_nowait((session, event))
        except queue.Full:
            self._left_out += 1
            if self._left_out == 1:
                self._log("traces: more happens than can be sent; some spans will be missing")

    def close(self) -> None:
        """Send what is left, for ``CLOSE_S`` seconds at the most."""
        ending = threading.Thread(target=self._end, name="traces-end", daemon=True)
        ending.start()
        ending.join(CLOSE_S)
        self._logging.close()

    def _end(self) -> None:
        self._waiting.put(None)
        self._thread.join()
        self._spans.close()
        self._provider.shutdown()

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            try:
                self._spans.event(*item)
            except Exception as error:
                # A span that cannot be made is not worth a turn; one line tells that it is missing.
                if not self._broken:
                    self._broken = True
                    self._log(f"traces: a span could not be made: {type(error).__name__}: {error}")


class _Once(logging.Handler):
    """Hears what the SDK would print over the screen, and logs the first of it."""

    def __init__(self, endpoint: str, log: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._endpoint, self._write, self._told = endpoint, log, False
        self._logger = logging.getLogger("opentelemetry")
        self._was = self._logger.propagate
        self._logger.propagate = False
        self._logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the first complaint."""
        if not self._told:
            self._told = True
            self._write(f"traces: nothing reaches {self._endpoint}: {record.getMessage()}")

    def close(self) -> None:
        """Hear no more."""
        self._logger.removeHandler(self)
        self._logger.propagate = self._was
        super().close()


def _provider(endpoint: str, headers: Mapping[str, str], version: str) -> Any:
    try:
        import requests
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON
    except ImportError as error:
        what = "traces are configured, and the packages that send them are not installed"
        raise ConfigError(what, hint=f"{INSTALL}, or take `traces` out of the configuration") from error
    # No variable of the environment decides where spans go or which proxy sees them.
    session = requests.Session()
    session.trust_env = False
    exporter = OTLPSpanExporter(endpoint, headers=dict(headers), timeout=_POST_S, session=session)
    resource = Resource({"service.name": "sightline", "service.version": version})
    provider = TracerProvider(sampler=ALWAYS_ON, resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_SENT_EVERY_MS))
    return provider
