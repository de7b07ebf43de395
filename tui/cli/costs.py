"""``sightline costs``: what calls cost over all sessions, as a table or one JSON object a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from tui.chat.figures import money
from tui.chat.spend import Spend, SpendKey, saved_text, share_text
from tui.cli.json_events import Fields, cost_fields, dump, usage_fields
from tui.cli.table import print_table

DELETED = "(deleted)"
"""What stands for the sessions that are gone for good."""
_LONGEST_TITLE = 40


def run(
    total: Spend, rows: Sequence[Spend], by: SpendKey, *, as_json: bool, out: TextIO | None = None
) -> int:
    """Print the rows in their order, and the sum of all."""
    out = out or sys.stdout
    if as_json:
        for row in rows:
            print(dump(spend_fields(row, by)), file=out)
        print(dump(spend_fields(total, None)), file=out)
        return 0
    if not total.calls:
        if out.isatty():
            print("nothing was spent", file=out)
        return 0
    header = (by, "calls", "cost", "cached", "saved", "reasoning", *(("title",) if by == "session" else ()))
    lines = [_line(row, row.key or DELETED, titled=by == "session") for row in rows]
    print_table(out, header, [*lines, _line(total, "all", titled=by == "session")])
    return 0


def spend_fields(spend: Spend, by: SpendKey | None) -> Fields:
    """One row; without ``by`` the sum of all."""
    saved = None if spend.saved is None else format(spend.saved, "f")
    return {
        "by": by or "all",
        "key": (spend.key or None) if by else None,
        "title": spend.title or None,
        "calls": spend.calls,
        "unknown": spend.unknown,
        "cost": cost_fields(spend.cost),
        "usage": usage_fields(spend.usage),
        "cached_share": _rounded(spend.cached_share),
        "reasoning_share": _rounded(spend.reasoning_share),
        "saved": saved,
        "saved_unknown": spend.saved_unknown,
    }


def cost_text(spend: Spend) -> str:
    """The cost, and how many calls nobody told one of."""
    known = "?" if spend.cost.usd is None else money(spend.cost)
    return f"{known} ({spend.unknown} unknown)" if spend.unknown else known


def _line(spend: Spend, name: str, *, titled: bool) -> list[str]:
    line = [
        name,
        f"{spend.calls:,}",
        cost_text(spend),
        share_text(spend.cached_share),
        saved_text(spend),
        share_text(spend.reasoning_share),
    ]
    return [*line, spend.title[:_LONGEST_TITLE]] if titled else line


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
