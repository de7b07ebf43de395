"""What differs between two requests, piece by piece; the rows to show, with what is the same counted."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tui.chat.json_text import dump_text
from tui.chat.parts import Json
from tui.clean import visible
from tui.exchanges.align import common
from tui.exchanges.anatomy import Anatomy, Piece
from tui.exchanges.change_words import phrases, piece_change, tool_change, what
from tui.exchanges.meaning import meaning

Section = Literal["parameters", "tools", "system", "messages", "answer", "facts"]
ChangeKind = Literal["added", "removed", "changed", "moved"]

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Side:
    """What stood on one side."""

    path: str
    label: str
    value: Json


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``before`` is None where it was added, ``after`` where it was removed."""

    kind: ChangeKind
    section: Section
    says: str
    """A clean sentence."""
    before: Side | None
    after: Side | None

    @property
    def path(self) -> str:
        """Where it stands now, or stood."""
        side = self.after or self.before
        return side.path if side else ""


@dataclass(frozen=True, slots=True)
class Same:
    """So many pieces in a row that are the same on both sides."""

    section: Section
    count: int


Row: TypeAlias = Change | Same


@dataclass(frozen=True, slots=True)
class Diff:
    """All rows in order; each piece of either side is in exactly one."""

    rows: tuple[Row, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs; empty for equal inputs."""
        return tuple(row for row in self.rows if isinstance(row, Change))


def request_diff(before: Anatomy, now: Anatomy) -> Diff:
    """What differs; between formats, pieces count as the same that say the same."""
    rows: list[Row] = list(value_rows("parameters", before.params, now.params))
    if before.dialect != now.dialect:
        says = f"written for {now.dialect} instead of {before.dialect}"
        sides = [Side("", "format", dialect) for dialect in (before.dialect, now.dialect)]
        rows.insert(0, Change("changed", "parameters", says, *sides))
    sections: tuple[Section, ...] = ("tools", "system", "messages")
    for section in sections:
        old = [piece for piece in before.pieces if section_of(piece) == section]
        new = [piece for piece in now.pieces if section_of(piece) == section]
        rows += paired(section, old, new, before.dialect != now.dialect)
    return Diff(tuple(folded(rows)))


def section_of(piece: Piece) -> Section:
    """Under which heading a piece is shown."""
    if piece.kind == "tool":
        return "tools"
    return "system" if piece.kind == "system" else "messages"


def value_rows(section: Section, before: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[Row]:
    """The rows of named values: parameters, or facts of an answer."""
    for key in (*before, *(key for key in now if key not in before)):
        name = visible(key[:200], 48)
        old, new = before.get(key, _MISSING), now.get(key, _MISSING)
        sides = [None if value is _MISSING else Side(name, name, value) for value in (old, new)]
        if old is _MISSING:
            [says] = phrases({}, {key: new})
            yield Change("added", section, f"{says.removeprefix('gained ')} is new", *sides)
        elif new is _MISSING:
            yield Change("removed", section, f"{name} is gone", *sides)
        elif dump_text(old) == dump_text(new):
            yield Same(section, 1)
        else:
            yield Change("changed", section, "; ".join(phrases(old, new, name)[:6]), *sides)


def folded(rows: Sequence[Row]) -> Iterator[Row]:
    """Neighbouring rows that are the same, as one."""
    held: Same | None = None
    for row in rows:
        if isinstance(row, Same) and held is not None and row.section == held.section:
            held = Same(row.section, held.count + row.count)
            continue
        if held is not None:
            yield held
        held = row if isinstance(row, Same) else None
        if isinstance(row, Change):
            yield row
    if held is not None:
        yield held


def paired(
    section: Section, before: Sequence[Piece], now: Sequence[Piece], across: bool = False
) -> Iterator[Row]:
    """The rows of one section; ``across`` compares what pieces mean, not how they are written."""
    return _Pairing(section, list(before), list(now), across).rows()


class _Pairing:
    """Which piece of one request is which of the other, within a section."""

    def __init__(self, section: Section, old: list[Piece], new: list[Piece], across: bool) -> None:
        self._section, self._old, self._new, self._across = section, old, new, across
        self._old_keys = [_key(piece, across) for piece in old]
        self._new_keys = [_key(piece, across) for piece in new]
        self._same = common(self._old_keys, self._new_keys)
        self._moved: dict[int, int] = {}
        self._changed: dict[int, int] = {}
        """Both from the place among the new to the place among the old."""
        self._pair()

    def rows(self) -> Iterator[Row]:
        """Gap by gap: what is gone, what is there now, then the piece that is the same."""
        partners = {*self._moved.values(), *self._changed.values()}
        at = new_at = 0
        for old, new in (*self._same, (len(self._old), len(self._new))):
            for place in range(at, old):
                if place not in partners:
                    yield self._change("removed", place, None)
            for place in range(new_at, new):
                if place in self._moved:
                    yield self._change("moved", self._moved[place], place)
                elif place in self._changed:
                    yield self._change("changed", self._changed[place], place)
                else:
                    yield self._change("added", None, place)
            if old < len(self._old):
                follows = (at, new_at) == (old, new) and old > 0 and new > 0
                yield self._kept(old, new, follows)
            at, new_at = old + 1, new + 1

    def _pair(self) -> None:
        kept_old, kept_new = {old for old, _ in self._same}, {new for _, new in self._same}
        left_old = [place for place in range(len(self._old)) if place not in kept_old]
        left_new = [place for place in range(len(self._new)) if place not in kept_new]
        self._moved = _matched(left_old, left_new, self._old_keys, self._new_keys)
        taken = set(self._moved.values())
        left_old = [place for place in left_old if place not in taken]
        left_new = [place for place in left_new if place not in self._moved]
        if self._section == "tools":
            kinds: list[list[Hashable]] = [
                [_kind(piece) for piece in pieces] for pieces in (self._old, self._new)
            ]
        else:
            # Only within a gap: far from there it is another message of the same kind.
            kept = [old for old, _ in self._same], [new for _, new in self._same]
            kinds = [
                [(bisect(places, place), _kind(piece)) for place, piece in enumerate(pieces)]
                for places, pieces in zip(kept, (self._old, self._new), strict=True)
            ]
        self._changed = _matched(left_old, left_new, *kinds)

    def _kept(self, old: int, new: int, follows: bool) -> Row:
        """A piece that is the same, unless the message around it is not."""
        if self._across:
            return Same(self._section, 1)
        before, now = self._old[old], self._new[new]
        says = ""
        if _form(before) != _form(now):
            says = f"stands under {'.'.join(_form(now))} now"
        elif follows:
            joined = _is_joined(self._old, old), _is_joined(self._new, new)
            if joined == (True, False):
                says = "begins a message of its own now"
            elif joined == (False, True):
                says = "is part of the message before it now"
        if not says:
            return Same(self._section, 1)
        return self._change("moved", old, new, f"{what(now)} {says}")

    def _change(self, kind: ChangeKind, old: int | None, new: int | None, says: str = "") -> Change:
        before = self._old[old] if old is not None else None
        now = self._new[new] if new is not None else None
        return Change(kind, self._section, says or _says(kind, before, now), _side(before), _side(now))


def _says(kind: ChangeKind, before: Piece | None, now: Piece | None) -> str:
    if before is None or now is None:
        piece = before or now
        return f"{what(piece)} is {'new' if before is None else 'gone'}" if piece else ""
    if kind == "moved":
        return f"{what(now)} moved from {before.path} to {now.path}"
    return tool_change(before.value, now.value) if now.kind == "tool" else piece_change(before, now)


def _side(piece: Piece | None) -> Side | None:
    return None if piece is None else Side(piece.path, piece.label, piece.value)


def _key(piece: Piece, across: bool) -> Hashable:
    return meaning(piece) if across else piece.hash


def _kind(piece: Piece) -> Hashable:
    """Pieces of one kind are taken for the same one, changed."""
    return piece.label.replace("developer · ", "system · ")


def _matched(
    left_old: Sequence[int], left_new: Sequence[int], old: Sequence[Hashable], new: Sequence[Hashable]
) -> dict[int, int]:
    """For the new places those of the old whose items are equal, first to first."""
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for place in left_old:
        waiting[old[place]].append(place)
    return {place: waiting[new[place]].popleft() for place in left_new if waiting[new[place]]}


def _form(piece: Piece) -> tuple[str, ...]:
    return tuple(word for word in piece.path.split(".") if not word.isdigit())


def _is_joined(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a piece is in one message with the piece before it."""
    here, before = pieces[place].path.split("."), pieces[place - 1].path.split(".")
    return len(here) > 2 and here[:2] == before[:2]
