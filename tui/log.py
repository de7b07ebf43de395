"""The log file: what happened when, one line a fact; no secrets, and no word of any conversation."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tui.chat import events as ev
from tui.clean import visible
from tui.errors import SightlineError
from tui.gateway.secrets import without_known_shapes

NAME = "sightline.log"
MAX_BYTES, KEPT = 1_000_000, 2
LONGEST = 600
"""Characters of a line; a vendor's sentence can be a page."""


class Log:
    """Writes the events of sessions to ``NAME`` in a directory; a full disk costs only the log.

    ``clean`` takes known secrets out of whatever is written.
    """

    def __init__(self, directory: Path, clean: Callable[[str], str] = str) -> None:
        self.path = directory / NAME
        self._clean = clean
        self._handler: _File | None = None

    def event(self, session: str, event: ev.Event) -> None:
        """Write what is worth a line of one event."""
        # Thousands a second are text, of which no word is written here.
        if isinstance(event, ev.PartDelta):
            return
        says = line_of(event)
        if says:
            self.write(f"{session} {says}")

    def write(self, says: str) -> None:
        """Write one line; the text may come from anywhere."""
        text = visible(without_known_shapes(self._clean(says)), LONGEST)
        record = logging.LogRecord(NAME, logging.INFO, "", 0, text, None, None)
        try:
            if self._handler is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._handler = _File(self.path)
            self._handler.handle(record)
        except OSError:
            return

    def close(self) -> None:
        """Let go of the file."""
        if self._handler is not None:
            self._handler.close()
            self._handler = None


class _File(RotatingFileHandler):
    """A file only its owner reads; what cannot be written is left out, for the screen is not for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", errors="replace")
        formatter = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        formatter.converter = time.gmtime
        self.setFormatter(formatter)

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  # the library's name
        return


def line_of(event: ev.Event) -> str:
    """What the log says of an event; empty for those it leaves out."""
    match event:
        case ev.StepStarted(route=route, turn=turn, step=step, body=body):
            where = f"{route.provider} {route.base_url} {route.endpoint}"
            return f"turn {turn} step {step}: {route.wire_model} by {where}, {len(body)} bytes"
        case ev.Answering(served=served):
            return (
                f"served: {served.model} deployment {served.model_id} call {served.call_id} "
                f"retries {served.attempted_retries} fallbacks {served.attempted_fallbacks}"
            )
        case ev.StepFinished(message=message, seconds=seconds):
            cost = f"{message.cost.usd} ({message.cost.source})"
            seals = f"{event.seals_sent} seals sent, {event.seals_received} new"
            return f"step: {message.stop} ({message.stop_raw}) {seconds:.2f} s, USD {cost}, {seals}"
        case ev.Approved(call=call, answer=answer):
            return f"approval: {call.name} {answer.decision} by {answer.by}"
        case ev.ToolFinished(call=call, result=result, seconds=seconds):
            return f"tool: {call.name} {'error' if result.is_error else 'ok'} {seconds:.2f} s"
        case ev.Retrying(wait_s=wait, why=why):
            return f"retrying in {wait:.1f} s: {why}"
        case ev.Warned(finding=finding):
            return f"warning: {finding.cls} {finding.path}"
        case ev.TurnFailed(error=error):
            return f"failed: {_failure(error)}"
        case ev.TurnFinished(stop=stop, steps=steps, cost=cost):
            return f"turn: {stop}, {steps} steps, USD {cost.usd} ({cost.source})"
    return ""


def _failure(error: SightlineError) -> str:
    says = f"{error} {error.vendor_message or ''}".rstrip()
    return f"{error.cls} in the {error.layer}, status {error.status}: {says}"
