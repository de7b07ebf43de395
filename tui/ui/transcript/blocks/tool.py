"""A tool call: one line with its short arguments and outcome, folding out to all of both."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.style import Style

from tui.clean import clean, cut, visible
from tui.ui.transcript.blocks.figures import running, size, span
from tui.ui.transcript.blocks.plain import GUTTER, plain_lines, sides
from tui.ui.transcript.blocks.thinking import FOLDED, UNFOLDED
from tui.ui.transcript.line import FOLD, Hit, Line, Piece
from tui.ui.transcript.model import ToolBlock
from tui.ui.transcript.packed import extent
from tui.ui.transcript.palette import Palette

if TYPE_CHECKING:
    from tui.ui.arguments import Section

HEAD, TAIL = 15_000, 5_000
"""Characters of a long text that are shown from its beginning and from its end; copying takes all of it."""
ONE_LINE = 72
"""JSON on one line is laid out when it is longer."""
PIECE = 50_000
"""Characters made safe at once."""
COMPARED = 60_000
"""Longer replaced texts are shown one after the other: comparing them line by line takes too long."""

_STATES = {
    "arguments": "writing…",
    "written": "not run yet",
    "approval": "waits for you",
    "running": "running",
    "ok": "ok",
    "error": "error",
    "refused": "refused",
    "stopped": "stopped",
    "not run": "not run",
}


def tool_lines(block: ToolBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a tool call."""
    rows = [tool_head(block, width, palette)]
    if block.folded:
        return rows
    gutter = Piece(GUTTER, palette.marker, False)
    inner = width - len(GUTTER)

    def section(title: str, body: list[Line]) -> None:
        rows.append(Line((gutter, Piece(cut(visible(title), inner), palette.dim, False))))
        rows.extend(row.prefixed(gutter) for row in body)

    if block.note:
        rows.extend(plain_lines(block.note, width, palette.dim, gutter))
    for title, text, language in _sections(block):
        section(title, _shown(text, language, inner, palette, palette.text))
    style = palette.error if block.state == "error" else palette.text
    if block.full is not None:
        given = f"the model was given {len(block.result or ''):,} of {len(block.full):,} characters"
        section(f"result: {given}", _shown(block.full, _language(block.full), inner, palette, style))
    elif block.result is not None:
        section("result", _shown(block.result, _language(block.result), inner, palette, style))
    return rows


def tool_head(block: ToolBlock, width: int, palette: Palette) -> Line:
    """The line that folds: ``▸ calculator  6*7      ok · 12 ms · 3 B``."""
    styles = {
        "ok": palette.ok,
        "error": palette.error,
        "approval": palette.warning,
        "refused": palette.warning,
    }
    state = Piece(_STATES[block.state], styles.get(block.state, palette.dim), False)
    facts = _facts(block)
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
    if rest >= 4 and (arguments := _brief(block)):
        left += [Piece("  ", palette.dim), Piece(cut(arguments, rest), palette.dim)]
    return Line(tuple(sides(left, right, width, palette.text)), hits=(Hit(0, width, FOLD),))


def _facts(block: ToolBlock) -> list[str]:
    """How long it took and how much it said; of a refusal, why."""
    if block.state == "refused":
        return [visible(block.note.partition(": ")[2], 40)] if ": " in block.note else []
    facts = []
    if block.seconds is not None and block.state != "not run":
        facts.append((running if block.state == "running" else span)(block.seconds))
    if block.size is not None:
        facts.append(
            size(block.size) + (f" of {size(block.full_size)}" if block.full_size is not None else "")
        )
    return facts


def copied(block: ToolBlock) -> str:
    """The call and everything the tool said; of megabytes in pieces, so that other threads get their turn."""
    said, full = block.result, block.full
    if full is not None:
        said = "".join(clean(full[start : start + PIECE]) for start in range(0, len(full), PIECE))
    return "\n".join(part for part in (f"{block.name}({block.arguments})", said) if part)


def shown_extent(block: ToolBlock) -> tuple[int, int]:
    """About as many characters and line breaks as the unfolded block shows, for guessing its height."""
    diff, given = extent(block, "diff"), extent(block, "arguments")
    said = extent(block, "full")
    said = said if said[0] else extent(block, "result")
    parts = ((diff[0] + given[0], diff[1] + given[1]), said)
    # Of a long text only so much is shown; its lines are taken to be alike, for it is not looked at.
    shown = [(min(chars, HEAD + TAIL), chars, breaks) for chars, breaks in parts if chars]
    return sum(part[0] for part in shown), sum(breaks * least // chars for least, chars, breaks in shown)


def _brief(block: ToolBlock) -> str:
    """The arguments on one line; of a change the file, and how many lines come and go."""
    value = _json(block.arguments) if len(block.arguments) <= COMPARED else None
    path = value.get("path") if isinstance(value, dict) else None
    if not isinstance(path, str) or not {"content", "old"} & set(value or ()):
        return short_arguments(block.arguments)
    lines = block.diff.split("\n") if len(block.diff) <= COMPARED else []
    added = sum(line.startswith("+") and not line.startswith("+++ ") for line in lines)
    gone = sum(line.startswith("-") and not line.startswith("--- ") for line in lines)
    return f"{visible(path)}  +{added} −{gone}" if added or gone else visible(path)


def short_arguments(arguments: str) -> str:
    """The arguments on one line: the bare value of a single one, ``name=value`` of several."""
    value = _json(arguments)
    if not isinstance(value, dict):
        return visible(arguments.strip()[:400])
    value = {name: item for name, item in value.items() if item is not None}
    if len(value) == 1:
        return _short(next(iter(value.values())))
    return " ".join(f"{visible(str(name))}={_short(item)}" for name, item in value.items())


def _sections(block: ToolBlock) -> list[Section]:
    """What the call changes as a diff, and the arguments that are not told by it."""
    from tui.ui.arguments import Section, sections_of

    given = _json(block.arguments)
    told = [Section("change", block.diff, "diff")] if block.diff else []
    if not isinstance(given, dict):
        return [*told, Section("arguments", block.arguments)]
    old, new = given.get("old"), given.get("new")
    if isinstance(old, str) and isinstance(new, str):
        path = visible(str(given.get("path", "")))
        told = told or [Section("change", _replaced(clean(old), clean(new), path), "diff")]
        given = {name: value for name, value in given.items() if name not in ("old", "new")}
    elif told:
        given.pop("content", None)
    return [*told, *sections_of(block.name, given)]


def _replaced(old: str, new: str, path: str) -> str:
    """One text for another, as a diff without the lines around it."""
    before, after = old.splitlines(), new.splitlines()
    if len(old) + len(new) <= COMPARED:
        lines = list(unified_diff(before, after, path, path, n=3, lineterm=""))
        if lines:
            return "\n".join(lines)
    head = [f"--- {path}", f"+++ {path}"]
    return "\n".join([*head, *(f"-{line}" for line in before), *(f"+{line}" for line in after)])


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


def _language(text: str) -> str:
    """What a result is written in, where that is plain."""
    if text.startswith(("--- ", "diff --git ", "@@ ")):
        return "diff"
    return "json" if text[:1] in ("{", "[") else ""


def _shown(text: str, language: str, width: int, palette: Palette, style: Style) -> list[Line]:
    """JSON laid out, code in its colours, anything else as it is; of a long text both its ends."""
    if language == "json":
        value = _json(text.strip()) if len(text) <= 5 * HEAD else None
        if value is None:
            language = ""
        elif "\n" not in text.strip() and len(text) > ONE_LINE:
            text = json.dumps(value, ensure_ascii=False, indent=2)
    missing = len(text) - HEAD - TAIL
    if missing <= 0:
        return _rows(text, language, width, palette, style)
    told = f"… {missing:,} characters not shown; y copies all …"
    return [
        *_rows(text[:HEAD], language, width, palette, style),
        Line((Piece(cut(told, width), palette.warning, False),)),
        *_rows(text[-TAIL:], language, width, palette, style),
    ]


def _rows(text: str, language: str, width: int, palette: Palette, style: Style) -> list[Line]:
    from tui.ui.transcript.markdown.fence import code_lines

    text = clean(text)
    if language:
        return code_lines(text, language, width, palette)
    if not text.strip():
        return [Line((Piece("(empty)", palette.dim),))]
    return plain_lines(text, width, style)
