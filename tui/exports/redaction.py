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

import hashlib
from collections.abc import Iterator, Sequence

from tui.chat.json_text import dump_bytes
from tui.chat.parts import Json
from tui.chat.record import SessionRecord
from tui.chat.serial import node_to_json, state_to_json
from tui.exports.bodies import Bodies
from tui.exports.masking import Masking
from tui.exports.records import record_through
from tui.exports.spellings import Spellings
from tui.exports.standins import StandIns


def redacted(record: SessionRecord, secrets: Sequence[str], *, texts: bool = False) -> SessionRecord:
    """``record`` without these secrets and without keys; with ``texts``, without what was said either."""
    masking = Masking(Spellings(secrets))
    out = record_through(record, masking, Bodies(masking))
    if not texts:
        return out
    hiding = StandIns(_salt(out), set(_declared(out)))
    return record_through(out, hiding, Bodies(hiding))


def mask(text: str, secrets: Sequence[str]) -> str:
    """``text`` without these secrets and without keys."""
    return Masking(Spellings(secrets)).text(text)


def _salt(record: SessionRecord) -> bytes:
    """Known only to who knows the whole session."""
    salt = hashlib.sha256(record.info.title.encode("utf-8", "surrogatepass"))
    salt.update(dump_bytes(state_to_json(record.state)))
    for node in record.nodes:
        salt.update(dump_bytes(node_to_json(node)))
    for exchange in record.exchanges:
        for frame in exchange.wire.frames if exchange.wire else ():
            salt.update(frame.data.encode("utf-8", "surrogatepass"))
    return salt.digest()


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
