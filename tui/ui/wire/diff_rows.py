"""The sections of a diff as the sheet shows them: titles, changes that unfold, what is the same as counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.chat.parts import Dialect
from tui.chat.record import Exchange, Wire
from tui.exchanges.anatomy import anatomy
from tui.exchanges.answer_diff import answer_diff
from tui.exchanges.diff import Change, Diff, Same, request_diff
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.diff_lines import block_lines, head_lines
from tui.ui.wire.diff_text import Block, blocks_of, plain, text_of
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section

OPEN_AT_ONCE = 12
"""Up to so many changes are shown with both sides from the start."""
SEARCHED = 10_000_000
"""Characters of both sides a search looks at, over all changes."""
_TITLES = {
    "parameters": "Parameters",
    "tools": "Tools",
    "system": "System prompt",
    "messages": "Messages",
    "answer": "Parts of the answer",
    "facts": "Facts of the answer",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """The diff of two exchanges; a note stands where something cannot be compared."""

    requests: Diff
    answers: Diff
    note: str = ""


@dataclass(slots=True)
class ChangeRow:
    """A change on the sheet."""

    change: Change
    section: Section = field(init=False)
    searched: int = 0
    """Characters of each side that a search looks at."""
    blocks: tuple[Block, ...] | None = None
    """Both sides as shown; None until they were worked out."""

    def __post_init__(self) -> None:
        words = [self.change.says, self.change.path]
        if self.has_sides:
            sides = (self.change.before, self.change.after)
            words += [text_of(side.value)[: self.searched] for side in sides if side]
        self.section = Section(self._draw, "\n".join(words), folded=True)

    @property
    def has_sides(self) -> bool:
        """Whether there is more to see than the sentence."""
        return self.change.section != "facts" and not self._is_short

    @property
    def _is_short(self) -> bool:
        """Whether the sentence holds all of it."""
        sides = (self.change.before, self.change.after)
        return self.change.section == "parameters" and all(
            side is None or isinstance(side.value, bool | int | float | None) for side in sides
        )

    def work_out(self) -> None:
        """Find out what is shown of both sides; in a thread where they are large."""
        if self.blocks is None:
            self.blocks = blocks_of(self.change)

    def _draw(self, section: Section, width: int, palette: Palette) -> list[Line]:
        rows = head_lines(self.change, width, palette, folded=section.folded if self.has_sides else None)
        if section.folded or not self.has_sides:
            return rows
        if self.blocks is None:
            return [*rows, Line((Piece("    comparing …", palette.dim, False),))]
        return [*rows, *block_lines(self.blocks, width, palette)]


def compared(before: Seen, now: Seen) -> Compared:
    """The diff of two exchanges; 20 MB take a second or two."""
    notes = []
    requests = Diff()
    sides = [_body(seen.exchange, seen.wire) for seen in (before, now)]
    try:
        old, new = (anatomy(body, dialect) for body, dialect in sides)
        requests = request_diff(old, new)
    except ValueError:
        notes.append("The requests cannot be compared: what was sent is not known, or is no JSON object.")
    answers = answer_diff(before.exchange, before.answer, now.exchange, now.answer)
    return Compared(requests, answers, " ".join(notes))


def _body(exchange: Exchange, wire: Wire | None) -> tuple[bytes, Dialect]:
    return (wire.body if wire else b"", exchange.route.dialect)


def sheet_of(found: Compared) -> tuple[list[Section], dict[int, ChangeRow]]:
    """The sections, and by the place of each its change where it is one."""
    sections: list[Section] = []
    rows: dict[int, ChangeRow] = {}
    changes = len(found.requests.changes) + len(found.answers.changes)
    searched = min(SEARCHED // 100, SEARCHED // max(1, changes))
    for name, diff in (("Requests", found.requests), ("Answers", found.answers)):
        note = found.note if name == "Requests" else ""
        sections.append(_title(name, note or _counted(len(diff.changes)), first=not sections))
        heading = ""
        for row in diff.rows:
            if row.section != heading:
                heading = row.section
                sections.append(_heading(_TITLES[heading], _of(diff, heading)))
            if isinstance(row, Same):
                sections.append(_same(row))
            else:
                one = ChangeRow(row, searched)
                rows[len(sections)] = one
                sections.append(one.section)
    return sections, rows


def said(found: Compared) -> str:
    """The whole diff as plain text, in sentences."""
    lines = []
    for name, diff in (("Requests", found.requests), ("Answers", found.answers)):
        lines.append(f"{name}: {_counted(len(diff.changes))}")
        for row in diff.rows:
            if isinstance(row, Same):
                lines.append(f"    … {_the_same(row)}")
            else:
                lines.append(f"  {row.kind:<8} {row.says}  {row.path}".rstrip())
    return "\n".join([*lines, found.note]).rstrip()


def copied(row: ChangeRow) -> str:
    """A change with both sides in full."""
    return plain(row.change)


def _of(diff: Diff, section: str) -> str:
    here = [row for row in diff.rows if row.section == section]
    return _counted(sum(isinstance(row, Change) for row in here))


def _counted(changes: int) -> str:
    return "nothing differs" if not changes else "1 change" if changes == 1 else f"{changes:,} changes"


def _the_same(row: Same) -> str:
    return "1 is the same" if row.count == 1 else f"{row.count:,} are the same"


def _title(name: str, value: str, *, first: bool) -> Section:
    def draw(_: Section, width: int, palette: Palette) -> list[Line]:
        return wrap([Piece(name, palette.heading), Piece(f"  {value}", palette.text)], width)

    return Section(draw, f"{name} {value}", gap=0 if first else 1)


def _heading(name: str, value: str) -> Section:
    def draw(_: Section, width: int, palette: Palette) -> list[Line]:
        return wrap([Piece(f"  {name}", palette.subheading), Piece(f"  {value}", palette.dim)], width)

    return Section(draw, f"{name} {value}")


def _same(row: Same) -> Section:
    def draw(_: Section, _width: int, palette: Palette) -> list[Line]:
        return [Line((Piece(f"  ⋯ {_the_same(row)}", palette.dim),))]

    return Section(draw, _the_same(row))
