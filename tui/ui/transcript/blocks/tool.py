"""A tool call: one line with its short arguments and outcome, folding out to all of both."""

from __future__ import annotations

import json
from typing import Any

from rich.cells import cell_len
from rich.style import Style

from tui.clean import clean, cut, visible
from tui.ui.transcript.blocks.figures import running, size, span
from tui.ui.transcript.blocks.plain import GUTTER, plain_lines, sides
from tui.ui.transcript.blocks.thinking import FOLDED, UNFOLDED
from tui.ui.transcript.line import FOLD, Hit, Line, Piece
from tui.ui.transcript.markdown.fence import code_lines
from tui.ui.transcript.model import ToolBlock
from tui.ui.transcript.palette import Palette

LONGEST = 20_000
"""Characters of a result that are shown; copying takes all of it."""

_STATES = {
    "arguments": "writing…",
    "approval": "waits for you",
    "running": "running",
    "ok": "ok",
    "error": "error",
}


def tool_lines(block: ToolBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a tool call."""
    rows = [tool_head(block, width, palette)]
    if block.folded:
        return rows
    gutter = Piece(GUTTER, palette.marker, False)
    inner = width - len(GUTTER)

    def section(title: str, body: list[Line]) -> None:
        rows.append(Line((gutter, Piece(title, palette.dim, False))))
        rows.extend(row.prefixed(gutter) for row in body)

    if block.note:
        rows.extend(plain_lines(block.note, width, palette.dim, gutter))
    section("arguments", _shown(block.arguments, inner, palette, palette.text))
    if block.result is not None:
        style = palette.error if block.state == "error" else palette.text
        section("result", _shown(block.result, inner, palette, style))
    return rows


def tool_head(block: ToolBlock, width: int, palette: Palette) -> Line:
    """The line that folds: ``▸ calculator  6*7      ok · 12 ms · 3 B``."""
    styles = {"ok": palette.ok, "error": palette.error, "approval": palette.warning}
    state = Piece(_STATES[block.state], styles.get(block.state, palette.dim), False)
    facts = []
    if block.seconds is not None:
        facts.append((running if block.state == "running" else span)(block.seconds))
    if block.size is not None:
        facts.append(size(block.size))
    right = [state, Piece("".join(f" · {fact}" for fact in facts), palette.dim, False)]
    room = width - 4 - cell_len(state.text)
    if cell_len(right[1].text) > room - 12:
        right = [state]
    left_room = width - 2 - sum(cell_len(piece.text) for piece in right)
    name = cut(visible(block.name) or "tool", max(4, left_room - 2))
    left = [
        Piece(f"{FOLDED if block.folded else UNFOLDED} ", palette.marker, False),
        Piece(name, palette.tool),
    ]
    rest = left_room - 4 - cell_len(name)
    if rest >= 4 and (arguments := short_arguments(block.arguments)):
        left += [Piece("  ", palette.dim), Piece(cut(arguments, rest), palette.dim)]
    return Line(tuple(sides(left, right, width, palette.text)), hits=(Hit(0, width, FOLD),))


def short_arguments(arguments: str) -> str:
    """The arguments on one line: the bare value of a single one, ``name=value`` of several."""
    value = _json(arguments)
    if not isinstance(value, dict):
        return visible(arguments.strip()[:400])
    if len(value) == 1:
        return _short(next(iter(value.values())))
    return " ".join(f"{visible(str(name))}={_short(item)}" for name, item in value.items())


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return visible(text[:400])


def _json(text: str) -> Any:
    if text[:1] not in "{[":
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _shown(text: str, width: int, palette: Palette, style: Style) -> list[Line]:
    """JSON laid out, a diff in its colours, anything else as it is; long text is cut and says so."""
    value = _json(text.strip()) if len(text) <= LONGEST * 5 else None
    language = ""
    if isinstance(value, dict | list):
        text, language = clean(json.dumps(value, ensure_ascii=False, indent=2)), "json"
    elif text.startswith(("--- ", "diff --git ", "@@ ")):
        language = "diff"
    missing = len(text) - LONGEST
    text = text[:LONGEST]
    if language:
        rows = code_lines(text, language, width, palette)
    else:
        rows = plain_lines(text, width, style) if text.strip() else [Line((Piece("(empty)", palette.dim),))]
    if missing > 0:
        rows.append(Line((Piece(cut(f"… {missing:,} more characters (y copies all)", width), palette.dim),)))
    return rows
