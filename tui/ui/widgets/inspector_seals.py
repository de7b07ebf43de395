"""The Seals tab: each sealed part of the conversation, and whether it went back as it came."""

from __future__ import annotations

from functools import partial

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.chat.parts import KnownBy
from tui.clean import cells, cut, visible
from tui.ui.beside import beside_in_thread
from tui.ui.inspected import Inspected
from tui.ui.seal_rows import SealReader, SealRow, SealsSeen, Verdict
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.reader import Reader, text_width
from tui.ui.transcript.wrap import wrap
from tui.wire.sealed import HASH_DIGITS

BROAD_FROM = 66
"""Columns from which length, both hashes and the verdict stand on one line."""
NONE_YET = "No sealed part yet. Models that sign or encrypt their thinking send them."

VERDICTS: dict[Verdict, str] = {
    "same": "= same",
    "changed": "≠ CHANGED",
    "lost": "≠ LOST",
    "not sent": "not sent",
    "new": "new",
}
"""How each verdict is called."""
ROLES: dict[Verdict, str] = {
    "same": "ok",
    "changed": "error",
    "lost": "error",
    "not sent": "warning",
    "new": "dim",
}
KNOWN_BY: dict[KnownBy, str] = {
    "header": "told by header",
    "catalog": "told by catalog",
    "route": "assumed",
    "body": "told by body",
}


class SealsTab(Vertical):
    """The sum of all verdicts, and below it the seals, newest first."""

    def __init__(self, goes_on: str) -> None:
        super().__init__()
        self._sum = Static(classes="sum", markup=False)
        self._list = Reader(goes_on=goes_on, classes="list")
        self._list.can_focus = False
        self._reader = SealReader()
        self._shown: Inspected | None = None
        self._wanted: Inspected | None = None
        self._reading = False
        self._found = SealsSeen()

    def compose(self) -> ComposeResult:
        """The sum above the list."""
        yield self._sum
        yield self._list

    def on_resize(self) -> None:
        """The columns are named where there are any."""
        self._sum.update(sum_line(self._found, broad=text_width(self.size.width) >= BROAD_FROM))

    def show(self, seen: Inspected) -> None:
        """Compare the conversation with the last request, once for each."""
        if self._shown is not None and _is_same(self._shown, seen):
            return
        self._wanted = seen
        if not self._reading:
            self._read_next()

    def _read_next(self) -> None:
        """Hash in a thread: a long history takes a part of a second."""
        seen, self._wanted = self._wanted, None
        if seen is None:
            return
        self._reading, self._shown = True, seen
        beside_in_thread(self, partial(self._read, seen), "seals")

    def _read(self, seen: Inspected) -> None:
        found = self._reader.read(seen.conversation, seen.sent, dict(seen.numbers))
        self.app.call_from_thread(self._done, found)

    def _done(self, found: SealsSeen) -> None:
        self._reading, self._found = False, found
        if self.is_attached:
            self.on_resize()
            self._list.show([_block(number, row) for number, row in enumerate(found.rows)], keep_place=True)
            self._read_next()

    def move(self, key: str) -> None:
        """Scroll as a key of that name would."""
        self._list.move(key)


def _is_same(a: Inspected, b: Inspected) -> bool:
    return a.conversation.messages is b.conversation.messages and a.sent is b.sent


def sum_line(found: SealsSeen, *, broad: bool) -> Content:
    """How many seals there are, and how the last request treated them; above a broad list its columns."""
    if not found.rows:
        return Content.styled(NONE_YET, "$foreground-muted")
    counts = found.counts
    total = f"{len(found.rows):,} seal{'s' if len(found.rows) != 1 else ''}"
    styles = {"error": "bold $text-error", "warning": "$text-warning", "ok": "$text-success", "dim": ""}
    parts = [
        Content.styled(f"{counts[verdict]:,} {word}", styles[ROLES[verdict]])
        for verdict, word in VERDICTS.items()
        if counts[verdict]
    ]
    said = Content(" · ").join(parts) if found.asked else Content.styled("none yet", "$foreground-muted")
    head = Content.assemble((total, "bold"), (" · last request:", "$foreground-muted"))
    lines = [Content.assemble(head, " ", said)] if broad else [head, said]
    if found.strangers:
        lines.append(Content.styled(f"⚠ {found.strangers:,} sent that no answer held", "bold $text-error"))
    if broad:
        columns = f" {'step':<7}{'kind':<10}{'chars':>7}  {'received':<{HASH_DIGITS}}  sent back"
        lines += [Content(""), Content.styled(columns, "$foreground-muted")]
    return Content("\n").join(lines)


def _block(number: int, row: SealRow) -> DrawnBlock:
    return DrawnBlock(f"seal-{number}", partial(seal_lines, row), partial(_rows, row), gap=1)


def _rows(row: SealRow, width: int) -> int:
    if width >= BROAD_FROM:
        return 2 + bool(row.why)
    words = max(1, -(-len(f"not sent: {row.why}") // max(1, width - 1))) if row.why else 1
    return 4 + bool(row.origin.deployment) + words


def seal_lines(row: SealRow, width: int, palette: Palette) -> list[Line]:
    """One seal: where it came, what kind it is, who made it, both hashes and the verdict."""
    return _broad(row, width, palette) if width >= BROAD_FROM else _slim(row, width, palette)


def _broad(row: SealRow, width: int, palette: Palette) -> list[Line]:
    text, verdict = palette.text, _verdict(row, palette)
    head = [
        Piece(f"{f'{row.turn}.{row.step}':<7}{row.state:<10}{row.seal.length:>7,}  {row.seal.hash}  ", text),
        *([Piece(f"{row.sent}  ", text)] if row.sent else []),
        verdict,
    ]
    maker = " " * 7 + _maker(row)
    lines = [Line(tuple(head)), Line((Piece(cut(maker, width), palette.dim),))]
    return [*lines, *_indented(row.why, 7, width, verdict.style)] if row.why else lines


def _slim(row: SealRow, width: int, palette: Palette) -> list[Line]:
    text, dim = palette.text, palette.dim
    verdict, origin = _verdict(row, palette), row.origin
    place, length = f"turn {row.turn} · step {row.step}", f"{row.seal.length:,} chars"
    gap = " " * max(1, width - cells(place) - cells(length))
    made = [f"{row.state} by {visible(origin.model or 'an unknown model')}"]
    made.append(f"{visible(origin.vendor)} · {KNOWN_BY[origin.known_by]}")
    if origin.deployment:
        made.append(f"deployment {visible(origin.deployment)}")
    lines = [
        Line((Piece(place, text), Piece(gap, text, False), Piece(length, dim))),
        *(Line((Piece(cut(f" {fact}", width), dim),)) for fact in made),
        Line((Piece(" received ", dim), Piece(row.seal.hash, text))),
    ]
    if row.sent:
        return [*lines, Line((Piece(" sent     ", dim), Piece(f"{row.sent} ", text), verdict))]
    says = f"{verdict.text}: {row.why}" if row.why else verdict.text
    return [*lines, *_indented(says, 1, width, verdict.style)]


def _verdict(row: SealRow, palette: Palette) -> Piece:
    return Piece(VERDICTS[row.verdict], getattr(palette, ROLES[row.verdict]))


def _maker(row: SealRow) -> str:
    origin = row.origin
    deployment = f" · dep {visible(origin.deployment, 13)}" if origin.deployment else ""
    model = visible(origin.model or "an unknown model", 40)
    return f"{model} ({visible(origin.vendor, 16)}){deployment} · {KNOWN_BY[origin.known_by]}"


def _indented(text: str, by: int, width: int, style: Style) -> list[Line]:
    blank = Piece(" " * by, style, False)
    return [line.prefixed(blank) for line in wrap([Piece(text, style)], width - by)]
