"""A session as our own file: JSON that loses nothing, one object a line.

    {"format": "sightline-session", "version": 1,
    "info": {…},
    "state": {…},
    "nodes": [a node a line],
    "exchanges": [an exchange a line, with its ``wire`` where that is known]}

A request's body repeats most of an earlier one, so it is kept as what is new in it: ``{"like": ID, "head":
BYTES, "text": …, "tail": BYTES}``; a session of n requests stays as long as what was said in it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import count

from tui.chat.json_text import dump_text
from tui.chat.parts import Dialect, Json
from tui.chat.record import Exchange, SessionRecord
from tui.chat.record_stream import RecordStream
from tui.chat.serial import exchange_to_json, info_to_json, node_to_json, state_to_json, wire_to_json
from tui.exports.common import common_head, common_tail

FORMAT = "sightline-session"
VERSION = 1

_SHORTEST = 200
"""Bytes from which it pays to say that a body begins and ends like another."""
_UNSAFE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What a terminal obeys, or a file cannot hold; JSON can spell it out."""
_SPLIT = re.compile("[\ud800-\udbff](?=[\udc00-\udfff])")
"""Two halves of a character that stand as two; spelled side by side JSON would make one of them."""
_SIGN = re.compile("~(?=([0-9]{1,9})~)")


def dump(record: SessionRecord) -> str:
    """The whole ``record`` as a file's text, plain Unicode that is safe to print."""
    return "".join(pieces(RecordStream.of(record)))


def pieces(stream: RecordStream) -> Iterator[str]:
    """The same of a session that is gone through, in pieces; it is read to its end before the first comes."""
    held: list[bytes] = []
    """What was said, each request without what it repeats; packed, for most of it are streamed events."""
    splits = False
    for line in _lines(stream):
        splits = splits or _SPLIT.search(line) is not None
        held.append(zlib.compress(line.encode("utf-8", "surrogatepass"), 1))
    apart = _absent(map(_unpacked, held)) if splits else ""
    head = {"format": FORMAT, "version": VERSION, **({"apart": apart} if apart else {})}
    yield dump_text(head)[:-1] + ",\n"
    for line in map(_unpacked, held):
        text = _SPLIT.sub(lambda half: half[0] + apart, line) if apart else line
        yield _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _unpacked(line: bytes) -> str:
    return zlib.decompress(line).decode("utf-8", "surrogatepass")


def _lines(stream: RecordStream) -> Iterator[str]:
    record = stream.record
    yield f'"info":{dump_text(info_to_json(record.info))},\n'
    yield f'"state":{dump_text(state_to_json(record.state))},\n'
    yield from _list("nodes", (dump_text(node_to_json(node)) for node in record.nodes))
    yield ",\n"
    yield from _list("exchanges", _exchanges(stream.exchanges()))
    yield "}\n"


def _list(name: str, lines: Iterator[str]) -> Iterator[str]:
    yield f'"{name}":['
    empty = True
    for line in lines:
        yield f"\n{line}" if empty else f",\n{line}"
        empty = False
    yield "]" if empty else "\n]"


def _exchanges(exchanges: Iterator[Exchange]) -> Iterator[str]:
    before: dict[Dialect, tuple[str, bytes]] = {}
    known: set[str] = set()
    for exchange in exchanges:
        kept: dict[str, Json] = exchange_to_json(exchange)
        if exchange.wire is not None:
            wire = kept["wire"] = wire_to_json(exchange.wire)
            body, dialect = exchange.wire.body, exchange.route.dialect
            if "body" in wire and dialect in before:
                shared = _shared(body, *before[dialect])
                if shared is not None:
                    del wire["body"]
                    wire["body_like"] = shared
            if exchange.id not in known:
                before[dialect] = exchange.id, body
        known.add(exchange.id)
        yield dump_text(kept)


def _shared(body: bytes, id: str, other: bytes) -> Json:
    """How ``body`` differs from an earlier one; None where they have too little in common."""
    head = common_head(body, other)
    while head < len(body) and body[head] & 0xC0 == 0x80:
        head -= 1
    tail = common_tail(body, other, min(len(body), len(other)) - head)
    while tail and body[len(body) - tail] & 0xC0 == 0x80:
        tail -= 1
    if head + tail < _SHORTEST:
        return None
    return {"id": id, "head": head, "text": body[head : len(body) - tail].decode(), "tail": tail}


def _absent(lines: Iterator[str]) -> str:
    """A short sign that is in none of ``lines``."""
    there = {int(number) for line in lines for number in _SIGN.findall(line)}
    return f"~{next(number for number in count() if number not in there)}~"
