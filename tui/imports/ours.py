"""Reads a session from our own file (see ``tui.exports.ours``); nothing in it is trusted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tui.chat.json_text import load_text
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Json
from tui.chat.record import Exchange, Node, SessionInfo, SessionRecord, SessionState, Wire
from tui.chat.record_stream import RecordStream
from tui.chat.serial import (
    Damaged,
    exchange_from_json,
    info_from_json,
    node_from_json,
    state_from_json,
    wire_from_json,
)
from tui.chat.serial_fields import Object, count, inside, items, text, whole
from tui.chat.usage import Usage
from tui.errors import UsageError

FORMAT = "sightline-session"
VERSION = 1
"""The newest version that is read."""

LARGEST = 1 << 30
"""Bytes of a file, and of the request bodies that must be held at once."""
ALTOGETHER = 1 << 36
"""Bytes of all request bodies."""
_DEEPEST = 1000
"""How deep values may be nested; an answer's parser goes no deeper."""
_LATEST = 2e11
"""Seconds: later than any date a calendar has a name for."""
_MOST = 2**63
"""Whole numbers from here on fit no database."""

_MARK = re.compile(rb'"format"\s*:\s*"sightline-session"')
_APART = re.compile(r'"apart"\s*:\s*"(~[0-9]+~)"')
_HEAD = 300
"""Characters within which our own header ends."""
_ENDLESS = re.compile(r"[0-9]{100000}")


def is_ours(data: bytes) -> bool:
    """Whether this is a file of ours, of whatever version and in whatever state."""
    start = data[:16].removeprefix(b"\xef\xbb\xbf").lstrip()
    found = _MARK.search(data) if start.startswith(b"{") else None
    if found is None or found.start() < _HEAD:
        return found is not None
    try:
        value = load_text(data.decode("utf-8-sig"))
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("format") == FORMAT


def read(data: bytes) -> RecordStream:
    """The session in ``data``; UsageError says what is wrong with it and where.

    All of it is looked at before this returns; what a request repeats is put together as it is gone through.
    """
    document = _document(data)
    _check_version(document)
    try:
        info = inside("info", info_from_json, document.get("info"))
        state = inside("state", state_from_json, document.get("state", {}))
        nodes = items(document, "nodes", node_from_json)
        exchanges = _Exchanges(items(document, "exchanges", lambda item: item))
        bare = tuple(replace(one, wire=None) for one in _checked(exchanges()))
        _check_tree(nodes, state)
        _check_times(info)
    except Damaged as damage:
        raise _wrong(str(damage)) from None
    return RecordStream(SessionRecord(info, state, nodes, bare), exchanges)


def _document(data: bytes) -> Object:
    if len(data) > LARGEST:
        raise _wrong(f"it has {len(data):,} bytes; up to {LARGEST:,} are read")
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(f"byte {error.start:,} is not UTF-8") from None
    if _ENDLESS.search(content):
        raise _wrong("a number in it has more than 100,000 digits")
    apart = _APART.search(content, 0, _HEAD)
    if apart is not None:
        half = re.compile(r"\\u(d[89ab][0-9a-f]{2})" + apart[1])
        content = half.sub(lambda found: chr(int(found[1], 16)), content)
    try:
        value = load_text(content)
    except ValueError as error:
        raise _wrong(f"it is not whole, or no JSON: {error}") from None
    if type(value) is not dict or value.get("format") != FORMAT:
        raise _wrong(f'its "format" is not "{FORMAT}"')
    if _depth(value) > _DEEPEST:
        raise _wrong(f"it is nested more than {_DEEPEST:,} deep")
    return value


def _check_version(document: Object) -> None:
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise _wrong('its "version" is missing')
    if version > VERSION:
        raise UsageError(
            "this session file is from a newer sightline",
            f"it has version {version}; this program reads up to {VERSION}",
            hint="update sightline, or export the session again with the version you have here",
        )


def _check_tree(nodes: tuple[Node, ...], state: SessionState) -> None:
    """Every message has its own id and stands behind its parent, so nothing goes in a circle."""
    seen: set[str] = set()
    all_ids = {node.message.id for node in nodes}
    for place, node in enumerate(nodes):
        at, id, parent = f"nodes.{place}", node.message.id, node.parent
        if not id:
            raise Damaged(f"{at}.message.id", "it is empty")
        if id in seen:
            raise Damaged(f"{at}.message.id", f"{id[:40]!r} is the id of an earlier message too")
        if parent is not None and parent not in seen:
            where = "does not stand before it" if parent in all_ids else "is not in the file"
            raise Damaged(f"{at}.parent", f"the message {parent[:40]!r} {where}")
        seen.add(id)
        usage = node.message.usage if isinstance(node.message, AssistantMessage) else None
        _check_numbers(f"{at}.message.at", [node.message.at])
        _check_numbers(f"{at}.message.usage", _tokens(usage))
        _check_numbers(f"{at}.calls", [facts.seconds for facts in node.calls])
        _check_numbers(f"{at}.bound_from", [node.bound_from])
    if state.leaf is not None and state.leaf not in seen:
        raise Damaged("state.leaf", f"the message {state.leaf[:40]!r} is not in the file")
    totals = state.totals
    _check_numbers("state.totals", [totals.turns, totals.steps, *_tokens(totals.usage)])
    _check_numbers("state", [state.bound_from, state.chosen_at])


def _checked(exchanges: Iterator[Exchange]) -> Iterator[Exchange]:
    seen: set[str] = set()
    for place, one in enumerate(exchanges):
        at = f"exchanges.{place}"
        if not one.id:
            raise Damaged(f"{at}.id", "it is empty")
        if one.id in seen:
            raise Damaged(f"{at}.id", f"{one.id[:40]!r} is the id of an earlier exchange too")
        seen.add(one.id)
        counts = (one.turn, one.step, one.status, one.seals_sent, one.seals_received, *_tokens(one.usage))
        _check_numbers(at, (one.at, one.seconds, one.ttft_s, *counts, *one.thinking_seconds.values()))
        _check_numbers(f"{at}.timing", (one.timing.connected, one.timing.sent, one.timing.headers))
        if one.wire is not None:
            _check_numbers(f"{at}.wire.frames", (frame.at for frame in one.wire.frames))
        yield one


def _check_times(info: SessionInfo) -> None:
    _check_numbers("info", (info.created, info.changed, info.deleted_at, info.messages, info.forks))
    _check_numbers("info.totals", (info.totals.turns, info.totals.steps, *_tokens(info.totals.usage)))


def _check_numbers(path: str, numbers: Iterable[float | None]) -> None:
    for number in numbers:
        most = _MOST if isinstance(number, int) else _LATEST
        if number is not None and not -most < number < most:
            raise Damaged(path, "a number there is out of all range")


def _tokens(usage: Usage | None) -> tuple[int | None, ...]:
    if usage is None:
        return ()
    written = (usage.cache_write_5m, usage.cache_write_1h)
    return (usage.input, usage.cache_read, *written, usage.output, usage.reasoning)


class _Exchanges:
    """Reads exchanges one by one and makes whole again the request bodies written as what is new in them."""

    def __init__(self, kept: Sequence[Json]) -> None:
        self._kept = kept
        self._repeats = Counter(filter(None, map(_like, kept)))

    def __call__(self) -> Iterator[Exchange]:
        """All of them, anew; a body is held as long as a later one is like it."""
        bodies = _Bodies(self._repeats.copy())
        for place, data in enumerate(self._kept):
            try:
                yield bodies.exchange(data)
            except Damaged as damage:
                raise damage.under(str(place)).under("exchanges") from None


def _like(data: Json) -> str | None:
    """The id of the exchange whose body this one's is like."""
    for step in ("wire", "body_like", "id"):
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, str) else None


class _Bodies:
    """The bodies that later ones are like."""

    def __init__(self, repeats: Counter[str]) -> None:
        self._repeats = repeats
        """How many bodies to come are like that of an exchange."""
        self._by_id: dict[str, bytes] = {}
        self._room = LARGEST
        self._left = ALTOGETHER

    def exchange(self, data: Json) -> Exchange:
        """One exchange with its wire."""
        one = exchange_from_json(data)
        if data.get("wire") is None:
            return one
        wire = inside("wire", self._wire, data["wire"])
        self._left -= len(wire.body)
        if self._left < 0:
            raise Damaged("wire", f"the requests together have more than {ALTOGETHER:,} bytes")
        if self._repeats[one.id] and one.id not in self._by_id:
            self._by_id[one.id] = wire.body
            self._room -= len(wire.body)
            if self._room < 0:
                raise Damaged("wire", f"requests others are like have more than {LARGEST:,} bytes together")
        return replace(one, wire=wire)

    def _wire(self, data: Json) -> Wire:
        wire = wire_from_json(data)
        like = data.get("body_like")
        return wire if like is None else replace(wire, body=inside("body_like", self._body, like))

    def _body(self, data: Json) -> bytes:
        data = whole(data)
        id = text(data, "id")
        other = self._by_id.get(id)
        if other is None:
            raise Damaged("id", "no earlier exchange has this id and a body")
        self._repeats[id] -= 1
        if not self._repeats[id]:
            self._room += len(self._by_id.pop(id))
        head, tail = count(data, "head", 0), count(data, "tail", 0)
        if head < 0 or tail < 0 or head + tail > len(other):
            raise Damaged("head", "the earlier body is shorter than that")
        middle = text(data, "text", "").encode("utf-8", "surrogatepass")
        return other[:head] + middle + other[len(other) - tail :]


def _depth(value: Json) -> int:
    """How deep ``value`` is nested, counted no further than it is bad."""
    level: list[Json] = [value]
    depth = 0
    while level and depth <= _DEEPEST:
        level = [item for holder in level for item in _holders(holder)]
        depth += 1
    return depth


def _holders(holder: Json) -> Iterator[Json]:
    values = holder.values() if isinstance(holder, dict) else holder
    return (item for item in values if isinstance(item, (dict, list)))


def _wrong(what: str) -> UsageError:
    return UsageError(
        "this session file cannot be read",
        what,
        hint="export the session again: sightline export SESSION --as json -o FILE",
    )
