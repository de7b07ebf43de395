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
from collections.abc import Iterator
from itertools import count

from tui.chat.json_text import dump_text
from tui.chat.parts import Dialect, Json
from tui.chat.record import Exchange, SessionRecord
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


def dump(record: SessionRecord) -> str:
    """The whole ``record`` as a file's text, plain Unicode that is safe to print."""
    text = ",\n".join(_lines(record)) + "}\n"
    apart = _absent(text) if _SPLIT.search(text) else ""
    if apart:
        text = _SPLIT.sub(lambda half: half[0] + apart, text)
    head = {"format": FORMAT, "version": VERSION, **({"apart": apart} if apart else {})}
    return dump_text(head)[:-1] + ",\n" + _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _lines(record: SessionRecord) -> Iterator[str]:
    yield '"info":' + dump_text(info_to_json(record.info))
    yield '"state":' + dump_text(state_to_json(record.state))
    yield '"nodes":' + _list(dump_text(node_to_json(node)) for node in record.nodes)
    yield '"exchanges":' + _list(_exchanges(record.exchanges))


def _list(lines: Iterator[str]) -> str:
    text = ",\n".join(lines)
    return f"[\n{text}\n]" if text else "[]"


def _exchanges(exchanges: tuple[Exchange, ...]) -> Iterator[str]:
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


def _absent(text: str) -> str:
    """A short sign that is nowhere in ``text``."""
    return next(sign for number in count() if (sign := f"~{number}~") not in text)
