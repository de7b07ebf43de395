"""A request as people read it: parameters, tools, and what is new since the one before; no Textual.

What the request before held already is one line that unfolds; a piece is its text, with whatever
stands beside that below it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.chat.json_text import dump_text
from tui.chat.parts import Dialect, Json
from tui.clean import cut, visible
from tui.exchanges.anatomy import Anatomy, Piece, anatomy, new_since
from tui.ui.transcript.blocks.figures import size
from tui.ui.transcript.line import Line
from tui.ui.transcript.line import Piece as Run
from tui.ui.transcript.palette import Palette
from tui.ui.wire.sheet import Section

UNFOLDED_BYTES = 20_000
"""Pieces up to this size are unfolded when they are new."""
UNFOLDED = 40
"""So many of the newest pieces at most are unfolded at first."""
LONG_WORD = 160
"""Characters without a blank from which a text is a seal or data, and only its ends are shown."""
_MAIN = ("text", "thinking", "reasoning_content", "content", "input", "arguments", "output", "description")
"""Fields that are what a piece says; the others stand below them."""


@dataclass(slots=True)
class Drawn:
    """The sections of a request; those of what is known already stand behind a door."""

    params: Section
    known: Sequence[Section]
    door: Section | None
    """The line about them, that unfolds; None where everything is new."""
    new: Sequence[Section]

    @property
    def sections(self) -> Sequence[Section]:
        """What is seen now."""
        if self.door is None:
            return (self.params, *self.new)
        return (self.params, self.door, *(() if self.door.folded else self.known), *self.new)


def drawn(body: bytes, dialect: Dialect, before: bytes | None, before_name: str) -> Drawn:
    """The sections of a request; ValueError for what is no JSON object. For a thread: it may take seconds."""
    now = anatomy(body, dialect)
    fresh = 0
    if before is not None:
        try:
            fresh = new_since(anatomy(before, dialect), now)
        except ValueError:
            fresh = 0
    return put_together(now, fresh, before_name)


def put_together(now: Anatomy, fresh: int, before_name: str) -> Drawn:
    """Parameters, the door to what is known, and the pieces; the first ``fresh`` of them are known."""
    params = params_section(now)
    pieces = [piece_section(piece) for piece in now.pieces]
    new = pieces[fresh:]
    for number, (piece, section) in enumerate(zip(now.pieces[fresh:], new, strict=True)):
        is_late = len(new) - number <= UNFOLDED
        section.folded = piece.kind == "tool" or piece.size > UNFOLDED_BYTES or not is_late
    if not fresh:
        return Drawn(params, (), None, new)
    title = _title(f"new since {before_name}" if new else f"nothing new since {before_name}")
    return Drawn(params, pieces[:fresh], _door(now.pieces[:fresh], before_name), (title, *new))


def params_section(now: Anatomy) -> Section:
    """Everything that is no piece."""
    text = "\n".join(f"{visible(key)}: {_short_json(value)}" for key, value in now.params.items())

    def head(section: Section, width: int, palette: Palette) -> list[Line]:
        mark = "▸" if section.folded else "▾"
        right = f"{len(now.pieces):,} pieces · {size(now.size)}"
        return [_row([Run(f"{mark} parameters", palette.subheading)], right, width, palette)]

    return Section(
        head, "parameters", lambda: text, folded=False, size=len(text), by_words=True, value=dict(now.params)
    )


def _short_json(value: Json) -> str:
    return value if isinstance(value, str) else _written(value, indent=None)


def _door(known: Sequence[Piece], before_name: str) -> Section:
    total = size(sum(piece.size for piece in known))
    count = f"{len(known):,} piece{'s' if len(known) != 1 else ''}"

    def head(section: Section, width: int, palette: Palette) -> list[Line]:
        says = f"{'▸' if section.folded else '▾'} {count} as in {before_name}, {total}"
        return [_row([Run(says, palette.action)], "Enter" if section.folded else "", width, palette)]

    return Section(head, "", gap=1)


def _title(says: str) -> Section:
    def head(_: Section, width: int, palette: Palette) -> list[Line]:
        rule = "─" * max(0, width - cell_len(says) - 4)
        return [Line((Run(f"── {says} {rule}"[:width], palette.dim, False),))]

    return Section(head, "", gap=1)


def piece_section(piece: Piece) -> Section:
    """A piece: what it is, where it stands, how large it is; folded also how it begins."""

    def text() -> str:
        return "\n".join(told(piece.value))

    def head(section: Section, width: int, palette: Palette) -> list[Line]:
        style = {"user": palette.user, "tool": palette.tool, "system": palette.warning}.get(
            piece.role, palette.heading if piece.role == "assistant" else palette.tool
        )
        left = [Run("▸ " if section.folded else "▾ ", palette.dim), Run(piece.label, style)]
        right = f"{piece.path}  {size(piece.size)}" if width >= 60 else size(piece.size)
        room = width - 2 - cell_len(piece.label) - cell_len(right) - 4
        if section.folded and room >= 12:
            left.append(Run("  " + cut(visible(text()[:300]), room), palette.dim, False))
        return [_row(left, right, width, palette)]

    gap = 0 if piece.kind == "tool" else 1
    return Section(head, piece.label, text, gap=gap, size=piece.size, by_words=True, value=piece.value)


def _row(left: list[Run], right: str, width: int, palette: Palette) -> Line:
    used = sum(cell_len(run.text) for run in left)
    gap = max(1, width - used - cell_len(right))
    return Line((*left, Run(" " * gap, palette.dim, False), Run(right, palette.dim, False)))


def copied_of(value: Json) -> str:
    """A piece for the clipboard: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else _written(value)


def told(value: Json) -> Iterator[str]:
    """A value as lines of plain text: what it says first, then what stands beside it."""
    if isinstance(value, dict) and isinstance(value.get("function"), dict):
        value = {**value, **value["function"]}
        del value["function"]
    if not isinstance(value, dict):
        yield _plain(value)
        return
    main = next((key for key in _MAIN if key in value), None)
    if main is not None:
        yield _plain(value[main])
    for key, item in value.items():
        if key == main or (key == "type" and main is not None):
            continue
        text = _plain(item)
        yield f"{key}:\n{text}" if "\n" in text else f"{key}: {text}"


def _plain(value: Json) -> str:
    if isinstance(value, str):
        return _ends(value)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        texts = [item.get("text") for item in value]
        if all(isinstance(text, str) for text in texts):
            return "\n".join(str(text) for text in texts)
    try:
        return _written(_without_data(value))
    except RecursionError:
        return _written(value)


def _written(value: Json, indent: int | None = 2) -> str:
    """As JSON; what is too deep or has too many digits for lines of their own stands on one."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False)
    except (RecursionError, ValueError):
        return dump_text(value)


def _ends(text: str) -> str:
    """The ends of a seal or of data, the length between them; any other text as it is."""
    if len(text) <= LONG_WORD or any(blank in text[: 4 * LONG_WORD] for blank in " \n\t{["):
        return text
    return f"{text[:48]}…{text[-12:]} ({len(text):,} characters)"


def _without_data(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_data(item) for item in value]
    return _ends(value) if isinstance(value, str) else value
