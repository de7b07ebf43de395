"""``sightline sessions``: the stored sessions as a table, or one JSON object a line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from tui.chat.figures import money
from tui.clean import cells, cut, visible
from tui.cli.json_events import dump
from tui.cli.session_json import info_fields
from tui.cli.table import print_table

if TYPE_CHECKING:
    from tui.store.search import Hit

HEADER = ("id", "age", "turns", "model", "cost", "title")
NARROWEST_TITLE = 16
"""Cells of a title on a terminal, before the model's name is cut for it."""
NARROWEST_MODEL = 8
_AGED_S = 100 * 86_400
_LATEST = 253_402_300_799.0
"""The end of the year 9999."""
_MODEL, _TITLE = HEADER.index("model"), HEADER.index("title")


def run(hits: Sequence[Hit], *, as_json: bool, now: float, out: TextIO | None = None) -> int:
    """Print the sessions in the order given; in a pipe nothing is cut."""
    out = out or sys.stdout
    if as_json:
        for hit in hits:
            found = {"where": hit.where or None, "snippet": hit.snippet or None}
            print(dump(info_fields(hit.info) | found), file=out)
        return 0
    if not hits:
        if out.isatty():
            print("no sessions", file=out)
        return 0
    width = shutil.get_terminal_size().columns if out.isatty() else None
    rows = [_row(hit, now) for hit in hits]
    print_table(out, HEADER, rows if width is None else _fitted(rows, width))
    return 0


def age(seconds: float) -> str:
    """How long ago, in one unit: 40 s, 5 min, 3 h, 6 d; the future is now."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(int(seconds), 0)} s"


def since(at: float, now: float) -> str:
    """How long ago a time is; from some months on its day, ``?`` for what is no date."""
    if not 0 < at <= _LATEST:
        return "?"
    return age(now - at) if now - at < _AGED_S else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def _row(hit: Hit, now: float) -> list[str]:
    info = hit.info
    marks = [word for word, holds in (("pinned", info.pinned), ("open", info.is_open)) if holds]
    title = info.title or "(untitled)"
    return [
        info.id,
        since(info.changed, now),
        str(info.totals.turns),
        (info.models[-1] if info.models else info.model) or "-",
        money(info.totals.cost) if info.totals.cost.usd is not None else "?",
        f"[{', '.join(marks)}] {title}" if marks else title,
    ]


def _fitted(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Rows whose titles, and at need models, are cut so that no line is wider than ``width`` cells."""
    clean = [[visible(cell) for cell in row] for row in rows]
    widths = [max(cells(line[column]) for line in (HEADER, *clean)) for column in range(len(HEADER))]
    others = sum(widths[:_TITLE]) + 2 * _TITLE
    model = max(NARROWEST_MODEL, min(widths[_MODEL], widths[_MODEL] - (others + NARROWEST_TITLE - width)))
    title = max(width - (others - widths[_MODEL] + model), NARROWEST_MODEL)
    for row in clean:
        row[_MODEL], row[_TITLE] = cut(row[_MODEL], model), cut(row[_TITLE], title)
    return clean
