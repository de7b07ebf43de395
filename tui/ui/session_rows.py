"""The rows of the session picker: what each session is, in columns; where words were found; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from unicodedata import combining, normalize

from rich.cells import cell_len

from tui.chat.record import SessionInfo
from tui.chat.usage import Cost
from tui.clean import cut, visible
from tui.ui.figures import money, short_count

CURRENT, PINNED, OPEN = "●", "★", "○"
FORKS, COPIED, IMPORTED = "┬", "└", "↓"
UNTITLED = "no title"
WHERE = {"title": "in the title", "text": "said", "thinking": "thought", "tools": "in tools"}
"""How each place where words are found is called."""

_STEPS = ((60.0, "m"), (3600.0, "h"), (86400.0, "d"), (7 * 86400.0, "w"), (365 * 86400.0, "y"))
LATEST = 253_402_300_799.0
"""The end of the year 9999: what an import tells beyond it is no date."""
TIGHT, ROOMY, VAST = 60, 112, 160
"""Cells from which there is room for the model, for marks in words, and for all of them."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as clean text by column."""

    id: str
    lead: str
    """Whether it is the present one, or pinned."""
    title: str
    model: str
    turns: str
    cost: str
    age: str
    signs: str
    """Open elsewhere, forks, where it came from: a sign each."""
    words: str
    """The same in words, with what the lead says."""


HEAD = SessionRow("", " ", "title", "model", "turns", "cost", "age", "", "")
"""The names of the columns."""


def row_of(info: SessionInfo, now: float, current: str = "") -> SessionRow:
    """The row of a session at Unix time ``now``; ``current`` is the id of the present one."""
    is_current = info.id == current
    marks = _marks(info, is_current)
    return SessionRow(
        info.id,
        CURRENT if is_current else PINNED if info.pinned else " ",
        visible(info.title, 300) or UNTITLED,
        visible(model_of(info), 200),
        _turns(info),
        short_cost(info.totals.cost),
        age(now - info.changed) if 0 < info.changed <= LATEST else "?",
        "".join(sign for sign, _ in marks),
        " · ".join(word for _, word in marks),
    )


def model_of(info: SessionInfo) -> str:
    """Who answered last, and how many others did before; the model chosen where nobody answered yet."""
    if not info.models:
        return info.model
    last, others = info.models[-1], len(info.models) - 1
    return f"{last} +{others}" if others else last


def _turns(info: SessionInfo) -> str:
    """Turns; messages without any come from elsewhere, where turns were not counted."""
    return "?" if info.messages and not info.totals.turns else short_count(info.totals.turns)


def short_cost(cost: Cost) -> str:
    """A cost for a narrow column; a lower bound says so, an unknown one too."""
    return "unknown" if cost.usd is None else money(cost).replace("≥ ", "≥")


def age(seconds: float) -> str:
    """How long ago, in at most three characters and a unit; a clock that was set back reads ``now``."""
    if seconds < _STEPS[0][0]:
        return "now"
    for (size, unit), (following, _) in pairwise(_STEPS):
        if seconds < following:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds // _STEPS[-1][0])}{_STEPS[-1][1]}"


def _marks(info: SessionInfo, is_current: bool) -> list[tuple[str, str]]:
    marks = []
    if is_current:
        marks.append(("", "this one"))
    if info.pinned:
        # Beside the present one the lead has no room for the star.
        marks.append((PINNED if is_current else "", "pinned"))
    if info.is_open and not is_current:
        marks.append((OPEN, "open elsewhere"))
    if info.forks:
        marks.append((FORKS, f"{info.forks} fork{'s' if info.forks > 1 else ''}"))
    if info.forked_from:
        marks.append((COPIED, "a fork"))
    if info.source:
        marks.append((IMPORTED, f"from {visible(info.source, 20)}"))
    if info.deleted_at is not None:
        marks.append(("", "deleted"))
    elif info.archived:
        marks.append(("", "archived"))
    return marks


def columns(row: SessionRow, width: int) -> tuple[tuple[str, str], ...]:
    """The columns that ``width`` cells have room for: name and text, padded; the title comes first."""
    roomy = width >= ROOMY
    fixed: list[tuple[str, str, int]] = []
    if width >= TIGHT:
        fixed.append(("model", _pad(row.model, 28 if roomy else 17), 28 if roomy else 17))
    fixed += [
        ("turns", _right(row.turns, 5), 5),
        ("cost", _right(row.cost, 9), 9),
        ("age", _right(row.age, 4), 4),
    ]
    marks = 48 if width >= VAST else 26 if roomy else 4
    fixed.append(("marks", _pad(row.words if roomy else row.signs, marks), marks))
    rest = width - 2 - sum(size + 1 for _, _, size in fixed)
    return (
        ("lead", f"{row.lead} "),
        ("title", _pad(row.title, rest)),
        *((name, f" {text}") for name, text, _ in fixed),
    )


def title_room(width: int) -> int:
    """Cells of the title's column."""
    return next(cell_len(text) for name, text in columns(HEAD, width) if name == "title")


def facts(info: SessionInfo, row: SessionRow) -> str:
    """What the columns have no room for, on one line."""
    turns = f"{info.totals.turns:,} turn{'' if info.totals.turns == 1 else 's'}, "
    turns = "" if row.turns == "?" else turns
    said = f"{turns}{info.messages:,} message{'' if info.messages == 1 else 's'}"
    models = ", ".join(info.models[-4:]) or info.model
    is_date = 0 < info.created <= LATEST
    begun = datetime.fromtimestamp(info.created).strftime("%Y-%m-%d") if is_date else ""
    told = (info.id, said, visible(models, 80), f"since {begun}" if begun else "", row.words)
    return " · ".join(word for word in told if word)


def words_of(query: str) -> tuple[str, ...]:
    """The words a query looks for, as the search takes them; filters are none."""
    from tui.store.search import parsed

    return tuple(parsed(query, 0.0).words)


def found_in(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words of ``text`` begin with one of ``words``: start and end, in order, never overlapping.

    Writing without blanks between words is looked through at every place.
    """
    if not words:
        return []
    folded, places = _folded(text)
    anywhere = "|".join(re.escape(word) for word in words if not word.isascii())
    begin = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W_])(?:{begin})" + (f"|{anywhere}" if anywhere else ""))
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        if spans and start < spans[-1][1]:
            continue
        spans.append((start, end))
    return spans


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` without case and accents, and for each of its characters the place it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = char.lower() if char.isascii() else _plain(char)
        folded.append(plain)
        places += [place] * len(plain)
    return "".join(folded), places


def _plain(char: str) -> str:
    return "".join(c for c in normalize("NFKD", char.casefold()) if not combining(c))


def _pad(text: str, size: int) -> str:
    line = cut(text, size)
    return line + " " * (size - cell_len(line))


def _right(text: str, size: int) -> str:
    line = cut(text, size)
    return " " * (size - cell_len(line)) + line
