"""Both sides of a change as lines to show: words that differ marked, long stretches that do not left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.chat.json_text import dump_text
from tui.chat.parts import Json
from tui.clean import RETURN, clean
from tui.exchanges.change_words import LONGEST, SEALS
from tui.exchanges.diff import Change, Side
from tui.exchanges.text_diff import Span, spans
from tui.wire.sealed import seals_in

_AROUND = 1
"""Lines that are the same shown beside those that are not."""
_STRETCH = 120
"""Characters kept of a stretch that is the same within a line that differs, at either end."""
_LONGEST_WORDS = 3_000
"""Characters shown of a stretch that differs."""
_MOST_LINES = 200
"""Lines shown of a change."""


class Run(NamedTuple):
    """Clean text within a line; ``other`` where the other side has it not."""

    text: str
    other: bool = False


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that differ; empty on one side where there are none."""

    before: tuple[Row, ...] = ()
    after: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines that are the same on both sides; None stands for so many left out."""

    row: Row = ()
    left_out: int = 0


Block = Hunk | Kept


def text_of(value: Json) -> str:
    """A value as people read it: plain text as such, everything else as JSON over several lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        for key in ("text", "content", "thinking"):
            if isinstance(value.get(key), str) and not value.keys() - {"type", "role", key}:
                return str(value[key])
    return _json(value)


def _readable(side: Side | None) -> str | None:
    """A side to read: texts of a block as they are, seals by their hash."""
    if side is None:
        return None
    value = side.value
    if not isinstance(value, dict) or "type" not in value or text_of(value) != _json(value):
        return text_of(value)
    return "\n".join(_field(key, inner) for key, inner in value.items())


def _field(key: str, value: Json) -> str:
    if key in SEALS and isinstance(value, str) and (seals := seals_in({key: value})):
        return f"{key}: sealed {seals[0].hash}, {len(value):,} characters"
    said = value if isinstance(value, str) else _json(value)
    return f"{key}:\n{said}" if "\n" in said else f"{key}: {said}"


def _json(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, indent=2)
    except (RecursionError, ValueError):
        return dump_text(value)


def plain(change: Change) -> str:
    """The whole change as plain text, both sides in full."""
    sides = [("-", change.before), ("+", change.after)]
    told = [f"{change.path}: {change.says}" if change.path else change.says]
    told += [f"{mark} {line}" for mark, side in sides if side for line in text_of(side.value).split("\n")]
    return clean("\n".join(told))


def blocks_of(change: Change) -> tuple[Block, ...]:
    """What is shown of a change; megabytes take a second, so they belong in a thread."""
    before, after = _readable(change.before), _readable(change.after)
    if before is None or after is None or max(len(before), len(after)) > LONGEST:
        whole = _whole(before), _whole(after)
        return tuple(_bounded([Hunk(*whole)]))
    if before == after:
        return tuple(_bounded([Kept((Run(_line(line)),)) for line in before.split("\n")[:_MOST_LINES]]))
    return tuple(_bounded(_folded(list(_lines(spans(before, after))))))


def _whole(text: str | None) -> tuple[Row, ...]:
    if text is None:
        return ()
    lines = text[: _MOST_LINES * 400].split("\n")
    return tuple((Run(_line(_cut(line, _LONGEST_WORDS)), True),) for line in lines)


def _lines(stretches: Sequence[Span]) -> Iterator[Block]:
    """Lines of both texts side by side, in order."""
    before: list[list[Run]] = [[]]
    after: list[list[Run]] = [[]]
    differs = False
    for at, span in enumerate(stretches):
        pieces = span.text.split("\n")
        for number, piece in enumerate(pieces):
            if number and span.kind == "same":
                yield from _closed(before, after, differs)
                before, after, differs = [[]], [[]], False
            if span.kind == "same":
                kept = Run(_line(_shortened(piece, first=at == 0, last=at == len(stretches) - 1)))
                before[-1].append(kept)
                after[-1].append(kept)
                continue
            differs = True
            side = before if span.kind == "gone" else after
            if number:
                side.append([])
            side[-1].append(Run(_line(_cut(piece, _LONGEST_WORDS)), True))
    yield from _closed(before, after, differs)


def _closed(before: list[list[Run]], after: list[list[Run]], differs: bool) -> Iterator[Block]:
    """The lines gathered on both sides; a last one that is the same stands for itself."""
    old, new = tuple(map(tuple, before)), tuple(map(tuple, after))
    if differs and old[-1] == new[-1] and not any(run.other for run in new[-1]):
        yield Hunk(old[:-1], new[:-1])
        differs = False
    yield Hunk(old, new) if differs else Kept(new[-1])


def _folded(blocks: list[Block]) -> Iterator[Block]:
    """Only the lines next to those that differ; the rest as a count."""
    near = {
        place + step
        for place, block in enumerate(blocks)
        if isinstance(block, Hunk)
        for step in range(-_AROUND, _AROUND + 1)
    }
    left_out = 0
    for place, block in enumerate(blocks):
        if place in near:
            if left_out:
                yield Kept(left_out=left_out)
                left_out = 0
            yield block
        else:
            left_out += 1
    if left_out:
        yield Kept(left_out=left_out)


def _bounded(blocks: Iterator[Block] | Sequence[Block]) -> Iterator[Block]:
    """No more lines than a person reads; the rest as a count."""
    left, left_out = _MOST_LINES, 0
    for block in blocks:
        lines = 1 if isinstance(block, Kept) else max(len(block.before), len(block.after))
        if left <= 0:
            left_out += block.left_out or 1 if isinstance(block, Kept) else lines
        elif isinstance(block, Hunk) and lines > left:
            left_out += lines - left
            yield Hunk(block.before[:left], block.after[:left])
        else:
            yield block
        left -= lines
    if left_out:
        yield Kept(left_out=left_out)


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """A stretch within a line, its middle left out; at the ends of a text only what is next to a change."""
    if len(text) <= 2 * _STRETCH + 20:
        return text
    gap = f" ⟨… {len(text) - 2 * _STRETCH:,} characters …⟩ "
    if first:
        return f"⟨… {len(text) - _STRETCH:,} characters …⟩ {text[-_STRETCH:]}"
    if last:
        return f"{text[:_STRETCH]} ⟨… {len(text) - _STRETCH:,} characters …⟩"
    return f"{text[:_STRETCH]}{gap}{text[-_STRETCH:]}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} ⟨… {len(text) - most:,} characters more⟩"


def _line(text: str) -> str:
    """Clean, and on one line whatever it calls a line break."""
    return clean(text).replace("\n", RETURN)
