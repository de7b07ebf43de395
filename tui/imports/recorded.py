"""One recorded call: the request as read, and what came back, decoded and accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.chat.frame import Frame, Headers
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Dialect, Json, Origin
from tui.chat.record import ExchangeState, Failure, Wire
from tui.chat.route import Served
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.generations import canonical, seals_of, vendor_of
from tui.imports.answers import Heard, heard, message_of
from tui.imports.chat_body import read_chat
from tui.imports.fields import text
from tui.imports.headers import served_in
from tui.imports.limits import quoted
from tui.imports.messages_body import read_messages
from tui.imports.reading import Reading
from tui.imports.remarks import CUT
from tui.imports.responses_body import read_responses
from tui.imports.told import Asked
from tui.truth import figures

READERS = {"messages": read_messages, "chat": read_chat, "responses": read_responses}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a file holds of an answer."""

    frames: tuple[Frame, ...] = ()
    status: int | None = None
    headers: Headers = ()
    served: Served | None = None
    """Who answered, where the file tells it otherwise than by headers."""
    cost: Cost = UNKNOWN_COST
    """What the file says it cost, where it says so otherwise than by headers and stream."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request with what is known of its answer."""

    asked: Asked
    path: str
    """Its place in the file."""
    at: float = 0.0
    """Unix time in seconds; 0 where the file tells none."""
    seconds: float | None = None
    url: str = ""
    status: int | None = None
    state: ExchangeState = "done"
    served: Served | None = None
    answer: AssistantMessage | None = None
    failure: Failure | None = None
    wire: Wire | None = None
    seals_received: int = 0


def read_body(
    dialect: Dialect,
    body: dict[str, Json],
    reading: Reading,
    at: float,
    *,
    provider: str = "",
    upstream: str = "",
) -> Asked:
    """The request in ``body``; UsageError with the path where it is none."""
    return READERS[dialect](body, reading, at, provider=provider, upstream=upstream)


def answered(call: Call, said: Answered, reading: Reading, *, dialect: Dialect | None = None) -> Call:
    """``call`` with its answer; ``dialect`` is the answer's where it is not the request's."""
    served = said.served or served_in(said.headers)
    origin = _origin(call.asked, served, dialect or call.asked.dialect)
    found = heard(said.frames, origin)
    model = found.reply.model
    if served is None and model and canonical(model) != origin.model and vendor_of(model) == origin.vendor:
        # A plain server names the model that an alias stood for.
        origin = replace(origin, model=canonical(model))
        found = heard(said.frames, origin)
    failure = _failure(found, said)
    at = call.at + (call.seconds or 0.0) if call.at else 0.0
    answer = None
    if found.reply.parts or (failure is None and said.frames):
        cost = said.cost if said.cost.usd is not None else _cost(found, served)
        done = found.done and failure is None
        answer = replace(message_of(reading.new_id(), found.reply, origin, at, done=done), cost=cost)
    if found.broken:
        says = "An answer breaks off where it cannot be read; what came before is kept."
        reading.remarks.say(CUT, says, f"{call.path}: {quoted(found.broken)}")
    state: ExchangeState = "done" if failure is None else "failed"
    if failure is None and not said.frames:
        state = "lost"
    return replace(
        call,
        status=said.status,
        state=state,
        served=served,
        answer=answer,
        failure=failure,
        seals_received=found.reply.seals_received,
    )


def _origin(asked: Asked, served: Served | None, dialect: Dialect) -> Origin:
    """Who answered: as the proxy told it, else as the request named it."""
    origin = replace(asked.origin, dialect=dialect)
    if served is None:
        return origin
    origin = replace(origin, deployment=served.model_id)
    if served.model and "*" not in served.model:
        model = canonical(served.model)
        vendor = origin.vendor if model == origin.model else vendor_of(served.model)
        seals = seals_of(vendor, model)
        return replace(origin, vendor=vendor, model=model, known_by="header", seals=seals)
    return origin


def _cost(found: Heard, served: Served | None) -> Cost:
    header = served.response_cost if served else None
    told = figures.Answered(header=header, stream=found.reply.stream_cost, whole=header is not None)
    return figures.settle(figures.figures(told, None))


def _failure(found: Heard, said: Answered) -> Failure | None:
    status = said.status
    if status is not None and status >= 400:
        what = _message(found.error) or _first(said.frames)
        return Failure(
            "vendor-error", "vendor", f"refused with {status}", what, status=status, vendor_message=what
        )
    if found.error is not None:
        what = _message(found.error)
        return Failure("vendor-error", "vendor", "the answer ended in an error", what, vendor_message=what)
    if said.frames and not found.done:
        what = found.broken or "its last word is not there"
        return Failure("stream-cut", "proxy", "the answer is cut", what, status=status)
    return None


def _message(error: Json) -> str:
    if isinstance(error, str):
        return error[:2000]
    return text(error, "message")[:2000]


def _first(frames: Sequence[Frame]) -> str:
    return frames[0].data[:2000] if frames else ""
