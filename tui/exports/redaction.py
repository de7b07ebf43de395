"""A session as it may be handed on: without secrets and, if asked for, without what was said.

Always masked are the values of telling headers, every given secret however it is spelled and wherever it
stands, even cut by a stream, and in all that was said whatever has the shape of a key. Seals and media lose
nothing but given secrets, so a session that holds none of all this comes out equal and can be sent on.
JSON stays JSON.

With ``texts`` everything said is hidden behind stand-ins, alike in messages, bodies and frames (see
``standins``): prompts, answers, thinking, arguments' strings, results, system prompts, descriptions of tools,
titles, names of files, media, what errors quote. Types, ids, roles, models, names of tools and of the
arguments they declare, numbers, headers and times stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from secrets import token_bytes

from tui.chat.parts import Json
from tui.chat.record import Exchange, SessionRecord
from tui.chat.record_stream import RecordStream
from tui.exports.bodies import Bodies
from tui.exports.marks import WireMarks, marks_in
from tui.exports.masking import Masking
from tui.exports.records import exchange_through, record_through
from tui.exports.standins import StandIns
from tui.spellings import Spellings


class Redaction:
    """A session without these secrets and without keys; with ``texts``, without what was said either."""

    def __init__(self, source: RecordStream, secrets: Sequence[str], *, texts: bool = False) -> None:
        self._source = source
        self._masking = Masking(Spellings(secrets))
        self._masked = record_through(source.record, self._masking)
        self._hiding: StandIns | None = None
        record = self._masked
        if texts:
            self._hiding = StandIns(token_bytes(32), set(_declared(record)))
            record = record_through(record, self._hiding)
        self._in_wires = WireMarks()
        self.stream = RecordStream(record, self._exchanges)
        """What may be handed on."""

    @property
    def masked(self) -> int:
        """How many pieces of text were masked in the session and in the wires read of ``stream``."""
        in_record = marks_in(self._masked) - marks_in(self._source.record)
        return max(in_record, 0) + self._in_wires.count

    def _exchanges(self) -> Iterator[Exchange]:
        hiding, marks = self._hiding, WireMarks()
        masked = Bodies(self._masking)
        hidden = None if hiding is None else Bodies(hiding)
        self._in_wires = marks
        for exchange in self._source.exchanges():
            out = exchange_through(exchange, self._masking, masked)
            marks.add(exchange, out)
            yield out if hiding is None or hidden is None else exchange_through(out, hiding, hidden)


def redacted(record: SessionRecord, secrets: Sequence[str], *, texts: bool = False) -> SessionRecord:
    """A whole ``record`` as ``Redaction`` leaves it."""
    return Redaction(RecordStream.of(record), secrets, texts=texts).stream.whole()


def mask(text: str, secrets: Sequence[str]) -> str:
    """``text`` without these secrets and without keys."""
    return Masking(Spellings(secrets)).text(text)


def _declared(record: SessionRecord) -> Iterator[str]:
    """Names of arguments the tools declare, at any depth."""
    waiting: list[Json] = [tool.schema for tool in record.state.tools]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            properties = at.get("properties")
            yield from properties if isinstance(properties, dict) else ()
            waiting += at.values()
        elif isinstance(at, list):
            waiting += at
