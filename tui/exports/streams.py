"""Puts a hand to an answer's frames: what was streamed in pieces is put together first, then cut again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeAlias

from tui.chat.frame import Frame
from tui.chat.json_text import load_text
from tui.chat.parts import Json
from tui.exports.common import common_head, common_tail
from tui.exports.hands import Hand
from tui.exports.walking import Settled, block, dumped, one, rewritten

_Fields: TypeAlias = dict[str, Json]
_Slot: TypeAlias = tuple[object, ...]

_STREAMED = frozenset(
    {
        "arguments",
        "content",
        "delta",
        "partial_json",
        "reasoning",
        "reasoning_content",
        "refusal",
        "signature",
        "text",
        "thinking",
        "transcript",
    }
)
"""Fields whose texts go on in the next frame's field of the same name and place."""
_LAST = "[DONE]"
"""What ends a stream of Chat Completions; it is no JSON, and nobody's text."""
_PLACES = ("index", "item_id", "output_index", "content_index", "summary_index")


def frames_through(frames: tuple[Frame, ...], hand: Hand) -> tuple[Frame, ...]:
    """The frames as they go out; each whose text stays is the very same."""
    values = [_object_in(frame.data) for frame in frames]
    touched: set[int] = set()
    for pieces in _slots(values).values():
        touched |= _through(pieces, hand)
    quick = hand.concerns("\n".join(frame.data for frame in frames))
    return tuple(
        _frame(frame, value, place in touched, hand)
        if place in touched or (quick and hand.concerns(frame.data))
        else _named(frame, frame.data, hand)
        for place, (frame, value) in enumerate(zip(frames, values, strict=True))
    )


class _Piece:
    """One frame's share of a streamed text, at its place in the frame's parsed data."""

    __slots__ = ("holder", "key", "parent", "place")

    def __init__(self, place: int, holder: _Fields, key: str, parent: str) -> None:
        self.place = place
        self.holder = holder
        self.key = key
        self.parent = parent


def _object_in(data: str) -> _Fields | None:
    if not data.startswith("{"):
        return None
    try:
        value = load_text(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _slots(values: Sequence[_Fields | None]) -> dict[_Slot, list[_Piece]]:
    slots: dict[_Slot, list[_Piece]] = {}
    for place, event in enumerate(values):
        if event is None:
            continue
        for slot, holder, key, parent in _streamed(event):
            piece = _Piece(place, holder, key, parent)
            try:
                slots.setdefault(slot, []).append(piece)
            except TypeError:
                # Somebody's index is a list.
                slots.setdefault((str(slot),), []).append(piece)
    return slots


def _streamed(event: _Fields) -> Iterator[tuple[_Slot, _Fields, str, str]]:
    """Every text in ``event`` that may go on in the next one, with what it goes on in."""
    where = tuple(map(event.get, _PLACES))
    delta = event.get("delta")
    if isinstance(delta, str):
        yield (*where, str(event.get("type"))), event, "delta", ""
    elif isinstance(delta, dict):
        yield from _texts(delta, where, "delta")
    if isinstance(event.get("content_block"), dict):
        yield from _texts(event["content_block"], where, "content_block")
    choices = event.get("choices")
    for place, choice in enumerate(choices if isinstance(choices, list) else ()):
        if isinstance(choice, dict) and isinstance(choice.get("delta"), dict):
            yield from _texts(choice["delta"], (*where, choice.get("index", place)), "delta")


def _texts(holder: _Fields, where: _Slot, name: str) -> Iterator[tuple[_Slot, _Fields, str, str]]:
    waiting: list[tuple[_Fields, _Slot, str]] = [(holder, where, name)]
    while waiting:
        at, slot, parent = waiting.pop()
        for key, value in at.items():
            if isinstance(value, str):
                if key in _STREAMED:
                    yield (*slot, key), at, key, parent
            elif isinstance(value, dict):
                waiting.append((value, (*slot, key), key))
            elif isinstance(value, list):
                waiting += [
                    (item, (*slot, key, item.get("index", place)), key)
                    for place, item in enumerate(value)
                    if isinstance(item, dict)
                ]


def _through(pieces: list[_Piece], hand: Hand) -> set[int]:
    """Put ``hand`` to a streamed text and each piece back; the places of the frames that changed."""
    before = [str(piece.holder[piece.key]) for piece in pieces]
    whole = "".join(before)
    first = pieces[0]
    after = one(whole, hand, first.holder, first.key, first.parent) if hand.concerns(whole) else whole
    if after == whole:
        for piece, text in zip(pieces, before, strict=True):
            piece.holder[piece.key] = Settled(text)
        return set()
    changed = set()
    for piece, text, now in zip(pieces, before, _cut_alike(before, whole, after), strict=True):
        piece.holder[piece.key] = Settled(now)
        if text != now:
            changed.add(piece.place)
    return changed


def _cut_alike(pieces: list[str], whole: str, after: str) -> Iterator[str]:
    """``after`` in as many pieces; those before and behind what changed stay as they are."""
    cuts = list(accumulate(map(len, pieces)))
    if len(after) != len(whole):
        head = common_head(whole, after)
        tail = common_tail(whole, after, min(len(whole), len(after)) - head)
        shift = len(after) - len(whole)
        cuts = [
            cut if cut <= head else cut + shift if cut >= len(whole) - tail else len(after) - tail
            for cut in cuts
        ]
        cuts[-1] = len(after)
    start = 0
    for cut in cuts:
        yield after[start:cut]
        start = max(start, cut)


def _frame(frame: Frame, value: _Fields | None, touched: bool, hand: Hand) -> Frame:
    if frame.data.strip() == _LAST:
        return _named(frame, frame.data, hand)
    if value is None:
        again = rewritten(frame.data, lambda json: block(json, hand), hand)
        return _named(frame, hand.text(frame.data) if again is None else again, hand)
    before = None if touched else dumped(value)
    after = dumped(block(value, hand))
    stays = after == before and hand.name(frame.data) == frame.data
    return _named(frame, frame.data if stays else after, hand)


def _named(frame: Frame, data: str, hand: Hand) -> Frame:
    event = hand.name(frame.event)
    return frame if (event, data) == (frame.event, frame.data) else replace(frame, event=event, data=data)
